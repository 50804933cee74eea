// Package view holds the shapes that the schema shows and no single domain type
// is: a dealer's standing, a board, the banner.
package view

import (
	"time"

	"dure/domain/channel"
	"dure/domain/identity"
	"dure/domain/iq"
	"dure/domain/leaderboard"
	"dure/domain/page"
	"dure/domain/webhook"
)

// Node is anything with an id of its own.
type Node any

// Viewer is who is signed in.
type Viewer struct {
	Actor identity.Actor
	User  *identity.User
}

// DealerIQ is a dealer's Sales IQ in a season.
type DealerIQ struct {
	DealerID string
	Season   iq.Season
	Points   int
	Vested   int
	Pending  int
}

// Standing is a dealer's place on a board.
type Standing struct {
	leaderboard.Place

	Of int
}

// StandingConnection and StandingEdge page through a board.
type (
	StandingConnection = page.Connection[Standing]
	StandingEdge       = page.Edge[Standing]
)

// Leaderboard is one board, live.
type Leaderboard struct {
	Ref     *leaderboard.Ref
	Season  iq.Season
	Version int64
	Size    int
	Stale   bool
}

// RankBanner is what the portal greets a dealer with.
type RankBanner struct {
	leaderboard.Place

	Season  iq.Season
	Of      int
	Version int64
	Stale   bool
}

// RankCause is what moved a dealer's points last.
type RankCause struct{ iq.LedgerEntry }

// LeaderboardChange is a board's new state, as one caller may see it.
type LeaderboardChange struct {
	leaderboard.Change
}

// Move is a dealer that moved on a board.
type Move = leaderboard.Move

// RuleReference names the rule that an entry was judged by.
type RuleReference struct {
	Key     string
	Version int
}

// ActReference names the act that an entry is about.
type ActReference struct {
	ID         string
	Kind       string
	OccurredAt time.Time
}

// Evidence is what proves a contract.
type Evidence struct {
	ContractID   string
	Sha256       string
	SealedSha256 string
}

// OrNull is nil for 0, which stands for "none" in a rank or a year.
func OrNull(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// Movement is how many places p climbed; nil without a rank then or now.
func Movement(p leaderboard.Place) *int {
	if !p.HasBefore || p.Rank == 0 {
		return nil
	}
	return &p.Movement
}

// PersonConnection and PersonEdge page through people.
type (
	PersonConnection = page.Connection[identity.User]
	PersonEdge       = page.Edge[identity.User]
)

// DealerConnection and DealerEdge page through dealers.
type (
	DealerConnection = page.Connection[channel.Dealer]
	DealerEdge       = page.Edge[channel.Dealer]
)

// WebhookDeliveryConnection and WebhookDeliveryEdge page through deliveries.
type (
	WebhookDeliveryConnection = page.Connection[webhook.Delivery]
	WebhookDeliveryEdge       = page.Edge[webhook.Delivery]
)

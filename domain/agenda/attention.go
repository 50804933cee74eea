package agenda

import (
	"cmp"
	"context"
	"slices"
	"time"

	"dure/domain/batch"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/leaderboard"
)

// AttentionKind is why something needs a rep.
type AttentionKind string

// What needs a rep, the most urgent kind first.
const (
	ApprovalWanted AttentionKind = "APPROVAL_WANTED" // a quote's discount waits to be decided
	FallingRank    AttentionKind = "FALLING_RANK"    // a dealer stands lower than when the week began
	StalledDeal    AttentionKind = "STALLED_DEAL"    // nothing has happened in a deal for a while
)

// urgency is the order of kinds.
var urgency = map[AttentionKind]int{ApprovalWanted: 0, FallingRank: 1, StalledDeal: 2}

// Bounds of what needs attention.
const (
	StalledAfterDays = 7
	MaxAttention     = 100
	forgottenAfter   = 120 // days after which a deal without an act is no news any more
)

// Attention is one thing that needs a rep.
type Attention struct {
	Kind       AttentionKind
	DealerID   string
	SubjectID  string // the quote, the consultation, or the dealer
	DealID     string
	CustomerID string
	Since      time.Time // when it was issued, began to stall, or the week began
	DiscountBP int
	FromRank   int
	ToRank     int
}

// DealerDeals is what a rep wants to know of a dealer at a glance.
type DealerDeals struct {
	DealerID           string
	OpenConsultations  int
	QuotesWaiting      int // for approval
	ContractsThisMonth int
	LastActAt          time.Time
}

// Standings reads totals of a season, now and at a moment of the past.
type Standings interface {
	Totals(ctx context.Context, season string) ([]leaderboard.Total, error)
	TotalsAt(ctx context.Context, season string, before time.Time) ([]leaderboard.Total, error)
}

// Attention lists what needs the caller, the most urgent first.
func (s *Service) Attention(ctx context.Context, first int) ([]Attention, error) {
	scope, err := identity.Allow(ctx, identity.AttentionRead)
	if err != nil {
		return nil, err
	}
	if first < 1 || first > MaxAttention {
		return nil, fault.New(fault.Invalid, "page.bad_first", MaxAttention).On("first")
	}
	now := s.Now()
	found, err := s.Store.Waiting(ctx, scope, now, kst.AddDays(now, -StalledAfterDays), kst.AddDays(now, -forgottenAfter))
	if err != nil {
		return nil, err
	}
	falling, err := s.falling(ctx, scope, now)
	if err != nil {
		return nil, err
	}
	found = append(found, falling...)
	slices.SortStableFunc(found, func(a, b Attention) int {
		return cmp.Or(cmp.Compare(urgency[a.Kind], urgency[b.Kind]), cmp.Compare(b.ToRank-b.FromRank, a.ToRank-a.FromRank),
			a.Since.Compare(b.Since), cmp.Compare(a.SubjectID, b.SubjectID))
	})
	return found[:min(first, len(found))], nil
}

// falling lists the dealers within scope who stand lower in the nation than when
// the business week began.
func (s *Service) falling(ctx context.Context, scope identity.Scope, now time.Time) ([]Attention, error) {
	season, monday := s.IQ.CurrentSeason(), kst.StartOfWeek(now)
	if monday.Before(season.Start) {
		return nil, nil // nobody stood anywhere yet
	}
	then, err := s.Standings.TotalsAt(ctx, season.Key, monday)
	if err != nil {
		return nil, err
	}
	totals, err := s.Standings.Totals(ctx, season.Key)
	if err != nil {
		return nil, err
	}
	mine, err := s.Store.DealersWithin(ctx, scope)
	if err != nil {
		return nil, err
	}
	before := map[string]int{}
	for _, p := range leaderboard.Rank(then, nil) {
		before[p.DealerID] = p.Rank
	}
	var fallen []Attention
	for _, p := range leaderboard.Rank(totals, before) {
		if p.HasBefore && p.Movement < 0 && slices.Contains(mine, p.DealerID) {
			fallen = append(fallen, Attention{
				Kind: FallingRank, DealerID: p.DealerID, SubjectID: p.DealerID, Since: monday, FromRank: before[p.DealerID], ToRank: p.Rank,
			})
		}
	}
	return fallen, nil
}

// DealsOf tells what is going on at dealers, within the caller's reach.
func (s *Service) DealsOf(ctx context.Context, dealerIDs []string) (map[string]DealerDeals, error) {
	scope, err := identity.Allow(ctx, identity.AttentionRead)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	rows, err := s.Store.DealsOf(ctx, scope, dealerIDs, now, kst.StartOfMonth(now))
	return batch.By(rows, func(d DealerDeals) string { return d.DealerID }), err
}

// Package leaderboard says where each dealer stands. Ranks are derived: the
// truth is the ledger's running totals, and boards can be thrown away.
package leaderboard

import (
	"context"
	"sort"
	"time"
)

// Scope is the circle of dealers that a board compares.
type Scope string

// The scopes of a board. A nation's key is "".
const (
	Nation    Scope = "NATION"
	Region    Scope = "REGION"    // key: province code
	Territory Scope = "TERRITORY" // key: territory id
	Division  Scope = "DIVISION"  // key: "1".."4", quartiles of last year's volume
)

// Board names one leaderboard.
type Board struct {
	Season string // such as "2026Q4"
	Scope  Scope
	Key    string
}

// Season bounds what boards need to know of a season.
type Season struct {
	Key        string
	Start, End time.Time // [Start, End), UTC
}

// Total is a dealer's absolute running total in a season. Of two totals of one
// dealer the one with the higher Seq is the newer; applying them twice, late or
// out of order does no harm.
type Total struct {
	Season    string
	DealerID  string
	Points    int
	Seq       int64     // last ledger entry included; grows with every change of the dealer
	ReachedAt time.Time // latest OccurredAt among the entries with points: who got there first
	Region    string    // board keys the dealer stands on now; "" when on none
	Territory string
	Division  string
}

// Boards returns the boards that t stands on.
func (t Total) Boards() []Board {
	boards := []Board{{t.Season, Nation, ""}}
	for _, b := range []Board{{t.Season, Region, t.Region}, {t.Season, Territory, t.Territory}, {t.Season, Division, t.Division}} {
		if b.Key != "" {
			boards = append(boards, b)
		}
	}
	return boards
}

// Place is where a dealer stands on a board. Dealers with equal points share a
// rank (1-2-2-4). Only dealers with more than 0 points have a rank.
type Place struct {
	DealerID  string
	Points    int
	Rank      int  // 1 is best; 0 without a rank
	TiedWith  int  // how many other dealers share the rank
	ToNext    int  // points to the next better rank's points; 0 at rank 1; without a rank, points to the last place
	Movement  int  // places climbed since the start of the business day (KST); negative when fallen
	HasBefore bool // whether the dealer had a rank at the start of the business day
}

// View is a board read at one moment.
type View struct {
	Board   Board
	Version int64 // grows with every change of the board, also across a rebuild
	Size    int   // dealers with a rank
	Places  []Place
	Stale   bool // answered from the totals in SQL while the boards are away
}

// Changed is a place in the ledger's log, and whose total of which season
// changed there.
type Changed struct {
	Tx, Seq          int64
	Season, DealerID string
}

// Range selects the rows of a read, in board order from 0.
type Range struct{ Offset, Limit int }

// Boards keeps the sorted sets. Every read answers from one moment, or fails
// with ErrAway when the boards are out of reach or not filled.
type Boards interface {
	// Apply brings totals into the boards, keeping the newer of each dealer, and
	// signals every board that changed. It returns how many dealers changed.
	Apply(ctx context.Context, season Season, totals []Total) (int, error)
	// Refill marks the season's boards complete after every total was applied.
	// marker is what Filled answers with from then on.
	Refill(ctx context.Context, season Season, marker string) error
	// Filled returns the marker of the season's boards, "" when there is none.
	Filled(ctx context.Context, season Season) (string, error)
	// Drop removes every board of the season.
	Drop(ctx context.Context, season Season) error
	// SetBefore stores the standings at the start of the business day, which
	// Movement is counted from. day is "2006-01-02" in KST.
	SetBefore(ctx context.Context, season Season, day string, totals []Total) error
	// HasBefore reports whether SetBefore was called for day.
	HasBefore(ctx context.Context, season Season, day string) (bool, error)

	Read(ctx context.Context, season Season, board Board, day string, r Range) (View, error)
	// Find reads one dealer's place; its Places is empty when the dealer has no points.
	Find(ctx context.Context, season Season, board Board, day, dealerID string) (View, error)
	// Around reads span dealers on either side of dealerID, itself included.
	Around(ctx context.Context, season Season, board Board, day, dealerID string, span int) (View, error)
	// All reads every dealer's points as the boards hold them, for comparing with the ledger.
	All(ctx context.Context, season Season, board Board) (map[string]Total, error)
}

// Signals tells which boards changed, from any node.
type Signals interface {
	// Subscribe delivers the boards that changed until ctx ends. A slow reader
	// loses signals, never order: the board's version heals it.
	Subscribe(ctx context.Context) <-chan Board
}

// Order sorts totals as a board does: more points first, then who got there
// first, then by id.
func Order(totals []Total) {
	sort.Slice(totals, func(i, j int) bool {
		a, b := totals[i], totals[j]
		if a.Points != b.Points {
			return a.Points > b.Points
		}
		if !a.ReachedAt.Equal(b.ReachedAt) {
			return a.ReachedAt.Before(b.ReachedAt)
		}
		return a.DealerID < b.DealerID
	})
}

// Rank places totals, leaving out those without points. before holds the ranks
// at the start of the business day by dealer.
func Rank(totals []Total, before map[string]int) []Place {
	ranked := make([]Total, 0, len(totals))
	for _, t := range totals {
		if t.Points > 0 {
			ranked = append(ranked, t)
		}
	}
	Order(ranked)
	places := make([]Place, len(ranked))
	count := map[int]int{}
	for _, t := range ranked {
		count[t.Points]++
	}
	for i, t := range ranked {
		p := Place{DealerID: t.DealerID, Points: t.Points, Rank: i + 1, TiedWith: count[t.Points] - 1}
		if i > 0 && ranked[i-1].Points == t.Points {
			p.Rank, p.ToNext = places[i-1].Rank, places[i-1].ToNext
		} else if i > 0 {
			p.ToNext = ranked[i-1].Points - t.Points
		}
		if b, ok := before[t.DealerID]; ok {
			p.HasBefore, p.Movement = true, b-p.Rank
		}
		places[i] = p
	}
	return places
}

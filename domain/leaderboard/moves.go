package leaderboard

import (
	"context"
	"slices"
)

// Move is a dealer whose rank or points changed.
type Move struct {
	DealerID string
	FromRank int // 0 when the dealer was not among the places read before
	ToRank   int // 0 when the dealer is no longer among the places read
	Points   int // now; 0 when ToRank is 0
}

// Change is a board's state after something on it changed, and what moved since
// the state that the same receiver saw before. Receivers share its slices and
// must not write to them.
type Change struct {
	Board   Board
	Version int64
	Size    int     // dealers with a rank
	Moved   []Move  // in board order, dealers who left the board last; empty in the first state
	Top     []Place // the first places
	Places  []Place // every place that was read
	Stale   bool    // answered from the totals in SQL while the boards are away
}

// Watcher tells how boards move.
type Watcher interface {
	// Watch delivers the board's state, and then the newest state after each
	// change, until ctx ends, which closes the channel. A slow reader gets fewer
	// states, each with all that moved since the one it received before.
	Watch(ctx context.Context, board Board) <-chan Change
}

// Moves returns the dealers whose rank or points differ between two views of a
// board. Dealers outside a view count as without a rank there, so a view of
// only the first places tells of moves into and out of those.
func Moves(before, after View) []Move {
	was := make(map[string]Place, len(before.Places))
	for _, p := range before.Places {
		was[p.DealerID] = p
	}
	var moves []Move
	for _, p := range after.Places {
		old := was[p.DealerID]
		delete(was, p.DealerID)
		if old.Rank != p.Rank || old.Points != p.Points {
			moves = append(moves, Move{DealerID: p.DealerID, FromRank: old.Rank, ToRank: p.Rank, Points: p.Points})
		}
	}
	for _, p := range before.Places {
		if _, left := was[p.DealerID]; left && p.Rank > 0 {
			moves = append(moves, Move{DealerID: p.DealerID, FromRank: p.Rank})
		}
	}
	return moves
}

// SameState reports whether two views show the same, whatever their versions.
func SameState(a, b View) bool {
	return a.Board == b.Board && a.Size == b.Size && a.Stale == b.Stale && slices.Equal(a.Places, b.Places)
}

// ChangeBetween returns the change from before to after with the first top
// places. Nothing has moved when before is nil.
func ChangeBetween(before *View, after View, top int) Change {
	change := Change{
		Board: after.Board, Version: after.Version, Size: after.Size, Stale: after.Stale,
		Top: after.Places[:min(top, len(after.Places))], Places: after.Places,
	}
	if before != nil {
		change.Moved = Moves(*before, after)
	}
	return change
}

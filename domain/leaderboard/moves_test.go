package leaderboard_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"dure/domain/leaderboard"
)

func TestMoves(t *testing.T) {
	view := func(places ...leaderboard.Place) leaderboard.View { return leaderboard.View{Places: places} }
	place := func(dealer string, rank, points int) leaderboard.Place {
		return leaderboard.Place{DealerID: dealer, Rank: rank, Points: points}
	}
	for name, tt := range map[string]struct {
		before, after leaderboard.View
		want          []leaderboard.Move
	}{
		"nothing moved": {before: view(place("a", 1, 30)), after: view(place("a", 1, 30))},
		"two dealers changed places": {
			before: view(place("a", 1, 30), place("b", 2, 20)), after: view(place("b", 1, 40), place("a", 2, 30)),
			want: []leaderboard.Move{{DealerID: "b", FromRank: 2, ToRank: 1, Points: 40}, {DealerID: "a", FromRank: 1, ToRank: 2, Points: 30}},
		},
		"points without a new rank": {
			before: view(place("a", 1, 30)), after: view(place("a", 1, 35)),
			want: []leaderboard.Move{{DealerID: "a", FromRank: 1, ToRank: 1, Points: 35}},
		},
		"one came and one left": {
			before: view(place("a", 1, 30)), after: view(place("b", 1, 40)),
			want: []leaderboard.Move{{DealerID: "b", ToRank: 1, Points: 40}, {DealerID: "a", FromRank: 1}},
		},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, leaderboard.Moves(tt.before, tt.after)) })
	}
}

// TestMovesTellTheWholeDifference rebuilds the ranks after from those before.
func TestMovesTellTheWholeDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := leaderboard.View{Places: leaderboard.Rank(drawTotals(t), nil)}
		after := leaderboard.View{Places: leaderboard.Rank(drawTotals(t), nil)}
		ranks := map[string]int{}
		for _, place := range before.Places {
			ranks[place.DealerID] = place.Rank
		}
		for _, move := range leaderboard.Moves(before, after) {
			assert.Equal(t, ranks[move.DealerID], move.FromRank)
			if ranks[move.DealerID] = move.ToRank; move.ToRank == 0 {
				delete(ranks, move.DealerID)
			}
		}
		want := map[string]int{}
		for _, place := range after.Places {
			want[place.DealerID] = place.Rank
		}
		assert.Equal(t, want, ranks)
	})
}

func TestChangeBetween(t *testing.T) {
	places := leaderboard.Rank([]leaderboard.Total{{DealerID: "a", Points: 3}, {DealerID: "b", Points: 2}}, nil)
	after := leaderboard.View{Board: leaderboard.Board{Season: "2026Q4"}, Version: 7, Size: 2, Places: places, Stale: true}
	t.Run("the first state has nothing moved", func(t *testing.T) {
		assert.Equal(t, leaderboard.Change{
			Board: after.Board, Version: 7, Size: 2, Top: places[:1], Places: places, Stale: true,
		}, leaderboard.ChangeBetween(nil, after, 1))
	})
	t.Run("from an empty board everybody moved, and the top is no longer than the board", func(t *testing.T) {
		change := leaderboard.ChangeBetween(&leaderboard.View{}, after, 20)
		assert.Len(t, change.Moved, 2)
		assert.Len(t, change.Top, 2)
	})
	t.Run("a new version alone is the same state, staleness is not", func(t *testing.T) {
		other := after
		other.Version++
		assert.True(t, leaderboard.SameState(after, other))
		other.Stale = false
		assert.False(t, leaderboard.SameState(after, other))
	})
}

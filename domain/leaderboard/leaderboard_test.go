package leaderboard_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"dure/domain/leaderboard"
)

var start = time.Date(2026, 9, 30, 15, 0, 0, 0, time.UTC)

func TestRank(t *testing.T) {
	at := func(dealer string, points, minutes int) leaderboard.Total {
		return leaderboard.Total{DealerID: dealer, Points: points, ReachedAt: start.Add(time.Duration(minutes) * time.Minute)}
	}
	for name, tt := range map[string]struct {
		totals []leaderboard.Total
		before map[string]int
		want   []leaderboard.Place
	}{
		"nobody has no place": {want: []leaderboard.Place{}},
		"dealers with equal points share a rank, and the next rank is skipped": {
			totals: []leaderboard.Total{at("d", 10, 0), at("c", 20, 9), at("b", 20, 5), at("a", 30, 0)},
			want: []leaderboard.Place{
				{DealerID: "a", Points: 30, Rank: 1},
				{DealerID: "b", Points: 20, Rank: 2, TiedWith: 1, ToNext: 10},
				{DealerID: "c", Points: 20, Rank: 2, TiedWith: 1, ToNext: 10},
				{DealerID: "d", Points: 10, Rank: 4, ToNext: 10},
			},
		},
		"dealers without points have no rank": {
			totals: []leaderboard.Total{at("zero", 0, 0), at("negative", -5, 0), at("a", 1, 0)},
			want:   []leaderboard.Place{{DealerID: "a", Points: 1, Rank: 1}},
		},
		"movement counts places climbed, and a newcomer has none": {
			totals: []leaderboard.Total{at("a", 30, 0), at("b", 20, 0), at("c", 10, 0)},
			before: map[string]int{"a": 4, "b": 1},
			want: []leaderboard.Place{
				{DealerID: "a", Points: 30, Rank: 1, Movement: 3, HasBefore: true},
				{DealerID: "b", Points: 20, Rank: 2, ToNext: 10, Movement: -1, HasBefore: true},
				{DealerID: "c", Points: 10, Rank: 3, ToNext: 10},
			},
		},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, leaderboard.Rank(tt.totals, tt.before)) })
	}
}

// TestRankAgreesWithItsDefinition compares with counting, dealer by dealer.
func TestRankAgreesWithItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		totals := drawTotals(t)
		places := leaderboard.Rank(totals, nil)
		ranked := map[string]leaderboard.Place{}
		for i, place := range places {
			ranked[place.DealerID] = place
			if i > 0 {
				assert.LessOrEqual(t, places[i-1].Rank, place.Rank)
			}
		}
		for _, one := range totals {
			place, ok := ranked[one.DealerID]
			assert.Equal(t, one.Points > 0, ok)
			if !ok {
				continue
			}
			above, tied, nearest := 0, 0, 0
			for _, other := range totals {
				switch {
				case other.Points > one.Points:
					above++
					if nearest == 0 || other.Points < nearest {
						nearest = other.Points
					}
				case other.Points == one.Points && other.DealerID != one.DealerID:
					tied++
				}
			}
			want := leaderboard.Place{DealerID: one.DealerID, Points: one.Points, Rank: above + 1, TiedWith: tied}
			if above > 0 {
				want.ToNext = nearest - one.Points
			}
			assert.Equal(t, want, place)
		}
	})
}

func TestOrderDoesNotDependOnTheOrderBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		totals := drawTotals(t)
		shuffled := rapid.Permutation(totals).Draw(t, "shuffled")
		leaderboard.Order(totals)
		leaderboard.Order(shuffled)
		assert.True(t, slices.Equal(totals, shuffled))
		for i := 1; i < len(totals); i++ {
			a, b := totals[i-1], totals[i]
			assert.True(t, a.Points > b.Points || a.Points == b.Points &&
				(a.ReachedAt.Before(b.ReachedAt) || a.ReachedAt.Equal(b.ReachedAt) && a.DealerID < b.DealerID))
		}
	})
}

// drawTotals draws dealers with few different points and moments, for ties.
func drawTotals(t *rapid.T) []leaderboard.Total {
	totals := make([]leaderboard.Total, rapid.IntRange(0, 20).Draw(t, "dealers"))
	for i := range totals {
		totals[i] = leaderboard.Total{
			DealerID:  fmt.Sprint("dealer-", i),
			Points:    rapid.IntRange(-2, 6).Draw(t, "points"),
			ReachedAt: start.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "reached")) * time.Second),
		}
	}
	return totals
}

func TestTotalStandsOnTheBoardsItHasKeysFor(t *testing.T) {
	total := leaderboard.Total{Season: "2026Q4", Region: "41", Division: "2"}
	assert.Equal(t, []leaderboard.Board{
		{Season: "2026Q4", Scope: leaderboard.Nation},
		{Season: "2026Q4", Scope: leaderboard.Region, Key: "41"},
		{Season: "2026Q4", Scope: leaderboard.Division, Key: "2"},
	}, total.Boards())
}

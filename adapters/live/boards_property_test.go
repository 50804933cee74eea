package live_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/adapters/live"
	"dure/domain/leaderboard"
)

// TestAnyOrderOfTotalsEndsWithTheSameBoards applies the totals of some dealers
// shuffled, repeated and in batches of any size, and expects every board to be
// what leaderboard.Rank makes of each dealer's newest total.
func TestAnyOrderOfTotalsEndsWithTheSameBoards(t *testing.T) {
	onEachEngine(t, func(t *testing.T, r *live.Redis) {
		rapid.Check(t, func(t *rapid.T) {
			ctx, s, boards := context.Background(), newSeason(), r.Boards()
			history, newest := drawHistory(t, s)
			sent := append(history, rapid.SliceOf(rapid.SampledFrom(history)).Draw(t, "repeated")...)
			sent = rapid.Permutation(sent).Draw(t, "sent")
			for len(sent) > 0 {
				size := rapid.IntRange(1, len(sent)).Draw(t, "batch")
				_, err := boards.Apply(ctx, s, sent[:size])
				require.NoError(t, err)
				sent = sent[size:]
			}
			morning := rapid.SliceOfDistinct(rapid.SampledFrom(history), func(t leaderboard.Total) string { return t.DealerID }).Draw(t, "morning")
			require.NoError(t, boards.SetBefore(ctx, s, day, morning))
			require.NoError(t, boards.Refill(ctx, s, "filled"))
			span := rapid.IntRange(0, 4).Draw(t, "span")
			for board, members := range byBoard(newest) {
				checkBoard(t, boards, s, board, members, byBoard(morning)[board], span)
			}
			require.NoError(t, boards.Drop(ctx, s))
		})
	})
}

// drawHistory draws each dealer's totals, and which is the newest. Points and
// moments come from few values, so that ties are frequent.
func drawHistory(t *rapid.T, s leaderboard.Season) (history, newest []leaderboard.Total) {
	for dealer := range rapid.IntRange(1, 9).Draw(t, "dealers") {
		var last leaderboard.Total
		for seq := range rapid.IntRange(1, 4).Draw(t, "totals") {
			last = leaderboard.Total{
				Season: s.Key, DealerID: fmt.Sprint("dealer-", dealer), Seq: int64(10*seq + dealer + 1),
				Points:    rapid.IntRange(-2, 5).Draw(t, "points"),
				ReachedAt: s.Start.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "reached")) * time.Millisecond),
				Region:    rapid.SampledFrom([]string{"", "41", "42"}).Draw(t, "region"),
				Territory: rapid.SampledFrom([]string{"", "ter_1", "ter_2"}).Draw(t, "territory"),
				Division:  rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "division"),
			}
			history = append(history, last)
		}
		newest = append(newest, last)
	}
	return history, newest
}

func byBoard(totals []leaderboard.Total) map[leaderboard.Board][]leaderboard.Total {
	boards := map[leaderboard.Board][]leaderboard.Total{}
	for _, t := range totals {
		for _, board := range t.Boards() {
			boards[board] = append(boards[board], t)
		}
	}
	return boards
}

// checkBoard compares every way to read board with what members and their
// standings in the morning give.
func checkBoard(t require.TestingT, boards live.Boards, s leaderboard.Season, board leaderboard.Board, members, morning []leaderboard.Total, span int) {
	ctx, before := context.Background(), map[string]int{}
	for _, place := range leaderboard.Rank(morning, nil) {
		before[place.DealerID] = place.Rank
	}
	want := leaderboard.Rank(members, before)
	view, err := boards.Read(ctx, s, board, day, leaderboard.Range{Limit: 100})
	require.NoError(t, err)
	require.Equal(t, len(want), view.Size)
	require.Equal(t, want, view.Places)
	for i, place := range want {
		found, err := boards.Find(ctx, s, board, day, place.DealerID)
		require.NoError(t, err)
		require.Equal(t, []leaderboard.Place{place}, found.Places)
		around, err := boards.Around(ctx, s, board, day, place.DealerID, span)
		require.NoError(t, err)
		require.Equal(t, want[max(i-span, 0):min(i+span+1, len(want))], around.Places)
	}
	all, err := boards.All(ctx, s, board)
	require.NoError(t, err)
	for _, member := range members {
		if member.Points <= 0 {
			require.NotContains(t, all, member.DealerID)
			continue
		}
		require.Equal(t, member, all[member.DealerID])
	}
}

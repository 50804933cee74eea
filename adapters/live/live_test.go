package live_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"dure/adapters/live"
	"dure/domain/leaderboard"
	"dure/internal/testservers"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(testservers.Suite(m)) }

// silent keeps expected failures out of the tests' output.
var silent = slog.New(slog.NewTextHandler(io.Discard, nil))

// open connects to url, "" for the embedded server, until t ends.
func open(t testing.TB, config live.Config) *live.Redis {
	t.Helper()
	config.Log = silent
	r, err := live.Open(context.Background(), config)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.Close()) })
	return r
}

// onEachEngine runs test on the embedded server, on Redis and on a cluster.
func onEachEngine(t *testing.T, test func(t *testing.T, r *live.Redis)) {
	for name, url := range map[string]func(testing.TB) string{
		"embedded": func(testing.TB) string { return "" },
		"redis":    testservers.Redis,
		"cluster":  testservers.RedisCluster,
	} {
		// A busy machine must not look like a Redis that is away.
		t.Run(name, func(t *testing.T) { test(t, open(t, live.Config{URL: url(t), ReadTimeout: 10 * time.Second})) })
	}
}

var seasons atomic.Int64

// newSeason returns a season that no other test uses, since tests share a cluster.
func newSeason() leaderboard.Season {
	start := time.Date(2026, 9, 30, 15, 0, 0, 0, time.UTC)
	return leaderboard.Season{Key: fmt.Sprintf("season-%d", seasons.Add(1)), Start: start, End: start.AddDate(0, 3, 0)}
}

const day = "2026-11-24"

// total makes a total reached so many minutes after the season's start.
func total(season leaderboard.Season, dealer string, seq int64, points, minutes int) leaderboard.Total {
	return leaderboard.Total{
		Season: season.Key, DealerID: dealer, Points: points, Seq: seq,
		ReachedAt: season.Start.Add(time.Duration(minutes) * time.Minute),
		Region:    "41", Territory: "ter_1", Division: "1",
	}
}

func nation(season leaderboard.Season) leaderboard.Board {
	return leaderboard.Board{Season: season.Key, Scope: leaderboard.Nation}
}

// filled returns the boards of r with totals applied and marked complete.
func filled(t testing.TB, r *live.Redis, season leaderboard.Season, totals ...leaderboard.Total) live.Boards {
	t.Helper()
	boards := r.Boards()
	_, err := boards.Apply(context.Background(), season, totals)
	require.NoError(t, err)
	require.NoError(t, boards.Refill(context.Background(), season, "filled"))
	return boards
}

// whole reads every place of board.
func whole(t testing.TB, boards live.Boards, season leaderboard.Season, board leaderboard.Board) leaderboard.View {
	t.Helper()
	view, err := boards.Read(context.Background(), season, board, day, leaderboard.Range{Limit: 1000})
	require.NoError(t, err)
	return view
}

// dealers returns the ids of a view in its order.
func dealers(view leaderboard.View) (ids []string) {
	for _, place := range view.Places {
		ids = append(ids, place.DealerID)
	}
	return ids
}

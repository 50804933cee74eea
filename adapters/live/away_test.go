package live_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/live"
	"dure/domain/leaderboard"
	"dure/internal/testservers"
)

func TestFlushedBoardsAreAwayUntilTheyAreFilledAgain(t *testing.T) {
	onEachEngine(t, func(t *testing.T, r *live.Redis) {
		ctx, s := context.Background(), newSeason()
		a, b := total(s, "a", 1, 30, 0), total(s, "b", 2, 20, 0)
		boards := filled(t, r, s, a, b)
		for i := range int64(20) { // many within a millisecond
			a.Seq, a.Points = 10+i, a.Points+1
			_, err := boards.Apply(ctx, s, []leaderboard.Total{a})
			require.NoError(t, err)
		}
		before := whole(t, boards, s, nation(s))

		require.NoError(t, r.Flush(ctx))
		assertAway(t, boards, s)
		_, err := boards.Apply(ctx, s, []leaderboard.Total{a})
		require.NoError(t, err)
		assertAway(t, boards, s)
		marker, err := boards.Filled(ctx, s)
		require.NoError(t, err)
		assert.Empty(t, marker)

		_, err = boards.Apply(ctx, s, []leaderboard.Total{b})
		require.NoError(t, err)
		require.NoError(t, boards.Refill(ctx, s, "again"))
		after := whole(t, boards, s, nation(s))
		assert.Equal(t, before.Places, after.Places)
		assert.Greater(t, after.Version, before.Version)
	})
}

// assertAway expects every way to read to fail with leaderboard.ErrAway.
func assertAway(t *testing.T, boards live.Boards, s leaderboard.Season) {
	t.Helper()
	ctx := context.Background()
	_, err := boards.Read(ctx, s, nation(s), day, leaderboard.Range{Limit: 10})
	assert.ErrorIs(t, err, leaderboard.ErrAway)
	_, err = boards.Find(ctx, s, nation(s), day, "a")
	assert.ErrorIs(t, err, leaderboard.ErrAway)
	_, err = boards.Around(ctx, s, nation(s), day, "a", 1)
	assert.ErrorIs(t, err, leaderboard.ErrAway)
	_, err = boards.All(ctx, s, nation(s))
	assert.ErrorIs(t, err, leaderboard.ErrAway)
}

func TestOpen(t *testing.T) {
	ctx := context.Background()
	t.Run("a Redis that nobody runs is away, and opening it does not fail", func(t *testing.T) {
		r, s := open(t, live.Config{URL: "redis://127.0.0.1:1"}), newSeason()
		assert.Error(t, r.Ping(ctx))
		assertAway(t, r.Boards(), s)
		_, err := r.Boards().Filled(ctx, s)
		assert.ErrorIs(t, err, leaderboard.ErrAway)
		_, err = r.Boards().HasBefore(ctx, s, day)
		assert.ErrorIs(t, err, leaderboard.ErrAway)
		_, err = r.Boards().Apply(ctx, s, []leaderboard.Total{total(s, "a", 1, 1, 0)})
		assert.Error(t, err)
	})
	t.Run("a bad URL is refused without repeating its password", func(t *testing.T) {
		_, err := live.Open(ctx, live.Config{URL: "redis://:secret@host:port"})
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "secret")
	})
	t.Run("the embedded server answers only those who know its password", func(t *testing.T) {
		r := open(t, live.Config{})
		assert.True(t, r.Embedded())
		assert.NoError(t, r.Ping(ctx))
		stranger := open(t, live.Config{URL: "redis://" + live.EmbeddedAddress(r)})
		assert.ErrorContains(t, stranger.Ping(ctx), "NOAUTH")
	})
	t.Run("every engine answers a ping", func(t *testing.T) {
		onEachEngine(t, func(t *testing.T, r *live.Redis) { assert.NoError(t, r.Ping(ctx)) })
	})
}

// TestRequestsDoNotHangWhileRedisDoes freezes Redis, so that connections stay
// open and nothing answers.
func TestRequestsDoNotHangWhileRedisDoes(t *testing.T) {
	ctx, s, server := context.Background(), newSeason(), testservers.OwnRedis(t)
	r := open(t, live.Config{URL: server.URL, ReadTimeout: 100 * time.Millisecond})
	boards := filled(t, r, s, total(s, "a", 1, 30, 0))
	find := func() error {
		_, err := boards.Find(ctx, s, nation(s), day, "a")
		return err
	}
	require.NoError(t, find())

	server.Pause()
	var callers sync.WaitGroup
	started := time.Now()
	for range 8 {
		callers.Go(func() {
			for range 50 {
				assert.ErrorIs(t, find(), leaderboard.ErrAway)
			}
		})
	}
	callers.Wait()
	assert.Less(t, time.Since(started), 3*time.Second, "400 reads would take 5 s or more if each waited")

	server.Resume()
	assert.Eventually(t, func() bool { return find() == nil }, 10*time.Second, 10*time.Millisecond)
}

func TestCallersThatGoAwayDoNotMakeRedisLookAway(t *testing.T) {
	s, r := newSeason(), open(t, live.Config{URL: testservers.Redis(t), ReadTimeout: 10 * time.Second})
	boards := filled(t, r, s, total(s, "a", 1, 30, 0))
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for range 10 {
		_, err := boards.Find(gone, s, nation(s), day, "a")
		require.ErrorIs(t, err, context.Canceled)
	}
	_, err := boards.Find(context.Background(), s, nation(s), day, "a")
	assert.NoError(t, err)
}

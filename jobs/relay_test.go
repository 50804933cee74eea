package jobs_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/leaderboard"
	"dure/internal/testservers"
)

func TestEveryCommitReachesTheBoards(t *testing.T) {
	eachScene(t, func(s *scene) {
		s.give("dlr_gimje", 30) // before any relay ran
		relay := s.relay("a")
		s.db.OnCommit(relay.Wake)
		stop := s.run(relay)
		s.becomes(map[string]int{"dlr_gimje": 30}, "what was there is filled in")
		s.give("dlr_iksan", 10)
		s.give("dlr_gimje", 5)
		s.becomes(map[string]int{"dlr_gimje": 35, "dlr_iksan": 10}, "and what comes follows")
		s.give("dlr_iksan", -10)
		s.becomes(map[string]int{"dlr_gimje": 35}, "a dealer without points leaves")
		known, err := s.redis.Boards().HasBefore(context.Background(), season, "2026-11-24")
		require.NoError(s, err)
		assert.True(s, known, "yesterday's standings are kept for movement")
		stop()
		s.give("dlr_buan", 7)
		s.run(s.relay("b"))
		s.becomes(map[string]int{"dlr_gimje": 35, "dlr_buan": 7}, "the next relay goes on where the last one stopped")
	})
}

// On PostgreSQL a transaction that began earlier may commit later. SQLite has
// one writer.
func TestARelayDoesNotPassOverACommitThatComesLate(t *testing.T) {
	t.Parallel()
	s := newScene(t, postgres(t), nil)
	ctx, relay := context.Background(), s.relay("a")
	require.NoError(t, relay.Heal(ctx))
	posted, commit, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- s.db.Do(ctx, func(ctx context.Context) error {
			err := s.post(ctx, "dlr_gimje", 30)
			close(posted)
			<-commit
			return err
		})
	}()
	<-posted
	s.give("dlr_iksan", 10)
	require.NoError(t, relay.Drain(ctx))
	assert.Empty(t, s.shown(), "what committed first waits for what began first")
	tx, seq, err := s.log().Cursor(ctx, "boards")
	require.NoError(t, err)
	assert.Zero(t, tx+seq)
	close(commit)
	require.NoError(t, <-done)
	s.drained(relay.Drain, map[string]int{"dlr_gimje": 30, "dlr_iksan": 10})
}

func TestFlushedBoardsComeBackByThemselves(t *testing.T) {
	eachScene(t, func(s *scene) {
		for i, d := range dealers {
			s.give(d, 10*(i+1))
		}
		want := map[string]int{"dlr_gimje": 10, "dlr_iksan": 20, "dlr_buan": 30}
		s.run(s.relay("a"))
		s.becomes(want, "filled")
		before := time.Now()
		s.flush()
		require.Eventually(s, func() bool {
			marker, err := s.redis.Boards().Filled(s.Context(), season)
			return err == nil && marker != ""
		}, soon, 10*time.Millisecond)
		s.becomes(want, "filled again, exact")
		assert.Less(s, time.Since(before), 5*time.Second, "within seconds")
		s.give("dlr_gimje", 100)
		want["dlr_gimje"] = 110
		s.becomes(want, "and they go on")
	})
}

// A Redis that comes back with what it kept on disk some time ago looks filled.
func TestBoardsFromAnOldSnapshotCatchUp(t *testing.T) {
	eachScene(t, func(s *scene) {
		ctx, relay := context.Background(), s.relay("a")
		s.give("dlr_gimje", 10)
		require.NoError(s, relay.Heal(ctx))
		client, totals := s.client(), "dure:{"+season.Key+"}:totals"
		kept, err := client.HGetAll(ctx, totals).Result()
		require.NoError(s, err)

		s.give("dlr_gimje", 5)
		s.give("dlr_iksan", 20)
		s.drained(relay.Drain, map[string]int{"dlr_gimje": 15, "dlr_iksan": 20})
		require.NoError(s, client.Del(ctx, totals, "dure:{"+season.Key+"}:board:NATION:").Err())
		require.NoError(s, client.HSet(ctx, totals, kept).Err())
		require.Empty(s, s.shown())

		require.NoError(s, relay.Drain(ctx))
		require.NoError(s, relay.Sweep(ctx))
		assert.Equal(s, map[string]int{"dlr_gimje": 15, "dlr_iksan": 20}, s.shown())
	})
}

// drained drains until the board shows want: any transaction of the server,
// another test's too, may hold the log back.
func (s *scene) drained(drain func(context.Context) error, want map[string]int) {
	s.Helper()
	require.Eventually(s, func() bool {
		require.NoError(s, drain(context.Background()))
		return assert.ObjectsAreEqual(want, s.shown())
	}, soon, 5*time.Millisecond)
}

func TestDuplicatesDoNoHarm(t *testing.T) {
	eachScene(t, func(s *scene) {
		ctx, relay := context.Background(), s.relay("a")
		require.NoError(s, relay.Heal(ctx))
		for i, d := range dealers {
			s.give(d, 10*(i+1))
		}
		want := map[string]int{"dlr_gimje": 10, "dlr_iksan": 20, "dlr_buan": 30}
		s.drained(relay.Drain, want)
		version := s.version()
		_, err := rows(s.db).NewDelete().TableExpr("cursors").Where("1 = 1").Exec(ctx)
		require.NoError(s, err)
		require.NoError(s, relay.Drain(ctx), "the whole log once more")
		assert.Equal(s, want, s.shown())
		assert.Equal(s, version, s.version(), "nobody is told of what did not change")

		for _, err := range atOnce(4, func() error { return relay.Drain(ctx) }) { // as if a lease had failed
			require.NoError(s, err)
		}
		assert.Equal(s, want, s.shown())
	})
}

func (s *scene) version() int64 {
	s.Helper()
	view, err := s.redis.Boards().Read(context.Background(), season, leaderboard.Board{Season: season.Key, Scope: leaderboard.Nation}, "2026-11-24", leaderboard.Range{})
	require.NoError(s, err)
	return view.Version
}

// crashing is a log whose reader dies before it has said how far it came.
type crashing struct {
	log
	saved atomic.Int64
}

var errCrash = errors.New("crash")

func (c *crashing) SaveCursor(context.Context, string, int64, int64) error {
	c.saved.Add(1)
	return errCrash
}

func TestACrashBetweenCommitAndBoardsLosesNothing(t *testing.T) {
	eachScene(t, func(s *scene) {
		ctx := context.Background()
		require.NoError(s, s.relay("a").Heal(ctx))
		s.give("dlr_gimje", 30) // committed, and the process dies here
		want := map[string]int{"dlr_gimje": 30}
		dying := &crashing{log: s.log()}
		require.Eventually(s, func() bool { // or here, with the boards changed and the cursor not
			err := s.relayOf("b", dying).Drain(ctx)
			return errors.Is(err, errCrash)
		}, soon, 5*time.Millisecond)
		assert.Equal(s, want, s.shown())
		tx, seq, err := s.log().Cursor(ctx, "boards")
		require.NoError(s, err)
		assert.Zero(s, tx+seq)
		s.drained(s.relay("c").Drain, want)
		_, seq, err = s.log().Cursor(ctx, "boards")
		require.NoError(s, err)
		assert.NotZero(s, seq, "the next one goes on")
	})
}

func TestARelayOutlivesARedisThatHangs(t *testing.T) {
	t.Parallel()
	s := newScene(t, postgres(t), testservers.OwnRedis(t))
	s.run(s.relay("a"))
	s.becomes(map[string]int{}, "it runs")
	s.server.Pause()
	s.give("dlr_gimje", 30) // writes go on
	s.server.Resume()
	s.becomes(map[string]int{"dlr_gimje": 30}, "and arrive once it answers")
}

func TestOneRelayWorksAtATime(t *testing.T) {
	eachScene(t, func(s *scene) {
		ctx := context.Background()
		ok, err := s.log().Lease(ctx, "boards", "somebody who died", time.Now().UTC(), 2*time.Second)
		require.NoError(s, err)
		require.True(s, ok)
		began := time.Now()
		s.give("dlr_gimje", 30)
		stop := s.run(s.relay("a"))
		s.becomes(map[string]int{"dlr_gimje": 30}, "another takes over when a lease runs out")
		assert.GreaterOrEqual(s, time.Since(began), 1500*time.Millisecond, "and not before")

		ok, err = s.log().Lease(ctx, "boards", "b", time.Now().UTC(), time.Second)
		require.NoError(s, err)
		assert.False(s, ok, "its holder keeps it")
		next := s.relay("b")
		s.run(next)
		stop()
		s.give("dlr_iksan", 10)
		s.becomes(map[string]int{"dlr_gimje": 30, "dlr_iksan": 10}, "one that ends in good order gives it back")
	})
}

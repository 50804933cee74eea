package live_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/live"
	"dure/domain/leaderboard"
	"dure/internal/testservers"
)

const patience = 10 * time.Second

// next returns the next signal that wanted takes.
func next(t *testing.T, changed <-chan leaderboard.Board, wanted func(leaderboard.Board) bool) leaderboard.Board {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case board, ok := <-changed:
			require.True(t, ok, "the signals ended")
			if wanted(board) {
				return board
			}
		case <-late:
			require.FailNow(t, "no such signal")
		}
	}
}

func isEverything(board leaderboard.Board) bool { return board == leaderboard.Board{} }

// of takes the signals of one season: the tests share a cluster.
func of(season leaderboard.Season) func(leaderboard.Board) bool {
	return func(board leaderboard.Board) bool { return board.Season == season.Key }
}

// subscribed returns the first signals that r is asked for, once its connection
// for them is made.
func subscribed(t *testing.T, r *live.Redis) <-chan leaderboard.Board {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	changed := r.Signals().Subscribe(ctx)
	if !r.Embedded() {
		next(t, changed, isEverything)
	}
	return changed
}

func TestSignals(t *testing.T) {
	ctx := context.Background()
	onEachEngine(t, func(t *testing.T, r *live.Redis) {
		subscribed(t, r) // later ones share its connection
		t.Run("every board that changed is told once, to every subscriber", func(t *testing.T) {
			s := newSeason()
			first := r.Signals().Subscribe(t.Context())
			second := r.Signals().Subscribe(t.Context())
			_, err := r.Boards().Apply(ctx, s, []leaderboard.Total{total(s, "a", 1, 30, 0), total(s, "b", 2, 0, 0)})
			require.NoError(t, err)
			for _, changed := range []<-chan leaderboard.Board{first, second} {
				var told []leaderboard.Board
				for range 4 {
					told = append(told, next(t, changed, of(s)))
				}
				assert.ElementsMatch(t, total(s, "a", 1, 30, 0).Boards(), told)
			}
		})
		t.Run("a total that changes no board is silent", func(t *testing.T) {
			s, changed := newSeason(), r.Signals().Subscribe(t.Context())
			older := total(s, "a", 1, 30, 0)
			filled(t, r, s, older)
			for range 4 {
				next(t, changed, of(s))
			}
			newer := older
			newer.Seq++
			_, err := r.Boards().Apply(ctx, s, []leaderboard.Total{older, newer, total(s, "zero", 3, 0, 0)})
			require.NoError(t, err)
			moved := newer
			moved.Seq, moved.Territory = moved.Seq+1, "ter_2"
			_, err = r.Boards().Apply(ctx, s, []leaderboard.Total{moved})
			require.NoError(t, err)
			assert.Equal(t, leaderboard.Territory, next(t, changed, of(s)).Scope)
			assert.Equal(t, leaderboard.Territory, next(t, changed, of(s)).Scope)
		})
		t.Run("a refill, a drop and a new day mean everything", func(t *testing.T) {
			s, changed := newSeason(), r.Signals().Subscribe(t.Context())
			for _, act := range []func() error{
				func() error { return r.Boards().Refill(ctx, s, "filled") },
				func() error { return r.Boards().SetBefore(ctx, s, day, nil) },
				func() error { return r.Boards().Drop(ctx, s) },
			} {
				require.NoError(t, act())
				next(t, changed, isEverything)
			}
		})
		t.Run("the end of the context closes the channel", func(t *testing.T) {
			ending, cancel := context.WithCancel(ctx)
			changed := r.Signals().Subscribe(ending)
			cancel()
			assert.Eventually(t, func() bool {
				select {
				case _, ok := <-changed:
					return !ok
				default:
					return false
				}
			}, patience, time.Millisecond)
		})
		t.Run("a reader that never reads does not hold the boards up", func(t *testing.T) {
			s := newSeason()
			_ = r.Signals().Subscribe(t.Context())
			for i := range 300 {
				_, err := r.Boards().Apply(ctx, s, []leaderboard.Total{total(s, "a", int64(i+1), i+1, 0)})
				require.NoError(t, err)
			}
		})
	})
}

func TestSignalsHearOtherProcesses(t *testing.T) {
	for name, url := range map[string]string{"redis": testservers.Redis(t), "cluster": testservers.RedisCluster(t)} {
		t.Run(name, func(t *testing.T) {
			s, here, there := newSeason(), open(t, live.Config{URL: url}), open(t, live.Config{URL: url})
			changed := subscribed(t, here)
			_, err := there.Boards().Apply(context.Background(), s, []leaderboard.Total{total(s, "a", 1, 30, 0)})
			require.NoError(t, err)
			next(t, changed, of(s))
		})
	}
}

func TestSignalsOfAnotherDatabaseAreNotHeard(t *testing.T) {
	ctx, s := context.Background(), newSeason()
	here, there := open(t, live.Config{URL: testservers.Redis(t)}), open(t, live.Config{URL: testservers.Redis(t)})
	changed := subscribed(t, here)
	for i, r := range []*live.Redis{there, here} {
		one := total(s, "a", 1, 30, 0)
		one.Region = fmt.Sprint("region-", i)
		_, err := r.Boards().Apply(ctx, s, []leaderboard.Total{one})
		require.NoError(t, err)
	}
	board := next(t, changed, func(b leaderboard.Board) bool { return b.Season == s.Key && b.Scope == leaderboard.Region })
	assert.Equal(t, "region-1", board.Key)
}

// TestAReconnectMeansEverything breaks the connection that signals come by.
func TestAReconnectMeansEverything(t *testing.T) {
	ctx, s := context.Background(), newSeason()
	r := open(t, live.Config{URL: testservers.OwnRedis(t).URL})
	changed := subscribed(t, r)
	require.NoError(t, r.Client().Do(ctx, "CLIENT", "KILL", "TYPE", "pubsub").Err())
	next(t, changed, isEverything)
	_, err := r.Boards().Apply(ctx, s, []leaderboard.Total{total(s, "a", 1, 30, 0)})
	require.NoError(t, err)
	next(t, changed, of(s))
}

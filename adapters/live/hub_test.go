package live_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/live"
	"dure/domain/leaderboard"
	"dure/internal/testservers"
)

// stage is a board that tests change, and the signals that they send. Its time
// is the test bubble's, which passes only while everything waits.
type stage struct {
	signals chan leaderboard.Board

	mutex sync.Mutex
	view  leaderboard.View
	err   error
	reads map[leaderboard.Board]int
}

var watched = leaderboard.Board{Season: "2026Q4", Scope: leaderboard.Nation}

func newStage() *stage {
	return &stage{signals: make(chan leaderboard.Board), reads: map[leaderboard.Board]int{}}
}

// Subscribe implements leaderboard.Signals for one subscriber.
func (s *stage) Subscribe(ctx context.Context) <-chan leaderboard.Board {
	changed := make(chan leaderboard.Board)
	go func() {
		defer close(changed)
		for {
			select {
			case <-ctx.Done():
				return
			case board := <-s.signals:
				changed <- board
			}
		}
	}()
	return changed
}

func (s *stage) read(_ context.Context, board leaderboard.Board) (leaderboard.View, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.reads[board]++
	return s.view, s.err
}

// count returns how often board was read.
func (s *stage) count(board leaderboard.Board) int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.reads[board]
}

// fail makes reads fail, until err is nil.
func (s *stage) fail(err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.err = err
}

// stale makes reads say that the boards are away, or not.
func (s *stage) stale(stale bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.view.Stale = stale
}

// set makes the board show the dealers with these points, best first.
func (s *stage) set(points ...int) {
	var totals []leaderboard.Total
	for i, p := range points {
		totals = append(totals, leaderboard.Total{DealerID: fmt.Sprint("d", i), Points: p})
	}
	places := leaderboard.Rank(totals, nil)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.view = leaderboard.View{Version: s.view.Version + 1, Size: len(places), Places: places}
}

// onStage runs test with a hub in a bubble of its own time.
func onStage(t *testing.T, test func(t *testing.T, s *stage, h *live.Hub)) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage()
		s.set(30, 20, 10)
		h := live.NewHub(s, s.read, live.HubOptions{Top: 2, Log: silent})
		defer h.Close()
		test(t, s, h)
	})
}

// arrived returns the change that waits in changes after all has settled.
func arrived(t *testing.T, changes <-chan leaderboard.Change) leaderboard.Change {
	t.Helper()
	synctest.Wait()
	select {
	case change, ok := <-changes:
		require.True(t, ok, "the watch ended")
		return change
	default:
		require.FailNow(t, "no change")
		return leaderboard.Change{}
	}
}

func assertNothing(t *testing.T, changes <-chan leaderboard.Change) {
	t.Helper()
	synctest.Wait()
	select {
	case change := <-changes:
		assert.Fail(t, "unexpected change", "%+v", change)
	default:
	}
}

// pass lets the bubble's time go by: nobody waits for it outside.
func pass(duration time.Duration) { <-time.After(duration) }

func TestHub(t *testing.T) {
	for name, test := range map[string]func(*testing.T, *stage, *live.Hub){
		"the first state has nothing moved": func(t *testing.T, s *stage, h *live.Hub) {
			change := arrived(t, h.Watch(t.Context(), watched))
			assert.Equal(t, watched, change.Board)
			assert.Equal(t, int64(1), change.Version)
			assert.Equal(t, 3, change.Size)
			assert.Empty(t, change.Moved)
			assert.Len(t, change.Top, 2)
			assert.Len(t, change.Places, 3)
		},
		"a signal brings what moved": func(t *testing.T, s *stage, h *live.Hub) {
			changes := h.Watch(t.Context(), watched)
			arrived(t, changes)
			s.set(30, 20, 25)
			s.signals <- watched
			pass(time.Second)
			change := arrived(t, changes)
			assert.Equal(t, []leaderboard.Move{
				{DealerID: "d2", FromRank: 3, ToRank: 2, Points: 25}, {DealerID: "d1", FromRank: 2, ToRank: 3, Points: 20},
			}, change.Moved)
			assert.Equal(t, int64(2), change.Version)
		},
		"many watchers cost one read a wake": func(t *testing.T, s *stage, h *live.Hub) {
			var watches []<-chan leaderboard.Change
			for range 1000 {
				watches = append(watches, h.Watch(t.Context(), watched))
			}
			for _, changes := range watches {
				arrived(t, changes)
			}
			assert.Equal(t, 1, s.count(watched))
			pass(time.Second)
			s.set(30, 20, 25)
			s.signals <- watched
			for _, changes := range watches {
				assert.Len(t, arrived(t, changes).Moved, 2)
			}
			assert.Equal(t, 2, s.count(watched))
		},
		"a burst of signals is read at most once an interval, and its end is seen": func(t *testing.T, s *stage, h *live.Hub) {
			changes := h.Watch(t.Context(), watched)
			arrived(t, changes)
			pass(time.Second)
			before := s.count(watched)
			for i := range 100 { // a signal a millisecond
				s.set(100+i, 20, 10)
				s.signals <- watched
				pass(time.Millisecond)
			}
			pass(100 * time.Millisecond)
			assert.LessOrEqual(t, s.count(watched)-before, 4)
			assert.Equal(t, 199, arrived(t, changes).Places[0].Points)
		},
		"a slow watcher gets the latest state with all that moved since its last": func(t *testing.T, s *stage, h *live.Hub) {
			slow, quick := h.Watch(t.Context(), watched), h.Watch(t.Context(), watched)
			arrived(t, slow)
			arrived(t, quick)
			for _, points := range [][]int{{30, 40, 10}, {30, 40, 35}, {30, 40, 50}} {
				s.set(points...)
				s.signals <- watched
				pass(time.Second)
				arrived(t, quick)
			}
			change := arrived(t, slow)
			assert.Equal(t, int64(4), change.Version)
			assert.Equal(t, []leaderboard.Move{
				{DealerID: "d2", FromRank: 3, ToRank: 1, Points: 50},
				{DealerID: "d1", FromRank: 2, ToRank: 2, Points: 40},
				{DealerID: "d0", FromRank: 1, ToRank: 3, Points: 30},
			}, change.Moved)
			assertNothing(t, slow)
		},
		"a watcher that never took its first state still has nothing moved": func(t *testing.T, s *stage, h *live.Hub) {
			changes := h.Watch(t.Context(), watched)
			synctest.Wait()
			s.set(30, 40, 10)
			s.signals <- watched
			pass(time.Second)
			change := arrived(t, changes)
			assert.Equal(t, int64(2), change.Version)
			assert.Empty(t, change.Moved)
		},
		"a lost signal is made up for by the poll": func(t *testing.T, s *stage, h *live.Hub) {
			changes := h.Watch(t.Context(), watched)
			arrived(t, changes)
			s.set(30, 40, 10)
			pass(4 * time.Second)
			assertNothing(t, changes)
			pass(2 * time.Second)
			assert.Len(t, arrived(t, changes).Moved, 2)
		},
		"the zero board has every board read again": func(t *testing.T, s *stage, h *live.Hub) {
			other := leaderboard.Board{Season: "2026Q4", Scope: leaderboard.Region, Key: "41"}
			first, second := h.Watch(t.Context(), watched), h.Watch(t.Context(), other)
			arrived(t, first)
			arrived(t, second)
			pass(time.Second)
			s.set(30, 40, 10)
			s.signals <- leaderboard.Board{}
			arrived(t, first)
			assert.Equal(t, other, arrived(t, second).Board)
		},
		"a signal of another board reads nothing": func(t *testing.T, s *stage, h *live.Hub) {
			other := leaderboard.Board{Season: "2026Q4", Scope: leaderboard.Region, Key: "41"}
			arrived(t, h.Watch(t.Context(), watched))
			s.signals <- other
			pass(time.Second)
			assert.Equal(t, 1, s.count(watched))
			assert.Zero(t, s.count(other))
		},
		"a state that looks the same is not sent": func(t *testing.T, s *stage, h *live.Hub) {
			changes := h.Watch(t.Context(), watched)
			arrived(t, changes)
			s.set(30, 20, 10)
			s.signals <- watched
			pass(time.Second)
			assertNothing(t, changes)
		},
		"boards that go away and come back are told": func(t *testing.T, s *stage, h *live.Hub) {
			changes := h.Watch(t.Context(), watched)
			arrived(t, changes)
			s.stale(true)
			s.signals <- leaderboard.Board{}
			pass(time.Second)
			change := arrived(t, changes)
			assert.True(t, change.Stale)
			assert.Empty(t, change.Moved)
			s.stale(false)
			pass(2 * time.Second) // sooner than a poll
			assert.False(t, arrived(t, changes).Stale)
		},
		"a failed first read is tried again": func(t *testing.T, s *stage, h *live.Hub) {
			s.fail(errors.New("both are away"))
			changes := h.Watch(t.Context(), watched)
			pass(500 * time.Millisecond)
			assertNothing(t, changes)
			s.fail(nil)
			pass(time.Second)
			arrived(t, changes)
		},
		"reading ends with the last watcher": func(t *testing.T, s *stage, h *live.Hub) {
			ctx, cancel := context.WithCancel(t.Context())
			first, second := h.Watch(ctx, watched), h.Watch(ctx, watched)
			arrived(t, first)
			arrived(t, second)
			cancel()
			for _, changes := range []<-chan leaderboard.Change{first, second} {
				_, open := <-changes
				assert.False(t, open)
			}
			synctest.Wait()
			before := s.count(watched)
			pass(time.Minute)
			assert.Equal(t, before, s.count(watched))
			arrived(t, h.Watch(t.Context(), watched))
		},
		"closing the hub ends every watch": func(t *testing.T, s *stage, h *live.Hub) {
			changes := h.Watch(t.Context(), watched)
			arrived(t, changes)
			h.Close()
			_, open := <-changes
			assert.False(t, open)
			_, open = <-h.Watch(t.Context(), watched)
			assert.False(t, open)
		},
	} {
		t.Run(name, func(t *testing.T) { onStage(t, test) })
	}
}

// TestHubOnBoards follows real boards on each engine, from two connections.
func TestHubOnBoards(t *testing.T) {
	for name, url := range map[string]string{"redis": testservers.Redis(t), "cluster": testservers.RedisCluster(t), "embedded": ""} {
		t.Run(name, func(t *testing.T) {
			s, here := newSeason(), open(t, live.Config{URL: url})
			there := here
			if url != "" {
				there = open(t, live.Config{URL: url})
			}
			boards := filled(t, here, s, total(s, "a", 1, 30, 0), total(s, "b", 2, 20, 0))
			hub := live.NewHub(here.Signals(), func(ctx context.Context, board leaderboard.Board) (leaderboard.View, error) {
				return boards.Read(ctx, s, board, day, leaderboard.Range{Limit: 1000})
			}, live.HubOptions{Log: silent})
			defer hub.Close()
			changes := hub.Watch(t.Context(), nation(s))
			assert.Empty(t, (<-changes).Moved)
			_, err := there.Boards().Apply(context.Background(), s, []leaderboard.Total{total(s, "b", 3, 40, 5)})
			require.NoError(t, err)
			assert.Equal(t, []leaderboard.Move{
				{DealerID: "b", FromRank: 2, ToRank: 1, Points: 40}, {DealerID: "a", FromRank: 1, ToRank: 2, Points: 30},
			}, (<-changes).Moved)
		})
	}
}

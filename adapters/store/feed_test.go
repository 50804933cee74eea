package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/store"
	"dure/domain/feed"
)

func change(organization string, n int) feed.Change {
	return feed.Change{
		ID: fmt.Sprintf("chg_%06d", n), OrganizationID: organization, ContractID: "ctr_1", SubjectID: "fin_1",
		Kind: feed.ContractChanged, OccurredAt: opening, PostedAt: opening,
	}
}

func TestAFeedIsReadInPagesByEachOrganizationAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, log := context.Background(), store.Feed{DB: w.db}
		require.NoError(w, log.Post(ctx), "nothing is posted without a change")
		for n := range 6 {
			require.NoError(w, log.Post(ctx, change([]string{"org_lender", "org_maker"}[n%2], n)))
		}
		for organization, want := range map[string][]string{
			"org_lender": {"chg_000000", "chg_000002", "chg_000004"},
			"":           {"chg_000000", "chg_000001", "chg_000002", "chg_000003", "chg_000004", "chg_000005"},
			"org_gimje":  nil,
		} {
			var got []string
			var last feed.Change
			require.Eventually(w, func() bool {
				rows, err := log.After(ctx, organization, last.Batch, last.Seq, 2)
				require.NoError(w, err)
				assert.LessOrEqual(w, len(rows), 2)
				for _, r := range rows {
					got, last = append(got, r.ID), r
				}
				return len(got) >= len(want)
			}, 10*time.Second, 5*time.Millisecond)
			assert.Equal(w, want, got, "of %q", organization)
		}
	})
}

// A reader that pages by sequence alone would pass over a change whose
// transaction began earlier and commits later.
func TestAChangeThatIsCommittedLateIsNotSkipped(t *testing.T) {
	w := newWorld(t, opened(t, store.Config{URL: postgres(t)}))
	ctx, log := context.Background(), store.Feed{DB: w.db}
	posted, commit, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- w.db.Do(ctx, func(ctx context.Context) error {
			err := log.Post(ctx, change("org_lender", 1))
			close(posted)
			<-commit
			return err
		})
	}()
	<-posted
	require.NoError(t, log.Post(ctx, change("org_lender", 2)))
	early, err := log.After(ctx, "org_lender", 0, 0, 10)
	require.NoError(t, err)
	require.Len(t, early, 1)
	assert.Equal(t, "chg_000002", early[0].ID, "what is committed does not wait")
	close(commit)
	require.NoError(t, <-done)
	late, err := log.After(ctx, "org_lender", early[0].Batch, early[0].Seq, 10)
	require.NoError(t, err)
	require.Len(t, late, 1)
	assert.Equal(t, "chg_000001", late[0].ID, "what comes late follows, for all its smaller number")
	again, err := log.After(ctx, "org_lender", 0, 0, 10)
	require.NoError(t, err)
	assert.Equal(t, append(early, late...), again, "a reader from the start meets the same order")
}

// Sixteen writers hold their transactions open for as long as chance has it,
// some give up, and a reader pages all the while.
func TestAFeedUnderFireLosesNothingAndRepeatsNothing(t *testing.T) {
	const writers, rounds = 16, 12
	fire := func(t *testing.T, config store.Config) {
		w := newWorld(t, opened(t, config))
		ctx, log := context.Background(), store.Feed{DB: w.db}
		want := map[string]bool{}
		var mu sync.Mutex
		over := make(chan []error)
		go func() {
			over <- atOnce(writers, func(i int) error {
				dice := rand.New(rand.NewPCG(uint64(i), 7))
				for round := range rounds {
					n := 2 * (i*rounds + round)
					gaveUp := dice.IntN(5) == 0
					err := w.db.Do(ctx, func(ctx context.Context) error {
						if err := log.Post(ctx, change("org_lender", n)); err != nil {
							return err
						}
						timer := time.NewTimer(time.Duration(dice.IntN(4_000)) * time.Microsecond) // how long a transaction takes is what is tested
						<-timer.C
						if gaveUp {
							return context.Canceled
						}
						return log.Post(ctx, change("org_lender", n+1))
					})
					if gaveUp {
						continue
					}
					if err != nil {
						return err
					}
					mu.Lock()
					want[change("", n).ID], want[change("", n+1).ID] = true, true
					mu.Unlock()
				}
				return nil
			})
		}()
		got, last, writing := map[string]int{}, feed.Change{}, true
		require.Eventually(t, func() bool {
			rows, err := log.After(ctx, "org_lender", last.Batch, last.Seq, 7)
			require.NoError(t, err)
			for _, r := range rows {
				got[r.ID]++
				last = r
			}
			select {
			case errs := <-over:
				writing = false
				for _, err := range errs {
					require.NoError(t, err)
				}
			default:
			}
			return !writing && len(got) >= len(want)
		}, time.Minute, time.Millisecond)
		require.Len(t, got, len(want))
		assert.Greater(t, len(want), writers*rounds, "most writers finished")
		for id, times := range got {
			assert.True(t, want[id], "%s was never committed", id)
			assert.Equal(t, 1, times, "%s was read again", id)
		}
		again, err := log.After(ctx, "org_lender", 0, 0, 10_000)
		require.NoError(t, err)
		assert.Len(t, again, len(want), "read from the beginning it is the same")
	}
	t.Run("SQLite", func(t *testing.T) {
		config := store.Config{File: filepath.Join(t.TempDir(), "dure.db")}
		require.NoError(t, migrate(config))
		fire(t, config)
	})
	t.Run("PostgreSQL", func(t *testing.T) { fire(t, store.Config{URL: postgres(t)}) })
}

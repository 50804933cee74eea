package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/store"
	"dure/domain/act"
	"dure/domain/iq"
	"dure/domain/leaderboard"
)

func TestALeaseHasOneHolder(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *store.DB) {
		ctx, p := context.Background(), store.Progress{DB: db}
		take := func(holder string, now time.Time) bool {
			ok, err := p.Lease(ctx, "relay", holder, now, 10*time.Second)
			require.NoError(t, err)
			return ok
		}
		assert.True(t, take("a", opening))
		assert.False(t, take("b", opening.Add(9*time.Second)), "while another holds it")
		assert.True(t, take("a", opening.Add(9*time.Second)), "its holder renews it")
		assert.False(t, take("b", opening.Add(18*time.Second)))
		assert.True(t, take("b", opening.Add(20*time.Second)), "once it ran out")
		assert.False(t, take("a", opening.Add(21*time.Second)))
		require.NoError(t, p.Release(ctx, "relay", "a"), "giving back what one does not hold")
		assert.False(t, take("a", opening.Add(21*time.Second)), "frees nothing")
		require.NoError(t, p.Release(ctx, "relay", "b"))
		assert.True(t, take("a", opening.Add(21*time.Second)))

		held := make(chan string, 8)
		for _, err := range atOnce(cap(held), func(i int) error {
			ok, err := p.Lease(ctx, "other", fmt.Sprint(i), opening, time.Minute)
			if ok {
				held <- fmt.Sprint(i)
			}
			return err
		}) {
			require.NoError(t, err)
		}
		assert.Len(t, held, 1, "of those who come together one gets it")
	})
}

func TestACursorNeverGoesBack(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *store.DB) {
		ctx, p := context.Background(), store.Progress{DB: db}
		at := func() [2]int64 {
			tx, seq, err := p.Cursor(ctx, "boards")
			require.NoError(t, err)
			return [2]int64{tx, seq}
		}
		assert.Equal(t, [2]int64{0, 0}, at())
		for _, step := range []struct{ save, want [2]int64 }{
			{[2]int64{5, 7}, [2]int64{5, 7}},
			{[2]int64{5, 6}, [2]int64{5, 7}},
			{[2]int64{4, 99}, [2]int64{5, 7}},
			{[2]int64{5, 8}, [2]int64{5, 8}},
			{[2]int64{6, 1}, [2]int64{6, 1}},
		} {
			require.NoError(t, p.SaveCursor(ctx, "boards", step.save[0], step.save[1]))
			assert.Equal(t, step.want, at())
		}
	})
}

// post posts one ledger entry about a new act, in the context's transaction.
func (w *world) post(ctx context.Context, n int) error {
	a := act.Act{ID: fmt.Sprintf("act_%d", n), Kind: act.ContractSigned, DealerID: "dlr_gimje", SubjectID: "s", Facts: act.Facts{}, OccurredAt: w.now(), ReceivedAt: w.now()}
	if err := w.customers.Acts.Record(ctx, a); err != nil {
		return err
	}
	return store.Ledger{DB: w.db}.Post(ctx, []iq.LedgerEntry{{
		ID: fmt.Sprintf("led_%d", n), Season: "2026Q4", DealerID: "dlr_gimje", RuleKey: "contract.signed", RulebookVersion: 1, ActID: a.ID, ActKind: a.Kind,
		Kind: iq.Earned, Points: 1, VestsAt: w.now(), OccurredAt: w.now(), PostedAt: w.now(), Explanation: "iq.earned", Arguments: map[string]any{}, TotalAfter: n,
	}})
}

func TestTheLogIsReadInPages(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, log := context.Background(), store.Standings{DB: w.db}
		for n := range 5 {
			require.NoError(w, w.db.Do(ctx, func(ctx context.Context) error { return w.post(ctx, n) }))
		}
		var seqs []int64
		var last leaderboard.Changed
		require.Eventually(w, func() bool { // any transaction of the server, its own housekeeping too, holds the log back
			rows, err := log.ChangedSince(ctx, last.Tx, last.Seq, 2)
			require.NoError(w, err)
			assert.LessOrEqual(w, len(rows), 2)
			for _, r := range rows {
				assert.Equal(w, "dlr_gimje", r.DealerID)
				seqs, last = append(seqs, r.Seq), r
			}
			return len(seqs) >= 5
		}, 10*time.Second, 5*time.Millisecond)
		assert.Len(w, seqs, 5)
		assert.IsIncreasing(w, seqs)
	})
}

// A reader that pages by sequence alone would pass over a transaction that
// began earlier and commits later. PostgreSQL alone has two writers at a time.
func TestACommitThatComesLateIsNotSkipped(t *testing.T) {
	w := newWorld(t, opened(t, store.Config{URL: postgres(t)}))
	ctx, log := context.Background(), store.Standings{DB: w.db}
	read := func() []leaderboard.Changed {
		rows, err := log.ChangedSince(ctx, 0, 0, 10)
		require.NoError(t, err)
		return rows
	}
	posted, commit, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- w.db.Do(ctx, func(ctx context.Context) error {
			err := w.post(ctx, 1)
			close(posted)
			<-commit
			return err
		})
	}()
	<-posted
	require.NoError(t, w.db.Do(ctx, func(ctx context.Context) error { return w.post(ctx, 2) }))
	assert.Empty(t, read(), "what committed first waits for what began first")
	close(commit)
	require.NoError(t, <-done)
	var rows []leaderboard.Changed
	require.Eventually(t, func() bool { rows = read(); return len(rows) == 2 }, 10*time.Second, 5*time.Millisecond)
	assert.Less(t, rows[0].Tx, rows[1].Tx)
}

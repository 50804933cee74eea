package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/store"
	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/insight"
	"dure/internal/testservers"
)

var errMind = errors.New("changed my mind")

// organization inserts a firm in the context's transaction.
func organization(ctx context.Context, db *store.DB, id string) error {
	return db.Insert(ctx, &identity.Organization{ID: id, Name: id, Kind: identity.Maker})
}

func firms(t *testing.T, db *store.DB) int {
	t.Helper()
	n, err := db.Count(context.Background(), "organizations", "1 = 1")
	require.NoError(t, err)
	return n
}

func TestMigratingAgainChangesNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		require.NoError(t, organization(ctx, db, "org_1"))
		require.NoError(t, db.Migrate(ctx))
		assert.Equal(t, 1, firms(t, db))
	})
}

func TestCopiesThatStartTogetherMigrateOnce(t *testing.T) {
	t.Parallel()
	url := testservers.Postgres(t, nil)
	for _, err := range atOnce(6, func(int) error { return migrate(store.Config{URL: url}) }) {
		require.NoError(t, err)
	}
	assert.Zero(t, firms(t, opened(t, store.Config{URL: url})))
}

func TestDo(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		var commits atomic.Int64
		db.OnCommit(func() { commits.Add(1) })

		require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
			if err := organization(ctx, db, "org_1"); err != nil {
				return err
			}
			return db.Do(ctx, func(ctx context.Context) error { return organization(ctx, db, "org_2") })
		}))
		assert.Equal(t, 2, firms(t, db), "one inside another joins it")
		assert.EqualValues(t, 1, commits.Load(), "and is told of once, after the commit")

		err := db.Do(ctx, func(ctx context.Context) error {
			if err := db.Do(ctx, func(ctx context.Context) error { return organization(ctx, db, "org_3") }); err != nil {
				return err
			}
			return errMind
		})
		assert.ErrorIs(t, err, errMind)
		assert.Equal(t, 2, firms(t, db), "an error takes all of it back")

		assert.Panics(t, func() {
			_ = db.Do(ctx, func(ctx context.Context) error {
				_ = organization(ctx, db, "org_4")
				panic("bug")
			})
		})
		assert.Equal(t, 2, firms(t, db), "so does a panic")
		assert.EqualValues(t, 1, commits.Load())
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return organization(ctx, db, "org_5") }), "and the connection is free again")
	})
}

func TestManyWriteAtOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		const writers, each = 16, 10
		for _, err := range atOnce(writers, func(i int) error {
			for j := range each {
				if err := db.Do(ctx, func(ctx context.Context) error { return organization(ctx, db, fmt.Sprintf("org_%d_%d", i, j)) }); err != nil {
					return err
				}
			}
			return nil
		}) {
			require.NoError(t, err)
		}
		assert.Equal(t, writers*each, firms(t, db))
	})
}

func TestOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *store.DB) {
		ctx := identity.With(context.Background(), identity.Actor{UserID: "usr_1"})
		ran := 0
		once := func(key string, input any, answer *string, fails error) error {
			return db.Once(ctx, key, "test", input, answer, func(context.Context) error {
				ran++
				*answer = fmt.Sprint("answer ", ran)
				return fails
			})
		}
		var first, again string
		assert.ErrorIs(t, once("k", 1, &first, errMind), errMind)
		require.NoError(t, once("k", 1, &first, nil), "a failure keeps no answer")
		require.NoError(t, once("k", 1, &again, nil))
		assert.Equal(t, "answer 2", first)
		assert.Equal(t, first, again)
		assert.ErrorIs(t, once("k", 2, &again, nil), fault.New(fault.Conflict, "idempotency.other_input"))
		assert.ErrorIs(t, once(strings.Repeat("k", 201), 1, &again, nil), fault.New(fault.Invalid, "idempotency.too_long"))
		require.NoError(t, once("", 1, &again, nil))
		require.NoError(t, once("", 1, &again, nil), "without a key nothing is kept")
		assert.Equal(t, "answer 4", again)

		require.NoError(t, db.ForgetAnswers(ctx, time.Now().Add(time.Hour)))
		require.NoError(t, once("k", 2, &again, nil), "an old key is free again")
		assert.Equal(t, 5, ran)
	})
}

func TestRowsComeBackAsTheyWere(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		kst := time.FixedZone("KST", 9*3600)
		want := []act.Act{
			{
				ID: "act_1", Kind: act.CustomerCreated, ActorID: "usr_1", DealerID: "dlr_1", CustomerID: "cus_1", DealID: "con_1", SubjectID: `it's "quoted" \ ? 한글 🚜`,
				DeviceID: "tablet", Facts: act.Facts{"n": 1.5, "yes": true, "text": `it's "quoted" \ ? 한글`, "list": []any{"a"}},
				OccurredAt: time.Date(2026, 3, 2, 9, 0, 0, 123_456_000, kst), ReceivedAt: time.Date(2026, 3, 2, 0, 0, 1, 0, time.UTC),
			},
			{ID: "act_2", Kind: act.PersonSignedIn, SubjectID: "s", Facts: act.Facts{}, OccurredAt: time.Unix(0, 0).UTC(), ReceivedAt: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)},
		}
		kept := append([]act.Act(nil), want...)
		require.NoError(t, store.Acts{DB: db}.Append(ctx, kept))
		var got []act.Act
		require.NoError(t, db.Read(ctx, &got))
		require.Len(t, got, len(want))
		for i := range got {
			assert.True(t, want[i].OccurredAt.Equal(got[i].OccurredAt), "%v", got[i].OccurredAt)
			assert.True(t, want[i].ReceivedAt.Equal(got[i].ReceivedAt), "%v", got[i].ReceivedAt)
			assert.Equal(t, want[i].Facts, got[i].Facts)
			assert.Equal(t, kept[i].Seq, got[i].Seq)
			want[i].OccurredAt, want[i].ReceivedAt, want[i].Seq = got[i].OccurredAt, got[i].ReceivedAt, got[i].Seq
			want[i].Transaction = got[i].Transaction
			assert.Equal(t, want[i], got[i])
		}
		n, err := db.Count(ctx, "acts", "actor_id IS NULL AND dealer_id IS NULL AND device_id IS NULL AND deal_id IS NULL")
		require.NoError(t, err)
		assert.Equal(t, 1, n, "nothing is NULL, not an empty text")
	})
}

func TestAnActIsRecordedOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *store.DB) {
		a := act.Act{ID: "act_1", Kind: act.PersonSignedIn, SubjectID: "s", Facts: act.Facts{}, OccurredAt: opening, ReceivedAt: opening}
		require.NoError(t, store.Acts{DB: db}.Append(context.Background(), []act.Act{a}))
		assert.Error(t, store.Acts{DB: db}.Append(context.Background(), []act.Act{a}))
	})
}

func TestManyRowsGoInAtOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		sales := make([]insight.Sale, 10_000)
		for i := range sales {
			sales[i] = insight.Sale{
				ID: fmt.Sprintf("sal_%05d", i), Source: insight.FromImport, DealerID: "dlr_gimje", RegionCode: "52",
				Quantity: 1, Amount: 40_000_000, Channel: "DIGITAL", SoldAt: opening,
			}
		}
		require.NoError(w, store.Sales{DB: w.db}.AddSales(context.Background(), sales...))
		require.NoError(w, store.Sales{DB: w.db}.AddSales(context.Background()), "none is fine, too")
		assert.Equal(w, len(sales), w.count("sales", "cancelled_at IS NULL"))
		require.NoError(w, store.Sales{DB: w.db}.CancelSale(context.Background(), "sal_00007", opening))
		assert.Equal(w, 1, w.count("sales", "cancelled_at IS NOT NULL"))
	})
}

func TestReadsGoToReplicasAndWritesDoNot(t *testing.T) {
	t.Parallel()
	primary, replica := postgres(t), postgres(t)
	ctx := context.Background()
	require.NoError(t, organization(ctx, opened(t, store.Config{URL: replica}), "org_replica"))
	db := opened(t, store.Config{URL: primary, Replicas: []string{replica}})
	require.NoError(t, organization(ctx, db, "org_primary"))
	both := []string{"org_primary", "org_replica"}
	people := store.People{DB: db}

	rows, err := people.OrganizationsByID(ctx, both)
	require.NoError(t, err)
	require.Len(t, rows, 1)
	assert.Equal(t, "org_replica", rows[0].ID, "a read outside a transaction")
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		rows, err = people.OrganizationsByID(ctx, both)
		return err
	}))
	require.Len(t, rows, 1)
	assert.Equal(t, "org_primary", rows[0].ID, "a read inside one")
}

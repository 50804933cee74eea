package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/ids"
	"dure/adapters/store"
	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/insight"
	"dure/domain/kst"
	"dure/domain/work"
)

// importer brings sales into the world's database.
func (w *world) importer() *insight.Importer {
	sales := store.Sales{DB: w.db}
	return &insight.Importer{
		Kit: work.Kit{Unit: w.db, Now: w.now, NewID: ids.New}, Store: sales, IDAt: ids.At,
		Acts: &act.Log{Store: store.Acts{DB: w.db}, Followers: []act.Follower{insight.Projection{Store: sales}}},
	}
}

const salesHeader = "dealer,product,quantity,amount,sold_at,channel\n"

func TestImportedSalesAreActsAndFigures(t *testing.T) {
	eachWorld(t, func(w *world) {
		file := salesHeader +
			"0000000010,DR55,1,42000000,2024-03-02,PAPER\n" +
			"0000000010,DR55,1,42000000,2024-03-02,PAPER\n" + // two farmers on one day
			"0000000029,DR50,2,70000000,2023-04-11,DIGITAL\n"
		result, err := w.importer().Import(w.hq, strings.NewReader(file))
		require.NoError(w, err)
		assert.Equal(w, &insight.ImportResult{Added: 3}, result)

		var acts []act.Act
		require.NoError(w, w.db.Read(context.Background(), &acts))
		require.Len(w, acts, 3)
		first := acts[0]
		assert.Equal(w, act.SaleImported, first.Kind)
		assert.Equal(w, "dlr_iksan", first.DealerID)
		assert.Equal(w, first.ID, first.SubjectID)
		assert.Equal(w, kst.Date(2023, time.April, 11), first.OccurredAt.UTC())
		assert.Equal(w, w.now(), first.ReceivedAt.UTC())
		assert.Equal(w, "usr_hq", first.ActorID)
		assert.Equal(w, []any{"52", "prd_50", 2.0, 70_000_000.0, "DIGITAL"}, []any{
			first.Facts.Text("regionCode"), first.Facts.Text("productId"), first.Facts.Number("quantity"), first.Facts.Number("price"), first.Facts.Text("channel"),
		})
		assert.Equal(w, 3, w.count("sales", "source = ? AND cancelled_at IS NULL", insight.FromImport))
		assert.Equal(w, 2, w.count("sales", "dealer_id = ? AND amount = ?", "dlr_gimje", 42_000_000))

		w.Run("the same file again adds nothing", func(*testing.T) {
			result, err := w.importer().Import(w.hq, strings.NewReader(file))
			require.NoError(w, err)
			assert.Equal(w, &insight.ImportResult{Known: 3}, result)
		})
		w.Run("a longer file, in another order and spelling, adds what is new", func(*testing.T) {
			longer := "계약방식,판매일,금액,수량,제품,대리점\n" +
				"전자,2023-04-11,\"70,000,000\",2,두레 50,000-00-00029\n종이,2024-03-02,42000000,1,DR55,dlr_gimje\n" +
				"종이,2024-03-02,42000000,1,DR55,dlr_gimje\n종이,2024-03-02,42000000,1,DR55,dlr_gimje\n"
			result, err := w.importer().Import(w.hq, strings.NewReader(longer))
			require.NoError(w, err)
			assert.Equal(w, &insight.ImportResult{Added: 1, Known: 3}, result)
			assert.Equal(w, 4, w.count("acts", "1 = 1"))
			assert.Equal(w, 4, w.count("sales", "1 = 1"))
		})
	})
}

func TestOneBadLineKeepsTheWholeFileOut(t *testing.T) {
	eachWorld(t, func(w *world) {
		file := salesHeader + strings.Repeat("0000000010,DR55,1,42000000,2024-03-02,PAPER\n", 3_000) + "0000000010,DR55,1,42000000,2024-13-02,PAPER\n"
		_, err := w.importer().Import(w.hq, strings.NewReader(file))
		var bad insight.BadLines
		require.ErrorAs(w, err, &bad)
		require.Len(w, bad, 1)
		assert.Equal(w, 3_002, bad[0].Line)
		assert.Equal(w, "import.bad_day", bad[0].Fault.Key)
		assert.Zero(w, w.count("acts", "1 = 1"))
		assert.Zero(w, w.count("sales", "1 = 1"))
	})
}

// failingLog fails after a number of records, as a database that goes away would.
type failingLog struct {
	act.Recorder
	left int
}

func (l *failingLog) Record(ctx context.Context, acts ...act.Act) error {
	if l.left--; l.left < 0 {
		return context.DeadlineExceeded
	}
	return l.Recorder.Record(ctx, acts...)
}

func TestAFailureInTheMiddleImportsNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		importer := w.importer()
		importer.Acts = &failingLog{importer.Acts, 1}
		_, err := importer.Import(w.hq, strings.NewReader(salesHeader+strings.Repeat("0000000010,DR55,1,42000000,2024-03-02,PAPER\n", 5_000)))
		require.ErrorIs(w, err, context.DeadlineExceeded)
		assert.Zero(w, w.count("acts", "1 = 1"))
		assert.Zero(w, w.count("sales", "1 = 1"))
	})
}

func TestOnlyHeadOfficeImportsSales(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, who := range []context.Context{w.gimje, w.rep, w.lender, w.nobody} {
			_, err := w.importer().Import(who, strings.NewReader(salesHeader))
			assert.Contains(w, []fault.Code{fault.Forbidden, fault.Unauthenticated}, fault.CodeOf(err))
		}
		result, err := w.importer().Import(identity.With(w.nobody, identity.System), strings.NewReader(salesHeader))
		require.NoError(w, err)
		assert.Equal(w, &insight.ImportResult{}, result)
	})
}

func BenchmarkImportOfAHundredThousandSales(b *testing.B) {
	var file strings.Builder
	file.WriteString(salesHeader)
	for i := range 100_000 {
		fmt.Fprintf(&file, "0000000010,DR55,1,%d,2024-03-02,PAPER\n", 42_000_000+i)
	}
	for b.Loop() {
		b.StopTimer()
		config := store.Config{File: b.TempDir() + "/dure.db"}
		require.NoError(b, migrate(config))
		db, err := store.Open(context.Background(), config)
		require.NoError(b, err)
		b.StartTimer()
		importInto(b, db, file.String())
		require.NoError(b, db.Close())
	}
}

func importInto(b *testing.B, db *store.DB, file string) {
	b.Helper()
	w := &world{db: db}
	ctx := identity.With(context.Background(), identity.System)
	require.NoError(b, db.Load(ctx, benchDealers()...))
	result, err := w.importer().Import(ctx, strings.NewReader(file))
	require.NoError(b, err)
	require.Equal(b, 100_000, result.Added)
}

package integration_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"dure/adapters/documents"
	"dure/adapters/store"
	"dure/internal/testservers"
	"dure/jobs"
)

// shared is what every test of this process uses and none changes: a folder
// with an SQLite file that is copied for each world, and the signing key.
var shared struct {
	folder string
	signer *documents.Signer
}

// quiet keeps what services remark out of the tests' output.
var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) (code int) {
	folder, err := os.MkdirTemp("", "dure-integration-")
	if err == nil {
		shared.folder = folder
		defer func() { _ = os.RemoveAll(folder) }()
		shared.signer, err = documents.LoadOrCreateSigner(folder, "Dure", opening.AddDate(-5, 0, 0))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "prepare the suite:", err)
		return 1
	}
	return testservers.Suite(m).Run()
}

// eachWorld runs a test in a fresh world on either pair of engines.
func eachWorld(t *testing.T, test func(w *world)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(newWorld(t, store.Config{File: lite(t)}))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(newWorld(t, store.Config{URL: testservers.Postgres(t, func(url string) error { return prepare(store.Config{URL: url}) })}))
	})
}

var prepareLite = sync.OnceValue(func() error { return prepare(store.Config{File: filepath.Join(shared.folder, "dure.db")}) })

// lite returns the file of a fresh, settled SQLite database.
func lite(t *testing.T) string {
	t.Helper()
	require.NoError(t, prepareLite())
	content, err := os.ReadFile(filepath.Join(shared.folder, "dure.db"))
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "dure.db")
	require.NoError(t, os.WriteFile(file, content, 0o600))
	return file
}

// prepare migrates an empty database and settles people, places and products in it.
func prepare(c store.Config) error {
	ctx := context.Background()
	db, err := store.Open(ctx, c)
	if err != nil {
		return err
	}
	err = db.Migrate(ctx)
	if err == nil {
		_, err = jobs.OpenLibrary(ctx, db.SQL(), db.PostgreSQL(), store.Tx, &jobs.Work{}, quiet)
	}
	if err == nil {
		err = settle(ctx, rows(db))
	}
	return errors.Join(err, db.Close())
}

// rows speaks SQL for a test, beside the store.
func rows(db *store.DB) *bun.DB {
	if db.PostgreSQL() {
		return bun.NewDB(db.SQL(), pgdialect.New())
	}
	return bun.NewDB(db.SQL(), sqlitedialect.New())
}

// atOnce calls do n times at the same moment and returns what each returned.
func atOnce(n int, do func(i int) error) []error {
	failed := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			failed[i] = do(i)
		})
	}
	close(start)
	all.Wait()
	return failed
}

// insert writes rows as they are, for setting a test's scene.
func (w *world) insert(models any) {
	w.Helper()
	_, err := rows(w.db).NewInsert().Model(models).Exec(context.Background())
	require.NoError(w, err)
}

// count counts the rows of a table that match a condition.
func (w *world) count(table, where string, args ...any) int {
	w.Helper()
	n, err := rows(w.db).NewSelect().TableExpr(table).Where(where, args...).Count(context.Background())
	require.NoError(w, err)
	return int(n)
}

// tables are all that a refused mutation must leave as they were.
var tables = []string{
	"customers", "consents", "consultations", "showings", "quotes", "contracts", "evidence_events", "sales",
	"visits", "shipments", "shipment_events", "delivery_proofs", "photos", "documents", "partner_changes",
	"finance_applications", "stipulations", "shares", "access_entries",
	"customer_links",
	"voices", "voice_answers", "voice_files", "ideas", "idea_steps", "idea_supports", "release_notes", "release_note_answers",
	"passkeys", "challenges", "sessions", "subjects", "users", "staff", "organizations",
	"acts", "ledger_entries", "dealer_totals", "idempotency_keys", "river_job",
}

// written is how many rows each table has, and how often rows were changed.
func (w *world) written() map[string]int {
	w.Helper()
	n := map[string]int{}
	for _, t := range tables {
		n[t] = w.count(t, "1 = 1")
	}
	for _, t := range []string{"customers", "consultations", "quotes", "contracts", "shipments", "finance_applications"} {
		var versions sql.NullInt64
		require.NoError(w, rows(w.db).NewSelect().TableExpr(t).ColumnExpr("SUM(version)").Scan(context.Background(), &versions))
		n[t+" versions"] = int(versions.Int64)
	}
	return n
}

// unchanged checks that do writes nothing.
func (w *world) unchanged(name string, do func()) {
	w.Helper()
	before := w.written()
	do()
	assert.Equal(w, before, w.written(), "%s: something was written", name)
}

package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"dure/adapters/store"
	"dure/internal/testservers"
)

func TestMain(m *testing.M) { os.Exit(testservers.Suite(m).Run()) }

// eachEngine runs a test on an empty, migrated database of either engine.
func eachEngine(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		config := store.Config{File: filepath.Join(t.TempDir(), "dure.db")}
		require.NoError(t, migrate(config))
		test(t, opened(t, config))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(t, opened(t, store.Config{URL: postgres(t)}))
	})
}

// postgres returns the URL of an empty, migrated PostgreSQL database.
func postgres(t *testing.T) string {
	t.Helper()
	return testservers.Postgres(t, func(url string) error { return migrate(store.Config{URL: url}) })
}

func migrate(c store.Config) error {
	ctx := context.Background()
	db, err := store.Open(ctx, c)
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx), db.Close())
}

func opened(t *testing.T, c store.Config) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// atOnce calls do n times at the same moment and returns what each returned.
func atOnce(n int, do func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

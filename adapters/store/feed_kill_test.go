package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/store"
	"dure/domain/feed"
	"dure/domain/identity"
)

// feedWriter is the environment variable that turns this test's binary into a
// writer: the database's address, or its file.
const feedWriter = "DURE_TEST_FEED_WRITER"

func configOf(where string) store.Config {
	if strings.HasPrefix(where, "postgres") {
		return store.Config{URL: where}
	}
	return store.Config{File: where}
}

// TestFeedWriter is the other process. It posts, holding each transaction open
// for as long as chance has it, until it is killed.
func TestFeedWriter(t *testing.T) {
	where := os.Getenv(feedWriter)
	if where == "" {
		return // run by itself it is nothing
	}
	db := opened(t, configOf(where))
	ctx, log := context.Background(), store.Feed{DB: db}
	for n := 0; ; n++ {
		c := change("org_lender", 0)
		c.ID = fmt.Sprintf("chg_%d_%d", os.Getpid(), n)
		err := db.Do(ctx, func(ctx context.Context) error {
			if err := log.Post(ctx, c); err != nil {
				return err
			}
			<-time.NewTimer(time.Duration(rand.IntN(5_000)) * time.Microsecond).C
			c.ID += "_second"
			return log.Post(ctx, c)
		})
		if err == nil { // a busy database is tried again
			fmt.Println("committed")
		}
	}
}

// writeAndDie runs a writer until it committed a few times, and kills it a moment later.
func writeAndDie(where string) error {
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	command := exec.Command(binary, "-test.run=^TestFeedWriter$")
	command.Env = append(os.Environ(), feedWriter+"="+where)
	said, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(said)
	for range 2 + rand.IntN(6) {
		lines.Scan()
	}
	<-time.NewTimer(time.Duration(rand.IntN(5_000)) * time.Microsecond).C
	err = command.Process.Kill()
	_ = command.Wait() // says that it was killed
	return err
}

// Sixteen processes write and are killed in the middle of what they do; a reader
// that pages all the while sees what was committed, each change once.
func TestAFeedOutlivesWritersThatAreKilled(t *testing.T) {
	const writers, lives = 16, 2
	fire := func(t *testing.T, where string) {
		db := opened(t, configOf(where))
		ctx, log := context.Background(), store.Feed{DB: db}
		require.NoError(t, db.Insert(ctx, &[]identity.Organization{{ID: "org_lender", Name: "들녘캐피탈", Kind: identity.FinanceCompany}}))
		dead := make(chan []error, 1)
		go func() {
			dead <- atOnce(writers, func(int) error {
				for range lives {
					if err := writeAndDie(where); err != nil {
						return err
					}
				}
				return nil
			})
		}()
		got, last, writing := map[string]int{}, feed.Change{}, true
		require.Eventually(t, func() bool {
			rows, err := log.After(ctx, "org_lender", last.Batch, last.Seq, 50)
			require.NoError(t, err)
			for _, r := range rows {
				got[r.ID]++
				last = r
			}
			select {
			case errs := <-dead:
				writing = false
				for _, err := range errs {
					require.NoError(t, err)
				}
			default:
			}
			return !writing && len(rows) == 0 && len(got) == count(t, db)
		}, 90*time.Second, time.Millisecond)
		assert.Greater(t, len(got), 2*writers*lives)
		for id, times := range got {
			assert.Equal(t, 1, times, "%s was read again", id)
			first, isSecond := strings.CutSuffix(id, "_second")
			assert.Equal(t, 1, got[first], "%s is there by halves", id)
			if !isSecond {
				assert.Equal(t, 1, got[id+"_second"], "%s is there by halves", id)
			}
		}
	}
	t.Run("SQLite", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "dure.db")
		require.NoError(t, migrate(store.Config{File: file}))
		fire(t, file)
	})
	t.Run("PostgreSQL", func(t *testing.T) { fire(t, postgres(t)) })
}

func count(t *testing.T, db *store.DB) int {
	t.Helper()
	n, err := db.Count(context.Background(), "partner_changes", "1 = 1")
	require.NoError(t, err)
	return n
}

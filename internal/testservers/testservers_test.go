package testservers_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"dure/internal/testservers"
)

func TestMain(m *testing.M) {
	if os.Getenv("TEST_SERVERS_CHILD") != "" {
		startAndHang()
	}
	goleak.VerifyTestMain(testservers.Suite(m))
}

func TestPostgres(t *testing.T) {
	ctx := context.Background()
	migrate := func(url string) error {
		connection, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer connection.Close(ctx)
		_, err = connection.Exec(ctx, "CREATE TABLE tractors (name TEXT)")
		return err
	}
	count := func(t *testing.T, url string) (n int) {
		connection, err := pgx.Connect(ctx, url)
		require.NoError(t, err)
		defer connection.Close(ctx)
		_, err = connection.Exec(ctx, "INSERT INTO tractors VALUES ('트랙터')")
		require.NoError(t, err)
		require.NoError(t, connection.QueryRow(ctx, "SELECT count(*) FROM tractors").Scan(&n))
		return n
	}
	t.Run("each test has a database of its own, already migrated", func(t *testing.T) {
		first, second := testservers.Postgres(t, migrate), testservers.Postgres(t, migrate)
		assert.NotEqual(t, first, second)
		assert.Equal(t, 1, count(t, first))
		assert.Equal(t, 1, count(t, second))
	})
}

func TestRedis(t *testing.T) {
	ctx := context.Background()
	open := func(t *testing.T, url string) *redis.Client {
		options, err := redis.ParseURL(url)
		require.NoError(t, err)
		client := redis.NewClient(options)
		t.Cleanup(func() { _ = client.Close() })
		return client
	}
	t.Run("each test has a database of its own", func(t *testing.T) {
		first, second := open(t, testservers.Redis(t)), open(t, testservers.Redis(t))
		require.NoError(t, first.Set(ctx, "name", "value", 0).Err())
		assert.Equal(t, redis.Nil, second.Get(ctx, "name").Err())
	})
	t.Run("an own server can be killed", func(t *testing.T) {
		server := testservers.OwnRedis(t)
		client := open(t, server.URL)
		require.NoError(t, client.Ping(ctx).Err())
		server.Kill()
		assert.Error(t, client.Ping(ctx).Err())
	})
	t.Run("a cluster answers on every slot", func(t *testing.T) {
		client := redis.NewClusterClient(&redis.ClusterOptions{Addrs: strings.Split(strings.ReplaceAll(testservers.RedisCluster(t), "redis://", ""), ",")})
		t.Cleanup(func() { _ = client.Close() })
		for _, key := range []string{"a", "b", "c", "d", "e", "f"} {
			require.NoError(t, client.Set(ctx, key, "value", 0).Err())
		}
	})
}

// TestServersEndWithTheirParent kills a process that started servers, and
// expects those to be gone too.
func TestServersEndWithTheirParent(t *testing.T) {
	testservers.Redis(t) // skips where Redis is missing
	testservers.Postgres(t, nil)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "TEST_SERVERS_CHILD=1")
	output, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	ready := make([]byte, 1)
	_, err = output.Read(ready)
	require.NoError(t, err)
	folders, err := filepath.Glob(filepath.Join(os.TempDir(), "dure-test-servers-"+strconv.Itoa(child.Process.Pid)+"-*"))
	require.NoError(t, err)
	require.Len(t, folders, 2)
	require.NoError(t, child.Process.Kill())
	_ = child.Wait()
	assert.Eventually(t, func() bool {
		for _, folder := range folders {
			if running(folder) {
				return false
			}
		}
		return true
	}, 10*time.Second, 20*time.Millisecond)
	for _, folder := range folders {
		assert.NoError(t, os.RemoveAll(folder))
	}
}

// running reports whether a process names folder in its command line.
func running(folder string) bool {
	commands, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, command := range commands {
		if text, err := os.ReadFile(command); err == nil && strings.Contains(string(text), folder) {
			return true
		}
	}
	return false
}

// startAndHang is the child of TestServersEndWithTheirParent.
func startAndHang() {
	ctx := context.Background()
	if _, err := testservers.StartRedis(ctx); err != nil {
		os.Exit(2)
	}
	if _, err := testservers.StartPostgres(ctx); err != nil {
		os.Exit(3)
	}
	_, _ = os.Stdout.WriteString("1")
	select {}
}

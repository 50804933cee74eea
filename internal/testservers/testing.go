package testservers

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// The servers that the tests of one process share, each started at first use.
var (
	sharedPostgres = shared{name: "PostgreSQL", start: func(ctx context.Context) (*Server, error) { return StartPostgres(ctx) }}
	sharedRedis    = shared{name: "Redis", start: StartRedis}
	sharedCluster  = shared{name: "Redis", start: StartRedisCluster}

	template     sync.Once
	templateErr  error
	databaseID   atomic.Int64
	redisNumbers atomic.Int64
)

const templateName = "template_dure"

// Suite wraps the tests of a package so that shared servers stop at their end:
//
//	func TestMain(m *testing.M) { os.Exit(testservers.Suite(m).Run()) }
//	func TestMain(m *testing.M) { goleak.VerifyTestMain(testservers.Suite(m)) }
func Suite(m *testing.M) interface{ Run() int } { return suite{m} }

type suite struct{ *testing.M }

// Run runs the tests, then stops the shared servers.
func (s suite) Run() int {
	defer StopShared()
	return s.M.Run()
}

// StopShared stops the shared servers of this process. Suite calls it.
func StopShared() {
	for _, s := range []*shared{&sharedPostgres, &sharedRedis, &sharedCluster} {
		s.stop()
	}
}

// Postgres returns the URL of a fresh database that is dropped when t ends. It
// is a copy of one that migrate prepared, once a process; a nil migrate leaves
// it empty. migrate must have closed its connections when it returns. Without
// PostgreSQL on the machine t is skipped, under CI=true it fails.
func Postgres(t testing.TB, migrate func(url string) error) string {
	t.Helper()
	server := sharedPostgres.get(t)
	source := "template1"
	if migrate != nil {
		source = templateName
		template.Do(func() {
			if templateErr = execute(server.URL, "CREATE DATABASE "+templateName); templateErr == nil {
				templateErr = migrate(databaseURL(server.URL, templateName))
			}
		})
		if templateErr != nil {
			t.Fatalf("prepare the template database: %v", templateErr)
		}
	}
	name := fmt.Sprintf("test_%d", databaseID.Add(1))
	if err := execute(server.URL, "CREATE DATABASE "+name+" TEMPLATE "+source); err != nil {
		t.Fatalf("create database: %v", err)
	}
	t.Cleanup(func() {
		if err := execute(server.URL, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop database: %v", err)
		}
	})
	return databaseURL(server.URL, name)
}

// Redis returns the URL of an empty database on a Redis that the tests of this
// process share: do not FLUSHALL it, and take OwnRedis to stop it. Without
// redis-server on the machine t is skipped, under CI=true it fails.
func Redis(t testing.TB) string {
	t.Helper()
	number := redisNumbers.Add(1)
	if number >= databases {
		t.Fatalf("more than %d Redis databases in one process", databases)
	}
	return fmt.Sprintf("%s/%d", sharedRedis.get(t).URL, number)
}

// RedisCluster returns the URL, a comma list, of a cluster that the tests of
// this process share, and which other tests may have written to.
func RedisCluster(t testing.TB) string {
	t.Helper()
	return sharedCluster.get(t).URL
}

// OwnRedis starts a Redis for t alone, to flush, pause or kill as it likes.
func OwnRedis(t testing.TB) *Server {
	t.Helper()
	server, err := StartRedis(context.Background())
	need(t, "Redis", err)
	t.Cleanup(server.Stop)
	return server
}

// need skips t when a server is not installed, or fails it where that must not happen.
func need(t testing.TB, name string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if errors.Is(err, ErrMissing) && os.Getenv("CI") != "true" {
		t.Skipf("needs %s: run make test", name)
	}
	t.Fatalf("needs %s: %v", name, err)
}

// shared is a server that starts at its first use.
type shared struct {
	name   string
	start  func(context.Context) (*Server, error)
	mutex  sync.Mutex
	server *Server
	err    error
}

func (s *shared) get(t testing.TB) *Server {
	t.Helper()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.server == nil && s.err == nil {
		s.server, s.err = s.start(context.Background())
	}
	need(t, s.name, s.err)
	return s.server
}

func (s *shared) stop() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.server != nil {
		s.server.Stop()
		s.server = nil
	}
}

// databaseURL returns address with another database name.
func databaseURL(address, name string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		panic(err) // the address is our own
	}
	parsed.Path = "/" + name
	return parsed.String()
}

// execute runs one statement on a connection of its own.
func execute(address, statement string) error {
	ctx := context.Background()
	connection, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer connection.Close(ctx)
	_, err = connection.Exec(ctx, statement)
	return err
}

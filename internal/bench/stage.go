package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"dure/internal/testservers"
)

// stage is what the benchmarks share: private servers, the whole demo world in
// PostgreSQL, and the processes that are measured. Each part starts at its first
// use.
type stage struct {
	began    time.Time
	folder   string
	key      string // master key of every process
	postgres *testservers.Server
	redis    *testservers.Server

	ours  *child // the binary, serving the demo world
	stock *child // stock gqlgen over the same services
	bare  *child // net/http and Redis alone
	said  *child // net/http and PostgreSQL alone, saying what a lender's requests said
	house *house // the same services inside the bench

	standings *standings
}

func openStage() (*stage, error) {
	s := &stage{began: time.Now()}
	if _, err := cpuOf(os.Getpid()); err != nil {
		return nil, err
	}
	master := make([]byte, 32)
	_, _ = rand.Read(master) // never fails
	s.key = hex.EncodeToString(master)
	var err error
	if s.folder, err = os.MkdirTemp("", "dure-bench-"); err != nil {
		return nil, err
	}
	return s, nil
}

// say tells the person at the terminal how far the run has come.
func (s *stage) say(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, "%6.1f s  %s\n", time.Since(s.began).Seconds(), fmt.Sprintf(format, arguments...))
}

// open seeds the demo world by the binary's own hand and opens the house on it.
func (s *stage) open(ctx context.Context) (err error) {
	if s.house != nil {
		return nil
	}
	if s.postgres, err = testservers.StartPostgres(ctx); err != nil {
		return err
	}
	if s.redis, err = testservers.StartRedis(ctx); err != nil {
		return err
	}
	s.say("PostgreSQL and Redis run")
	if err := s.startOurs(ctx); err != nil {
		return err
	}
	s.say("the binary serves the demo world")
	if s.standings != nil {
		<-s.standings.filled // nothing is measured beside it
	}
	s.house, err = openHouse(ctx, s.houseConfig("bench", 0))
	return err
}

// houseConfig is that of a house of its own folder on a numbered Redis database.
func (s *stage) houseConfig(name string, redis int) houseConfig {
	return houseConfig{
		databaseURL: s.postgres.URL, redisURL: fmt.Sprintf("%s/%d", s.redis.URL, redis), key: s.key, folder: s.data(name), log: quiet,
	}
}

func (s *stage) data(name string) string { return filepath.Join(s.folder, name) }

// startOurs builds the binary and serves the whole demo world with it.
func (s *stage) startOurs(ctx context.Context) error {
	binary := s.data("dure")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "dure/cmd/dure")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build the binary: %w", err)
	}
	s.say("the binary is built")
	address, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	command := exec.Command(binary, "serve", "--demo", "--demo-size=full") //nolint:noctx // stop ends it in good order
	command.Env = append(os.Environ(), "DURE_ADDR="+address, "DURE_DATA="+s.data("ours"), "DURE_KEY="+s.key,
		"DURE_DATABASE_URL="+s.postgres.URL, "DURE_REDIS_URL="+s.redis.URL+"/0")
	s.ours, err = startChild(ctx, "ours", s.folder, address, "/readyz", command)
	return err
}

// startRole runs the bench itself as a baseline.
func (s *stage) startRole(ctx context.Context, role, ready string, arguments ...string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	command := exec.Command(self, append([]string{role, "-addr", address}, arguments...)...) //nolint:noctx // stop ends it in good order
	command.Env = append(os.Environ(), "DURE_KEY="+s.key)
	return startChild(ctx, role, s.folder, address, ready, command)
}

// openStock opens the stage and serves stock gqlgen on it.
func (s *stage) openStock(ctx context.Context) error {
	if err := s.open(ctx); err != nil || s.stock != nil {
		return err
	}
	child, err := s.startRole(ctx, "stock", "/readyz", "-database", s.postgres.URL, "-redis", s.redis.URL+"/0", "-data", s.data("stock"))
	s.stock = child
	return err
}

// clear stops the servers, so that what runs inside the bench has the machine
// to itself.
func (s *stage) clear() {
	for _, c := range []**child{&s.ours, &s.stock, &s.bare, &s.said} {
		(*c).stop()
		*c = nil
	}
}

// Close stops everything and removes what was written.
func (s *stage) Close() error {
	var failed []error
	s.clear()
	if s.standings != nil {
		failed = append(failed, s.standings.Close())
	}
	if s.house != nil {
		failed = append(failed, s.house.Close())
	}
	for _, server := range []*testservers.Server{s.postgres, s.redis} {
		if server != nil {
			server.Stop()
		}
	}
	return errors.Join(append(failed, os.RemoveAll(s.folder))...)
}

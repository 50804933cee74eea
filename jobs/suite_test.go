package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"dure/adapters/live"
	"dure/adapters/store"
	"dure/domain/act"
	"dure/domain/channel"
	"dure/domain/iq"
	"dure/domain/leaderboard"
	"dure/internal/testservers"
	"dure/jobs"
)

func TestMain(m *testing.M) { os.Exit(testservers.Suite(m).Run()) }

// quiet keeps what the relay and the library remark out of the tests' output.
var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// opening is the moment that every scene stands still at.
var opening = time.Date(2026, 11, 24, 0, 30, 0, 0, time.UTC)

// season is what opening falls into.
var season = boardSeason(iq.SeasonOf(opening))

func boardSeason(s iq.Season) leaderboard.Season {
	return leaderboard.Season{Key: s.Key, Start: s.Start, End: s.End}
}

// soon bounds how long a test waits for what must happen within seconds.
const soon = 20 * time.Second

// scene is a ledger of a few dealers, and the boards beside it.
type scene struct {
	*testing.T

	db     *store.DB
	redis  *live.Redis
	server *testservers.Server // the Redis of this scene alone; nil with the embedded one
	ids    atomic.Int64
}

// eachScene runs a test on SQLite with the embedded boards, and on PostgreSQL
// with a Redis of its own.
func eachScene(t *testing.T, test func(s *scene)) {
	t.Helper()
	t.Parallel() // most of them wait most of the time
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		config := store.Config{File: filepath.Join(t.TempDir(), "dure.db")}
		require.NoError(t, settle(config))
		test(newScene(t, config, nil))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		test(newScene(t, postgres(t), testservers.OwnRedis(t)))
	})
}

func postgres(t *testing.T) store.Config {
	t.Helper()
	return store.Config{URL: testservers.Postgres(t, func(url string) error { return settle(store.Config{URL: url}) })}
}

func newScene(t *testing.T, config store.Config, server *testservers.Server) *scene {
	t.Helper()
	s := &scene{T: t, server: server}
	var err error
	s.db, err = store.Open(context.Background(), config)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.db.Close()) })
	boards := live.Config{Log: quiet, WriteTimeout: time.Second, ReadTimeout: time.Second}
	if server != nil {
		boards.URL = server.URL
	}
	s.redis, err = live.Open(context.Background(), boards)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.redis.Close()) })
	return s
}

// dealers are who stands on the scene's boards.
var dealers = []string{"dlr_gimje", "dlr_iksan", "dlr_buan"}

// settle migrates an empty database and puts the dealers there.
func settle(c store.Config) error {
	ctx := context.Background()
	db, err := store.Open(ctx, c)
	if err != nil {
		return err
	}
	since := opening.AddDate(-5, 0, 0)
	scene := []any{
		&channel.Region{Code: "52", Name: "전북", NameEn: "Jeonbuk", ValidFrom: since},
		&channel.District{Code: "52210", RegionCode: "52", Name: "김제시", ValidFrom: since},
		&channel.Territory{ID: "ter_west", Name: "전북 서부", RegionCode: "52"},
	}
	for i, id := range dealers {
		scene = append(scene, &channel.Dealer{
			ID: id, Name: id, BusinessNumber: fmt.Sprintf("00000000%02d", i), OwnerName: "주인", RegionCode: "52", DistrictCode: "52210", TerritoryID: "ter_west", OpenedOn: since, Version: 1,
		})
	}
	err = db.Migrate(ctx)
	for _, row := range scene {
		if err == nil {
			_, err = rows(db).NewInsert().Model(row).Exec(ctx)
		}
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

// post posts points to a dealer in ctx's transaction, as if an act had earned them.
func (s *scene) post(ctx context.Context, dealer string, points int) error {
	n, ledger := s.ids.Add(1), store.Ledger{DB: s.db}
	a := act.Act{ID: fmt.Sprintf("act_%d", n), Kind: act.ContractSigned, DealerID: dealer, SubjectID: "ctr", Facts: act.Facts{}, OccurredAt: opening, ReceivedAt: opening}
	if err := (store.Acts{DB: s.db}).Append(ctx, []act.Act{a}); err != nil {
		return err
	}
	total, err := ledger.LockTotal(ctx, season.Key, dealer)
	if err != nil {
		return err
	}
	entries := []iq.LedgerEntry{{
		ID: fmt.Sprintf("led_%d", n), Season: season.Key, DealerID: dealer, RuleKey: "contract.signed", RulebookVersion: 1, ActID: a.ID, ActKind: a.Kind, Kind: iq.Earned,
		Points: points, VestsAt: opening, OccurredAt: opening, PostedAt: opening, Explanation: "iq.earned", TotalAfter: total.Points + points,
	}}
	if err := ledger.Post(ctx, entries); err != nil {
		return err
	}
	total.Points, total.EntrySeq, total.ReachedAt = total.Points+points, entries[0].Seq, opening
	return ledger.SaveTotal(ctx, total)
}

// give posts points in a transaction of their own.
func (s *scene) give(dealer string, points int) {
	s.Helper()
	require.NoError(s, s.db.Do(context.Background(), func(ctx context.Context) error { return s.post(ctx, dealer, points) }))
}

// log joins the two stores that a relay reads.
type log struct {
	store.Standings
	store.Progress
}

func (s *scene) log() log { return log{store.Standings{DB: s.db}, store.Progress{DB: s.db}} }

func (s *scene) relay(holder string) *jobs.Relay { return s.relayOf(holder, s.log()) }

func (s *scene) relayOf(holder string, l jobs.Log) *jobs.Relay {
	return jobs.NewRelay(jobs.Relay{
		Log: l, Boards: s.redis.Boards(), Holder: holder, Now: func() time.Time { return opening },
		Live: func(time.Time) []leaderboard.Season { return []leaderboard.Season{season} }, Logger: quiet,
	})
}

// run runs a relay until stop is called or the test ends.
func (s *scene) run(r *jobs.Relay) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Run(ctx)
	}()
	stop = func() { cancel(); <-ended }
	s.Cleanup(stop)
	return stop
}

// shown is what the nation's board shows; nil while it is away.
func (s *scene) shown() map[string]int {
	view, err := s.redis.Boards().Read(context.Background(), season, leaderboard.Board{Season: season.Key, Scope: leaderboard.Nation}, "2026-11-24", leaderboard.Range{Limit: 10})
	if err != nil {
		return nil
	}
	points := map[string]int{}
	for _, p := range view.Places {
		points[p.DealerID] = p.Points
	}
	return points
}

// becomes waits until the nation's board shows want.
func (s *scene) becomes(want map[string]int, why string) {
	s.Helper()
	var got map[string]int
	if !assert.Eventually(s, func() bool { got = s.shown(); return assert.ObjectsAreEqual(want, got) }, soon, 10*time.Millisecond, why) {
		require.Equal(s, want, got, why)
	}
}

// flush empties Redis, as FLUSHALL or a restart without its memory does.
func (s *scene) flush() {
	s.Helper()
	require.NoError(s, s.client().FlushAll(context.Background()).Err())
}

// client speaks to Redis for a test, beside the boards.
func (s *scene) client() *redis.Client {
	s.Helper()
	url := s.redis.URL()
	if s.server != nil {
		url = s.server.URL
	}
	options, err := redis.ParseURL(url)
	require.NoError(s, err)
	client := redis.NewClient(options)
	s.Cleanup(func() { assert.NoError(s, client.Close()) })
	return client
}

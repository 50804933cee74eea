package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/internal/testservers"
)

const bannerQuery = `{ rankBanner { rank of points stale version cause { explanation } } }`

// signOne signs a contract from its consultation on.
func signOne(c *caller) {
	c.s.t.Helper()
	id, sha, version := draft(c)
	c.mutate("signContract", "SignContractInput", "contract { id }", signing(c, id, sha, version))
}

func client(t *testing.T, url string) *redis.Client {
	options, err := redis.ParseURL(url)
	require.NoError(t, err)
	c := redis.NewClient(options)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// TestBoardsAreOnlyDerived takes Redis away and gives it back, empties it, and
// tampers with it: no point is lost, and the product says what it knows.
func TestBoardsAreOnlyDerived(t *testing.T) {
	boards := testservers.OwnRedis(t)
	s := start(t, engines{name: "production", databaseURL: testservers.Postgres(t, nil), redisURL: boards.URL})
	dealer := s.signIn("dealer@demo.dure")
	verifyBoards(t, s)
	before := dealer.must(bannerQuery, nil)
	require.Equal(t, false, before.at(t, "rankBanner.stale"))

	t.Run("without Redis ranks come from the ledger and say so, and signing goes on", func(t *testing.T) {
		watched := dealer.watch(`subscription { rankBannerChanged { points stale } }`, nil)
		await(t, watched, "the first state", func(a answer) bool { return a.at(t, "rankBannerChanged.stale") == false })
		boards.Pause()
		defer boards.Resume()
		away := dealer.must(bannerQuery, nil)
		assert.Equal(t, true, away.at(t, "rankBanner.stale"))
		assert.Equal(t, before.at(t, "rankBanner.rank"), away.at(t, "rankBanner.rank"))
		assert.Equal(t, before.at(t, "rankBanner.points"), away.at(t, "rankBanner.points"))
		signOne(dealer)
		now := dealer.must(bannerQuery, nil)
		assert.Greater(t, now.number(t, "rankBanner.points"), before.number(t, "rankBanner.points"))

		boards.Resume()
		await(t, watched, "the banner once Redis is back", func(a answer) bool {
			return a.at(t, "rankBannerChanged.stale") == false && a.number(t, "rankBannerChanged.points") == now.number(t, "rankBanner.points")
		})
		verifyBoards(t, s)
	})
	t.Run("FLUSHALL heals by itself within seconds", func(t *testing.T) {
		require.NoError(t, client(t, boards.URL).FlushAll(context.Background()).Err())
		began := time.Now()
		verifyBoards(t, s)
		t.Logf("healed within %v", time.Since(began).Round(time.Millisecond))
		assert.Equal(t, false, dealer.must(bannerQuery, nil).at(t, "rankBanner.stale"))
	})
	t.Run("verify-boards tells a difference by exit code 1, and rebuild mends it", func(t *testing.T) {
		c := client(t, boards.URL)
		names, err := c.Keys(context.Background(), "dure:*:board:NATION:").Result()
		require.NoError(t, err)
		require.NotEmpty(t, names)
		for _, name := range names {
			require.NoError(t, c.ZRemRangeByRank(context.Background(), name, 0, 0).Err())
		}
		out, err := s.dure("verify-boards")
		require.Error(t, err, out)
		assert.Contains(t, out, "NATION")
		out, err = s.dure("rebuild")
		require.NoError(t, err, out)
		verifyBoards(t, s)
	})
}

// TestEveryNodeHearsEveryChange runs two nodes on one database and one Redis: a
// signature on one moves the board that is watched on the other, and when the
// node that relays is killed the other takes over.
func TestEveryNodeHearsEveryChange(t *testing.T) {
	e := engines{name: "production", databaseURL: testservers.Postgres(t, nil), redisURL: testservers.OwnRedis(t).URL}
	one := start(t, e)
	two := startOn(t, e, one.data) // the same keys, as every node of one deployment has
	watched := two.signIn("dealer@demo.dure").watch(`subscription { rankBannerChanged { points } }`, nil)
	points := 0
	await(t, watched, "the first state", func(a answer) bool { points = a.number(t, "rankBannerChanged.points"); return true })
	signOne(one.signIn("dealer@demo.dure"))
	await(t, watched, "what the other node signed", func(a answer) bool { return a.number(t, "rankBannerChanged.points") > points })

	one.kill()
	points = two.signIn("dealer@demo.dure").must(bannerQuery, nil).number(t, "rankBanner.points")
	signOne(two.signIn("dealer@demo.dure"))
	await(t, watched, "what was signed after the other node died", func(a answer) bool { return a.number(t, "rankBannerChanged.points") > points })
	verifyBoards(t, two)
}

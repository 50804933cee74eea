package e2e

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/internal/testservers"
)

// TestAKillInTheMiddleLosesNothing signs from many tablets, kills the server and
// flushes Redis in the middle, starts it again, and counts.
func TestAKillInTheMiddleLosesNothing(t *testing.T) {
	t.Run("SQLite and the in-process server", func(t *testing.T) { killInTheMiddle(t, engines{name: "embedded"}, nil) })
	t.Run("PostgreSQL and Redis", func(t *testing.T) {
		boards := testservers.OwnRedis(t)
		killInTheMiddle(t, engines{name: "production", databaseURL: testservers.Postgres(t, nil), redisURL: boards.URL}, boards)
	})
}

const signings = 200

func killInTheMiddle(t *testing.T, e engines, boards *testservers.Server) {
	s := start(t, e)
	dealers := []*caller{s.signIn("dealer@demo.dure"), s.signIn("dealer2@demo.dure")}
	type paper struct {
		id, sha string
		version int
	}
	drafts := make([]paper, signings)
	each(signings, 8, func(i int) {
		id, sha, version := draft(dealers[i%2])
		drafts[i] = paper{id, sha, version}
	})
	inputs := make([]object, signings)
	for i, d := range drafts {
		inputs[i] = signing(dealers[i%2], d.id, d.sha, d.version)
		inputs[i]["idempotencyKey"] = fmt.Sprintf("sign-%d", i)
	}

	var mutex sync.Mutex
	acknowledged := map[string]bool{}
	half := make(chan struct{})
	var once sync.Once
	var all sync.WaitGroup
	for i := range signings {
		all.Go(func() {
			a, err := dealers[i%2].do(mutation("signContract", "SignContractInput", "contract { status }"), object{"input": inputs[i]})
			if err != nil || len(a.Errors) > 0 || a.Data["signContract"] == nil {
				return // the server was killed before it answered: nothing was promised
			}
			mutex.Lock()
			defer mutex.Unlock()
			acknowledged[drafts[i].id] = true
			if len(acknowledged) == signings/4 {
				once.Do(func() { close(half) })
			}
		})
	}
	select {
	case <-half:
	case <-time.After(60 * time.Second):
		require.Fail(t, "signing goes too slowly")
	}
	s.kill()
	all.Wait()
	if boards != nil {
		options, err := redis.ParseURL(boards.URL)
		require.NoError(t, err)
		client := redis.NewClient(options)
		require.NoError(t, client.FlushAll(context.Background()).Err())
		require.NoError(t, client.Close())
	}
	s.run()
	t.Logf("%d of %d signings were acknowledged before the kill", len(acknowledged), signings)

	for i, d := range drafts {
		a := dealers[i%2].must(`query($id: ID!) { contract(id: $id) { status ledgerEntries { points kind } } }`, object{"id": d.id})
		status, entries := a.text(t, "contract.status"), a.at(t, "contract.ledgerEntries").([]any)
		if acknowledged[d.id] {
			assert.Equal(t, "SIGNED", status, "an acknowledged contract was lost")
		}
		if status == "SIGNED" {
			assert.Len(t, entries, 1, "a signed contract has its points, once")
		} else {
			assert.Empty(t, entries, "a draft has no points")
		}
	}
	// What was not acknowledged is sent again with the same key: once is enough.
	each(signings, 8, func(i int) {
		a := dealers[i%2].mutate("signContract", "SignContractInput", "contract { id status ledgerEntries { points } }", inputs[i])
		assert.Equal(t, "SIGNED", a.text(t, "signContract.contract.status"))
		assert.Len(t, a.at(t, "signContract.contract.ledgerEntries"), 1)
	})
	verifyBoards(t, s)
}

// each runs do for 0..n-1, so many at a time.
func each(n, atATime int, do func(i int)) {
	var all sync.WaitGroup
	turns := make(chan int)
	for range atATime {
		all.Go(func() {
			for i := range turns {
				do(i)
			}
		})
	}
	for i := range n {
		turns <- i
	}
	close(turns)
	all.Wait()
}

// TestACapHoldsUnderARace lets fifty tablets follow up one quote at once: the
// rule gives its points three times a deal, whoever comes first.
func TestACapHoldsUnderARace(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engines) {
		s := start(t, e)
		dealer := s.signIn("dealer@demo.dure")
		quoteID, consultationID := offer(dealer)
		each(50, 50, func(int) {
			a, err := dealer.do(mutation("followUpQuote", "FollowUpQuoteInput", "quote { id }"), object{"input": object{"quoteId": quoteID, "note": "전화했어요"}})
			assert.NoError(t, err)
			assert.Empty(t, a.Errors)
		})
		a := dealer.must(`query($id: ID!) { consultation(id: $id) { ledgerEntries { points rule { key } } } }`, object{"id": consultationID})
		earned, judged := 0, 0
		for _, v := range a.at(t, "consultation.ledgerEntries").([]any) {
			if entry := v.(object); entry["rule"].(object)["key"] == "quote.followed" {
				judged++
				earned += int(entry["points"].(float64))
			}
		}
		assert.Equal(t, 3*4, earned, "three times four points and no more")
		assert.Positive(t, judged)
		verifyBoards(t, s)
	})
}

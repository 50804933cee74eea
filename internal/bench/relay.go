package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"dure/adapters/ids"
	"dure/adapters/store"
	"dure/domain/act"
	"dure/domain/iq"
	"dure/domain/leaderboard"
)

const (
	relayRounds  = 5
	relayBatches = 10    // in a round
	relayEntries = 1_000 // in a batch, one transaction
)

// relaying measures how many ledger entries a second the relay brings from SQL
// to the boards. The baseline adds the same members to one sorted set, one raw
// ZADD an entry, a batch in one pipeline.
func relaying(ctx context.Context, s *stage) (_ []line, err error) {
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	s.clear()
	h, err := openHouse(ctx, s.houseConfig("relay", 1))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	raw, err := s.rawRedis(2)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, raw.Close()) }()
	ledger, err := openLedger(ctx, h)
	if err != nil {
		return nil, err
	}
	// What the seeding left behind is not to be measured.
	if err := errors.Join(h.relay.Heal(ctx), h.relay.Drain(ctx)); err != nil {
		return nil, err
	}
	rounds := make([]round, relayRounds)
	for i := range rounds {
		if rounds[i], err = relayRound(ctx, h, ledger, raw); err != nil {
			return nil, err
		}
	}
	return []line{newLine("relay", "entries/s", rounds)}, ledger.equals(ctx, h)
}

// rawRedis opens a numbered database without anything of ours in between.
func (s *stage) rawRedis(number int) (*redis.Client, error) {
	options, err := redis.ParseURL(fmt.Sprintf("%s/%d", s.redis.URL, number))
	if err != nil {
		return nil, err
	}
	return redis.NewClient(options), nil
}

// relayRound posts batches; each is relayed, and then added raw.
func relayRound(ctx context.Context, h *house, ledger *ledger, raw *redis.Client) (round, error) {
	var relayed, added time.Duration
	for range relayBatches {
		entries, err := ledger.post(ctx, h)
		if err != nil {
			return round{}, err
		}
		began := time.Now()
		if err := h.relay.Drain(ctx); err != nil {
			return round{}, err
		}
		relayed += time.Since(began)

		began = time.Now()
		pipeline := raw.Pipeline()
		for _, e := range entries {
			pipeline.ZAdd(ctx, "bench:points", redis.Z{Member: e.DealerID, Score: float64(e.TotalAfter)})
		}
		if _, err := pipeline.Exec(ctx); err != nil {
			return round{}, err
		}
		added += time.Since(began)
	}
	const entries = relayBatches * relayEntries
	return round{entries / relayed.Seconds(), entries / added.Seconds()}, nil
}

// ledger posts entries about every dealer in turn, without the deals behind them.
type ledger struct {
	store  store.Ledger
	season leaderboard.Season
	totals []iq.Total
	acts   []act.Act // one of each dealer, for its entries to be about
	next   int
}

func openLedger(ctx context.Context, h *house) (*ledger, error) {
	l := &ledger{store: store.Ledger{DB: h.db}, season: h.season()}
	if err := h.rows().NewSelect().Model(&l.totals).Where("season = ?", l.season.Key).OrderExpr("dealer_id").Scan(ctx); err != nil {
		return nil, err
	}
	for _, t := range l.totals {
		var a act.Act
		if err := h.rows().NewSelect().Model(&a).Where("dealer_id = ?", t.DealerID).Limit(1).Scan(ctx); err != nil {
			return nil, fmt.Errorf("find an act of %s: %w", t.DealerID, err)
		}
		l.acts = append(l.acts, a)
	}
	if len(l.totals) < 100 {
		return nil, fmt.Errorf("the running season has %d totals, too few to measure", len(l.totals))
	}
	return l, nil
}

// post appends a batch of entries of a point each in one transaction, and keeps
// the totals in step.
func (l *ledger) post(ctx context.Context, h *house) ([]iq.LedgerEntry, error) {
	now := time.Now().UTC().Truncate(time.Microsecond)
	entries := make([]iq.LedgerEntry, relayEntries)
	touched := map[int]int{} // totals to the last entry about each
	for i := range entries {
		at := l.next % len(l.totals)
		l.next++
		l.totals[at].Points++
		touched[at] = i
		entries[i] = iq.LedgerEntry{
			ID: ids.New("led"), Season: l.season.Key, DealerID: l.totals[at].DealerID, RuleKey: "bench", RulebookVersion: 1,
			ActID: l.acts[at].ID, ActKind: l.acts[at].Kind, ActorID: l.acts[at].ActorID, Kind: iq.Earned, Points: 1,
			VestsAt: now, OccurredAt: now, PostedAt: now, TotalAfter: l.totals[at].Points,
		}
	}
	err := h.db.Do(ctx, func(ctx context.Context) error {
		if err := l.store.Post(ctx, entries); err != nil {
			return err
		}
		for at, i := range touched {
			l.totals[at].EntrySeq, l.totals[at].ReachedAt = entries[i].Seq, now
			if err := l.store.SaveTotal(ctx, l.totals[at]); err != nil {
				return err
			}
		}
		return nil
	})
	return entries, err
}

// equals checks that the boards hold what the ledger says.
func (l *ledger) equals(ctx context.Context, h *house) error {
	held, err := h.redis.Boards().All(ctx, l.season, leaderboard.Board{Season: l.season.Key, Scope: leaderboard.Nation})
	if err != nil {
		return err
	}
	for _, t := range l.totals {
		if held[t.DealerID].Points != t.Points {
			return fmt.Errorf("%s has %d points on the board and %d in the ledger", t.DealerID, held[t.DealerID].Points, t.Points)
		}
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dure/adapters/live"
	"dure/domain/iq"
	"dure/domain/kst"
	"dure/domain/leaderboard"
	"dure/internal/testservers"
)

// standingSizes are how many dealers the boards have; the first is the baseline.
var standingSizes = []int{120, 10_000, 1_000_000}

const (
	standingRounds = 15
	standingReads  = 1_000 // of each board in a round
)

// standings are boards of each size on a Redis of their own, filled while the
// rest of the stage is made ready.
type standings struct {
	server *testservers.Server
	redis  *live.Redis
	boards []*crowd
	filled chan struct{}
	err    error // read it after filled is closed
}

// crowd is one season whose national board has many dealers.
type crowd struct {
	season leaderboard.Season
	size   int
	day    string
	next   int // whom to find next
}

func (c *crowd) dealer(i int) string { return fmt.Sprintf("dlr_%026d", i) }

// total is what a dealer has: points with many ties, one after another, on the
// national board alone, so that a board of a million fills in seconds.
func (c *crowd) total(i int) leaderboard.Total {
	return leaderboard.Total{
		Season: c.season.Key, DealerID: c.dealer(i), Points: 1 + (i*7919)%2000, Seq: int64(i + 1),
		ReachedAt: c.season.Start.Add(time.Duration(i%100_000) * time.Minute),
	}
}

// fillStandings begins to fill the boards of standing in the background.
func (s *stage) fillStandings(ctx context.Context) {
	f := &standings{filled: make(chan struct{})}
	s.standings = f
	go func() {
		defer close(f.filled)
		f.err = f.fill(ctx)
		s.say("the boards of standing are filled")
	}()
}

func (f *standings) fill(ctx context.Context) (err error) {
	if f.server, err = testservers.StartRedis(ctx); err != nil {
		return err
	}
	const patience = time.Minute
	if f.redis, err = live.Open(ctx, live.Config{URL: f.server.URL, Log: quiet, ReadTimeout: patience, WriteTimeout: patience}); err != nil {
		return err
	}
	running := iq.SeasonOf(time.Now())
	for _, size := range standingSizes {
		c := &crowd{
			season: leaderboard.Season{Key: fmt.Sprintf("%s-%d", running.Key, size), Start: running.Start, End: running.End},
			size:   size, day: kst.Day(time.Now()),
		}
		f.boards = append(f.boards, c)
		if err := c.fill(ctx, f.redis.Boards()); err != nil {
			return fmt.Errorf("fill a board of %d: %w", size, err)
		}
	}
	return nil
}

// fill gives the crowd its board, with the ranks at the start of the day.
func (c *crowd) fill(ctx context.Context, boards live.Boards) error {
	const batch = 10_000
	totals := make([]leaderboard.Total, 0, batch)
	for i := range c.size {
		totals = append(totals, c.total(i))
		if len(totals) < batch && i+1 < c.size {
			continue
		}
		if _, err := boards.Apply(ctx, c.season, totals); err != nil {
			return err
		}
		totals = totals[:0]
	}
	before := make([]leaderboard.Total, c.size)
	for i := range before {
		before[i] = c.total(i)
	}
	return errors.Join(boards.SetBefore(ctx, c.season, c.day, before), boards.Refill(ctx, c.season, "bench"))
}

// find reads the places of standingReads dealers, all over the board, and
// returns the median time of one.
func (c *crowd) find(ctx context.Context, boards live.Boards) (time.Duration, error) {
	const stride = 104_729 // a prime: every dealer comes once before one comes twice
	board := leaderboard.Board{Season: c.season.Key, Scope: leaderboard.Nation}
	took := make([]time.Duration, standingReads)
	for i := range took {
		c.next = (c.next + stride) % c.size
		dealer := c.dealer(c.next)
		began := time.Now()
		view, err := boards.Find(ctx, c.season, board, c.day, dealer)
		took[i] = time.Since(began)
		if err != nil {
			return 0, err
		}
		if view.Size != c.size || len(view.Places) != 1 || view.Places[0].Rank == 0 || !view.Places[0].HasBefore {
			return 0, fmt.Errorf("a board of %d answers %+v", c.size, view)
		}
	}
	return median(took), nil
}

// standing measures how long one caller waits for one dealer's place, by the
// size of the board.
func standing(ctx context.Context, s *stage) ([]line, error) {
	s.clear()
	f := s.standings
	<-f.filled
	if f.err != nil {
		return nil, f.err
	}
	rounds := make([][]round, len(standingSizes))
	for range standingRounds {
		var baseline float64
		for at, c := range f.boards {
			took, err := c.find(ctx, f.redis.Boards())
			if err != nil {
				return nil, err
			}
			if at == 0 {
				baseline = microseconds(took)
			}
			rounds[at] = append(rounds[at], round{microseconds(took), baseline})
		}
	}
	lines := make([]line, len(standingSizes))
	for at, size := range standingSizes {
		lines[at] = newLine(fmt.Sprintf("standing/%d", size), "us", rounds[at])
	}
	return lines, nil
}

// Close stops what was filled, or waits until it can.
func (f *standings) Close() error {
	<-f.filled
	var err error
	if f.redis != nil {
		err = f.redis.Close()
	}
	if f.server != nil {
		f.server.Stop()
	}
	return err
}

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"dure/domain/identity"
	"dure/domain/leaderboard"
)

const (
	fanoutRounds = 3
	fanoutLength = time.Second // of each side in a round, at least
	fanoutWait   = time.Minute
)

// fanoutQuery is what a screen that shows the leaderboard subscribes to.
const fanoutQuery = `subscription { leaderboardChanged(scope: NATION) {
  version size stale moved { dealer { id name } fromRank toRank points } top(first: 10) { dealer { id name } rank points movement } } }`

// fanout measures the CPU that a delivered message costs the server when the
// national board changes and so many subscribers watch it: dealers, reps and HQ,
// each on a socket of its own. The baseline is stock gqlgen in an otherwise
// equal process.
func fanout(ctx context.Context, s *stage, subscribers int) ([]line, error) {
	if err := s.openStock(ctx); err != nil {
		return nil, err
	}
	mixed, err := s.mixedTokens(ctx, subscribers)
	if err != nil {
		return nil, err
	}
	mover, err := openMover(ctx, s.house)
	if err != nil {
		return nil, err
	}
	turn := func(server *child) (float64, error) {
		return mover.perMessage(ctx, server, mixed)
	}
	rounds, err := alternate(fanoutRounds, func() (float64, error) { return turn(s.ours) }, func() (float64, error) { return turn(s.stock) })
	if err != nil {
		return nil, err
	}
	return []line{newLine(fmt.Sprintf("fanout/%d", subscribers), "us", rounds)}, nil
}

// mixedTokens signs so many sockets in: mostly dealers, each fifth a rep or HQ.
func (s *stage) mixedTokens(ctx context.Context, n int) ([]string, error) {
	var tokens []string
	for _, persona := range []identity.Persona{identity.Dealer, identity.Rep, identity.HQ} {
		users, err := s.house.users(ctx, persona)
		if err != nil {
			return nil, err
		}
		share := n / 10
		if persona == identity.Dealer {
			share = n - 2*share
		}
		for i := range share {
			token, err := s.house.token(users[i%len(users)])
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, token)
		}
	}
	return tokens, nil
}

// mover changes the national board, as the relay does.
type mover struct {
	*house
	total leaderboard.Total // of the dealer whose points go up and down
}

// openMover picks the dealer at the tenth place, whose moves everybody may see.
func openMover(ctx context.Context, h *house) (*mover, error) {
	nation := leaderboard.Board{Season: h.season().Key, Scope: leaderboard.Nation}
	held, err := h.redis.Boards().All(ctx, h.season(), nation)
	if err != nil {
		return nil, err
	}
	totals := slices.Collect(maps.Values(held))
	leaderboard.Order(totals)
	if len(totals) < 20 {
		return nil, errors.New("the running season has too few dealers with points")
	}
	return &mover{house: h, total: totals[9]}, nil
}

func (m *mover) move(ctx context.Context) error {
	m.total.Seq++
	m.total.Points++
	m.total.ReachedAt = time.Now().UTC()
	changed, err := m.redis.Boards().Apply(ctx, m.season(), []leaderboard.Total{m.total})
	if err == nil && changed != 1 {
		err = errors.New("the board did not change")
	}
	return err
}

// perMessage lets a crowd of subscribers in, moves the board again and again,
// waits each time until everybody has heard, and returns the microseconds of CPU
// that the server spent on a message. The first move does not count: it pays for
// what the crowd's coming in left behind.
func (m *mover) perMessage(ctx context.Context, server *child, tokens []string) (_ float64, err error) {
	l, err := listen(ctx, server, tokens)
	if err != nil {
		return 0, err
	}
	defer l.Close()
	everybody := int64(len(tokens))
	if err := l.await(ctx, everybody); err != nil { // the state at the beginning
		return 0, err
	}
	moves := int64(0)
	move := func() error {
		moves++
		if err := m.move(ctx); err != nil {
			return err
		}
		return l.await(ctx, everybody*(moves+1))
	}
	if err := move(); err != nil {
		return 0, err
	}
	before, err := server.spent()
	if err != nil {
		return 0, err
	}
	for end := time.Now().Add(fanoutLength); moves == 1 || time.Now().Before(end); {
		if err := move(); err != nil {
			return 0, err
		}
	}
	after, err := server.spent()
	return microseconds(after-before) / float64(everybody*(moves-1)), err
}

// listeners are sockets that count what they hear.
type listeners struct {
	sockets []*socket
	heard   atomic.Int64
	awaited atomic.Int64
	told    chan struct{} // when as many were heard as are awaited
	failed  chan error    // the first that went wrong
	closing atomic.Bool
	reading sync.WaitGroup
}

// listen subscribes once for each token.
func listen(ctx context.Context, server *child, tokens []string) (*listeners, error) {
	l := &listeners{sockets: make([]*socket, len(tokens)), told: make(chan struct{}, 1), failed: make(chan error, 1)}
	var group errgroup.Group
	group.SetLimit(64)
	for i, token := range tokens {
		group.Go(func() error {
			s, err := dialSocket(ctx, server.address, token, fanoutQuery)
			if err != nil {
				return err
			}
			l.sockets[i] = s
			l.reading.Go(func() { l.follow(s) })
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		l.Close()
		return nil, fmt.Errorf("subscribe to %s: %w", server.name, err)
	}
	return l, nil
}

// follow counts the messages of one socket until it is closed.
func (l *listeners) follow(s *socket) {
	var message []byte
	for {
		var err error
		if message, err = s.next(message); err == nil {
			err = l.count(message)
		}
		if err != nil {
			if !l.closing.Load() {
				select {
				case l.failed <- err:
				default: // somebody was first
				}
			}
			return
		}
	}
}

func (l *listeners) count(message []byte) error {
	switch kindOf(message) {
	case messageNext:
		if l.heard.Add(1) == l.awaited.Load() {
			select {
			case l.told <- struct{}{}:
			default:
			}
		}
	case messageOther:
		return fmt.Errorf("unexpected message: %.300s", message)
	}
	return nil
}

// await waits until so many messages were heard, and fails when more were.
func (l *listeners) await(ctx context.Context, wanted int64) error {
	ctx, cancel := context.WithTimeout(ctx, fanoutWait)
	defer cancel()
	l.awaited.Store(wanted)
	for l.heard.Load() < wanted {
		select {
		case <-l.told:
		case err := <-l.failed:
			return err
		case <-ctx.Done():
			return fmt.Errorf("heard %d of %d messages: %w", l.heard.Load(), wanted, ctx.Err())
		}
	}
	if heard := l.heard.Load(); heard > wanted {
		return fmt.Errorf("heard %d messages instead of %d: something else moves the board", heard, wanted)
	}
	return nil
}

// Close hangs up and waits until nobody listens any more.
func (l *listeners) Close() {
	l.closing.Store(true)
	for _, s := range l.sockets {
		if s != nil {
			_ = s.Close()
		}
	}
	l.reading.Wait()
}

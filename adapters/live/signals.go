package live

import (
	"context"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"dure/domain/leaderboard"
)

// signalBuffer is how many signals wait for a slow subscriber before it loses some.
const signalBuffer = 256

// Signals tells which boards changed. The zero Board means that any may have:
// the connection was made anew and may have missed some, a season was refilled
// or dropped, or a new business day began. Read everything again then.
type Signals struct{ redis *Redis }

var _ leaderboard.Signals = Signals{}

// Signals returns the change signals of all nodes on this Redis. However many
// subscribe, a process holds one connection for them.
func (r *Redis) Signals() Signals { return Signals{r} }

// Subscribe delivers the boards that changed until ctx ends or Redis is closed,
// which closes the channel. A slow reader loses signals.
func (s Signals) Subscribe(ctx context.Context) <-chan leaderboard.Board {
	r := s.redis
	changed := r.bus.subscribe(ctx)
	if r.embedded == nil {
		r.listen.Do(func() { r.running.Go(r.forward) })
	}
	return changed
}

// forward passes what Redis publishes on to the bus, until Close. The client
// reconnects by itself and says so by a new subscription.
func (r *Redis) forward() {
	subscription := r.client.Subscribe(r.ctx, r.channel)
	defer func() { _ = subscription.Close() }()
	events := subscription.ChannelWithSubscriptions(redis.WithChannelSize(signalBuffer))
	for {
		select {
		case <-r.ctx.Done():
			return
		case event, ok := <-events:
			if !ok {
				return
			}
			switch event := event.(type) {
			case *redis.Subscription:
				r.bus.publish(leaderboard.Board{})
			case *redis.Message:
				r.bus.publish(decodeSignal(event.Payload)...)
			}
		}
	}
}

// everything is the payload that stands for the zero Board.
const everything = "*"

// decodeSignal reads what the scripts publish: a season and the fields of its
// boards that changed, separated by tabs, or everything.
func decodeSignal(payload string) []leaderboard.Board {
	if payload == everything {
		return []leaderboard.Board{{}}
	}
	season, rest, _ := strings.Cut(payload, "\t")
	var boards []leaderboard.Board
	for _, field := range strings.Split(rest, "\t") {
		scope, key, _ := strings.Cut(strings.TrimPrefix(field, boardField), ":")
		boards = append(boards, leaderboard.Board{Season: season, Scope: leaderboard.Scope(scope), Key: key})
	}
	return boards
}

// bus fans signals out inside the process. It carries those of the embedded
// server too, which one stuck subscriber of its own would freeze.
type bus struct {
	mutex       sync.Mutex
	subscribers map[chan leaderboard.Board]func() bool // to what stops watching the subscriber's context
	closed      bool
}

func newBus() *bus { return &bus{subscribers: map[chan leaderboard.Board]func() bool{}} }

func (b *bus) subscribe(ctx context.Context) <-chan leaderboard.Board {
	changed := make(chan leaderboard.Board, signalBuffer)
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.closed || ctx.Err() != nil {
		close(changed)
		return changed
	}
	b.subscribers[changed] = context.AfterFunc(ctx, func() { b.unsubscribe(changed) })
	return changed
}

func (b *bus) unsubscribe(changed chan leaderboard.Board) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if _, ok := b.subscribers[changed]; ok {
		delete(b.subscribers, changed)
		close(changed)
	}
}

// publish never waits: a full subscriber loses the signal.
func (b *bus) publish(boards ...leaderboard.Board) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for changed := range b.subscribers {
		for _, board := range boards {
			select {
			case changed <- board:
			default:
			}
		}
	}
}

func (b *bus) close() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.closed = true
	for changed, stop := range b.subscribers {
		stop()
		delete(b.subscribers, changed)
		close(changed)
	}
}

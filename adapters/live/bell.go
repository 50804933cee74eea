package live

import (
	"context"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Bell tells every node on this Redis that something other than a board changed,
// by the name of a topic and no more. A ring may be lost, and two may come as one:
// whoever listens looks for itself, and now and then without one.
type Bell struct {
	redis   *Redis
	channel string
	listen  sync.Once

	mutex     sync.Mutex
	listeners map[string]map[chan struct{}]struct{}
}

// Bell returns the bell of all nodes. Take it once a process.
func (r *Redis) Bell() *Bell {
	return &Bell{redis: r, channel: r.channel + ":topics", listeners: map[string]map[chan struct{}]struct{}{}}
}

// Ring rings for a topic, here at once and on the other nodes as soon as Redis
// passes it on. It does not fail: listeners make up for what is lost.
func (b *Bell) Ring(ctx context.Context, topic string) {
	b.ring(topic)
	if b.redis.embedded != nil {
		return
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), b.redis.config.ReadTimeout)
	defer stop()
	if err := b.redis.client.Publish(ctx, b.channel, topic).Err(); err != nil {
		b.redis.config.Log.DebugContext(ctx, "a ring was lost", "topic", topic, "error", err)
	}
}

// Listen tells of rings for a topic until ctx ends.
func (b *Bell) Listen(ctx context.Context, topic string) <-chan struct{} {
	if b.redis.embedded == nil {
		b.listen.Do(func() { b.redis.running.Go(b.forward) })
	}
	rung := make(chan struct{}, 1)
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.listeners[topic] == nil {
		b.listeners[topic] = map[chan struct{}]struct{}{}
	}
	b.listeners[topic][rung] = struct{}{}
	context.AfterFunc(ctx, func() {
		b.mutex.Lock()
		defer b.mutex.Unlock()
		delete(b.listeners[topic], rung)
	})
	return rung
}

// ring wakes this node's listeners.
func (b *Bell) ring(topic string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for rung := range b.listeners[topic] {
		select {
		case rung <- struct{}{}:
		default: // it has not looked since the last one
		}
	}
}

// forward passes on what other nodes ring, until the connection is closed.
func (b *Bell) forward() {
	subscription := b.redis.client.Subscribe(b.redis.ctx, b.channel)
	defer func() { _ = subscription.Close() }()
	messages := subscription.Channel(redis.WithChannelSize(signalBuffer))
	for {
		select {
		case <-b.redis.ctx.Done():
			return
		case message, ok := <-messages:
			if !ok {
				return
			}
			b.ring(message.Payload)
		}
	}
}

// Package live keeps what changes by the second in Redis: the leaderboards'
// sorted sets, the signals that they changed, and counters that limit attempts.
// Nothing in it is a source of truth; everything can be flushed at any moment.
package live

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

const (
	defaultReadTimeout  = 250 * time.Millisecond
	defaultWriteTimeout = 5 * time.Second

	// After tripAfter reads in a row got no answer, reads fail at once until
	// one that is let through every retryAfter gets one again.
	tripAfter  = 3
	retryAfter = 500 * time.Millisecond
)

// Config says which Redis to use.
type Config struct {
	// URL is redis://, rediss:// or unix://; a comma list of them means a Redis
	// Cluster, of which it names some nodes. Empty means the embedded server.
	URL string
	// ReadTimeout bounds a request's read; 0 means 250 ms.
	ReadTimeout time.Duration
	// WriteTimeout bounds what the relay and rebuilds do; 0 means 5 s.
	WriteTimeout time.Duration
	// Now is the clock that board versions follow; nil means time.Now.
	Now func() time.Time
	// Log hears of what the client cannot tell its caller; nil means slog.Default().
	Log *slog.Logger
}

// Redis is a connection to one Redis, a Redis Cluster, or the embedded server.
type Redis struct {
	client   redis.UniversalClient
	config   Config
	breaker  circuitbreaker.CircuitBreaker[any]
	embedded *miniredis.Miniredis // nil with a real Redis
	password string               // the embedded server's
	bus      *bus
	channel  string // where real Redis publishes the boards that changed

	ctx     context.Context // ends at Close
	stop    context.CancelFunc
	running sync.WaitGroup
	listen  sync.Once
}

// Open prepares the connection. It fails on a bad URL, not when Redis is out of
// reach: the product runs on without it, and Ping tells. Close it.
func Open(ctx context.Context, config Config) (*Redis, error) {
	if config.ReadTimeout == 0 {
		config.ReadTimeout = defaultReadTimeout
	}
	if config.WriteTimeout == 0 {
		config.WriteTimeout = defaultWriteTimeout
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	redis.SetLogger(quietLog{config.Log})

	r := &Redis{config: config, bus: newBus(), breaker: circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(tripAfter).WithDelay(retryAfter).Build()}
	r.ctx, r.stop = context.WithCancel(context.WithoutCancel(ctx))
	if config.URL == "" {
		if err := r.startEmbedded(); err != nil {
			r.stop()
			return nil, fmt.Errorf("start the embedded Redis: %w", err)
		}
	}
	options, err := r.options()
	if err != nil {
		r.stop()
		return nil, err
	}
	// Channels, unlike keys, are not kept apart by database number.
	r.channel = fmt.Sprintf("dure:changed:%d", options.DB)
	r.client = redis.NewUniversalClient(options)
	return r, nil
}

// options turns the configuration into the client's.
func (r *Redis) options() (*redis.UniversalOptions, error) {
	options := &redis.UniversalOptions{
		Protocol:              2,
		DialTimeout:           500 * time.Millisecond,
		DialerRetries:         1,
		MaxRetries:            1, // a pooled connection that Redis closed shows only when used
		MinRetryBackoff:       -1,
		MaxRetryBackoff:       -1,
		ReadTimeout:           r.config.WriteTimeout, // reads come with a shorter deadline
		WriteTimeout:          r.config.WriteTimeout,
		ContextTimeoutEnabled: true,
		DisableIdentity:       true,
		MaintNotificationsConfig: &maintnotifications.Config{
			Mode: maintnotifications.ModeDisabled,
		},
	}
	if r.embedded != nil {
		options.Addrs, options.Password = []string{r.embedded.Addr()}, r.password
		return options, nil
	}
	urls := strings.Split(r.config.URL, ",")
	options.IsClusterMode = len(urls) > 1
	for i, url := range urls {
		one, err := redis.ParseURL(strings.TrimSpace(url))
		if err != nil {
			return nil, errors.New("the Redis URL cannot be read") // the cause may quote its password
		}
		options.Addrs = append(options.Addrs, one.Addr)
		if i == 0 {
			options.Username, options.Password, options.TLSConfig, options.DB = one.Username, one.Password, one.TLSConfig, one.DB
		}
	}
	return options, nil
}

// startEmbedded starts the in-process server behind a random password, since
// any program on the machine can reach the loopback interface.
func (r *Redis) startEmbedded() error {
	server := miniredis.NewMiniRedis()
	r.password = rand.Text()
	server.RequireAuth(r.password)
	if err := server.StartAddr("127.0.0.1:0"); err != nil {
		return err
	}
	r.embedded = server
	r.running.Go(func() {
		// Its keys expire only when it is told that time has passed.
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for last := time.Now(); ; {
			select {
			case <-r.ctx.Done():
				return
			case <-tick.C:
				now := time.Now()
				server.FastForward(now.Sub(last))
				last = now
			}
		}
	})
	return nil
}

// Embedded reports whether the server runs inside this process.
func (r *Redis) Embedded() bool { return r.embedded != nil }

// URL names the embedded server for another process on this machine, password
// included; "" with a real Redis.
func (r *Redis) URL() string {
	if r.embedded == nil {
		return ""
	}
	return (&url.URL{Scheme: "redis", User: url.UserPassword("default", r.password), Host: r.embedded.Addr()}).String()
}

// Ping fails when Redis, or a master of the cluster, does not answer.
func (r *Redis) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.config.ReadTimeout)
	defer cancel()
	if cluster, ok := r.client.(*redis.ClusterClient); ok {
		return cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error { return node.Ping(ctx).Err() })
	}
	return r.client.Ping(ctx).Err()
}

// Close ends the subscriptions and the connections; the embedded server
// forgets everything.
func (r *Redis) Close() error {
	r.stop()
	r.running.Wait()
	r.bus.close()
	err := r.client.Close()
	if r.embedded != nil {
		r.embedded.Close()
	}
	return err
}

// run runs script for a request. It never holds the request up for longer than
// the read timeout, and while Redis does not answer it fails at once.
func (r *Redis) run(ctx context.Context, script *redis.Script, keys []string, arguments ...any) (any, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !r.breaker.TryAcquirePermit() {
		return nil, circuitbreaker.ErrOpen
	}
	// A caller that goes away must not look like a Redis that is away.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.config.ReadTimeout)
	defer cancel()
	answer, err := script.Run(ctx, r.client, keys, arguments...).Result()
	if errors.Is(err, redis.Nil) {
		answer, err = nil, nil
	}
	var refused redis.Error
	if err == nil || errors.As(err, &refused) {
		r.breaker.RecordSuccess()
	} else {
		r.breaker.RecordFailure()
	}
	return answer, err
}

// write runs script for the relay or a rebuild, which wait and retry.
func (r *Redis) write(ctx context.Context, script *redis.Script, keys []string, arguments ...any) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, r.config.WriteTimeout)
	defer cancel()
	answer, err := script.Run(ctx, r.client, keys, arguments...).Result()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	return answer, err
}

// quietLog keeps the client's own remarks, mostly refused connections, at debug level.
type quietLog struct{ log *slog.Logger }

func (q quietLog) Printf(ctx context.Context, format string, arguments ...any) {
	q.log.DebugContext(ctx, fmt.Sprintf(format, arguments...))
}

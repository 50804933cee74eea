package live

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:embed scripts/allow.lua
var allowText string

var allowScript = redis.NewScript(allowText)

// Limits counts attempts, across all nodes. Names are hashed before they become
// keys, so that no mail address or number rests in Redis.
type Limits struct{ redis *Redis }

// Limits returns the attempt counters in this Redis.
func (r *Redis) Limits() Limits { return Limits{r} }

// Allow counts an attempt under key and reports whether it is among the first
// limit in the window that began with the first one. When not, retryAfter is
// how long that window still lasts, and the attempt does not prolong it. On an
// error nothing is known: the caller decides whether to let the attempt pass.
func (l Limits) Allow(ctx context.Context, key string, limit int, window time.Duration) (ok bool, retryAfter time.Duration, err error) {
	answer, err := l.redis.run(ctx, allowScript, []string{limitKey(key)}, limit, window.Milliseconds())
	if err != nil {
		return false, 0, fmt.Errorf("count an attempt: %w", err)
	}
	r := reply{values: answer}
	ok, retryAfter = r.number(0) == 1, time.Duration(r.number(1))*time.Millisecond
	if r.err != nil {
		return false, 0, fmt.Errorf("count an attempt: %w", r.err)
	}
	return ok, retryAfter, nil
}

// Reset forgets the attempts under key, as after a sign-in that succeeded.
func (l Limits) Reset(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(ctx, l.redis.config.ReadTimeout)
	defer cancel()
	if err := l.redis.client.Del(ctx, limitKey(key)).Err(); err != nil {
		return fmt.Errorf("forget attempts: %w", err)
	}
	return nil
}

//go:embed scripts/forgive.lua
var forgiveText string

var forgiveScript = redis.NewScript(forgiveText)

// Forgive takes one attempt under key back, as of somebody who turned out to be
// right. The window stays as it is.
func (l Limits) Forgive(ctx context.Context, key string) error {
	if _, err := l.redis.run(ctx, forgiveScript, []string{limitKey(key)}); err != nil {
		return fmt.Errorf("forgive an attempt: %w", err)
	}
	return nil
}

func limitKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "dure:limit:" + hex.EncodeToString(sum[:16])
}

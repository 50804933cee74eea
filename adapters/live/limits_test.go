package live_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/live"
)

func TestLimits(t *testing.T) {
	ctx := context.Background()
	onEachEngine(t, func(t *testing.T, r *live.Redis) {
		limits := r.Limits()
		t.Run("attempts within the limit pass, those past it wait for the window's end", func(t *testing.T) {
			key := newSeason().Key
			for range 3 {
				ok, wait, err := limits.Allow(ctx, key, 3, time.Minute)
				require.NoError(t, err)
				assert.True(t, ok)
				assert.Zero(t, wait)
			}
			for range 2 {
				ok, wait, err := limits.Allow(ctx, key, 3, time.Minute)
				require.NoError(t, err)
				assert.False(t, ok)
				assert.InDelta(t, time.Minute.Seconds(), wait.Seconds(), 30)
			}
		})
		t.Run("each key counts by itself", func(t *testing.T) {
			for _, key := range []string{newSeason().Key, newSeason().Key} {
				ok, _, err := limits.Allow(ctx, key, 1, time.Minute)
				require.NoError(t, err)
				assert.True(t, ok)
			}
		})
		t.Run("a reset begins anew", func(t *testing.T) {
			key := newSeason().Key
			for _, want := range []bool{true, false} {
				ok, _, err := limits.Allow(ctx, key, 1, time.Minute)
				require.NoError(t, err)
				assert.Equal(t, want, ok)
			}
			require.NoError(t, limits.Reset(ctx, key))
			ok, _, err := limits.Allow(ctx, key, 1, time.Minute)
			require.NoError(t, err)
			assert.True(t, ok)
		})
		t.Run("the window ends", func(t *testing.T) {
			key := newSeason().Key
			_, _, err := limits.Allow(ctx, key, 1, 100*time.Millisecond)
			require.NoError(t, err)
			assert.Eventually(t, func() bool {
				ok, _, err := limits.Allow(ctx, key, 1, 100*time.Millisecond)
				return err == nil && ok
			}, patience, 10*time.Millisecond)
		})
	})
	t.Run("without Redis nothing is known", func(t *testing.T) {
		_, _, err := open(t, live.Config{URL: "redis://127.0.0.1:1"}).Limits().Allow(ctx, "key", 1, time.Minute)
		assert.Error(t, err)
	})
	t.Run("a key does not rest in Redis as it is", func(t *testing.T) {
		r := open(t, live.Config{})
		_, _, err := r.Limits().Allow(ctx, "farmer@example.com", 1, time.Minute)
		require.NoError(t, err)
		keys, err := r.Client().Keys(ctx, "*").Result()
		require.NoError(t, err)
		require.Len(t, keys, 1)
		assert.NotContains(t, keys[0], "farmer")
	})
}

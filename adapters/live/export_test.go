package live

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Client is the connection, for tests that look at Redis from beside.
func (r *Redis) Client() redis.UniversalClient { return r.client }

// Flush empties Redis as FLUSHDB does, on every node of a cluster.
func (r *Redis) Flush(ctx context.Context) error {
	if cluster, ok := r.client.(*redis.ClusterClient); ok {
		return cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error { return node.FlushDB(ctx).Err() })
	}
	return r.client.FlushDB(ctx).Err()
}

// EmbeddedAddress is where the embedded server listens.
func EmbeddedAddress(r *Redis) string { return r.embedded.Addr() }

package store

import (
	"context"
	"database/sql"
	"sync/atomic"

	"github.com/uptrace/bun"
)

// replicas spreads reads over read replicas in turn. Transactions never come
// here: they stay on the writer.
type replicas struct {
	pools []*sql.DB
	turn  atomic.Uint64
}

func newReplicas(pools []*sql.DB) *replicas { return &replicas{pools: pools} }

// ResolveConn implements bun.ConnResolver.
func (r *replicas) ResolveConn(_ context.Context, q bun.Query) bun.IConn {
	if q == nil || q.Operation() != "SELECT" {
		return nil
	}
	return r.pools[r.turn.Add(1)%uint64(len(r.pools))]
}

// Close implements bun.ConnResolver.
func (r *replicas) Close() error {
	var first error
	for _, p := range r.pools {
		if err := p.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

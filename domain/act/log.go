package act

import (
	"context"
	"fmt"
)

// Store keeps the log.
type Store interface {
	// Append inserts acts in the caller's transaction and sets their Seq.
	Append(ctx context.Context, acts []Act) error
}

// Follower is a projection that must hold together with the log: it runs in the
// transaction of the acts, after they were appended.
type Follower interface {
	Follow(ctx context.Context, acts []Act) error
}

// Log records acts and lets its followers follow.
type Log struct {
	Store     Store
	Followers []Follower
}

// Record implements Recorder.
func (l *Log) Record(ctx context.Context, acts ...Act) error {
	if err := l.Store.Append(ctx, acts); err != nil {
		return fmt.Errorf("append acts: %w", err)
	}
	for _, f := range l.Followers {
		if err := f.Follow(ctx, acts); err != nil {
			return fmt.Errorf("follow acts: %w", err)
		}
	}
	return nil
}

// Package work holds the unit of work: one transaction, done once.
package work

import (
	"context"
	"time"
)

// Unit runs what must hold together.
type Unit interface {
	// Do runs do in one transaction; inside another it joins it.
	Do(ctx context.Context, do func(ctx context.Context) error) error
	// Once runs do in one transaction and keeps what it left in answer, a
	// pointer, under the caller's idempotency key. A repeat with the same
	// operation and input fills answer with the first answer and does not run
	// do; the same key with another input fails with fault.Conflict. An empty
	// key runs do without keeping anything.
	Once(ctx context.Context, key, operation string, input, answer any, do func(ctx context.Context) error) error
}

// Kit is what every service is handed.
type Kit struct {
	Unit
	Now   func() time.Time
	NewID func(prefix string) string
}

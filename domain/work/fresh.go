package work

import "context"

type freshKey struct{}

// Fresh returns a context whose reads see everything that was committed before
// them. Others may be answered by a replica, which can be a moment behind: good
// enough for a list, not for what follows a write.
func Fresh(ctx context.Context) context.Context { return context.WithValue(ctx, freshKey{}, true) }

// IsFresh reports whether Fresh was asked of ctx.
func IsFresh(ctx context.Context) bool {
	fresh, _ := ctx.Value(freshKey{}).(bool)
	return fresh
}

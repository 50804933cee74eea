package act

import "context"

// By is whose hand an act is done by. The zero By is nobody's.
type By struct {
	UserID   string
	DealerID string // the dealership of dealer staff
	DeviceID string // the registered device, if any
	System   bool   // the platform itself
}

type byKey struct{}

// DoneBy returns a context whose acts are done by b; identity.With calls it.
func DoneBy(ctx context.Context, b By) context.Context {
	return context.WithValue(ctx, byKey{}, b)
}

// ByOf returns by whom the acts of ctx are done.
func ByOf(ctx context.Context) By {
	b, _ := ctx.Value(byKey{}).(By)
	return b
}

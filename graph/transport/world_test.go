package transport_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/graph/persona"
	"dure/graph/transport"
	"dure/graph/transport/internal/testschema"
	"dure/graph/words"
)

// world is what the test schema's resolvers answer from.
type world struct {
	calls   atomic.Int64  // of count
	waiting chan struct{} // one for each waits that began
	left    chan struct{} // one for each waits that was given up
	release chan struct{} // lets one waits go
	busy    atomic.Int64  // waits that run
	busiest atomic.Int64  // the most of them at once
	begun   atomic.Int64  // subscriptions that ever started
	open    atomic.Int64  // those whose goroutine runs
}

func newWorld() *world {
	return &world{waiting: make(chan struct{}, 1_000), left: make(chan struct{}, 1_000), release: make(chan struct{})}
}

func (w *world) Query() testschema.QueryResolver               { return query{w} }
func (w *world) Mutation() testschema.MutationResolver         { return mutation{w} }
func (w *world) Subscription() testschema.SubscriptionResolver { return subscription{w} }
func (w *world) Dealer() testschema.DealerResolver             { return dealer{} }

type (
	query        struct{ *world }
	mutation     struct{ *world }
	subscription struct{ *world }
	dealer       struct{}
)

var errPlain = errors.New("pq: relation secret_table does not exist")

func fail(how testschema.Failure) error {
	switch how {
	case testschema.Fault:
		return fault.New(fault.Conflict, "contract.changed")
	case testschema.Panic:
		panic("the resolver panics")
	default:
		return errPlain
	}
}

func (query) Echo(_ context.Context, text string) (string, error)  { return text, nil }
func (query) Number(_ context.Context, value int64) (int64, error) { return value, nil }
func (query) FailsHard(context.Context) (string, error)            { return "", errPlain }
func (query) All(context.Context) ([]testschema.Dealer, error)     { return dealers(20), nil }
func (query) Large(_ context.Context, bytes int) (string, error) {
	return strings.Repeat("x", bytes), nil
}
func (m mutation) Count(context.Context) (int, error) { return int(m.calls.Add(1)), nil }
func (query) Node(_ context.Context, id string) (testschema.Node, error) {
	return testschema.Dealer{ID: id, Name: "논두렁"}, nil
}

func (query) Fails(_ context.Context, how testschema.Failure) (*string, error) {
	return nil, fail(how)
}

func (query) Whoami(ctx context.Context) (*string, error) {
	if id := identity.From(ctx).UserID; id != "" {
		return &id, nil
	}
	return nil, nil
}

func (q query) Waits(ctx context.Context) (bool, error) {
	now := q.busy.Add(1)
	defer q.busy.Add(-1)
	for most := q.busiest.Load(); now > most && !q.busiest.CompareAndSwap(most, now); most = q.busiest.Load() {
	}
	q.waiting <- struct{}{}
	select {
	case <-q.release:
		return true, nil
	case <-ctx.Done():
		q.left <- struct{}{}
		return false, ctx.Err()
	}
}

func (query) Dealer(_ context.Context, id string) (*testschema.Dealer, error) {
	return &testschema.Dealer{ID: id, Name: "논두렁"}, nil
}

func (query) Dealers(_ context.Context, first *int, _ *string, _ *testschema.DealerFilter) (*testschema.DealerConnection, error) {
	size := 20
	if first != nil {
		size = *first
	}
	return &testschema.DealerConnection{Nodes: dealers(size), TotalCount: size}, nil
}

func (dealer) Nearby(_ context.Context, _ *testschema.Dealer, first *int) ([]testschema.Dealer, error) {
	return dealers(*first), nil
}

func dealers(n int) []testschema.Dealer {
	list := make([]testschema.Dealer, n)
	for i := range list {
		list[i] = testschema.Dealer{ID: "dlr", Name: "논두렁"}
	}
	return list
}

// feed runs a subscription's goroutine. Sending stops when its context ends.
func feed[T any](ctx context.Context, w *world, run func(send func(T) bool)) (<-chan T, error) {
	out := make(chan T)
	w.open.Add(1)
	w.begun.Add(1)
	go func() {
		defer w.open.Add(-1)
		defer close(out)
		run(func(v T) bool {
			select {
			case out <- v:
				return true
			case <-ctx.Done():
				return false
			}
		})
	}()
	return out, nil
}

func (s subscription) Counts(ctx context.Context, to int) (<-chan int, error) {
	return feed(ctx, s.world, func(send func(int) bool) {
		for i := 1; i <= to && send(i); i++ {
		}
	})
}

func (s subscription) Ticks(ctx context.Context, bytes *int) (<-chan string, error) {
	text := "tick"
	if bytes != nil {
		text = strings.Repeat("x", *bytes)
	}
	return feed(ctx, s.world, func(send func(string) bool) {
		for send(text) {
		}
	})
}

func (s subscription) Breaks(ctx context.Context, how testschema.Failure) (<-chan string, error) {
	return feed(ctx, s.world, func(send func(string) bool) {
		send("before it breaks")
		if how == testschema.Panic {
			transport.FailSubscription(context.Background(), errPlain) // not a subscription's context
			return
		}
		transport.FailSubscription(ctx, fail(how))
	})
}

func (subscription) Refused(_ context.Context, how testschema.Failure) (<-chan string, error) {
	return nil, fail(how)
}

func (s subscription) Silence(ctx context.Context) (<-chan bool, error) {
	return feed(ctx, s.world, func(func(bool) bool) { <-ctx.Done() })
}

// The tokens that the tests' Authenticate knows. "soon" expires 150 ms after it
// is first shown; "broken" is one that cannot be checked.
func authenticate(ctx context.Context, token string) (context.Context, error) {
	actor := identity.Actor{UserID: "usr_" + token, Persona: identity.Dealer}
	switch token {
	case "dealer":
	case "english":
		ctx = words.With(ctx, words.En)
	case "rep":
		actor.Persona = identity.Rep
	case "soon":
		actor.ExpiresAt = time.Now().Add(150 * time.Millisecond)
	case "broken":
		return nil, errPlain
	default:
		return nil, fault.New(fault.Unauthenticated, "identity.session_over")
	}
	return identity.With(ctx, actor), nil
}

// config serves the test schema. Only dealers know Query.all there.
func (w *world) config() transport.Config {
	full := testschema.NewExecutableSchema(testschema.Config{Resolvers: w}).Schema()
	return transport.Config{
		Schema: func(p identity.Persona) graphql.ExecutableSchema {
			pruned := persona.Prune(full, p)
			if p != identity.Dealer {
				pruned.Query.Fields = slices.DeleteFunc(pruned.Query.Fields, func(f *ast.FieldDefinition) bool { return f.Name == "all" })
			}
			return testschema.NewExecutableSchema(testschema.Config{Schema: pruned, Resolvers: w})
		},
		Authenticate:  authenticate,
		Introspection: true,
		RequestID:     func(context.Context) string { return "req-1" },
	}
}

// rig is a server for one test.
type rig struct {
	*httptest.Server
	world   *world
	handler *transport.Handler
}

func serve(t testing.TB, with ...func(*transport.Config)) *rig {
	t.Helper()
	r := &rig{world: newWorld()}
	config := r.world.config()
	for _, change := range with {
		change(&config)
	}
	r.handler = transport.New(config)
	r.Server = httptest.NewServer(r.handler)
	t.Cleanup(func() {
		r.handler.Shutdown()
		r.Close()
	})
	return r
}

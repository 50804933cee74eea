package transport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"sync"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"dure/domain/fault"
	"dure/graph/limit"
	"dure/graph/words"
)

// Codes beside those of package fault.
const (
	parseFailed      fault.Code = errcode.ParseFailed
	validationFailed fault.Code = errcode.ValidationFailed
	notPersisted     fault.Code = "PERSISTED_QUERY_NOT_FOUND" // what clients of automatic persisted queries look for
)

var errBadToken = fault.New(fault.Unauthenticated, "identity.session_over")

const (
	maxMessage = 600 // bytes of an error's message; some messages quote the document
	maxErrors  = 10  // errors of one validation
)

// refusal is why a request is not carried out. It is answered without "data".
type refusal struct {
	// status of the HTTP answer, 0 when the request was well-formed HTTP: then
	// the answer's media type decides.
	status int
	allow  string // the methods of a 405
	errors gqlerror.List
}

// refuse says in English, to the developer of a client, what is wrong.
func refuse(status int, code fault.Code, format string, args ...any) *refusal {
	return &refusal{status: status, errors: gqlerror.List{problem(code, format, args...)}}
}

func problem(code fault.Code, format string, args ...any) *gqlerror.Error {
	return &gqlerror.Error{Message: fmt.Sprintf(format, args...), Extensions: map[string]any{"code": string(code)}}
}

// problemAt is a problem at a place of the document.
func problemAt(position *ast.Position, code fault.Code, format string, args ...any) *gqlerror.Error {
	p := problem(code, format, args...)
	if position != nil {
		p.Locations = []gqlerror.Location{{Line: position.Line, Column: position.Column}}
	}
	return p
}

// coded gives a code to the errors that have none, and keeps the first of many.
func coded(code fault.Code, list gqlerror.List) gqlerror.List {
	list = list[:min(len(list), maxErrors)]
	for _, e := range list {
		if e.Extensions["code"] != nil {
			continue
		}
		if e.Extensions == nil {
			e.Extensions = map[string]any{}
		}
		e.Extensions["code"] = string(code)
	}
	return list
}

// spoken says f in the caller's language.
func spoken(ctx context.Context, f *fault.Fault) *gqlerror.Error {
	return &gqlerror.Error{
		Message:    words.Fault(words.From(ctx), f),
		Extensions: map[string]any{"code": string(f.Code), "key": f.Key},
	}
}

// tooMuch says which limit a document exceeds: in the caller's words, and for
// the client's developer in the extensions.
func tooMuch(ctx context.Context, v *limit.Violation) *gqlerror.Error {
	if v.Malformed() {
		return problemAt(v.Position, validationFailed, "%s", v.Error())
	}
	key := "request.too_costly"
	if v.Limit == "depth" || v.Limit == "introspectionDepth" {
		key = "request.too_deep"
	}
	return overLimit(ctx, key, v.Limit, v.Max, v.Error(), v.Position)
}

func overLimit(ctx context.Context, key, name string, maximum int, detail string, position *ast.Position) *gqlerror.Error {
	e := spoken(ctx, fault.New(fault.Limited, key))
	e.Extensions["limit"], e.Extensions["max"], e.Extensions["detail"] = name, maximum, detail
	if position != nil {
		e.Locations = []gqlerror.Location{{Line: position.Line, Column: position.Column}}
	}
	return e
}

func internal(ctx context.Context) *gqlerror.Error {
	return problem(fault.Internal, "%s", words.Code(words.From(ctx), fault.Internal))
}

// presentNothing shows faults by their words; of anything else it logs all and
// shows nothing.
func presentNothing(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		var shown *gqlerror.Error
		if faults, only := fault.All(err); only && len(faults) > 0 {
			shown = spoken(ctx, faults[0])
		} else if !errors.As(err, &shown) || shown.Extensions["code"] == nil {
			log.ErrorContext(ctx, "graphql: a resolver failed", "error", err)
			shown = internal(ctx)
		}
		if shown.Path == nil {
			shown.Path = graphql.GetPath(ctx)
		}
		return shown
	}
}

// presenter shows what gqlgen says of arguments that it cannot read as the
// caller's mistake, and hands everything else to present.
func presenter(present graphql.ErrorPresenterFunc) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		if !unreadArguments(ctx, err) {
			return present(ctx, err)
		}
		shown := problem(fault.Invalid, "%s", words.Code(words.From(ctx), fault.Invalid))
		shown.Path = graphql.GetPath(ctx)
		return shown
	}
}

// unreadArguments reports whether err, which is no fault, kept a field from
// having its arguments. gqlgen gives such errors no type of their own, but sets
// the arguments only when all of them could be read.
func unreadArguments(ctx context.Context, err error) bool {
	field := graphql.GetFieldContext(ctx)
	if field == nil || field.Args != nil || field.Field.Field == nil || field.Field.Definition == nil || len(field.Field.Definition.Arguments) == 0 {
		return false
	}
	if faults, _ := fault.All(err); len(faults) > 0 {
		return false
	}
	var coded *gqlerror.Error
	return !errors.As(err, &coded) || coded.Extensions["code"] == nil
}

// identified returns list with the request's id in every error, messages
// clipped. The errors given are not changed: a resolver may keep one for all.
func (c *Config) identified(ctx context.Context, list gqlerror.List) gqlerror.List {
	id := c.RequestID(ctx)
	out := make(gqlerror.List, len(list))
	for i, e := range list {
		own := *e
		own.Message = clip(own.Message, maxMessage)
		if id != "" {
			own.Extensions = maps.Clone(own.Extensions)
			if own.Extensions == nil {
				own.Extensions = map[string]any{}
			}
			own.Extensions["requestId"] = id
		}
		out[i] = &own
	}
	return out
}

// clip cuts text to at most n bytes, between characters.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// panicked logs a panic with its stack; the caller learns that we failed.
func (c *Config) panicked(ctx context.Context, where string, cause any) *gqlerror.Error {
	c.Log.ErrorContext(ctx, "graphql: panic", slog.String("in", where), slog.Any("cause", cause), slog.String("stack", string(debug.Stack())))
	return internal(ctx)
}

type brokenKey struct{}

// broken collects what a subscription's resolver says after it has started.
type broken struct {
	mu     sync.Mutex
	errors []error
}

func (b *broken) take() []error {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.errors
	b.errors = nil
	return taken
}

// FailSubscription says why a subscription breaks off. A resolver's goroutine
// calls it with the resolver's context before it closes its channel; it is safe
// from any goroutine, over any transport, at any time. Outside of a subscription
// it does nothing.
func FailSubscription(ctx context.Context, err error) {
	b, ok := ctx.Value(brokenKey{}).(*broken)
	if !ok || err == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.errors = append(b.errors, err)
}

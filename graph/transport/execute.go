package transport

import (
	"context"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// source is one running operation: its answers, one after another.
type source interface {
	// next waits for the next answer and appends it to dst as a JSON object. more
	// is false when there is none: the operation is over, or ctx is.
	next(ctx context.Context, dst []byte) (answer []byte, more bool)

	// failure says, once next returned no more, why the operation could not start
	// or broke off; nil when it is complete.
	failure() gqlerror.List
}

// start lets o run until ctx ends, which must be o's own context or one that
// stems from it.
func (o *operation) start(ctx context.Context) source {
	x := &execution{engine: o.engine, broken: &broken{}}
	ctx = context.WithValue(ctx, brokenKey{}, x.broken)
	x.dispatch(ctx, o.context)
	return x
}

// execution is a source that executes for one subscriber alone.
type execution struct {
	engine  *engine
	ctx     context.Context //nolint:containedctx // the one that the extensions made for this operation
	respond graphql.ResponseHandler
	broken  *broken
	failed  gqlerror.List
}

func (x *execution) next(ctx context.Context, dst []byte) ([]byte, bool) {
	if len(x.failed) > 0 || ctx.Err() != nil {
		return dst, false
	}
	response := x.answer()
	switch {
	case len(x.failed) > 0:
		return dst, false
	case response == nil:
		x.breakOff()
		return dst, false
	case response.Data == nil:
		x.fail(response.Errors)
		return dst, false
	}
	dst, err := appendAnswer(dst, response.Data, x.engine.identified(x.ctx, response.Errors), response.Extensions)
	if err != nil {
		x.fail(gqlerror.List{x.engine.panicked(x.ctx, "an answer", err)})
	}
	return dst, err == nil
}

func (x *execution) failure() gqlerror.List { return x.failed }

func (x *execution) fail(list gqlerror.List) {
	if len(list) == 0 {
		list = gqlerror.List{internal(x.ctx)}
	}
	x.failed = x.engine.identified(x.ctx, list)
}

// breakOff asks why the source ended.
func (x *execution) breakOff() {
	defer x.recovered(x.ctx)
	var list gqlerror.List
	for _, err := range x.broken.take() {
		list = append(list, presenter(x.engine.PresentError)(x.ctx, err))
	}
	if len(list) > 0 {
		x.fail(list)
	}
}

func (x *execution) dispatch(ctx context.Context, op *graphql.OperationContext) {
	defer x.recovered(ctx)
	x.ctx = ctx
	x.respond, x.ctx = x.engine.executor.DispatchOperation(ctx, op)
}

func (x *execution) answer() *graphql.Response {
	defer x.recovered(x.ctx)
	return x.respond(x.ctx)
}

// recovered turns a panic into a failure.
func (x *execution) recovered(ctx context.Context) {
	if cause := recover(); cause != nil {
		x.failed = x.engine.identified(ctx, gqlerror.List{x.engine.panicked(ctx, "an operation", cause)})
	}
}

// appendAnswer appends a GraphQL answer with the marshalled data.
func appendAnswer(dst, data []byte, list gqlerror.List, extensions map[string]any) ([]byte, error) {
	start := len(dst)
	dst = append(dst, '{')
	if len(list) > 0 {
		text, err := json.Marshal(list)
		if err != nil {
			return dst[:start], err
		}
		dst = append(append(append(dst, `"errors":`...), text...), ',')
	}
	dst = append(append(dst, `"data":`...), data...)
	if len(extensions) > 0 {
		text, err := json.Marshal(extensions)
		if err != nil {
			return dst[:start], err
		}
		dst = append(append(dst, `,"extensions":`...), text...)
	}
	return append(dst, '}'), nil
}

// appendErrors appends a list of errors; what JSON cannot hold of them is left out.
func appendErrors(dst []byte, list gqlerror.List) []byte {
	text, err := json.Marshal(list)
	if err != nil {
		plain := make(gqlerror.List, len(list))
		for i, e := range list {
			plain[i] = problem("", "%s", e.Message)
			plain[i].Extensions = map[string]any{"code": e.Extensions["code"]}
		}
		text, _ = json.Marshal(plain)
	}
	return append(dst, text...)
}

// appendFailure appends an answer that has no data.
func appendFailure(dst []byte, list gqlerror.List) []byte {
	return append(appendErrors(append(dst, `{"errors":`...), list), '}')
}

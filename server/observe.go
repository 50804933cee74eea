package server

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"dure/domain/fault"
)

// Observer is the gqlgen extension that counts operations and their root
// fields, traces them where Tracing is on, and puts the request's id into every
// error. Use one for all of the personas' servers.
type Observer struct {
	Metrics *Metrics
	Tracing bool
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationInterceptor
	graphql.ResponseInterceptor
	graphql.RootFieldInterceptor
} = Observer{}

// ExtensionName implements graphql.HandlerExtension.
func (Observer) ExtensionName() string { return "Observer" }

// Validate implements graphql.HandlerExtension.
func (Observer) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation keeps count of the subscriptions that run, and times
// queries and mutations.
func (o Observer) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	op.Stats.SetExtension(ran, true)
	kind, name := string(op.Operation.Operation), o.Metrics.operation(op.Operation.Name)
	if op.Operation.Operation == ast.Subscription {
		return o.counted(ctx, next(ctx))
	}
	start := time.Now()
	var span trace.Span
	if o.Tracing {
		ctx, span = tracer().Start(ctx, kind+" "+name, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
			attribute.String("graphql.operation.type", kind), attribute.String("graphql.operation.name", name),
			attribute.String("request.id", RequestID(ctx)),
		))
	}
	respond := next(ctx)
	var once bool
	return func(ctx context.Context) *graphql.Response {
		response := respond(ctx)
		if once || response == nil {
			return response
		}
		once = true
		outcome := outcomeOf(response)
		o.Metrics.operations.WithLabelValues(kind, name, outcome).Inc()
		o.Metrics.operationTime.WithLabelValues(kind, name).Observe(time.Since(start).Seconds())
		if span != nil {
			if outcome != "ok" {
				span.SetStatus(codes.Error, outcome)
			}
			span.End()
		}
		return response
	}
}

// counted keeps a subscription in the gauge until it sends its last message or
// its context ends, whichever comes first.
func (o Observer) counted(ctx context.Context, respond graphql.ResponseHandler) graphql.ResponseHandler {
	o.Metrics.subscriptions.Inc()
	left := context.AfterFunc(ctx, o.Metrics.subscriptions.Dec)
	return func(ctx context.Context) *graphql.Response {
		response := respond(ctx)
		if response == nil && left() {
			o.Metrics.subscriptions.Dec()
		}
		return response
	}
}

// InterceptResponse counts a subscription's messages and names the request in
// every error.
func (o Observer) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil {
		return nil
	}
	switch op := operationOf(ctx); {
	case op == nil || op.Stats.GetExtension(ran) == nil: // refused before it ran
		o.Metrics.operations.WithLabelValues(other, other, outcomeOf(response)).Inc()
	case op.Operation.Operation == ast.Subscription:
		o.Metrics.messages.Inc()
	}
	if id := RequestID(ctx); id != "" {
		for _, err := range response.Errors {
			if err.Extensions == nil {
				err.Extensions = map[string]any{}
			}
			err.Extensions["requestId"] = id
		}
	}
	return response
}

// ran marks, in an operation's statistics, that it came as far as running.
const ran = "dure.ran"

func operationOf(ctx context.Context) *graphql.OperationContext {
	if !graphql.HasOperationContext(ctx) {
		return nil
	}
	return graphql.GetOperationContext(ctx)
}

// InterceptRootField times a field of Query or Mutation. A field's name comes
// from the schema, so it is safe as a label.
func (o Observer) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	field := graphql.GetRootFieldContext(ctx)
	if field == nil || field.Field.ObjectDefinition.Name == "Subscription" {
		return next(ctx)
	}
	object, start := field.Field.ObjectDefinition.Name, time.Now() // what gqlgen calls the object is the field once more
	if o.Tracing {
		var span trace.Span
		ctx, span = tracer().Start(ctx, object+"."+field.Field.Name)
		defer span.End()
	}
	defer func() {
		o.Metrics.fields.WithLabelValues(object, field.Field.Name).Observe(time.Since(start).Seconds())
	}()
	return next(ctx)
}

// outcomeOf names the code of the first error, from the codes that exist.
func outcomeOf(response *graphql.Response) string {
	if len(response.Errors) == 0 {
		return "ok"
	}
	code, _ := response.Errors[0].Extensions["code"].(string)
	switch fault.Code(code) {
	case fault.Unauthenticated, fault.Forbidden, fault.NotFound, fault.Invalid, fault.Conflict, fault.Limited, fault.Internal,
		"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED":
		return code
	default:
		return other
	}
}

func tracer() trace.Tracer { return otel.Tracer("dure/server") }

package server_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"dure/server"
)

// small is a schema of three fields: value answers, fails fails, ticks sends two.
func small() graphql.ExecutableSchema {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `type Query { value: Int fails: Int } type Subscription { ticks: Int }`})
	field := func(ctx context.Context, object, name string) {
		ctx = graphql.WithRootFieldContext(ctx, &graphql.RootFieldContext{
			Object: name, // as generated code has it
			Field: graphql.CollectedField{Field: &ast.Field{
				Name: name, Alias: "made_up", ObjectDefinition: &ast.Definition{Name: object},
			}},
		})
		graphql.GetOperationContext(ctx).RootResolverMiddleware(ctx, func(context.Context) graphql.Marshaler { return graphql.Null })
	}
	return &graphql.ExecutableSchemaMock{
		SchemaFunc:     func() *ast.Schema { return schema },
		ComplexityFunc: func(context.Context, string, string, int, map[string]any) (int, bool) { return 0, false },
		ExecFunc: func(ctx context.Context) graphql.ResponseHandler {
			op := graphql.GetOperationContext(ctx).Operation
			name := op.SelectionSet[0].(*ast.Field).Name
			left := 1
			if op.Operation == ast.Subscription {
				left = 2
			}
			return func(ctx context.Context) *graphql.Response {
				if left--; left < 0 {
					return nil
				}
				field(ctx, map[ast.Operation]string{ast.Query: "Query", ast.Subscription: "Subscription"}[op.Operation], name)
				if name == "fails" {
					return &graphql.Response{Errors: gqlerror.List{{Message: "no", Extensions: map[string]any{"code": "CONFLICT"}}}}
				}
				return &graphql.Response{Data: []byte(`{}`)}
			}
		},
	}
}

// perform runs query to its end and returns its answers.
func perform(ctx context.Context, t *testing.T, exec *executor.Executor, query string) (answers []*graphql.Response) {
	t.Helper()
	ctx = graphql.StartOperationTrace(ctx)
	op, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: query})
	if errs != nil {
		return []*graphql.Response{exec.DispatchError(graphql.WithOperationContext(ctx, op), errs)}
	}
	next, ctx := exec.DispatchOperation(ctx, op)
	for {
		answer := next(ctx)
		if answer == nil {
			return answers
		}
		answers = append(answers, answer)
		if op.Operation.Operation != ast.Subscription {
			return answers
		}
	}
}

func figures(m *server.Metrics) string {
	h := server.New(server.Deps{GraphQL: http.NotFoundHandler(), Metrics: m})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

func TestOperationsAreCounted(t *testing.T) {
	metrics := server.NewMetrics([]string{"Known"})
	exec := executor.New(small())
	exec.Use(server.Observer{Metrics: metrics})

	perform(t.Context(), t, exec, `query Known { value }`)
	perform(t.Context(), t, exec, `query MadeUp1 { value }`)
	perform(t.Context(), t, exec, `query MadeUp2 { value }`)
	perform(t.Context(), t, exec, `query Known { fails }`)
	perform(t.Context(), t, exec, `{ nothingLikeIt }`)
	assert.Len(t, perform(t.Context(), t, exec, `subscription { ticks }`), 2)

	told := figures(metrics)
	for _, line := range []string{
		`dure_graphql_operations_total{kind="query",operation="Known",outcome="ok"} 1`,
		`dure_graphql_operations_total{kind="query",operation="Known",outcome="CONFLICT"} 1`,
		`dure_graphql_operations_total{kind="query",operation="other",outcome="ok"} 2`,
		`dure_graphql_operation_seconds_count{kind="query",operation="other"} 2`,
		`dure_graphql_root_field_seconds_count{field="value",object="Query"} 3`,
		`dure_graphql_subscription_messages_total 2`,
		`dure_graphql_subscriptions 0`,
	} {
		assert.Contains(t, told, line)
	}
	assert.Contains(t, told, `outcome="GRAPHQL_VALIDATION_FAILED"} 1`)
	assert.NotContains(t, told, "MadeUp")
	assert.NotContains(t, told, "made_up")
}

func TestASubscriptionCountsWhileItsContextLives(t *testing.T) {
	metrics := server.NewMetrics(nil)
	exec := executor.New(small())
	exec.Use(server.Observer{Metrics: metrics})
	ctx, cancel := context.WithCancel(graphql.StartOperationTrace(t.Context()))
	op, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: `subscription { ticks }`})
	require.Nil(t, errs)
	exec.DispatchOperation(ctx, op)
	assert.Contains(t, figures(metrics), "dure_graphql_subscriptions 1")
	cancel()
	require.Eventually(t, func() bool { return strings.Contains(figures(metrics), "dure_graphql_subscriptions 0") }, 5*time.Second, time.Millisecond)
}

func TestEveryErrorNamesTheRequest(t *testing.T) {
	exec := executor.New(small())
	exec.Use(server.Observer{Metrics: server.NewMetrics(nil)})
	var seen []any
	h := server.New(server.Deps{GraphQL: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		for _, query := range []string{`{ fails }`, `{ unknown }`, `{`} {
			answer := perform(r.Context(), t, exec, query)
			for _, err := range answer[0].Errors {
				seen = append(seen, err.Extensions["requestId"])
			}
		}
	})})
	r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	r.Header.Set("X-Request-Id", "request-0001")
	h.ServeHTTP(httptest.NewRecorder(), r)
	assert.Equal(t, []any{"request-0001", "request-0001", "request-0001"}, seen)
}

func TestRootFieldsAreTraced(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	before := otel.GetTracerProvider()
	otel.SetTracerProvider(trace.NewTracerProvider(trace.WithSpanProcessor(spans)))
	t.Cleanup(func() { otel.SetTracerProvider(before) })

	exec := executor.New(small())
	exec.Use(server.Observer{Metrics: server.NewMetrics([]string{"Known"}), Tracing: true})
	perform(t.Context(), t, exec, `query Known { value }`)
	perform(t.Context(), t, exec, `{ fails }`)

	names := map[string]string{}
	var root trace.ReadOnlySpan
	for _, s := range spans.Ended() {
		names[s.Name()] = s.Status().Description
		if s.Name() == "query Known" {
			root = s
		}
	}
	assert.Equal(t, map[string]string{"query Known": "", "Query.value": "", "query other": "CONFLICT", "Query.fails": ""}, names)
	for _, s := range spans.Ended() {
		if s.Name() == "Query.value" {
			assert.Equal(t, root.SpanContext().SpanID(), s.Parent().SpanID(), "a field lies within its operation")
		}
	}
}

func TestTracingIsOffUnlessAsked(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "")
	stop, on, err := server.StartTracing(t.Context())
	require.NoError(t, err)
	assert.False(t, on)
	assert.NoError(t, stop(t.Context()))
}

func TestSpansGoWhereTheyAreAsked(t *testing.T) {
	arrived := make(chan string, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { arrived <- r.URL.Path }))
	t.Cleanup(collector.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	before := otel.GetTracerProvider()
	t.Cleanup(func() { otel.SetTracerProvider(before) })

	stop, on, err := server.StartTracing(t.Context())
	require.NoError(t, err)
	require.True(t, on)
	_, span := otel.Tracer("test").Start(t.Context(), "something")
	span.End()
	require.NoError(t, errors.Join(stop(t.Context())))
	assert.Equal(t, "/v1/traces", <-arrived)

	var followed string
	h := server.New(server.Deps{GraphQL: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, span := otel.Tracer("test").Start(r.Context(), "within")
		followed = span.SpanContext().TraceID().String()
	})})
	r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	h.ServeHTTP(httptest.NewRecorder(), r)
	assert.Equal(t, "0af7651916cd43dd8448eb211c80319c", followed)
}

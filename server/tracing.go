package server

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

// StartTracing sends spans to where OTEL_EXPORTER_OTLP_ENDPOINT (or its TRACES
// variant) points; the other OTEL_ variables count as OpenTelemetry says. on is
// false, and nothing is started, when neither is set. stop sends what is left.
func StartTracing(ctx context.Context) (stop func(context.Context) error, on bool, err error) {
	stop = func(context.Context) error { return nil }
	if os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") == "" && os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") == "" {
		return stop, false, nil
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return stop, false, fmt.Errorf("start tracing: %w", err)
	}
	named, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "dure")), resource.WithFromEnv())
	if err != nil {
		return stop, false, fmt.Errorf("start tracing: %w", err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(named))
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	return provider.Shutdown, true, nil
}

// followTrace lets a request's spans hang on the caller's, by W3C trace context.
// It does nothing while tracing is off.
func followTrace(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Traceparent") != "" {
			r = r.WithContext(otel.GetTextMapPropagator().Extract(r.Context(), propagation.HeaderCarrier(r.Header)))
		}
		next.ServeHTTP(w, r)
	})
}

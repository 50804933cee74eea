package server_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"dure/server"
)

// What a request passes through before and after GraphQL, access log included.
func BenchmarkMiddleware(b *testing.B) {
	h := server.New(server.Deps{
		GraphQL:      http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		Authenticate: func(ctx context.Context, _ string) (context.Context, error) { return ctx, nil },
		Log:          slog.New(slog.NewJSONHandler(io.Discard, nil)),
	})
	r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	r.Header.Set("Accept-Language", "ko-KR,ko;q=0.9,en;q=0.8")
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}

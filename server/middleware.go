package server

import (
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"dure/domain/fault"
	"dure/graph/words"
)

// observe counts each request and writes its line in the access log: the route
// and never the path, its query, a header or an address, because those name
// people and hold tokens.
func observe(log *slog.Logger, metrics *Metrics) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := time.Now()
			answer := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			defer func() {
				route, status, took := routeOf(r), answer.Status(), time.Since(start)
				switch {
				case status == 0 && r.Header.Get("Upgrade") != "":
					status = http.StatusSwitchingProtocols // hijacked: the answer went past us
				case status == 0:
					status = http.StatusOK
				}
				metrics.request(r.Method, route, status, took)
				level := slog.LevelInfo
				if route == "/healthz" || route == "/readyz" || route == "/metrics" {
					level = slog.LevelDebug
				}
				if log.Enabled(r.Context(), level) {
					log.LogAttrs(r.Context(), level, "request", slog.String("method", method(r.Method)), slog.String("route", route), slog.Int("status", status),
						slog.Int("bytes", answer.BytesWritten()), slog.Duration("took", took))
				}
			}()
			next.ServeHTTP(answer, r)
		})
	}
}

// routeOf names the route that r took, such as "/files/contracts/{id}/contract.pdf".
func routeOf(r *http.Request) string {
	if c := chi.RouteContext(r.Context()); c != nil {
		if pattern := c.RoutePattern(); pattern != "" && pattern != "/*" {
			return pattern
		}
	}
	return "other"
}

// method keeps made-up methods out of logs and figures.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodPost, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return m
	default:
		return "other"
	}
}

// recoverPanics keeps a panic inside its request: it is logged with its stack,
// and the caller is told that we failed.
func recoverPanics(log *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				cause := recover()
				if cause == nil {
					return
				}
				if cause == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
					panic(cause) //nolint:forbidigo // it is how a handler hangs up
				}
				log.ErrorContext(r.Context(), "panic in a request",
					"route", routeOf(r), "cause", cause, "stack", string(debug.Stack()))
				if started, ok := w.(interface{ Status() int }); ok && started.Status() != 0 || r.Header.Get("Upgrade") != "" {
					panic(http.ErrAbortHandler) //nolint:forbidigo // too late to say so: cut the connection
				}
				refuse(w, r, http.StatusInternalServerError, fault.Internal, words.Code(words.From(r.Context()), fault.Internal))
			}()
			next.ServeHTTP(w, r)
		})
	}
}

// strict is the policy of everything that does not bring its own: nothing may
// run, load or frame; pages add the hash of their style.
const strict = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// secure sets the headers that every answer carries. A built app sets its own
// Content-Security-Policy over this one.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", strict)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer") // a customer's link is a secret
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		next.ServeHTTP(w, r)
	})
}

// How long a peer may take.
const (
	bodyTime   = 30 * time.Second // to send a body
	answerTime = 2 * time.Minute  // to take an answer, streams aside
)

// deadlines bounds how long a body may take to come and an answer to go. Streams
// (WebSocket, server-sent events) have no end here: they bound each write
// themselves. Deadlines belong to connections, so each request sets both anew.
func deadlines(body, answer time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			control := http.NewResponseController(w)
			var end time.Time
			if !streams(r) {
				end = time.Now().Add(answer)
			}
			_ = control.SetWriteDeadline(end) // a recorder in a test cannot
			if r.Body != nil && r.Body != http.NoBody {
				_ = control.SetReadDeadline(time.Now().Add(body))
				r.Body = &timedBody{ReadCloser: r.Body, done: func() { _ = control.SetReadDeadline(time.Time{}) }}
			}
			next.ServeHTTP(w, r)
		})
	}
}

func streams(r *http.Request) bool {
	return r.Header.Get("Upgrade") != "" || strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}

// timedBody lifts the read deadline once the body was read: net/http goes on
// reading to notice that the caller left, and would take the deadline for that.
type timedBody struct {
	io.ReadCloser
	done func()
}

func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF && b.done != nil {
		b.done()
		b.done = nil
	}
	return n, err
}

package server

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/google/uuid"

	"dure/domain/identity"
	"dure/graph/words"
)

// requestIDHeader carries the request's id, both ways.
const requestIDHeader = "X-Request-Id"

// validRequestID is what is taken over from a caller: enough for the ids that
// proxies make, nothing that could forge a line in a log.
var validRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

type requestIDKey struct{}

// RequestID returns the id of ctx's request, "" outside of one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// identify gives each request an id: the caller's, when it is a valid one, or a
// new one. The answer carries it.
func identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(requestIDHeader)
		if !validRequestID.MatchString(id) {
			id = uuid.Must(uuid.NewV7()).String() // fails only without randomness, and then nothing is safe
		}
		w.Header().Set(requestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

// locate tells the sign-in where a request comes from, so that it can count
// failed attempts. Only a proxy that is trusted is believed about others.
func locate(proxies []string) func(http.Handler) http.Handler {
	find := middleware.ClientIPFromRemoteAddr
	if len(proxies) > 0 {
		find = middleware.ClientIPFromXFF(proxies...)
	}
	return func(next http.Handler) http.Handler {
		return find(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(identity.FromAddress(r.Context(), middleware.GetClientIP(r.Context()))))
		}))
	}
}

// speak puts the caller's language into the request: Accept-Language, until
// somebody who knows the user's own setting puts in another.
func speak(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := words.Pick("", r.Header.Get("Accept-Language"))
		next.ServeHTTP(w, r.WithContext(words.With(r.Context(), l)))
	})
}

// LogHandler adds the request's id to every line that is logged with its
// context, once however often it is wrapped around a handler.
func LogHandler(next slog.Handler) slog.Handler {
	if already, ok := next.(logHandler); ok {
		return already
	}
	return logHandler{next}
}

type logHandler struct{ slog.Handler }

func (h logHandler) Handle(ctx context.Context, line slog.Record) error {
	if id := RequestID(ctx); id != "" {
		line = line.Clone()
		line.AddAttrs(slog.String("requestId", id))
	}
	return h.Handler.Handle(ctx, line)
}

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{h.Handler.WithAttrs(attrs)}
}

func (h logHandler) WithGroup(name string) slog.Handler { return logHandler{h.Handler.WithGroup(name)} }

package transport

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"dure/domain/identity"
	"dure/graph/limit"
)

// Config is what the transports are handed. Only Schema is needed.
type Config struct {
	// Schema returns the persona's own schema; "" is nobody. It is called once
	// for each persona that comes.
	Schema func(identity.Persona) graphql.ExecutableSchema

	// Authenticate returns ctx speaking for the bearer of a token, in their
	// language. It fails with fault.Unauthenticated for a bad or expired token.
	// Nil: every token is bad.
	Authenticate func(ctx context.Context, token string) (context.Context, error)

	// Watch has end called once what the caller in ctx speaks for is over before its
	// token is, until stop is called. Nil: nothing ends before.
	Watch func(ctx context.Context, end func()) (stop func())

	Limits limit.Limits
	Costs  limit.Costs

	// Introspection lets callers read the schema.
	Introspection bool

	// Documents are the only ones that run. Nil: any document may be sent.
	Documents Documents

	Extensions   []graphql.HandlerExtension   // metrics, tracing
	Around       []graphql.ResponseMiddleware // around each response, such as fresh data loaders
	PresentError graphql.ErrorPresenterFunc   // what a resolver's error looks like; nil shows nothing of it
	RequestID    func(context.Context) string // goes into the extensions of every error

	// AllowedOrigins are patterns of the hosts, or of "scheme://host", whose pages
	// may open a WebSocket here. The server's own host always may.
	AllowedOrigins []string

	InitTimeout  time.Duration // for connection_init to come; default 10 s
	PingInterval time.Duration // between signs of life on idle streams; default 25 s
	WriteTimeout time.Duration // for a stream's reader to take a message; default 10 s
	AnswerTime   time.Duration // for a caller to take an answer that is no stream; default 2 min
	Operations   int           // that may run on one socket; default 50

	Log *slog.Logger // slog.Default() when nil
}

func (c Config) withDefaults() Config {
	c.Limits = c.Limits.WithDefaults()
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&c.InitTimeout, 10 * time.Second},
		{&c.PingInterval, 25 * time.Second},
		{&c.WriteTimeout, 10 * time.Second},
		{&c.AnswerTime, 2 * time.Minute},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	if c.Operations == 0 {
		c.Operations = 50
	}
	if c.Watch == nil {
		c.Watch = func(context.Context, func()) func() { return func() {} }
	}
	if c.Authenticate == nil {
		c.Authenticate = func(context.Context, string) (context.Context, error) { return nil, errBadToken }
	}
	if c.RequestID == nil {
		c.RequestID = func(context.Context) string { return "" }
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.PresentError == nil {
		c.PresentError = presentNothing(c.Log)
	}
	return c
}

// Handler answers GraphQL over every transport. Make one with New.
type Handler struct {
	config Config

	mu      sync.Mutex // guards what follows
	engines map[identity.Persona]*engine
	ending  bool // no new streams

	streams sync.WaitGroup
	over    context.Context //nolint:containedctx // ends when Shutdown begins; streams of many requests hang on it
	end     context.CancelFunc
}

// New returns the handler of /graphql.
func New(config Config) *Handler {
	over, end := context.WithCancel(context.Background())
	return &Handler{config: config.withDefaults(), engines: map[identity.Persona]*engine{}, over: over, end: end}
}

// endTime bounds how long Shutdown waits: a close handshake, and a little.
const endTime = 12 * time.Second

// Shutdown ends every stream in good order and waits until the last has ended,
// but not for a resolver that does not listen. Streams that come later are
// refused; other requests are still answered.
func (h *Handler) Shutdown() {
	h.mu.Lock()
	h.ending = true
	h.mu.Unlock()
	h.end()
	ended := make(chan struct{})
	go func() {
		h.streams.Wait()
		close(ended)
	}()
	patience := time.NewTimer(endTime)
	defer patience.Stop()
	select {
	case <-ended:
	case <-patience.C:
	}
}

// stream counts a stream in, unless the handler is ending. The stream must call
// left when it is over.
func (h *Handler) stream() (left func(), ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ending {
		return nil, false
	}
	h.streams.Add(1)
	return h.streams.Done, true
}

// engine returns what runs the operations of persona.
func (h *Handler) engine(persona identity.Persona) *engine {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.engines[persona]
	if e == nil {
		e = newEngine(&h.config, h.config.Schema(persona))
		h.engines[persona] = e
	}
	return e
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isUpgrade(r) {
		h.serveSocket(w, r)
		return
	}
	h.serveRequest(w, r)
}

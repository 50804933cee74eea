package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"dure/domain/fault"
	"dure/domain/identity"
)

const allMethods = "GET, HEAD, OPTIONS, POST"

// serveRequest answers what is not a WebSocket.
func (h *Handler) serveRequest(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	header.Set("Vary", "Accept")
	wish := negotiate(r.Header.Values("Accept"))
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
	case http.MethodOptions:
		header.Set("Allow", allMethods)
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		refused := refuse(http.StatusMethodNotAllowed, fault.Invalid, "Send GET or POST.")
		refused.allow = allMethods
		h.refuse(w, r, wish.answer, refused)
		return
	}
	if r.Method == http.MethodHead {
		wish.events = 0 // a stream has no end to wait for
	}
	live, end := context.WithCancel(r.Context())
	defer end()
	ctx, e, request, refused := h.admit(w, r.WithContext(live), wish)
	if refused != nil {
		h.refuse(w, r, wish.answer, refused)
		return
	}
	op, refused := e.prepare(ctx, request)
	if refused == nil {
		refused = e.suits(op, r, wish)
	}
	subscription := refused == nil && op.kind() == ast.Subscription
	switch r = r.WithContext(ctx); {
	case wish.streams(subscription) && (refused == nil || refused.status == 0):
		h.serveEvents(w, r, end, op, refused)
	case refused != nil:
		h.refuse(w, r, wish.answer, refused)
	default:
		h.answer(w, r, wish.answer, op)
	}
}

// admit checks everything before GraphQL: how the request is addressed, who
// sends it, and how it is written.
func (h *Handler) admit(w http.ResponseWriter, r *http.Request, wish accepted) (context.Context, *engine, *request, *refusal) {
	if wish.answer == "" && wish.events == 0 {
		return nil, nil, nil, refuse(http.StatusNotAcceptable, fault.Invalid,
			"Accept application/graphql-response+json, application/json or text/event-stream.")
	}
	ctx, refused := h.authenticate(r)
	if refused != nil {
		if refused.status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Bearer realm="dure", error="invalid_token"`)
		}
		return nil, nil, nil, refused
	}
	request, refused := h.decode(w, r)
	if refused != nil {
		return nil, nil, nil, refused
	}
	return ctx, h.engine(identity.From(ctx).Persona), request, nil
}

// suits refuses what does not go by this method or media type.
func (e *engine) suits(op *operation, r *http.Request, wish accepted) *refusal {
	switch kind := op.kind(); {
	case kind == ast.Mutation && r.Method != http.MethodPost:
		refused := refuse(http.StatusMethodNotAllowed, fault.Invalid, "Send mutations by POST.")
		refused.allow = http.MethodPost
		return refused
	case kind == ast.Subscription && wish.events == 0:
		return refuse(http.StatusNotAcceptable, fault.Invalid, "Subscribe with Accept: text/event-stream, or over WebSocket.")
	}
	return nil
}

// unwelcome are the ways in which a token opens nothing: it is bad or too old, speaks
// for nobody who is known here, or cannot be checked right now.
var unwelcome = map[fault.Code]int{
	fault.Unauthenticated: http.StatusUnauthorized, fault.Forbidden: http.StatusForbidden, fault.Limited: http.StatusTooManyRequests,
}

// authenticate returns a context that speaks for the bearer of the request's
// token, for nobody without one.
func (h *Handler) authenticate(r *http.Request) (context.Context, *refusal) {
	values := r.Header.Values("Authorization")
	if len(values) == 0 {
		return r.Context(), nil
	}
	ctx, err := h.bearer(r.Context(), strings.Join(values, ","))
	switch {
	case err == nil:
		return ctx, nil
	case unwelcome[fault.CodeOf(err)] != 0:
		faults, _ := fault.All(err)
		return nil, &refusal{status: unwelcome[fault.CodeOf(err)], errors: gqlerror.List{spoken(r.Context(), faults[0])}}
	default:
		h.config.Log.ErrorContext(r.Context(), "graphql: a token could not be checked", "error", err)
		return nil, &refusal{status: http.StatusInternalServerError, errors: gqlerror.List{internal(r.Context())}}
	}
}

// bearer reads an Authorization header. It fails with fault.Unauthenticated for
// another scheme as for a bad token.
func (h *Handler) bearer(ctx context.Context, authorization string) (context.Context, error) {
	scheme, token, _ := strings.Cut(strings.TrimSpace(authorization), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return nil, errBadToken
	}
	return h.config.Authenticate(ctx, token)
}

// decode reads the request from the query string or the body.
func (h *Handler) decode(w http.ResponseWriter, r *http.Request) (*request, *refusal) {
	limits := h.config.Limits
	var (
		decoded *request
		err     error
	)
	if r.Method != http.MethodPost {
		if limits.QueryString >= 0 && len(r.URL.RawQuery) > limits.QueryString {
			return nil, &refusal{status: http.StatusRequestURITooLong, errors: gqlerror.List{
				overLimit(r.Context(), "request.too_large", "queryString", limits.QueryString, "the query string is too long: use POST", nil),
			}}
		}
		decoded, err = decodeQuery(r.URL.RawQuery, limits.Nesting)
	} else {
		if refused := checkBody(r.Header); refused != nil {
			return nil, refused
		}
		body, refused := h.body(w, r)
		if refused != nil {
			return nil, refused
		}
		decoded, err = decodeRequest(body, limits.Nesting)
	}
	switch {
	case errors.Is(err, errTooDeep):
		return nil, &refusal{status: http.StatusBadRequest, errors: gqlerror.List{
			overLimit(r.Context(), "request.too_deep", "nesting", limits.Nesting, err.Error(), nil),
		}}
	case err != nil:
		return nil, refuse(http.StatusBadRequest, fault.Invalid, "The request is malformed: %s.", err)
	}
	return decoded, nil
}

func (h *Handler) body(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	most := int64(h.config.Limits.Body)
	tooLarge := func() *refusal {
		w.Header().Set("Connection", "close") // the rest of the body is not worth reading
		return &refusal{status: http.StatusRequestEntityTooLarge, errors: gqlerror.List{
			overLimit(r.Context(), "request.too_large", "body", h.config.Limits.Body, "the body is too large", nil),
		}}
	}
	if most >= 0 && r.ContentLength > most {
		return nil, tooLarge()
	}
	reader := r.Body
	if most >= 0 {
		reader = http.MaxBytesReader(w, r.Body, most)
	}
	body, err := io.ReadAll(reader)
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, tooLarge()
	case err != nil:
		return nil, refuse(http.StatusBadRequest, fault.Invalid, "The body could not be read to its end.")
	}
	return body, nil
}

// buffers holds what answers are written from.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// maxKept bounds the bytes of a buffer that is kept for the next answer.
const maxKept = 64 << 10

func keep(buffer *[]byte, used []byte) {
	if cap(used) <= maxKept {
		*buffer = used[:0]
		buffers.Put(buffer)
	}
}

// answer runs op and writes its one answer.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, m media, op *operation) {
	buffer, _ := buffers.Get().(*[]byte)
	source := op.start(op.ctx)
	answer, ok := source.next(op.ctx, (*buffer)[:0])
	defer func() { keep(buffer, answer) }()
	status := http.StatusOK
	if !ok {
		if r.Context().Err() != nil {
			return // nobody is there any more
		}
		status = statusOf(m, &refusal{})
		answer = appendFailure(answer, source.failure())
	}
	h.write(w, m, status, answer)
}

// refuse writes why there is no answer.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, m media, refused *refusal) {
	if m == "" {
		m = mediaJSON
	}
	if refused.allow != "" {
		w.Header().Set("Allow", refused.allow)
	}
	h.write(w, m, statusOf(m, refused), appendFailure(nil, h.config.identified(r.Context(), refused.errors)))
}

// statusOf is the refusal's own, or what the answer's media type demands of a
// GraphQL request error.
func statusOf(m media, refused *refusal) int {
	switch {
	case refused.status != 0:
		return refused.status
	case m == mediaResponse:
		return http.StatusBadRequest
	default:
		return http.StatusOK
	}
}

func (h *Handler) write(w http.ResponseWriter, m media, status int, body []byte) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(h.config.AnswerTime)) // a recorder in a test cannot
	w.Header().Set("Content-Type", string(m)+"; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the caller may have left
}

package transport

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"dure/domain/fault"
	"dure/domain/identity"
)

// Events, each with a data line: a browser's EventSource passes over those that
// have none.
const (
	eventNext     = "event: next\ndata: "
	eventComplete = "event: complete\ndata: \n\n"
	eventNothing  = ":\n\n" // a comment, to show that we are there
)

// serveEvents answers by server-sent events. A request that was refused has one
// event with its errors.
// The request's context ends with end.
func (h *Handler) serveEvents(w http.ResponseWriter, r *http.Request, end context.CancelFunc, op *operation, refused *refusal) {
	left, ok := h.stream()
	if !ok {
		h.refuse(w, r, mediaJSON, refuse(http.StatusServiceUnavailable, fault.Internal, "The server stops: connect anew."))
		return
	}
	defer left()
	header := w.Header()
	header.Set("Content-Type", string(mediaEvents)+"; charset=utf-8")
	header.Set("Cache-Control", "no-store, no-transform")
	header.Set("X-Accel-Buffering", "no") // or nginx holds events back
	w.WriteHeader(http.StatusOK)

	ctx := r.Context()
	if refused == nil && op.kind() == ast.Subscription { // anything else ends by itself
		defer context.AfterFunc(h.over, end)()
	}
	if expires := identity.From(ctx).ExpiresAt; !expires.IsZero() {
		defer time.AfterFunc(time.Until(expires), end).Stop()
	}
	defer h.config.Watch(ctx, end)()
	s := &stream{writer: w, control: http.NewResponseController(w), timeout: h.config.WriteTimeout, end: end}
	defer s.close()
	s.write([]byte(eventNothing)) // so that EventSource knows that it is open
	s.beat(h.config.PingInterval)
	if refused != nil {
		s.write(appendEvent(nil, appendFailure(nil, refused.errors)))
	} else if !s.run(ctx, op) {
		return
	}
	s.write([]byte(eventComplete))
}

// stream is one connection of server-sent events.
type stream struct {
	mu      sync.Mutex // one writes at a time: the operation or the heartbeat
	writer  http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
	end     context.CancelFunc
	pulse   *time.Timer
	closed  bool
}

// run writes op's answers. It reports whether op came to its end.
func (s *stream) run(ctx context.Context, op *operation) bool {
	source := op.start(op.ctx)
	var buffer []byte
	for {
		answer, more := source.next(op.ctx, append(buffer[:0], eventNext...))
		if ctx.Err() != nil {
			return false
		}
		if !more {
			break
		}
		oneLine(answer[len(eventNext):])
		answer = append(answer, "\n\n"...)
		s.write(answer)
		if buffer = answer; cap(buffer) > maxKept {
			buffer = nil
		}
	}
	if list := source.failure(); list != nil {
		s.write(appendEvent(nil, appendFailure(nil, list)))
	}
	return true
}

// oneLine turns line breaks into spaces. In JSON they stand only between values.
func oneLine(answer []byte) {
	for i, b := range answer {
		if b == '\n' || b == '\r' {
			answer[i] = ' '
		}
	}
}

// appendEvent appends a next event with an answer.
func appendEvent(dst, answer []byte) []byte {
	oneLine(answer)
	return append(append(append(dst, eventNext...), answer...), "\n\n"...)
}

// write sends bytes at once. A reader who does not take them in time, or has
// left, ends the stream.
func (s *stream) write(event []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	_ = s.control.SetWriteDeadline(time.Now().Add(s.timeout)) // a recorder in a test cannot
	if _, err := s.writer.Write(event); err == nil {
		if err = s.control.Flush(); err == nil {
			return
		}
	}
	s.closed = true
	s.end()
}

// beat writes a comment now and then, so that proxies keep the connection and we
// notice that the reader has left.
func (s *stream) beat(every time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.pulse = time.AfterFunc(every, func() {
		s.write([]byte(eventNothing))
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.closed {
			s.pulse.Reset(every)
		}
	})
}

// close makes sure that nothing is written once the handler has returned.
func (s *stream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.pulse != nil {
		s.pulse.Stop()
	}
}

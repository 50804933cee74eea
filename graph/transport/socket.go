package transport

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"dure/domain/fault"
	"dure/domain/identity"
)

func isUpgrade(r *http.Request) bool {
	for _, line := range r.Header.Values("Upgrade") {
		for item := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(item), "websocket") {
				return true
			}
		}
	}
	return false
}

// serveSocket speaks graphql-transport-ws until either side has enough.
func (h *Handler) serveSocket(w http.ResponseWriter, r *http.Request) {
	left, ok := h.stream()
	if !ok {
		h.refuse(w, r, mediaJSON, refuse(http.StatusServiceUnavailable, fault.Internal, "The server stops: connect anew."))
		return
	}
	defer left()
	conn, err := websocket.Accept(&hijacked{ResponseWriter: w, timeout: h.config.WriteTimeout}, r, &websocket.AcceptOptions{
		Subprotocols: []string{protocol}, OriginPatterns: h.config.AllowedOrigins,
	})
	if err != nil {
		return // Accept has answered
	}
	ctx, stop := context.WithCancel(r.Context())
	s := &socket{
		handler: h, conn: conn, ctx: ctx, stop: stop,
		header:  strings.Join(r.Header.Values("Authorization"), ","),
		running: map[string]*running{}, slots: make(chan struct{}, 2*h.config.Operations),
	}
	defer context.AfterFunc(r.Context(), s.cut)() // the server gives up
	s.serve()
}

// hijacked is a response writer whose connection gives each write a deadline of
// its own, control frames included.
type hijacked struct {
	http.ResponseWriter
	timeout time.Duration
}

// Hijack implements http.Hijacker.
func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	timed := &timedConn{Conn: conn, timeout: h.timeout}
	buffers.Writer.Reset(timed)
	return timed, buffers, nil
}

type timedConn struct {
	net.Conn
	timeout time.Duration
}

func (c *timedConn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// socket is one WebSocket.
type socket struct {
	handler *Handler
	conn    *websocket.Conn
	header  string // Authorization of the handshake, for clients that have no connectionParams

	ctx  context.Context //nolint:containedctx // the socket's life
	stop context.CancelFunc
	once sync.Once // one end

	// After connection_ack, which only the reading goroutine handles:
	caller context.Context //nolint:containedctx // speaks for the caller
	engine *engine
	expiry *time.Timer
	pulse  *time.Timer

	writing sync.Mutex // one message at a time; guards running
	running map[string]*running
	slots   chan struct{} // one for each operation that works, those that were told to stop included
	working sync.WaitGroup
}

// running is an operation on a socket.
type running struct {
	id   string
	ctx  context.Context //nolint:containedctx // the operation's life
	stop context.CancelFunc
}

// serve reads until the socket ends, and returns when nothing of it is left.
func (s *socket) serve() {
	defer s.working.Wait()
	defer s.cut()
	defer context.AfterFunc(s.handler.over, func() { s.close(closeGoingAway) })()

	if s.conn.Subprotocol() == "" {
		s.close(closeProtocol)
		return
	}
	config := &s.handler.config
	s.conn.SetReadLimit(int64(config.Limits.Body))
	late := time.AfterFunc(config.InitTimeout, func() { s.close(closeInitTimeout) })
	defer func() {
		for _, timer := range []*time.Timer{late, s.expiry, s.pulse} {
			if timer != nil {
				timer.Stop()
			}
		}
	}()
	if c := s.read(late); c != nil {
		s.close(c)
	}
}

// read handles message after message. It returns how to end the socket, nil when
// the other side did.
func (s *socket) read(late *time.Timer) (c *closing) {
	defer func() {
		if cause := recover(); cause != nil {
			_ = s.handler.config.panicked(s.ctx, "a socket", cause)
			c = closeInternal
		}
	}()
	for {
		kind, text, err := s.conn.Read(context.Background()) // which closing the connection ends
		switch {
		case errors.Is(err, websocket.ErrMessageTooBig):
			return closeTooLarge
		case err != nil:
			return nil
		case kind != websocket.MessageText:
			return closeInvalid(errors.New("messages are text"))
		}
		m, err := decodeMessage(text, s.handler.config.Limits.Nesting)
		if err != nil {
			return closeInvalid(err)
		}
		if c := s.handle(m, late); c != nil {
			return c
		}
	}
}

func (s *socket) handle(m *message, late *time.Timer) *closing {
	switch m.kind {
	case kindInit:
		if s.engine != nil {
			return closeManyInits
		}
		late.Stop()
		return s.init(m)
	case kindPing:
		pong := []byte(`{"type":"pong"}`)
		if m.payload != nil {
			pong = append(append([]byte(`{"type":"pong","payload":`), m.payload...), '}')
		}
		s.send(s.ctx, pong)
	case kindSubscribe:
		if s.engine == nil {
			return closeUnauthorized
		}
		return s.subscribe(m)
	case kindComplete:
		s.writing.Lock()
		defer s.writing.Unlock()
		if op := s.running[m.id]; op != nil {
			op.stop()
			delete(s.running, m.id)
		}
	}
	return nil
}

// init finds out who calls.
func (s *socket) init(m *message) *closing {
	authorization, err := m.authorization()
	if authorization == "" {
		authorization = s.header
	}
	ctx := s.ctx
	if err == nil && authorization != "" {
		ctx, err = s.handler.bearer(s.ctx, authorization)
	}
	if err != nil {
		if fault.CodeOf(err) == fault.Unauthenticated {
			return closeForbidden
		}
		s.handler.config.Log.ErrorContext(s.ctx, "graphql: a token could not be checked", "error", err)
		return closeInternal
	}
	actor := identity.From(ctx)
	if !actor.ExpiresAt.IsZero() {
		s.expiry = time.AfterFunc(time.Until(actor.ExpiresAt), func() { s.close(closeExpired) })
	}
	s.pulse = time.AfterFunc(time.Hour, s.beat)
	s.pulse.Reset(s.handler.config.PingInterval) // not before beat can see it
	s.caller, s.engine = ctx, s.handler.engine(actor.Persona)
	s.send(s.ctx, []byte(`{"type":"connection_ack"}`))
	return nil
}

// beat asks the other side for a sign of life, and cuts the connection when none
// comes. It runs in a goroutine of its own, once in a while.
func (s *socket) beat() {
	// The socket's own context would cut the connection before the last word.
	ctx, done := context.WithTimeout(context.WithoutCancel(s.ctx), s.handler.config.WriteTimeout)
	defer done()
	if err := s.conn.Ping(ctx); err != nil {
		s.cut()
		return
	}
	s.pulse.Reset(s.handler.config.PingInterval)
}

// subscribe starts an operation of any kind.
func (s *socket) subscribe(m *message) *closing {
	select { // a client who starts and stops faster than operations end waits here
	case s.slots <- struct{}{}:
	case <-s.ctx.Done():
		return nil
	}
	started := false
	defer func() {
		if !started {
			<-s.slots
		}
	}()
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.running[m.id] != nil {
		return closeDuplicate(m.id)
	}
	if most := s.handler.config.Operations; len(s.running) >= most {
		list := gqlerror.List{overLimit(s.caller, "request.too_many", "operations", most, "too many operations run on this socket", nil)}
		s.write(appendError(m.id, s.handler.config.identified(s.caller, list)))
		return nil
	}
	op := &running{id: m.id}
	op.ctx, op.stop = context.WithCancel(s.caller)
	s.running[m.id], started = op, true
	s.working.Go(func() { s.operate(op, m.request) })
	return nil
}

// operate carries out one operation, from its document to its last message.
func (s *socket) operate(op *running, r *request) {
	defer func() { <-s.slots }()
	defer op.stop()
	defer func() {
		if cause := recover(); cause != nil {
			_ = s.handler.config.panicked(op.ctx, "a socket's operation", cause)
			s.close(closeInternal)
		}
	}()
	prepared, refused := s.engine.prepare(op.ctx, r)
	if refused != nil {
		s.finish(op, appendError(op.id, refused.errors))
		return
	}
	source := prepared.start(prepared.ctx)
	head := appendHead(nil, kindNext, op.id)
	for buffer := []byte(nil); ; {
		answer, more := source.next(prepared.ctx, append(buffer[:0], head...))
		if !more {
			break
		}
		answer = append(answer, '}')
		s.send(op.ctx, answer)
		if buffer = answer; cap(buffer) > maxKept {
			buffer = nil
		}
	}
	if list := source.failure(); list != nil {
		s.finish(op, appendError(op.id, list))
		return
	}
	s.finish(op, appendComplete(nil, op.id))
}

func appendError(id string, list gqlerror.List) []byte {
	return append(appendErrors(appendHead(nil, kindError, id), list), '}')
}

// finish says the last word on an operation, unless the client has left it. Its
// id is free again before the client can know.
func (s *socket) finish(op *running, last []byte) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if op.ctx.Err() != nil {
		return // and the id may be another operation's by now
	}
	delete(s.running, op.id)
	s.write(last)
}

// send writes a message, unless what it is about has ended.
func (s *socket) send(about context.Context, text []byte) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if about.Err() == nil {
		s.write(text)
	}
}

// write sends a message at once. A reader who does not take it in time is cut off.
func (s *socket) write(text []byte) {
	// A context would cost a goroutine; the connection has the deadline.
	if err := s.conn.Write(context.Background(), websocket.MessageText, text); err != nil {
		s.cut()
	}
}

// close ends the socket as c says, once: operations stop, the other side is told.
func (s *socket) close(c *closing) {
	s.once.Do(func() {
		s.stop()
		_ = s.conn.Close(c.code, clip(c.reason, maxReason)) // the other side may be gone
	})
}

// cut ends the socket without a word.
func (s *socket) cut() {
	s.stop()
	_ = s.conn.CloseNow() // which may have happened
}

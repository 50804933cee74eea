package transport

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/coder/websocket"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/graph/words"
)

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
	leave  func() // watches no more whether the caller's session is over
	pulse  *time.Timer

	writing   sync.Mutex // one message at a time; guards what follows
	running   map[string]*running
	answering int           // operations that have one answer and work at it
	idle      chan struct{} // made when the socket retires; closed once nothing is answering
	slots     chan struct{} // one for each operation that works, those that were told to stop included
	working   sync.WaitGroup
}

// serve reads until the socket ends, and returns when nothing of it is left.
func (s *socket) serve() {
	defer s.working.Wait()
	defer s.cut()
	defer context.AfterFunc(s.handler.over, s.retire)()

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
		if s.leave != nil {
			s.leave()
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
	if languages, bad := m.language(); bad == nil && languages != "" {
		ctx = words.With(ctx, words.Pick("", languages))
	}
	if err == nil && authorization != "" {
		ctx, err = s.handler.bearer(ctx, authorization)
	}
	if err != nil {
		if unwelcome[fault.CodeOf(err)] != 0 {
			return closeForbidden
		}
		s.handler.config.Log.ErrorContext(s.ctx, "graphql: a token could not be checked", "error", err)
		return closeInternal
	}
	actor := identity.From(ctx)
	if !actor.ExpiresAt.IsZero() {
		s.expiry = time.AfterFunc(time.Until(actor.ExpiresAt), func() { s.close(closeExpired) })
	}
	s.leave = s.handler.config.Watch(ctx, func() { s.close(closeOver) })
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

package transport

import (
	"context"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// running is an operation on a socket.
type running struct {
	id      string
	ctx     context.Context //nolint:containedctx // the operation's life
	stop    context.CancelFunc
	answers bool // a query or mutation has started, which a socket that retires lets finish
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
	if s.idle != nil {
		return nil // the client hears so in a moment
	}
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
	if prepared.kind() != ast.Subscription {
		if !s.begin(op) {
			return
		}
		defer s.done()
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

// begin and done stand around the work of a query or mutation. begin reports
// false when it was told to stop before.
func (s *socket) begin(op *running) bool {
	s.writing.Lock()
	defer s.writing.Unlock()
	if op.ctx.Err() != nil {
		return false
	}
	op.answers = true
	s.answering++
	return true
}

func (s *socket) done() {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.answering--; s.answering == 0 && s.idle != nil {
		close(s.idle)
	}
}

// finishTime is how long a socket that retires waits for queries and mutations.
// A client that connects anew sends again what was not answered.
const finishTime = 5 * time.Second

// retire ends the socket because the server stops: subscriptions at once, the
// rest when it has been answered.
func (s *socket) retire() {
	s.writing.Lock()
	s.idle = make(chan struct{})
	for _, op := range s.running {
		if !op.answers {
			op.stop()
		}
	}
	busy := s.answering > 0
	s.writing.Unlock()
	if busy {
		patience := time.NewTimer(finishTime)
		defer patience.Stop()
		select {
		case <-s.idle:
		case <-s.ctx.Done():
		case <-patience.C:
		}
	}
	s.close(closeGoingAway)
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

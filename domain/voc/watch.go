package voc

import (
	"context"
	"time"

	"dure/domain/identity"
	"dure/domain/work"
)

// How the live stream makes up for a ring that was lost, and for a voice whose
// transaction committed after others that were received later.
const (
	pollVoices = 5 * time.Second
	overlap    = time.Minute
	newVoices  = 100 // at one look
)

// VoicesReceived delivers each voice that comes in from now on, within the
// caller's reach, until ctx ends. A ring from any node wakes it; a lost one is
// made up for by a look every few seconds.
func (s *Service) VoicesReceived(ctx context.Context) (<-chan Voice, error) {
	scope, err := identity.Allow(ctx, identity.VoiceWatch)
	if err != nil {
		return nil, err
	}
	ctx = work.Fresh(ctx)
	w := &watch{service: s, scope: scope, since: s.now(), seen: map[string]time.Time{}}
	if err := w.start(ctx); err != nil && ctx.Err() == nil {
		return nil, err
	}
	rings, out := s.Bell.Listen(ctx, bell), make(chan Voice)
	go func() {
		defer close(out)
		poll := time.NewTicker(pollVoices)
		defer poll.Stop()
		for {
			if !w.look(ctx, out) {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-rings:
			case <-poll.C:
			}
		}
	}()
	return out, nil
}

// watch remembers what one watcher was told.
type watch struct {
	service *Service
	scope   identity.Scope
	since   time.Time            // looks go no further back, but for the overlap
	seen    map[string]time.Time // voices of the overlap, by when they were received
}

// start remembers what was there before.
func (w *watch) start(ctx context.Context) error {
	rows, err := w.service.Store.VoicesSince(ctx, w.scope, w.since.Add(-overlap), newVoices)
	for _, v := range rows {
		w.seen[v.ID] = v.ReceivedAt
	}
	return err
}

// look delivers what is new. It reports false when ctx ended.
func (w *watch) look(ctx context.Context, out chan<- Voice) bool {
	rows, err := w.service.Store.VoicesSince(ctx, w.scope, w.since.Add(-overlap), newVoices)
	if err != nil {
		return ctx.Err() == nil // the next look may get an answer
	}
	for _, v := range rows {
		if _, told := w.seen[v.ID]; told {
			continue
		}
		select {
		case out <- v:
		case <-ctx.Done():
			return false
		}
		w.seen[v.ID] = v.ReceivedAt
		if v.ReceivedAt.After(w.since) {
			w.since = v.ReceivedAt
		}
	}
	for id, at := range w.seen {
		if at.Before(w.since.Add(-overlap)) {
			delete(w.seen, id)
		}
	}
	return true
}

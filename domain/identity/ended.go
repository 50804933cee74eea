package identity

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Ending is a session, a token or a person's access that ended before the tokens
// that speak for it.
type Ending struct {
	ID string
	At time.Time
}

// EndedStore tells what ended.
type EndedStore interface {
	// EndedSince lists what ended after since, and the tokens that were taken back
	// and would be good at now.
	EndedSince(ctx context.Context, since, now time.Time) ([]Ending, error)
}

// How often every node asks what ended, and how far back it looks each time, for
// transactions that committed late.
const (
	EndedEvery   = 500 * time.Millisecond
	endedOverlap = 30 * time.Second
	endedKept    = AccessFor + time.Minute // by then the tokens have ended themselves
)

// Ended knows what ended lately, so that a token opens nothing from then on. The
// truth is the store's: what this node ended it reads at once, and what another
// one ended within half a second.
type Ended struct {
	Store EndedStore
	Now   func() time.Time
	Log   *slog.Logger

	reading sync.Mutex // one at a time
	read    time.Time

	mutex    sync.RWMutex
	at       map[string]time.Time
	watchers map[*watcher]struct{}
}

// watcher is an open stream of somebody's.
type watcher struct {
	actor Actor
	end   func()
}

// Over reports whether what a speaks for has ended.
func (e *Ended) Over(a Actor) bool {
	e.mutex.RLock()
	defer e.mutex.RUnlock()
	return e.over(a)
}

func (e *Ended) over(a Actor) bool {
	if len(e.at) == 0 {
		return false
	}
	if _, ended := e.at[a.SessionID]; ended && a.SessionID != "" {
		return true
	}
	if _, ended := e.at[a.TokenID]; ended && a.TokenID != "" {
		return true
	}
	closed, ended := e.at[a.UserID]
	return ended && a.IssuedAt.Before(closed.Truncate(time.Second)) // a later token, told in whole seconds, was given by leave
}

// Watch has end called, in a goroutine of its own, once what a speaks for is over.
func (e *Ended) Watch(a Actor, end func()) (stop func()) {
	w := &watcher{a, end}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.over(a) {
		go end()
		return func() {}
	}
	if e.watchers == nil {
		e.watchers = map[*watcher]struct{}{}
	}
	e.watchers[w] = struct{}{}
	return func() {
		e.mutex.Lock()
		defer e.mutex.Unlock()
		delete(e.watchers, w)
	}
}

// Refresh reads what ended.
func (e *Ended) Refresh(ctx context.Context) error {
	e.reading.Lock()
	defer e.reading.Unlock()
	now := e.Now().UTC()
	since := e.read.Add(-endedOverlap)
	if e.read.IsZero() {
		since = now.Add(-endedKept)
	}
	rows, err := e.Store.EndedSince(ctx, since, now)
	if err != nil {
		return err
	}
	e.read = now
	e.learn(rows, now)
	return nil
}

func (e *Ended) learn(rows []Ending, now time.Time) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.at == nil {
		e.at = map[string]time.Time{}
	}
	for _, row := range rows {
		e.at[row.ID] = row.At
	}
	for id, at := range e.at {
		if now.Sub(at) > endedKept {
			delete(e.at, id)
		}
	}
	for w := range e.watchers {
		if e.over(w.actor) {
			delete(e.watchers, w)
			go w.end()
		}
	}
}

// Run reads what ended until ctx does.
func (e *Ended) Run(ctx context.Context) {
	ticks := time.NewTicker(EndedEvery)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			if err := e.Refresh(ctx); err != nil && ctx.Err() == nil {
				e.Log.WarnContext(ctx, "read what ended", "error", err)
			}
		}
	}
}

// Watch has end called once the caller's session, token or access is over.
func (s *Service) Watch(ctx context.Context, end func()) (stop func()) {
	if s.Ended == nil {
		return func() {}
	}
	return s.Ended.Watch(From(ctx), end)
}

// ended lets this node know at once what it ended. Others read it by themselves, and
// so does this one should the reading fail now.
func (s *Service) ended(ctx context.Context) {
	if s.Ended != nil {
		_ = s.Ended.Refresh(context.WithoutCancel(ctx))
	}
}

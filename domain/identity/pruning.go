package identity

import (
	"context"
	"time"
)

// SessionsKept is how long a session that is over is kept, unless the service
// says otherwise.
const SessionsKept = 365 * 24 * time.Hour

// PruneSessions forgets sessions that were over longer ago than they are kept. A
// refresh token of theirs is then as unknown as a made-up one.
func (s *Service) PruneSessions(ctx context.Context) error {
	if _, err := Allow(ctx, RecordsPrune); err != nil {
		return err
	}
	kept := s.KeepSessions
	if kept <= 0 {
		kept = SessionsKept
	}
	before := s.Now().UTC().Add(-kept)
	return s.Do(ctx, func(ctx context.Context) error { return s.Store.DropSessions(ctx, before) })
}

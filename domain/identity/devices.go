package identity

import (
	"context"
	"time"

	"dure/domain/fault"
)

// MaxSessions is how many sessions a person is shown.
const MaxSessions = 100

// Sessions lists where the caller is signed in, the last used first.
func (s *Service) Sessions(ctx context.Context) ([]Session, error) {
	a, err := Caller(ctx)
	if err != nil {
		return nil, err
	}
	return s.Store.SessionsOf(ctx, a.UserID, s.Now(), MaxSessions)
}

// EndSessionInput names one of the caller's sessions.
type EndSessionInput struct {
	ID             string
	IdempotencyKey string
}

// EndSession ends one of the caller's sessions and returns its id. It fails with
// fault.NotFound for another's. Ending it twice is once.
func (s *Service) EndSession(ctx context.Context, in EndSessionInput) (string, error) {
	a, err := Caller(ctx)
	if err != nil {
		return "", err
	}
	var ended string
	err = s.Once(ctx, in.IdempotencyKey, "endSession", in, &ended, func(ctx context.Context) error {
		session, err := s.Store.SessionByID(ctx, in.ID)
		if err != nil {
			return err
		}
		if session.UserID != a.UserID {
			return fault.New(fault.NotFound, "session.not_found")
		}
		ended = session.ID
		return s.end(ctx, session.ID)
	})
	s.ended(ctx)
	return ended, err
}

// endAll ends every session of a person's, as when the password changes.
func (s *Service) endAll(ctx context.Context, userID string) error {
	return s.Store.EndSessions(ctx, userID, s.Now().UTC().Truncate(time.Microsecond))
}

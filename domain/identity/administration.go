package identity

import (
	"context"
	"time"

	"dure/domain/act"
	"dure/domain/batch"
	"dure/domain/fault"
	"dure/domain/page"
	"dure/domain/text"
)

// PeopleFilter picks people; zero fields pick all.
type PeopleFilter struct {
	Persona        Persona
	OrganizationID string
	DealerID       string
	Active         *bool
	Search         string // in a name or a login
}

// PeopleStore is what headquarters keeps people by.
type PeopleStore interface {
	// People lists people by name.
	People(ctx context.Context, f PeopleFilter, r page.Request) ([]User, int, error)
	// UserForUpdate locks a person until the transaction ends.
	UserForUpdate(ctx context.Context, id string) (*User, error)
	// LockHQ locks everybody at headquarters whose access is open, so that two who
	// close each other's wait for one another, and lists them.
	LockHQ(ctx context.Context) ([]User, error)
	// SetActive opens a person's access, or closes it at that moment.
	SetActive(ctx context.Context, userID string, active bool, at time.Time) error
	DeletePasskeysOf(ctx context.Context, userID string) error
	// NewestSessions lists the session that each person used last, over or not.
	NewestSessions(ctx context.Context, userIDs []string) ([]Session, error)
	// OpenSessions lists the sessions of people that are not over, the last used first.
	OpenSessions(ctx context.Context, userIDs []string, now time.Time, limit int) ([]Session, error)
}

// DeactivatePersonInput names a person whose access closes.
type DeactivatePersonInput struct {
	UserID         string
	IdempotencyKey string
}

// ReactivatePersonInput names a person whose access opens again.
type ReactivatePersonInput struct {
	UserID         string
	IdempotencyKey string
}

// EndSessionOfInput names anybody's session.
type EndSessionOfInput struct {
	SessionID      string
	IdempotencyKey string
}

// People lists people by name, for headquarters.
func (s *Service) People(ctx context.Context, f *PeopleFilter, first *int, after *string) (*page.Connection[User], error) {
	if _, err := Allow(ctx, PersonRead); err != nil {
		return nil, err
	}
	var filter PeopleFilter
	if f != nil {
		filter = *f
	}
	if err := text.Check(filter.Search, 100, "filter.search"); err != nil {
		return nil, err
	}
	const list = "people"
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	rows, total, err := s.Directory.People(ctx, filter, r)
	if err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(u User) []string { return []string{u.Name, u.ID} }), nil
}

// LastSeenOf tells when people last used a session, for headquarters.
func (s *Service) LastSeenOf(ctx context.Context, userIDs []string) (map[string]time.Time, error) {
	if _, err := Allow(ctx, PersonRead); err != nil {
		return nil, err
	}
	rows, err := s.Directory.NewestSessions(ctx, userIDs)
	out := make(map[string]time.Time, len(rows))
	for _, row := range rows {
		out[row.UserID] = row.RefreshedAt
	}
	return out, err
}

// SessionsOfPeople lists where people are signed in, for headquarters.
func (s *Service) SessionsOfPeople(ctx context.Context, userIDs []string) (map[string][]Session, error) {
	if _, err := Allow(ctx, PersonRead); err != nil {
		return nil, err
	}
	rows, err := s.Directory.OpenSessions(ctx, userIDs, s.Now(), MaxSessions*len(userIDs))
	return batch.Group(rows, func(o Session) string { return o.UserID }), err
}

// DeactivatePerson closes a person's access: their sessions, streams, passkeys and
// letters end at once. Closing it twice is once. Headquarters keeps somebody who
// can sign in: for the last of them it is fault.Conflict.
func (s *Service) DeactivatePerson(ctx context.Context, in DeactivatePersonInput) (*User, error) {
	if _, err := Allow(ctx, PersonManage); err != nil {
		return nil, err
	}
	var user *User
	err := s.Once(ctx, in.IdempotencyKey, "deactivatePerson", in, &user, func(ctx context.Context) (err error) {
		if user, err = s.deactivate(ctx, in.UserID); err != nil || !user.Active {
			return err
		}
		now := s.Now().UTC().Truncate(time.Microsecond)
		for _, step := range []func() error{
			func() error { return s.Directory.SetActive(ctx, user.ID, false, now) },
			func() error { return s.Directory.DeletePasskeysOf(ctx, user.ID) },
			func() error { return s.Passes.DeletePasses(ctx, user.ID) },
			func() error { return s.endAll(ctx, user.ID) },
			func() error { return s.Acts.Record(ctx, s.Act(ctx, act.PersonDeactivated, user.ID, now, nil)) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		user.Active, user.DeactivatedAt = false, now
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.ended(ctx)
	return user, nil
}

// deactivate locks a person whose access may close.
func (s *Service) deactivate(ctx context.Context, userID string) (*User, error) {
	users, err := s.Store.UsersByID(ctx, []string{userID})
	if err != nil {
		return nil, err
	}
	if len(users) == 0 {
		return nil, fault.New(fault.NotFound, "user.not_found").On("userId")
	}
	if users[0].Persona == HQ { // before the person, so that everybody locks in one order
		others := 0
		rows, err := s.Directory.LockHQ(ctx)
		if err != nil {
			return nil, err
		}
		for _, u := range rows {
			if u.ID != userID && s.welcome(&u) && (u.PasswordHash != "" || s.Issuer != nil) {
				others++
			}
		}
		if others == 0 {
			return nil, fault.New(fault.Conflict, "person.last_at_hq").On("userId")
		}
	}
	return s.Directory.UserForUpdate(ctx, userID)
}

// ReactivatePerson opens a person's access again: they sign in anew. Opening it
// twice is once.
func (s *Service) ReactivatePerson(ctx context.Context, in ReactivatePersonInput) (*User, error) {
	if _, err := Allow(ctx, PersonManage); err != nil {
		return nil, err
	}
	var user *User
	err := s.Once(ctx, in.IdempotencyKey, "reactivatePerson", in, &user, func(ctx context.Context) (err error) {
		if user, err = s.Directory.UserForUpdate(ctx, in.UserID); err != nil {
			return fault.Refer(err, "userId")
		}
		if user.Active {
			return nil
		}
		now := s.Now().UTC().Truncate(time.Microsecond)
		if err := s.Directory.SetActive(ctx, user.ID, true, now); err != nil {
			return err
		}
		user.Active, user.DeactivatedAt = true, time.Time{}
		return s.Acts.Record(ctx, s.Act(ctx, act.PersonReactivated, user.ID, now, nil))
	})
	if err != nil {
		return nil, err
	}
	return user, nil
}

// EndSessionOf ends anybody's session, as on a device that was lost, and returns
// its id. Ending it twice is once.
func (s *Service) EndSessionOf(ctx context.Context, in EndSessionOfInput) (string, error) {
	if _, err := Allow(ctx, PersonManage); err != nil {
		return "", err
	}
	var ended string
	err := s.Once(ctx, in.IdempotencyKey, "endSessionOf", in, &ended, func(ctx context.Context) error {
		session, err := s.Store.SessionByID(ctx, in.SessionID)
		if err != nil {
			return fault.Refer(err, "sessionId")
		}
		ended = session.ID
		if !session.EndedAt.IsZero() {
			return nil
		}
		if err := s.end(ctx, session.ID); err != nil {
			return err
		}
		return s.Acts.Record(ctx, s.Act(ctx, act.SessionEnded, session.ID, s.Now().UTC().Truncate(time.Microsecond), act.Facts{"userId": session.UserID}))
	})
	if err != nil {
		return "", err
	}
	s.ended(ctx)
	return ended, nil
}

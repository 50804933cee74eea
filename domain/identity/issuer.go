package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/fault"
)

// Issuer is another OpenID provider, which signs people and systems in instead of
// Dure's own.
type Issuer interface {
	// Address is where it is, as tokens name it.
	Address() string
	// Claims reads a token of the issuer's for Dure. It fails with
	// fault.Unauthenticated for any other, and with fault.Limited while the issuer
	// cannot be asked for its keys.
	Claims(ctx context.Context, token string) (*Claims, error)
}

// Claims are what a token of another issuer says. What is empty, it does not say.
type Claims struct {
	Subject        string
	Mail           string // verified by the issuer; "" when it is not
	ClientID       string // the app or the system that the token was given to
	Personas       []string
	OrganizationID string
	DealerID       string
	IssuedAt       time.Time
	ExpiresAt      time.Time
}

// Subject ties what an issuer calls somebody to a person of ours.
type Subject struct {
	Issuer   string `bun:",pk"`
	Subject  string `bun:",pk"`
	UserID   string
	LinkedAt time.Time
}

// SubjectStore keeps whom other issuers' tokens speak for.
type SubjectStore interface {
	SubjectOf(ctx context.Context, issuer, subject string) (*Subject, error)
	// AddSubject fails with fault.Conflict when either side is tied already.
	AddSubject(ctx context.Context, s *Subject) error
}

// longestSubject is how long OpenID Connect lets a subject be, in characters.
const longestSubject = 255

var (
	errUnknownPerson = fault.New(fault.Forbidden, "identity.unknown_person")
	errOtherClaims   = fault.New(fault.Forbidden, "identity.other_claims")
)

// elsewhere refuses a sign-in here and names where it is.
func (s *Service) elsewhere() error {
	return fault.New(fault.Conflict, "identity.elsewhere", s.Issuer.Address())
}

// Recognise returns whom a token speaks for: a token of our own, or of the other
// issuer where one is set. Then our own open what customers' links open and
// nothing else.
func (s *Service) Recognise(ctx context.Context, token string) (Actor, error) {
	a, err := s.Authenticate(token)
	if s.Issuer == nil || err == nil && a.Persona == Customer {
		return a, err
	}
	claims, err := s.Issuer.Claims(ctx, token)
	if err != nil {
		return Actor{}, err
	}
	return s.claimed(ctx, claims)
}

// claimed finds whom claims speak for. They may say less than headquarters gave a
// person, never more or something else.
func (s *Service) claimed(ctx context.Context, c *Claims) (Actor, error) {
	if c.Subject == "" || len(c.Subject) > longestSubject {
		return Actor{}, errUnknownPerson
	}
	a, err := s.personClaimed(ctx, c)
	if fault.CodeOf(err) == fault.NotFound {
		a, err = s.systemClaimed(ctx, c)
	}
	if fault.CodeOf(err) == fault.NotFound {
		return Actor{}, errUnknownPerson
	}
	if err != nil {
		return Actor{}, err
	}
	if len(c.Personas) > 0 && !slices.ContainsFunc(c.Personas, func(p string) bool { return strings.EqualFold(p, string(a.Persona)) }) ||
		c.OrganizationID != "" && c.OrganizationID != a.OrganizationID ||
		c.DealerID != "" && c.DealerID != a.DealerID {
		return Actor{}, errOtherClaims
	}
	a.IssuedAt, a.ExpiresAt = c.IssuedAt, c.ExpiresAt
	return a, nil
}

// personClaimed finds the person who is tied to the subject, or else the one whose
// login is the verified mail address: they are tied from then on, so that an
// address that passes on to somebody else opens nothing.
func (s *Service) personClaimed(ctx context.Context, c *Claims) (Actor, error) {
	tied, err := s.Subjects.SubjectOf(ctx, s.Issuer.Address(), c.Subject)
	if err == nil {
		users, err := s.Store.UsersByID(ctx, []string{tied.UserID})
		if err != nil {
			return Actor{}, err
		}
		if len(users) == 0 || !s.welcome(&users[0]) {
			return Actor{}, errUnknownPerson
		}
		return personal(&users[0]), nil
	}
	if fault.CodeOf(err) != fault.NotFound || c.Mail == "" {
		return Actor{}, err
	}
	user, err := s.Store.UserByLogin(ctx, normalLogin(c.Mail))
	if err != nil {
		return Actor{}, err
	}
	if !s.welcome(user) {
		return Actor{}, errUnknownPerson
	}
	return personal(user), s.tie(ctx, c.Subject, user)
}

// tie ties a subject to a person, once. A twin may have been faster.
func (s *Service) tie(ctx context.Context, subject string, user *User) error {
	now := s.Now().UTC().Truncate(time.Microsecond)
	err := s.Do(ctx, func(ctx context.Context) error {
		if err := s.Subjects.AddSubject(ctx, &Subject{Issuer: s.Issuer.Address(), Subject: subject, UserID: user.ID, LinkedAt: now}); err != nil {
			return err
		}
		ctx = act.DoneBy(ctx, act.By{UserID: user.ID, DealerID: user.DealerID})
		return s.Acts.Record(ctx, s.Act(ctx, act.PersonTied, user.ID, now, nil))
	})
	if fault.CodeOf(err) != fault.Conflict {
		return err
	}
	tied, err := s.Subjects.SubjectOf(ctx, s.Issuer.Address(), subject)
	if fault.CodeOf(err) == fault.NotFound || err == nil && tied.UserID != user.ID {
		return errUnknownPerson // the person is tied to another subject
	}
	return err
}

// systemClaimed finds the registered system that a token was given to. The token
// must say that it is a lender's or a carrier's.
func (s *Service) systemClaimed(ctx context.Context, c *Claims) (Actor, error) {
	machine := slices.ContainsFunc(c.Personas, func(p string) bool {
		_, ok := kindOf(Persona(strings.ToUpper(p)))
		return ok
	})
	if !machine || c.Mail != "" || c.ClientID == "" || len(c.ClientID) > longestClientID {
		return Actor{}, errUnknownPerson
	}
	client, err := s.Clients.ClientByName(ctx, c.ClientID)
	if err != nil {
		return Actor{}, err
	}
	if !client.Active {
		return Actor{}, errUnknownPerson
	}
	a := client.Machine()
	a.App = client.Name
	return a, nil
}

func personal(u *User) Actor {
	return Actor{UserID: u.ID, Persona: u.Persona, OrganizationID: u.OrganizationID, DealerID: u.DealerID, Language: u.Language}
}

// TiePersonInput names a person and what another issuer calls them.
type TiePersonInput struct {
	Login   string
	Issuer  string
	Subject string
}

// TiePerson lets another issuer's tokens for a subject speak for a person, where
// the issuer does not tell their mail address.
func (s *Service) TiePerson(ctx context.Context, in TiePersonInput) (*User, error) {
	if _, err := Allow(ctx, PersonTie); err != nil {
		return nil, err
	}
	if in.Issuer == "" {
		return nil, fault.New(fault.Invalid, "person.no_issuer").On("issuer")
	}
	if in.Subject == "" || len(in.Subject) > longestSubject {
		return nil, fault.New(fault.Invalid, "person.bad_subject", longestSubject).On("subject")
	}
	user, err := s.Store.UserByLogin(ctx, normalLogin(in.Login))
	if err != nil {
		return nil, err
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	err = s.Do(ctx, func(ctx context.Context) error {
		if err := s.Subjects.AddSubject(ctx, &Subject{Issuer: in.Issuer, Subject: in.Subject, UserID: user.ID, LinkedAt: now}); err != nil {
			return err
		}
		return s.Acts.Record(ctx, s.Act(ctx, act.PersonTied, user.ID, now, nil))
	})
	if err != nil {
		return nil, err
	}
	return user, nil
}

package identity

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/page"
	"dure/domain/work"
)

// Store keeps people and their sessions.
type Store interface {
	UserByLogin(ctx context.Context, login string) (*User, error)
	UsersByID(ctx context.Context, ids []string) ([]User, error)
	OrganizationsByID(ctx context.Context, ids []string) ([]Organization, error)
	AddSession(ctx context.Context, s *Session) error
	// SessionByID locks a session until the transaction ends.
	SessionByID(ctx context.Context, id string) (*Session, error)
	SaveSession(ctx context.Context, s *Session) error
	// SessionsOf lists a person's sessions that are not over, the last used first.
	SessionsOf(ctx context.Context, userID string, now time.Time, limit int) ([]Session, error)
	EndSessions(ctx context.Context, userID string, at time.Time) error
	RegisterDevice(ctx context.Context, userID, deviceID string, at time.Time) error
	// DropSessions forgets sessions that ended, or ran out, before a moment, and
	// what was asked for on their behalf.
	DropSessions(ctx context.Context, before time.Time) error
	// SetContact says whom letters to an organisation go to.
	SetContact(ctx context.Context, organizationID, mail string) error
}

// Passwords hashes and checks passwords.
type Passwords interface {
	Hash(password string) (string, error)
	Verify(hash, password string) (bool, error)
	Spend(password string) // takes as long as Verify, for logins that do not exist
}

// Tokens makes and reads access tokens.
type Tokens interface {
	Issue(a Actor, expires time.Time) (string, error)
	Verify(token string, now time.Time) (Actor, error)
}

// RefreshTokens makes refresh tokens; only their hashes are kept.
type RefreshTokens interface {
	New() (token, hash string)
	Hash(token string) string
}

// Limiter counts attempts across all nodes.
type Limiter interface {
	Allow(ctx context.Context, key string, limit int, window time.Duration) (ok bool, retryAfter time.Duration, err error)
	Reset(ctx context.Context, key string) error
	// Forgive takes one attempt back.
	Forgive(ctx context.Context, key string) error
}

// Service is the door.
type Service struct {
	work.Kit
	Store          Store
	Acts           act.Recorder
	Passwords      Passwords
	Tokens         Tokens
	RefreshTokens  RefreshTokens
	Limiter        Limiter
	Clients        ClientStore
	Authorizations AuthorizationStore
	Keys           *Keys // what the provider signs with
	Passes         PassStore
	Keyring        PasskeyStore
	Dealerships    DealershipStore
	Devices        Devices // nil where the public address has no name, as browsers want it for passkeys
	Post           Post    // nil where no mail is sent
	Mailer         Mailer
	Issuer         Issuer // signs people and systems in instead of us; nil: nobody else does
	Subjects       SubjectStore
	Directory      PeopleStore
	Cursors        page.Codec
	Ended          *Ended                  // what ended before its tokens; nil: a token opens things until its own end
	KeepSessions   time.Duration           // after they are over; SessionsKept when zero
	Closed         func(login string) bool // logins that open nothing here, such as the demo's outside of it; nil: none
}

// Authenticate reads who a token speaks for. It asks nobody: what ended before the
// token did is known here (see Ended).
func (s *Service) Authenticate(token string) (Actor, error) {
	a, err := s.Tokens.Verify(token, s.Now())
	if err == nil && s.Ended != nil && s.Ended.Over(a) {
		return Actor{}, errSessionOver
	}
	return a, err
}

// SignIn opens a session. The answer and its time are the same for an unknown
// login and a wrong password. While the limiter is away nobody is kept out.
func (s *Service) SignIn(ctx context.Context, in SignInInput) (*SignedIn, error) {
	if s.Issuer != nil {
		return nil, s.elsewhere()
	}
	if len(in.DeviceID) > longestInput {
		return nil, errWrongPassword
	}
	user, err := s.checkPassword(ctx, in.Login, in.Password)
	if err != nil {
		return nil, err
	}
	return s.begin(ctx, beginning{user: user, deviceID: in.DeviceID, lasts: SessionFor})
}

// longestInput is how long a login, a password and a device's id may be, in bytes.
const longestInput = 200

// checkPassword returns whose login and password they are, and counts attempts.
func (s *Service) checkPassword(ctx context.Context, login, password string) (*User, error) {
	login = normalLogin(login)
	if len(login) > longestInput || len(password) > longestInput {
		return nil, errWrongPassword
	}
	if err := s.limit(ctx, "login:"+login, LoginAttempts); err != nil {
		return nil, err
	}
	forgive, err := s.fromAddress(ctx)
	if err != nil {
		return nil, err
	}
	user, err := s.Store.UserByLogin(ctx, login)
	if fault.CodeOf(err) == fault.NotFound || err == nil && (!s.welcome(user) || user.PasswordHash == "") {
		s.Passwords.Spend(password)
		return nil, errWrongPassword
	}
	if err != nil {
		return nil, err
	}
	ok, err := s.Passwords.Verify(user.PasswordHash, password)
	if err != nil {
		return nil, fmt.Errorf("verify password: %w", err)
	}
	if !ok {
		return nil, errWrongPassword
	}
	_ = s.Limiter.Reset(ctx, attempts+"login:"+login) // a limiter that is away forgets by itself
	forgive()
	return user, nil
}

// fromAddress counts an attempt against the caller's address until forgive takes it
// back: many people of one office may sign in, and few may guess.
func (s *Service) fromAddress(ctx context.Context) (forgive func(), err error) {
	from := address(ctx)
	if from == "" {
		return func() {}, nil
	}
	if err := s.limit(ctx, "address:"+from, AddressAttempts); err != nil {
		return nil, err
	}
	return func() { _ = s.Limiter.Forgive(ctx, attempts+"address:"+from) }, nil // a limiter that is away forgets by itself
}

// welcome reports whether a person may have a session.
func (s *Service) welcome(u *User) bool { return u.Active && (s.Closed == nil || !s.Closed(u.Login)) }

// attempts begins the names under which attempts are counted.
const attempts = "sign-in:"

// limit counts an attempt. It fails with fault.Limited past the limit.
func (s *Service) limit(ctx context.Context, key string, limit int) error {
	ok, retryAfter, err := s.Limiter.Allow(ctx, attempts+key, limit, AttemptWindow)
	if err != nil || ok {
		return nil //nolint:nilerr // while the limiter is away nobody is kept out
	}
	return fault.New(fault.Limited, "identity.too_many_attempts", int(math.Ceil(retryAfter.Minutes())))
}

func (s *Service) issue(u *User, session *Session, refresh string) (*SignedIn, error) {
	expires := s.Now().Add(AccessFor)
	if session.ExpiresAt.Before(expires) {
		expires = session.ExpiresAt
	}
	a := Actor{
		UserID: u.ID, Persona: u.Persona, OrganizationID: u.OrganizationID, DealerID: u.DealerID,
		SessionID: session.ID, DeviceID: session.DeviceID, Language: u.Language, App: session.App, ExpiresAt: expires,
	}
	access, err := s.Tokens.Issue(a, expires)
	if err != nil {
		return nil, fmt.Errorf("issue token: %w", err)
	}
	return &SignedIn{AccessToken: access, RefreshToken: session.ID + "." + refresh, ExpiresAt: expires, Actor: a, User: u}, nil
}

// RefreshSession trades a refresh token for the next pair. A token that was spent
// before ends the session: two hold it, and one of them is not the owner.
func (s *Service) RefreshSession(ctx context.Context, in RefreshSessionInput) (*SignedIn, error) {
	return s.RefreshFor(ctx, "", in.RefreshToken)
}

// RefreshFor is RefreshSession for the app that the session belongs to; "" is
// GraphQL's own door.
func (s *Service) RefreshFor(ctx context.Context, app, refreshToken string) (*SignedIn, error) {
	if s.Issuer != nil {
		return nil, s.elsewhere()
	}
	id, secret, err := splitRefresh(refreshToken)
	if err != nil {
		return nil, err
	}
	var out *SignedIn
	var refused error
	defer func() {
		if refused != nil {
			s.ended(ctx)
		}
	}()
	err = s.Do(ctx, func(ctx context.Context) error {
		session, err := s.Store.SessionByID(ctx, id)
		if fault.CodeOf(err) == fault.NotFound {
			return errSessionOver
		}
		if err != nil {
			return err
		}
		now := s.Now().UTC().Truncate(time.Microsecond)
		if session.Over(now) || session.App != app {
			return errSessionOver
		}
		token, hash := s.RefreshTokens.New()
		before := session.RefreshHash
		if session.Spend(s.RefreshTokens.Hash(secret), hash, now) {
			session.EndedAt, refused = now, errSessionOver
			return s.Store.SaveSession(ctx, session)
		}
		if session.RefreshHash == before {
			return errSessionOver // a token that was never this session's
		}
		users, err := s.Store.UsersByID(ctx, []string{session.UserID})
		if err != nil {
			return err
		}
		if len(users) == 0 || !s.welcome(&users[0]) {
			session.EndedAt, refused = now, errSessionOver
			return s.Store.SaveSession(ctx, session)
		}
		if err := s.Store.SaveSession(ctx, session); err != nil {
			return err
		}
		out, err = s.issue(&users[0], session, token)
		return err
	})
	return out, errors.Join(err, refused)
}

// splitRefresh reads a refresh token: the session's id and the secret.
func splitRefresh(token string) (id, secret string, err error) {
	for i := range len(token) {
		if token[i] == '.' {
			return token[:i], token[i+1:], nil
		}
	}
	return "", "", errSessionOver
}

// SignOut ends the caller's session. Ending it twice is once.
func (s *Service) SignOut(ctx context.Context) error {
	a, err := Caller(ctx)
	if err != nil {
		return err
	}
	if s.Issuer != nil && a.SessionID == "" {
		return s.elsewhere()
	}
	defer s.ended(ctx)
	return s.end(ctx, a.SessionID)
}

// Viewer reads who is signed in; nil for nobody, and for a customer by a link,
// who has no account.
func (s *Service) Viewer(ctx context.Context) (*User, error) {
	a := From(ctx)
	if a.UserID == "" || a.Persona == Customer {
		return nil, nil
	}
	if a.SessionID == "" && a.App != "" {
		return s.machine(ctx, a)
	}
	users, err := s.Store.UsersByID(ctx, []string{a.UserID})
	if err != nil {
		return nil, err
	}
	if len(users) == 0 || !users[0].Active {
		return nil, errSessionOver
	}
	return &users[0], nil
}

// machine shows a system as what is signed in: it has no person behind it.
func (s *Service) machine(ctx context.Context, a Actor) (*User, error) {
	c, err := s.Clients.ClientByID(ctx, a.UserID)
	if fault.CodeOf(err) == fault.NotFound || err == nil && !c.Active {
		return nil, errSessionOver
	}
	if err != nil {
		return nil, err
	}
	return &User{ID: c.ID, Login: c.Name, Name: c.Name, Persona: c.Persona, OrganizationID: c.OrganizationID, Active: true, CreatedAt: c.CreatedAt}, nil
}

// NamesOf reads the names of people, for those who are signed in.
func (s *Service) NamesOf(ctx context.Context, userIDs []string) (map[string]string, error) {
	if _, err := Allow(ctx, DealRead); err != nil {
		return nil, err
	}
	users, err := s.Store.UsersByID(ctx, userIDs)
	names := make(map[string]string, len(users))
	for _, u := range users {
		names[u.ID] = u.Name
	}
	return names, err
}

// AtHeadquarters reports whether somebody works at headquarters and may be given
// something to do there.
func (s *Service) AtHeadquarters(ctx context.Context, userID string) (bool, error) {
	if _, err := Allow(ctx, VoiceHandle); err != nil {
		return false, err
	}
	users, err := s.Store.UsersByID(ctx, []string{userID})
	return len(users) == 1 && users[0].Persona == HQ && users[0].Active, err
}

// OrganizationsByID reads organisations, for those who are signed in.
func (s *Service) OrganizationsByID(ctx context.Context, ids []string) (map[string]Organization, error) {
	if _, err := Caller(ctx); err != nil {
		return nil, err
	}
	rows, err := s.Store.OrganizationsByID(ctx, ids)
	out := make(map[string]Organization, len(rows))
	for _, o := range rows {
		out[o.ID] = o
	}
	return out, err
}

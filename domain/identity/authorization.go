package identity

import (
	"context"
	"time"

	"dure/domain/act"
	"dure/domain/fault"
)

// App is one of the product's own apps, which signs people in by a code (PKCE).
type App struct {
	Name    string // its client_id
	Persona Persona
	Path    string // where it is served, such as "/dealer"
}

// Apps are all of them.
var Apps = []App{
	{"dealer-app", Dealer, "/dealer"},
	{"rep-app", Rep, "/rep"},
	{"hq-app", HQ, "/hq"},
}

// AppByName returns the app with that client_id.
func AppByName(name string) (App, bool) {
	for _, a := range Apps {
		if a.Name == name {
			return a, true
		}
	}
	return App{}, false
}

// How long an app's request waits for somebody to sign in, and how long its code
// may be exchanged.
const (
	AuthorizationFor = 15 * time.Minute
	CodeFor          = time.Minute
)

// Authorization is an app's request to sign somebody in.
type Authorization struct {
	ID          string `bun:",pk"`
	App         string
	RedirectURI string `bun:"redirect_uri"`
	State       string
	Nonce       string
	Challenge   string   // PKCE, S256
	Scopes      []string `bun:",type:text"`
	DeviceID    string   `bun:",nullzero"`
	UserID      string   `bun:",nullzero"` // who signed in
	CodeHash    string   `bun:",nullzero"`
	SessionID   string   `bun:",nullzero"` // what the code bought
	CreatedAt   time.Time
	ExpiresAt   time.Time
	SignedInAt  time.Time `bun:",nullzero"`
}

// AuthorizationStore keeps apps' requests.
type AuthorizationStore interface {
	// AddAuthorization also forgets the requests that ended a day before a's.
	AddAuthorization(ctx context.Context, a *Authorization) error
	// Authorization and AuthorizationByCode lock a request until the transaction ends.
	Authorization(ctx context.Context, id string) (*Authorization, error)
	AuthorizationByCode(ctx context.Context, hash string) (*Authorization, error)
	SaveAuthorization(ctx context.Context, a *Authorization) error
}

var (
	errNoAuthorization = fault.New(fault.NotFound, "authorization.over")
	errOtherApp        = fault.New(fault.Forbidden, "authorization.other_app")
	errBadCode         = fault.New(fault.Unauthenticated, "authorization.bad_code")
)

// Authorize keeps an app's request until somebody signs in.
func (s *Service) Authorize(ctx context.Context, a Authorization) (*Authorization, error) {
	now := s.Now().UTC().Truncate(time.Microsecond)
	a.ID, a.CreatedAt, a.ExpiresAt = s.NewID("aut"), now, now.Add(AuthorizationFor)
	return &a, s.Authorizations.AddAuthorization(ctx, &a)
}

// Authorization reads an app's request that still waits. It fails with
// fault.NotFound for any other.
func (s *Service) Authorization(ctx context.Context, id string) (*Authorization, error) {
	a, err := s.Authorizations.Authorization(ctx, id)
	if fault.CodeOf(err) == fault.NotFound || err == nil && !a.waits(s.Now()) {
		return nil, errNoAuthorization
	}
	return a, err
}

func (a *Authorization) waits(now time.Time) bool {
	return now.Before(a.ExpiresAt) && a.CodeHash == ""
}

// SignInTo signs a person in for an app's request. Wrong passwords count as those
// of SignIn do; the wrong app's person gets fault.Forbidden.
func (s *Service) SignInTo(ctx context.Context, id, login, password string) error {
	user, err := s.checkPassword(ctx, login, password)
	if err != nil {
		return err
	}
	return s.admit(ctx, id, user)
}

// admit notes that user signed in for an app's request.
func (s *Service) admit(ctx context.Context, id string, user *User) error {
	return s.Do(ctx, func(ctx context.Context) error {
		a, err := s.Authorization(ctx, id)
		if err != nil {
			return err
		}
		if app, ok := AppByName(a.App); !ok || app.Persona != user.Persona {
			return errOtherApp
		}
		a.UserID, a.SignedInAt = user.ID, s.Now().UTC().Truncate(time.Microsecond)
		return s.Authorizations.SaveAuthorization(ctx, a)
	})
}

// GrantCode keeps the code that a request's app may exchange once.
func (s *Service) GrantCode(ctx context.Context, id, code string) error {
	return s.Do(ctx, func(ctx context.Context) error {
		a, err := s.Authorization(ctx, id)
		if err != nil {
			return err
		}
		if a.UserID == "" {
			return errBadCode
		}
		a.CodeHash, a.ExpiresAt = hashSecret(code), s.Now().UTC().Truncate(time.Microsecond).Add(CodeFor)
		return s.Authorizations.SaveAuthorization(ctx, a)
	})
}

// AuthorizationByCode reads the request of a code that was not exchanged. A code
// that comes twice ends what it bought: two hold it.
func (s *Service) AuthorizationByCode(ctx context.Context, code string) (*Authorization, error) {
	var a *Authorization
	var refused error
	err := s.Do(ctx, func(ctx context.Context) (err error) {
		a, refused, err = s.unspent(ctx, code)
		return err
	})
	if err == nil && refused != nil {
		s.ended(ctx)
		err = refused
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// unspent locks the request of a code. refused says why the code buys nothing;
// what that ended is to be committed.
func (s *Service) unspent(ctx context.Context, code string) (a *Authorization, refused, err error) {
	a, err = s.Authorizations.AuthorizationByCode(ctx, hashSecret(code))
	if fault.CodeOf(err) == fault.NotFound {
		return nil, errBadCode, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if a.SessionID != "" {
		return nil, errBadCode, s.end(ctx, a.SessionID)
	}
	if !s.Now().Before(a.ExpiresAt) {
		return nil, errBadCode, nil
	}
	return a, nil, nil
}

// Exchange buys a session with a request's code. lasting gives it a refresh token;
// without one it ends with its access token.
func (s *Service) Exchange(ctx context.Context, id string, lasting bool) (*SignedIn, error) {
	var out *SignedIn
	var refused error
	err := s.Do(ctx, func(ctx context.Context) error {
		a, err := s.Authorizations.Authorization(ctx, id)
		if err != nil {
			return err
		}
		if a.SessionID != "" { // a twin was faster
			refused = errBadCode
			return s.end(ctx, a.SessionID)
		}
		users, err := s.Store.UsersByID(ctx, []string{a.UserID})
		if err != nil {
			return err
		}
		if len(users) == 0 || !users[0].Active || !s.Now().Before(a.ExpiresAt) {
			return errBadCode
		}
		begin := beginning{user: &users[0], deviceID: a.DeviceID, app: a.App, scopes: a.Scopes, lasts: SessionFor}
		if !lasting {
			begin.lasts = AccessFor
		}
		out, err = s.begin(ctx, begin)
		if err != nil {
			return err
		}
		a.SessionID = out.Actor.SessionID
		return s.Authorizations.SaveAuthorization(ctx, a)
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// beginning is how a session begins.
type beginning struct {
	user     *User
	deviceID string
	app      string
	scopes   []string
	lasts    time.Duration
}

// begin opens a session, in the caller's transaction or in one of its own.
func (s *Service) begin(ctx context.Context, b beginning) (*SignedIn, error) {
	token, hash := s.RefreshTokens.New()
	now := s.Now().UTC().Truncate(time.Microsecond)
	session := &Session{
		ID: s.NewID("ses"), UserID: b.user.ID, RefreshHash: hash, SpentHashes: []string{}, DeviceID: b.deviceID, App: b.app, Scopes: b.scopes,
		CreatedAt: now, RefreshedAt: now, ExpiresAt: now.Add(b.lasts),
	}
	err := s.Do(ctx, func(ctx context.Context) error {
		if err := s.Store.AddSession(ctx, session); err != nil {
			return err
		}
		if b.deviceID != "" {
			if err := s.Store.RegisterDevice(ctx, b.user.ID, b.deviceID, now); err != nil {
				return err
			}
		}
		ctx = act.DoneBy(ctx, act.By{UserID: b.user.ID, DealerID: b.user.DealerID, DeviceID: b.deviceID})
		return s.Acts.Record(ctx, s.Act(ctx, act.PersonSignedIn, b.user.ID, now, act.Facts{"persona": string(b.user.Persona)}))
	})
	if err != nil {
		return nil, err
	}
	return s.issue(b.user, session, token)
}

// end ends a session; ending it twice is once.
func (s *Service) end(ctx context.Context, id string) error {
	return s.Do(ctx, func(ctx context.Context) error {
		session, err := s.Store.SessionByID(ctx, id)
		if err != nil || !session.EndedAt.IsZero() {
			return err
		}
		session.EndedAt = s.Now().UTC().Truncate(time.Microsecond)
		return s.Store.SaveSession(ctx, session)
	})
}

// SessionFor reads the session that a refresh token names. Whether the token is
// its newest one is told by RefreshFor alone.
func (s *Service) SessionFor(ctx context.Context, refreshToken string) (*Session, error) {
	id, _, err := splitRefresh(refreshToken)
	if err != nil {
		return nil, err
	}
	session, err := s.Store.SessionByID(ctx, id)
	if fault.CodeOf(err) == fault.NotFound {
		return nil, errSessionOver
	}
	return session, err
}

// EndFor ends a session of the person's, as an id token asks for that was theirs.
func (s *Service) EndFor(ctx context.Context, userID, sessionID string) error {
	session, err := s.Store.SessionByID(ctx, sessionID)
	if fault.CodeOf(err) == fault.NotFound || err == nil && session.UserID != userID {
		return nil
	}
	if err != nil {
		return err
	}
	defer s.ended(ctx)
	return s.end(ctx, sessionID)
}

// PersonOf reads whom an access token of the provider's speaks for. It fails with
// fault.Unauthenticated for any other token.
func (s *Service) PersonOf(ctx context.Context, accessToken string) (Actor, *User, error) {
	a, err := s.Tokens.Verify(accessToken, s.Now())
	if err != nil {
		return Actor{}, nil, err
	}
	user, err := s.Viewer(With(ctx, a))
	return a, user, err
}

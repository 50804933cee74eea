package identity

import (
	"context"
	"time"
	"unicode/utf8"

	"dure/domain/act"
	"dure/domain/fault"
)

// PassKind says why somebody may set a password.
type PassKind string

// The kinds of pass.
const (
	Reset      PassKind = "RESET"      // they forgot the one they had
	Invitation PassKind = "INVITATION" // they never had one
)

// Pass is a mailed link that lets somebody set a password, once.
type Pass struct {
	Hash      string `bun:",pk"` // of the link's token, which is kept nowhere
	Kind      PassKind
	UserID    string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Letter is a mail with a pass in it.
type Letter struct {
	Kind     PassKind
	To       string
	Name     string
	Language string // the person's own setting, or ""
	Token    string
}

// Mailer sends letters.
type Mailer interface {
	Deliver(ctx context.Context, l Letter) error
}

// Post leaves sending to a job of the running transaction.
type Post interface {
	// PassLater has SendPass called for the person; "" for nobody, which takes as long.
	PassLater(ctx context.Context, kind PassKind, userID string) error
}

// PassStore keeps passes.
type PassStore interface {
	// ReplacePass keeps p in place of every pass the person has.
	ReplacePass(ctx context.Context, p *Pass) error
	// PassByHash locks a pass until the transaction ends.
	PassByHash(ctx context.Context, hash string) (*Pass, error)
	DeletePasses(ctx context.Context, userID string) error
	AddUser(ctx context.Context, u *User) error
	SetPasswordHash(ctx context.Context, userID, hash string) error
}

// How long passes last, and how often they are asked for.
const (
	ResetFor        = time.Hour
	InvitationFor   = 7 * 24 * time.Hour
	ResetRequests   = 5  // for one login within AttemptWindow
	AddressRequests = 50 // from one address within AttemptWindow
	ShortestSecret  = 10 // characters of a password
)

var errPassOver = fault.New(fault.NotFound, "pass.over")

func (k PassKind) lasts() time.Duration {
	if k == Invitation {
		return InvitationFor
	}
	return ResetFor
}

// ForgotPassword has a pass mailed to whoever signs in with login. The answer and
// its time do not tell whether there is somebody.
func (s *Service) ForgotPassword(ctx context.Context, login string) error {
	login = normalLogin(login)
	if from := address(ctx); from != "" {
		if err := s.limit(ctx, "reset-address:"+from, AddressRequests); err != nil {
			return err
		}
	}
	if s.Post == nil || len(login) > longestInput {
		return nil // as if it were nobody's
	}
	if err := s.limit(ctx, "reset:"+login, ResetRequests); err != nil {
		return nil //nolint:nilerr // the letters sent before suffice, and nobody learns that there were any
	}
	return s.Do(ctx, func(ctx context.Context) error {
		user, err := s.Store.UserByLogin(ctx, login)
		if fault.CodeOf(err) == fault.NotFound || err == nil && !user.Active {
			user, err = &User{}, nil
		}
		if err != nil {
			return err
		}
		return s.Post.PassLater(ctx, Reset, user.ID)
	})
}

// SendPass makes a pass for the person and mails it, in a job. A pass that was
// mailed before is good no longer.
func (s *Service) SendPass(ctx context.Context, kind PassKind, userID string) error {
	if _, err := Allow(ctx, PassSend); err != nil {
		return err
	}
	if userID == "" {
		return nil
	}
	users, err := s.Store.UsersByID(ctx, []string{userID})
	if err != nil || len(users) == 0 || !users[0].Active {
		return err
	}
	token, _ := s.RefreshTokens.New()
	now := s.Now().UTC().Truncate(time.Microsecond)
	err = s.Passes.ReplacePass(ctx, &Pass{Hash: hashSecret(token), Kind: kind, UserID: userID, CreatedAt: now, ExpiresAt: now.Add(kind.lasts())})
	if err != nil {
		return err
	}
	return s.Mailer.Deliver(ctx, Letter{Kind: kind, To: users[0].Login, Name: users[0].Name, Language: users[0].Language, Token: token})
}

// Pass reads a pass that is good. It fails with fault.NotFound for any other.
func (s *Service) Pass(ctx context.Context, token string) (*Pass, error) {
	if len(token) > longestInput {
		return nil, errPassOver
	}
	p, err := s.Passes.PassByHash(ctx, hashSecret(token))
	if fault.CodeOf(err) == fault.NotFound || err == nil && !s.Now().Before(p.ExpiresAt) {
		return nil, errPassOver
	}
	return p, err
}

// SetPassword sets the password of whom a pass is for, and ends every sign-in of
// theirs. The pass is good once.
func (s *Service) SetPassword(ctx context.Context, token, password string) error {
	if _, err := s.Pass(ctx, token); err != nil {
		return err
	}
	if utf8.RuneCountInString(password) < ShortestSecret || len(password) > longestInput {
		return fault.New(fault.Invalid, "pass.bad_password", ShortestSecret).On("password")
	}
	hash, err := s.Passwords.Hash(password)
	if err != nil {
		return err
	}
	defer s.ended(ctx)
	return s.Do(ctx, func(ctx context.Context) error {
		p, err := s.Pass(ctx, token)
		if err != nil {
			return err
		}
		if err := s.Passes.SetPasswordHash(ctx, p.UserID, hash); err != nil {
			return err
		}
		if err := s.Passes.DeletePasses(ctx, p.UserID); err != nil {
			return err
		}
		if err := s.endAll(ctx, p.UserID); err != nil {
			return err
		}
		ctx = act.DoneBy(ctx, act.By{UserID: p.UserID})
		return s.Acts.Record(ctx, s.Act(ctx, act.PasswordSet, p.UserID, s.Now().UTC().Truncate(time.Microsecond), nil))
	})
}

package identity

import (
	"context"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/text"
)

// Passkey is a key on a device of a person's, by which they sign in without a
// password. Its private half never leaves the device.
type Passkey struct {
	ID           string `bun:",pk"`
	UserID       string
	CredentialID string `json:"-"` // base64url, as the device names it
	Credential   string `json:"-"` // JSON: the public key, the count of signatures, flags
	Name         string // what its owner calls it
	CreatedAt    time.Time
	LastUsedAt   time.Time `bun:",nullzero"`
	SuspendedAt  time.Time `bun:",nullzero"` // when two devices were seen to hold it
}

// ChallengeKind says what the answer to a challenge is for.
type ChallengeKind string

// The kinds of challenge.
const (
	MakePasskey ChallengeKind = "PASSKEY"
	UsePasskey  ChallengeKind = "SIGN_IN"
)

// Challenge waits for a device's answer. It may be answered once.
type Challenge struct {
	ID        string `bun:",pk"`
	Kind      ChallengeKind
	About     string // whose passkey is made, or the app's request that somebody signs in for
	State     string `json:"-"` // what the answer is checked against
	ExpiresAt time.Time
	Options   string `bun:"-"` // JSON, for the browser
}

// Limits of passkeys.
const (
	ChallengeFor  = 5 * time.Minute
	MaxPasskeys   = 20        // of one person
	longestAnswer = 64 << 10  // bytes of a device's answer
	longestName   = 100       // characters of a passkey's name
	nameless      = "Passkey" // what one is called that got no name
)

// Devices speaks WebAuthn with people's browsers.
type Devices interface {
	// Invite returns the options by which a browser makes a passkey for u beside
	// those that u has, and the state that the answer is checked against.
	Invite(u *User, have []Passkey) (options, state string, err error)
	// Admit checks the answer of a new passkey. It fails with fault.Invalid.
	Admit(u *User, have []Passkey, state, answer string) (credentialID, credential string, err error)
	// Ask returns the options by which a browser signs with any passkey it has.
	Ask() (options, state string, err error)
	// Prove checks the answer against the passkey that find knows by its
	// credential's id and its owner. cloned reports a count of signatures that did
	// not grow: another device holds the passkey as well. credential is what the
	// next answer is checked against. It fails with fault.Unauthenticated for an
	// answer that proves nothing.
	Prove(state, answer string, find func(credentialID, userID string) (*Passkey, *User, error)) (credential string, cloned bool, err error)
}

// PasskeyStore keeps passkeys and challenges.
type PasskeyStore interface {
	// AddChallenge also forgets those that ended before now.
	AddChallenge(ctx context.Context, c *Challenge, now time.Time) error
	// TakeChallenge removes a challenge and returns it. It fails with
	// fault.NotFound for one that was taken before, or is about something else.
	TakeChallenge(ctx context.Context, kind ChallengeKind, id, about string) (*Challenge, error)
	// PasskeysOf lists a person's passkeys, the oldest first.
	PasskeysOf(ctx context.Context, userID string) ([]Passkey, error)
	// PasskeyByCredential locks a passkey until the transaction ends.
	PasskeyByCredential(ctx context.Context, credentialID string) (*Passkey, error)
	AddPasskey(ctx context.Context, p *Passkey) error
	SavePasskey(ctx context.Context, p *Passkey) error
	DeletePasskey(ctx context.Context, userID, id string) error
}

var (
	errNoPasskeys   = fault.New(fault.Conflict, "passkey.not_here")
	errBadPasskey   = fault.New(fault.Unauthenticated, "passkey.refused")
	errBadChallenge = fault.New(fault.NotFound, "passkey.too_late")
	errSuspended    = fault.New(fault.Forbidden, "passkey.suspended")
)

// BeginPasskeyInput asks for a passkey.
type BeginPasskeyInput struct{ IdempotencyKey string }

// FinishPasskeyInput is what the device answered.
type FinishPasskeyInput struct {
	ChallengeID    string
	Answer         string // JSON, as the browser made it
	Name           string
	IdempotencyKey string
}

// RemovePasskeyInput names one of the caller's passkeys.
type RemovePasskeyInput struct {
	ID             string
	IdempotencyKey string
}

// Passkeys lists the caller's own, the oldest first.
func (s *Service) Passkeys(ctx context.Context) ([]Passkey, error) {
	scope, err := Allow(ctx, PasskeyKeep)
	if err != nil {
		return nil, err
	}
	return s.Keyring.PasskeysOf(ctx, scope.UserID)
}

// BeginPasskey asks the caller's browser for a new passkey of theirs.
func (s *Service) BeginPasskey(ctx context.Context, in BeginPasskeyInput) (*Challenge, error) {
	scope, err := Allow(ctx, PasskeyKeep)
	if err != nil {
		return nil, err
	}
	if s.Devices == nil {
		return nil, errNoPasskeys
	}
	var c *Challenge
	err = s.Once(ctx, in.IdempotencyKey, "beginPasskey", in, &c, func(ctx context.Context) error {
		user, have, err := s.keeper(ctx, scope.UserID)
		if err != nil {
			return err
		}
		c, err = s.challenge(ctx, Challenge{Kind: MakePasskey, About: user.ID}, func() (options, state string, err error) {
			return s.Devices.Invite(user, have)
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// keeper reads a person who may have one more passkey, and those they have.
func (s *Service) keeper(ctx context.Context, userID string) (*User, []Passkey, error) {
	users, err := s.Store.UsersByID(ctx, []string{userID})
	if err != nil {
		return nil, nil, err
	}
	if len(users) == 0 || !s.welcome(&users[0]) {
		return nil, nil, errSessionOver
	}
	have, err := s.Keyring.PasskeysOf(ctx, userID)
	if err == nil && len(have) >= MaxPasskeys {
		err = fault.New(fault.Conflict, "passkey.too_many", MaxPasskeys)
	}
	return &users[0], have, err
}

// challenge keeps a challenge with what ask says.
func (s *Service) challenge(ctx context.Context, c Challenge, ask func() (options, state string, err error)) (*Challenge, error) {
	options, state, err := ask()
	if err != nil {
		return nil, err
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	c.ID, c.State, c.Options, c.ExpiresAt = s.NewID("chl"), state, options, now.Add(ChallengeFor)
	return &c, s.Keyring.AddChallenge(ctx, &c, now)
}

// answered takes the challenge that an answer is to.
func (s *Service) answered(ctx context.Context, kind ChallengeKind, id, about, answer string) (*Challenge, error) {
	if len(id) > longestInput || len(answer) > longestAnswer {
		return nil, errBadChallenge
	}
	c, err := s.Keyring.TakeChallenge(ctx, kind, id, about)
	if fault.CodeOf(err) == fault.NotFound || err == nil && !s.Now().Before(c.ExpiresAt) {
		return nil, errBadChallenge
	}
	return c, err
}

// FinishPasskey keeps the passkey that the caller's device made. A challenge is
// spent by its first answer, good or bad.
func (s *Service) FinishPasskey(ctx context.Context, in FinishPasskeyInput) (*Passkey, error) {
	scope, err := Allow(ctx, PasskeyKeep)
	if err != nil {
		return nil, err
	}
	if s.Devices == nil {
		return nil, errNoPasskeys
	}
	if err := text.Check(in.Name, longestName, "name"); err != nil {
		return nil, err
	}
	var p *Passkey
	err = s.Once(ctx, in.IdempotencyKey, "finishPasskey", in, &p, func(ctx context.Context) error {
		c, err := s.answered(ctx, MakePasskey, in.ChallengeID, scope.UserID, in.Answer)
		if err != nil {
			return err
		}
		user, have, err := s.keeper(ctx, scope.UserID)
		if err != nil {
			return err
		}
		p, err = s.admitPasskey(ctx, user, have, c.State, in)
		return err
	})
	if err != nil {
		_, _ = s.answered(ctx, MakePasskey, in.ChallengeID, scope.UserID, in.Answer) // what failed gave it back
		return nil, err
	}
	return p, nil
}

func (s *Service) admitPasskey(ctx context.Context, user *User, have []Passkey, state string, in FinishPasskeyInput) (*Passkey, error) {
	credentialID, credential, err := s.Devices.Admit(user, have, state, in.Answer)
	if err != nil {
		return nil, err
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	p := &Passkey{
		ID: s.NewID("pky"), UserID: user.ID, CredentialID: credentialID, Credential: credential, Name: strings.TrimSpace(in.Name), CreatedAt: now,
	}
	if p.Name == "" {
		p.Name = nameless
	}
	if err := s.Keyring.AddPasskey(ctx, p); err != nil {
		return nil, err
	}
	return p, s.Acts.Record(ctx, s.Act(ctx, act.PasskeyAdded, p.ID, now, nil))
}

// RemovePasskey forgets one of the caller's passkeys and returns its id.
func (s *Service) RemovePasskey(ctx context.Context, in RemovePasskeyInput) (string, error) {
	scope, err := Allow(ctx, PasskeyKeep)
	if err != nil {
		return "", err
	}
	var removed string
	err = s.Once(ctx, in.IdempotencyKey, "removePasskey", in, &removed, func(ctx context.Context) error {
		if err := s.Keyring.DeletePasskey(ctx, scope.UserID, in.ID); err != nil {
			return err
		}
		removed = in.ID
		return s.Acts.Record(ctx, s.Act(ctx, act.PasskeyRemoved, in.ID, s.Now().UTC().Truncate(time.Microsecond), nil))
	})
	return removed, err
}

// AskPasskey asks the browser of somebody who signs in for an app's request to
// prove a passkey, whosever it is.
func (s *Service) AskPasskey(ctx context.Context, authorizationID string) (*Challenge, error) {
	if err := s.Throttle(ctx); err != nil {
		return nil, err
	}
	if s.Devices == nil {
		return nil, errNoPasskeys
	}
	var c *Challenge
	err := s.Do(ctx, func(ctx context.Context) error {
		a, err := s.Authorization(ctx, authorizationID)
		if err != nil {
			return err
		}
		c, err = s.challenge(ctx, Challenge{Kind: UsePasskey, About: a.ID}, s.Devices.Ask)
		return err
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// SignInByPasskey signs in for an app's request whoever proved a passkey.
// Failures count against the address; the wrong app's person gets fault.Forbidden.
func (s *Service) SignInByPasskey(ctx context.Context, authorizationID, challengeID, answer string) error {
	if s.Devices == nil {
		return errNoPasskeys
	}
	forgive, err := s.fromAddress(ctx)
	if err != nil {
		return err
	}
	c, err := s.answered(ctx, UsePasskey, challengeID, authorizationID, answer)
	if err != nil {
		return err
	}
	user, err := s.proven(ctx, c.State, answer)
	if err != nil {
		return err
	}
	forgive()
	return s.admit(ctx, authorizationID, user)
}

// proven returns who proved a passkey. One that two devices hold is suspended:
// nobody can tell which of them is its owner's.
func (s *Service) proven(ctx context.Context, state, answer string) (*User, error) {
	var user *User
	var refused error
	err := s.Do(ctx, func(ctx context.Context) error {
		var p *Passkey
		credential, cloned, err := s.Devices.Prove(state, answer, func(credentialID, userID string) (*Passkey, *User, error) {
			var err error
			p, user, err = s.owned(ctx, credentialID, userID)
			return p, user, err
		})
		if err != nil {
			return err
		}
		now := s.Now().UTC().Truncate(time.Microsecond)
		switch {
		case !p.SuspendedAt.IsZero():
			return errSuspended
		case cloned:
			p.SuspendedAt, refused = now, errSuspended
		default:
			p.Credential, p.LastUsedAt = credential, now
		}
		if err := s.Keyring.SavePasskey(ctx, p); err != nil || !cloned {
			return err
		}
		ctx = act.DoneBy(ctx, act.By{UserID: user.ID, DealerID: user.DealerID})
		return s.Acts.Record(ctx, s.Act(ctx, act.PasskeySuspended, p.ID, now, nil))
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return nil, err
	}
	return user, nil
}

// owned locks a passkey and reads its owner, who must be whom the device names.
func (s *Service) owned(ctx context.Context, credentialID, userID string) (*Passkey, *User, error) {
	p, err := s.Keyring.PasskeyByCredential(ctx, credentialID)
	if fault.CodeOf(err) == fault.NotFound || err == nil && p.UserID != userID {
		return nil, nil, errBadPasskey
	}
	if err != nil {
		return nil, nil, err
	}
	users, err := s.Store.UsersByID(ctx, []string{p.UserID})
	if err != nil {
		return nil, nil, err
	}
	if len(users) == 0 || !s.welcome(&users[0]) {
		return nil, nil, errBadPasskey
	}
	return p, &users[0], nil
}

package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"dure/domain/fault"
)

// How long a sign-in lasts.
const (
	AccessFor  = 10 * time.Minute
	SessionFor = 30 * 24 * time.Hour
)

// Attempts that a login and an address may fail within a window.
const (
	LoginAttempts   = 10
	AddressAttempts = 100
	AttemptWindow   = 15 * time.Minute
)

// flaky is how long the token that was just spent may come again: a tablet that
// lost the answer asks once more.
const flaky = 10 * time.Second

// Session is a signed-in device. Its refresh token changes at each use.
type Session struct {
	ID          string `bun:",pk"`
	UserID      string
	RefreshHash string
	SpentHashes []string `bun:",type:text"` // the newest spent one last
	DeviceID    string   `bun:",nullzero"`
	App         string   `bun:",nullzero"` // the provider's client that began it; "" for GraphQL's signIn
	Scopes      []string `bun:",type:text,nullzero"`
	CreatedAt   time.Time
	RefreshedAt time.Time
	ExpiresAt   time.Time
	EndedAt     time.Time `bun:",nullzero"`
}

// maxSpent bounds how many spent tokens a session remembers.
const maxSpent = 50

// Over reports whether the session has ended by now.
func (s *Session) Over(now time.Time) bool {
	return !s.EndedAt.IsZero() || !now.Before(s.ExpiresAt)
}

// Spend trades the token with the given hash for the next one. reused reports a
// token that was spent before, or was given out for one that came again: two hold
// the session.
func (s *Session) Spend(hash, next string, now time.Time) (reused bool) {
	switch {
	case hash == s.RefreshHash:
		s.spent(hash)
		s.RefreshHash, s.RefreshedAt = next, now
		return false
	case len(s.SpentHashes) > 0 && hash == s.SpentHashes[len(s.SpentHashes)-1] && now.Sub(s.RefreshedAt) < flaky:
		s.SpentHashes = s.SpentHashes[:len(s.SpentHashes)-1]
		s.spent(s.RefreshHash) // the answer was lost on its way: nobody may come with it
		s.spent(hash)
		s.RefreshHash = next
		return false
	default:
		return slices.Contains(s.SpentHashes, hash)
	}
}

// spent remembers a token, as the newest, and forgets the oldest of too many.
func (s *Session) spent(hash string) {
	s.SpentHashes = append(s.SpentHashes, hash)
	s.SpentHashes = s.SpentHashes[max(0, len(s.SpentHashes)-maxSpent):]
}

// SignInInput is login and password.
type SignInInput struct {
	Login    string
	Password string
	DeviceID string
}

// RefreshSessionInput is the newest refresh token.
type RefreshSessionInput struct{ RefreshToken string }

// SignOutInput ends the caller's session.
type SignOutInput struct{ IdempotencyKey string }

// SignedIn is a session's newest pair of tokens.
type SignedIn struct {
	AccessToken  string
	RefreshToken string
	ExpiresAt    time.Time
	Actor        Actor
	User         *User
}

// normalLogin is how logins are kept.
func normalLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

type addressKey struct{}

// FromAddress returns a context that knows the caller's network address, for
// counting failed sign-ins.
func FromAddress(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, addressKey{}, address)
}

// Address is the caller's network address; "" when nobody knows it.
func Address(ctx context.Context) string { return address(ctx) }

func address(ctx context.Context) string {
	a, _ := ctx.Value(addressKey{}).(string)
	return a
}

var (
	errWrongPassword = fault.New(fault.Unauthenticated, "identity.wrong_password")
	errSessionOver   = fault.New(fault.Unauthenticated, "identity.session_over")
)

package identity

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"regexp"
	"time"

	"dure/domain/fault"
)

// Client is a system that asks for tokens of its own: a lender's or a carrier's.
type Client struct {
	ID             string `bun:",pk"`
	Name           string // its client_id, such as "lender-a"
	Persona        Persona
	OrganizationID string
	SecretHash     string `json:"-"` // SHA-256; "" has no secret
	Keys           string // JSON Web Key Set of its assertions; "" has none
	Active         bool
	CreatedAt      time.Time
}

// ClientStore keeps systems and what they have spent.
type ClientStore interface {
	ClientByName(ctx context.Context, name string) (*Client, error)
	ClientByID(ctx context.Context, id string) (*Client, error)
	OrganizationByName(ctx context.Context, kind OrganizationKind, name string) (*Organization, error)
	// SaveClient adds c, or gives the client of that name a new secret and new keys.
	SaveClient(ctx context.Context, c *Client) error
	// SpendAssertion fails with fault.Conflict for one that was spent before, and
	// forgets those that ended before now.
	SpendAssertion(ctx context.Context, clientID, jti string, expires, now time.Time) error
	RevokeToken(ctx context.Context, id string, expires, now time.Time) error
	TokenRevoked(ctx context.Context, id string) (bool, error)
}

// How long a client's tokens and assertions last.
const (
	MachineFor      = 10 * time.Minute
	AssertionFor    = 10 * time.Minute // the longest an assertion may live
	AssertionSkew   = 30 * time.Second // for clocks that differ
	ClientAttempts  = 50               // failures from one address within AttemptWindow
	TokenRequests   = 600              // from one address within a minute
	longestClientID = 64
	longestJTI      = 200
)

var errBadClient = fault.New(fault.Unauthenticated, "client.refused")

// clientName is what a client may be called: it stands in addresses and logs.
var clientName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$`)

// kindOf says what kind of organisation a machine's persona works for.
func kindOf(p Persona) (OrganizationKind, bool) {
	switch p {
	case Lender:
		return FinanceCompany, true
	case Carrier:
		return DeliveryFirm, true
	default:
		return "", false
	}
}

// RegisterClientInput names a system and whom it belongs to.
type RegisterClientInput struct {
	Name         string
	Persona      Persona
	Organization string // the firm's name
	Secret       string // "" for one that signs assertions
	Keys         string // JSON Web Key Set; "" for one with a secret
}

// RegisterClient lets a system ask for tokens, or gives the one of that name a
// new secret and new keys. Only the secret's hash is kept.
func (s *Service) RegisterClient(ctx context.Context, in RegisterClientInput) (*Client, error) {
	if _, err := Allow(ctx, ClientRegister); err != nil {
		return nil, err
	}
	if !clientName.MatchString(in.Name) {
		return nil, fault.New(fault.Invalid, "client.bad_name").On("name")
	}
	kind, ok := kindOf(in.Persona)
	if !ok {
		return nil, fault.New(fault.Invalid, "client.bad_persona").On("persona")
	}
	if in.Secret == "" && in.Keys == "" {
		return nil, fault.New(fault.Invalid, "client.no_proof").On("secret")
	}
	organization, err := s.Clients.OrganizationByName(ctx, kind, in.Organization)
	if err != nil {
		return nil, err
	}
	c := &Client{
		ID: s.NewID("cli"), Name: in.Name, Persona: in.Persona, OrganizationID: organization.ID, Keys: in.Keys,
		Active: true, CreatedAt: s.Now().UTC().Truncate(time.Microsecond),
	}
	if in.Secret != "" {
		c.SecretHash = hashSecret(in.Secret)
	}
	if err := s.Clients.SaveClient(ctx, c); err != nil {
		return nil, err
	}
	return s.Clients.ClientByName(ctx, in.Name)
}

// hashSecret is how client secrets and codes are kept. They are random, so they
// need neither salt nor a slow hash.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// ClientBySecret returns the client that knows the secret. The answer and its
// time are the same for an unknown client, a wrong secret and one that signs
// assertions instead. Only failures count against an address, so that nobody can
// lock a client out: a secret is too long to be guessed.
func (s *Service) ClientBySecret(ctx context.Context, name, secret string) (*Client, error) {
	if len(name) > longestClientID {
		return nil, s.clientRefused(ctx)
	}
	c, err := s.Clients.ClientByName(ctx, name)
	if fault.CodeOf(err) == fault.NotFound {
		c, err = &Client{}, nil
	}
	if err != nil {
		return nil, err
	}
	kept := c.SecretHash
	if kept == "" {
		kept = hashSecret("")
	}
	same := subtle.ConstantTimeCompare([]byte(hashSecret(secret)), []byte(kept)) == 1
	if !same || !c.Active || c.SecretHash == "" {
		return nil, s.clientRefused(ctx)
	}
	return c, nil
}

// clientRefused counts a failure. It is fault.Limited once an address has had
// too many.
func (s *Service) clientRefused(ctx context.Context) error {
	if from := address(ctx); from != "" {
		if err := s.limit(ctx, "client:"+from, ClientAttempts); err != nil {
			return err
		}
	}
	return errBadClient
}

// ClientKeys returns the key set that a client signs its assertions with. It
// fails with fault.Unauthenticated for a client that has none.
func (s *Service) ClientKeys(ctx context.Context, name string) (*Client, error) {
	if len(name) > longestClientID {
		return nil, errBadClient
	}
	c, err := s.Clients.ClientByName(ctx, name)
	if fault.CodeOf(err) == fault.NotFound || err == nil && (!c.Active || c.Keys == "") {
		return nil, errBadClient
	}
	return c, err
}

// SpendAssertion takes a signed assertion, once: it must carry a name of its own
// and end soon.
func (s *Service) SpendAssertion(ctx context.Context, c *Client, jti string, expires time.Time) error {
	now := s.Now().UTC()
	if jti == "" || len(jti) > longestJTI || expires.After(now.Add(AssertionFor+AssertionSkew)) {
		return errBadClient
	}
	err := s.Clients.SpendAssertion(ctx, c.ID, jti, expires.UTC().Add(AssertionSkew), now)
	if fault.CodeOf(err) == fault.Conflict {
		return errBadClient
	}
	return err
}

// Machine is the actor that a client's token speaks for.
func (c *Client) Machine() Actor {
	return Actor{UserID: c.ID, Persona: c.Persona, OrganizationID: c.OrganizationID}
}

// RevokeToken takes back a token of the app's: a refresh token with its whole
// session, an access token alone. Anything else is nothing to take back, and no
// failure. Introspection and this node know at once, others within half a second.
func (s *Service) RevokeToken(ctx context.Context, app, token string) error {
	now := s.Now().UTC()
	defer s.ended(ctx)
	if a, err := s.Tokens.Verify(token, now); err == nil {
		if a.App != app || a.TokenID == "" {
			return nil
		}
		return s.Clients.RevokeToken(ctx, a.TokenID, a.ExpiresAt, now)
	}
	session, err := s.sessionOf(ctx, token)
	if err != nil || session == nil || session.App != app {
		return err
	}
	return s.end(ctx, session.ID)
}

// sessionOf reads the session whose newest refresh token it is; nil for none.
func (s *Service) sessionOf(ctx context.Context, refreshToken string) (*Session, error) {
	id, secret, err := splitRefresh(refreshToken)
	if err != nil {
		return nil, nil //nolint:nilerr // it is none of ours
	}
	session, err := s.Store.SessionByID(ctx, id)
	if fault.CodeOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil || session.RefreshHash != s.RefreshTokens.Hash(secret) {
		return nil, err
	}
	return session, nil
}

// Introspect tells whom an access token of the app's speaks for. ok is false for
// one that ended, was taken back, or belongs to somebody else.
func (s *Service) Introspect(ctx context.Context, app, token string) (a Actor, ok bool, err error) {
	now := s.Now().UTC()
	a, err = s.Tokens.Verify(token, now)
	if err != nil || a.App != app || a.TokenID == "" {
		return Actor{}, false, nil //nolint:nilerr // it is no token of the app's
	}
	if revoked, err := s.Clients.TokenRevoked(ctx, a.TokenID); err != nil || revoked {
		return Actor{}, false, err
	}
	if a.SessionID == "" {
		return a, true, nil
	}
	session, err := s.Store.SessionByID(ctx, a.SessionID)
	if err != nil || session.Over(now) {
		return Actor{}, false, err
	}
	return a, true, nil
}

// Throttle counts a request to the provider. It fails with fault.Limited
// once an address has sent too many.
func (s *Service) Throttle(ctx context.Context) error {
	from := address(ctx)
	if from == "" {
		return nil
	}
	ok, _, err := s.Limiter.Allow(ctx, "token:"+from, TokenRequests, time.Minute)
	if err != nil || ok {
		return nil //nolint:nilerr // while the limiter is away nobody is kept out
	}
	return fault.New(fault.Limited, "request.too_many")
}

package vault

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"dure/domain/fault"
)

// What every access token says of itself.
const (
	tokenIssuer   = "dure"
	tokenAudience = "dure"
)

// maxToken is the longest token that is looked at, in bytes.
const maxToken = 4096

// cachedTokens bounds each of the cache's two generations.
const cachedTokens = 4096

// errBadToken is what every refused token gets, so that it tells nothing.
var errBadToken = fault.New(fault.Unauthenticated, "session.bad_token")

// Claims say who is signed in.
type Claims struct {
	Subject        string    // the user's id
	Persona        string    // DEALER, REP, HQ …
	OrganizationID string    // whom the user works for
	DealerID       string    // "" unless the user works for a dealer
	SessionID      string    // the sign-in that the token belongs to
	Language       string    // the user's own setting, "" for what the device asks
	DeviceID       string    // the device that the sign-in began on, "" when it told none
	App            string    // the client_id of a token of the OpenID provider's
	TokenID        string    // of a token of the OpenID provider's
	Scopes         string    // of a token of the OpenID provider's, with spaces between
	IssuedAt       time.Time // whole seconds, UTC
	ExpiresAt      time.Time
}

type tokenClaims struct {
	Persona        string `json:"persona"`
	OrganizationID string `json:"org,omitempty"`
	DealerID       string `json:"dealer,omitempty"`
	SessionID      string `json:"sid"`
	DeviceID       string `json:"device,omitempty"`
	Language       string `json:"lang,omitempty"`
	App            string `json:"client_id,omitempty"`
	Scopes         string `json:"scope,omitempty"`
	jwt.RegisteredClaims
}

// tokens signs and checks access tokens. What was once found well signed is
// remembered by the token's hash; its times are judged at every call.
type tokens struct {
	key    []byte
	parser *jwt.Parser
	trust  trust

	mu       sync.RWMutex
	young    map[[sha256.Size]byte]Claims
	old      map[[sha256.Size]byte]Claims
	capacity int
}

func newTokens(key []byte) *tokens {
	return &tokens{
		key:      key,
		parser:   jwt.NewParser(jwt.WithValidMethods([]string{"HS256", "ES256"}), jwt.WithoutClaimsValidation(), jwt.WithStrictDecoding()),
		young:    map[[sha256.Size]byte]Claims{},
		capacity: cachedTokens,
	}
}

// IssueToken returns a signed access token (JWT, HS256) for c that is valid for
// ttl from c.IssuedAt, or from now when that is zero. c.ExpiresAt is ignored.
func (v *Vault) IssueToken(c Claims, ttl time.Duration) (string, error) {
	issued := c.IssuedAt
	if issued.IsZero() {
		issued = time.Now()
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, tokenClaims{
		Persona: c.Persona, OrganizationID: c.OrganizationID, DealerID: c.DealerID, SessionID: c.SessionID,
		DeviceID: c.DeviceID, Language: c.Language,
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: tokenIssuer, Audience: jwt.ClaimStrings{tokenAudience}, Subject: c.Subject,
			IssuedAt: jwt.NewNumericDate(issued), ExpiresAt: jwt.NewNumericDate(issued.Add(ttl)),
		},
	})
	signed, err := token.SignedString(v.tokens.key)
	if err != nil {
		return "", fmt.Errorf("issue token: %w", err)
	}
	return signed, nil
}

// VerifyToken returns the claims of a token that this deployment issued and that
// is valid at now. Any other fails with fault.Unauthenticated session.bad_token,
// an expired one with session.expired.
func (v *Vault) VerifyToken(token string, now time.Time) (Claims, error) {
	if len(token) > maxToken || strings.ContainsAny(token, "\r\n") { // which base64 passes over
		return Claims{}, errBadToken
	}
	hash := sha256.Sum256([]byte(token))
	c, known := v.tokens.recall(hash)
	if !known {
		var err error
		if c, err = v.tokens.read(token); err != nil {
			return Claims{}, err
		}
		if now.Before(c.ExpiresAt) {
			v.tokens.remember(hash, c)
		}
	}
	if !now.Before(c.ExpiresAt) {
		return Claims{}, fault.New(fault.Unauthenticated, "session.expired")
	}
	if now.Add(time.Minute).Before(c.IssuedAt) { // a minute for clocks that differ between nodes
		return Claims{}, errBadToken
	}
	return c, nil
}

// trust is whose signed tokens are believed beside our own.
type trust struct {
	issuer string
	key    func(id string) (*ecdsa.PublicKey, bool)
}

// Trust has tokens believed that issuer signed (ES256) with one of the keys. Call
// it before the vault is in use.
func (v *Vault) Trust(issuer string, key func(id string) (*ecdsa.PublicKey, bool)) {
	v.tokens.trust = trust{issuer, key}
}

// keyOf is the key that a token must be signed with, by its algorithm: each has
// keys and an issuer of its own.
func (t *tokens) keyOf(token *jwt.Token) (key any, issuer string, err error) {
	if token.Method == jwt.SigningMethodHS256 {
		return t.key, tokenIssuer, nil
	}
	id, _ := token.Header["kid"].(string)
	if t.trust.key == nil || id == "" {
		return nil, "", errBadToken
	}
	public, known := t.trust.key(id)
	if !known {
		return nil, "", errBadToken
	}
	return public, t.trust.issuer, nil
}

func (t *tokens) read(token string) (Claims, error) {
	var in tokenClaims
	var issuer string
	_, err := t.parser.ParseWithClaims(token, &in, func(token *jwt.Token) (key any, err error) {
		key, issuer, err = t.keyOf(token)
		return key, err
	})
	if err != nil || in.Issuer != issuer || in.Persona == "" || len(in.Audience) != 1 || in.Audience[0] != tokenAudience ||
		in.Subject == "" || in.ExpiresAt == nil || in.IssuedAt == nil {
		return Claims{}, errBadToken
	}
	return Claims{
		Subject: in.Subject, Persona: in.Persona, OrganizationID: in.OrganizationID, DealerID: in.DealerID,
		SessionID: in.SessionID, DeviceID: in.DeviceID, Language: in.Language, App: in.App, TokenID: in.ID, Scopes: in.Scopes, IssuedAt: in.IssuedAt.UTC(), ExpiresAt: in.ExpiresAt.UTC(),
	}, nil
}

func (t *tokens) recall(hash [sha256.Size]byte) (Claims, bool) {
	t.mu.RLock()
	c, known := t.young[hash]
	aged := false
	if !known {
		c, aged = t.old[hash]
	}
	t.mu.RUnlock()
	if aged {
		t.remember(hash, c)
	}
	return c, known || aged
}

// remember keeps c among the young; when they are too many they become the old,
// and the old are forgotten.
func (t *tokens) remember(hash [sha256.Size]byte, c Claims) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.young) >= t.capacity {
		t.old, t.young = t.young, make(map[[sha256.Size]byte]Claims, t.capacity)
	}
	t.young[hash] = c
}

// NewRefreshToken returns 32 random bytes as base64url for the client, and the
// hash to keep in their place.
func NewRefreshToken() (token, hash string) {
	token = newSecret()
	return token, HashRefreshToken(token)
}

// HashRefreshToken returns the hex SHA-256 of a refresh token. The token is
// random, so it needs neither salt nor a slow hash.
func HashRefreshToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

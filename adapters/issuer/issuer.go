// Package issuer reads the tokens of another OpenID provider, by the keys that it
// publishes.
package issuer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"dure/domain/fault"
	"dure/domain/identity"
)

// Config says whose tokens are read, and how.
type Config struct {
	Address  string // as its tokens and its discovery document name it
	Audience string // what a token must be for
	Names    Names
	Now      func() time.Time // time.Now when nil
	Again    time.Duration    // how long after a question the next may be asked; 5 s when zero
	Log      *slog.Logger     // slog.Default() when nil
}

// Names are the claims in which the issuer tells things; those of a claim within
// another are parted by dots, such as "realm_access.roles".
type Names struct {
	Mail         string // believed beside a true email_verified
	Persona      string // a persona, or a list in which it is
	Organization string
	Dealer       string
}

// Defaults are the names where the settings give no other.
var Defaults = Names{Mail: "email", Persona: "dure_persona", Organization: "dure_organization", Dealer: "dure_dealer"}

// With returns n with some names changed: mail, persona, organization or dealer.
func (n Names) With(changes map[string]string) (Names, error) {
	for what, name := range changes {
		switch what {
		case "mail":
			n.Mail = name
		case "persona":
			n.Persona = name
		case "organization":
			n.Organization = name
		case "dealer":
			n.Dealer = name
		default:
			return n, fmt.Errorf("no claim tells %q; there are mail, persona, organization and dealer", what)
		}
	}
	return n, nil
}

// Bounds of what is asked and believed.
const (
	skew        = time.Minute // by which the issuer's clock may differ from ours
	askWithin   = 5 * time.Second
	longest     = 16 << 10 // bytes of a token
	defaultWait = 5 * time.Second
)

var (
	errBadToken = fault.New(fault.Unauthenticated, "session.bad_token")
	errExpired  = fault.New(fault.Unauthenticated, "session.expired")
	errAway     = fault.New(fault.Limited, "identity.issuer_away")
)

// Issuer implements identity.Issuer. What it knows of the provider it learns at the
// first question, and asks again while the provider is away.
type Issuer struct {
	config Config
	client *http.Client

	mutex    sync.Mutex
	verifier *oidc.IDTokenVerifier
	asked    time.Time // for discovery
}

// New returns an issuer. Nothing is asked yet.
func New(c Config) *Issuer {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Again == 0 {
		c.Again = defaultWait
	}
	return &Issuer{config: c, client: &http.Client{Timeout: askWithin, Transport: &paced{next: http.DefaultTransport, again: c.Again, kept: map[string]kept{}}}}
}

// Address implements identity.Issuer.
func (i *Issuer) Address() string { return i.config.Address }

// Claims implements identity.Issuer.
func (i *Issuer) Claims(ctx context.Context, token string) (*identity.Claims, error) {
	if len(token) > longest || strings.Count(token, ".") != 2 {
		return nil, errBadToken
	}
	verifier, err := i.discovered()
	if err != nil {
		return nil, err
	}
	var away error
	t, err := verifier.Verify(context.WithValue(ctx, awayKey{}, &away), token)
	if away != nil {
		i.config.Log.WarnContext(ctx, "the issuer's keys cannot be read", "issuer", i.config.Address, "error", away)
		return nil, errAway
	}
	if expired := (*oidc.TokenExpiredError)(nil); errors.As(err, &expired) {
		return nil, errExpired
	}
	if err != nil {
		return nil, errBadToken
	}
	return i.read(t)
}

// discovered returns what tokens are checked by. One question runs at a time, and
// while the provider is away one is asked every few seconds at most.
func (i *Issuer) discovered() (*oidc.IDTokenVerifier, error) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	if i.verifier != nil {
		return i.verifier, nil
	}
	if time.Since(i.asked) < i.config.Again {
		return nil, errAway
	}
	// Whoever brought the first token may leave: the answer is for everybody.
	ctx, stop := context.WithTimeout(oidc.ClientContext(context.Background(), i.client), askWithin)
	defer stop()
	provider, err := oidc.NewProvider(ctx, i.config.Address)
	i.asked = time.Now()
	if err != nil {
		i.config.Log.Warn("the issuer cannot be discovered", "issuer", i.config.Address, "error", err)
		return nil, errAway
	}
	var published struct {
		Keys       string   `json:"jwks_uri"`
		Algorithms []string `json:"id_token_signing_alg_values_supported"`
	}
	if err := provider.Claims(&published); err != nil {
		return nil, fmt.Errorf("read the issuer's document: %w", err)
	}
	algorithms := slices.DeleteFunc(published.Algorithms, func(a string) bool { return !slices.Contains(signed, a) })
	if len(algorithms) == 0 {
		algorithms = []string{oidc.RS256}
	}
	keys := telling{oidc.NewRemoteKeySet(oidc.ClientContext(context.Background(), i.client), published.Keys)}
	i.verifier = oidc.NewVerifier(i.config.Address, keys, &oidc.Config{
		ClientID: i.config.Audience, SupportedSigningAlgs: algorithms, Now: func() time.Time { return i.config.Now().Add(-skew) },
	})
	return i.verifier, nil
}

// signed are the algorithms by which a published key can sign.
var signed = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA}

// read takes what a verified token says.
func (i *Issuer) read(t *oidc.IDToken) (*identity.Claims, error) {
	var all map[string]any
	if err := t.Claims(&all); err != nil {
		return nil, errBadToken
	}
	latest := i.config.Now().Add(skew)
	if t.IssuedAt.After(latest) || after(all["nbf"], latest) {
		return nil, errBadToken
	}
	names := i.config.Names
	c := &identity.Claims{
		Subject: t.Subject, Personas: texts(at(all, names.Persona)), OrganizationID: text(at(all, names.Organization)), DealerID: text(at(all, names.Dealer)),
		ClientID: text(all["client_id"]), IssuedAt: t.IssuedAt, ExpiresAt: t.Expiry,
	}
	if c.ClientID == "" {
		c.ClientID = text(all["azp"])
	}
	if verified, _ := all["email_verified"].(bool); verified {
		c.Mail = text(at(all, names.Mail))
	}
	return c, nil
}

// after reports whether a claim is a moment later than t.
func after(claim any, t time.Time) bool {
	seconds, ok := claim.(float64)
	return ok && seconds > float64(t.Unix())
}

// at walks into claims by dotted name.
func at(claims map[string]any, name string) any {
	if whole, ok := claims[name]; ok || name == "" {
		return whole // a name may have dots of its own, as those that are addresses
	}
	first, rest, more := strings.Cut(name, ".")
	inner, ok := claims[first].(map[string]any)
	if !more || !ok {
		return nil
	}
	return at(inner, rest)
}

func text(claim any) string {
	s, _ := claim.(string)
	return s
}

func texts(claim any) []string {
	switch c := claim.(type) {
	case string:
		return []string{c}
	case []any:
		var all []string
		for _, one := range c {
			if s := text(one); s != "" {
				all = append(all, s)
			}
		}
		return all
	default:
		return nil
	}
}

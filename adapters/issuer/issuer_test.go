package issuer_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc/oidctest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/issuer"
	"dure/domain/fault"
	"dure/domain/identity"
)

var at = time.Date(2026, 11, 24, 0, 30, 0, 0, time.UTC)

// provider is another OpenID provider on the loopback.
type provider struct {
	*testing.T
	oidctest.Server
	url   string
	asked atomic.Int64 // for keys
	away  atomic.Bool
	key   *ecdsa.PrivateKey
	named string // the key
}

func newProvider(t *testing.T) *provider {
	p := &provider{T: t}
	p.Algorithms = []string{"ES256", "HS256", "none"}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/keys" {
			p.asked.Add(1)
		}
		if p.away.Load() {
			http.Error(w, "away", http.StatusBadGateway)
			return
		}
		p.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	p.url = s.URL
	p.SetIssuer(s.URL)
	p.rotate("first")
	return p
}

// rotate lets the provider sign by another key, and publish it alone.
func (p *provider) rotate(name string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(p, err)
	p.key, p.named = key, name
	p.PublicKeys = []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: name, Algorithm: "ES256"}}
}

type claims = map[string]any

// token signs what a token of the provider's says, with changes.
func (p *provider) token(changes claims) string {
	c := claims{
		"iss": p.url, "aud": []string{"dure", "another"}, "sub": "subject-1", "iat": at.Unix(), "exp": at.Add(10 * time.Minute).Unix(),
		"email": "hq@demo.dure", "email_verified": true,
	}
	for name, value := range changes {
		if c[name] = value; value == nil {
			delete(c, name)
		}
	}
	text, err := json.Marshal(c)
	require.NoError(p, err)
	return oidctest.SignIDToken(p.key, p.named, "ES256", string(text))
}

// read is an issuer that reads the provider's tokens.
func (p *provider) read(again time.Duration, names issuer.Names) *issuer.Issuer {
	return issuer.New(issuer.Config{
		Address: p.url, Audience: "dure", Names: names, Now: func() time.Time { return at }, Again: again, Log: slog.New(slog.DiscardHandler),
	})
}

func TestATokenOfTheIssuerSaysWhoItIs(t *testing.T) {
	p := newProvider(t)
	names, err := issuer.Defaults.With(map[string]string{"persona": "realm_access.roles", "dealer": "https://dure.example/dealer"})
	require.NoError(t, err)
	i := p.read(0, names)
	for name, tt := range map[string]struct {
		changes claims
		want    identity.Claims
	}{
		"a verified address":                   {nil, identity.Claims{Mail: "hq@demo.dure"}},
		"an address that nobody verified":      {claims{"email_verified": false}, identity.Claims{}},
		"an address of which it tells not":     {claims{"email_verified": nil}, identity.Claims{}},
		"an address that is verified in words": {claims{"email_verified": "true"}, identity.Claims{}},
		"roles within a claim, and a firm": {
			claims{"email": nil, "realm_access": claims{"roles": []any{"HQ", 7, "auditor"}}, "dure_organization": "org_1", "https://dure.example/dealer": "dlr_1"},
			identity.Claims{Personas: []string{"HQ", "auditor"}, OrganizationID: "org_1", DealerID: "dlr_1"},
		},
		"a system":             {claims{"email": nil, "client_id": "lender-a", "azp": "other"}, identity.Claims{ClientID: "lender-a"}},
		"the app by its party": {claims{"email": nil, "azp": "dealer-app"}, identity.Claims{ClientID: "dealer-app"}},
		"an audience alone":    {claims{"email": nil, "aud": "dure"}, identity.Claims{}},
		"a clock that is a minute behind, at its end": {claims{"email": nil, "exp": at.Add(-time.Minute).Unix(), "iat": at.Add(-time.Hour).Unix()}, identity.Claims{
			IssuedAt: at.Add(-time.Hour), ExpiresAt: at.Add(-time.Minute),
		}},
		"a clock that is a minute ahead": {claims{"email": nil, "iat": at.Add(time.Minute).Unix(), "nbf": at.Add(time.Minute).Unix()}, identity.Claims{
			IssuedAt: at.Add(time.Minute),
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := i.Claims(t.Context(), p.token(tt.changes))
			require.NoError(t, err)
			want := tt.want
			want.Subject = "subject-1"
			if want.IssuedAt.IsZero() {
				want.IssuedAt = at
			}
			if want.ExpiresAt.IsZero() {
				want.ExpiresAt = at.Add(10 * time.Minute)
			}
			got.IssuedAt, got.ExpiresAt = got.IssuedAt.UTC(), got.ExpiresAt.UTC()
			assert.Equal(t, want, *got)
		})
	}
	_, err = issuer.Defaults.With(map[string]string{"colour": "x"})
	assert.Error(t, err)
}

func TestATokenThatIsNotForUsIsRefused(t *testing.T) {
	p := newProvider(t)
	i := p.read(0, issuer.Defaults)
	good := p.token(nil)
	parts := strings.Split(good, ".")
	stranger := newProvider(t)
	stranger.named = p.named
	secret := oidctest.SignIDToken([]byte(strings.Repeat("x", 32)), "first", "HS256", `{}`)
	for name, tt := range map[string]struct {
		token string
		want  *fault.Fault
	}{
		"another audience":            {p.token(claims{"aud": "another"}), fault.New(fault.Unauthenticated, "session.bad_token")},
		"no audience":                 {p.token(claims{"aud": nil}), fault.New(fault.Unauthenticated, "session.bad_token")},
		"another issuer's name":       {p.token(claims{"iss": "https://evil.example"}), fault.New(fault.Unauthenticated, "session.bad_token")},
		"another issuer's key":        {stranger.token(claims{"iss": p.url}), fault.New(fault.Unauthenticated, "session.bad_token")},
		"one that ended":              {p.token(claims{"exp": at.Add(-61 * time.Second).Unix()}), fault.New(fault.Unauthenticated, "session.expired")},
		"one without an end":          {p.token(claims{"exp": nil}), fault.New(fault.Unauthenticated, "session.expired")},
		"one of tomorrow":             {p.token(claims{"iat": at.Add(61 * time.Second).Unix()}), fault.New(fault.Unauthenticated, "session.bad_token")},
		"one that is good later":      {p.token(claims{"nbf": at.Add(61 * time.Second).Unix()}), fault.New(fault.Unauthenticated, "session.bad_token")},
		"one with another's claims":   {parts[0] + "." + strings.Split(p.token(claims{"sub": "x"}), ".")[1] + "." + parts[2], fault.New(fault.Unauthenticated, "session.bad_token")},
		"one signed by a shared word": {secret, fault.New(fault.Unauthenticated, "session.bad_token")},
		"one that nobody signed":      {"eyJhbGciOiJub25lIn0." + parts[1] + ".", fault.New(fault.Unauthenticated, "session.bad_token")},
		"no token":                    {"x", fault.New(fault.Unauthenticated, "session.bad_token")},
		"nothing":                     {"", fault.New(fault.Unauthenticated, "session.bad_token")},
		"one without an end to it":    {strings.Repeat("a", 1<<20), fault.New(fault.Unauthenticated, "session.bad_token")},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := i.Claims(t.Context(), tt.token)
			assert.ErrorIs(t, err, tt.want)
		})
	}
	_, err := i.Claims(t.Context(), good)
	assert.NoError(t, err)
}

func TestKeysThatChangeAreReadAndMadeUpOnesAreNot(t *testing.T) {
	p := newProvider(t)
	i := p.read(time.Hour, issuer.Defaults)
	_, err := i.Claims(t.Context(), p.token(nil))
	require.NoError(t, err)
	for range 20 {
		forged := oidctest.SignIDToken(p.key, rand.Text(), "ES256", `{}`)
		_, err := i.Claims(t.Context(), forged)
		require.ErrorIs(t, err, fault.New(fault.Unauthenticated, "session.bad_token"))
	}
	assert.EqualValues(t, 1, p.asked.Load(), "made-up keys are not asked for again and again")

	soon := p.read(time.Nanosecond, issuer.Defaults)
	before := p.token(nil)
	_, err = soon.Claims(t.Context(), before)
	require.NoError(t, err)
	p.rotate("second")
	_, err = soon.Claims(t.Context(), p.token(nil))
	require.NoError(t, err, "a new key is read")
	_, err = soon.Claims(t.Context(), before)
	assert.ErrorIs(t, err, fault.New(fault.Unauthenticated, "session.bad_token"), "and the old one is believed no more")
}

func TestAnIssuerThatIsAwayIsAskedAgain(t *testing.T) {
	p := newProvider(t)
	p.away.Store(true)
	away := fault.New(fault.Limited, "identity.issuer_away")
	i, patient := p.read(time.Nanosecond, issuer.Defaults), p.read(time.Hour, issuer.Defaults)
	for _, each := range []*issuer.Issuer{i, patient} {
		_, err := each.Claims(t.Context(), p.token(nil))
		require.ErrorIs(t, err, away)
	}
	p.away.Store(false)
	_, err := patient.Claims(t.Context(), p.token(nil))
	require.ErrorIs(t, err, away, "not with every token")
	_, err = i.Claims(t.Context(), p.token(nil))
	require.NoError(t, err)

	p.away.Store(true)
	_, err = i.Claims(t.Context(), p.token(nil))
	require.NoError(t, err, "known keys need no question")
	p.rotate("second")
	_, err = i.Claims(t.Context(), p.token(nil))
	require.ErrorIs(t, err, away, "a key that cannot be read is nobody's fault")
}

package vault_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/vault"
)

const issuer = "https://dure.example"

func TestTokensOfATrustedIssuerAreBelieved(t *testing.T) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	v := open(t, master(1))
	asked := 0
	v.Trust(issuer, func(id string) (*ecdsa.PublicKey, bool) {
		asked++
		return &private.PublicKey, id == "key_1"
	})
	good := func() jwt.MapClaims {
		return jwt.MapClaims{
			"iss": issuer, "aud": []string{"dure"}, "sub": "cli_1", "persona": "LENDER", "org": "org_1", "client_id": "lender-a", "jti": "tok_1",
			"scope": "dure", "iat": morning.Unix(), "exp": morning.Add(10 * time.Minute).Unix(),
		}
	}
	sign := func(method jwt.SigningMethod, kid string, key any, claims jwt.MapClaims) string {
		token := jwt.NewWithClaims(method, claims)
		token.Header["kid"] = kid
		signed, err := token.SignedString(key)
		require.NoError(t, err)
		return signed
	}
	token := sign(jwt.SigningMethodES256, "key_1", private, good())
	for range 3 {
		c, err := v.VerifyToken(token, morning)
		require.NoError(t, err)
		assert.Equal(t, vault.Claims{
			Subject: "cli_1", Persona: "LENDER", OrganizationID: "org_1", App: "lender-a", TokenID: "tok_1", Scopes: "dure",
			IssuedAt: morning, ExpiresAt: morning.Add(10 * time.Minute),
		}, c)
	}
	assert.Equal(t, 1, asked, "a signature is checked once")
	refused(t, v, token, morning.Add(10*time.Minute), "session.expired", "its time is judged at every call")

	with := func(name string, value any) jwt.MapClaims {
		c := good()
		c[name] = value
		return c
	}
	der, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	require.NoError(t, err)
	for why, bad := range map[string]string{
		"for another audience":             sign(jwt.SigningMethodES256, "key_1", private, with("aud", "other")),
		"an id token, for the app as well": sign(jwt.SigningMethodES256, "key_1", private, with("aud", []string{"dure", "dealer-app"})),
		"of another issuer":                sign(jwt.SigningMethodES256, "key_1", private, with("iss", "https://evil.example")),
		"as if it were signIn's own":       sign(jwt.SigningMethodES256, "key_1", private, with("iss", "dure")),
		"for no persona":                   sign(jwt.SigningMethodES256, "key_1", private, with("persona", "")),
		"by an unknown key":                sign(jwt.SigningMethodES256, "key_2", private, good()),
		"by a stranger's key":              sign(jwt.SigningMethodES256, "key_1", stranger, good()),
		"by the public key as a secret":    sign(jwt.SigningMethodHS256, "key_1", der, good()),
		"by nobody":                        sign(jwt.SigningMethodNone, "key_1", jwt.UnsafeAllowNoneSignatureType, good()),
	} {
		refused(t, v, bad, morning, "session.bad_token", why)
	}
	refused(t, open(t, master(1)), token, morning, "session.bad_token", "where nobody is trusted")
}

package provider

import (
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"dure/domain/identity"
)

// scopeAPI is what every access token has: it speaks for its bearer at /graphql.
const scopeAPI = "dure"

// audience is whom access tokens are for.
const audience = "dure"

// scopes are all that may be asked for.
var scopes = []string{oidc.ScopeOpenID, oidc.ScopeProfile, oidc.ScopeEmail, oidc.ScopeOfflineAccess, scopeAPI}

var claimNames = []string{
	"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "azp", "client_id", "scope", "sid", "persona", "org",
	"name", "preferred_username", "email", "locale",
}

// client is an app or a system as the protocol sees it.
type client struct {
	name      string
	method    oidc.AuthMethod
	kind      op.ApplicationType
	redirects []string
	grants    []oidc.GrantType
	machine   *identity.Client // nil for an app
}

// app is one of the product's own apps: public, with a code and PKCE. It comes
// back to its own page, to its own scheme on a phone, or to the machine itself.
func app(a identity.App, issuer string) client {
	scheme := "dure." + strings.TrimSuffix(a.Name, "-app")
	return client{
		name: a.Name, method: oidc.AuthMethodNone, kind: op.ApplicationTypeNative,
		redirects: []string{issuer + a.Path + "/callback", scheme + ":/callback", "http://127.0.0.1/callback"},
		grants:    []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken},
	}
}

// machine is a lender's or carrier's system.
func machine(c *identity.Client, method oidc.AuthMethod) client {
	return client{name: c.Name, method: method, kind: op.ApplicationTypeWeb, grants: []oidc.GrantType{oidc.GrantTypeClientCredentials}, machine: c}
}

// The methods below implement op.Client.

func (c client) GetID() string                       { return c.name }
func (c client) RedirectURIs() []string              { return c.redirects }
func (c client) PostLogoutRedirectURIs() []string    { return c.redirects }
func (c client) ApplicationType() op.ApplicationType { return c.kind }
func (c client) AuthMethod() oidc.AuthMethod         { return c.method }
func (c client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c client) GrantTypes() []oidc.GrantType         { return c.grants }
func (c client) LoginURL(id string) string            { return PathSignIn + "?id=" + id }
func (c client) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeJWT }
func (c client) IDTokenLifetime() time.Duration       { return identity.AccessFor }
func (c client) DevMode() bool                        { return false }
func (c client) IsScopeAllowed(scope string) bool     { return scope == scopeAPI }
func (c client) IDTokenUserinfoClaimsAssertion() bool { return true }
func (c client) ClockSkew() time.Duration             { return 0 }

func (c client) RestrictAdditionalIdTokenScopes() func([]string) []string     { return asAsked }
func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string { return asAsked }

func asAsked(scopes []string) []string { return scopes }

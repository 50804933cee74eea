// Package provider is the OpenID provider: it signs people in for the product's
// apps and gives lenders' and carriers' systems their tokens. The protocol is
// zitadel/oidc's; who may do what is asked of identity.Service.
package provider

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"
	"github.com/zitadel/oidc/v3/pkg/op"
	"golang.org/x/text/language"

	"dure/domain/identity"
)

// Config is what the provider needs.
type Config struct {
	Issuer string // the address under which clients reach Dure, such as https://dure.example
	Key    []byte // 32 bytes: what codes are sealed with
	People *identity.Service
}

// Where the endpoints are, below the issuer.
const (
	pathAuthorize  = "/oauth/authorize"
	pathCallback   = pathAuthorize + "/callback" // where the sign-in page leads
	pathToken      = "/oauth/token"              //nolint:gosec // G101: a path
	pathIntrospect = "/oauth/introspect"
	pathRevoke     = "/oauth/revoke"
	pathUserinfo   = "/oauth/userinfo"
	pathEndSession = "/oauth/end-session"
	pathKeys       = "/oauth/keys"
	// PathSignIn is where people type login and password.
	PathSignIn = "/oauth/sign-in"
)

// Paths are all that New answers.
var Paths = []string{
	"/.well-known/openid-configuration", pathAuthorize, pathCallback, pathToken, pathIntrospect, pathRevoke, pathUserinfo, pathEndSession, pathKeys,
}

// CallbackOf is where somebody goes who signed in for a request.
func CallbackOf(requestID string) string { return pathCallback + "?id=" + url.QueryEscape(requestID) }

// maxForm is the longest body of a request, in bytes.
const maxForm = 64 << 10

// New returns the handler of /oauth/… and the discovery document.
func New(c Config) (http.Handler, error) {
	if u, err := url.Parse(c.Issuer); err != nil || u.Host == "" || u.Path != "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("the public address %q is not like https://dure.example", c.Issuer)
	}
	s := &storage{people: c.People, issuer: c.Issuer}
	config := &op.Config{
		CryptoKey: [32]byte(c.Key), CryptoKeyId: "1", CodeMethodS256: true, AuthMethodPost: true, AuthMethodPrivateKeyJWT: true,
		GrantTypeRefreshToken: true, SupportedUILocales: []language.Tag{language.Korean, language.English},
		SupportedScopes: scopes, SupportedClaims: claimNames,
	}
	// TLS ends at the proxy in front, so that an http issuer is the operator's own choice.
	p, err := op.NewProvider(config, s, op.StaticIssuer(c.Issuer), op.WithAllowInsecure())
	if err != nil {
		return nil, fmt.Errorf("make the OpenID provider: %w", err)
	}
	at := op.Endpoints{
		Authorization: op.NewEndpoint(pathAuthorize), Token: op.NewEndpoint(pathToken), Introspection: op.NewEndpoint(pathIntrospect),
		Userinfo: op.NewEndpoint(pathUserinfo), Revocation: op.NewEndpoint(pathRevoke), EndSession: op.NewEndpoint(pathEndSession),
		JwksURI: op.NewEndpoint(pathKeys),
	}
	own := &protocol{LegacyServer: op.NewLegacyServer(p, at), storage: s, people: c.People, issuer: c.Issuer}
	handler := op.RegisterLegacyServer(own, op.AuthorizeCallbackHandler(p), op.WithServerCORSOptions(nil))
	return bounded(handler), nil
}

// secretPaths take secrets and tokens, in a body alone: addresses end up in logs.
var secretPaths = map[string]bool{pathToken: true, pathIntrospect: true, pathRevoke: true}

// bounded limits what is read, and keeps answers out of caches.
func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if secretPaths[r.URL.Path] && (r.Method != http.MethodPost || r.URL.RawQuery != "") {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "post a form, without a query", http.StatusMethodNotAllowed)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		cache := "no-store"
		if r.URL.Path == pathKeys {
			cache = "public, max-age=600" // a key is published for longer before it signs
		}
		w.Header().Set("Cache-Control", cache)
		// The library routes by itself; the route that is observed stays ours.
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), chi.RouteCtxKey, chi.NewRouteContext())))
	})
}

package e2e

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// personToken signs somebody in by an app's code, as the app does, and returns
// their access token.
func (s *server) personToken(login string) string {
	s.t.Helper()
	const verifier = "a verifier that has at least forty-three characters"
	sum := sha256.Sum256([]byte(verifier))
	query := url.Values{
		"client_id": {"dealer-app"}, "redirect_uri": {"http://127.0.0.1/callback"}, "response_type": {"code"}, "scope": {"openid"}, "state": {"s"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	response, _ := s.page("GET", s.url+"/oauth/authorize?"+query.Encode(), "")
	id := response.Header.Get("Location")[strings.LastIndex(response.Header.Get("Location"), "=")+1:]
	response, body := s.page("POST", s.url+"/oauth/sign-in", url.Values{"id": {id}, "login": {login}, "password": {"dure-demo"}}.Encode())
	require.Equal(s.t, http.StatusSeeOther, response.StatusCode, body)
	response, _ = s.page("GET", s.url+response.Header.Get("Location"), "")
	back, err := url.Parse(response.Header.Get("Location"))
	require.NoError(s.t, err)
	return s.token(url.Values{
		"grant_type": {"authorization_code"}, "client_id": {"dealer-app"}, "redirect_uri": {"http://127.0.0.1/callback"},
		"code": {back.Query().Get("code")}, "code_verifier": {verifier},
	})
}

// token asks the provider for an access token.
func (s *server) token(form url.Values) string {
	s.t.Helper()
	response, body := s.page("POST", s.url+"/oauth/token", form.Encode())
	require.Equal(s.t, http.StatusOK, response.StatusCode, body)
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	require.NoError(s.t, json.Unmarshal([]byte(body), &answer))
	return answer.AccessToken
}

// TestAnotherProviderSignsPeopleIn runs two servers: the first is the provider of the
// second.
func TestAnotherProviderSignsPeopleIn(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engines) {
		first := start(t, engines{name: "embedded"})
		second := start(t, e, "--oidc-issuer="+first.url, "--oidc-claims=persona=persona")
		token := first.personToken("dealer@demo.dure")
		subject := (&caller{s: first, token: token, language: "en"}).must(`{ viewer { user { id } } }`, nil).text(t, "viewer.user.id")

		bearer := &caller{s: second, token: token, language: "en"}
		refused, err := bearer.do(`{ viewer { user { login } } }`, nil)
		require.NoError(t, err)
		require.Contains(t, string(mustJSON(t, refused.Errors)), "Ask head office for an invitation", "nobody knows whom the token speaks for")
		require.NotContains(t, string(mustJSON(t, refused.Errors)), subject)
		out, err := second.dure("tie-person", "dealer2@demo.dure", subject, "--oidc-issuer="+first.url)
		require.NoError(t, err, out)
		require.Equal(t, "dealer2@demo.dure", bearer.must(`{ viewer { user { login } } }`, nil).text(t, "viewer.user.login"))
		require.NotEmpty(t, bearer.must(`{ rankBanner { of } }`, nil).at(t, "rankBanner.of"))

		lender := &caller{s: second, language: "en", token: first.token(url.Values{
			"grant_type": {"client_credentials"}, "client_id": {"lender-a"}, "client_secret": {first.secret("lender-a")},
		})}
		require.Equal(t, "LENDER", lender.must(`{ viewer { persona user { name } } }`, nil).text(t, "viewer.persona"))

		a := second.anonymous().must(`mutation { signIn(input: {login: "dealer@demo.dure", password: "dure-demo"}) { accessToken userErrors { key message } } }`, nil)
		require.Equal(t, "identity.elsewhere", a.text(t, "signIn.userErrors.0.key"))
		require.Contains(t, a.text(t, "signIn.userErrors.0.message"), first.url)
		for _, path := range []string{"/.well-known/openid-configuration", "/oauth/authorize", "/oauth/sign-in", "/oauth/keys", "/oauth/passkey"} {
			response, _ := second.page("GET", second.url+path, "")
			require.Equal(t, http.StatusNotFound, response.StatusCode, path)
		}
	})
}

func mustJSON(t *testing.T, v any) []byte {
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return text
}

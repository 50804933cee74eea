package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/descope/virtualwebauthn"
	"github.com/stretchr/testify/require"
)

// home is the name that browsers know the server by in these tests.
const home = "http://localhost:8080"

// tablet is a device with a software authenticator.
func tablet(userID string) (virtualwebauthn.RelyingParty, virtualwebauthn.Authenticator, virtualwebauthn.Credential) {
	key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	for len(key.Key.AttestationData()) != 77 { // the authenticator drops leading zeros, which no device does
		key = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	return virtualwebauthn.RelyingParty{ID: "localhost", Name: "Dure", Origin: home},
		virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: []byte(userID)}), key
}

func TestADealerSignsInWithAPasskey(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engines) {
		s := start(t, e, "--url="+home)
		dealer := s.signIn("dealer@demo.dure")
		userID := dealer.must(`{ viewer { user { id } } }`, nil).text(t, "viewer.user.id")
		party, maker, key := tablet(userID)

		begun := dealer.must(`mutation { beginPasskey { challengeId options userErrors { key } } }`, nil)
		asked, err := virtualwebauthn.ParseAttestationOptions(begun.text(t, "beginPasskey.options"))
		require.NoError(t, err)
		require.Equal(t, userID, asked.UserID)
		made := dealer.mutate("finishPasskey", "FinishPasskeyInput", "passkey { id name }", object{
			"challengeId": begun.text(t, "beginPasskey.challengeId"), "name": "가게 태블릿",
			"answer": virtualwebauthn.CreateAttestationResponse(party, maker, key, *asked),
		})
		passkey := made.text(t, "finishPasskey.passkey.id")

		address := s.begin("http://127.0.0.1:5555/callback")
		id := address[strings.LastIndex(address, "=")+1:]
		response, page := s.page("GET", address, "")
		require.Contains(t, page, "패스키로 들어가기")
		require.Contains(t, response.Header.Get("Content-Security-Policy"), "script-src 'self'; connect-src 'self'")
		response, _ = s.page("GET", s.url+"/oauth/passkey.js", "")
		require.Equal(t, "text/javascript; charset=utf-8", response.Header.Get("Content-Type"))

		challenge := func() (name string, options *virtualwebauthn.AssertionOptions) {
			_, body := s.page("POST", s.url+"/oauth/passkey/challenge", url.Values{"id": {id}}.Encode(), "Sec-Fetch-Site", "same-origin")
			var answer struct {
				Challenge string
				Options   json.RawMessage
			}
			require.NoError(t, json.Unmarshal([]byte(body), &answer), body)
			options, err := virtualwebauthn.ParseAssertionOptions(string(answer.Options))
			require.NoError(t, err)
			return answer.Challenge, options
		}
		send := func(challenge, answer, site string) (*http.Response, string) {
			form := url.Values{"id": {id}, "challenge": {challenge}, "answer": {answer}, "lang": {"en"}}
			return s.page("POST", s.url+"/oauth/passkey", form.Encode(), "Sec-Fetch-Site", site)
		}
		name, options := challenge()
		evil := party
		evil.Origin = "http://evil.example"
		response, page = send(name, virtualwebauthn.CreateAssertionResponse(evil, maker, key, *options), "same-origin")
		require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
		require.Contains(t, page, `role="alert">This passkey does not open anything here`)
		name, options = challenge()
		answer := virtualwebauthn.CreateAssertionResponse(party, maker, key, *options)
		response, _ = send(name, answer, "cross-site")
		require.Equal(t, http.StatusForbidden, response.StatusCode, "another site's form")
		response, _ = send(name, answer, "same-origin")
		require.Equal(t, http.StatusSeeOther, response.StatusCode)
		response, _ = s.page("GET", s.url+response.Header.Get("Location"), "")
		require.Contains(t, response.Header.Get("Location"), "http://127.0.0.1:5555/callback?code=")
		response, _ = send(name, answer, "same-origin")
		require.Equal(t, http.StatusGone, response.StatusCode, "a page serves one sign-in")

		require.NotEmpty(t, dealer.must(`{ viewer { passkeys { name lastUsedAt suspendedAt } } }`, nil).at(t, "viewer.passkeys.0.lastUsedAt"))
		dealer.mutate("removePasskey", "RemovePasskeyInput", "passkeyId", object{"id": passkey})
		require.Empty(t, dealer.must(`{ viewer { passkeys { id } } }`, nil).at(t, "viewer.passkeys"))
	})
}

func TestAServerAtANumberOffersNoPasskeys(t *testing.T) {
	s := start(t, engines{name: "embedded"})
	_, page := s.page("GET", s.begin("http://127.0.0.1/callback"), "")
	require.NotContains(t, page, "passkey")
	response, _ := s.page("GET", s.url+"/oauth/passkey.js", "")
	require.Equal(t, http.StatusNotFound, response.StatusCode)
	a := s.signIn("hq@demo.dure").must(`mutation { beginPasskey { challengeId userErrors { key } } }`, nil)
	require.Equal(t, "passkey.not_here", a.text(t, "beginPasskey.userErrors.0.key"))
}

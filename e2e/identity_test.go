package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
)

// secret reads a demo system's secret off the terminal.
func (s *server) secret(name string) string {
	s.t.Helper()
	found := regexp.MustCompile(`(?m)^  ` + name + ` +([A-Za-z0-9_-]{43})$`).FindStringSubmatch(s.output.String())
	require.NotNil(s.t, found, "the terminal tells no secret of %s", name)
	return found[1]
}

// keyed registers a system that signs assertions, and returns the file with its
// private key.
func (s *server) keyed(name, organization string) string {
	s.t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(s.t, err)
	key := jose.JSONWebKey{Key: private, KeyID: name + "-1", Algorithm: "ES256", Use: "sig"}
	folder := s.t.TempDir()
	write := func(file string, content any) string {
		text, err := json.Marshal(content)
		require.NoError(s.t, err)
		path := filepath.Join(folder, file)
		require.NoError(s.t, os.WriteFile(path, text, 0o600))
		return path
	}
	public := write("public.json", jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}})
	out, err := s.dure("register-client", name, "--persona=lender", "--organization="+organization, "--keys="+public)
	require.NoError(s.t, err, "%s", out)
	return write("private.json", key)
}

// begin asks for a sign-in as an app does and returns the page's address.
func (s *server) begin(redirect string) string {
	s.t.Helper()
	query := url.Values{
		"client_id": {"dealer-app"}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"openid"}, "state": {"s"},
		"code_challenge": {strings.Repeat("c", 43)}, "code_challenge_method": {"S256"},
	}
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := stay.Get(s.url + "/oauth/authorize?" + query.Encode())
	require.NoError(s.t, err)
	_ = response.Body.Close()
	require.Equal(s.t, http.StatusFound, response.StatusCode)
	return s.url + response.Header.Get("Location")
}

// page reads a page with the headers.
func (s *server) page(method, address, form string, headers ...string) (*http.Response, string) {
	s.t.Helper()
	request, err := http.NewRequest(method, address, strings.NewReader(form))
	require.NoError(s.t, err)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	require.NoError(s.t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	_ = response.Body.Close()
	return response, string(body)
}

func TestTheSignInPage(t *testing.T) {
	s := start(t, engines{name: "embedded"})
	address := s.begin("http://127.0.0.1:5555/callback")
	id := address[strings.LastIndex(address, "=")+1:]
	fill := func(login, password string) string {
		return url.Values{"id": {id}, "login": {login}, "password": {password}, "lang": {"en"}}.Encode()
	}

	response, body := s.page("GET", address, "")
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Contains(t, body, `<html lang="ko">`)
	require.Contains(t, body, `<label for="password">비밀번호</label>`)
	require.Contains(t, response.Header.Get("Content-Security-Policy"), "form-action 'self' http://127.0.0.1:5555")
	require.Equal(t, "no-store", response.Header.Get("Cache-Control"))
	_, body = s.page("GET", address+"&lang=en", "")
	require.Contains(t, body, `<label for="password">Password</label>`)
	require.Contains(t, body, "lang=ko&amp;id="+id)

	response, body = s.page("POST", s.url+"/oauth/sign-in", fill(`"><script>`, "wrong"))
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
	require.Contains(t, body, `role="alert">The login or the password is wrong`)
	require.NotContains(t, body, "<script>")
	require.NotContains(t, body, `value="wrong"`, "a password is never shown again")

	response, _ = s.page("POST", s.url+"/oauth/sign-in", fill("dealer@demo.dure", "dure-demo"), "Sec-Fetch-Site", "cross-site")
	require.Equal(t, http.StatusForbidden, response.StatusCode, "another site's form")
	response, _ = s.page("POST", s.url+"/oauth/sign-in", fill("dealer@demo.dure", "dure-demo"), "Origin", "https://evil.example")
	require.Equal(t, http.StatusForbidden, response.StatusCode, "another site's form")
	response, _ = s.page("POST", s.url+"/oauth/sign-in", strings.Repeat("x", 20_000))
	require.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
	response, _ = s.page("GET", s.url+"/oauth/authorize/callback?id="+id, "")
	require.NotContains(t, response.Header.Get("Location"), "code=", "nobody signed in yet")

	response, _ = s.page("POST", s.url+"/oauth/sign-in", fill("dealer@demo.dure", "dure-demo"), "Sec-Fetch-Site", "same-origin")
	require.Equal(t, http.StatusSeeOther, response.StatusCode)
	response, _ = s.page("GET", s.url+response.Header.Get("Location"), "")
	require.Contains(t, response.Header.Get("Location"), "http://127.0.0.1:5555/callback?code=")
	response, body = s.page("GET", address, "")
	require.Equal(t, http.StatusGone, response.StatusCode, "a request serves one sign-in")
	require.Contains(t, body, "더 쓸 수 없어요")
	for range 11 {
		address = s.begin("dure.dealer:/callback")
		id = address[strings.LastIndex(address, "=")+1:]
		response, body = s.page("POST", s.url+"/oauth/sign-in", fill("dealer2@demo.dure", "wrong"))
	}
	require.Equal(t, http.StatusTooManyRequests, response.StatusCode)
	require.Contains(t, body, "closed for now")
	require.NotContains(t, s.output.String(), id, "the log tells no request's id")
}

func TestSecretsTravelInABodyAlone(t *testing.T) {
	s := start(t, engines{name: "embedded"})
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"lender-a"}, "client_secret": {s.secret("lender-a")}}.Encode()
	for name, response := range map[string]func() (*http.Response, string){
		"in an address":            func() (*http.Response, string) { return s.page("GET", s.url+"/oauth/token?"+form, "") },
		"in the address of a post": func() (*http.Response, string) { return s.page("POST", s.url+"/oauth/token?"+form, "") },
		"in a body that is too long": func() (*http.Response, string) {
			return s.page("POST", s.url+"/oauth/token", form+"&x="+strings.Repeat("x", 70_000))
		},
		"in two ways at once": func() (*http.Response, string) {
			return s.page("POST", s.url+"/oauth/token", form, "Authorization", "Basic bGVuZGVyLWE6eA==")
		},
	} {
		r, body := response()
		require.GreaterOrEqual(t, r.StatusCode, 400, name)
		require.NotContains(t, body, "access_token", name)
	}
	r, body := s.page("POST", s.url+"/oauth/token", form)
	require.Equal(t, http.StatusOK, r.StatusCode, body)
	require.Equal(t, "no-store", r.Header.Get("Cache-Control"))
	for _, wrong := range []string{"client_id=lender-a&client_secret=wrong", "client_id=nobody&client_secret=wrong", "client_id=lender-a"} {
		r, body := s.page("POST", s.url+"/oauth/token", "grant_type=client_credentials&"+wrong)
		require.Equal(t, http.StatusUnauthorized, r.StatusCode, wrong)
		require.JSONEq(t, `{"error":"invalid_client"}`, body, "the answer does not tell which systems exist")
	}
	require.NotContains(t, strings.ReplaceAll(s.output.String(), "  lender-a           "+s.secret("lender-a"), ""), s.secret("lender-a"), "the log tells no secret")
}

func TestASystemThatCannotBeRegisteredIsTold(t *testing.T) {
	s := start(t, engines{name: "embedded"})
	file := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	for name, args := range map[string][]string{
		"a firm that does not exist":     {"lender-x", "--persona=lender", "--organization=없는회사"},
		"a firm of another kind":         {"lender-x", "--persona=carrier", "--organization=들녘저축은행"},
		"a persona of people":            {"lender-x", "--persona=hq", "--organization=두레농기계"},
		"a name that no address can say": {"렌더", "--persona=lender", "--organization=들녘저축은행"},
		"keys that are none":             {"lender-x", "--persona=lender", "--organization=들녘저축은행", "--keys=" + file("keys.json", `{"keys":[]}`)},
		"keys with a secret half":        {"lender-x", "--persona=lender", "--organization=들녘저축은행", "--keys=" + file("keys.json", `{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}`)},
	} {
		out, err := s.dure(append([]string{"register-client"}, args...)...)
		require.Error(t, err, "%s: %s", name, out)
	}
	out, err := s.dure("register-client", "lender-x", "--persona=lender", "--organization=들녘저축은행")
	require.NoError(t, err, "%s", out)
	require.Regexp(t, `client_id lender-x\nclient_secret [A-Z2-7]{52}\n`, out)
}

// inbox takes the letters of a mail server in.
type inbox chan string

type delivery struct{ inbox inbox }

func (d delivery) Mail(string, *smtp.MailOptions) error { return nil }
func (d delivery) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (d delivery) Reset()                               {}
func (d delivery) Logout() error                        { return nil }

func (d delivery) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	d.inbox <- string(text)
	return err
}

// mailServer runs a mail server on the loopback.
func mailServer(t *testing.T) (address string, letters inbox) {
	t.Helper()
	letters = make(inbox, 10)
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return delivery{letters}, nil }))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(func() { _ = s.Close() })
	return listener.Addr().String(), letters
}

func TestAForgottenPasswordAndAnInvitationByMail(t *testing.T) {
	address, letters := mailServer(t)
	s := start(t, engines{name: "embedded"}, "--smtp-url=smtp://"+address+"?from=dure@demo.dure")
	link := func() string {
		select {
		case text := <-letters:
			found := regexp.MustCompile(`http://\S+token=\S+`).FindString(text)
			require.NotEmpty(t, found, text)
			return found
		case <-time.After(15 * time.Second):
			require.FailNow(t, "no letter came")
			return ""
		}
	}
	set := func(address, password string) *http.Response {
		form := url.Values{"token": {address[strings.LastIndex(address, "=")+1:]}, "password": {password}, "lang": {"en"}}
		response, _ := s.page("POST", s.url+"/oauth/password", form.Encode())
		return response
	}

	old := s.signIn("hq@demo.dure")
	_, body := s.page("GET", s.begin("http://127.0.0.1/callback"), "")
	require.Contains(t, body, "/oauth/forgot")
	response, known := s.page("POST", s.url+"/oauth/forgot", "login=hq%40demo.dure&lang=en")
	require.Equal(t, http.StatusOK, response.StatusCode)
	_, unknown := s.page("POST", s.url+"/oauth/forgot", "login=nobody%40demo.dure&lang=en")
	require.Equal(t, known, unknown, "the page does not tell who exists")
	reset := link()
	response, body = s.page("GET", reset+"&lang=en", "")
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Contains(t, body, "Choose a new password")
	require.Equal(t, http.StatusUnprocessableEntity, set(reset, "short").StatusCode)
	require.Equal(t, http.StatusSeeOther, set(reset, "a longer password").StatusCode)
	require.Equal(t, http.StatusGone, set(reset, "yet another password").StatusCode, "a link is good once")
	a := s.anonymous().must(`mutation { signIn(input: {login: "hq@demo.dure", password: "a longer password"}) { accessToken } }`, nil)
	hq := &caller{s: s, token: a.text(t, "signIn.accessToken"), language: "en"}
	require.Len(t, hq.must(`{ viewer { sessions { current } } }`, nil).at(t, "viewer.sessions"), 1, "the sign-in before has ended")
	require.NotEmpty(t, old.token)

	hq.mutate("invitePerson", "InvitePersonInput", "user { login }", object{"login": "new@demo.dure", "name": "새봄", "persona": "REP"})
	require.Equal(t, http.StatusSeeOther, set(link(), "planting in spring").StatusCode)
	a = s.anonymous().must(`mutation { signIn(input: {login: "new@demo.dure", password: "planting in spring"}) { viewer { persona } } }`, nil)
	require.Equal(t, "REP", a.text(t, "signIn.viewer.persona"))
	require.NotContains(t, s.output.String(), reset[strings.LastIndex(reset, "=")+1:], "the log tells no token")
}

package server_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"go.uber.org/goleak"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/lending"
	"dure/graph/persona"
	"dure/graph/words"
	"dure/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a server whose handed-in parts are the test's own.
func house(t *testing.T, change ...func(*server.Deps)) (http.Handler, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	open := func(content string) server.Open {
		return func(ctx context.Context, id string) (io.ReadCloser, error) {
			switch {
			case identity.From(ctx).DealerID != "dlr_1":
				return nil, fault.New(fault.NotFound, "contract.not_found")
			case id == "ctr_broken":
				return nil, errors.New("disk: secret path")
			case id != "ctr_1":
				return nil, fault.New(fault.NotFound, "contract.not_found")
			}
			return io.NopCloser(strings.NewReader(content)), nil
		}
	}
	d := server.Deps{
		GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				_, _ = io.Copy(w, r.Body)
				return
			}
			_, _ = io.WriteString(w, string(words.From(r.Context()))+" "+server.RequestID(r.Context()))
		}),
		Authenticate: func(ctx context.Context, token string) (context.Context, error) {
			switch token {
			case "mine":
				return identity.With(ctx, identity.Actor{Persona: identity.Dealer, DealerID: "dlr_1"}), nil
			case "theirs":
				return identity.With(ctx, identity.Actor{Persona: identity.Dealer, DealerID: "dlr_2"}), nil
			case "old":
				return ctx, fault.New(fault.Unauthenticated, "session.expired")
			default:
				return ctx, fault.New(fault.Unauthenticated, "session.bad_token")
			}
		},
		Paper:   open("%PDF-1.7 paper"),
		Package: open("PK package"),
		Photo: func(context.Context, string) (io.ReadCloser, error) {
			return picture{strings.NewReader("\x89PNG\r\n\x1a\n photo")}, nil
		},
		KeepPhoto: func(ctx context.Context, r io.Reader) (string, error) {
			if identity.From(ctx).DealerID != "dlr_1" {
				return "", fault.New(fault.Forbidden, "identity.not_allowed")
			}
			raw, err := io.ReadAll(r)
			return string(raw), err
		},
		KeepDocument: func(ctx context.Context, r io.Reader) (*lending.Document, error) {
			if identity.From(ctx).DealerID != "dlr_1" {
				return nil, fault.New(fault.Forbidden, "identity.not_allowed")
			}
			raw, err := io.ReadAll(r)
			return &lending.Document{SHA256: string(raw), Type: "application/pdf"}, err
		},
		Log: slog.New(server.LogHandler(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))),
	}
	for _, c := range change {
		c(&d)
	}
	return server.New(d), &log
}

func ask(h http.Handler, method, target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestRoutes(t *testing.T) {
	h, _ := house(t)
	for name, tt := range map[string]struct {
		method, path string
		status       int
		holds        string
	}{
		"the front page leads to the apps":      {"GET", "/", 200, `href="/dealer"`},
		"an app that is not built says so":      {"GET", "/dealer", 200, "대리점 앱은 아직 만들어지지 않았어요"},
		"so do the paths below it":              {"GET", "/rep/customers/1", 200, "영업사원 앱은 아직"},
		"and head office's":                     {"GET", "/hq", 200, "본사 앱은 아직"},
		"an app takes no post":                  {"POST", "/hq", 405, "보기만"},
		"a customer's link comes with the apps": {"GET", "/c/abc", 404, "링크는 아직 열 수 없어요"},
		"a video is not there yet":              {"GET", "/media/med_1", 404, "찾으시는 화면이 없어요"},
		"an unknown path":                       {"GET", "/wp-admin", 404, "찾으시는 화면이 없어요"},
		"a path that climbs":                    {"GET", "/files/../../etc/passwd", 404, "없어요"},
		"no playground unless handed in":        {"GET", "/playground", 404, "없어요"},
		"the front page takes no post":          {"POST", "/", 405, "보기만"},
		"liveness":                              {"GET", "/healthz", 200, "alive"},
		"readiness without checks":              {"GET", "/readyz", 200, "ready"},
		"figures":                               {"GET", "/metrics", 200, "dure_graphql_subscriptions 0"},
		"the icon":                              {"GET", "/favicon.ico", 200, "<svg"},
		"GraphQL":                               {"GET", "/graphql", 200, "ko "},
		"GraphQL decides on methods itself":     {"DELETE", "/graphql", 200, "ko "},
	} {
		t.Run(name, func(t *testing.T) {
			w := ask(h, tt.method, tt.path)
			assert.Equal(t, tt.status, w.Code)
			assert.Contains(t, w.Body.String(), tt.holds)
			assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
			assert.Equal(t, "no-referrer", w.Header().Get("Referrer-Policy"))
			assert.Contains(t, w.Header().Get("Content-Security-Policy"), "frame-ancestors 'none'")
			assert.NotEmpty(t, w.Header().Get("X-Request-Id"))
			if tt.status == http.StatusMethodNotAllowed {
				assert.Contains(t, w.Header().Get("Allow"), "GET")
			}
		})
	}
}

func TestHeadIsAnsweredWithoutABody(t *testing.T) {
	h, _ := house(t)
	for _, path := range []string{"/", "/dealer", "/c/abc"} {
		w := ask(h, http.MethodHead, path)
		assert.Zero(t, w.Body.Len(), path)
		assert.Equal(t, "text/html; charset=utf-8", w.Header().Get("Content-Type"))
	}
}

func TestPagesSpeakTheCallersLanguage(t *testing.T) {
	h, _ := house(t)
	for name, tt := range map[string]struct{ path, accept, language string }{
		"Korean first":          {"/", "", "ko"},
		"English when asked":    {"/", "en-US,en;q=0.9", "en"},
		"the link wins":         {"/?lang=en", "ko", "en"},
		"an unknown one is not": {"/?lang=xx", "en", "en"},
		"apps too":              {"/dealer", "en", "en"},
		"a missing page too":    {"/nothing", "en", "en"},
	} {
		t.Run(name, func(t *testing.T) {
			w := ask(h, http.MethodGet, tt.path, "Accept-Language", tt.accept)
			assert.Equal(t, tt.language, w.Header().Get("Content-Language"))
			assert.Contains(t, w.Body.String(), `<html lang="`+tt.language+`">`)
			assert.Equal(t, "Accept-Language", w.Header().Get("Vary"))
		})
	}
}

// The browser runs and loads nothing but the one style whose hash the policy
// names; the pages hold nothing else inline and nothing from elsewhere.
func TestPagesAreSelfContained(t *testing.T) {
	h, _ := house(t, func(d *server.Deps) {
		d.Demo = &server.Demo{Password: "dure-demo", Logins: []server.DemoLogin{{Login: "dealer@demo.dure", Korean: "대리점", English: "Dealer"}}}
	})
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	for _, path := range []string{"/", "/?lang=en", "/dealer", "/c/x", "/missing"} {
		w := ask(h, http.MethodGet, path)
		body := w.Body.String()
		found := style.FindAllStringSubmatch(body, -1)
		require.Len(t, found, 1, path)
		sum := sha256.Sum256([]byte(found[0][1]))
		policy := w.Header().Get("Content-Security-Policy")
		assert.Contains(t, policy, "style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
		assert.Contains(t, policy, "default-src 'none'")
		assert.NotContains(t, policy, "unsafe")
		for _, forbidden := range []string{"<script", " style=", " onclick", "javascript:", "@import", "url(", "ZgotmplZ"} {
			assert.NotContains(t, body, forbidden, path)
		}
		for _, ref := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			assert.Regexp(t, `^[/#]`, ref[1], path)
		}
		assert.Equal(t, 1, strings.Count(body, "<h1"), path)
		assert.Contains(t, body, `<main id="main">`)
	}
}

func TestTheDemoIsShownInDemoModeOnly(t *testing.T) {
	h, _ := house(t)
	assert.NotContains(t, ask(h, http.MethodGet, "/").Body.String(), "curl")
	h, _ = house(t, func(d *server.Deps) {
		d.Demo = &server.Demo{Password: "dure-demo", Logins: []server.DemoLogin{{Login: "dealer@demo.dure", Korean: "대리점", English: "Dealer"}}}
		d.Apps = map[string]http.Handler{"dealer": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the app") })}
		d.Playground = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the IDE") })
	})
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Host = "127.0.0.1:9090"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body := w.Body.String()
	assert.Equal(t, 3, strings.Count(body, "curl -"))
	assert.Contains(t, body, "http://127.0.0.1:9090/graphql")
	assert.Contains(t, body, "대리점 들어가기")
	assert.Contains(t, body, `href="/playground"`)
	assert.Equal(t, "the app", ask(h, http.MethodGet, "/dealer/deep/link").Body.String())
	assert.Equal(t, "the IDE", ask(h, http.MethodGet, "/playground").Body.String())

	r.Host = `evil"><script>`
	w = httptest.NewRecorder()
	h.ServeHTTP(w, r)
	assert.NotContains(t, w.Body.String(), "evil", "a made-up host is not repeated")
}

// The lines that a newcomer copies ask for what the schema has.
func TestTheDemosCurlLinesFitTheSchema(t *testing.T) {
	h, _ := house(t, func(d *server.Deps) {
		d.Demo = &server.Demo{Password: "dure-demo", Logins: []server.DemoLogin{{Login: "dealer@demo.dure", Korean: "대리점", English: "Dealer"}}}
	})
	names, err := filepath.Glob("../schema/*.graphqls")
	require.NoError(t, err)
	var sources []*ast.Source
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	require.NoError(t, err)
	dealers := persona.Prune(schema, identity.Dealer)

	page := html.UnescapeString(ask(h, http.MethodGet, "/").Body.String())
	bodies := regexp.MustCompile(`-d '([^']*)'`).FindAllStringSubmatch(page, -1)
	require.Len(t, bodies, 3)
	for _, body := range bodies {
		var request struct{ Query string }
		require.NoError(t, json.Unmarshal([]byte(body[1]), &request))
		_, errs := gqlparser.LoadQueryWithRules(dealers, request.Query, nil)
		assert.Empty(t, errs, request.Query)
	}
}

func TestFiles(t *testing.T) {
	h, log := house(t)
	for name, tt := range map[string]struct {
		path, token string
		status      int
		code, holds string
	}{
		"the paper":                        {"/files/contracts/ctr_1/contract.pdf", "Bearer mine", 200, "", "%PDF"},
		"the package":                      {"/files/contracts/ctr_1/package.zip", "bearer mine", 200, "", "PK"},
		"without a token":                  {"/files/contracts/ctr_1/contract.pdf", "", 401, "UNAUTHENTICATED", "먼저 로그인해 주세요"},
		"with another scheme":              {"/files/contracts/ctr_1/contract.pdf", "Basic mine", 401, "UNAUTHENTICATED", "먼저"},
		"with an old token":                {"/files/contracts/ctr_1/contract.pdf", "Bearer old", 401, "UNAUTHENTICATED", "오래되었어요"},
		"another dealer's does not exist":  {"/files/contracts/ctr_1/contract.pdf", "Bearer theirs", 404, "NOT_FOUND", "찾으시는 계약이 없어요"},
		"one that does not exist":          {"/files/contracts/ctr_9/contract.pdf", "Bearer mine", 404, "NOT_FOUND", "찾으시는 계약이 없어요"},
		"our own failure says nothing":     {"/files/contracts/ctr_broken/contract.pdf", "Bearer mine", 500, "INTERNAL", "저희 쪽에 문제가"},
		"a name that is not there":         {"/files/contracts/ctr_1/other.pdf", "Bearer mine", 404, "", "찾으시는 화면이 없어요"},
		"an id that climbs is not an id":   {"/files/contracts/..%2f..%2fetc/contract.pdf", "Bearer mine", 404, "", ""},
		"a token in the address is no one": {"/files/contracts/ctr_1/contract.pdf?token=mine", "", 401, "UNAUTHENTICATED", "먼저"},
	} {
		t.Run(name, func(t *testing.T) {
			w := ask(h, http.MethodGet, tt.path, "Authorization", tt.token)
			assert.Equal(t, tt.status, w.Code)
			assert.Contains(t, w.Body.String(), tt.holds)
			assert.NotContains(t, w.Body.String(), "secret")
			if tt.status == 401 {
				assert.Contains(t, w.Header().Get("WWW-Authenticate"), "Bearer")
			}
			if tt.status == 200 {
				assert.Equal(t, "private, no-store", w.Header().Get("Cache-Control"))
			}
			if tt.code != "" {
				var answer map[string]string
				require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer))
				assert.Equal(t, tt.code, answer["code"])
				assert.Equal(t, w.Header().Get("X-Request-Id"), answer["requestId"])
			}
		})
	}
	assert.NotContains(t, log.String(), "token=mine")
	assert.NotContains(t, log.String(), "Bearer")
	assert.NotContains(t, log.String(), "ctr_1")
	assert.Contains(t, log.String(), "disk: secret path", "the log knows why")
}

// picture can be read from anywhere, as files can.
type picture struct{ *strings.Reader }

func (picture) Close() error { return nil }

func TestPhotosAndDocuments(t *testing.T) {
	h, _ := house(t)
	w := ask(h, http.MethodGet, "/files/shipments/ctr_1/photo", "Authorization", "Bearer mine")
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "image/png", w.Header().Get("Content-Type"), "told from the content")
	for path, kept := range map[string]string{
		"/files/photos": `{"sha256": "the content"}`, "/files/documents": `{"sha256": "the content", "type": "application/pdf"}`,
	} {
		for token, status := range map[string]int{"": 401, "Bearer old": 401, "Bearer theirs": 403, "Bearer mine": 201} {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader("the content"))
			r.Header.Set("Authorization", token)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			assert.Equal(t, status, w.Code, path+token)
			if status == http.StatusCreated {
				assert.JSONEq(t, kept, w.Body.String())
				assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			}
		}
		assert.Equal(t, http.StatusMethodNotAllowed, ask(h, http.MethodGet, path).Code)
	}
}

func TestReadiness(t *testing.T) {
	ok := func(context.Context) error { return nil }
	away := func(context.Context) error { return errors.New("dial tcp 10.0.0.9: refused") }
	stuck := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	for name, tt := range map[string]struct {
		database, redis func(context.Context) error
		status          int
		want            map[string]string
	}{
		"both there":               {ok, ok, 200, map[string]string{"status": "ready", "database": "ok", "redis": "ok"}},
		"ranks come from SQL":      {ok, away, 200, map[string]string{"status": "degraded", "database": "ok", "redis": "away"}},
		"nothing without it":       {away, ok, 503, map[string]string{"status": "down", "database": "away", "redis": "ok"}},
		"both away":                {away, away, 503, map[string]string{"status": "down", "database": "away", "redis": "away"}},
		"one that does not answer": {stuck, ok, 503, map[string]string{"status": "down", "database": "away", "redis": "ok"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, log := house(t, func(d *server.Deps) {
				d.Checks = []server.Check{{Name: "database", Needed: true, Ask: tt.database}, {Name: "redis", Ask: tt.redis}}
			})
			w := ask(h, http.MethodGet, "/readyz")
			assert.Equal(t, tt.status, w.Code)
			var answer map[string]string
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer))
			assert.Equal(t, tt.want, answer)
			assert.Equal(t, tt.status != 200 || tt.want["status"] == "degraded", strings.Contains(log.String(), "a check failed"))
		})
	}
}

func TestRequestIDs(t *testing.T) {
	h, log := house(t)
	for name, tt := range map[string]struct {
		sent string
		kept bool
	}{
		"a proxy's id is kept":    {"0af7651916cd43dd8448eb211c80319c", true},
		"a short one is not":      {"a", false},
		"a forged line is not":    {"abcdefgh\nlevel=ERROR", false},
		"a long one is not":       {strings.Repeat("a", 65), false},
		"none gets one":           {"", false},
		"markup is not an id":     {"<b>12345678</b>", false},
		"Korean is not either":    {"요청번호요청번호", false},
		"nor is one with a space": {"abcd efgh", false},
	} {
		t.Run(name, func(t *testing.T) {
			log.Reset()
			w := ask(h, http.MethodGet, "/graphql", "X-Request-Id", tt.sent)
			id := w.Header().Get("X-Request-Id")
			assert.Equal(t, tt.kept, id == tt.sent)
			assert.Regexp(t, `^[A-Za-z0-9._-]{8,64}$`, id)
			assert.Contains(t, w.Body.String(), id, "handlers know it")
			assert.Contains(t, log.String(), `"requestId":"`+id+`"`)
		})
	}
}

// The recorder's peer is 192.0.2.1.
func TestOnlyTrustedProxiesAreBelievedAboutTheCaller(t *testing.T) {
	for name, tt := range map[string]struct {
		trusted []string
		want    string
	}{
		"no proxy is trusted":       {nil, "192.0.2.1"},
		"the peer is trusted":       {[]string{"192.0.2.0/24"}, "203.0.113.9"},
		"another proxy is trusted":  {[]string{"10.0.0.0/8"}, "192.0.2.1"},
		"two proxies, both trusted": {[]string{"192.0.2.0/24", "203.0.113.0/24"}, "198.51.100.7"},
	} {
		t.Run(name, func(t *testing.T) {
			var got string
			h, _ := house(t, func(d *server.Deps) {
				d.TrustedProxies = tt.trusted
				d.GraphQL = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = middleware.GetClientIP(r.Context()) })
			})
			ask(h, http.MethodPost, "/graphql", "X-Forwarded-For", "198.51.100.7, 203.0.113.9")
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestTheAccessLogNamesNobody(t *testing.T) {
	h, log := house(t)
	ask(h, http.MethodGet, "/c/one-time-secret?phone=01000001234", "Authorization", "Bearer tok", "User-Agent", "agent")
	ask(h, "BREW", "/graphql")
	for _, secret := range []string{"one-time-secret", "01000001234", "tok", "agent", "192.0.2.1"} {
		assert.NotContains(t, log.String(), secret)
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	require.Len(t, lines, 2)
	var line map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &line))
	assert.Equal(t, "/c/*", line["route"])
	assert.EqualValues(t, 404, line["status"])
}

func TestAPanicStaysInItsRequest(t *testing.T) {
	h, log := house(t, func(d *server.Deps) {
		d.GraphQL = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("SELECT secret") })
	})
	w := ask(h, http.MethodPost, "/graphql")
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.Contains(t, w.Body.String(), "INTERNAL")
	assert.NotContains(t, w.Body.String(), "secret")
	assert.Contains(t, log.String(), "SELECT secret")
	assert.Contains(t, log.String(), "server_test.go", "with its stack")
	assert.Equal(t, http.StatusOK, ask(h, http.MethodGet, "/healthz").Code)
}

func TestLabelsAreBounded(t *testing.T) {
	h, _ := house(t)
	for range 50 {
		ask(h, http.MethodGet, "/x/"+strings.Repeat("a", 3))
		ask(h, "METHOD", "/graphql")
	}
	ask(h, http.MethodGet, "/c/1")
	ask(h, http.MethodGet, "/c/2")
	body := ask(h, http.MethodGet, "/metrics").Body.String()
	assert.Contains(t, body, `dure_http_requests_total{method="GET",route="other",status="404"} 50`)
	assert.Contains(t, body, `dure_http_requests_total{method="other",route="other",status="200"} 50`)
	assert.Contains(t, body, `route="/c/*",status="404"} 2`)
	assert.NotContains(t, body, "/x/")
}

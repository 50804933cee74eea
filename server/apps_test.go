package server_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"

	"dure/server"
)

func TestABuiltAppIsServed(t *testing.T) {
	app := server.BuiltApp("/dealer", fstest.MapFS{
		"index.html":           {Data: []byte("the page")},
		"sw.js":                {Data: []byte("the worker")},
		"assets/main-1a.js":    {Data: []byte("the script")},
		"assets/main-1a.js.br": {Data: []byte("packed")},
	})
	ask := func(method, path string, header http.Header) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, nil)
		r.Header = header
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		return w
	}
	t.Run("every screen is the app's page, which is asked for again each time", func(t *testing.T) {
		for _, path := range []string{"/dealer", "/dealer/", "/dealer/customers/cus_1"} {
			w := ask(http.MethodGet, path, nil)
			assert.Equal(t, "the page", w.Body.String(), path)
			assert.Equal(t, "no-cache", w.Header().Get("Cache-Control"))
			assert.Contains(t, w.Header().Get("Content-Security-Policy"), "script-src 'self';")
		}
	})
	t.Run("a file whose name tells its content is kept for good", func(t *testing.T) {
		w := ask(http.MethodGet, "/dealer/assets/main-1a.js", nil)
		assert.Equal(t, "the script", w.Body.String())
		assert.Contains(t, w.Header().Get("Cache-Control"), "immutable")
		assert.Contains(t, w.Header().Get("Content-Type"), "javascript")
	})
	t.Run("who takes brotli gets it", func(t *testing.T) {
		w := ask(http.MethodGet, "/dealer/assets/main-1a.js", http.Header{"Accept-Encoding": {"gzip, br"}})
		assert.Equal(t, "packed", w.Body.String())
		assert.Equal(t, "br", w.Header().Get("Content-Encoding"))
		w = ask(http.MethodGet, "/dealer/assets/main-1a.js", http.Header{"Accept-Encoding": {"br;q=0"}})
		assert.Equal(t, "the script", w.Body.String())
	})
	t.Run("what has not changed is not sent again", func(t *testing.T) {
		tag := ask(http.MethodGet, "/dealer/sw.js", nil).Header().Get("ETag")
		assert.NotEmpty(t, tag)
		assert.Equal(t, http.StatusNotModified, ask(http.MethodGet, "/dealer/sw.js", http.Header{"If-None-Match": {tag}}).Code)
	})
	t.Run("a script of an older version is not the page", func(t *testing.T) {
		assert.Equal(t, http.StatusNotFound, ask(http.MethodGet, "/dealer/assets/gone-2b.js", nil).Code)
	})
	t.Run("nothing is written to an app", func(t *testing.T) {
		w := ask(http.MethodPost, "/dealer/", nil)
		assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
		assert.Equal(t, "GET, HEAD", w.Header().Get("Allow"))
	})
}

func TestTheBuiltPlaygroundIsServed(t *testing.T) {
	built := fstest.MapFS{"index.html": {Data: []byte("the IDE")}}
	demo := &server.Demo{Password: "dure-demo", Logins: []server.DemoLogin{{Login: "dealer@demo.dure", Korean: "대리점", English: "Dealer"}}}
	ask := func(demo *server.Demo, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		server.BuiltPlayground(built, demo).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	t.Run("its page may load nothing from elsewhere and run no script of its own writing", func(t *testing.T) {
		w := ask(nil, "/playground")
		assert.Equal(t, "the IDE", w.Body.String())
		policy := w.Header().Get("Content-Security-Policy")
		assert.Contains(t, policy, "default-src 'none'; script-src 'self';")
		assert.NotContains(t, policy, "http", "no third party")
		assert.NotContains(t, policy, "unsafe-eval")
	})
	t.Run("in demo mode it learns whom to sign in as", func(t *testing.T) {
		w := ask(demo, "/playground/demo.json")
		assert.JSONEq(t, `[{"login":"dealer@demo.dure","password":"dure-demo","ko":"대리점","en":"Dealer"}]`, w.Body.String())
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	})
	t.Run("outside demo mode it learns of nobody", func(t *testing.T) {
		assert.JSONEq(t, `[]`, ask(nil, "/playground/demo.json").Body.String())
	})
}

package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"dure/domain/fault"
	"dure/graph/words"
)

// appPolicy lets an app run what it was built with and talk to this server, and
// nothing else: no script or style but files of its own, no frame but a film's.
const appPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src https://www.youtube-nocookie.com; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// playgroundPolicy lets the GraphQL IDE run as it was built and ask this server; it
// has no business with films, cameras or workers.
const playgroundPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// forever is how long a file may be kept whose name changes with its content.
const forever = "public, max-age=31536000, immutable"

// BuiltApp serves an app as it was built, under prefix such as "/dealer": files by
// their path, compressed where the build compressed them, and the app's page for every
// screen of it.
func BuiltApp(prefix string, built fs.FS) http.Handler {
	return &builtApp{prefix: prefix, built: built, policy: appPolicy, permissions: "camera=(self), geolocation=(self), microphone=(self), payment=(), usb=()"}
}

// BuiltPlayground serves the GraphQL IDE as it was built, at /playground. With a
// demo it also tells the IDE whom to sign in as; nil outside demo mode.
func BuiltPlayground(built fs.FS, demo *Demo) http.Handler {
	return &playground{
		builtApp: builtApp{prefix: "/playground", built: built, policy: playgroundPolicy, permissions: "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
		demo:     demo,
	}
}

type playground struct {
	builtApp
	demo *Demo
}

func (p *playground) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/playground/demo.json" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		p.logins(w)
		return
	}
	p.builtApp.ServeHTTP(w, r)
}

// playgroundLogin is a person of the demo as the IDE reads it.
type playgroundLogin struct {
	Login    string `json:"login"`
	Password string `json:"password"`
	Korean   string `json:"ko"`
	English  string `json:"en"`
}

func (p *playground) logins(w http.ResponseWriter) {
	logins := []playgroundLogin{}
	if p.demo != nil {
		for _, l := range p.demo.Logins {
			logins = append(logins, playgroundLogin{Login: l.Login, Password: p.demo.Password, Korean: l.Korean, English: l.English})
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(logins) //nolint:gosec // the demo's password is public; an error means that the client has gone
}

type builtApp struct {
	prefix      string
	built       fs.FS
	policy      string // the page's Content-Security-Policy
	permissions string // its Permissions-Policy
}

func (a *builtApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, r, http.StatusMethodNotAllowed, fault.Invalid, words.Code(words.From(r.Context()), fault.Invalid))
		return
	}
	name := strings.Trim(strings.TrimPrefix(r.URL.Path, a.prefix), "/")
	if !fs.ValidPath(name) || !a.has(name) {
		if strings.HasPrefix(name, "assets/") {
			http.NotFound(w, r) // of an older version: the page itself would only confuse
			return
		}
		name = "index.html"
	}
	h := w.Header()
	h.Set("Content-Security-Policy", a.policy)
	h.Set("Permissions-Policy", a.permissions)
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", forever)
	}
	serveBuilt(w, r, a.built, name)
}

func (a *builtApp) has(name string) bool {
	if strings.HasSuffix(name, ".br") {
		return false
	}
	info, err := fs.Stat(a.built, name)
	return err == nil && !info.IsDir()
}

// builtFonts serves the fonts that the apps share.
func builtFonts(built fs.FS) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/fonts/")
		if info, err := fs.Stat(built, name); !fs.ValidPath(name) || err != nil || info.IsDir() {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=86400")
		if path.Ext(name) == ".woff2" {
			w.Header().Set("Cache-Control", forever)
		}
		serveBuilt(w, r, built, name)
	}
}

// serveBuilt answers with a file of a build, by its brotli twin where there is one
// and the client takes it.
func serveBuilt(w http.ResponseWriter, r *http.Request, built fs.FS, name string) {
	file := name
	if _, err := fs.Stat(built, name+".br"); err == nil {
		w.Header().Add("Vary", "Accept-Encoding")
		if takesBrotli(r) {
			file = name + ".br"
			w.Header().Set("Content-Encoding", "br")
		}
	}
	content, err := fs.ReadFile(built, file)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	sum := sha256.Sum256(content)
	w.Header().Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	w.Header().Set("Content-Type", contentType(name))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

func takesBrotli(r *http.Request) bool {
	codings := strings.Split(r.Header.Get("Accept-Encoding"), ",")
	return slices.ContainsFunc(codings, func(c string) bool {
		name, quality, _ := strings.Cut(strings.TrimSpace(c), ";")
		return strings.EqualFold(name, "br") && strings.TrimSpace(quality) != "q=0"
	})
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".webmanifest":
		return "application/manifest+json"
	case ".woff2":
		return "font/woff2"
	default:
		return mime.TypeByExtension(path.Ext(name))
	}
}

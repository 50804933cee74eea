package server

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"dure/graph/words"
)

//go:embed pages
var files embed.FS

// appNames are the personas' apps, in the order of the front page.
var appNames = []string{"dealer", "rep", "hq"}

// Demo is what the front page tells in demo mode.
type Demo struct {
	Password string
	Logins   []DemoLogin // the first signs in by the page's curl lines
}

// DemoLogin is one person to try the product as.
type DemoLogin struct {
	Login   string
	Korean  string // who it is, such as "대리점"
	English string
}

type pages struct {
	deps      Deps
	templates map[words.Language]*template.Template
	style     template.CSS
	policy    string
}

func newPages(d Deps) *pages {
	style := read("pages/style.css")
	sum := sha256.Sum256(style)
	p := &pages{
		deps: d, templates: map[words.Language]*template.Template{},
		style:  template.CSS(style), //nolint:gosec // our own file
		policy: strict + "; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; img-src 'self'",
	}
	for _, l := range words.Languages {
		p.templates[l] = template.Must(template.ParseFS(files, "pages/frame.html", "pages/"+string(l)+".html"))
	}
	return p
}

func read(name string) []byte {
	content, err := files.ReadFile(name)
	if err != nil {
		panic(err) //nolint:forbidigo // it is embedded
	}
	return content
}

// page is what a template is filled with.
type page struct {
	Name       string // the template: "front", "app", "link", "sign-in", "over", "missing" or "method"
	Language   words.Language
	Style      template.CSS
	Path       string // for the link to the other language; "" for none
	SignIn     *signInForm
	Pass       *passForm
	FormAction string // where the page's form may lead; "" where it has none
	Script     bool   // whether it runs a script of ours, which may ask us
	App        string
	Built      map[string]bool
	Demo       *Demo
	Address    string // such as "http://127.0.0.1:8080"
	Playground bool
}

func (p *pages) front(w http.ResponseWriter, r *http.Request) {
	built := map[string]bool{}
	for _, name := range appNames {
		built[name] = p.deps.Apps[name] != nil
	}
	p.show(w, r, http.StatusOK, page{Name: "front", Path: "/", Built: built, Demo: p.deps.Demo, Playground: p.deps.Playground != nil})
}

func (p *pages) notBuilt(app string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			p.methodNotAllowed(w, r)
			return
		}
		p.show(w, r, http.StatusOK, page{Name: "app", Path: "/" + app, App: app})
	})
}

// customerLink answers every link alike, so that nobody learns which exist.
func (p *pages) customerLink(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, http.StatusNotFound, page{Name: "link"})
}

func (p *pages) notFound(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, http.StatusNotFound, page{Name: "missing"})
}

// methodNotAllowed answers for the paths that are only read. The router sends
// methods that it has never heard of here too, GraphQL's among them.
func (p *pages) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/graphql" {
		p.deps.GraphQL.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Allow", "GET, HEAD")
	p.show(w, r, http.StatusMethodNotAllowed, page{Name: "method"})
}

// validHost is what may stand in the page's curl lines.
var validHost = regexp.MustCompile(`^[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$|^\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?$`)

func (p *pages) show(w http.ResponseWriter, r *http.Request, status int, v page) {
	v.Language, v.Style = words.From(r.Context()), p.style
	if asked := words.Language(r.FormValue("lang")); v.Path != "" && slices.Contains(words.Languages, asked) {
		v.Language = asked
	}
	v.Address = "http://127.0.0.1:8080"
	if validHost.MatchString(r.Host) {
		v.Address = "http://" + r.Host
		if r.TLS != nil {
			v.Address = "https://" + r.Host
		}
	}
	var body bytes.Buffer
	if err := p.templates[v.Language].ExecuteTemplate(&body, "frame", v); err != nil {
		panic(err) //nolint:forbidigo // the templates are embedded and tested
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(v.Language))
	policy := p.policy
	if v.FormAction != "" {
		policy = strings.Replace(policy, "form-action 'none'", "form-action "+v.FormAction, 1)
	}
	if v.Script {
		policy += "; script-src 'self'; connect-src 'self'"
	}
	h.Set("Content-Security-Policy", policy)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	h.Set("Vary", "Accept-Language")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body.Bytes())
	}
}

func icon(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write(read("pages/icon.svg"))
}

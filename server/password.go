package server

import (
	"net/http"
	"net/url"

	"dure/domain/fault"
	"dure/graph/words"
)

// Where people who forgot their password go, and where the mailed link leads.
const (
	pathForgot = "/oauth/forgot"
	// PathPassword takes a token and a new password.
	PathPassword = "/oauth/password"
)

// passForm is what the two pages show.
type passForm struct {
	Token   string
	Sent    bool // a letter is on its way, if there is somebody
	Problem string
}

// fromHere lets a form in that this site's own page sent. Nothing of it is kept by
// caches.
func (p *pages) fromHere(ask, take http.HandlerFunc) http.Handler {
	return p.fromHereUpTo(maxSignIn, ask, take)
}

// fromHereUpTo is fromHere for forms of up to longest bytes.
func (p *pages) fromHereUpTo(longest int64, ask, take http.HandlerFunc) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.show(w, r, http.StatusForbidden, page{Name: "over"})
	}))
	return guard.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			ask(w, r)
		case http.MethodPost:
			r.Body = http.MaxBytesReader(w, r.Body, longest)
			if err := r.ParseForm(); err != nil {
				p.show(w, r, http.StatusRequestEntityTooLarge, page{Name: "over"})
				return
			}
			take(w, r)
		default:
			p.methodNotAllowed(w, r)
		}
	}))
}

// forgotPage has a letter sent to whoever forgot their password. It says the same
// whether there is somebody or not.
func (p *pages) forgotPage() http.Handler {
	show := func(w http.ResponseWriter, r *http.Request, status int, form passForm) {
		p.show(w, r, status, page{Name: "forgot", Path: pathForgot, Pass: &form, FormAction: "'self'"})
	}
	return p.fromHere(
		func(w http.ResponseWriter, r *http.Request) { show(w, r, http.StatusOK, passForm{}) },
		func(w http.ResponseWriter, r *http.Request) {
			if err := p.deps.People.ForgotPassword(r.Context(), r.PostForm.Get("login")); err != nil {
				problem, status := p.explain(p.inLanguage(r), err)
				show(w, r, status, passForm{Problem: problem})
				return
			}
			show(w, r, http.StatusOK, passForm{Sent: true})
		})
}

// passwordPage lets the holder of a mailed link set a password.
func (p *pages) passwordPage() http.Handler {
	ask := func(w http.ResponseWriter, r *http.Request, token string, problem error) {
		if _, err := p.deps.People.Pass(r.Context(), token); err != nil {
			if fault.CodeOf(err) == fault.Internal {
				p.deps.Log.ErrorContext(r.Context(), "password page", "error", err)
			}
			p.show(w, r, http.StatusGone, page{Name: "over"})
			return
		}
		form, status := passForm{Token: token}, http.StatusOK
		if problem != nil {
			form.Problem, status = p.explain(p.inLanguage(r), problem)
		}
		p.show(w, r, status, page{Name: "password", Path: PathPassword, Pass: &form, FormAction: "'self'"})
	}
	return p.fromHere(
		func(w http.ResponseWriter, r *http.Request) { ask(w, r, r.URL.Query().Get("token"), nil) },
		func(w http.ResponseWriter, r *http.Request) {
			token := r.PostForm.Get("token")
			if err := p.deps.People.SetPassword(r.Context(), token, r.PostForm.Get("password")); err != nil {
				ask(w, r, token, err)
				return
			}
			http.Redirect(w, r, PathPassword+"/set?lang="+url.QueryEscape(string(words.From(p.inLanguage(r)))), http.StatusSeeOther)
		})
}

// passwordSet says that it is done.
func (p *pages) passwordSet(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, http.StatusOK, page{Name: "set", Path: PathPassword + "/set"})
}

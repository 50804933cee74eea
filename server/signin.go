package server

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/graph/words"
	"dure/server/provider"
)

// maxSignIn is the longest form that is read, in bytes.
const maxSignIn = 16 << 10

// signInForm is what the sign-in page shows.
type signInForm struct {
	ID      string
	App     string // "dealer", "rep" or "hq"
	Login   string // what was typed
	Problem string // in the caller's language
	Forgot  bool   // whether a forgotten password can be mailed for
	Passkey bool   // whether passkeys are taken
}

// signInPage is the form on which people type login and password for an app. It
// works without scripts; a passkey needs one. A form that another site sends is refused by what
// browsers say of its origin; and no sign-in of an earlier visit is kept here that
// another site could use.
func (p *pages) signInPage() http.Handler {
	return p.fromHere(
		func(w http.ResponseWriter, r *http.Request) { p.askSignIn(w, r, r.URL.Query().Get("id"), "", nil) },
		p.signIn)
}

// signIn takes the form. Who signed in goes back to the app.
func (p *pages) signIn(w http.ResponseWriter, r *http.Request) {
	id, login := r.PostForm.Get("id"), r.PostForm.Get("login")
	if err := p.deps.People.SignInTo(r.Context(), id, login, r.PostForm.Get("password")); err != nil {
		p.askSignIn(w, r, id, login, err)
		return
	}
	http.Redirect(w, r, provider.CallbackOf(id), http.StatusSeeOther) //nolint:gosec // G710: a path of our own, with the id as its query
}

// askSignIn shows the form, and why the one before did not do.
func (p *pages) askSignIn(w http.ResponseWriter, r *http.Request, id, login string, problem error) {
	ctx := p.inLanguage(r)
	a, err := p.deps.People.Authorization(ctx, id)
	if err != nil {
		if fault.CodeOf(err) == fault.Internal {
			p.deps.Log.ErrorContext(ctx, "sign-in page", "error", err)
		}
		p.show(w, r, http.StatusGone, page{Name: "over"})
		return
	}
	form := &signInForm{ID: id, Login: login, Forgot: p.deps.People.Post != nil, Passkey: p.deps.People.Devices != nil}
	if app, ok := identity.AppByName(a.App); ok {
		form.App = strings.TrimPrefix(app.Path, "/")
	}
	status := http.StatusOK
	if problem != nil {
		form.Problem, status = p.explain(ctx, problem)
	}
	p.show(w, r, status, page{
		Name: "sign-in", Path: provider.PathSignIn, SignIn: form,
		FormAction: "'self' " + sourceOf(a.RedirectURI), Script: form.Passkey,
	})
}

// explain puts why a sign-in failed into words, and into a status.
func (p *pages) explain(ctx context.Context, err error) (problem string, status int) {
	language := words.From(ctx)
	faults, only := fault.All(err)
	if !only || len(faults) == 0 {
		p.deps.Log.ErrorContext(ctx, "sign-in page", "error", err)
		return words.Code(language, fault.Internal), http.StatusInternalServerError
	}
	status = http.StatusUnprocessableEntity
	if faults[0].Code == fault.Limited {
		status = http.StatusTooManyRequests
	}
	return words.Fault(language, faults[0]), status
}

// inLanguage is the request's context in the language that the page was asked for.
func (p *pages) inLanguage(r *http.Request) context.Context {
	if asked := words.Language(r.FormValue("lang")); asked == words.Ko || asked == words.En {
		return words.With(r.Context(), asked)
	}
	return r.Context()
}

// sourceOf names where an address leads for a content security policy: browsers
// hold a form to it along every redirect.
func sourceOf(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme == "":
		return ""
	case u.Host == "":
		return u.Scheme + ":"
	default:
		return u.Scheme + "://" + u.Host
	}
}

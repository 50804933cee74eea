package server

import (
	"encoding/json"
	"net/http"

	"dure/server/provider"
)

// pathPasskey takes the answer of somebody's device; its script and its challenges
// are below it.
const pathPasskey = "/oauth/passkey" //nolint:gosec // a path, not a secret

// maxAnswer is the longest form with a device's answer that is read, in bytes.
const maxAnswer = 128 << 10

// passkey takes the form that the sign-in page's script filled in. Who signed in goes
// back to the app, along the same redirects as with a password.
func (p *pages) passkey() http.Handler {
	return p.fromHereUpTo(maxAnswer, p.postOnly, func(w http.ResponseWriter, r *http.Request) {
		id := r.PostForm.Get("id")
		if err := p.deps.People.SignInByPasskey(r.Context(), id, r.PostForm.Get("challenge"), r.PostForm.Get("answer")); err != nil {
			p.askSignIn(w, r, id, "", err)
			return
		}
		http.Redirect(w, r, provider.CallbackOf(id), http.StatusSeeOther) //nolint:gosec // G710: a path of our own, with the id as its query
	})
}

// passkeyChallenge answers the script with what the browser is to ask of a device.
func (p *pages) passkeyChallenge() http.Handler {
	return p.fromHere(p.postOnly, func(w http.ResponseWriter, r *http.Request) {
		c, err := p.deps.People.AskPasskey(r.Context(), r.PostForm.Get("id"))
		if err != nil {
			p.deps.fail(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"challenge": c.ID, "options": json.RawMessage(c.Options)})
	})
}

// postOnly answers whoever comes by hand where only forms lead.
func (p *pages) postOnly(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Allow", http.MethodPost)
	p.show(w, r, http.StatusMethodNotAllowed, page{Name: "over"})
}

// passkeyScript is the one script of the sign-in page.
func passkeyScript(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(read("pages/passkey.js"))
}

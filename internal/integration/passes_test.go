package integration_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/fault"
	"dure/domain/identity"
)

// mailbox keeps the letters of a test.
type mailbox []identity.Letter

// Deliver implements identity.Mailer.
func (m *mailbox) Deliver(_ context.Context, l identity.Letter) error {
	*m = append(*m, l)
	return nil
}

// mailed lets the world send letters, and returns them.
func (w *world) mailed() *mailbox {
	box := &mailbox{}
	w.people.Mailer, w.people.Post = box, w.library
	return box
}

const newPassword = "두레에서 함께 일구는 밭"

func (w *world) loginOf(userID string) string {
	users, err := w.people.Store.UsersByID(w.nobody, []string{userID})
	require.NoError(w, err)
	require.Len(w, users, 1)
	return users[0].Login
}

func TestAForgottenPasswordIsSetAnewOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		box := w.mailed()
		login := w.loginOf("usr_gimje")
		require.NoError(w, w.people.SendPass(w.system, identity.Reset, "usr_gimje"))
		require.NoError(w, w.people.SendPass(w.system, identity.Reset, "usr_gimje"))
		require.Len(w, *box, 2)
		assert.Equal(w, login, (*box)[1].To)
		old, token := (*box)[0].Token, (*box)[1].Token
		assert.Zero(w, w.count("passes", "hash = ?", token), "tokens are not kept")
		w.insert(&identity.Session{ID: "ses_1", UserID: "usr_gimje", SpentHashes: []string{}, CreatedAt: w.now(), RefreshedAt: w.now(), ExpiresAt: w.now().Add(time.Hour)})

		w.refused("the letter before", w.people.SetPassword(w.nobody, old, newPassword), fault.NotFound, "pass.over", "")
		w.refused("a made-up link", w.people.SetPassword(w.nobody, "made-up", newPassword), fault.NotFound, "pass.over", "")
		w.refused("a short password", w.people.SetPassword(w.nobody, token, "아홉글자는짧아요!"), fault.Invalid, "pass.bad_password", "password")
		require.NoError(w, w.people.SetPassword(w.nobody, token, newPassword))
		w.refused("the same link again", w.people.SetPassword(w.nobody, token, "another password"), fault.NotFound, "pass.over", "")
		assert.Zero(w, w.count("sessions", "user_id = ? AND ended_at IS NULL", "usr_gimje"), "every sign-in has ended")
		assert.Equal(w, 1, w.count("acts", "kind = ?", "person.password_set"))
		signedIn, err := w.people.SignIn(w.nobody, identity.SignInInput{Login: login, Password: newPassword})
		require.NoError(w, err)
		assert.Equal(w, "usr_gimje", signedIn.User.ID)
	})
}

func TestALinkEndsByItself(t *testing.T) {
	eachWorld(t, func(w *world) {
		box := w.mailed()
		require.NoError(w, w.people.SendPass(w.system, identity.Reset, "usr_gimje"))
		w.pass(identity.ResetFor)
		w.refused("an old link", w.people.SetPassword(w.nobody, (*box)[0].Token, newPassword), fault.NotFound, "pass.over", "")
	})
}

func TestForgettingAPasswordTellsNobodyApart(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.mailed()
		for _, login := range []string{w.loginOf("usr_gimje"), "nobody@demo.dure"} {
			require.NoError(w, w.people.ForgotPassword(w.nobody, login))
		}
		assert.Equal(w, 2, w.count("river_job", "kind = ?", "pass.send"), "what is done is the same")
		for range 2 * identity.ResetRequests {
			require.NoError(w, w.people.ForgotPassword(w.nobody, w.loginOf("usr_gimje")))
		}
		assert.Equal(w, identity.ResetRequests+1, w.count("river_job", "kind = ?", "pass.send"), "nobody is flooded")
		from := identity.FromAddress(w.nobody, "203.0.113.9")
		for range identity.AddressRequests {
			require.NoError(w, w.people.ForgotPassword(from, "nobody@demo.dure"))
		}
		w.refused("an address that asks and asks", w.people.ForgotPassword(from, "nobody@demo.dure"), fault.Limited, "identity.too_many_attempts", "")
	})
}

func TestAnInvitedPersonChoosesAPassword(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := identity.InvitePersonInput{Login: " Park@Demo.dure ", Name: "박새봄", Persona: identity.Rep, IdempotencyKey: "k"}
		w.unchanged("without a mail server", func() {
			_, err := w.people.InvitePerson(w.hq, in)
			w.refused("without a mail server", err, fault.Conflict, "person.no_mail", "")
		})
		box := w.mailed()
		user, err := w.people.InvitePerson(w.hq, in)
		require.NoError(w, err)
		again, err := w.people.InvitePerson(w.hq, in)
		require.NoError(w, err)
		assert.Equal(w, user.ID, again.ID, "a repeat gets the first answer")
		assert.Equal(w, identity.From(w.hq).OrganizationID, user.OrganizationID)
		assert.Equal(w, 1, w.count("river_job", "kind = ?", "pass.send"))
		_, err = w.people.SignIn(w.nobody, identity.SignInInput{Login: "park@demo.dure"})
		w.refused("without a password", err, fault.Unauthenticated, "identity.wrong_password", "")

		require.NoError(w, w.people.SendPass(w.system, identity.Invitation, user.ID))
		w.pass(identity.InvitationFor - time.Minute)
		require.NoError(w, w.people.SetPassword(w.nobody, (*box)[0].Token, newPassword))
		signedIn, err := w.people.SignIn(w.nobody, identity.SignInInput{Login: "park@demo.dure", Password: newPassword})
		require.NoError(w, err)
		assert.Equal(w, identity.Rep, signedIn.Actor.Persona)

		w.unchanged("invitations that are refused", func() {
			for name, tt := range map[string]struct {
				change     func(in *identity.InvitePersonInput)
				code       fault.Code
				key, field string
			}{
				"somebody who is there":   {func(in *identity.InvitePersonInput) {}, fault.Conflict, "user.taken", ""},
				"no address":              {func(in *identity.InvitePersonInput) { in.Login = "park" }, fault.Invalid, "person.bad_login", "login"},
				"two addresses":           {func(in *identity.InvitePersonInput) { in.Login = "a@b.dure,c@d.dure" }, fault.Invalid, "person.bad_login", "login"},
				"no name":                 {func(in *identity.InvitePersonInput) { in.Name = " " }, fault.Invalid, "person.name_missing", "name"},
				"a lender":                {func(in *identity.InvitePersonInput) { in.Persona = identity.Lender }, fault.Invalid, "person.bad_persona", "persona"},
				"a dealer without a shop": {func(in *identity.InvitePersonInput) { in.Persona = identity.Dealer }, fault.Invalid, "person.dealer_missing", "dealerId"},
				"a rep with a shop":       {func(in *identity.InvitePersonInput) { in.DealerID = "dlr_gimje" }, fault.Invalid, "person.no_dealer", "dealerId"},
				"a shop that is none": {func(in *identity.InvitePersonInput) {
					in.Login, in.Persona, in.DealerID = "new@demo.dure", identity.Dealer, "dlr_none"
				}, fault.NotFound, "dealer.not_found", "dealerId"},
			} {
				bad := in
				bad.IdempotencyKey = ""
				tt.change(&bad)
				_, err := w.people.InvitePerson(w.hq, bad)
				w.refused(name, err, tt.code, tt.key, tt.field)
			}
		})
	})
}

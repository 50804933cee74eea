package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/fault"
	"dure/domain/identity"
)

// granted is an app's request to which somebody signed in, with its code.
func (w *world) granted(code string) *identity.Authorization {
	w.Helper()
	a, err := w.people.Authorize(w.nobody, identity.Authorization{
		App: "dealer-app", RedirectURI: "http://127.0.0.1/callback", Challenge: "c", Scopes: []string{"openid"}, DeviceID: "tablet-7",
	})
	require.NoError(w, err)
	require.NoError(w, w.people.SignInTo(w.nobody, a.ID, "usr_gimje@demo.dure", password))
	require.NoError(w, w.people.GrantCode(w.nobody, a.ID, code))
	return a
}

func TestACodeBuysOneSession(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.granted("code")
		a, err := w.people.AuthorizationByCode(w.nobody, "code")
		require.NoError(w, err)
		signedIn, err := w.people.Exchange(w.nobody, a.ID, true)
		require.NoError(w, err)
		assert.Equal(w, "usr_gimje", signedIn.Actor.UserID)
		assert.Equal(w, "tablet-7", signedIn.Actor.DeviceID)
		assert.Equal(w, 1, w.count("devices", "user_id = ? AND id = ?", "usr_gimje", "tablet-7"))

		_, err = w.refresh(signedIn.RefreshToken)
		w.refused(err, fault.Unauthenticated, "identity.session_over", "") // GraphQL's door is another app's
		next, err := w.people.RefreshFor(w.nobody, "dealer-app", signedIn.RefreshToken)
		require.NoError(w, err)

		_, err = w.people.AuthorizationByCode(w.nobody, "code")
		w.refused(err, fault.Unauthenticated, "authorization.bad_code", "")
		_, err = w.people.RefreshFor(w.nobody, "dealer-app", next.RefreshToken)
		w.refused(err, fault.Unauthenticated, "identity.session_over", "") // what a code bought that came twice is over
	})
}

func TestACodeThatManyExchangeAtOnceBuysNothingThatLasts(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.granted("code")
		sessions := make([]*identity.SignedIn, 8)
		errs := atOnce(len(sessions), func(i int) (err error) {
			sessions[i], err = w.people.Exchange(w.nobody, a.ID, true)
			return err
		})
		bought := 0
		for i, err := range errs {
			if err == nil {
				bought++
				_, err = w.people.RefreshFor(w.nobody, "dealer-app", sessions[i].RefreshToken)
			}
			assert.Equal(w, fault.Unauthenticated, fault.CodeOf(err))
		}
		assert.Equal(w, 1, bought)
		assert.Equal(w, 1, w.count("sessions", "1 = 1"))
	})
}

func TestACodeEndsByItself(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.granted("code")
		w.pass(identity.CodeFor)
		_, err := w.people.AuthorizationByCode(w.nobody, "code")
		w.refused(err, fault.Unauthenticated, "authorization.bad_code", "")
		_, err = w.people.AuthorizationByCode(w.nobody, "another")
		w.refused(err, fault.Unauthenticated, "authorization.bad_code", "")
		assert.Zero(w, w.count("sessions", "1 = 1"))
	})
}

func TestAnAppsRequestWaitsForTheRightPerson(t *testing.T) {
	eachWorld(t, func(w *world) {
		a, err := w.people.Authorize(w.nobody, identity.Authorization{App: "dealer-app", Scopes: []string{}})
		require.NoError(w, err)
		w.refused(w.people.GrantCode(w.nobody, a.ID, "early"), fault.Unauthenticated, "authorization.bad_code", "")
		w.refused(w.people.SignInTo(w.nobody, a.ID, "usr_hq@demo.dure", password), fault.Forbidden, "authorization.other_app", "")
		w.refused(w.people.SignInTo(w.nobody, "aut_none", "usr_gimje@demo.dure", password), fault.NotFound, "authorization.over", "")
		for range identity.LoginAttempts {
			w.refused(w.people.SignInTo(w.nobody, a.ID, "usr_gimje@demo.dure", "wrong"), fault.Unauthenticated, "identity.wrong_password", "")
		}
		w.refused(w.people.SignInTo(w.nobody, a.ID, "usr_gimje@demo.dure", password), fault.Limited, "identity.too_many_attempts", "")
		w.pass(identity.AuthorizationFor)
		w.refused(w.people.SignInTo(w.nobody, a.ID, "usr_iksan@demo.dure", password), fault.NotFound, "authorization.over", "")
	})
}

// system registers a lender's system.
func (w *world) system(in identity.RegisterClientInput) *identity.Client {
	w.Helper()
	in.Name, in.Persona, in.Organization = "lender-x", identity.Lender, "들녘캐피탈"
	c, err := w.people.RegisterClient(identity.With(w.nobody, identity.System), in)
	require.NoError(w, err)
	return c
}

func TestASystemIsKnownByItsSecretAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		first := w.system(identity.RegisterClientInput{Secret: "first"})
		assert.Equal(w, "org_lender", first.OrganizationID)
		again := w.system(identity.RegisterClientInput{Secret: "second"})
		assert.Equal(w, first.ID, again.ID, "a new secret is no new system")
		assert.Zero(w, w.count("clients", "secret_hash IN (?, ?)", "first", "second"), "secrets are not kept")
		c, err := w.people.ClientBySecret(w.nobody, "lender-x", "second")
		require.NoError(w, err)
		assert.Equal(w, identity.Actor{UserID: first.ID, Persona: identity.Lender, OrganizationID: "org_lender"}, c.Machine())
		for name, try := range map[string][2]string{
			"the old secret":            {"lender-x", "first"},
			"no secret":                 {"lender-x", ""},
			"a system that is none":     {"lender-y", "second"},
			"a name that is too long":   {string(make([]byte, 1_000)), "second"},
			"the hash in its place":     {"lender-x", c.SecretHash},
			"a wildcard for the name":   {"lender-%", "second"},
			"the name in other letters": {"LENDER-X", "second"},
		} {
			_, err := w.people.ClientBySecret(w.nobody, try[0], try[1])
			w.refused(err, fault.Unauthenticated, "client.refused", "")
			require.Error(w, err, name)
		}
		w.system(identity.RegisterClientInput{Keys: `{"keys":[]}`})
		_, err = w.people.ClientBySecret(w.nobody, "lender-x", "")
		w.refused(err, fault.Unauthenticated, "client.refused", "") // one that signs has no empty secret
	})
}

func TestGuessingSecretsIsLimitedForTheGuesserAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.system(identity.RegisterClientInput{Secret: "right"})
		guesser := identity.FromAddress(w.nobody, "203.0.113.7")
		for range identity.ClientAttempts {
			_, err := w.people.ClientBySecret(guesser, "lender-x", "wrong")
			w.refused(err, fault.Unauthenticated, "client.refused", "")
		}
		_, err := w.people.ClientBySecret(guesser, "lender-x", "wrong")
		w.refused(err, fault.Limited, "identity.too_many_attempts", "")
		_, err = w.people.ClientBySecret(identity.FromAddress(w.nobody, "203.0.113.8"), "lender-x", "right")
		require.NoError(w, err, "nobody locks a system out")
	})
}

func TestTheTokenEndpointIsThrottledByAddress(t *testing.T) {
	eachWorld(t, func(w *world) {
		from := identity.FromAddress(w.nobody, "203.0.113.7")
		for range identity.TokenRequests {
			require.NoError(w, w.people.Throttle(from))
		}
		w.refused(w.people.Throttle(from), fault.Limited, "request.too_many", "")
		require.NoError(w, w.people.Throttle(identity.FromAddress(w.nobody, "203.0.113.8")))
	})
}

func TestAnAssertionIsGoodOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.system(identity.RegisterClientInput{Keys: `{"keys":[]}`})
		ends := w.now().Add(time.Minute)
		spent := 0
		for _, err := range atOnce(8, func(int) error { return w.people.SpendAssertion(w.nobody, c, "jti-1", ends) }) {
			if err == nil {
				spent++
				continue
			}
			assert.Equal(w, fault.Unauthenticated, fault.CodeOf(err))
		}
		assert.Equal(w, 1, spent)
		require.NoError(w, w.people.SpendAssertion(w.nobody, c, "jti-2", ends))
		assert.Error(w, w.people.SpendAssertion(w.nobody, c, "", ends), "it has no name")
		assert.Error(w, w.people.SpendAssertion(w.nobody, c, "jti-3", w.now().Add(time.Hour)), "it lives too long to be remembered")
		w.pass(time.Hour)
		require.NoError(w, w.people.SpendAssertion(w.nobody, c, "jti-4", w.now().Add(time.Minute)))
		assert.Equal(w, 1, w.count("spent_assertions", "1 = 1"), "those that ended by themselves are forgotten")
	})
}

func TestSigningKeysFollowOneAnother(t *testing.T) {
	eachWorld(t, func(w *world) {
		ids := func() (ids []string) {
			keys, err := w.people.Keys.Published(w.nobody)
			require.NoError(w, err)
			for _, k := range keys {
				ids = append(ids, k.ID)
				public, known := w.people.Keys.Public(k.ID)
				assert.True(w, known)
				assert.True(w, k.Private.PublicKey.Equal(public))
			}
			return ids
		}
		signs := func() string {
			k, err := w.people.Keys.Signer(w.nobody)
			require.NoError(w, err)
			return k.ID
		}
		first := signs()
		assert.Equal(w, []string{first}, ids())
		assert.Zero(w, w.count("signing_keys", "sealed NOT LIKE 's1.%'"), "keys are sealed")

		w.pass(identity.KeySignsFor)
		both := ids()
		require.Len(w, both, 2)
		assert.Equal(w, first, signs(), "the next key is published before it signs")
		w.pass(identity.KeySignsAfter)
		assert.Equal(w, both[1], signs())
		assert.Equal(w, both, ids(), "the one before still verifies")
		w.pass(identity.KeyShownFor)
		assert.Equal(w, both[1:], ids())
		_, known := w.people.Keys.Public("key_made_up")
		assert.False(w, known)

		other := &identity.Keys{Store: w.people.Keys.Store, Sealer: w.people.Keys.Sealer, Now: w.now, NewID: w.people.NewID}
		_, known = other.Public(both[1])
		assert.True(w, known, "another node finds it by itself")
	})
}

func TestAPersonSeesAndEndsTheirSessions(t *testing.T) {
	eachWorld(t, func(w *world) {
		old := w.signIn("usr_gimje")
		w.pass(time.Minute)
		newest := w.signIn("usr_gimje")
		theirs := w.signIn("usr_iksan")
		me := identity.With(w.nobody, newest.Actor)
		rows, err := w.people.Sessions(me)
		require.NoError(w, err)
		require.Len(w, rows, 2)
		assert.Equal(w, newest.Actor.SessionID, rows[0].ID)

		_, err = w.people.EndSession(me, identity.EndSessionInput{ID: theirs.Actor.SessionID})
		w.refused(err, fault.NotFound, "session.not_found", "")
		_, err = w.people.EndSession(me, identity.EndSessionInput{ID: "ses_none"})
		w.refused(err, fault.NotFound, "session.not_found", "")
		for range 2 { // ending it twice is once
			id, err := w.people.EndSession(me, identity.EndSessionInput{ID: old.Actor.SessionID})
			require.NoError(w, err)
			assert.Equal(w, old.Actor.SessionID, id)
		}
		rows, err = w.people.Sessions(me)
		require.NoError(w, err)
		assert.Len(w, rows, 1)
		_, err = w.refresh(old.RefreshToken)
		w.refused(err, fault.Unauthenticated, "identity.session_over", "")
		_, err = w.refresh(theirs.RefreshToken)
		require.NoError(w, err)
	})
}

package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/fault"
	"dure/domain/identity"
)

// signIn signs a person in on a tablet.
func (w *world) signIn(user string) *identity.SignedIn {
	w.Helper()
	s, err := w.people.SignIn(w.nobody, identity.SignInInput{Login: user + "@demo.dure", Password: password, DeviceID: "tablet-1"})
	require.NoError(w, err)
	return s
}

func (w *world) refresh(token string) (*identity.SignedIn, error) {
	return w.people.RefreshSession(w.nobody, identity.RefreshSessionInput{RefreshToken: token})
}

func TestSignIn(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, err := w.people.SignIn(w.nobody, identity.SignInInput{Login: "  USR_Gimje@demo.dure ", Password: password, DeviceID: "tablet-1"})
		require.NoError(w, err, "case and spaces of a login do not matter")
		assert.Equal(w, "usr_gimje", s.User.ID)
		assert.Equal(w, identity.AccessFor, s.ExpiresAt.Sub(w.now()))
		assert.Equal(w, 1, w.count("devices", "user_id = ? AND id = ?", "usr_gimje", "tablet-1"))

		a, err := w.people.Authenticate(s.AccessToken)
		require.NoError(w, err)
		assert.Equal(w, identity.Dealer, a.Persona)
		assert.Equal(w, "dlr_gimje", a.DealerID)
		assert.Equal(w, "org_gimje", a.OrganizationID)
		viewer, err := w.people.Viewer(identity.With(w.nobody, a))
		require.NoError(w, err)
		assert.Equal(w, "사람 usr_gimje", viewer.Name)

		w.signIn("usr_gimje")
		assert.Equal(w, 1, w.count("devices", "user_id = ?", "usr_gimje"), "the same device is registered once")

		w.pass(identity.AccessFor)
		_, err = w.people.Authenticate(s.AccessToken)
		assert.Equal(w, fault.Unauthenticated, fault.CodeOf(err), "an access token ends by itself")
	})
}

func TestSignInTellsNobodyApart(t *testing.T) {
	eachWorld(t, func(w *world) {
		for name, in := range map[string]identity.SignInInput{
			"a wrong password":             {Login: "usr_gimje@demo.dure", Password: "wrong"},
			"an empty password":            {Login: "usr_gimje@demo.dure"},
			"an unknown login":             {Login: "nobody@demo.dure", Password: password},
			"somebody who left":            {Login: "usr_left@demo.dure", Password: password},
			"an empty login":               {Password: password},
			"a login that is far too long": {Login: strings.Repeat("가", 10_000), Password: password},
			"a quote in the login":         {Login: "' OR 1=1 --", Password: password},
		} {
			s, err := w.people.SignIn(w.nobody, in)
			assert.Nil(w, s, name)
			w.refused(err, fault.Unauthenticated, "identity.wrong_password", "")
		}
		assert.Zero(w, w.count("sessions", "1 = 1"), "nothing was written")
	})
}

func TestSignInIsLimited(t *testing.T) {
	eachWorld(t, func(w *world) {
		wrong := identity.SignInInput{Login: "usr_gimje@demo.dure", Password: "wrong"}
		right := identity.SignInInput{Login: "usr_gimje@demo.dure", Password: password}
		for range identity.LoginAttempts - 1 {
			_, err := w.people.SignIn(w.nobody, wrong)
			w.refused(err, fault.Unauthenticated, "identity.wrong_password", "")
		}
		_, err := w.people.SignIn(w.nobody, right)
		require.NoError(w, err, "the last attempt may be the right one")
		for range identity.LoginAttempts {
			_, err := w.people.SignIn(w.nobody, wrong)
			w.refused(err, fault.Unauthenticated, "identity.wrong_password", "")
		}
		_, err = w.people.SignIn(w.nobody, right)
		w.refused(err, fault.Limited, "identity.too_many_attempts", "")
		w.signIn("usr_iksan") // others go on
	})
}

func TestSignInIsLimitedByAddress(t *testing.T) {
	eachWorld(t, func(w *world) {
		from := identity.FromAddress(w.nobody, "203.0.113.7")
		for i := range identity.AddressAttempts {
			_, _, err := w.people.Limiter.Allow(from, "sign-in:address:203.0.113.7", identity.AddressAttempts, time.Hour)
			require.NoError(w, err, i)
		}
		_, err := w.people.SignIn(from, identity.SignInInput{Login: "usr_gimje@demo.dure", Password: password})
		w.refused(err, fault.Limited, "identity.too_many_attempts", "")
		_, err = w.people.SignIn(identity.FromAddress(w.nobody, "203.0.113.8"), identity.SignInInput{Login: "usr_gimje@demo.dure", Password: password})
		require.NoError(w, err, "another address goes on")
	})
}

func TestGoodSignInsDoNotCountAgainstAnAddress(t *testing.T) {
	eachWorld(t, func(w *world) {
		from := identity.FromAddress(w.nobody, "203.0.113.7")
		right := identity.SignInInput{Login: "usr_gimje@demo.dure", Password: password}
		for range identity.AddressAttempts - 1 {
			_, _, err := w.people.Limiter.Allow(from, "sign-in:address:203.0.113.7", identity.AddressAttempts, time.Hour)
			require.NoError(w, err)
		}
		for range 3 {
			_, err := w.people.SignIn(from, right)
			require.NoError(w, err, "an office may sign in as often as it likes")
		}
		_, err := w.people.SignIn(from, identity.SignInInput{Login: "usr_iksan@demo.dure", Password: "wrong"})
		w.refused(err, fault.Unauthenticated, "identity.wrong_password", "")
		_, err = w.people.SignIn(from, right)
		w.refused(err, fault.Limited, "identity.too_many_attempts", "") // the failure was one too many
	})
}

// away is a limiter that cannot be reached.
type away struct{}

var errAway = errors.New("away")

func (away) Allow(context.Context, string, int, time.Duration) (bool, time.Duration, error) {
	return false, 0, errAway
}
func (away) Reset(context.Context, string) error   { return errAway }
func (away) Forgive(context.Context, string) error { return errAway }

func TestSignInGoesOnWhileNobodyCounts(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.people.Limiter = away{}
		w.signIn("usr_gimje")
	})
}

func TestRefreshSession(t *testing.T) {
	eachWorld(t, func(w *world) {
		first := w.signIn("usr_gimje")
		w.pass(time.Hour)
		second, err := w.refresh(first.RefreshToken)
		require.NoError(w, err)
		assert.NotEqual(w, first.RefreshToken, second.RefreshToken)
		a, err := w.people.Authenticate(second.AccessToken)
		require.NoError(w, err)
		assert.Equal(w, "dlr_gimje", a.DealerID)

		w.pass(time.Hour)
		_, err = w.refresh(first.RefreshToken)
		assert.Equal(w, fault.Unauthenticated, fault.CodeOf(err), "a spent token buys nothing")
		_, err = w.refresh(second.RefreshToken)
		assert.Equal(w, fault.Unauthenticated, fault.CodeOf(err), "and takes the whole family with it")

		other := w.signIn("usr_gimje")
		_, err = w.refresh(other.RefreshToken)
		require.NoError(w, err, "other sessions go on")
	})
}

func TestARefreshWhoseAnswerWasLostMayBeSentAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		first := w.signIn("usr_gimje")
		w.pass(time.Hour)
		lost, err := w.refresh(first.RefreshToken)
		require.NoError(w, err)
		w.pass(9 * time.Second)
		again, err := w.refresh(first.RefreshToken)
		require.NoError(w, err)
		assert.NotEqual(w, lost.RefreshToken, again.RefreshToken)
		w.pass(time.Hour)
		next, err := w.refresh(again.RefreshToken)
		require.NoError(w, err, "the session goes on")
		require.NotNil(w, next)
	})
}

func TestASessionEnds(t *testing.T) {
	eachWorld(t, func(w *world) {
		for name, end := range map[string]func(s *identity.SignedIn){
			"when its person signs out": func(s *identity.SignedIn) {
				out := identity.With(w.nobody, s.Actor)
				require.NoError(w, w.people.SignOut(out))
				require.NoError(w, w.people.SignOut(out), "twice is once")
			},
			"thirty days after it began": func(*identity.SignedIn) { w.pass(identity.SessionFor) },
			"when its person is deactivated": func(*identity.SignedIn) {
				_, err := w.db.SQL().Exec("UPDATE users SET active = FALSE WHERE id = 'usr_gimje'")
				require.NoError(w, err)
			},
		} {
			s := w.signIn("usr_gimje")
			end(s)
			got, err := w.refresh(s.RefreshToken)
			assert.Nil(w, got, name)
			assert.Equal(w, fault.Unauthenticated, fault.CodeOf(err), name)
			_, err = w.db.SQL().Exec("UPDATE users SET active = TRUE WHERE id = 'usr_gimje'")
			require.NoError(w, err)
		}
	})
}

func TestARefreshTokenThatNobodyMadeIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.signIn("usr_gimje")
		id, _, _ := strings.Cut(s.RefreshToken, ".")
		for _, token := range []string{"", ".", "x", "ses_unknown.secret", s.AccessToken, "' OR 1=1 --.x", strings.Repeat("x", 100_000), id} {
			got, err := w.refresh(token)
			assert.Nil(w, got)
			assert.Equal(w, fault.Unauthenticated, fault.CodeOf(err), "%.20q", token)
		}
		_, err := w.refresh(s.RefreshToken)
		require.NoError(w, err, "and the session goes on")
	})
}

func TestOneRefreshTokenTwiceAtOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.signIn("usr_gimje")
		w.pass(time.Hour)
		errs := atOnce(8, func(int) error { _, err := w.refresh(s.RefreshToken); return err })
		renewed := 0
		for _, err := range errs {
			if err == nil {
				renewed++
				continue
			}
			assert.Equal(w, fault.Unauthenticated, fault.CodeOf(err), fmt.Sprint(err))
		}
		assert.Positive(w, renewed)
	})
}

func TestPeopleAreReadByThoseWhoAreSignedIn(t *testing.T) {
	eachWorld(t, func(w *world) {
		names, err := w.people.NamesOf(w.gimje, []string{"usr_rep", "usr_unknown"})
		require.NoError(w, err)
		assert.Equal(w, map[string]string{"usr_rep": "사람 usr_rep"}, names)
		_, err = w.people.NamesOf(w.nobody, []string{"usr_rep"})
		assert.Equal(w, fault.Unauthenticated, fault.CodeOf(err))
		orgs, err := w.people.OrganizationsByID(w.gimje, []string{"org_lender"})
		require.NoError(w, err)
		assert.Equal(w, "들녘캐피탈", orgs["org_lender"].Name)

		nobody, err := w.people.Viewer(w.nobody)
		require.NoError(w, err)
		assert.Nil(w, nobody)
	})
}

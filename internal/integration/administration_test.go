package integration_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/fault"
	"dure/domain/identity"
)

// canSignIn gives people a password and returns where usr_gimje signed in.
func (w *world) canSignIn(userIDs ...string) *identity.SignedIn {
	w.Helper()
	hash, err := w.people.Passwords.Hash(newPassword)
	require.NoError(w, err)
	for _, id := range userIDs {
		require.NoError(w, w.people.Passes.SetPasswordHash(w.nobody, id, hash))
	}
	signedIn, err := w.people.SignIn(w.nobody, identity.SignInInput{Login: "usr_gimje@demo.dure", Password: newPassword})
	require.NoError(w, err)
	return signedIn
}

func TestAPersonWhoseAccessClosesIsOutAtOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		before := w.canSignIn("usr_gimje")
		_, err := w.people.Authenticate(before.AccessToken)
		require.NoError(w, err)
		over := make(chan struct{})
		defer w.people.Watch(identity.With(w.nobody, before.Actor), func() { close(over) })()
		// Another node knows by itself.
		elsewhere := &identity.Ended{Store: w.people.Ended.Store, Now: w.now, Log: quiet}
		require.NoError(w, elsewhere.Refresh(w.nobody))
		assert.False(w, elsewhere.Over(before.Actor))

		user, err := w.people.DeactivatePerson(w.hq, identity.DeactivatePersonInput{UserID: "usr_gimje", IdempotencyKey: "k"})
		require.NoError(w, err)
		assert.False(w, user.Active)
		select {
		case <-over:
		case <-time.After(5 * time.Second):
			require.FailNow(w, "the open stream goes on")
		}
		_, err = w.people.Authenticate(before.AccessToken)
		w.refused("the token", err, fault.Unauthenticated, "identity.session_over", "")
		require.NoError(w, elsewhere.Refresh(w.nobody))
		assert.True(w, elsewhere.Over(before.Actor))
		_, err = w.people.RefreshSession(w.nobody, identity.RefreshSessionInput{RefreshToken: before.RefreshToken})
		w.refused("the refresh token", err, fault.Unauthenticated, "identity.session_over", "")
		_, err = w.people.SignIn(w.nobody, identity.SignInInput{Login: "usr_gimje@demo.dure", Password: newPassword})
		w.refused("a new sign-in", err, fault.Unauthenticated, "identity.wrong_password", "")
		_, err = w.people.DeactivatePerson(w.hq, identity.DeactivatePersonInput{UserID: "usr_gimje"})
		require.NoError(w, err, "twice is once")
		assert.Equal(w, 1, w.count("acts", "kind = ? AND subject_id = ?", "person.deactivated", "usr_gimje"))

		w.pass(2 * time.Second)
		_, err = w.people.ReactivatePerson(w.hq, identity.ReactivatePersonInput{UserID: "usr_gimje"})
		require.NoError(w, err)
		_, err = w.people.Authenticate(before.AccessToken)
		w.refused("the token of before", err, fault.Unauthenticated, "identity.session_over", "")
		again, err := w.people.SignIn(w.nobody, identity.SignInInput{Login: "usr_gimje@demo.dure", Password: newPassword})
		require.NoError(w, err)
		_, err = w.people.RefreshSession(w.nobody, identity.RefreshSessionInput{RefreshToken: again.RefreshToken})
		require.NoError(w, err)
	})
}

func TestHeadOfficeIsNeverLockedOut(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.canSignIn("usr_gimje", "usr_hq")
		w.unchanged("the last one", func() {
			_, err := w.people.DeactivatePerson(w.hq, identity.DeactivatePersonInput{UserID: "usr_hq"})
			w.refused("the last one", err, fault.Conflict, "person.last_at_hq", "userId")
			_, err = w.people.DeactivatePerson(w.hq, identity.DeactivatePersonInput{UserID: "usr_none"})
			w.refused("nobody", err, fault.NotFound, "user.not_found", "userId")
		})
		for _, id := range []string{"usr_hq2", "usr_hq3"} {
			w.insert(&identity.User{ID: id, Login: id + "@demo.dure", Name: id, Persona: identity.HQ, OrganizationID: "org_maker", Active: true, CreatedAt: opening})
		}
		_, err := w.people.DeactivatePerson(w.hq, identity.DeactivatePersonInput{UserID: "usr_hq"})
		w.refused("while the others chose no password yet", err, fault.Conflict, "person.last_at_hq", "userId")
		w.canSignIn("usr_gimje", "usr_hq2", "usr_hq3")
		all := []string{"usr_hq", "usr_hq2", "usr_hq3"}
		closed := 0
		for _, err := range atOnce(len(all), func(i int) error {
			_, err := w.people.DeactivatePerson(w.hq, identity.DeactivatePersonInput{UserID: all[i]})
			return err
		}) {
			if err == nil {
				closed++
				continue
			}
			w.refused("one of them", err, fault.Conflict, "person.last_at_hq", "userId")
		}
		assert.Equal(w, 2, closed, "one is left, however they close one another's")
	})
}

func TestHeadOfficeSeesPeopleAndEndsTheirSessions(t *testing.T) {
	eachWorld(t, func(w *world) {
		before := w.canSignIn("usr_gimje")
		page, err := w.people.People(w.hq, &identity.PeopleFilter{Persona: identity.Dealer, DealerID: "dlr_gimje", Active: ptr(true), Search: "GIMJE"}, nil, nil)
		require.NoError(w, err)
		require.Len(w, page.Nodes, 1)
		assert.Equal(w, "usr_gimje", page.Nodes[0].ID)
		none, err := w.people.People(w.hq, &identity.PeopleFilter{Search: "%"}, nil, nil)
		require.NoError(w, err)
		assert.Zero(w, none.TotalCount, "a search is no pattern")
		one, err := w.people.People(w.hq, nil, ptr(1), nil)
		require.NoError(w, err)
		next, err := w.people.People(w.hq, nil, ptr(100), one.PageInfo.EndCursor)
		require.NoError(w, err)
		assert.Len(w, next.Nodes, one.TotalCount-1)
		seen, err := w.people.LastSeenOf(w.hq, []string{"usr_gimje", "usr_iksan"})
		require.NoError(w, err)
		require.Len(w, seen, 1)
		assert.WithinDuration(w, w.now(), seen["usr_gimje"], time.Second)
		sessions, err := w.people.SessionsOfPeople(w.hq, []string{"usr_gimje", "usr_iksan"})
		require.NoError(w, err)
		require.Len(w, sessions["usr_gimje"], 1)

		for range 2 {
			id, err := w.people.EndSessionOf(w.hq, identity.EndSessionOfInput{SessionID: sessions["usr_gimje"][0].ID})
			require.NoError(w, err, "twice is once")
			assert.Equal(w, before.Actor.SessionID, id)
		}
		assert.Equal(w, 1, w.count("acts", "kind = ?", "session.ended"))
		_, err = w.people.Authenticate(before.AccessToken)
		w.refused("the token", err, fault.Unauthenticated, "identity.session_over", "")
		_, err = w.people.EndSessionOf(w.hq, identity.EndSessionOfInput{SessionID: "ses_none"})
		w.refused("no session", err, fault.NotFound, "session.not_found", "sessionId")
	})
}

func TestWhatSomebodyEndsThemselvesIsOverAtOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		out := w.canSignIn("usr_gimje")
		require.NoError(w, w.people.SignOut(identity.With(w.nobody, out.Actor)))
		_, err := w.people.Authenticate(out.AccessToken)
		w.refused("after a sign-out", err, fault.Unauthenticated, "identity.session_over", "")
		other := w.canSignIn("usr_gimje")
		_, err = w.people.Authenticate(other.AccessToken)
		require.NoError(w, err, "another session goes on")
		w.pass(identity.AccessFor + 2*time.Minute)
		require.NoError(w, w.people.Ended.Refresh(w.nobody))
		assert.False(w, w.people.Ended.Over(out.Actor), "what ended long ago is forgotten: its token ended, too")
	})
}

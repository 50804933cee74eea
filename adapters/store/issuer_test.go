package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/fault"
	"dure/domain/identity"
)

// said is another issuer whose tokens were read already: what one says is what the
// test hands in. Reading them is tested where it is done.
type said struct{ claims map[string]identity.Claims }

func (said) Address() string { return "https://id.example" }

func (s said) Claims(_ context.Context, token string) (*identity.Claims, error) {
	c, ok := s.claims[token]
	if !ok {
		return nil, fault.New(fault.Unauthenticated, "session.bad_token")
	}
	c.IssuedAt, c.ExpiresAt = opening, opening.Add(10*time.Minute)
	return &c, nil
}

// elsewhere lets another issuer sign the world in.
func (w *world) elsewhere(claims identity.Claims) (identity.Actor, error) {
	w.people.Issuer = said{map[string]identity.Claims{"t": claims}}
	return w.people.Recognise(w.nobody, "t")
}

func TestAnotherIssuersPersonIsWhoHeadOfficeSays(t *testing.T) {
	eachWorld(t, func(w *world) {
		a, err := w.elsewhere(identity.Claims{Subject: "s1", Mail: "USR_Gimje@demo.dure"})
		require.NoError(w, err)
		assert.Equal(w, identity.Actor{
			UserID: "usr_gimje", Persona: identity.Dealer, OrganizationID: "org_gimje", DealerID: "dlr_gimje", IssuedAt: opening, ExpiresAt: opening.Add(10 * time.Minute),
		}, a)
		assert.Equal(w, 1, w.count("acts", "kind = ? AND actor_id = ?", "person.tied", "usr_gimje"))
		for name, c := range map[string]identity.Claims{
			"the same subject, without an address":         {Subject: "s1"},
			"with another's address":                       {Subject: "s1", Mail: "usr_hq@demo.dure"},
			"with the persona it has":                      {Subject: "s1", Personas: []string{"auditor", "dealer"}},
			"with the firm and the dealership that it has": {Subject: "s1", OrganizationID: "org_gimje", DealerID: "dlr_gimje"},
		} {
			a, err := w.elsewhere(c)
			require.NoError(w, err, name)
			assert.Equal(w, "usr_gimje", a.UserID, name)
		}
		assert.Equal(w, 1, w.count("subjects", "1 = 1"))
		for name, tt := range map[string]struct {
			claims identity.Claims
			key    string
		}{
			"more than head office gave":          {identity.Claims{Subject: "s1", Personas: []string{"HQ"}}, "identity.other_claims"},
			"another firm":                        {identity.Claims{Subject: "s1", OrganizationID: "org_maker"}, "identity.other_claims"},
			"another dealership":                  {identity.Claims{Subject: "s1", DealerID: "dlr_iksan"}, "identity.other_claims"},
			"an address that passed on":           {identity.Claims{Subject: "s2", Mail: "usr_gimje@demo.dure"}, "identity.unknown_person"},
			"somebody whom nobody knows":          {identity.Claims{Subject: "s3", Mail: "nobody@demo.dure", Personas: []string{"HQ"}}, "identity.unknown_person"},
			"somebody without an address":         {identity.Claims{Subject: "s3"}, "identity.unknown_person"},
			"somebody who left":                   {identity.Claims{Subject: "s4", Mail: "usr_left@demo.dure"}, "identity.unknown_person"},
			"nobody at all":                       {identity.Claims{Mail: "usr_iksan@demo.dure"}, "identity.unknown_person"},
			"a system that is not registered":     {identity.Claims{Subject: "s5", ClientID: "lender-y", Personas: []string{"LENDER"}}, "identity.unknown_person"},
			"a person in the place of a system":   {identity.Claims{Subject: "s5", ClientID: "lender-x", Mail: "nobody@demo.dure", Personas: []string{"LENDER"}}, "identity.unknown_person"},
			"a system that says no persona":       {identity.Claims{Subject: "s5", ClientID: "lender-x"}, "identity.unknown_person"},
			"a system that claims to be a person": {identity.Claims{Subject: "s5", ClientID: "lender-x", Personas: []string{"HQ"}}, "identity.unknown_person"},
		} {
			a, err := w.elsewhere(tt.claims)
			w.refused(err, fault.Forbidden, tt.key, "")
			assert.Empty(w, a, name)
		}
		_, err = w.people.Recognise(w.nobody, "forged")
		w.refused(err, fault.Unauthenticated, "session.bad_token", "")

		_, err = w.db.SQL().Exec("UPDATE users SET active = FALSE WHERE id = 'usr_gimje'")
		require.NoError(w, err)
		_, err = w.elsewhere(identity.Claims{Subject: "s1"})
		w.refused(err, fault.Forbidden, "identity.unknown_person", "")
	})
}

func TestAnotherIssuersSystemIsTheRegisteredOne(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.system(identity.RegisterClientInput{Secret: "unused"})
		a, err := w.elsewhere(identity.Claims{Subject: "service-account-7", ClientID: "lender-x", Personas: []string{"lender"}})
		require.NoError(w, err)
		assert.Equal(w, c.ID, a.UserID)
		assert.Equal(w, identity.Lender, a.Persona)
		assert.Equal(w, "org_lender", a.OrganizationID)
		viewer, err := w.people.Viewer(identity.With(w.nobody, a))
		require.NoError(w, err)
		assert.Equal(w, "lender-x", viewer.Name)
		_, err = w.elsewhere(identity.Claims{Subject: "service-account-7", ClientID: "lender-x", Personas: []string{"carrier"}})
		w.refused(err, fault.Forbidden, "identity.other_claims", "")
	})
}

func TestHereNobodySignsInWhenAnotherIssuerDoes(t *testing.T) {
	eachWorld(t, func(w *world) {
		before := w.signIn("usr_gimje")
		customer, err := w.people.Tokens.Issue(identity.Actor{UserID: "cus_1", Persona: identity.Customer, SessionID: "lnk_1"}, w.now().Add(time.Minute))
		require.NoError(w, err)
		a, err := w.elsewhere(identity.Claims{Subject: "s1", Mail: "usr_gimje@demo.dure"})
		require.NoError(w, err)
		_, err = w.people.Recognise(w.nobody, before.AccessToken)
		w.refused(err, fault.Unauthenticated, "session.bad_token", "") // our own tokens are no longer
		opened, err := w.people.Recognise(w.nobody, customer)
		require.NoError(w, err, "but customers' links go on")
		assert.Equal(w, "cus_1", opened.UserID)
		_, err = w.people.SignIn(w.nobody, identity.SignInInput{Login: "usr_gimje@demo.dure", Password: password})
		w.refused(err, fault.Conflict, "identity.elsewhere", "")
		_, err = w.refresh(before.RefreshToken)
		w.refused(err, fault.Conflict, "identity.elsewhere", "")
		w.refused(w.people.SignOut(identity.With(w.nobody, a)), fault.Conflict, "identity.elsewhere", "")
	})
}

func TestManyTokensAtOnceTieAPersonOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.people.Issuer = said{map[string]identity.Claims{"t": {Subject: "s1", Mail: "usr_gimje@demo.dure"}}}
		for _, err := range atOnce(8, func(int) error { _, err := w.people.Recognise(w.nobody, "t"); return err }) {
			assert.NoError(w, err)
		}
		assert.Equal(w, 1, w.count("subjects", "1 = 1"))
		assert.Equal(w, 1, w.count("acts", "kind = ?", "person.tied"))
	})
}

func TestAPersonIsTiedByHand(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := identity.TiePersonInput{Login: "usr_gimje@demo.dure", Issuer: "https://id.example", Subject: "s1"}
		system := identity.With(w.nobody, identity.System)
		_, err := w.people.TiePerson(system, in)
		require.NoError(w, err)
		a, err := w.elsewhere(identity.Claims{Subject: "s1"})
		require.NoError(w, err)
		assert.Equal(w, "usr_gimje", a.UserID)
		_, err = w.people.TiePerson(system, identity.TiePersonInput{Login: "usr_iksan@demo.dure", Issuer: "https://id.example", Subject: "s1"})
		w.refused(err, fault.Conflict, "subject.taken", "")
		_, err = w.people.TiePerson(system, identity.TiePersonInput{Login: "nobody@demo.dure", Issuer: "https://id.example", Subject: "s2"})
		w.refused(err, fault.NotFound, "user.not_found", "")
		_, err = w.people.TiePerson(system, identity.TiePersonInput{Login: "usr_iksan@demo.dure", Issuer: "https://id.example"})
		w.refused(err, fault.Invalid, "person.bad_subject", "subject")
	})
}

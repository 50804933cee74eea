package integration_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/channel"
	"dure/domain/fault"
	"dure/domain/identity"
)

// works lets a person work at a dealer.
func (w *world) works(dealerID, userID string, role channel.StaffRole) {
	w.insert(&channel.Staff{ID: "stf_" + userID + "_" + string(role), DealerID: dealerID, UserID: userID, Name: "사람", Role: role, JoinedOn: opening.AddDate(-1, 0, 0)})
}

// joins sets the password of whom the newest letter is for, and signs them in.
func (w *world) joins(box *mailbox, user *identity.User) *identity.SignedIn {
	w.Helper()
	require.NoError(w, w.people.SendPass(w.system, identity.Invitation, user.ID))
	require.NoError(w, w.people.SetPassword(w.nobody, (*box)[len(*box)-1].Token, newPassword))
	signedIn, err := w.people.SignIn(w.nobody, identity.SignInInput{Login: user.Login, Password: newPassword})
	require.NoError(w, err)
	return signedIn
}

func TestAnOwnerInvitesStaffOfTheirDealership(t *testing.T) {
	eachWorld(t, func(w *world) {
		box := w.mailed()
		w.works("dlr_gimje", "usr_gimje", channel.Owner)
		user, err := w.people.InvitePerson(w.gimje, identity.InvitePersonInput{Login: "new@demo.dure", Name: "새봄", Persona: identity.Dealer, DealerID: "dlr_gimje"})
		require.NoError(w, err)
		joined := w.joins(box, user)
		assert.Equal(w, identity.Dealer, joined.Actor.Persona)
		assert.Equal(w, "dlr_gimje", joined.Actor.DealerID)
		ctx := identity.With(w.nobody, joined.Actor)
		staff, err := w.channel.StaffOf(ctx, []string{"dlr_gimje"})
		require.NoError(w, err)
		var roles []channel.StaffRole
		for _, p := range staff["dlr_gimje"] {
			if p.UserID == user.ID {
				roles = append(roles, p.Role)
			}
		}
		assert.Equal(w, []channel.StaffRole{channel.Sales}, roles)

		firm, err := w.people.InvitePerson(w.hq, identity.InvitePersonInput{Login: "more@demo.dure", Name: "여름", Persona: identity.Dealer, DealerID: "dlr_gimje", Role: channel.Technician})
		require.NoError(w, err)
		assert.Equal(w, user.OrganizationID, firm.OrganizationID, "a dealership is one firm")
		assert.Equal(w, 1, w.count("organizations", "dealer_id = ?", "dlr_gimje"))

		w.unchanged("staff who own nothing", func() {
			_, err := w.people.InvitePerson(ctx, identity.InvitePersonInput{Login: "x@demo.dure", Name: "가을", Persona: identity.Dealer, DealerID: "dlr_gimje"})
			w.refused("a seller", err, fault.Forbidden, "person.owners_only", "")
			for name, in := range map[string]identity.InvitePersonInput{
				"a rep":                {Persona: identity.Rep},
				"head office's people": {Persona: identity.HQ},
			} {
				in.Login, in.Name = "x@demo.dure", "가을"
				_, err := w.people.InvitePerson(w.gimje, in)
				w.refused(name, err, fault.Forbidden, "identity.not_allowed", "")
			}
			for _, dealer := range []string{"dlr_iksan", "dlr_none"} {
				_, err = w.people.InvitePerson(w.gimje, identity.InvitePersonInput{Login: "x@demo.dure", Name: "가을", Persona: identity.Dealer, DealerID: dealer})
				w.refused("another dealership", err, fault.NotFound, "dealer.not_found", "dealerId")
			}
			_, err = w.people.InvitePerson(w.iksan, identity.InvitePersonInput{Login: "x@demo.dure", Name: "가을", Persona: identity.Dealer, DealerID: "dlr_iksan"})
			w.refused("somebody without a role", err, fault.Forbidden, "person.owners_only", "")
		})
	})
}

func TestAnOwnerWhoLeftInvitesNobody(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.mailed()
		w.insert(&channel.Staff{
			ID: "stf_1", DealerID: "dlr_gimje", UserID: "usr_gimje", Name: "사람", Role: channel.Owner, JoinedOn: opening.AddDate(-1, 0, 0), LeftOn: opening,
		})
		_, err := w.people.InvitePerson(w.gimje, identity.InvitePersonInput{Login: "x@demo.dure", Name: "가을", Persona: identity.Dealer, DealerID: "dlr_gimje"})
		w.refused("an owner of before", err, fault.Forbidden, "person.owners_only", "")
	})
}

func TestADealershipGetsOneFirmHoweverManyAreInvitedAtOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.mailed()
		logins := []string{"a@demo.dure", "b@demo.dure", "c@demo.dure", "d@demo.dure"}
		errs := atOnce(len(logins), func(i int) error {
			_, err := w.people.InvitePerson(context.WithoutCancel(w.hq), identity.InvitePersonInput{Login: logins[i], Name: "새봄", Persona: identity.Dealer, DealerID: "dlr_iksan"})
			return err
		})
		for _, err := range errs {
			assert.NoError(w, err)
		}
		assert.Equal(w, 1, w.count("organizations", "dealer_id = ?", "dlr_iksan"))
	})
}

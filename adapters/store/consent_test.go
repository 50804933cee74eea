package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/fault"
	"dure/domain/identity"
)

// agrees reports whether a customer's data may be kept now.
func (w *world) agrees(id string) bool {
	w.Helper()
	ok, err := w.customers.HasConsent(w.gimje, id, customer.PersonalData)
	require.NoError(w, err)
	return ok
}

func TestTheConsentLedger(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.farmer(w.gimje, "김논두렁")
		assert.False(w, w.agrees(c.ID))
		_, err := w.customers.WithdrawConsent(w.gimje, customer.WithdrawConsentInput{CustomerID: c.ID, Purpose: customer.PersonalData})
		w.refused(err, fault.Conflict, "consent.not_given", "purpose")

		given, err := w.customers.RecordConsent(w.gimje, customer.RecordConsentInput{CustomerID: c.ID, TextID: "personal-data@2"})
		require.NoError(w, err)
		assert.Equal(w, customer.OnTablet, given.Method)
		assert.True(w, w.agrees(c.ID))
		w.pass(time.Minute)
		taken, err := w.customers.WithdrawConsent(w.gimje, customer.WithdrawConsentInput{CustomerID: c.ID, Purpose: customer.PersonalData, Method: customer.ByPhone})
		require.NoError(w, err)
		assert.Equal(w, "personal-data@2", taken.TextID, "the words that were agreed to")
		assert.False(w, w.agrees(c.ID))
		_, err = w.customers.WithdrawConsent(w.gimje, customer.WithdrawConsentInput{CustomerID: c.ID, Purpose: customer.PersonalData})
		w.refused(err, fault.Conflict, "consent.not_given", "purpose")
		w.pass(time.Minute)
		_, err = w.customers.RecordConsent(w.gimje, customer.RecordConsentInput{CustomerID: c.ID, TextID: "personal-data@2", Method: customer.OnPaper})
		require.NoError(w, err)
		assert.True(w, w.agrees(c.ID))

		assert.Equal(w, 3, w.count("consents", "customer_id = ?", c.ID), "entries are never changed")
		assert.Equal(w, 2, w.acts(act.ConsentRecorded))
		assert.Equal(w, 1, w.acts(act.ConsentWithdrawn))
		hold, err := w.customers.ConsentsOf(w.rep, []string{c.ID, "cus_unknown"})
		require.NoError(w, err)
		require.Len(w, hold[c.ID], 1, "the newest entry of each purpose")
		assert.Equal(w, customer.Granted, hold[c.ID][0].Action)
		assert.Equal(w, customer.OnPaper, hold[c.ID][0].Method)
	})
}

func TestConsentByPurposeAndRecipient(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.farmer(w.gimje, "김논두렁")
		give := func(text, recipient string) error {
			_, err := w.customers.RecordConsent(w.gimje, customer.RecordConsentInput{CustomerID: c.ID, TextID: text, Recipient: recipient})
			return err
		}
		require.NoError(w, give("marketing@1", ""))
		assert.False(w, w.agrees(c.ID), "agreeing to one thing is not agreeing to another")
		require.NoError(w, give("finance@1", "org_lender"))
		require.NoError(w, give("finance@1", "org_maker"))
		assert.Equal(w, fault.Invalid, fault.CodeOf(give("finance@1", "")), "a third party has a name")
		assert.Equal(w, fault.Invalid, fault.CodeOf(give("marketing@1", "org_lender")), "and nothing else has")
		assert.Equal(w, fault.NotFound, fault.CodeOf(give("nope@1", "")))
		assert.NotEmpty(w, fault.CodeOf(give("personal-data@3", "")), "words are agreed to once they are valid")

		_, err := w.customers.WithdrawConsent(w.gimje, customer.WithdrawConsentInput{CustomerID: c.ID, Purpose: customer.ThirdParty, Recipient: "org_lender"})
		require.NoError(w, err)
		hold, err := w.customers.ConsentsOf(w.gimje, []string{c.ID})
		require.NoError(w, err)
		got := map[string]customer.ConsentAction{}
		for _, e := range hold[c.ID] {
			got[string(e.Purpose)+" "+e.Recipient] = e.Action
		}
		assert.Equal(w, map[string]customer.ConsentAction{
			"MARKETING ": customer.Granted, "THIRD_PARTY org_lender": customer.Withdrawn, "THIRD_PARTY org_maker": customer.Granted,
		}, got)
	})
}

func TestConsentTexts(t *testing.T) {
	eachWorld(t, func(w *world) {
		bodies := func() map[string]string {
			texts, err := w.customers.ConsentTexts(w.gimje)
			require.NoError(w, err)
			out := map[string]string{}
			for _, x := range texts {
				out[x.ID] = x.Body
			}
			return out
		}
		assert.Equal(w, "고친 글", bodies()["personal-data@2"])
		assert.NotContains(w, bodies(), "personal-data@1", "an older version")
		assert.NotContains(w, bodies(), "personal-data@3", "a version to come")
		w.pass(40 * 24 * time.Hour)
		assert.Contains(w, bodies(), "personal-data@3")
	})
}

func TestACustomerIsProfiledOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.farmer(w.gimje, "김논두렁")
		update := func(f *customer.FarmInput) {
			now, err := w.customers.Customer(w.gimje, c.ID)
			require.NoError(w, err)
			_, err = w.customers.UpdateCustomer(w.gimje, customer.UpdateCustomerInput{CustomerID: c.ID, ExpectedVersion: now.Version, Farm: f})
			require.NoError(w, err)
		}
		update(rice())
		assert.Zero(w, w.acts(act.CustomerProfiled), "the farm alone is not enough")
		w.pass(time.Hour)
		_, err := w.customers.RecordConsent(w.gimje, customer.RecordConsentInput{CustomerID: c.ID, TextID: "personal-data@2"})
		require.NoError(w, err)
		assert.Equal(w, 1, w.acts(act.CustomerProfiled), "the consent completes it")
		got, err := w.customers.Customer(w.gimje, c.ID)
		require.NoError(w, err)
		assert.True(w, w.now().Equal(got.ProfiledAt))

		w.pass(time.Hour)
		update(&customer.FarmInput{Household: ptr("FULL_TIME")})
		_, err = w.customers.WithdrawConsent(w.gimje, customer.WithdrawConsentInput{CustomerID: c.ID, Purpose: customer.PersonalData})
		require.NoError(w, err)
		_, err = w.customers.RecordConsent(w.gimje, customer.RecordConsentInput{CustomerID: c.ID, TextID: "personal-data@2"})
		require.NoError(w, err)
		assert.Equal(w, 1, w.acts(act.CustomerProfiled), "and it happens once")
		assert.Equal(w, 1, w.count("acts", "kind = ? AND facts LIKE '%\"consentRecorded\":true%' AND facts LIKE '%\"farmFieldsFilled\":6%' AND dealer_id = ? AND customer_id = ?", act.CustomerProfiled, "dlr_gimje", c.ID))
	})
}

func TestTimeline(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.farmer(w.gimje, "김논두렁")
		w.farmer(w.gimje, "다른 농부")
		for range 3 {
			w.pass(time.Hour)
			_, err := w.customers.RecordConsent(w.gimje, customer.RecordConsentInput{CustomerID: c.ID, TextID: "marketing@1"})
			require.NoError(w, err)
		}
		late := w.now().Add(-90 * time.Minute) // reported late: it stands where it happened
		_, err := w.customers.WithdrawConsent(w.gimje, customer.WithdrawConsentInput{CustomerID: c.ID, Purpose: customer.Marketing, OccurredAt: &late})
		require.NoError(w, err)

		for name, ctx := range map[string]context.Context{"the dealer": w.gimje, "the rep": w.rep, "headquarters": w.hq} {
			var kinds []act.Kind
			var after *string
			for {
				page, err := w.customers.Timeline(ctx, c.ID, ptr(2), after)
				require.NoError(w, err, name)
				assert.Equal(w, 5, page.TotalCount, name)
				for _, item := range page.Nodes {
					kinds = append(kinds, item.Kind)
					assert.Equal(w, "사람 usr_gimje", item.ActorName)
					assert.NotEmpty(w, item.SubjectID)
				}
				if after = page.PageInfo.EndCursor; !page.PageInfo.HasNextPage {
					break
				}
			}
			assert.Equal(w, []act.Kind{act.ConsentRecorded, act.ConsentRecorded, act.ConsentWithdrawn, act.ConsentRecorded, act.CustomerCreated}, kinds, name)
		}
		other, err := w.customers.Timeline(w.iksan, c.ID, nil, nil)
		if err == nil {
			assert.Zero(w, other.TotalCount, "another dealer sees nothing")
		}
		page, err := w.customers.Timeline(w.gimje, c.ID, ptr(1), nil)
		require.NoError(w, err)
		_, err = w.customers.Timeline(w.gimje, "cus_other", nil, page.PageInfo.EndCursor)
		w.refused(err, fault.Invalid, "page.bad_cursor", "after")
	})
}

func TestActsCarryTheirCircumstances(t *testing.T) {
	eachWorld(t, func(w *world) {
		tablet := identity.From(w.gimje)
		tablet.DeviceID = "tablet-1"
		threeDaysAgo := w.now().Add(-73 * time.Hour)
		_, err := w.customers.CreateCustomer(identity.With(w.nobody, tablet), customer.CreateCustomerInput{Name: "김", OccurredAt: &threeDaysAgo})
		require.NoError(w, err)
		w.farmer(w.gimje, "박")
		var rows []act.Act
		require.NoError(w, w.db.Read(context.Background(), &rows))
		require.Len(w, rows, 2)
		assert.InDelta(w, 3.0, rows[0].Facts.Number("lateDays"), 0)
		assert.True(w, rows[0].Facts.True("registeredDevice"))
		assert.Equal(w, "tablet-1", rows[0].DeviceID)
		assert.Equal(w, "usr_gimje", rows[0].ActorID)
		assert.Equal(w, "dlr_gimje", rows[0].DealerID)
		assert.True(w, threeDaysAgo.Equal(rows[0].OccurredAt))
		assert.True(w, w.now().Equal(rows[0].ReceivedAt))
		assert.False(w, rows[1].Facts.True("registeredDevice"))
		assert.Less(w, rows[0].Seq, rows[1].Seq)
	})
}

func TestARepeatGetsTheFirstAnswer(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := customer.CreateCustomerInput{IdempotencyKey: "k1", Name: "김논두렁", Phone: "010-0000-1111", Address: "들길 1", ConsentTextID: "personal-data@2"}
		first, err := w.customers.CreateCustomer(w.gimje, in)
		require.NoError(w, err)
		w.pass(time.Hour)
		again, err := w.customers.CreateCustomer(w.gimje, in)
		require.NoError(w, err)
		assert.Equal(w, first.ID, again.ID)
		assert.Equal(w, "010-0000-1111", again.Phone, "what is sealed is opened again")
		assert.Equal(w, "들길 1", again.Address)
		assert.Equal(w, first.Version, again.Version)
		assert.Equal(w, 1, w.count("customers", "1 = 1"))
		assert.Zero(w, w.count("idempotency_keys", "answer LIKE '%0000-1111%' OR answer LIKE '%들길%'"), "the kept answer has nothing that is sealed")

		in.Name = "박둑길"
		_, err = w.customers.CreateCustomer(w.gimje, in)
		w.refused(err, fault.Conflict, "idempotency.other_input", "idempotencyKey")
		_, err = w.customers.RecordConsent(w.gimje, customer.RecordConsentInput{IdempotencyKey: "k1", CustomerID: first.ID, TextID: "marketing@1"})
		w.refused(err, fault.Conflict, "idempotency.other_input", "idempotencyKey")
		_, err = w.customers.CreateCustomer(w.iksan, in)
		require.NoError(w, err, "another person's key is another key")

		bad := customer.CreateCustomerInput{IdempotencyKey: "k2"}
		_, err = w.customers.CreateCustomer(w.gimje, bad)
		assert.Equal(w, fault.Invalid, fault.CodeOf(err))
		bad.Name = "고친 이름"
		_, err = w.customers.CreateCustomer(w.gimje, bad)
		require.NoError(w, err, "a key whose mutation failed is free again")
	})
}

func TestOneKeyTwiceAtOnceGivesOneRow(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := customer.CreateCustomerInput{IdempotencyKey: "k1", Name: "김논두렁"}
		ids := make([]string, 8)
		for _, err := range atOnce(len(ids), func(i int) error {
			c, err := w.customers.CreateCustomer(w.gimje, in)
			if err == nil {
				ids[i] = c.ID
			}
			return err
		}) {
			require.NoError(w, err)
		}
		for _, id := range ids {
			assert.Equal(w, ids[0], id)
		}
		assert.Equal(w, 1, w.count("customers", "1 = 1"))
		assert.Equal(w, 1, w.acts(act.CustomerCreated))
	})
}

func TestActsGetTheirPlacesInOrder(t *testing.T) {
	eachWorld(t, func(w *world) {
		acts := make([]act.Act, 500)
		for i := range acts {
			acts[i] = act.Act{
				ID: fmt.Sprintf("act_%04d", i), Kind: act.CustomerUpdated, SubjectID: "x", Facts: act.Facts{"i": i},
				OccurredAt: w.now(), ReceivedAt: w.now(),
			}
		}
		require.NoError(w, w.customers.Acts.Record(context.Background(), acts...))
		var rows []act.Act
		require.NoError(w, w.db.Read(context.Background(), &rows))
		require.Len(w, rows, len(acts))
		for i, row := range rows {
			assert.Equal(w, acts[i].ID, row.ID)
			assert.Equal(w, acts[i].Seq, row.Seq, "the recorder's copy knows its place")
			assert.InDelta(w, float64(i), row.Facts.Number("i"), 0)
		}
	})
}

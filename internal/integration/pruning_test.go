package integration_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/webhook"
)

func TestOldRecordsGoAndYoungOnesStay(t *testing.T) {
	eachWorld(t, func(w *world) {
		made, err := w.webhooks.Create(w.lenderA, webhook.CreateWebhookEndpointInput{URL: publicHook})
		require.NoError(w, err)
		at := func(days int) time.Time { return w.now().AddDate(0, 0, -days) }
		delivery := func(id string, done time.Time, state webhook.DeliveryState) {
			w.insert(&webhook.Delivery{ID: id, EndpointID: made.Endpoint.ID, MessageID: id, Kind: webhook.TestKind, State: state, Attempts: []webhook.Attempt{}, OccurredAt: at(400), DoneAt: done, CreatedAt: at(400)})
		}
		delivery("whd_old", at(91), webhook.Delivered)
		delivery("whd_given_up", at(91), webhook.Failed)
		delivery("whd_young", at(89), webhook.Delivered)
		delivery("whd_waiting", time.Time{}, webhook.Pending)
		require.NoError(w, w.webhooks.Prune(w.system))
		assert.Equal(w, 2, w.count("webhook_deliveries", "id IN ('whd_young', 'whd_waiting')"))
		assert.Equal(w, 2, w.count("webhook_deliveries", "1 = 1"))

		session := func(id string, expires, ended time.Time) {
			w.insert(&identity.Session{ID: id, UserID: "usr_gimje", SpentHashes: []string{}, CreatedAt: at(800), RefreshedAt: at(800), ExpiresAt: expires, EndedAt: ended})
		}
		session("ses_ended", at(-10), at(366))
		session("ses_ran_out", at(366), time.Time{})
		session("ses_young", at(364), at(364))
		session("ses_live", at(-10), time.Time{})
		w.insert(&identity.Authorization{ID: "aut_old", App: "dealer-app", Scopes: []string{}, SessionID: "ses_ended", CreatedAt: at(800), ExpiresAt: at(800)})
		require.NoError(w, w.people.PruneSessions(w.system))
		assert.Equal(w, 2, w.count("sessions", "id IN ('ses_young', 'ses_live')"))
		assert.Zero(w, w.count("sessions", "id IN ('ses_ended', 'ses_ran_out')"))
		assert.Zero(w, w.count("authorizations", "id = 'aut_old'"))
	})
}

func TestAPartnerSaysWhomLettersGoTo(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.unchanged("bad addresses", func() {
			for _, bad := range []string{"nobody", "@host", "name@", "a b@host", "a@host,b@host", "a@host\r\nBcc: b@host"} {
				w.refused(bad, failed(w.people.SetContact(w.lenderA, identity.SetContactInput{Mail: bad})), fault.Invalid, "contact.bad_mail", "mail")
			}
		})
		o, err := w.people.SetContact(w.lenderA, identity.SetContactInput{Mail: " it@lender.example "})
		require.NoError(w, err)
		assert.Equal(w, "it@lender.example", o.ContactMail)
		assert.Equal(w, 1, w.count("organizations", "contact_mail IS NOT NULL"), "nobody else's")
		assert.Equal(w, 1, w.count("acts", "kind = 'organization.contact_set'"))
		assert.Zero(w, w.count("acts", "facts LIKE ?", "%lender.example%"), "acts carry no personal data")
		o, err = w.people.SetContact(w.lenderA, identity.SetContactInput{})
		require.NoError(w, err)
		assert.Empty(w, o.ContactMail)
	})
}

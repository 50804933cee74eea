package integration_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/sandbox"
	"dure/domain/webhook"
)

var (
	partners   = []identity.Persona{identity.Lender, identity.Carrier}
	withHQ     = []identity.Persona{identity.HQ, identity.Lender, identity.Carrier}
	publicHook = "https://198.51.100.7.example.com/dure" // a name that nobody finds, so that nothing is called
)

func (w *world) webhookMethods() map[string]method {
	s, box := w.webhooks, w.sandbox
	type c = context.Context
	return map[string]method{
		"webhook.Endpoints":     {func(ctx c) error { return failed(s.Endpoints(ctx)) }, withHQ},
		"webhook.Endpoint":      {func(ctx c) error { return failed(s.Endpoint(ctx, "x")) }, withHQ},
		"webhook.EndpointsByID": {func(ctx c) error { return failed(s.EndpointsByID(ctx, []string{"x"})) }, withHQ},
		"webhook.Deliveries":    {func(ctx c) error { return failed(s.Deliveries(ctx, "x", nil, nil, nil)) }, withHQ},
		"webhook.Create":        {func(ctx c) error { return failed(s.Create(ctx, webhook.CreateWebhookEndpointInput{})) }, partners},
		"webhook.RotateSecret":  {func(ctx c) error { return failed(s.RotateSecret(ctx, webhook.RotateWebhookSecretInput{})) }, partners},
		"webhook.Pause":         {func(ctx c) error { return failed(s.Pause(ctx, webhook.PauseWebhookEndpointInput{})) }, partners},
		"webhook.Resume":        {func(ctx c) error { return failed(s.Resume(ctx, webhook.ResumeWebhookEndpointInput{})) }, partners},
		"webhook.Remove":        {func(ctx c) error { return failed(s.Remove(ctx, webhook.RemoveWebhookEndpointInput{})) }, partners},
		"webhook.Replay":        {func(ctx c) error { return failed(s.Replay(ctx, webhook.ReplayWebhooksInput{})) }, partners},
		"webhook.SendTest":      {func(ctx c) error { return failed(s.SendTest(ctx, webhook.SendTestWebhookInput{})) }, partners},
		"webhook.Take":          {func(ctx c) error { return s.Take(ctx, nil) }, theSystem},
		"webhook.Deliver":       {func(ctx c) error { return s.Deliver(ctx, webhook.Queue{}) }, theSystem},
		"webhook.Prune":         {func(ctx c) error { return s.Prune(ctx) }, theSystem},
		"webhook.SendPaused":    {func(ctx c) error { return s.SendPaused(ctx, "x") }, theSystem},
		"webhook.Sweep":         {func(ctx c) error { return s.Sweep(ctx) }, theSystem},
		"sandbox.State":         {func(ctx c) error { return failed(box.State(ctx)) }, withHQ},
		"sandbox.SetClock":      {func(ctx c) error { return failed(box.SetClock(ctx, sandbox.SetSandboxClockInput{})) }, withHQ},
		"sandbox.Plan": {func(ctx c) error {
			return failed(box.Plan(ctx, sandbox.PlanSandboxFailureInput{Failure: sandbox.Slow, DelaySeconds: ptr(0)}))
		}, withHQ},
	}
}

func TestAnotherPartnersEndpointDoesNotExist(t *testing.T) {
	eachWorld(t, func(w *world) {
		made, err := w.webhooks.Create(w.lenderA, webhook.CreateWebhookEndpointInput{URL: publicHook})
		require.NoError(w, err)
		id := made.Endpoint.ID
		w.unchanged("another lender's calls", func() {
			for _, unknown := range []string{id, "whe_nothing"} { // the same answer for both
				for name, err := range map[string]error{
					"rotate": failed(w.webhooks.RotateSecret(w.lenderB, webhook.RotateWebhookSecretInput{EndpointID: unknown})),
					"pause":  failed(w.webhooks.Pause(w.lenderB, webhook.PauseWebhookEndpointInput{EndpointID: unknown})),
					"resume": failed(w.webhooks.Resume(w.lenderB, webhook.ResumeWebhookEndpointInput{EndpointID: unknown})),
					"remove": failed(w.webhooks.Remove(w.lenderB, webhook.RemoveWebhookEndpointInput{EndpointID: unknown})),
					"replay": failed(w.webhooks.Replay(w.lenderB, webhook.ReplayWebhooksInput{EndpointID: unknown})),
					"test":   failed(w.webhooks.SendTest(w.lenderB, webhook.SendTestWebhookInput{EndpointID: unknown})),
					"log":    failed(w.webhooks.Deliveries(w.lenderB, unknown, nil, nil, nil)),
				} {
					w.refused(name, err, fault.NotFound, "webhook.not_found", "endpointId")
				}
			}
		})
		for name, tt := range map[string]struct {
			ctx  context.Context
			sees int
		}{"its own": {w.lenderA, 1}, "another": {w.lenderB, 0}, "HQ": {w.hq, 1}} {
			rows, err := w.webhooks.Endpoints(tt.ctx)
			require.NoError(w, err)
			assert.Len(w, rows, tt.sees, name)
		}
		_, err = w.webhooks.Remove(w.lenderA, webhook.RemoveWebhookEndpointInput{EndpointID: id})
		require.NoError(w, err)
		assert.Zero(w, w.count("webhook_endpoints", "1 = 1"))
	})
}

func TestAWebhookAddressThatWouldHarmIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		for url, key := range map[string]string{
			"":                                      "webhook.bad_url",
			"example.com/hook":                      "webhook.bad_url",
			"ftp://example.com/":                    "webhook.bad_url",
			"https:///hook":                         "webhook.bad_url",
			"https://example.com/#part":             "webhook.bad_url",
			"https://exa mple.com/":                 "webhook.bad_url",
			"http://example.com/":                   "webhook.needs_https",
			"https://me:secret@example.com/":        "webhook.names_user",
			"https://127.0.0.1/":                    "webhook.private_address",
			"https://[::ffff:127.0.0.1]/":           "webhook.private_address",
			"https://[::1]/":                        "webhook.private_address",
			"https://[fe80::1%25eth0]/":             "webhook.private_address",
			"https://10.0.0.1:8443/":                "webhook.private_address",
			"https://169.254.169.254/latest/":       "webhook.private_address",
			"https://100.64.0.1/":                   "webhook.private_address",
			"https://[64:ff9b::7f00:1]/":            "webhook.private_address",
			"https://localhost/":                    "webhook.private_address",
			"https://LOCALHOST./":                   "webhook.private_address",
			"https://db.internal/":                  "webhook.private_address",
			"https://2130706433/":                   "webhook.private_address",
			"https://0x7f.1/":                       "webhook.private_address",
			"https://" + strings.Repeat("a", 2_000): "text.too_long",
		} {
			w.unchanged(url, func() {
				_, err := w.webhooks.Create(w.lenderA, webhook.CreateWebhookEndpointInput{URL: url})
				w.refused(url, err, fault.Invalid, key, "url")
			})
		}
		_, err := w.webhooks.Create(w.lenderA, webhook.CreateWebhookEndpointInput{URL: publicHook, Kinds: []string{"contract.signed"}})
		w.refused("an unknown kind", err, fault.Invalid, "webhook.unknown_kind", "kinds")
		for range webhook.MaxEndpoints {
			_, err := w.webhooks.Create(w.lenderA, webhook.CreateWebhookEndpointInput{URL: publicHook})
			require.NoError(w, err)
		}
		_, err = w.webhooks.Create(w.lenderA, webhook.CreateWebhookEndpointInput{URL: publicHook})
		w.refused("one too many", err, fault.Limited, "webhook.too_many", "")
	})
}

func TestASecretIsToldOnceAndKeptSealed(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := webhook.CreateWebhookEndpointInput{URL: publicHook, IdempotencyKey: "k"}
		made, err := w.webhooks.Create(w.lenderA, in)
		require.NoError(w, err)
		again, err := w.webhooks.Create(w.lenderA, in)
		require.NoError(w, err)
		assert.Equal(w, made.Secret, again.Secret, "a repeat gets the first answer")
		assert.Equal(w, 1, w.count("webhook_endpoints", "1 = 1"))
		_, err = w.webhooks.RotateSecret(w.lenderA, webhook.RotateWebhookSecretInput{EndpointID: made.Endpoint.ID, IdempotencyKey: "r"})
		require.NoError(w, err)
		assert.Zero(w, w.count("webhook_endpoints", "secret_sealed LIKE ? OR previous_sealed LIKE ?", "%whsec_%", "%whsec_%"))
		assert.Zero(w, w.count("idempotency_keys", "answer LIKE ?", "%whsec_%"))
		_, err = w.webhooks.RotateSecret(w.lenderA, webhook.RotateWebhookSecretInput{EndpointID: made.Endpoint.ID, OverlapHours: ptr(169)})
		w.refused("too long an overlap", err, fault.Invalid, "webhook.bad_overlap", "overlapHours")
		assert.Equal(w, 1, w.count("acts", "kind = 'webhook.created'"))
		assert.Equal(w, 1, w.count("acts", "kind = 'webhook.secret_rotated'"))
	})
}

func TestTheSandboxIsThereWhereItIsOnAndFailsWhomItWasAskedTo(t *testing.T) {
	eachWorld(t, func(w *world) {
		_, err := w.sandbox.Plan(w.lenderA, sandbox.PlanSandboxFailureInput{Failure: sandbox.ServerError, Times: ptr(2)})
		require.NoError(w, err)
		_, err = w.sandbox.Plan(w.lenderA, sandbox.PlanSandboxFailureInput{Failure: sandbox.DuplicateWebhook})
		require.NoError(w, err)
		require.NoError(w, w.sandbox.Meet(w.lenderB), "another organisation")
		assert.False(w, w.sandbox.Twice(identity.From(w.lenderB).OrganizationID))
		require.ErrorIs(w, w.sandbox.Meet(w.lenderA), sandbox.ErrPlanned)
		require.ErrorIs(w, w.sandbox.Meet(w.lenderA), sandbox.ErrPlanned)
		require.NoError(w, w.sandbox.Meet(w.lenderA), "twice, and no more")
		assert.True(w, w.sandbox.Twice(identity.From(w.lenderA).OrganizationID))
		assert.False(w, w.sandbox.Twice(identity.From(w.lenderA).OrganizationID))

		_, err = w.sandbox.SetClock(w.lenderA, sandbox.SetSandboxClockInput{At: w.now().Add(-time.Hour)})
		w.refused("back", err, fault.Invalid, "sandbox.clock_back", "at")
		before := w.sandbox.Clock.Now()
		_, err = w.sandbox.SetClock(w.lenderA, sandbox.SetSandboxClockInput{At: w.now().Add(72 * time.Hour)})
		require.NoError(w, err)
		assert.WithinDuration(w, before.Add(72*time.Hour), w.sandbox.Clock.Now(), time.Minute)
		_, err = w.sandbox.Plan(w.lenderA, sandbox.PlanSandboxFailureInput{Failure: sandbox.Slow, Times: ptr(101)})
		w.refused("too often", err, fault.Invalid, "sandbox.bad_times", "times")

		w.sandbox.On = false
		for name, err := range map[string]error{
			"state": failed(w.sandbox.State(w.lenderA)),
			"clock": failed(w.sandbox.SetClock(w.lenderA, sandbox.SetSandboxClockInput{At: w.now().Add(time.Hour)})),
			"plan":  failed(w.sandbox.Plan(w.lenderA, sandbox.PlanSandboxFailureInput{Failure: sandbox.Slow})),
		} {
			w.refused(name, err, fault.NotFound, "sandbox.off", "")
		}
		require.NoError(w, w.sandbox.Meet(w.lenderA))
	})
}

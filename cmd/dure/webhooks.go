package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"

	"dure/adapters/ids"
	"dure/adapters/messages"
	"dure/adapters/store"
	"dure/domain/act"
	"dure/domain/page"
	"dure/domain/sandbox"
	"dure/domain/webhook"
	"dure/domain/work"
	"dure/jobs"
)

// wireWebhooks wires what tells partners' systems of changes, and the sandbox,
// which stays off until openSandbox.
func (p *platform) wireWebhooks(kit work.Kit, cursors page.Codec, log act.Recorder, jobWork *jobs.Work) {
	p.sandbox = &sandbox.Service{Kit: kit, Clock: &p.clock}
	p.webhooks = &webhook.Service{
		Kit: kit, Store: store.Webhooks{DB: p.db}, Acts: log, Cursors: cursors, Sealer: sealer{p.vault}, NewSecret: newSecret,
		Feed: store.Feed{DB: p.db}, Sender: messages.NewWebhooks(messages.Options{}), Later: p.library, Organizations: p.people,
	}
	jobWork.Deliver, jobWork.SendPaused = p.webhooks.Deliver, p.webhooks.SendPaused
	jobWork.Prune = []func(ctx context.Context) error{p.lending.SweepDocuments, p.webhooks.Prune, p.people.PruneSessions}
	host, _ := os.Hostname()
	p.courier = jobs.NewCourier(jobs.Courier{
		Feed: store.Feed{DB: p.db}, Progress: store.Progress{DB: p.db}, Webhooks: p.webhooks, Unit: p.db,
		Holder: fmt.Sprintf("%s/%s", host, ids.New("run")), Logger: p.log,
	})
	p.db.OnCommit(p.courier.Wake)
}

func newSecret() []byte {
	const size = 32
	secret := make([]byte, size)
	rand.Read(secret)
	return secret
}

// openSandbox lets partners set the clock and ask for failures, and be called
// on this machine. Call it in demo mode, before anything runs.
func (p *platform) openSandbox() {
	p.sandbox.On = true
	p.webhooks.Anywhere, p.webhooks.Twice = true, p.sandbox.Twice
	p.webhooks.Sender = messages.NewWebhooks(messages.Options{Anywhere: true})
}

// sandboxCommand serves the demo world to a partner's developer.
type sandboxCommand struct{ serveCommand }

// Run implements the command.
func (c *sandboxCommand) Run(ctx context.Context, s *Settings) error {
	c.Demo = true
	return c.serveCommand.Run(ctx, s)
}

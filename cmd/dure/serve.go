package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// serveCommand serves the API and the apps.
type serveCommand struct {
	Addr           string            `env:"DURE_ADDR" default:"127.0.0.1:8080" help:"Where to listen."`
	PublicURL      string            `name:"url" env:"DURE_URL" help:"Address under which clients reach Dure, such as https://dure.example: the issuer of its tokens."`
	OtherIssuer    string            `name:"oidc-issuer" env:"DURE_OIDC_ISSUER" help:"Another OpenID provider, such as https://id.example.com, that signs everybody in instead of the built-in one."`
	Audience       string            `name:"oidc-audience" env:"DURE_OIDC_AUDIENCE" default:"dure" help:"What a token of that provider must be for: the client id, or the API's name there."`
	Claims         map[string]string `name:"oidc-claims" env:"DURE_OIDC_CLAIMS" help:"Claims of its tokens by what they tell, such as persona=realm_access.roles;mail=email."`
	SMTPURL        string            `name:"smtp-url" env:"DURE_SMTP_URL" help:"Mail server, such as smtps://name:password@mail.example?from=dure@example.com; no mail is sent when unset."`
	KeepDeliveries int               `env:"DURE_KEEP_DELIVERIES" default:"90" help:"For how many days the log of webhooks is kept."`
	KeepSessions   int               `env:"DURE_KEEP_SESSIONS" default:"365" help:"For how many days a session that is over is kept."`
	Documents      string            `env:"DURE_DOCUMENTS" help:"JSON file of trusted documents; when set, only they run."`
	Introspection  bool              `env:"DURE_INTROSPECTION" help:"Answer introspection outside demo mode, too."`
	TrustedProxies []string          `env:"DURE_TRUSTED_PROXIES" help:"Prefixes, such as 10.0.0.0/8, of proxies whose X-Forwarded-For is believed."`
	Demo           bool              `help:"Seed an empty database with the demo world and open the demo sign-ins."`
	DemoSize       string            `enum:"small,full" default:"full" help:"How large the demo world is."`
	DemoSeed       uint64            `default:"20260101" help:"Which demo world: one seed gives one world."`
}

const drain = 10 * time.Second

// Run implements the command.
func (c *serveCommand) Run(ctx context.Context, s *Settings) (err error) {
	p, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if c.Demo {
		p.openSandbox()
		if err := p.seedDemo(ctx, c.DemoSize, c.DemoSeed); err != nil {
			return err
		}
	} else {
		p.closeDemo()
		if err := p.seedEssentials(ctx); err != nil {
			return err
		}
	}
	if err := p.tellBoards(); err != nil {
		return err
	}
	if err := p.openMail(c); err != nil {
		return err
	}
	const day = 24 * time.Hour
	p.webhooks.Kept, p.people.KeepSessions = time.Duration(c.KeepDeliveries)*day, time.Duration(c.KeepSessions)*day

	// Work goes on while requests drain, and stops after the last of them.
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var running sync.WaitGroup
	if err := p.people.Ended.Refresh(ctx); err != nil {
		return fmt.Errorf("read what ended: %w", err)
	}
	running.Go(func() { p.people.Ended.Run(working) })
	running.Go(func() { p.relay.Run(working) })
	running.Go(func() { p.courier.Run(working) })
	running.Go(func() { p.postman.Run(working) })
	if err := p.library.Start(working); err != nil {
		return fmt.Errorf("start the job library: %w", err)
	}
	err = p.serve(ctx, c)

	ending, end := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer end()
	err = errors.Join(err, p.library.Stop(ending))
	stop()
	running.Wait()
	return err
}

// boardsFile names the embedded Redis-compatible server for the commands that
// look into it, such as verify-boards.
const boardsFile = "redis.url"

func (p *platform) tellBoards() error {
	if !p.redis.Embedded() {
		return nil
	}
	path := filepath.Join(p.folder, boardsFile)
	if err := os.WriteFile(path, []byte(p.redis.URL()), 0o600); err != nil {
		return fmt.Errorf("name the embedded boards: %w", err)
	}
	p.close = append(p.close, func() error { return os.Remove(path) })
	return nil
}

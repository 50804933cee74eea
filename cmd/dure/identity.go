package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"

	"dure/adapters/issuer"
	"dure/adapters/passkeys"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/internal/demo"
	"dure/server"
	"dure/server/provider"
)

// labelCodes names the key that the provider's codes are sealed with.
const labelCodes = "oauth-code"

// publicURL is the address under which clients reach this server: the setting, or
// where it listens.
func (c *serveCommand) publicURL() string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return "http://" + c.Addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// openIdentity opens the OpenID provider, and in demo mode lets the demo's systems
// in.
func (p *platform) openIdentity(ctx context.Context, c *serveCommand, deps *server.Deps) (clients []demoClient, err error) {
	if c.OtherIssuer != "" {
		if c.Demo { // the other issuer's systems are ours by name
			_, err = p.letDemoClientsIn(ctx)
		}
		return nil, errors.Join(err, p.trustOther(c))
	}
	address := c.publicURL()
	p.vault.Trust(address, p.people.Keys.Public)
	deps.People = p.people
	switch devices, err := passkeys.Open(address); {
	case err == nil:
		p.people.Devices = devices
	case !errors.Is(err, passkeys.ErrNoName): // by which a server at a number goes on without
		return nil, err
	}
	if deps.OpenID, err = provider.New(provider.Config{Issuer: address, Key: p.vault.Key(labelCodes), People: p.people}); err != nil {
		return nil, err
	}
	if c.Demo {
		return p.letDemoClientsIn(ctx)
	}
	return nil, nil
}

// trustOther has another provider sign everybody in. The built-in one is not there.
func (p *platform) trustOther(c *serveCommand) error {
	names, err := issuer.Defaults.With(c.Claims)
	if err != nil {
		return fmt.Errorf("read the names of claims: %w", err)
	}
	if u, err := url.Parse(c.OtherIssuer); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("the issuer %q is not like https://id.example.com", c.OtherIssuer)
	}
	p.people.Issuer = issuer.New(issuer.Config{Address: c.OtherIssuer, Audience: c.Audience, Names: names, Log: p.log})
	return nil
}

// demoClient is a system of the demo's, with its secret for the terminal.
type demoClient struct {
	demo.Client
	secret string
}

// letDemoClientsIn registers the demo's systems. A secret comes from the master key:
// every start and every copy tells the same one, and only its hash is kept.
func (p *platform) letDemoClientsIn(ctx context.Context) ([]demoClient, error) {
	ctx = identity.With(ctx, identity.System)
	var all []demoClient
	for _, k := range demo.Clients {
		secret := base64.RawURLEncoding.EncodeToString(p.vault.Key("demo-client/" + k.Name))
		_, err := p.people.RegisterClient(ctx, identity.RegisterClientInput{
			Name: k.Name, Persona: k.Persona, Organization: k.Organization, Secret: secret,
		})
		if fault.CodeOf(err) == fault.NotFound {
			continue // the database is no demo world's
		}
		if err != nil {
			return nil, fmt.Errorf("let %s in: %w", k.Name, err)
		}
		all = append(all, demoClient{k, secret})
	}
	return all, nil
}

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"

	"dure/domain/identity"
	"dure/server/provider"
)

// registerClientCommand lets a lender's or a carrier's system in.
type registerClientCommand struct {
	Name         string `arg:"" help:"What the system calls itself: its client_id."`
	Persona      string `required:"" enum:"lender,carrier" help:"lender or carrier."`
	Organization string `required:"" help:"Name of the firm that it works for."`
	Keys         string `type:"existingfile" help:"JSON Web Key Set with the system's public keys, for private_key_jwt; a secret is made when left out."`
}

// Run implements the command. A secret is printed once; only its hash is kept.
func (c registerClientCommand) Run(ctx context.Context, s *Settings) (err error) {
	in := identity.RegisterClientInput{Name: c.Name, Persona: identity.Persona(strings.ToUpper(c.Persona)), Organization: c.Organization}
	if c.Keys == "" {
		in.Secret = rand.Text() + rand.Text() // 260 random bits
	} else {
		keys, err := os.ReadFile(c.Keys)
		if err != nil {
			return err
		}
		if in.Keys = string(keys); len(in.Keys) > 0 {
			err = provider.CheckKeys(in.Keys)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.Keys, err)
		}
	}
	p, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	client, err := p.people.RegisterClient(identity.With(ctx, identity.System), in)
	if err != nil {
		return err
	}
	fmt.Printf("client_id %s\n", client.Name)
	if in.Secret != "" {
		fmt.Printf("client_secret %s\n", in.Secret)
	}
	return nil
}

// tiePersonCommand ties a person to what another issuer calls them.
type tiePersonCommand struct {
	Login   string `arg:"" help:"What the person is called here."`
	Subject string `arg:"" help:"What the issuer calls them: the claim sub of their tokens."`
	Issuer  string `name:"oidc-issuer" env:"DURE_OIDC_ISSUER" required:"" help:"The other OpenID provider."`
}

// Run implements the command.
func (c tiePersonCommand) Run(ctx context.Context, s *Settings) (err error) {
	p, err := open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	user, err := p.people.TiePerson(identity.With(ctx, identity.System), identity.TiePersonInput{Login: c.Login, Issuer: c.Issuer, Subject: c.Subject})
	if err != nil {
		return err
	}
	fmt.Printf("%s is %s\n", c.Subject, user.Login)
	return nil
}

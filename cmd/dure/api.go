package main

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"dure/domain/identity"
	"dure/graph"
	"dure/graph/limit"
	"dure/graph/persona"
	"dure/graph/transport"
	"dure/graph/words"
	"dure/resolvers"
	dureschema "dure/schema"
	"dure/server"
)

// serve answers HTTP until ctx ends.
func (p *platform) serve(ctx context.Context, c *serveCommand) error {
	stopTracing, tracing, err := server.StartTracing(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = stopTracing(context.WithoutCancel(ctx)) }() // spans that were not sent are lost, and nothing else

	var documents transport.Documents
	if c.Documents != "" {
		if documents, err = transport.LoadDocuments(c.Documents); err != nil {
			return err
		}
	}
	metrics := server.NewMetrics(documents.Names())
	api, err := p.api(c, documents, server.Observer{Metrics: metrics, Tracing: tracing})
	if err != nil {
		return err
	}
	deps := server.Deps{
		GraphQL: api, Authenticate: p.authenticate, Paper: p.deals.PaperFile, Package: p.deals.PackageFile, Film: p.catalogue.Film,
		Shared:    p.fileByLink,
		VoiceFile: p.voc.VoiceFile, KeepVoiceFile: p.voc.KeepFile,
		Photo: p.logistics.PhotoFile, KeepPhoto: p.logistics.KeepPhoto,
		KeepDocument:   p.lending.KeepDocument,
		TrustedProxies: c.TrustedProxies, Metrics: metrics, Log: p.log,
		Checks: []server.Check{
			{Name: "database", Needed: true, Ask: p.db.Ping},
			{Name: "redis", Ask: p.redis.Ping},
		},
	}
	if c.Demo {
		deps.Demo = demoPage()
	}
	openApps(&deps)
	clients, err := p.openIdentity(ctx, c, &deps)
	if err != nil {
		return err
	}
	c.greet(clients)
	defer api.Shutdown() // waits until the last stream has heard of it
	return server.Run(ctx, c.Addr, server.New(deps), drain, api.Shutdown)
}

// api is the GraphQL door: one schema for each persona over the same resolvers.
func (p *platform) api(c *serveCommand, documents transport.Documents, observer server.Observer) (*transport.Handler, error) {
	full, err := dureschema.Load()
	if err != nil {
		return nil, err
	}
	if !c.Demo {
		full = persona.WithoutSandbox(full)
	}
	answers := &resolvers.Resolver{
		People: p.people, Channel: p.channel, Catalogue: p.catalogue, Customers: p.customers, Deals: p.deals, Lending: p.lending, IQ: p.iq, Agenda: p.agenda, Boards: p.boards, Logistics: p.logistics,
		Webhooks: p.webhooks, Sandbox: p.sandbox, Links: p.links, Voc: p.voc,
	}
	answers.Inboxes, answers.Insight = p.inbox, p.insight
	return transport.New(transport.Config{
		Schema: func(who identity.Persona) graphql.ExecutableSchema {
			own := persona.Whole(full) // nobody yet
			if who != "" {
				own = persona.Prune(full, who)
			}
			return graph.NewExecutableSchema(graph.Config{Schema: own, Resolvers: answers})
		},
		Authenticate:  p.authenticate,
		Watch:         p.people.Watch,
		Limits:        limit.Limits{},
		Costs:         graph.Costs,
		Introspection: c.Demo || c.Introspection,
		Documents:     documents,
		Extensions:    []graphql.HandlerExtension{observer, resolvers.SignIns{Resolver: answers}},
		Around:        []graphql.ResponseMiddleware{answers.AroundResponse},
		PresentError:  graph.PresentError,
		RequestID:     server.RequestID,
		Log:           p.log,
	}), nil
}

// authenticate returns ctx speaking for a token's bearer, in the language of
// their own setting where they have one.
func (p *platform) authenticate(ctx context.Context, token string) (context.Context, error) {
	who, err := p.people.Recognise(ctx, token)
	if err != nil {
		return nil, err
	}
	if who.Language != "" {
		ctx = words.With(ctx, words.Pick(who.Language, ""))
	}
	ctx = identity.With(ctx, who)
	return ctx, p.sandbox.Meet(ctx)
}

// greet tells the person at the terminal where everything is. Demo secrets are
// printed here and never logged.
func (c *serveCommand) greet(clients []demoClient) {
	at := "http://" + c.Addr
	fmt.Printf("Dure serves on %s\n  API   %s/graphql\n  state %s/readyz\n", at, at, at)
	if !c.Demo {
		return
	}
	page := demoPage()
	fmt.Printf("Demo sign-ins, password %s:\n", page.Password)
	for _, l := range page.Logins {
		fmt.Printf("  %-18s %s · %s\n", l.Login, l.Korean, l.English)
	}
	fmt.Printf("Demo systems, tokens by POST %s/oauth/token:\n", c.publicURL())
	for _, k := range clients {
		fmt.Printf("  %-18s %s\n", k.Name, k.secret)
	}
}

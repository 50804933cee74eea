package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"dure/adapters/ids"
	"dure/adapters/store"
	"dure/adapters/vault"
	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/iq"
	"dure/internal/demo"
	"dure/internal/essentials"
	"dure/server"
)

// demoPage is what the front page and the terminal tell of the demo's sign-ins.
func demoPage() *server.Demo {
	return &server.Demo{Password: demo.Password, Logins: []server.DemoLogin{
		{Login: demo.DealerLogin, Korean: "대리점", English: "Dealer"},
		{Login: demo.OtherDealerLogin, Korean: "다른 대리점", English: "Another dealer"},
		{Login: demo.RepLogin, Korean: "영업사원", English: "Sales rep"},
		{Login: demo.HQLogin, Korean: "본사", English: "Headquarters"},
	}}
}

// seedEssentials gives the database what every deployment needs and does not
// have yet: provinces, districts, consent texts and the starting rulebook.
func (p *platform) seedEssentials(ctx context.Context) error {
	err := p.db.Do(ctx, func(ctx context.Context) error {
		return p.db.LoadMissing(ctx, essentials.Regions(), essentials.Districts(), essentials.ConsentTexts(), []iq.Rulebook{essentials.Rulebook()})
	})
	if err != nil {
		return fmt.Errorf("seed the essentials: %w", err)
	}
	return nil
}

// seedDemo puts the demo world into an empty database, all or nothing, and
// leaves any other as it is. Copies that start at the same moment seed once.
func (p *platform) seedDemo(ctx context.Context, size string, seed uint64) error {
	ctx = identity.With(ctx, identity.System)
	err := p.db.Do(ctx, func(ctx context.Context) error {
		const turn = "seed"
		progress, holder := store.Progress{DB: p.db}, ids.New("run")
		if _, err := progress.Lease(ctx, turn, holder, time.Now(), time.Minute); err != nil { // a twin waits here
			return err
		}
		empty, err := p.db.Empty(ctx)
		if err != nil || !empty {
			return err
		}
		world, err := p.demoWorld(ctx, size, seed)
		if err != nil {
			return err
		}
		if err := p.loadWorld(ctx, world); err != nil {
			return err
		}
		return progress.Release(ctx, turn, holder)
	})
	if err != nil {
		return fmt.Errorf("seed the demo world: %w", err)
	}
	return nil
}

// closeDemo keeps the demo's sign-ins, whose password everybody knows, out of a
// database that was a demo once and is served as any other now.
func (p *platform) closeDemo() { p.people.Closed = demo.Owns }

// demoWorld makes the world that ends now, with everybody's contact sealed.
func (p *platform) demoWorld(ctx context.Context, size string, seed uint64) (*demo.World, error) {
	hash, err := vault.HashPassword(demo.Password)
	if err != nil {
		return nil, err
	}
	world, err := demo.Make(demo.Options{Size: size, Seed: seed, Now: time.Now(), PasswordHash: hash, NewID: ids.At})
	if err != nil {
		return nil, err
	}
	return world, errors.Join(p.customers.SealAll(ctx, world.Customers), p.logistics.SealAll(ctx, world.Shipments, world.Proofs))
}

func (p *platform) loadWorld(ctx context.Context, w *demo.World) error {
	for _, film := range demo.Films() { // files are there before what names them
		if _, _, err := p.files.Put(ctx, bytes.NewReader(film)); err != nil {
			return err
		}
	}
	if err := p.db.LoadMissing(ctx, w.Essentials()...); err != nil {
		return err
	}
	if err := p.db.Load(ctx, w.Tables()...); err != nil {
		return err
	}
	if err := p.db.LoadNumbers(ctx, "quote", idsOf(w.Quotes, func(q deal.Quote) string { return q.ID })); err != nil {
		return err
	}
	if err := p.db.LoadNumbers(ctx, "contract", idsOf(w.Contracts, func(c deal.Contract) string { return c.ID })); err != nil {
		return err
	}
	return p.db.ContinueSeries(ctx)
}

func idsOf[T any](rows []T, id func(T) string) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		out[i] = id(row)
	}
	return out
}

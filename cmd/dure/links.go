package main

import (
	"context"

	"dure/adapters/store"
	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/lending"
	"dure/domain/link"
	"dure/domain/work"
	"dure/jobs"
)

// Labels of the keys that customers' links, and those of their files, follow from.
const (
	labelCustomerLink = "customer-link"
	labelCustomerFile = "customer-file"
)

// wireLinks wires how customers come in. Like sign-ins their links keep to the
// wall clock, whatever the sandbox's says.
func (p *platform) wireLinks(kit work.Kit, log act.Recorder, jobWork *jobs.Work) {
	p.links = &link.Service{
		Kit: kit, Store: store.Links{DB: p.db}, Acts: log, Key: p.vault.Key(labelCustomerLink), Tokens: tokens{p.vault}, Limiter: p.redis.Limits(),
		Files: lending.Links{Key: p.vault.Key(labelCustomerFile)}, Deals: p.deals, Customers: p.customers, Catalogue: p.catalogue, Channel: p.channel,
		Lending: p.lending, Logistics: p.logistics, People: p.people,
	}
	jobWork.SendLinkLetter = p.links.SendLetter
}

// fileByLink opens what a signed link leads to: a lender's, or a customer's.
func (p *platform) fileByLink(ctx context.Context, token string) (*lending.SharedFile, error) {
	file, err := p.lending.FileByLink(ctx, token)
	if fault.CodeOf(err) == fault.NotFound {
		return p.links.FileByLink(ctx, token)
	}
	return file, err
}

// Package resolvers answers the schema: each resolver calls a service, wraps
// what comes back and returns it.
package resolvers

import (
	"dure/domain/agenda"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/inbox"
	"dure/domain/insight"
	"dure/domain/iq"
	"dure/domain/leaderboard"
	"dure/domain/lending"
	"dure/domain/link"
	"dure/domain/logistics"
	"dure/domain/sandbox"
	"dure/domain/voc"
	"dure/domain/webhook"
)

// Resolver is handed the services.
type Resolver struct {
	People    *identity.Service
	Channel   *channel.Service
	Catalogue *catalogue.Service
	Customers *customer.Service
	Deals     *deal.Service
	IQ        *iq.Service
	Agenda    *agenda.Service
	Inboxes   *inbox.Service
	Insight   *insight.Service
	Boards    *leaderboard.Service
	Lending   *lending.Service
	Logistics *logistics.Service
	Links     *link.Service
	Voc       *voc.Service
	Webhooks  *webhook.Service
	Sandbox   *sandbox.Service
}

package demo

import (
	"time"

	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/lending"
)

// leaveOneWaiting has the first of the demo's lenders find an application that
// nobody has decided, whatever the dice said: the page for lenders decides one.
func (m *maker) leaveOneWaiting() {
	lender := m.lender(Clients[0].Organization)
	for _, s := range m.shops {
		for _, a := range s.applications {
			if a.LenderID == lender && a.Status == lending.Submitted {
				return
			}
		}
	}
	for _, s := range m.shops {
		if s.askToday(lender) {
			return
		}
	}
}

// askToday sends that lender an application for the newest contract of a
// customer for whom no lender was asked. It reports whether the shop has one.
func (s *shop) askToday(lender string) bool {
	asked, quotes := map[string]bool{}, map[string]*deal.Quote{}
	for _, a := range s.applications {
		asked[a.CustomerID] = true
	}
	for _, q := range s.quotes {
		quotes[q.ID] = q
	}
	var newest *deal.Contract
	for _, c := range s.contracts {
		free := c.Status == deal.ContractSigned && quotes[c.QuoteID] != nil && !asked[c.CustomerID]
		if free && c.SignedAt.Before(s.m.Now.Add(-24*time.Hour)) && (newest == nil || c.SignedAt.After(newest.SignedAt)) {
			newest = c
		}
	}
	if newest == nil {
		return false
	}
	// A stream of its own: what was sold and financed before stays as it was.
	trade, id := s.dice, s.id
	s.dice, s.id = s.m.stream("waiting"), s.m.identifier("waiting")
	defer func() { s.dice, s.id = trade, id }()
	l := &loan{shop: s, c: newest, q: quotes[newest.QuoteID], who: pick(s.dice, s.sellers), at: s.m.Now.Add(-s.span(time.Hour, 3*time.Hour))}
	for _, c := range s.clients {
		if c.ID == newest.CustomerID {
			l.client = c
		}
	}
	const months = 36
	s.enter(l.client, l.by(l.who, l.at), customer.ThirdParty, lender, customer.Granted, l.at)
	l.apply(lender, l.q.Total/2, months)
	s.shares = append(s.shares, l.open...)
	return true
}

package demo

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"dure/domain/act"
	"dure/domain/deal"
	"dure/domain/insight"
	"dure/domain/iq"
	"dure/domain/kst"
)

// gather brings what the shops made into one world, in the order of time.
func (m *maker) gather() {
	var quotes []*deal.Quote
	var contracts []*deal.Contract
	acts := m.introduceRules()
	for _, s := range m.shops {
		slices.SortFunc(s.acts, func(a, b act.Act) int { return cmp.Or(a.ReceivedAt.Compare(b.ReceivedAt), cmp.Compare(a.ID, b.ID)) })
		for i := range s.acts {
			acts = append(acts, &s.acts[i])
		}
		for _, c := range s.clients {
			m.Customers = append(m.Customers, c.Customer)
		}
		m.Consents = append(m.Consents, s.consents...)
		for _, k := range s.consultations {
			m.Consultations = append(m.Consultations, *k)
		}
		m.Showings = append(m.Showings, s.showings...)
		quotes, contracts = append(quotes, s.quotes...), append(contracts, s.contracts...)
	}
	m.Quotes = inOrder(quotes, func(q *deal.Quote) (time.Time, string) { return q.IssuedAt, q.ID })
	for i := range m.Quotes {
		q := &m.Quotes[i]
		q.Number = fmt.Sprintf("Q-%s-%06d", q.IssuedAt.In(kst.Zone).Format("2006"), i+1)
	}
	m.Contracts = inOrder(contracts, func(c *deal.Contract) (time.Time, string) { return c.DraftedAt, c.ID })
	for i := range m.Contracts {
		c := &m.Contracts[i]
		c.Number = fmt.Sprintf("C-%s-%06d", c.DraftedAt.In(kst.Zone).Format("2006"), i+1)
	}
	m.gatherShipments()
	m.gatherLoans()
	m.Acts = inOrder(acts, func(a *act.Act) (time.Time, string) { return a.ReceivedAt, a.ID })
	for i := range m.Acts {
		m.Acts[i].Seq = int64(i + 1)
	}
	m.makeSales()
}

// inOrder returns rows by time, and within a moment by id.
func inOrder[T any](rows []*T, key func(*T) (time.Time, string)) []T {
	slices.SortFunc(rows, func(a, b *T) int {
		atA, idA := key(a)
		atB, idB := key(b)
		return cmp.Or(atA.Compare(atB), cmp.Compare(idA, idB))
	})
	out := make([]T, len(rows))
	for i, row := range rows {
		out[i] = *row
	}
	return out
}

// introduceRules is the act of the second rulebook's publication.
func (m *maker) introduceRules() []*act.Act {
	var acts []*act.Act
	id := m.identifier("rules")
	for _, book := range m.Rulebooks[1:] {
		acts = append(acts, &act.Act{
			ID: id.at("act", book.PublishedAt), Kind: act.RulebookIntroduced, ActorID: m.Users[0].ID, SubjectID: strconv.Itoa(book.Version),
			Facts:      act.Facts{"version": book.Version, "lateDays": 0, "registeredDevice": false},
			OccurredAt: book.PublishedAt, ReceivedAt: book.PublishedAt,
		})
	}
	return acts
}

// makeSales projects the sales from the log, as the product does.
func (m *maker) makeSales() {
	at := map[string]int{}
	for _, a := range m.Acts {
		switch a.Kind {
		case act.ContractSigned, act.PaperRecorded:
			at[a.SubjectID] = len(m.Sales)
			m.Sales = append(m.Sales, insight.SaleOf(a))
		case act.ContractCancelled:
			m.Sales[at[a.SubjectID]].CancelledAt = a.OccurredAt
		}
	}
}

// settle posts the ledger of every season that the history touches, entry by
// entry as if each act had been judged when it came in.
func (m *maker) settle() {
	m.eachShop(func(s *shop) {
		for season := iq.SeasonOf(m.begins); !season.Start.After(m.Now); season = season.Next() {
			if account := m.ledgerOf(season, s.dealer.ID, s.acts); len(account) > 0 {
				s.accounts = append(s.accounts, account)
			}
		}
	})
	var entries []*iq.LedgerEntry
	for _, s := range m.shops {
		for _, account := range s.accounts {
			for i := range account {
				entries = append(entries, &account[i])
			}
		}
	}
	slices.SortStableFunc(entries, func(a, b *iq.LedgerEntry) int { return a.PostedAt.Compare(b.PostedAt) })
	id := m.identifier("ledger")
	m.Entries = make([]iq.LedgerEntry, len(entries))
	for i, e := range entries {
		e.Seq, e.ID = int64(i+1), id.at("led", e.PostedAt)
		m.Entries[i] = *e
	}
	for _, s := range m.shops {
		for _, account := range s.accounts {
			m.Totals = append(m.Totals, totalOf(account))
		}
	}
}

// totalOf sums up a dealer's season.
func totalOf(account []iq.LedgerEntry) iq.Total {
	season, err := iq.SeasonByKey(account[0].Season)
	if err != nil {
		panic("demo: " + err.Error()) //nolint:forbidigo // the same world each time: a test would have seen it
	}
	total := iq.TotalOf(season, account[0].DealerID, account)
	if total.ReachedAt.IsZero() {
		total.ReachedAt = season.Start
	}
	return total
}

// ledgerOf settles a dealer's season. Acts come in as they happen, so that all
// of them but cancellations can be judged at once without a difference to
// judging one by one; each cancellation is a settlement of its own.
func (m *maker) ledgerOf(season iq.Season, dealerID string, acts []act.Act) []iq.LedgerEntry {
	book, err := iq.BookFor(season, m.Rulebooks)
	if err != nil {
		return nil
	}
	from, to := book.Window(season)
	begin, _ := slices.BinarySearchFunc(acts, from, byTime)
	end, _ := slices.BinarySearchFunc(acts, to, byTime)
	acts = acts[begin:end]
	var entries []iq.LedgerEntry
	settle := func(known []act.Act, now time.Time) {
		awards := iq.Score(book, iq.Clauses{}, season, known)
		posted := iq.Settle(season, book, dealerID, awards, entries, now, func() string { return "" })
		for i := range posted {
			if posted[i].Kind == iq.Earned {
				posted[i].PostedAt = posted[i].OccurredAt
			}
		}
		entries = append(entries, posted...)
	}
	for i, a := range acts {
		if book.Cancels(a.Kind) && !a.OccurredAt.Before(season.Start) {
			settle(acts[:i], a.ReceivedAt)
			settle(acts[:i+1], a.ReceivedAt)
		}
	}
	settle(acts, m.Now)
	return entries
}

func byTime(a act.Act, t time.Time) int { return a.OccurredAt.Compare(t) }

// divide draws the divisions of every season that has a past to draw them from.
func (m *maker) divide() {
	for season := iq.SeasonOf(m.begins).Next(); !season.Start.After(m.Now); season = season.Next() {
		machines := map[string]int{}
		for _, s := range m.Sales {
			year := season.Start.AddDate(-1, 0, 0)
			if !s.SoldAt.Before(year) && s.SoldAt.Before(season.Start) && (s.CancelledAt.IsZero() || s.CancelledAt.After(season.Start)) {
				machines[s.DealerID] += s.Quantity
			}
		}
		volumes := make([]iq.Volume, len(m.Dealers))
		for i, d := range m.Dealers {
			volumes[i] = iq.Volume{DealerID: d.ID, Machines: machines[d.ID]}
		}
		m.Divisions = append(m.Divisions, iq.Divide(season.Key, volumes)...)
	}
}

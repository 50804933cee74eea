package lending

import (
	"context"
	"slices"
	"strings"
	"time"

	"dure/domain/chain"
	"dure/domain/customer"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/page"
)

// What a lender looked at.
const (
	LookContract = "contract"
	LookTerms    = "terms"
	LookBorrower = "borrower"
	LookPaper    = "paper"
	LookDocument = "document"
)

// AccessEntry says that somebody looked at a customer's data. The entries of a
// customer are a chain: none can be changed, dropped or moved unnoticed.
type AccessEntry struct {
	CustomerID     string `bun:",pk"`
	Seq            int64  `bun:",pk"` // from 1, without gaps
	At             time.Time
	OrganizationID string
	ActorID        string // the client that asked
	SubjectID      string // the contract, application or stipulation it was reached by
	What           string
	Items          string // with commas
	Hash           string
}

// ItemList lists the items that were shown.
func (e AccessEntry) ItemList() []customer.ConsentItem {
	names := strings.Split(e.Items, ",")
	items := make([]customer.ConsentItem, len(names))
	for i, name := range names {
		items[i] = customer.ConsentItem(name)
	}
	return items
}

func (e AccessEntry) parts() []string {
	return []string{
		e.CustomerID, decimal(e.Seq), e.At.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano),
		e.OrganizationID, e.ActorID, e.SubjectID, e.What, e.Items,
	}
}

// follow returns e as the entry after end.
func (e AccessEntry) follow(end AccessEntry) AccessEntry {
	e.Seq = end.Seq + 1
	e.Hash = chain.Next(end.Hash, e.parts()...)
	return e
}

// look is one customer's data that is about to be shown.
type look struct {
	customerID, subjectID, what string
	items                       []customer.ConsentItem
}

// write appends looks to the logs of their customers: the one place where it is
// done. A look at nothing is not written.
func (s *Service) write(ctx context.Context, scope identity.Scope, looks []look) error {
	looks = slices.DeleteFunc(looks, func(l look) bool { return len(l.items) == 0 })
	if len(looks) == 0 {
		return nil
	}
	ids := make([]string, len(looks))
	for i, l := range looks {
		ids[i] = l.customerID
	}
	slices.Sort(ids)
	ends, err := s.Store.LockCustomers(ctx, slices.Compact(ids))
	if err != nil {
		return err
	}
	at, entries := s.now(), make([]AccessEntry, len(looks))
	for i, l := range looks {
		items := make([]string, len(l.items))
		for n, item := range l.items {
			items[n] = string(item)
		}
		entries[i] = AccessEntry{
			CustomerID: l.customerID, At: at, OrganizationID: scope.OrganizationID, ActorID: scope.UserID,
			SubjectID: l.subjectID, What: l.what, Items: strings.Join(items, ","),
		}.follow(ends[l.customerID])
		ends[l.customerID] = entries[i]
	}
	return s.Store.AppendAccess(ctx, entries, ends)
}

// AccessLog lists who looked at a customer's data, the newest first.
func (s *Service) AccessLog(ctx context.Context, customerID string, first *int, after *string) (*AccessEntryConnection, error) {
	if err := s.mayReadAccess(ctx, customerID); err != nil {
		return nil, err
	}
	list := "accessLog/" + customerID
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	rows, total, err := s.Store.AccessOf(ctx, customerID, r)
	if err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(e AccessEntry) []string { return []string{decimal(e.Seq)} }), nil
}

// mayReadAccess fails unless the caller may read who looked at that customer.
func (s *Service) mayReadAccess(ctx context.Context, customerID string) error {
	if _, err := identity.Allow(ctx, identity.AccessRead); err != nil {
		return err
	}
	_, err := s.Customers.Customer(ctx, customerID) // whose reach is the same
	return fault.Refer(err, "customerId")
}

// AccessCheck is what came of checking a customer's log.
type AccessCheck struct {
	Entries int
	Intact  bool
}

// VerifyAccessLog walks a customer's log from its first entry to its end.
func (s *Service) VerifyAccessLog(ctx context.Context, customerID string) (*AccessCheck, error) {
	if err := s.mayReadAccess(ctx, customerID); err != nil {
		return nil, err
	}
	entries, end, err := s.Store.AccessChain(ctx, customerID)
	if err != nil {
		return nil, err
	}
	last := AccessEntry{Hash: chain.Genesis}
	intact := true
	for _, e := range entries {
		next := e.follow(last)
		intact = intact && next.Seq == e.Seq && next.Hash == e.Hash
		last = next
	}
	intact = intact && last.Seq == end.Seq && last.Hash == end.Hash
	return &AccessCheck{Entries: len(entries), Intact: intact}, nil
}

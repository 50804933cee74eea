package lending

import (
	"context"
	"slices"
	"time"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/feed"
)

// Share is what is open to a lender now: a contract, or an application, with the
// items that the customer agreed to.
type Share struct {
	OrganizationID string `bun:",pk"`
	RowID          string `bun:",pk"` // the contract or the application
	ContractID     string `bun:",nullzero"`
	CustomerID     string
	Items          []customer.ConsentItem `bun:",type:text"`
	SharedAt       time.Time
}

// Opens reports whether all of the items are open.
func (h Share) Opens(items ...customer.ConsentItem) bool {
	for _, item := range items {
		if !slices.Contains(h.Items, item) {
			return false
		}
	}
	return true
}

// Follow implements act.Follower: what is shared follows consents and contracts
// in their own transaction.
func (s *Service) Follow(ctx context.Context, acts []act.Act) error {
	for _, a := range acts {
		if a.CustomerID == "" {
			continue // nobody whose data could be shared
		}
		var err error
		switch a.Kind {
		case act.ConsentRecorded, act.ConsentWithdrawn:
			if a.Facts.Text("purpose") == string(customer.ThirdParty) {
				err = s.align(ctx, a)
			}
		case act.ContractDrafted, act.PaperRecorded:
			err = s.moveToContract(ctx, a)
		case act.ContractSigned, act.ContractCancelled:
			err = s.announce(ctx, a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// moveToContract lets lenders that were asked about a quote see the contract
// that was drafted from it.
func (s *Service) moveToContract(ctx context.Context, a act.Act) error {
	if _, err := s.Store.LockCustomers(ctx, []string{a.CustomerID}); err != nil {
		return err
	}
	by, err := s.Deals.ContractsByID(asPlatform(ctx), []string{a.SubjectID})
	if err != nil {
		return err
	}
	c, ok := by[a.SubjectID]
	if !ok || c.QuoteID == "" {
		return nil // lenders were asked about no quote
	}
	if err := s.Store.MoveToContract(ctx, c.QuoteID, c.ID); err != nil {
		return err
	}
	return s.align(ctx, a)
}

// announce tells the lenders that a contract is open to that it changed.
func (s *Service) announce(ctx context.Context, a act.Act) error {
	if _, err := s.Store.LockCustomers(ctx, []string{a.CustomerID}); err != nil { // or one that is shared just now would not be told
		return err
	}
	shares, err := s.Store.SharesOfCustomer(ctx, a.CustomerID)
	if err != nil {
		return err
	}
	var changes []feed.Change
	for _, h := range shares {
		if h.RowID == a.SubjectID {
			changes = append(changes, s.change(feed.ContractChanged, h, a))
		}
	}
	return s.Feed.Post(ctx, changes...)
}

// change is what a lender hears about what is shared with it.
func (s *Service) change(kind feed.Kind, h Share, a act.Act) feed.Change {
	return feed.Change{
		ID: s.NewID("chg"), OrganizationID: h.OrganizationID, ContractID: h.ContractID, SubjectID: h.RowID,
		Kind: kind, ActID: a.ID, OccurredAt: a.OccurredAt, PostedAt: s.now(),
	}
}

// align makes what is shared of a customer what their consents and applications
// say, and tells each lender what was opened, changed or closed to it.
func (s *Service) align(ctx context.Context, a act.Act) error {
	if _, err := s.Store.LockCustomers(ctx, []string{a.CustomerID}); err != nil {
		return err
	}
	had, err := s.Store.SharesOfCustomer(ctx, a.CustomerID)
	if err != nil {
		return err
	}
	due, err := s.due(ctx, a.CustomerID)
	if err != nil {
		return err
	}
	var put, drop []Share
	var changes []feed.Change
	tell := func(kind feed.Kind, h Share) {
		if h.RowID == h.ContractID || h.ContractID == "" { // an application is told of by its contract, once there is one
			changes = append(changes, s.change(kind, h, a))
		}
	}
	for _, h := range had {
		if !slices.ContainsFunc(due, h.same) {
			drop = append(drop, h)
			tell(feed.ContractClosed, h)
		}
	}
	for _, h := range due {
		i := slices.IndexFunc(had, h.same)
		switch {
		case i < 0:
			put = append(put, h)
			tell(feed.ContractShared, h)
		case !slices.Equal(had[i].Items, h.Items) || had[i].ContractID != h.ContractID:
			h.SharedAt = had[i].SharedAt
			put = append(put, h)
			if had[i].ContractID == h.ContractID {
				tell(feed.ContractChanged, h)
			} else {
				tell(feed.ContractClosed, had[i]) // from now on it is told of by its contract
			}
		}
	}
	if err := s.Store.DropShares(ctx, drop); err != nil {
		return err
	}
	if err := s.Store.PutShares(ctx, put); err != nil {
		return err
	}
	return s.Feed.Post(ctx, changes...)
}

func (h Share) same(o Share) bool { return h.OrganizationID == o.OrganizationID && h.RowID == o.RowID }

// due is what should be shared of a customer now.
func (s *Service) due(ctx context.Context, customerID string) ([]Share, error) {
	applications, err := s.Store.OpenApplications(ctx, customerID)
	if err != nil || len(applications) == 0 {
		return nil, err
	}
	open, err := s.opened(ctx, customerID)
	if err != nil {
		return nil, err
	}
	var due []Share
	add := func(h Share) {
		if !slices.ContainsFunc(due, h.same) {
			due = append(due, h)
		}
	}
	for _, a := range applications {
		items := open[a.LenderID]
		if !slices.Contains(items, customer.ItemContract) {
			continue
		}
		h := Share{OrganizationID: a.LenderID, RowID: a.ID, ContractID: a.ContractID, CustomerID: customerID, Items: items, SharedAt: s.now()}
		if a.ContractID != "" {
			c := h
			c.RowID = a.ContractID
			add(c)
		}
		add(h)
	}
	return due, nil
}

// opened reads which items a customer's consents open, by recipient.
func (s *Service) opened(ctx context.Context, customerID string) (map[string][]customer.ConsentItem, error) {
	consents, err := s.Customers.ConsentsOf(asPlatform(ctx), []string{customerID})
	if err != nil {
		return nil, err
	}
	open := map[string][]customer.ConsentItem{}
	for _, c := range consents[customerID] {
		if items := c.Opens(); len(items) > 0 {
			open[c.Recipient] = items
		}
	}
	return open, nil
}

// contractOf is the contract that holds of a quote; nil when there is none.
func (s *Service) contractOf(ctx context.Context, quoteID string) (*deal.Contract, error) {
	by, err := s.Deals.ContractsOfQuotes(asPlatform(ctx), []string{quoteID})
	if err != nil {
		return nil, err
	}
	for _, c := range by[quoteID] {
		if c.Status != deal.ContractCancelled {
			return &c, nil
		}
	}
	return nil, nil
}

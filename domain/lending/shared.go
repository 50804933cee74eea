package lending

import (
	"context"
	"time"

	"dure/domain/batch"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/money"
)

// SharedDeal is what a lender may see of a deal beside the contract itself.
type SharedDeal struct {
	RowID     string // the contract or the application
	Items     []customer.ConsentItem
	SharedAt  time.Time
	Dealer    SharedDealer
	Lines     []deal.QuoteLine
	TradeIn   money.Won
	PaperLink *SignedLink // nil unless the consent opens all that the paper shows
}

// SharedDealer is whom the customer buys from.
type SharedDealer struct {
	ID             string
	Name           string
	BusinessNumber string
	RegionCode     string
}

// Borrower is what a lender may see of a customer. A field is nil, or empty,
// when the customer's consent does not open it.
type Borrower struct {
	Name      *string
	Kind      *customer.Kind
	BirthYear *int
	Phone     *string
	Mail      *string
	Address   *string
	Farm      *customer.Farm
	History   *History
}

// History is how a customer has dealt with the maker's dealers.
type History struct {
	CustomerSince      time.Time
	MachinesBought     int
	ContractsCancelled int
}

// Disclose implements deal.Disclosure: a contract is shown to a lender once that
// was written down.
func (s *Service) Disclose(ctx context.Context, scope identity.Scope, contracts []deal.Contract) error {
	looks := make([]look, len(contracts))
	for i, c := range contracts {
		looks[i] = look{c.CustomerID, c.ID, LookContract, []customer.ConsentItem{customer.ItemContract}}
	}
	return s.Do(ctx, func(ctx context.Context) error { return s.write(ctx, scope, looks) })
}

// shown reads what is shared of the rows with the caller, and has look written
// down for each in the same transaction: nothing is shown that is not.
func (s *Service) shown(ctx context.Context, rowIDs []string, what string, items func(Share) []customer.ConsentItem) (shares []Share, err error) {
	scope, err := identity.Allow(ctx, identity.SharedRead)
	if err != nil {
		return nil, err
	}
	err = s.Do(ctx, func(ctx context.Context) error {
		if shares, err = s.Store.SharesOfRows(ctx, scope.OrganizationID, rowIDs); err != nil {
			return err
		}
		looks := make([]look, len(shares))
		for i, h := range shares {
			looks[i] = look{h.CustomerID, h.RowID, what, items(h)}
		}
		return s.write(ctx, scope, looks)
	})
	return shares, err
}

// SharedOf reads what the caller may see of many contracts or applications; one
// that is not open to it is left out.
func (s *Service) SharedOf(ctx context.Context, rowIDs []string) (map[string]SharedDeal, error) {
	shares, err := s.shown(ctx, rowIDs, LookTerms, func(Share) []customer.ConsentItem {
		return []customer.ConsentItem{customer.ItemContract}
	})
	if err != nil {
		return nil, err
	}
	deals, err := s.dealsOf(ctx, shares)
	if err != nil {
		return nil, err
	}
	out := make(map[string]SharedDeal, len(shares))
	for _, h := range shares {
		d := deals[h.RowID]
		d.RowID, d.Items, d.SharedAt = h.RowID, h.Items, h.SharedAt
		if d.PaperLink != nil && !h.Opens(itemsOfPaper...) {
			d.PaperLink = nil
		}
		out[h.RowID] = d
	}
	return out, nil
}

// dealsOf reads the dealer, the machines and the paper behind each share.
func (s *Service) dealsOf(ctx context.Context, shares []Share) (map[string]SharedDeal, error) {
	platform := asPlatform(ctx)
	applications, err := s.Store.ApplicationsByID(platform, everything, rowsOf(shares, func(h Share) string { return h.RowID }))
	if err != nil {
		return nil, err
	}
	quoteOf := make(map[string]string, len(shares)) // by row
	dealerOf := make(map[string]string, len(shares))
	for _, a := range applications {
		quoteOf[a.ID], dealerOf[a.ID] = a.QuoteID, a.DealerID
	}
	contracts, err := s.Deals.ContractsByID(platform, rowsOf(shares, func(h Share) string { return h.ContractID }))
	if err != nil {
		return nil, err
	}
	for _, h := range shares {
		if c, ok := contracts[h.ContractID]; ok {
			quoteOf[h.RowID], dealerOf[h.RowID] = c.QuoteID, c.DealerID
		}
	}
	quotes, err := s.Deals.QuotesByID(platform, valuesOf(quoteOf))
	if err != nil {
		return nil, err
	}
	dealers, err := s.Channel.DealersByID(platform, valuesOf(dealerOf))
	if err != nil {
		return nil, err
	}
	out := make(map[string]SharedDeal, len(shares))
	for _, h := range shares {
		var d SharedDeal
		if q := quotes[quoteOf[h.RowID]]; len(q) > 0 {
			d.Lines, d.TradeIn = q[0].Lines, q[0].TradeIn.Amount
		}
		if shop, ok := dealers[dealerOf[h.RowID]]; ok {
			d.Dealer = SharedDealer{ID: shop.ID, Name: shop.Name, BusinessNumber: shop.BusinessNumber, RegionCode: shop.RegionCode}
		}
		if c, ok := contracts[h.ContractID]; ok && c.Channel == deal.Digital && (c.PaperSHA256 != "" || c.QuoteID != "") {
			d.PaperLink = s.link(ctx, linkPaper, c.ID)
		}
		out[h.RowID] = d
	}
	return out, nil
}

var everything = identity.Scope{Reach: identity.Everything}

func rowsOf(shares []Share, id func(Share) string) []string {
	out := make([]string, len(shares))
	for i, h := range shares {
		out[i] = id(h)
	}
	return out
}

func valuesOf(by map[string]string) []string {
	out := make([]string, 0, len(by))
	for _, v := range by {
		out = append(out, v)
	}
	return out
}

// itemsOfBorrower are those of a share that say something about the customer.
func itemsOfBorrower(h Share) []customer.ConsentItem {
	var items []customer.ConsentItem
	for _, item := range h.Items {
		if item != customer.ItemContract {
			items = append(items, item)
		}
	}
	return items
}

// BorrowersOf reads what the caller may see of the customer behind each of many
// contracts or applications. What no consent opens is never read.
func (s *Service) BorrowersOf(ctx context.Context, rowIDs []string) (map[string]Borrower, error) {
	shares, err := s.shown(ctx, rowIDs, LookBorrower, itemsOfBorrower)
	if err != nil {
		return nil, err
	}
	ids := rowsOf(shares, func(h Share) string { return h.CustomerID })
	people, err := s.Customers.CustomersByID(asPlatform(ctx), ids)
	if err != nil {
		return nil, err
	}
	histories, err := s.Store.Histories(ctx, ids)
	if err != nil {
		return nil, err
	}
	by := batch.By(shares, func(h Share) string { return h.RowID })
	out := make(map[string]Borrower, len(by))
	for id, h := range by {
		c := people[h.CustomerID]
		history := histories[h.CustomerID]
		history.CustomerSince = c.CreatedAt
		out[id] = h.borrower(c, history)
	}
	return out, nil
}

// borrower is what the share opens of a customer.
func (h Share) borrower(c customer.Customer, history History) Borrower {
	var b Borrower
	if h.Opens(customer.ItemIdentity) {
		b.Name, b.Kind = &c.Name, &c.Kind
		if c.BirthYear != 0 {
			b.BirthYear = &c.BirthYear
		}
	}
	if h.Opens(customer.ItemContact) {
		b.Phone, b.Mail, b.Address = &c.Phone, &c.Mail, &c.Address
	}
	if h.Opens(customer.ItemFarm) {
		b.Farm = &c.Farm
	}
	if h.Opens(customer.ItemCredit) {
		b.History = &history
	}
	return b
}

package lending

import (
	"context"
	"io"
	"time"

	"dure/domain/act"
	"dure/domain/batch"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/work"
)

// Store keeps applications, what is shared, and who looked at it. Reads that
// take a scope see its rows alone.
type Store interface {
	Application(ctx context.Context, scope identity.Scope, id string) (*FinanceApplication, error)
	Applications(ctx context.Context, scope identity.Scope, f ApplicationFilter, r page.Request) ([]FinanceApplication, int, error)
	ApplicationsByID(ctx context.Context, scope identity.Scope, ids []string) ([]FinanceApplication, error)
	ApplicationsOfContracts(ctx context.Context, scope identity.Scope, contractIDs []string) ([]FinanceApplication, error)
	// OpenApplications reads a customer's applications that lenders still deal with.
	OpenApplications(ctx context.Context, customerID string) ([]FinanceApplication, error)
	AddApplications(ctx context.Context, applications []FinanceApplication) error
	// SaveApplication fails with fault.Conflict when somebody changed it since it was read.
	SaveApplication(ctx context.Context, a *FinanceApplication) error
	// MoveToContract lets a quote's open applications be about the contract that
	// was drafted from it. It is no edit: the version stays.
	MoveToContract(ctx context.Context, quoteID, contractID string) error

	Stipulation(ctx context.Context, scope identity.Scope, id string) (*Stipulation, error)
	StipulationsOf(ctx context.Context, scope identity.Scope, applicationIDs []string) ([]Stipulation, error)
	AddStipulations(ctx context.Context, wanted []Stipulation) error
	// SaveAnswer keeps what was handed in. It fails with fault.Conflict when
	// something was already.
	SaveAnswer(ctx context.Context, s *Stipulation) error

	// AddDocument keeps that a dealership uploaded a document, from now on.
	AddDocument(ctx context.Context, d *Document) error
	// Document fails with fault.NotFound when that dealership uploaded none such.
	Document(ctx context.Context, sha256, dealerID string) (*Document, error)
	// DropDocuments forgets documents that were uploaded before, and returns the
	// hashes that nobody uploaded since.
	DropDocuments(ctx context.Context, before time.Time) (gone []string, err error)

	// LockCustomers holds customers, in the order of their ids, until the
	// transaction ends and reads the ends of their access logs.
	LockCustomers(ctx context.Context, customerIDs []string) (map[string]AccessEntry, error)
	SharesOfCustomer(ctx context.Context, customerID string) ([]Share, error)
	SharesOfRows(ctx context.Context, organizationID string, rowIDs []string) ([]Share, error)
	PutShares(ctx context.Context, shares []Share) error
	DropShares(ctx context.Context, shares []Share) error

	AppendAccess(ctx context.Context, entries []AccessEntry, ends map[string]AccessEntry) error
	AccessOf(ctx context.Context, customerID string, r page.Request) ([]AccessEntry, int, error)
	AccessChain(ctx context.Context, customerID string) (entries []AccessEntry, end AccessEntry, err error)
	Histories(ctx context.Context, customerIDs []string) (map[string]History, error)
}

// Organizations knows the firms that use the platform.
type Organizations interface {
	OrganizationsByID(ctx context.Context, ids []string) (map[string]identity.Organization, error)
}

// Files keeps documents under their SHA-256.
type Files interface {
	Put(ctx context.Context, r io.Reader) (sha256 string, size int64, err error)
	Get(ctx context.Context, sha256 string) (io.ReadCloser, error)
}

// Service carries out what lies between a dealer and a lender.
type Service struct {
	work.Kit
	Store         Store
	Acts          act.Recorder
	Feed          feed.Recorder
	Changes       feed.Reader
	Cursors       page.Codec
	Links         Links
	Files         Files
	Uploads       Uploads
	Deals         *deal.Service
	Customers     *customer.Service
	Channel       *channel.Service
	Organizations Organizations
}

// asPlatform returns ctx reading for the platform itself, where a caller's reach
// was checked by other means.
func asPlatform(ctx context.Context) context.Context { return identity.With(ctx, identity.System) }

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Application reads an application by id. It fails with fault.NotFound.
func (s *Service) Application(ctx context.Context, id string) (*FinanceApplication, error) {
	scope, err := identity.Allow(ctx, identity.FinanceRead)
	if err != nil {
		return nil, err
	}
	return s.Store.Application(ctx, scope, id)
}

// Applications lists applications, the newest first.
func (s *Service) Applications(ctx context.Context, f *ApplicationFilter, first *int, after *string) (*FinanceApplicationConnection, error) {
	scope, err := identity.Allow(ctx, identity.FinanceRead)
	if err != nil {
		return nil, err
	}
	const list = "financeApplications"
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	if f == nil {
		f = &ApplicationFilter{}
	}
	rows, total, err := s.Store.Applications(ctx, scope, *f, r)
	if err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(a FinanceApplication) []string { return []string{a.ID} }), nil
}

// ApplicationsByID reads many applications.
func (s *Service) ApplicationsByID(ctx context.Context, ids []string) (map[string]FinanceApplication, error) {
	scope, err := identity.Allow(ctx, identity.FinanceRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.ApplicationsByID(ctx, scope, ids)
	return batch.By(rows, func(a FinanceApplication) string { return a.ID }), err
}

// ApplicationsOfContracts reads the applications of many contracts, the newest
// first.
func (s *Service) ApplicationsOfContracts(ctx context.Context, contractIDs []string) (map[string][]FinanceApplication, error) {
	scope, err := identity.Allow(ctx, identity.FinanceRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.ApplicationsOfContracts(ctx, scope, contractIDs)
	return batch.Group(rows, func(a FinanceApplication) string { return a.ContractID }), err
}

// StipulationsOf reads the documents that were asked for in many applications.
func (s *Service) StipulationsOf(ctx context.Context, applicationIDs []string) (map[string][]Stipulation, error) {
	scope, err := identity.Allow(ctx, identity.FinanceRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.StipulationsOf(ctx, scope, applicationIDs)
	if err == nil && scope.Reach == identity.OwnOrganization {
		err = s.closeAnswers(ctx, rows)
	}
	return batch.Group(rows, func(w Stipulation) string { return w.ApplicationID }), err
}

// closeAnswers takes out of what a lender asked for the answers that no consent
// opens any more, and has the look at the others written down.
func (s *Service) closeAnswers(ctx context.Context, rows []Stipulation) error {
	var ids []string
	for _, w := range rows {
		if w.Status == Provided {
			ids = append(ids, w.ApplicationID)
		}
	}
	shares, err := s.shown(ctx, ids, LookDocument, func(Share) []customer.ConsentItem { return []customer.ConsentItem{customer.ItemContract} })
	if err != nil {
		return err
	}
	open := batch.By(shares, func(h Share) string { return h.RowID })
	for i, w := range rows {
		if _, ok := open[w.ApplicationID]; !ok {
			rows[i].Answer, rows[i].FileName, rows[i].FileType, rows[i].FileSHA256, rows[i].FileSize = "", "", "", "", 0
		}
	}
	return nil
}

// ChangeFeed is a part of what a partner hears of.
type ChangeFeed struct {
	Nodes   []feed.Change
	Cursor  string // where the next part begins; it stays valid
	HasMore bool
}

// ContractChanges reads what the caller's organisation heard of after a cursor,
// or from the beginning. A cursor belongs to the client that it was given to.
func (s *Service) ContractChanges(ctx context.Context, first *int, after *string) (*ChangeFeed, error) {
	scope, err := identity.Allow(ctx, identity.SharedRead)
	if err != nil {
		return nil, err
	}
	if scope.OrganizationID == "" {
		return nil, fault.New(fault.Forbidden, "identity.not_allowed")
	}
	list := "contractChanges/" + identity.From(ctx).UserID
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	batch, seq, err := placeOf(r)
	if err != nil {
		return nil, err
	}
	rows, err := s.Changes.After(ctx, scope.OrganizationID, batch, seq, r.Limit+1)
	if err != nil {
		return nil, err
	}
	part := &ChangeFeed{Nodes: rows, HasMore: len(rows) > r.Limit}
	if part.HasMore {
		part.Nodes = rows[:r.Limit]
	}
	if n := len(part.Nodes); n > 0 {
		batch, seq = part.Nodes[n-1].Batch, part.Nodes[n-1].Seq
	}
	part.Cursor = s.Cursors.Encode(list, decimal(batch), decimal(seq))
	return part, nil
}

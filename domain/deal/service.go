package deal

import (
	"context"
	"errors"
	"io"
	"time"

	"dure/domain/act"
	"dure/domain/batch"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/work"
)

// Store keeps consultations, quotes, contracts and their evidence. Reads by id
// and lists see the rows of scope alone; saves fail with fault.Conflict when
// somebody changed the row since it was read.
type Store interface {
	Consultation(ctx context.Context, scope identity.Scope, id string) (*Consultation, error)
	Consultations(ctx context.Context, scope identity.Scope, f ConsultationFilter, r page.Request) ([]Consultation, int, error)
	ConsultationsByID(ctx context.Context, scope identity.Scope, ids []string) ([]Consultation, error)
	AddConsultation(ctx context.Context, c *Consultation) error
	SaveConsultation(ctx context.Context, c *Consultation) error
	AddShowing(ctx context.Context, w *Showing) error
	ShowingsOf(ctx context.Context, scope identity.Scope, consultationIDs []string) ([]Showing, error)

	Quote(ctx context.Context, scope identity.Scope, id string) (*Quote, error)
	Quotes(ctx context.Context, scope identity.Scope, f QuoteFilter, now time.Time, r page.Request) ([]Quote, int, error)
	QuotesByID(ctx context.Context, scope identity.Scope, ids []string) ([]Quote, error)
	QuotesOfDeals(ctx context.Context, scope identity.Scope, dealIDs []string) ([]Quote, error)
	AddQuote(ctx context.Context, q *Quote) error
	SaveQuote(ctx context.Context, q *Quote) error
	AddFollowUp(ctx context.Context, f *FollowUp) error
	// FollowUpsOf reads follow-ups in the order in which they happened.
	FollowUpsOf(ctx context.Context, scope identity.Scope, quoteIDs []string) ([]FollowUp, error)
	// MarkFollowed keeps when a quote was first followed up. It is no edit: the
	// version stays.
	MarkFollowed(ctx context.Context, quoteID string, at time.Time) error

	Contract(ctx context.Context, scope identity.Scope, id string) (*Contract, error)
	Contracts(ctx context.Context, scope identity.Scope, f ContractFilter, r page.Request) ([]Contract, int, error)
	ContractsByID(ctx context.Context, scope identity.Scope, ids []string) ([]Contract, error)
	ContractsOfQuotes(ctx context.Context, scope identity.Scope, quoteIDs []string) ([]Contract, error)
	AddContract(ctx context.Context, c *Contract) error
	SaveContract(ctx context.Context, c *Contract) error
	// SetSealed names the sealed package of a contract that has none yet.
	SetSealed(ctx context.Context, contractID, sha256 string) error
	AddEvidence(ctx context.Context, contractID string, events ...EvidenceEvent) error
	Evidence(ctx context.Context, contractID string) ([]EvidenceEvent, error)

	// NextNumber takes the next number of a series, "quote" or "contract", for a
	// row. A transaction that fails leaves a gap.
	NextNumber(ctx context.Context, series, id string) (int64, error)
}

// Files keeps bytes under their SHA-256, written before the commit that names
// them.
type Files interface {
	Put(ctx context.Context, r io.Reader) (sha256 string, size int64, err error)
	Get(ctx context.Context, sha256 string) (io.ReadCloser, error)
}

// Sealing has a job seal the package of a signed contract once the running
// transaction has committed.
type Sealing interface {
	SealLater(ctx context.Context, contractID string) error
}

// Disclosure is told of every contract that is about to be shown to a partner's
// system. Unless it agrees, nothing is shown.
type Disclosure interface {
	Disclose(ctx context.Context, scope identity.Scope, contracts []Contract) error
}

// Service carries out the procedure.
type Service struct {
	work.Kit
	Store     Store
	Acts      act.Recorder
	Cursors   page.Codec
	Catalogue *catalogue.Service
	Customers *customer.Service
	Channel   *channel.Service
	Papers    Papers
	Files     Files
	Sealing   Sealing
	Disclosed Disclosure // needed where partners read contracts
}

// Consultation reads a consultation by id.
func (s *Service) Consultation(ctx context.Context, id string) (*Consultation, error) {
	scope, err := identity.Allow(ctx, identity.DealRead)
	if err != nil {
		return nil, err
	}
	return s.Store.Consultation(ctx, scope, id)
}

// Quote reads a quote by id.
func (s *Service) Quote(ctx context.Context, id string) (*Quote, error) {
	scope, err := identity.Allow(ctx, identity.DealRead)
	if err != nil {
		return nil, err
	}
	return s.Store.Quote(ctx, scope, id)
}

// Contract reads a contract by id.
func (s *Service) Contract(ctx context.Context, id string) (*Contract, error) {
	scope, err := identity.Allow(ctx, identity.ContractRead)
	if err != nil {
		return nil, err
	}
	c, err := s.Store.Contract(ctx, scope, id)
	if err != nil {
		return nil, err
	}
	return c, s.disclose(ctx, scope, []Contract{*c})
}

// ContractsByID reads many contracts.
func (s *Service) ContractsByID(ctx context.Context, ids []string) (map[string]Contract, error) {
	scope, err := identity.Allow(ctx, identity.ContractRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.ContractsByID(ctx, scope, ids)
	if err != nil {
		return nil, err
	}
	return batch.By(rows, func(c Contract) string { return c.ID }), s.disclose(ctx, scope, rows)
}

// disclose tells of contracts that a partner is about to be shown.
func (s *Service) disclose(ctx context.Context, scope identity.Scope, contracts []Contract) error {
	if scope.Reach != identity.OwnOrganization || len(contracts) == 0 {
		return nil
	}
	if s.Disclosed == nil {
		return errors.New("contracts are shown to a partner and nobody is told")
	}
	return s.Disclosed.Disclose(ctx, scope, contracts)
}

// own reads a contract for the channel's own people.
func (s *Service) own(ctx context.Context, id string) (*Contract, error) {
	scope, err := identity.Allow(ctx, identity.DealRead)
	if err != nil {
		return nil, err
	}
	return s.Store.Contract(ctx, scope, id)
}

// Consultations lists consultations, the newest first.
func (s *Service) Consultations(ctx context.Context, f *ConsultationFilter, first *int, after *string) (*page.Connection[Consultation], error) {
	return list(ctx, identity.DealRead, s.Cursors, "consultations", first, after, func(scope identity.Scope, r page.Request) ([]Consultation, int, error) {
		return s.Store.Consultations(ctx, scope, orZero(f), r)
	}, func(c Consultation) []string { return page.Moment(c.OpenedAt, c.ID) })
}

// Quotes lists quotes, the newest first.
func (s *Service) Quotes(ctx context.Context, f *QuoteFilter, first *int, after *string) (*page.Connection[Quote], error) {
	return list(ctx, identity.DealRead, s.Cursors, "quotes", first, after, func(scope identity.Scope, r page.Request) ([]Quote, int, error) {
		return s.Store.Quotes(ctx, scope, orZero(f), s.Now(), r)
	}, func(q Quote) []string { return page.Moment(q.IssuedAt, q.ID) })
}

// Contracts lists contracts, the newest first.
func (s *Service) Contracts(ctx context.Context, f *ContractFilter, first *int, after *string) (*page.Connection[Contract], error) {
	return list(ctx, identity.ContractRead, s.Cursors, "contracts", first, after, func(scope identity.Scope, r page.Request) ([]Contract, int, error) {
		if err := orZero(f).Check(); err != nil {
			return nil, 0, err
		}
		rows, total, err := s.Store.Contracts(ctx, scope, orZero(f), r)
		if err != nil {
			return nil, 0, err
		}
		return rows, total, s.disclose(ctx, scope, rows[:min(len(rows), r.Limit)])
	}, func(c Contract) []string { return []string{c.ID} })
}

func orZero[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// list reads one page of what the caller may read of deals.
func list[T any](ctx context.Context, action identity.Action, codec page.Codec, name string, first *int, after *string,
	read func(identity.Scope, page.Request) ([]T, int, error), keys func(T) []string,
) (*page.Connection[T], error) {
	scope, err := identity.Allow(ctx, action)
	if err != nil {
		return nil, err
	}
	r, err := codec.Request(name, first, after)
	if err != nil {
		return nil, err
	}
	rows, total, err := read(scope, r)
	if err != nil {
		return nil, err
	}
	return page.Build(codec, name, r, rows, total, keys), nil
}

// many reads rows of deals for many keys at once.
func many[T any](ctx context.Context, keys []string, read func(identity.Scope, []string) ([]T, error), key func(T) string) (map[string][]T, error) {
	scope, err := identity.Allow(ctx, identity.DealRead)
	if err != nil {
		return nil, err
	}
	rows, err := read(scope, keys)
	return batch.Group(rows, key), err
}

// ShowingsOf reads the showings of many consultations.
func (s *Service) ShowingsOf(ctx context.Context, consultationIDs []string) (map[string][]Showing, error) {
	return many(ctx, consultationIDs, func(scope identity.Scope, ids []string) ([]Showing, error) {
		return s.Store.ShowingsOf(ctx, scope, ids)
	}, func(w Showing) string { return w.ConsultationID })
}

// FollowUpsOf reads who got back to the customers about many quotes.
func (s *Service) FollowUpsOf(ctx context.Context, quoteIDs []string) (map[string][]FollowUp, error) {
	return many(ctx, quoteIDs, func(scope identity.Scope, ids []string) ([]FollowUp, error) {
		return s.Store.FollowUpsOf(ctx, scope, ids)
	}, func(f FollowUp) string { return f.QuoteID })
}

// QuotesOfDeals reads the quotes of many deals, the newest first.
func (s *Service) QuotesOfDeals(ctx context.Context, dealIDs []string) (map[string][]Quote, error) {
	return many(ctx, dealIDs, func(scope identity.Scope, ids []string) ([]Quote, error) {
		return s.Store.QuotesOfDeals(ctx, scope, ids)
	}, func(q Quote) string { return q.DealID })
}

// ConsultationsByID reads many consultations.
func (s *Service) ConsultationsByID(ctx context.Context, ids []string) (map[string][]Consultation, error) {
	return many(ctx, ids, func(scope identity.Scope, ids []string) ([]Consultation, error) {
		return s.Store.ConsultationsByID(ctx, scope, ids)
	}, func(c Consultation) string { return c.ID })
}

// QuotesByID reads many quotes.
func (s *Service) QuotesByID(ctx context.Context, ids []string) (map[string][]Quote, error) {
	return many(ctx, ids, func(scope identity.Scope, ids []string) ([]Quote, error) {
		return s.Store.QuotesByID(ctx, scope, ids)
	}, func(q Quote) string { return q.ID })
}

// ContractsOfQuotes reads the contracts of many quotes, the newest last.
func (s *Service) ContractsOfQuotes(ctx context.Context, quoteIDs []string) (map[string][]Contract, error) {
	return many(ctx, quoteIDs, func(scope identity.Scope, ids []string) ([]Contract, error) {
		return s.Store.ContractsOfQuotes(ctx, scope, ids)
	}, func(c Contract) string { return c.QuoteID })
}

// deal places an act in its deal.
func deal(a act.Act, dealerID, customerID, dealID string) act.Act {
	a.DealerID, a.CustomerID, a.DealID = dealerID, customerID, dealID
	return a
}

// consented fails with fault.Conflict unless the customer agrees that their
// data is kept.
func (s *Service) consented(ctx context.Context, customerID string) error {
	ok, err := s.Customers.HasConsent(ctx, customerID, customer.PersonalData)
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Conflict, "customer.no_consent").On("customerId")
	}
	return nil
}

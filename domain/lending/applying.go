package lending

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/money"
	"dure/domain/text"
)

// ApplyForFinance asks one lender or several to finance a contract or a quote.
// The customer must have agreed that each of them sees it; otherwise none is
// asked.
func (s *Service) ApplyForFinance(ctx context.Context, in ApplyForFinanceInput) ([]FinanceApplication, error) {
	if _, err := identity.Allow(ctx, identity.FinanceApply); err != nil {
		return nil, err
	}
	var all []FinanceApplication
	err := s.Once(ctx, in.IdempotencyKey, "applyForFinance", in, &all, func(ctx context.Context) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		model, err := s.model(ctx, in, at)
		if err != nil {
			return err
		}
		if err := s.lenders(ctx, in.LenderIDs); err != nil {
			return err
		}
		open, err := s.opened(ctx, model.CustomerID)
		if err != nil {
			return err
		}
		for i, lender := range in.LenderIDs {
			if !slices.Contains(open[lender], customer.ItemContract) {
				return fault.New(fault.Conflict, "application.no_consent").On("lenderIds." + strconv.Itoa(i))
			}
			a := model
			a.ID, a.LenderID = s.NewID("app"), lender
			all = append(all, a)
		}
		if err := s.Store.AddApplications(ctx, all); err != nil {
			return err
		}
		for i := range all {
			if err := s.record(ctx, act.FinanceApplied, feed.ApplicationSubmitted, &all[i], all[i].ID, at, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// model is what the applications of in have in common. It holds the customer,
// whose consents cannot change until the transaction ends.
func (s *Service) model(ctx context.Context, in ApplyForFinanceInput, at time.Time) (FinanceApplication, error) {
	a := FinanceApplication{
		StaffID: identity.From(ctx).UserID, Status: Submitted, Amount: in.Amount, Months: in.Months,
		Conditions: []string{}, Reasons: []string{}, SubmittedAt: at, UpdatedAt: s.now(), Version: 1,
	}
	if (in.ContractID == "") == (in.QuoteID == "") {
		return a, fault.New(fault.Invalid, "application.contract_or_quote").On("contractId")
	}
	if in.Months < 1 || in.Months > MaxMonths {
		return a, fault.New(fault.Invalid, "application.bad_months", MaxMonths).On("months")
	}
	if err := in.Amount.Price("amount"); err != nil {
		return a, err
	}
	of := s.ofContract
	if in.QuoteID != "" {
		of = s.ofQuote
	}
	total, since, err := of(ctx, in, &a)
	switch {
	case err != nil:
		return a, err
	case in.Amount < 1 || in.Amount > total:
		return a, fault.New(fault.Invalid, "application.bad_amount").On("amount")
	case at.Before(since):
		return a, fault.New(fault.Invalid, "act.before_deal").On("occurredAt")
	}
	return a, nil
}

// ofContract lets a be about a contract.
func (s *Service) ofContract(ctx context.Context, in ApplyForFinanceInput, a *FinanceApplication) (money.Won, time.Time, error) {
	c, err := s.Deals.Contract(ctx, in.ContractID)
	if err != nil {
		return 0, time.Time{}, fault.Refer(err, "contractId")
	}
	if _, err := s.Store.LockCustomers(ctx, []string{c.CustomerID}); err != nil {
		return 0, time.Time{}, err
	}
	if c, err = s.Deals.Contract(ctx, in.ContractID); err != nil { // as it is now that nobody changes it
		return 0, time.Time{}, err
	}
	if c.Status == deal.ContractCancelled {
		return 0, time.Time{}, fault.New(fault.Conflict, "contract.already_cancelled").On("contractId")
	}
	a.ContractID, a.QuoteID, a.DealID, a.DealerID, a.CustomerID = c.ID, c.QuoteID, c.DealID, c.DealerID, c.CustomerID
	return c.Total, c.DraftedAt, nil
}

// ofQuote lets a be about a quote, and about the contract that was drafted from
// it.
func (s *Service) ofQuote(ctx context.Context, in ApplyForFinanceInput, a *FinanceApplication) (money.Won, time.Time, error) {
	q, err := s.Deals.Quote(ctx, in.QuoteID)
	if err != nil {
		return 0, time.Time{}, fault.Refer(err, "quoteId")
	}
	if _, err := s.Store.LockCustomers(ctx, []string{q.CustomerID}); err != nil {
		return 0, time.Time{}, err
	}
	if q, err = s.Deals.Quote(ctx, in.QuoteID); err != nil {
		return 0, time.Time{}, err
	}
	if q.Status != deal.QuoteIssued && q.Status != deal.QuoteAccepted || q.Status == deal.QuoteIssued && !s.Now().Before(q.ValidUntil) {
		return 0, time.Time{}, fault.New(fault.Conflict, "application.quote_not_open").On("quoteId")
	}
	a.QuoteID, a.DealID, a.DealerID, a.CustomerID = q.ID, q.DealID, q.DealerID, q.CustomerID
	c, err := s.contractOf(ctx, q.ID)
	if c != nil {
		a.ContractID = c.ID
	}
	return q.Total, q.IssuedAt, err
}

// lenders checks that ids name finance companies, each once.
func (s *Service) lenders(ctx context.Context, ids []string) error {
	if len(ids) == 0 || len(ids) > MaxLenders {
		return fault.New(fault.Invalid, "application.bad_lenders", MaxLenders).On("lenderIds")
	}
	known, err := s.Organizations.OrganizationsByID(ctx, ids)
	if err != nil {
		return err
	}
	for i, id := range ids {
		field := "lenderIds." + strconv.Itoa(i)
		if known[id].Kind != identity.FinanceCompany {
			return fault.New(fault.NotFound, "lender.not_found").On(field)
		}
		if slices.Contains(ids[:i], id) {
			return fault.New(fault.Invalid, "application.lender_twice").On(field)
		}
	}
	return nil
}

// record records an act about an application, makes what is shared follow from
// it and tells the lender.
func (s *Service) record(ctx context.Context, kind act.Kind, told feed.Kind, a *FinanceApplication, subjectID string, at time.Time, facts act.Facts) error {
	if facts == nil {
		facts = act.Facts{}
	}
	facts["lenderId"], facts["applicationId"] = a.LenderID, a.ID
	done := s.Act(ctx, kind, subjectID, at, facts)
	done.DealerID, done.CustomerID, done.DealID = a.DealerID, a.CustomerID, a.DealID
	if err := s.align(ctx, done); err != nil { // first: what is shared comes before what is said about it
		return err
	}
	if err := s.Acts.Record(ctx, done); err != nil {
		return err
	}
	return s.Feed.Post(ctx, feed.Change{
		ID: s.NewID("chg"), OrganizationID: a.LenderID, ContractID: a.ContractID, SubjectID: a.ID, Kind: told,
		ActID: done.ID, OccurredAt: at, PostedAt: s.now(),
	})
}

// WithdrawApplication takes an application back: nothing of the deal is open to
// that lender any more.
func (s *Service) WithdrawApplication(ctx context.Context, in WithdrawApplicationInput) (*FinanceApplication, error) {
	scope, err := identity.Allow(ctx, identity.FinanceApply)
	if err != nil {
		return nil, err
	}
	var a *FinanceApplication
	err = s.Once(ctx, in.IdempotencyKey, "withdrawApplication", in, &a, func(ctx context.Context) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		if strings.TrimSpace(in.Reason) == "" {
			return fault.New(fault.Invalid, "application.reason_missing").On("reason")
		}
		if err := text.Check(in.Reason, MaxNote, "reason"); err != nil {
			return err
		}
		if a, err = s.hold(ctx, scope, in.ApplicationID); err != nil {
			return err
		}
		next := *a
		if err := next.Withdraw(in.Reason, at); err != nil {
			return err
		}
		if a.Version != in.ExpectedVersion {
			return errChanged
		}
		if at.Before(a.SubmittedAt) {
			return fault.New(fault.Invalid, "act.before_deal").On("occurredAt")
		}
		a = &next
		if err := s.Store.SaveApplication(ctx, a); err != nil {
			return err
		}
		return s.record(ctx, act.FinanceWithdrawn, feed.ApplicationWithdrawn, a, a.ID, at, nil)
	})
	return a, err
}

var errChanged = fault.New(fault.Conflict, "application.changed").On("expectedVersion")

// hold reads an application and holds its customer, so that neither its contract
// nor the consent behind it changes until the transaction ends.
func (s *Service) hold(ctx context.Context, scope identity.Scope, id string) (*FinanceApplication, error) {
	a, err := s.Store.Application(ctx, scope, id)
	if err != nil {
		return nil, fault.Refer(err, "applicationId")
	}
	if _, err := s.Store.LockCustomers(ctx, []string{a.CustomerID}); err != nil {
		return nil, err
	}
	a, err = s.Store.Application(ctx, scope, id)
	return a, fault.Refer(err, "applicationId")
}

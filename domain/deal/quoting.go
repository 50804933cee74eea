package deal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/catalogue"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/money"
	"dure/domain/text"
	"dure/domain/work"
)

// Limits of a quote.
const (
	MaxLines       = 20
	MaxValuePoints = 10
	MaxList        = 50
)

// IssueQuote offers machines at the prices of the day. A discount outside the
// region's band waits for approval.
func (s *Service) IssueQuote(ctx context.Context, in IssueQuoteInput) (*Quote, error) {
	scope, err := identity.Allow(ctx, identity.QuoteIssue)
	if err != nil {
		return nil, err
	}
	var q *Quote
	err = s.Once(ctx, in.IdempotencyKey, "issueQuote", in, &q, func(ctx context.Context) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		id, err := s.IDFor("quo", in.ID)
		if err != nil {
			return err
		}
		q = &Quote{
			ID: id, StaffID: identity.From(ctx).UserID, Revision: 1, Version: 1,
			IssuedAt: at, ValidUntil: at.Add(QuoteValidity),
		}
		if err := s.place(ctx, scope, q, in.ConsultationID, in.CustomerID); err != nil {
			return err
		}
		if err := s.fill(ctx, q, offer{in.Lines, in.Discount, in.TradeIn, in.ValuePoints, in.Finance, in.Delivery}, at); err != nil {
			return err
		}
		return work.IDTaken(s.addQuote(ctx, q, act.QuoteIssued, at), in.ID)
	})
	return q, err
}

// place sets whose quote q is: that of an open consultation, or of a customer
// alone.
func (s *Service) place(ctx context.Context, scope identity.Scope, q *Quote, consultationID, customerID string) error {
	if (consultationID == "") == (customerID == "") {
		return fault.New(fault.Invalid, "quote.consultation_or_customer").On("consultationId")
	}
	if consultationID != "" {
		c, err := s.Store.Consultation(ctx, scope, consultationID)
		if err != nil {
			return fault.Refer(err, "consultationId")
		}
		if c.Status != ConsultationOpen {
			return fault.New(fault.Conflict, "consultation.not_open").On("consultationId")
		}
		if q.IssuedAt, err = act.After(q.IssuedAt, c.OpenedAt); err != nil {
			return err
		}
		q.ConsultationID, q.DealID, q.DealerID, q.CustomerID = c.ID, c.ID, c.DealerID, c.CustomerID
	} else {
		who, err := s.Customers.Customer(ctx, customerID)
		if err != nil {
			return fault.Refer(err, "customerId")
		}
		q.DealID, q.DealerID, q.CustomerID = q.ID, who.DealerID, who.ID
	}
	return s.consented(ctx, q.CustomerID)
}

// offer is what a quote says besides whose it is.
type offer struct {
	lines       []QuoteLineInput
	discount    money.Won
	tradeIn     *TradeInInput
	valuePoints []string
	finance     *FinanceInput
	delivery    string
}

// fill prices an offer on that day and sets the status that follows.
func (s *Service) fill(ctx context.Context, q *Quote, o offer, at time.Time) error {
	points := make([]string, 0, len(o.valuePoints))
	for _, p := range o.valuePoints {
		if p = strings.TrimSpace(p); p != "" {
			points = append(points, p)
		}
	}
	if err := text.CheckList(points, MaxValuePoints, MaxLine, "valuePoints"); err != nil {
		return err
	}
	if err := text.Check(o.delivery, MaxLine, "delivery"); err != nil {
		return err
	}
	var err error
	if q.Lines, err = s.priced(ctx, o.lines, at); err != nil {
		return err
	}
	q.Discount, q.ValuePoints, q.Delivery, q.TradeIn = o.discount, points, o.delivery, TradeIn{}
	if o.tradeIn != nil {
		if err := text.Check(o.tradeIn.Description, MaxLine, "tradeIn.description"); err != nil {
			return err
		}
		q.TradeIn = TradeIn{Description: o.tradeIn.Description, Amount: o.tradeIn.Amount}
	}
	if err := q.Price(); err != nil {
		return err
	}
	if err := s.finance(ctx, q, o.finance, at); err != nil {
		return err
	}
	band, err := s.band(ctx, q.DealerID)
	if err != nil {
		return err
	}
	q.BandBP, q.Status = band, QuoteIssued
	if !q.WithinBand() {
		q.Status = QuoteAwaiting
	}
	return nil
}

// priced reads the prices that were valid at that moment.
func (s *Service) priced(ctx context.Context, lines []QuoteLineInput, at time.Time) ([]QuoteLine, error) {
	if len(lines) == 0 {
		return nil, fault.New(fault.Invalid, "quote.no_lines").On("lines")
	}
	if len(lines) > MaxLines {
		return nil, fault.New(fault.Invalid, "quote.too_many_lines", MaxLines).On("lines")
	}
	wanted := make([]catalogue.LineRequest, len(lines))
	for i, l := range lines {
		quantity := 1
		if l.Quantity != nil {
			quantity = *l.Quantity
		}
		wanted[i] = catalogue.LineRequest{ProductID: l.ProductID, OptionIDs: l.OptionIDs, Quantity: quantity}
	}
	found, err := s.Catalogue.PriceLines(ctx, wanted, at)
	if err != nil {
		return nil, err
	}
	out := make([]QuoteLine, len(found))
	for i, p := range found {
		out[i] = QuoteLine{
			ProductID: p.Product.ID, ProductName: p.Product.Name, ModelCode: p.Product.ModelCode,
			Horsepower: p.Product.Horsepower, Quantity: wanted[i].Quantity, UnitPrice: p.Product.ListPrice,
		}
		for _, o := range p.Options {
			out[i].Options = append(out[i].Options, QuoteOption{OptionID: o.ID, Name: o.Name, Price: o.Price})
		}
	}
	return out, nil
}

// finance works out the monthly payment.
func (s *Service) finance(ctx context.Context, q *Quote, in *FinanceInput, at time.Time) error {
	q.FinanceProgrammeID, q.FinanceRateBP, q.FinanceMonths, q.DownPayment, q.Monthly = "", 0, 0, 0, 0
	if in == nil {
		return nil
	}
	p, err := s.Catalogue.FinanceProgramme(ctx, in.ProgrammeID)
	if err != nil {
		return fault.Refer(err, "finance.programmeId")
	}
	if !p.ValidOn(at) {
		return fault.New(fault.Conflict, "finance.not_on_offer").On("finance.programmeId")
	}
	if !slices.Contains(p.TermMonths, in.Months) {
		return fault.New(fault.Invalid, "finance.bad_term").On("finance.months")
	}
	if err := in.DownPayment.Price("finance.downPayment"); err != nil {
		return err
	}
	if in.DownPayment > q.Total {
		return fault.New(fault.Invalid, "finance.down_over_total").On("finance.downPayment")
	}
	financed := q.Total - in.DownPayment
	if !money.Within(financed, q.Total, p.MaxShareBP) {
		return fault.New(fault.Invalid, "finance.share_too_large", p.MaxShareBP/100).On("finance.downPayment")
	}
	q.FinanceProgrammeID, q.FinanceRateBP, q.FinanceMonths = p.ID, p.RateBP, in.Months
	q.DownPayment, q.Monthly = in.DownPayment, money.Monthly(financed, p.RateBP, in.Months)
	return nil
}

// band is the largest discount without approval where the dealer stands.
func (s *Service) band(ctx context.Context, dealerID string) (int, error) {
	d, err := s.Channel.Dealer(ctx, dealerID)
	if err != nil {
		return 0, err
	}
	r, err := s.Channel.Region(ctx, d.RegionCode)
	if err != nil {
		return 0, err
	}
	return r.DiscountBandBP, nil
}

func (s *Service) addQuote(ctx context.Context, q *Quote, kind act.Kind, at time.Time) error {
	n, err := s.Store.NextNumber(ctx, "quote", q.ID)
	if err != nil {
		return err
	}
	q.Number = fmt.Sprintf("Q-%s-%06d", at.In(kst.Zone).Format("2006"), n)
	if err := s.Store.AddQuote(ctx, q); err != nil {
		return err
	}
	a := s.Act(ctx, kind, q.ID, at, act.Facts{
		"lines": len(q.Lines), "valuePoints": len(q.ValuePoints), "discountBP": q.DiscountBP, "bandBP": q.BandBP,
		"withinBand": q.WithinBand(), "hasConsultation": q.ConsultationID != "", "priceOnly": q.PriceOnly(), "revision": q.Revision,
	})
	return s.Acts.Record(ctx, deal(a, q.DealerID, q.CustomerID, q.DealID))
}

// ReviseQuote makes a new version at the prices of the day; the one before is
// superseded.
func (s *Service) ReviseQuote(ctx context.Context, in ReviseQuoteInput) (*Quote, error) {
	scope, err := identity.Allow(ctx, identity.QuoteIssue)
	if err != nil {
		return nil, err
	}
	var q *Quote
	err = s.Once(ctx, in.IdempotencyKey, "reviseQuote", in, &q, func(ctx context.Context) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		old, err := s.Store.Quote(ctx, scope, in.QuoteID)
		if err != nil {
			return fault.Refer(err, "quoteId")
		}
		if old.Version != in.ExpectedVersion {
			return fault.New(fault.Conflict, "quote.changed").On("expectedVersion")
		}
		if err := old.Revisable(); err != nil {
			return err
		}
		if at, err = act.After(at, old.IssuedAt); err != nil {
			return err
		}
		if err := s.consented(ctx, old.CustomerID); err != nil {
			return err
		}
		id, err := s.IDFor("quo", in.ID)
		if err != nil {
			return err
		}
		old.Status = QuoteSuperseded
		if err := s.Store.SaveQuote(ctx, old); err != nil {
			return err
		}
		next := *old
		q = &next
		q.ID, q.PreviousID, q.Revision, q.Version = id, old.ID, old.Revision+1, 1
		q.StaffID, q.IssuedAt, q.ValidUntil = identity.From(ctx).UserID, at, at.Add(QuoteValidity)
		q.DecidedBy, q.DecidedAt, q.DecisionNote, q.FollowedAt = "", time.Time{}, "", time.Time{}
		if err := s.fill(ctx, q, in.over(old), at); err != nil {
			return err
		}
		return work.IDTaken(s.addQuote(ctx, q, act.QuoteRevised, at), in.ID)
	})
	return q, err
}

// over is the offer of a revision: what it says, and for the rest what old said.
func (in ReviseQuoteInput) over(old *Quote) offer {
	o := offer{lines: in.Lines, discount: old.Discount, tradeIn: in.TradeIn, valuePoints: in.ValuePoints, finance: in.Finance, delivery: old.Delivery}
	if o.lines == nil {
		for _, l := range old.Lines {
			again := QuoteLineInput{ProductID: l.ProductID, Quantity: &l.Quantity}
			for _, p := range l.Options {
				again.OptionIDs = append(again.OptionIDs, p.OptionID)
			}
			o.lines = append(o.lines, again)
		}
	}
	if in.Discount != nil {
		o.discount = *in.Discount
	}
	if o.tradeIn == nil && old.TradeIn != (TradeIn{}) {
		o.tradeIn = &TradeInInput{Description: old.TradeIn.Description, Amount: old.TradeIn.Amount}
	}
	if o.valuePoints == nil {
		o.valuePoints = old.ValuePoints
	}
	if o.finance == nil && old.FinanceProgrammeID != "" {
		o.finance = &FinanceInput{ProgrammeID: old.FinanceProgrammeID, Months: old.FinanceMonths, DownPayment: old.DownPayment}
	}
	if in.Delivery != nil {
		o.delivery = *in.Delivery
	}
	return o
}

// FollowUpQuote records that somebody got back to the customer.
func (s *Service) FollowUpQuote(ctx context.Context, in FollowUpQuoteInput) (*Quote, error) {
	scope, err := identity.Allow(ctx, identity.QuoteIssue)
	if err != nil {
		return nil, err
	}
	var q *Quote
	err = s.Once(ctx, in.IdempotencyKey, "followUpQuote", in, &q, func(ctx context.Context) error {
		if err := text.Check(in.Note, MaxNote, "note"); err != nil {
			return err
		}
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		if q, err = s.Store.Quote(ctx, scope, in.QuoteID); err != nil {
			return fault.Refer(err, "quoteId")
		}
		if at, err = act.After(at, q.IssuedAt); err != nil {
			return err
		}
		if err := s.Store.AddFollowUp(ctx, &FollowUp{
			ID: s.NewID("fol"), QuoteID: q.ID, DealerID: q.DealerID, StaffID: identity.From(ctx).UserID, Note: in.Note, OccurredAt: at,
		}); err != nil {
			return err
		}
		if q.FollowedAt.IsZero() {
			q.FollowedAt = at
			if err := s.Store.MarkFollowed(ctx, q.ID, at); err != nil {
				return err
			}
		}
		a := s.Act(ctx, act.QuoteFollowed, q.ID, at, act.Facts{"withinHours": at.Sub(q.IssuedAt).Hours()})
		return s.Acts.Record(ctx, deal(a, q.DealerID, q.CustomerID, q.DealID))
	})
	return q, err
}

// DecideDiscount approves or refuses a discount outside the band.
func (s *Service) DecideDiscount(ctx context.Context, in DecideDiscountInput) (*Quote, error) {
	scope, err := identity.Allow(ctx, identity.DiscountDecide)
	if err != nil {
		return nil, err
	}
	var q *Quote
	err = s.Once(ctx, in.IdempotencyKey, "decideDiscount", in, &q, func(ctx context.Context) error {
		if err := text.Check(in.Note, MaxNote, "note"); err != nil {
			return err
		}
		if q, err = s.Store.Quote(ctx, scope, in.QuoteID); err != nil {
			return fault.Refer(err, "quoteId")
		}
		if q.Version != in.ExpectedVersion {
			return fault.New(fault.Conflict, "quote.changed").On("expectedVersion")
		}
		now := s.Now().UTC().Truncate(time.Microsecond)
		if err := q.Decide(in.Approve, identity.From(ctx).UserID, in.Note, now); err != nil {
			return err
		}
		if err := s.Store.SaveQuote(ctx, q); err != nil {
			return err
		}
		kind := act.DiscountRefused
		if in.Approve {
			kind = act.DiscountApproved
		}
		a := s.Act(ctx, kind, q.ID, now, act.Facts{"discountBP": q.DiscountBP, "bandBP": q.BandBP})
		return s.Acts.Record(ctx, deal(a, q.DealerID, q.CustomerID, q.DealID))
	})
	return q, err
}

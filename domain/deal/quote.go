package deal

import (
	"errors"
	"time"

	"dure/domain/fault"
	"dure/domain/money"
)

// QuoteStatus is where a quote stands.
type QuoteStatus string

// The states of a quote.
const (
	QuoteIssued     QuoteStatus = "ISSUED"            // the customer may accept it
	QuoteAwaiting   QuoteStatus = "AWAITING_APPROVAL" // its discount lies outside the band
	QuoteRefused    QuoteStatus = "REFUSED"
	QuoteSuperseded QuoteStatus = "SUPERSEDED" // a newer version exists
	QuoteAccepted   QuoteStatus = "ACCEPTED"   // a contract was drafted from it
	QuoteExpired    QuoteStatus = "EXPIRED"    // never stored: ISSUED past ValidUntil
)

// QuoteValidity is how long a quote binds the dealer.
const QuoteValidity = 30 * 24 * time.Hour

// QuoteLine is one machine with its options, priced on the day of the quote.
type QuoteLine struct {
	ProductID   string        `json:"productId"`
	ProductName string        `json:"productName"`
	ModelCode   string        `json:"modelCode"`
	Horsepower  int           `json:"horsepower"`
	Quantity    int           `json:"quantity"`
	UnitPrice   money.Won     `json:"unitPrice"` // list price of one, without options
	Options     []QuoteOption `json:"options,omitempty"`
	Amount      money.Won     `json:"amount"` // (unit price + options) × quantity
}

// QuoteOption is an option on a line, priced on the day of the quote.
type QuoteOption struct {
	OptionID string    `json:"optionId"`
	Name     string    `json:"name"`
	Price    money.Won `json:"price"`
}

// TradeIn is an old machine taken in payment.
type TradeIn struct {
	Description string    `json:"description,omitempty"`
	Amount      money.Won `json:"amount,omitempty"`
}

// Quote is an offer to a customer. Revising one makes a new version and
// supersedes the last.
type Quote struct {
	ID                 string `bun:",pk"`
	Number             string
	DealID             string
	ConsultationID     string `bun:",nullzero"`
	DealerID           string
	CustomerID         string
	StaffID            string
	PreviousID         string `bun:",nullzero"`
	Revision           int    // 1 for the first
	Status             QuoteStatus
	Lines              []QuoteLine `bun:",type:text"`
	ListTotal          money.Won   // sum of the lines
	Discount           money.Won
	DiscountBP         int       // of ListTotal
	BandBP             int       // the region's band on the day of the quote
	TradeIn            TradeIn   `bun:",type:text"`
	Total              money.Won // ListTotal − Discount − TradeIn.Amount
	ValuePoints        []string  `bun:",type:text"` // why this machine for this farm
	FinanceProgrammeID string    `bun:",nullzero"`
	FinanceRateBP      int
	FinanceMonths      int
	DownPayment        money.Won
	Monthly            money.Won
	Delivery           string    `bun:",nullzero"`
	DecidedBy          string    `bun:",nullzero"`
	DecidedAt          time.Time `bun:",nullzero"`
	DecisionNote       string    `bun:",nullzero"`
	FollowedAt         time.Time `bun:",nullzero"` // the first follow-up
	IssuedAt           time.Time
	ValidUntil         time.Time
	Version            int
}

// Price works out the amounts of q from its lines, discount and trade-in. It
// fails with fault.Invalid when an amount is negative, overflows, or the
// discount and trade-in exceed the list total.
func (q *Quote) Price() error {
	if len(q.Lines) == 0 {
		return fault.New(fault.Invalid, "quote.no_lines").On("lines")
	}
	list, err := q.addLines()
	if err != nil {
		var f *fault.Fault
		if errors.As(err, &f) {
			return f.On("lines")
		}
		return err
	}
	if err := q.Discount.Price("discount"); err != nil {
		return err
	}
	if err := q.TradeIn.Amount.Price("tradeIn.amount"); err != nil {
		return err
	}
	if q.Discount > list {
		return fault.New(fault.Invalid, "quote.discount_over_total").On("discount")
	}
	if q.TradeIn.Amount > list-q.Discount {
		return fault.New(fault.Invalid, "quote.trade_in_over_total").On("tradeIn.amount")
	}
	q.ListTotal, q.Total = list, list-q.Discount-q.TradeIn.Amount
	q.DiscountBP = money.BasisPoints(q.Discount, list)
	return nil
}

// addLines works out the amount of each line and returns their sum.
func (q *Quote) addLines() (list money.Won, err error) {
	for i := range q.Lines {
		l := &q.Lines[i]
		if l.Quantity < 1 || l.Quantity > 100 {
			return 0, fault.New(fault.Invalid, "quote.bad_quantity", 100)
		}
		unit := l.UnitPrice
		for _, o := range l.Options {
			if unit, err = money.Sum(unit, o.Price); err != nil {
				return 0, err
			}
		}
		if l.Amount, err = unit.Times(l.Quantity); err != nil {
			return 0, err
		}
		if list, err = money.Sum(list, l.Amount); err != nil {
			return 0, err
		}
	}
	return list, nil
}

// WithinBand reports whether the discount may be given without approval. It
// counts in won: DiscountBP is rounded.
func (q *Quote) WithinBand() bool { return money.Within(q.Discount, q.ListTotal, q.BandBP) }

// PriceOnly reports the Bad Behaviour of selling on price: a discount beyond the
// band, without a consultation or without value points.
func (q *Quote) PriceOnly() bool {
	return !q.WithinBand() && (q.ConsultationID == "" || len(q.ValuePoints) == 0)
}

// StatusAt is the status as people see it at that moment.
func (q *Quote) StatusAt(now time.Time) QuoteStatus {
	if q.Status == QuoteIssued && !now.Before(q.ValidUntil) {
		return QuoteExpired
	}
	return q.Status
}

// Decide approves or refuses the discount of a waiting quote.
func (q *Quote) Decide(approve bool, by, note string, at time.Time) error {
	if q.Status != QuoteAwaiting {
		return fault.New(fault.Conflict, "quote.not_awaiting")
	}
	q.Status = QuoteRefused
	if approve {
		q.Status = QuoteIssued
	}
	q.DecidedBy, q.DecidedAt, q.DecisionNote = by, at, note
	return nil
}

// Revisable fails with fault.Conflict when q can no longer be revised.
func (q *Quote) Revisable() error {
	switch q.Status {
	case QuoteIssued, QuoteAwaiting, QuoteRefused:
		return nil
	default:
		return fault.New(fault.Conflict, "quote.not_revisable", string(q.Status))
	}
}

// Accept marks q as what a contract was drafted from. It fails with
// fault.Conflict when its discount waits for approval, was refused, or q was
// superseded, accepted before, or has expired.
func (q *Quote) Accept(now time.Time) error {
	switch q.StatusAt(now) {
	case QuoteIssued:
		q.Status = QuoteAccepted
		return nil
	case QuoteAwaiting:
		return fault.New(fault.Conflict, "quote.awaiting_approval").On("quoteId")
	case QuoteRefused:
		return fault.New(fault.Conflict, "quote.refused").On("quoteId")
	case QuoteExpired:
		return fault.New(fault.Conflict, "quote.expired").On("quoteId")
	case QuoteSuperseded:
		return fault.New(fault.Conflict, "quote.superseded").On("quoteId")
	default:
		return fault.New(fault.Conflict, "quote.already_accepted").On("quoteId")
	}
}

// ReleaseAcceptance lets another contract be drafted after a cancelled one that
// was made by channel. Paper asked nobody, so that after it a discount outside
// the band waits for a decision.
func (q *Quote) ReleaseAcceptance(channel ContractChannel) {
	if q.Status != QuoteAccepted {
		return
	}
	q.Status = QuoteIssued
	if channel == Paper && !q.WithinBand() {
		q.Status = QuoteAwaiting
	}
}

// FollowUp is that somebody got back to the customer about a quote.
type FollowUp struct {
	ID         string `bun:",pk"`
	QuoteID    string
	DealerID   string
	StaffID    string
	Note       string `bun:",nullzero"` // what was said
	OccurredAt time.Time
}

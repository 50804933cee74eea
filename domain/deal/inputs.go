package deal

import (
	"time"

	"dure/domain/customer"
	"dure/domain/fault"
	"dure/domain/money"
	"dure/domain/page"
)

// NeedsInput is what the farmer came with.
type NeedsInput struct {
	Crops        []string
	SquareMetres int
	Terrain      customer.Terrain
	Attachments  []string
	Budget       money.Won
	Purpose      string
}

// OpenConsultationInput opens a consultation.
type OpenConsultationInput struct {
	IdempotencyKey string
	ID             string // made by the device; "" lets the server make one
	CustomerID     string
	Needs          NeedsInput
	Note           string
	OccurredAt     *time.Time
}

// PresentProductInput records that a product was shown.
type PresentProductInput struct {
	IdempotencyKey string
	ConsultationID string
	ProductID      string
	MediaID        string
	WatchedSeconds int
	OccurredAt     *time.Time
}

// CloseConsultationInput ends a consultation without a contract.
type CloseConsultationInput struct {
	IdempotencyKey string
	ConsultationID string
	LostReason     string
	Note           string
	OccurredAt     *time.Time
}

// QuoteLineInput is one machine with its options; quantity 0 counts as 1.
type QuoteLineInput struct {
	ProductID string
	OptionIDs []string
	Quantity  *int
}

// TradeInInput is an old machine taken in payment.
type TradeInInput struct {
	Description string
	Amount      money.Won
}

// FinanceInput is paying by the month.
type FinanceInput struct {
	ProgrammeID string
	Months      int
	DownPayment money.Won
}

// IssueQuoteInput is a first quote.
type IssueQuoteInput struct {
	IdempotencyKey string
	ID             string // made by the device; "" lets the server make one
	ConsultationID string
	CustomerID     string
	Lines          []QuoteLineInput
	Discount       money.Won
	TradeIn        *TradeInInput
	ValuePoints    []string
	Finance        *FinanceInput
	Delivery       string
	OccurredAt     *time.Time
}

// ReviseQuoteInput is a new version of a quote; nil takes over what was.
type ReviseQuoteInput struct {
	IdempotencyKey  string
	ID              string // made by the device; "" lets the server make one
	QuoteID         string
	ExpectedVersion int
	Lines           []QuoteLineInput
	Discount        *money.Won
	TradeIn         *TradeInInput
	ValuePoints     []string
	Finance         *FinanceInput
	Delivery        *string
	OccurredAt      *time.Time
}

// FollowUpQuoteInput records that somebody got back to the customer.
type FollowUpQuoteInput struct {
	IdempotencyKey string
	QuoteID        string
	Note           string
	OccurredAt     *time.Time
}

// DecideDiscountInput decides on a discount outside the band.
type DecideDiscountInput struct {
	IdempotencyKey  string
	QuoteID         string
	ExpectedVersion int
	Approve         bool
	Note            string
}

// DraftContractInput drafts a contract from a quote.
type DraftContractInput struct {
	IdempotencyKey string
	QuoteID        string
}

// PointInput is a place of the pen.
type PointInput struct{ X, Y float64 }

// SignatureInput is a signature as it was drawn.
type SignatureInput struct {
	Strokes    [][]PointInput
	Width      float64
	Height     float64
	SignerName string
}

// SignContractInput signs a drafted contract.
type SignContractInput struct {
	IdempotencyKey  string
	ContractID      string
	ExpectedVersion int
	ReadSha256      string
	Signature       SignatureInput
	ConsentTextIDs  []string
	OccurredAt      *time.Time
	ByLink          *ByLink `json:",omitempty"` // nil on the tablet
}

// ByLink says by which link a customer signed on a device of their own.
type ByLink struct {
	LinkID      string
	CodeBy      string // how the code reached the customer: MAIL or VOICE
	BrowserHash string // SHA-256 of the id that the browser gave itself
}

// RecordPaperContractInput records a contract signed on paper.
type RecordPaperContractInput struct {
	IdempotencyKey string
	QuoteID        string
	CustomerID     string
	Lines          []QuoteLineInput
	Discount       money.Won
	TradeIn        *TradeInInput
	OccurredAt     *time.Time
}

// CancelContractInput takes a contract back.
type CancelContractInput struct {
	IdempotencyKey  string
	ContractID      string
	ExpectedVersion int
	Reason          string
	OccurredAt      *time.Time
}

// ConsultationFilter picks consultations; zero fields pick all.
type ConsultationFilter struct {
	Status     ConsultationStatus
	CustomerID string
	DealerID   string
}

// QuoteFilter picks quotes; zero fields pick all.
type QuoteFilter struct {
	Status     QuoteStatus
	CustomerID string
	DealerID   string
}

// ContractFilter picks contracts; zero fields pick all.
type ContractFilter struct {
	Status      ContractStatus
	Channel     ContractChannel
	CustomerID  string
	DealerID    string
	RegionCode  string // of the dealer
	SignedFrom  *time.Time
	SignedUntil *time.Time
	AmountFrom  *money.Won // of Total
	AmountTo    *money.Won
	// ChangedSince picks what changed at that moment or later; for a partner, what
	// it heard of since.
	ChangedSince *time.Time
	IDs          []string
}

// Check fails with fault.Invalid on a range that is upside down and on more ids
// than a page holds.
func (f ContractFilter) Check() error {
	switch {
	case f.SignedFrom != nil && f.SignedUntil != nil && f.SignedUntil.Before(*f.SignedFrom):
		return fault.New(fault.Invalid, "filter.upside_down").On("filter.signedUntil")
	case f.AmountFrom != nil && f.AmountTo != nil && *f.AmountTo < *f.AmountFrom:
		return fault.New(fault.Invalid, "filter.upside_down").On("filter.amountTo")
	case len(f.IDs) > page.Max:
		return fault.New(fault.Invalid, "filter.too_many_ids", page.Max).On("filter.ids")
	}
	return nil
}

// ConsultationConnection and those below page through each list.
type (
	ConsultationConnection = page.Connection[Consultation]
	ConsultationEdge       = page.Edge[Consultation]
	QuoteConnection        = page.Connection[Quote]
	QuoteEdge              = page.Edge[Quote]
	ContractConnection     = page.Connection[Contract]
	ContractEdge           = page.Edge[Contract]
)

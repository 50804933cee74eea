package lending

import (
	"time"

	"dure/domain/money"
)

// ApplyForFinanceInput asks lenders to finance a contract or a quote.
type ApplyForFinanceInput struct {
	IdempotencyKey string
	ContractID     string
	QuoteID        string
	LenderIDs      []string
	Amount         money.Won
	Months         int
	OccurredAt     *time.Time
}

// WithdrawApplicationInput takes an application back.
type WithdrawApplicationInput struct {
	IdempotencyKey  string
	ApplicationID   string
	ExpectedVersion int
	Reason          string
	OccurredAt      *time.Time
}

// DecideApplicationInput is a lender's decision.
type DecideApplicationInput struct {
	IdempotencyKey  string
	ApplicationID   string
	ExpectedVersion int
	Decision        Decision
	Amount          *money.Won
	Conditions      []string
	Reasons         []string
}

// DocumentInput is a document that is asked for.
type DocumentInput struct {
	Title string
	Note  string
	DueOn time.Time
}

// RequestDocumentsInput asks the dealer for documents.
type RequestDocumentsInput struct {
	IdempotencyKey string
	ApplicationID  string
	Documents      []DocumentInput
}

// FileInput is a file that is sent along.
type FileInput struct {
	Name    string
	Content string // base64
}

// UploadedFileInput names a document that was uploaded before.
type UploadedFileInput struct {
	Name   string
	SHA256 string
}

// AnswerStipulationInput is what the dealer hands in.
type AnswerStipulationInput struct {
	IdempotencyKey string
	StipulationID  string
	Answer         string
	File           *FileInput
	Uploaded       *UploadedFileInput
	OccurredAt     *time.Time
}

// ConfirmFundingInput is a lender's word that the money was paid.
type ConfirmFundingInput struct {
	IdempotencyKey  string
	ApplicationID   string
	ExpectedVersion int
	Amount          money.Won
	FundedOn        time.Time
}

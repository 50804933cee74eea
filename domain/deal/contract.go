package deal

import (
	"time"

	"dure/domain/fault"
	"dure/domain/money"
)

// ContractStatus is where a contract stands.
type ContractStatus string

// The states of a contract.
const (
	ContractDraft     ContractStatus = "DRAFT"
	ContractSigned    ContractStatus = "SIGNED"
	ContractCancelled ContractStatus = "CANCELLED"
)

// ContractChannel tells how a contract was made.
type ContractChannel string

// The channels of a contract.
const (
	Digital ContractChannel = "DIGITAL" // signed on the tablet or by the customer's own link
	Paper   ContractChannel = "PAPER"   // signed on paper and recorded; earns no points
)

// Contract is a priced promise between a dealer and a customer.
type Contract struct {
	ID              string `bun:",pk"`
	Number          string
	QuoteID         string `bun:",nullzero"`
	DealID          string
	DealerID        string
	CustomerID      string
	StaffID         string
	Channel         ContractChannel
	Status          ContractStatus
	ProductID       string    // of the first line, for figures
	Quantity        int       // machines
	ListTotal       money.Won // VAT included
	Discount        money.Won
	Price           money.Won // what the customer pays for the machines, trade-in not deducted
	Total           money.Won // Price less the trade-in
	PaperSHA256     string    `bun:"paper_sha256,nullzero"`     // the PDF that was rendered at the draft and read
	SealedSHA256    string    `bun:"sealed_sha256,nullzero"`    // the sealed package, once made
	SignatureSHA256 string    `bun:"signature_sha256,nullzero"` // of the strokes, as the evidence binds them
	MarkSHA256      string    `bun:"mark_sha256,nullzero"`      // the file that holds the drawn signature
	DraftedAt       time.Time
	SignedAt        time.Time `bun:",nullzero"` // the device's time; zero until signed
	ReceivedAt      time.Time `bun:",nullzero"` // the server's time of the signature
	CancelledAt     time.Time `bun:",nullzero"`
	CancelReason    string    `bun:",nullzero"`
	Version         int       // grows by one at each save
}

// Sign moves a draft to signed. It fails with fault.Conflict, and leaves c
// untouched, from any other status, and with contract.changed when readSHA256
// is not the paper that was rendered at the draft.
func (c *Contract) Sign(readSHA256 string, at, received time.Time) error {
	switch {
	case c.Status == ContractSigned:
		return fault.New(fault.Conflict, "contract.already_signed")
	case c.Status != ContractDraft:
		return fault.New(fault.Conflict, "contract.not_signable", string(c.Status))
	case c.PaperSHA256 == "" || readSHA256 != c.PaperSHA256:
		return fault.New(fault.Conflict, "contract.other_paper").On("readSha256")
	}
	c.Status, c.SignedAt, c.ReceivedAt = ContractSigned, at, received
	return nil
}

// Cancel takes back a draft or a signed contract.
func (c *Contract) Cancel(reason string, at time.Time) error {
	if c.Status == ContractCancelled {
		return fault.New(fault.Conflict, "contract.already_cancelled")
	}
	c.Status, c.CancelReason, c.CancelledAt = ContractCancelled, reason, at
	return nil
}

// DiscountBP is the discount in basis points of the list total.
func (c *Contract) DiscountBP() int { return money.BasisPoints(c.Discount, c.ListTotal) }

// Package deal is the procedure itself: a consultation shows value, a quote
// follows from it, and a contract is signed on the tablet.
package deal

import (
	"slices"
	"strings"
	"time"

	"dure/domain/customer"
	"dure/domain/fault"
	"dure/domain/money"
)

// ConsultationStatus is where a consultation stands.
type ConsultationStatus string

// The states of a consultation.
const (
	ConsultationOpen ConsultationStatus = "OPEN"
	ConsultationWon  ConsultationStatus = "WON"  // a contract was signed
	ConsultationLost ConsultationStatus = "LOST" // closed without one
)

// Needs is what the farmer came with.
type Needs struct {
	Crops        []string         `json:"crops,omitempty"`
	SquareMetres int              `json:"squareMetres,omitempty"`
	Terrain      customer.Terrain `json:"terrain,omitempty"`
	Attachments  []string         `json:"attachments,omitempty"`
	Budget       money.Won        `json:"budget,omitempty"`
	Purpose      string           `json:"purpose,omitempty"` // in the farmer's words
}

// Count tells how many needs say something; blanks say nothing.
func (n Needs) Count() int {
	count := 0
	for _, said := range []bool{
		slices.ContainsFunc(n.Crops, notBlank), n.SquareMetres > 0, n.Terrain != "",
		slices.ContainsFunc(n.Attachments, notBlank), n.Budget > 0, notBlank(n.Purpose),
	} {
		if said {
			count++
		}
	}
	return count
}

func notBlank(s string) bool { return strings.TrimSpace(s) != "" }

// Consultation is a talk with a customer about what their farm needs. Its id is
// the deal's id.
type Consultation struct {
	ID         string `bun:",pk"`
	DealerID   string
	CustomerID string
	StaffID    string // user id of who holds it
	Status     ConsultationStatus
	Needs      Needs  `bun:",type:text"`
	Note       string `bun:",nullzero"`
	LostReason string `bun:",nullzero"` // PRICE, COMPETITOR, POSTPONED, FINANCE, OTHER
	LostNote   string `bun:",nullzero"`
	OpenedAt   time.Time
	ClosedAt   time.Time `bun:",nullzero"`
	Version    int
}

// Showing is a product shown within a consultation.
type Showing struct {
	ID             string `bun:",pk"`
	ConsultationID string
	DealerID       string
	ProductID      string
	MediaID        string `bun:",nullzero"`
	WatchedSeconds int
	OccurredAt     time.Time
}

// LostReasons are the reasons a deal can be lost for.
var LostReasons = []string{"PRICE", "COMPETITOR", "POSTPONED", "FINANCE", "OTHER"}

// Close ends an open consultation without a contract. It fails with
// fault.Conflict when it is not open and fault.Invalid for an unknown reason.
func (c *Consultation) Close(reason, note string, at time.Time) error {
	if c.Status != ConsultationOpen {
		return fault.New(fault.Conflict, "consultation.not_open")
	}
	if reason != "" && !slices.Contains(LostReasons, reason) {
		return fault.New(fault.Invalid, "consultation.bad_reason").On("lostReason")
	}
	c.Status, c.LostReason, c.LostNote, c.ClosedAt = ConsultationLost, reason, note, at
	return nil
}

// Win marks the consultation as ended in a contract.
func (c *Consultation) Win(at time.Time) {
	c.Status, c.ClosedAt = ConsultationWon, at
}

// Reopen undoes Win when the contract is cancelled.
func (c *Consultation) Reopen() {
	if c.Status == ConsultationWon {
		c.Status, c.ClosedAt = ConsultationOpen, time.Time{}
	}
}

// Limits of free text, in characters.
const (
	MaxNote = 4_000
	MaxLine = 200
)

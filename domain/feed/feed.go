// Package feed holds what partners' systems hear of: every change to what was
// shared with them, in order and without gaps. Webhooks and the change feeds
// read it; neither writes.
package feed

import (
	"context"
	"time"
)

// Kind names what changed, such as "contract.shared".
type Kind string

// What lenders hear of.
const (
	ContractShared       Kind = "contract.shared"       // the customer agreed, and a contract was offered
	ContractChanged      Kind = "contract.changed"      // drafted, signed, cancelled, or another field of it was opened
	ContractClosed       Kind = "contract.closed"       // the consent was taken back: nothing of it is open any more
	ApplicationSubmitted Kind = "application.submitted" // a dealer asks for finance
	ApplicationWithdrawn Kind = "application.withdrawn"
	ApplicationDecided   Kind = "application.decided"
	DocumentsRequested   Kind = "documents.requested"
	DocumentsProvided    Kind = "documents.provided"
	ApplicationFunded    Kind = "application.funded"
)

// What carriers hear of.
const (
	ShipmentOffered Kind = "shipment.offered"
	ShipmentChanged Kind = "shipment.changed"
)

// Change is one thing that one organisation hears of. It carries ids alone, so
// that it tells nothing that a consent has not opened. It is never edited.
type Change struct {
	Seq            int64  `bun:",pk,autoincrement"`
	ID             string // chg_…; a receiver knows by it what it has had already
	OrganizationID string // who hears of it
	ContractID     string `bun:",nullzero"` // changes of one contract are told in order
	SubjectID      string // the application, shipment or contract that it is about
	Kind           Kind
	ActID          string `bun:",nullzero"` // the act behind it
	OccurredAt     time.Time
	PostedAt       time.Time
	Batch          int64 `bun:",scanonly"` // from 1: changes that were placed together; 0 until a reader looked
}

// Recorder posts changes in the caller's transaction.
type Recorder interface {
	Post(ctx context.Context, changes ...Change) error
}

// Reader reads changes in the order of (Batch, Seq): that of their commits, and
// within one lock's reach that of what happened. The number of a transaction
// would not do: one that began early and waited for a lock has a smaller one
// than what it waited for.
type Reader interface {
	// After reads at most limit changes that follow (batch, seq), of one
	// organisation or, with "", of all. What commits late comes later: a reader
	// that goes on from the last change it was given meets every change exactly
	// once.
	After(ctx context.Context, organizationID string, batch, seq int64, limit int) ([]Change, error)
}

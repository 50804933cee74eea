// Package inbox tells people what concerns them, in one place: notices are made
// of acts, each person hears of an act once, and can mute what they like by kind.
package inbox

import (
	"time"

	"dure/domain/act"
	"dure/domain/page"
)

// NoticeKind is what a notice is about.
type NoticeKind string

// The kinds of notice.
const (
	ApprovalWanted     NoticeKind = "APPROVAL_WANTED"     // a discount waits; for the rep and HQ
	DiscountDecided    NoticeKind = "DISCOUNT_DECIDED"    // for who issued the quote
	DocumentsWanted    NoticeKind = "DOCUMENTS_WANTED"    // by a lender; for the dealership
	ApplicationDecided NoticeKind = "APPLICATION_DECIDED" // by a lender; for the dealership
	SignedByLink       NoticeKind = "SIGNED_BY_LINK"      // by the customer, elsewhere; for the dealership
	DeliveryProved     NoticeKind = "DELIVERY_PROVED"     // for the dealership
)

// NoticeKinds lists every kind in the order of the documentation.
var NoticeKinds = []NoticeKind{ApprovalWanted, DiscountDecided, DocumentsWanted, ApplicationDecided, SignedByLink, DeliveryProved}

// Notice is one thing that one person was told.
type Notice struct {
	Seq        int64 `bun:",pk,autoincrement"`
	ID         string
	PersonID   string
	Kind       NoticeKind
	ActID      string
	DealerID   string    `bun:",nullzero"`
	CustomerID string    `bun:",nullzero"`
	DealID     string    `bun:",nullzero"`
	SubjectID  string    // what the act was about: the quote, contract, application, shipment
	Facts      act.Facts `bun:",type:text"`
	OccurredAt time.Time
	PostedAt   time.Time
	ReadAt     time.Time `bun:",nullzero"`
}

// NoticeConnection and NoticeEdge page through an inbox.
type (
	NoticeConnection = page.Connection[Notice]
	NoticeEdge       = page.Edge[Notice]
)

// State is what an inbox looks like now.
type State struct {
	Unread int
	Newest *Notice // nil while it is empty
	Muted  []NoticeKind
}

// audience is whom an act concerns.
type audience int

const (
	theDealership audience = iota // everybody who can sign in there
	theIssuer                     // of the quote it is about
	theDeciders                   // the dealer's rep and HQ
)

// concerns says what an act is told as, and to whom; ok is false for an act that
// nobody is told of.
func concerns(a act.Act) (kind NoticeKind, whom audience, ok bool) {
	switch a.Kind {
	case act.QuoteIssued, act.QuoteRevised:
		within, there := a.Facts["withinBand"].(bool)
		return ApprovalWanted, theDeciders, there && !within
	case act.DiscountApproved, act.DiscountRefused:
		return DiscountDecided, theIssuer, true
	case act.DocumentsRequested:
		return DocumentsWanted, theDealership, true
	case act.FinanceDecided:
		return ApplicationDecided, theDealership, true
	case act.ContractSigned:
		return SignedByLink, theDealership, a.Facts.True("byLink")
	case act.DeliveryProved:
		return DeliveryProved, theDealership, true
	}
	return "", 0, false
}

// Kinds lists the acts that somebody may be told of.
var Kinds = []act.Kind{
	act.QuoteIssued, act.QuoteRevised, act.DiscountApproved, act.DiscountRefused, act.DocumentsRequested, act.FinanceDecided,
	act.ContractSigned, act.DeliveryProved,
}

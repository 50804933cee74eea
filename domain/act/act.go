// Package act is the log that everything people look at is a projection of:
// every act is recorded once, in the transaction of the state it changed.
package act

import (
	"context"
	"time"
)

// Kind names what was done, such as "contract.signed".
type Kind string

// The acts of the first deal.
const (
	CustomerCreated    Kind = "customer.created"
	CustomerUpdated    Kind = "customer.updated"
	CustomerProfiled   Kind = "customer.profiled"
	ConsentRecorded    Kind = "consent.recorded"
	ConsentWithdrawn   Kind = "consent.withdrawn"
	ConsultationOpened Kind = "consultation.opened"
	ProductPresented   Kind = "product.presented"
	ConsultationClosed Kind = "consultation.closed"
	DealLost           Kind = "deal.lost"
	QuoteIssued        Kind = "quote.issued"
	QuoteRevised       Kind = "quote.revised"
	QuoteFollowed      Kind = "quote.followed"
	DiscountApproved   Kind = "discount.approved"
	DiscountRefused    Kind = "discount.refused"
	ContractDrafted    Kind = "contract.drafted"
	ContractSigned     Kind = "contract.signed"
	PaperRecorded      Kind = "contract.recorded_on_paper"
	ContractCancelled  Kind = "contract.cancelled"
	SaleImported       Kind = "sale.imported"
	DealerMoved        Kind = "dealer.moved"
	PersonSignedIn     Kind = "person.signed_in"
	PersonInvited      Kind = "person.invited"
	PersonDeactivated  Kind = "person.deactivated"
	PersonReactivated  Kind = "person.reactivated"
	SessionEnded       Kind = "session.ended" // by headquarters
	PersonTied         Kind = "person.tied"   // to what another issuer calls them
	ContactSet         Kind = "organization.contact_set"
	PasswordSet        Kind = "person.password_set"
	PasskeyAdded       Kind = "passkey.added"
	PasskeyRemoved     Kind = "passkey.removed"
	PasskeySuspended   Kind = "passkey.suspended" // two devices were seen to hold it
	VisitRecorded      Kind = "visit.recorded"
	RulebookIntroduced Kind = "rulebook.introduced"
	ContractPackaged   Kind = "contract.packaged"
)

// The acts of finance.
const (
	FinanceApplied     Kind = "finance.applied"
	FinanceWithdrawn   Kind = "finance.withdrawn"
	FinanceDecided     Kind = "finance.decided"
	DocumentsRequested Kind = "finance.documents_requested"
	DocumentProvided   Kind = "finance.document_provided"
	FinanceFunded      Kind = "finance.funded"
)

// The acts of a delivery.
const (
	ShipmentRequested Kind = "shipment.requested"
	ShipmentAccepted  Kind = "shipment.accepted"
	ShipmentDeclined  Kind = "shipment.declined"
	ShipmentMoved     Kind = "shipment.moved"
	ShipmentCancelled Kind = "shipment.cancelled"
	DeliveryProved    Kind = "delivery.proved"
	DeliveryRevoked   Kind = "delivery.revoked" // the contract of a proven delivery was cancelled
)

// The acts of a customer's own link.
const (
	LinkMade    Kind = "link.made"
	LinkOpened  Kind = "link.opened"
	LinkRevoked Kind = "link.revoked"
)

// The acts of a voice.
const (
	VoiceSent      Kind = "voice.sent"
	VoiceAnswered  Kind = "voice.answered"
	VoiceAssigned  Kind = "voice.assigned"
	VoiceUseful    Kind = "voice.useful"
	VoiceClosed    Kind = "voice.closed"
	VoiceEscalated Kind = "voice.escalated"
)

// The acts of ideas and release notes.
const (
	IdeaProposed     Kind = "idea.proposed"
	IdeaSupported    Kind = "idea.supported"
	IdeaUnsupported  Kind = "idea.unsupported"
	IdeaMoved        Kind = "idea.moved"
	ReleasePublished Kind = "release.published"
)

// The acts of a partner's system about where it is called.
const (
	WebhookCreated       Kind = "webhook.created"
	WebhookSecretRotated Kind = "webhook.secret_rotated"
	WebhookPaused        Kind = "webhook.paused"
	WebhookResumed       Kind = "webhook.resumed"
	WebhookReplayed      Kind = "webhook.replayed"
	WebhookRemoved       Kind = "webhook.removed"
)

// Facts are what a rule may ask about an act: numbers, truth values, ids and
// codes. Never a name, a phone number or any other personal data, so that a
// customer can be erased without touching the log.
type Facts map[string]any

// Act is one thing that somebody did. It is never edited or removed.
type Act struct {
	Seq         int64  `bun:",pk,autoincrement"` // place in the log
	ID          string // act_…, time-ordered
	Kind        Kind
	ActorID     string    `bun:",nullzero"` // the person or client; "" for the system
	DealerID    string    `bun:",nullzero"` // whose dealership it counts for
	CustomerID  string    `bun:",nullzero"`
	DealID      string    `bun:",nullzero"` // the consultation that began the deal
	SubjectID   string    // the row that changed
	DeviceID    string    `bun:",nullzero"`
	Facts       Facts     `bun:",type:text"`
	OccurredAt  time.Time // the device's time, corrected by its known offset
	ReceivedAt  time.Time // the server's time
	Transaction int64     `bun:"tx,scanonly"` // orders late commits; see docs/adr
}

// Before orders acts as scoring sees them: by OccurredAt, then by ID.
func (a Act) Before(b Act) bool {
	if !a.OccurredAt.Equal(b.OccurredAt) {
		return a.OccurredAt.Before(b.OccurredAt)
	}
	return a.ID < b.ID
}

// Recorder appends acts inside the caller's transaction and lets every
// projection that must hold together with them follow in it.
type Recorder interface {
	Record(ctx context.Context, acts ...Act) error
}

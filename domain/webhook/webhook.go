// Package webhook tells partners' systems of changes by calling them: where they
// want to be called, what was sent, what came of it, and when to try again.
package webhook

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"dure/domain/feed"
)

// EndpointState tells whether an endpoint is called.
type EndpointState string

// The states of an endpoint. What a paused one should hear of is kept for it.
const (
	Active EndpointState = "ACTIVE"
	Paused EndpointState = "PAUSED"
)

// PauseReason tells why an endpoint is not called.
type PauseReason string

// Why endpoints are paused.
const (
	ByHand PauseReason = "BY_HAND"
	Dead   PauseReason = "DEAD" // nothing but failures for a whole day
	Gone   PauseReason = "GONE" // it answered 410
)

// Endpoint is a place that a partner's organisation wants to be called at.
type Endpoint struct {
	ID             string `bun:",pk"`
	OrganizationID string
	URL            string
	Kinds          []feed.Kind `bun:",type:text"` // none: every kind
	SecretSealed   string
	PreviousSealed string    `bun:",nullzero"` // the secret before the last rotation
	PreviousUntil  time.Time `bun:",nullzero"` // until when the receiver may still know only that one
	State          EndpointState
	PauseReason    PauseReason `bun:",nullzero"`
	Failures       int         // failed attempts since the last that succeeded
	FailingSince   time.Time   `bun:",nullzero"`
	CreatedBy      string      // the person or client
	CreatedAt      time.Time
}

// Wants reports whether the endpoint is told of changes of that kind.
func (e Endpoint) Wants(k feed.Kind) bool {
	return len(e.Kinds) == 0 || slices.Contains(e.Kinds, k)
}

// OverlapUntil is when the secret before the last rotation ends; zero when it
// has ended, or there was none.
func (e Endpoint) OverlapUntil(now time.Time) time.Time {
	if e.PreviousUntil.After(now) {
		return e.PreviousUntil
	}
	return time.Time{}
}

// When an endpoint counts as dead: nothing but failures, so many, for so long.
const (
	deadAfter    = 24 * time.Hour
	deadFailures = 10
)

// dead reports whether the endpoint, which just failed once more, should not be
// called any more.
func (e Endpoint) dead(now time.Time) bool {
	return e.Failures >= deadFailures && now.Sub(e.FailingSince) >= deadAfter
}

// DeliveryState tells what became of a delivery.
type DeliveryState string

// The states of a delivery.
const (
	Pending   DeliveryState = "PENDING"
	Delivered DeliveryState = "DELIVERED"
	Failed    DeliveryState = "FAILED"  // given up after three days
	Skipped   DeliveryState = "SKIPPED" // passed over when its endpoint went on after a pause
)

// Failure is a class of what went wrong with an attempt.
type Failure string

// The classes of failure. What exactly a partner's network said is not kept.
const (
	BadStatus      Failure = "BAD_STATUS" // an answer other than 2xx; redirects are not followed
	TimedOut       Failure = "TIMED_OUT"
	NotResolved    Failure = "NOT_RESOLVED"
	NotConnected   Failure = "NOT_CONNECTED"
	BadCertificate Failure = "BAD_CERTIFICATE"
	PrivateAddress Failure = "PRIVATE_ADDRESS" // the name leads into a private network
	Broken         Failure = "BROKEN"          // the connection broke, or what came was no HTTP
)

// Attempt is one call of an endpoint.
type Attempt struct {
	At       time.Time
	Status   int     // of the answer; 0 without one
	Failure  Failure // "" when it succeeded
	Duration time.Duration
}

// OK reports whether the receiver has the message.
func (a Attempt) OK() bool { return a.Failure == "" }

// Delivery is a message to one endpoint. Deliveries about one contract go out
// one after the other, in the order of (ChangeTx, ChangeSeq).
type Delivery struct {
	Seq        int64  `bun:",pk,autoincrement"`
	ID         string // whd_…
	EndpointID string
	MessageID  string // the webhook-id: the change's own id, the same however often it is sent
	ContractID string // "" when it is about none
	SubjectID  string
	Kind       feed.Kind
	ChangeTx   int64
	ChangeSeq  *int64 // nil for a test message
	OccurredAt time.Time
	State      DeliveryState
	Attempts   []Attempt `bun:",type:text"` // the newest keptAttempts, the newest last
	Tries      int       // since it was made or last replayed
	TryingFrom time.Time `bun:",nullzero"` // its first try, zero before
	NextAt     time.Time `bun:",nullzero"` // not before then
	DoneAt     time.Time `bun:",nullzero"`
	CreatedAt  time.Time
}

// TestKind is the kind of a message that only shows that messages arrive.
const TestKind feed.Kind = "webhook.test"

// keptAttempts bounds the log of a delivery that is replayed over and over.
const keptAttempts = 50

// giveUpAfter is how long a delivery is tried.
const giveUpAfter = 72 * time.Hour

// waits are how long to wait after the first failure, the second, and so on; the
// last holds for all that follow.
var waits = []time.Duration{
	5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour,
}

// note keeps an attempt and says what follows: it is done, it is given up, or it
// is tried again at NextAt.
func (d *Delivery) note(a Attempt, now time.Time) {
	d.Attempts = append(d.Attempts, a)
	d.Attempts = d.Attempts[max(0, len(d.Attempts)-keptAttempts):]
	d.Tries++
	if d.TryingFrom.IsZero() {
		d.TryingFrom = now
	}
	wait := waits[min(d.Tries, len(waits))-1]
	switch {
	case a.OK():
		d.finish(Delivered, now)
	case now.Add(wait).Sub(d.TryingFrom) > giveUpAfter:
		d.finish(Failed, now)
	default:
		d.NextAt = now.Add(wait)
	}
}

func (d *Delivery) finish(s DeliveryState, now time.Time) {
	d.State, d.DoneAt, d.NextAt = s, now, time.Time{}
}

// Queue is what one endpoint should hear of one contract. One process at a time
// works on it, so that order holds.
type Queue struct {
	EndpointID string
	ContractID string
}

// payload is the body of a message: ids alone, never personal data.
type payload struct {
	ID        string      `json:"id"`
	Type      feed.Kind   `json:"type"`
	Timestamp time.Time   `json:"timestamp"`
	Data      payloadData `json:"data"`
}

type payloadData struct {
	Sequence   int64  `json:"sequence"` // for a replay from here
	ContractID string `json:"contractId,omitempty"`
	SubjectID  string `json:"subjectId"`
}

// Body is what is sent, the same bytes at every attempt.
func (d Delivery) Body() ([]byte, error) {
	p := payload{ID: d.MessageID, Type: d.Kind, Timestamp: d.OccurredAt.UTC(), Data: payloadData{ContractID: d.ContractID, SubjectID: d.SubjectID}}
	if d.ChangeSeq != nil {
		p.Data.Sequence = *d.ChangeSeq
	}
	return json.Marshal(p)
}

// secretPrefix marks secrets as the Standard Webhooks specification has it.
const secretPrefix = "whsec_"

// secretText is a secret as people copy it.
func secretText(key []byte) string { return secretPrefix + base64.StdEncoding.EncodeToString(key) }

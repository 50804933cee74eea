// Package voc holds the voice of the customer and of the field: what people send
// from the apps, who answers it until when, and what changed because of it.
package voc

import (
	"time"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/kst"
)

// VoiceKind is what somebody has to say.
type VoiceKind string

// The kinds of voice.
const (
	Problem    VoiceKind = "PROBLEM"
	Suggestion VoiceKind = "SUGGESTION"
	Praise     VoiceKind = "PRAISE"
	Question   VoiceKind = "QUESTION"
	Feedback   VoiceKind = "FEEDBACK" // about the app itself
)

// VoiceTeam is who looks after a voice at headquarters, region by region.
type VoiceTeam string

// The teams.
const (
	ServiceTeam  VoiceTeam = "SERVICE"
	ProductTeam  VoiceTeam = "PRODUCT"
	SalesTeam    VoiceTeam = "SALES"
	PlatformTeam VoiceTeam = "PLATFORM"
)

// VoiceStatus is where a voice stands.
type VoiceStatus string

// The states of a voice.
const (
	VoiceReceived VoiceStatus = "RECEIVED"
	VoiceAnswered VoiceStatus = "ANSWERED"
	VoiceClosed   VoiceStatus = "CLOSED"
)

// routes say which team a kind goes to, and in how much office time somebody
// answers.
var routes = map[VoiceKind]struct {
	team VoiceTeam
	due  time.Duration
}{
	Problem:    {ServiceTeam, 8 * time.Hour},
	Question:   {SalesTeam, kst.BusinessDay},
	Feedback:   {PlatformTeam, 2 * kst.BusinessDay},
	Suggestion: {ProductTeam, 3 * kst.BusinessDay},
	Praise:     {SalesTeam, 5 * kst.BusinessDay},
}

// How an unanswered voice rises: at its due time, and once more a business day
// later.
const (
	MaxLevel      = 2
	escalateAgain = kst.BusinessDay
)

// Voice is something that somebody said.
type Voice struct {
	ID            string `bun:",pk"`
	Kind          VoiceKind
	Status        VoiceStatus
	Team          VoiceTeam
	Text          string
	Photos        []string `bun:",type:text"` // SHA-256 of each
	Audio         string   `bun:",nullzero"`  // SHA-256
	SenderID      string   // a person, or the customer of a link
	SenderPersona identity.Persona
	DealerID      string    `bun:",nullzero"` // whose staff sent it, or whose customer it is about
	RegionCode    string    `bun:",nullzero"` // of that dealer
	CustomerID    string    `bun:",nullzero"`
	ProductID     string    `bun:",nullzero"`
	SerialNumber  string    `bun:",nullzero"`
	ContractID    string    `bun:",nullzero"`
	Screen        string    `bun:",nullzero"` // where in the app it was written
	AssigneeID    string    `bun:",nullzero"`
	DueAt         time.Time // by then somebody answers
	Level         int       // how often it was escalated
	EscalateAt    time.Time `bun:",nullzero"` // when it is escalated next
	Outcome       string    `bun:",nullzero"` // what changed because of it
	UsefulAt      time.Time `bun:",nullzero"`
	AnsweredAt    time.Time `bun:",nullzero"` // the first time
	ClosedAt      time.Time `bun:",nullzero"`
	OccurredAt    time.Time // by the device
	ReceivedAt    time.Time
	Version       int // grows by one at each save
}

// VoiceAnswer is what headquarters says to a voice.
type VoiceAnswer struct {
	ID         string `bun:",pk"`
	VoiceID    string
	ActorID    string
	Text       string
	AnsweredAt time.Time
}

// VoiceFile is a photo or a recording that somebody handed in.
type VoiceFile struct {
	SHA256 string `bun:"sha256,pk"`
	KeptBy string `bun:",pk"`
	Type   string // its content type
	KeptAt time.Time
}

// route places v in a team's queue, with its due time.
func (v *Voice) route() {
	r := routes[v.Kind]
	v.Team, v.DueAt = r.team, kst.AddBusinessHours(v.ReceivedAt, r.due)
	v.EscalateAt = v.DueAt
}

// Overdue reports whether nobody has answered v in time.
func (v *Voice) Overdue(now time.Time) bool {
	return v.Status == VoiceReceived && !now.Before(v.DueAt)
}

// current fails with fault.Conflict when somebody changed v since version.
func (v *Voice) current(version int) error {
	if v.Version != version {
		return fault.New(fault.Conflict, "voice.changed").On("expectedVersion")
	}
	return nil
}

// Answer has somebody at headquarters answer v.
func (v *Voice) Answer(at time.Time) error {
	if v.Status == VoiceClosed {
		return errClosed
	}
	if v.Status == VoiceReceived {
		v.AnsweredAt = at
	}
	v.Status, v.EscalateAt = VoiceAnswered, time.Time{}
	return nil
}

var errClosed = fault.New(fault.Conflict, "voice.closed")

// Close ends v with what changed because of it.
func (v *Voice) Close(outcome string, at time.Time) error {
	if v.Status == VoiceClosed {
		return errClosed
	}
	v.Status, v.Outcome, v.ClosedAt, v.EscalateAt = VoiceClosed, outcome, at, time.Time{}
	return nil
}

// MarkUseful says that v helped. It does so once.
func (v *Voice) MarkUseful(at time.Time) error {
	if !v.UsefulAt.IsZero() {
		return fault.New(fault.Conflict, "voice.already_useful")
	}
	v.UsefulAt = at
	return nil
}

// Escalate lets v rise when nobody answered it in time. It reports whether it
// did.
func (v *Voice) Escalate(now time.Time) bool {
	if v.EscalateAt.IsZero() || now.Before(v.EscalateAt) || v.Status != VoiceReceived {
		return false
	}
	v.Level++
	v.EscalateAt = time.Time{}
	if v.Level < MaxLevel {
		v.EscalateAt = kst.AddBusinessHours(now, escalateAgain)
	}
	return true
}

// Package link lets a customer in: by a link that the dealer hands over and a
// code that reaches the customer by another way. Behind it lies one contract, its
// delivery, and the customer's own consents.
package link

import (
	"time"

	"dure/domain/fault"
)

// CodeBy is how the code reaches the customer.
type CodeBy string

// The ways of a code. Text messages are none of them: no sender of such is
// connected.
const (
	ByMail  CodeBy = "MAIL"
	ByVoice CodeBy = "VOICE" // the dealer is shown it and tells it
)

// Status is where a link stands.
type Status string

// The states of a link.
const (
	Waiting Status = "WAITING" // nobody opened it yet
	Opened  Status = "OPENED"  // by one browser, which it belongs to
	Expired Status = "EXPIRED"
	Revoked Status = "REVOKED"
	Locked  Status = "LOCKED" // too many wrong codes
)

// How long things last, and how often a code may be wrong.
const (
	DefaultDays    = 14
	MaxDays        = 90
	MailCodeFor    = 15 * time.Minute // it is mailed when the customer has the page open
	VoiceCodeFor   = 24 * time.Hour
	EntryFor       = 30 * time.Minute // an access token
	MissesOfACode  = 5
	MissesOfALink  = 20
	shortestDevice = 16
	longestInput   = 200
)

// CustomerLink opens one contract to its customer.
type CustomerLink struct {
	ID          string `bun:",pk"`
	SecretHash  string `json:"-"`
	ContractID  string
	CustomerID  string
	DealerID    string
	StaffID     string // who made it
	CodeBy      CodeBy
	CodeNumber  int       // codes that were made
	CodeUntil   time.Time `bun:",nullzero"` // while the newest code is good
	Missed      int       // wrong codes since the newest was made
	MissedInAll int
	BrowserHash string `bun:",nullzero" json:"-"` // of the browser that opened it
	MadeAt      time.Time
	ExpiresAt   time.Time
	OpenedAt    time.Time `bun:",nullzero"`
	RevokedAt   time.Time `bun:",nullzero"`
}

var (
	// errOver is what a link answers that opens nothing, whatever the reason, so
	// that nobody learns which links exist.
	errOver     = fault.New(fault.NotFound, "link.over")
	errCodeOver = fault.New(fault.Conflict, "link.code_over").On("code")
	errBrowser  = fault.New(fault.Conflict, "link.other_browser").On("deviceId")
)

// Status is where l stands at that moment.
func (l *CustomerLink) Status(now time.Time) Status {
	switch {
	case !l.RevokedAt.IsZero():
		return Revoked
	case !now.Before(l.ExpiresAt):
		return Expired
	case l.MissedInAll >= MissesOfALink:
		return Locked
	case !l.OpenedAt.IsZero():
		return Opened
	default:
		return Waiting
	}
}

// stands reports whether l lets somebody in.
func (l *CustomerLink) stands(now time.Time) bool {
	s := l.Status(now)
	return s == Waiting || s == Opened
}

// renew makes the next code; the one before is good no longer. It fails once a
// browser has opened l, which needs no code any more.
func (l *CustomerLink) renew(by CodeBy, now time.Time) error {
	switch {
	case !l.stands(now):
		return errOver
	case l.BrowserHash != "":
		return fault.New(fault.Conflict, "link.already_opened")
	}
	lasts := MailCodeFor
	if by == ByVoice {
		lasts = VoiceCodeFor
	}
	l.CodeBy, l.CodeNumber, l.CodeUntil, l.Missed = by, l.CodeNumber+1, now.Add(lasts), 0
	return nil
}

// open lets a browser in: the first that brings the code, and that one alone from
// then on. A wrong code is counted in l, which has to be saved either way.
func (l *CustomerLink) open(browserHash string, codeGiven, codeRight bool, now time.Time) error {
	switch {
	case !l.stands(now):
		return errOver
	case l.BrowserHash == browserHash:
		return nil
	case l.BrowserHash != "":
		return errBrowser
	case !codeGiven:
		return fault.New(fault.Invalid, "link.code_needed").On("code")
	case !now.Before(l.CodeUntil):
		return errCodeOver
	case !codeRight:
		return l.miss()
	}
	l.BrowserHash, l.OpenedAt, l.CodeUntil = browserHash, now, time.Time{}
	return nil
}

// miss counts a wrong code.
func (l *CustomerLink) miss() error {
	l.Missed++
	l.MissedInAll++
	left := min(MissesOfACode-l.Missed, MissesOfALink-l.MissedInAll)
	if left <= 0 {
		l.CodeUntil = time.Time{}
		return errCodeOver
	}
	return fault.New(fault.Invalid, "link.wrong_code", left).On("code")
}

// Package iq is Sales IQ: what each act earns under a versioned rulebook, and
// the ledger that remembers why.
package iq

import (
	"time"

	"dure/domain/act"
	"dure/domain/page"
)

// Character tells a Right Behaviour from a Bad one.
type Character string

// The characters of a rule.
const (
	Right Character = "RIGHT"
	Bad   Character = "BAD"
)

// Rulebook is one version of the rules. It is data: it is never edited, and the
// next version takes effect in a later season.
type Rulebook struct {
	Version       int       `bun:",pk"`
	EffectiveFrom time.Time // start of the first season it judges
	PublishedAt   time.Time
	DailyCap      int    // points a person may earn in a business day, exempt rules aside
	SeasonShareBP int    // most of a season's points that one rule may give, basis points; applied once, at the freeze
	Rules         []Rule `bun:",type:text"`
}

// Rule gives points for one kind of act when all its clauses hold.
type Rule struct {
	Key         string    `json:"key"` // such as "contract.signed"
	Character   Character `json:"character"`
	Title       string    `json:"title"`
	TitleEn     string    `json:"titleEn"`
	Behaviour   string    `json:"behaviour"` // the Right Behaviour it stands for, or replaces
	BehaviourEn string    `json:"behaviourEn"`
	Evidence    string    `json:"evidence"` // what it asks to see
	EvidenceEn  string    `json:"evidenceEn"`

	Triggers      []act.Kind `json:"triggers"` // acts that it judges
	Clauses       []Clause   `json:"clauses,omitempty"`
	Points        int        `json:"points"`
	Caps          []Cap      `json:"caps,omitempty"`
	FreeTimes     int        `json:"freeTimes,omitempty"` // a Bad Behaviour's first so many times in a season cost nothing, and are reviewed
	VestAfterDays int        `json:"vestAfterDays,omitempty"`
	CancelledBy   []act.Kind `json:"cancelledBy,omitempty"` // a later act on the same subject that takes the points back
	DailyExempt   bool       `json:"dailyExempt,omitempty"`
}

// Clause is one condition on an act's facts. A fact that is missing fails it.
type Clause struct {
	Fact string `json:"fact"` // such as "watchedSeconds"
	Op   string `json:"op"`   // "=", "!=", ">=", "<=", ">", "<"
	Want any    `json:"want"` // number, string or bool
	Key  string `json:"key"`  // what to say when it fails, such as "iq.video_too_short"; "" when the rule then simply does not concern the act
}

// Conditions judges whether an act's facts fulfil a rule. An expression engine
// may take the place of Clauses.
type Conditions interface {
	// Judge returns "" when rule holds for facts, else the key of what is
	// missing. concerns is false when the rule has nothing to say of the act.
	Judge(rule Rule, facts act.Facts) (missing string, concerns bool)
}

// Period is the window of a cap.
type Period string

// The windows of caps. Days, weeks (from Monday) and months are business ones (KST).
const (
	PerDay          Period = "DAY"
	PerWeek         Period = "WEEK"
	PerMonth        Period = "MONTH"
	PerSeason       Period = "SEASON"
	PerDeal         Period = "DEAL"
	PerCustomer     Period = "CUSTOMER"      // ever, within the season
	PerCustomerDays Period = "CUSTOMER_DAYS" // Days after the last one that earned
	PerSubject      Period = "SUBJECT"
)

// Cap limits how many acts of a rule earn within a window, first come by
// (occurredAt, id). An act past a cap earns 0 and says so.
type Cap struct {
	Per   Period `json:"per"`
	Limit int    `json:"limit"`
	Days  int    `json:"days,omitempty"` // for CUSTOMER_DAYS
}

// EntryKind tells why an entry is there.
type EntryKind string

// The kinds of ledger entry.
const (
	Earned   EntryKind = "EARNED"   // the act was judged the first time; may be 0 points
	Adjusted EntryKind = "ADJUSTED" // a late act changed who was inside a cap
	Reversed EntryKind = "REVERSED" // the act was taken back
)

// LedgerEntry is points posted for an act. Entries are never edited: a
// correction is a new entry. An entry is pending until VestsAt, then vested.
type LedgerEntry struct {
	Seq             int64 `bun:",pk,autoincrement"`
	ID              string
	Season          string
	DealerID        string
	RuleKey         string
	RulebookVersion int
	ActID           string
	ActKind         act.Kind
	ActorID         string `bun:",nullzero"`
	Kind            EntryKind
	Points          int
	VestsAt         time.Time
	OccurredAt      time.Time
	PostedAt        time.Time
	Explanation     string         // message key, such as "iq.earned" or "iq.cap_week"
	Arguments       map[string]any `bun:",type:text"` // for the message
	Review          bool           // a person at HQ should look
	TotalAfter      int            // the dealer's running total in the season
	Transaction     int64          `bun:"tx,scanonly"`
}

// Award is what one act is due under one rule.
type Award struct {
	RuleKey     string
	Act         act.Act
	Points      int
	VestsAt     time.Time
	Explanation string
	Arguments   map[string]any
	Review      bool
	Cancelled   bool
}

// Total is a dealer's running total of one season.
type Total struct {
	Season    string `bun:",pk"`
	DealerID  string `bun:",pk"`
	Points    int
	EntrySeq  int64     // the newest entry it includes
	ReachedAt time.Time // latest OccurredAt among the entries with points
}

// Points splits a season's points by when they vest.
type Points struct {
	Points  int // earned: pending and vested, less reversals
	Vested  int
	Pending int
}

// LedgerEntryConnection and LedgerEntryEdge page through the ledger.
type (
	LedgerEntryConnection = page.Connection[LedgerEntry]
	LedgerEntryEdge       = page.Edge[LedgerEntry]
)

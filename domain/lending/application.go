package lending

import (
	"strings"
	"time"

	"dure/domain/fault"
	"dure/domain/kst"
	"dure/domain/money"
	"dure/domain/page"
	"dure/domain/text"
)

// ApplicationStatus is where an application stands.
type ApplicationStatus string

// The states of an application.
const (
	Submitted   ApplicationStatus = "SUBMITTED"
	Approved    ApplicationStatus = "APPROVED"
	Conditional ApplicationStatus = "CONDITIONAL" // approved, once the conditions are met
	Declined    ApplicationStatus = "DECLINED"
	Withdrawn   ApplicationStatus = "WITHDRAWN" // by the dealer
	Funded      ApplicationStatus = "FUNDED"
)

// Limits of an application.
const (
	MaxLenders    = 10  // asked at once
	MaxMonths     = 120 // of a loan
	MaxConditions = 20
	MaxLine       = 200 // characters of a condition, a reason or a title
	MaxNote       = 4_000
)

// FinanceApplication asks one lender to finance a deal.
type FinanceApplication struct {
	ID             string `bun:",pk"` // app_…
	LenderID       string
	ContractID     string `bun:",nullzero"` // "" until one was drafted from the quote
	QuoteID        string `bun:",nullzero"`
	DealID         string
	DealerID       string
	CustomerID     string
	StaffID        string
	Status         ApplicationStatus
	Amount         money.Won // to be financed
	Months         int
	ApprovedAmount money.Won // 0 until approved
	Conditions     []string  `bun:",type:text"`
	Reasons        []string  `bun:",type:text"`
	DecidedAt      time.Time `bun:",nullzero"`
	WithdrawReason string    `bun:",nullzero"`
	WithdrawnAt    time.Time `bun:",nullzero"`
	FundedAmount   money.Won
	FundedOn       time.Time `bun:",nullzero"` // a business day
	SubmittedAt    time.Time
	UpdatedAt      time.Time
	Version        int // grows by one at each save
}

// Open reports whether the lender still deals with the application.
func (a *FinanceApplication) Open() bool { return a.Status != Withdrawn && a.Status != Declined }

// Decision is what a lender says to an application.
type Decision string

// The decisions.
const (
	Approve     Decision = "APPROVE"
	Conditioned Decision = "CONDITIONAL"
	Decline     Decision = "DECLINE"
)

// Decide enters the lender's decision, once. It fails with fault.Conflict when
// the application was withdrawn or decided before, and with fault.Invalid when
// the decision lacks its conditions or reasons, or approves another amount than
// the one asked for or less. It then leaves a as it was.
func (a *FinanceApplication) Decide(in DecideApplicationInput, at time.Time) error {
	if err := a.undecided(); err != nil {
		return err
	}
	status, amount := Approved, a.Amount
	switch in.Decision {
	case Approve:
	case Conditioned:
		status = Conditional
	case Decline:
		status, amount = Declined, 0
	default:
		return fault.New(fault.Invalid, "application.bad_decision").On("decision")
	}
	if err := in.check(); err != nil {
		return err
	}
	if in.Amount != nil {
		if *in.Amount < 1 || *in.Amount > a.Amount || status == Declined {
			return fault.New(fault.Invalid, "application.bad_amount").On("amount")
		}
		amount = *in.Amount
	}
	a.Status, a.ApprovedAmount, a.Conditions, a.Reasons, a.DecidedAt, a.UpdatedAt = status, amount, orEmpty(in.Conditions), orEmpty(in.Reasons), at, at
	return nil
}

func (a *FinanceApplication) undecided() error {
	switch a.Status {
	case Submitted:
		return nil
	case Withdrawn:
		return fault.New(fault.Conflict, "application.withdrawn")
	default:
		return fault.New(fault.Conflict, "application.already_decided")
	}
}

// check checks that a decision says what it has to.
func (in DecideApplicationInput) check() error {
	if err := lines(in.Conditions, "conditions"); err != nil {
		return err
	}
	if err := lines(in.Reasons, "reasons"); err != nil {
		return err
	}
	if (in.Decision == Conditioned) != (len(in.Conditions) > 0) {
		return fault.New(fault.Invalid, "application.conditions").On("conditions")
	}
	if in.Decision == Decline && len(in.Reasons) == 0 {
		return fault.New(fault.Invalid, "application.reasons_missing").On("reasons")
	}
	return nil
}

// lines checks a list of short texts, none of them blank.
func lines(list []string, field string) error {
	for _, l := range list {
		if strings.TrimSpace(l) == "" {
			return fault.New(fault.Invalid, "application.blank_line").On(field)
		}
	}
	return text.CheckList(list, MaxConditions, MaxLine, field)
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// Withdraw takes an application back. It fails with fault.Conflict when the
// lender declined or funded it, or it was withdrawn before.
func (a *FinanceApplication) Withdraw(reason string, at time.Time) error {
	switch a.Status {
	case Submitted, Approved, Conditional:
		a.Status, a.WithdrawReason, a.WithdrawnAt, a.UpdatedAt = Withdrawn, reason, at, at
		return nil
	case Withdrawn:
		return fault.New(fault.Conflict, "application.withdrawn")
	default:
		return fault.New(fault.Conflict, "application.closed")
	}
}

// Fund enters that the money was paid, once: not before it was approved, not
// while documents are missing, and no more than was approved. It then leaves a
// as it was.
func (a *FinanceApplication) Fund(amount money.Won, on time.Time, missing int, now time.Time) error {
	switch a.Status {
	case Approved, Conditional:
	case Funded:
		return fault.New(fault.Conflict, "application.already_funded")
	case Withdrawn:
		return fault.New(fault.Conflict, "application.withdrawn")
	default:
		return fault.New(fault.Conflict, "application.not_approved")
	}
	day := kst.StartOfDay(on)
	switch {
	case missing > 0:
		return fault.New(fault.Conflict, "application.documents_missing", missing)
	case amount < 1 || amount > a.ApprovedAmount:
		return fault.New(fault.Invalid, "application.bad_amount").On("amount")
	case day.After(now) || day.Before(kst.StartOfDay(a.SubmittedAt)):
		return fault.New(fault.Invalid, "application.bad_day").On("fundedOn")
	}
	a.Status, a.FundedAmount, a.FundedOn, a.UpdatedAt = Funded, amount, day, now
	return nil
}

// StipulationStatus is where a request for a document stands.
type StipulationStatus string

// The states of a stipulation.
const (
	Wanted   StipulationStatus = "WANTED"
	Provided StipulationStatus = "PROVIDED"
)

// Stipulation is a document that a lender asks for.
type Stipulation struct {
	ID            string `bun:",pk"` // stp_…
	ApplicationID string
	LenderID      string
	DealerID      string
	Status        StipulationStatus
	Title         string
	Note          string    `bun:",nullzero"`
	DueOn         time.Time // a business day
	Answer        string    `bun:",nullzero"`
	FileName      string    `bun:",nullzero"`
	FileType      string    `bun:",nullzero"`
	FileSHA256    string    `bun:"file_sha256,nullzero"`
	FileSize      int
	ProvidedBy    string    `bun:",nullzero"`
	ProvidedAt    time.Time `bun:",nullzero"`
	RequestedAt   time.Time
}

// ApplicationFilter picks applications; zero fields pick all.
type ApplicationFilter struct {
	Status     ApplicationStatus
	ContractID string
	CustomerID string
	DealerID   string
	LenderID   string
}

// FinanceApplicationConnection and those below page through each list.
type (
	FinanceApplicationConnection = page.Connection[FinanceApplication]
	FinanceApplicationEdge       = page.Edge[FinanceApplication]
	AccessEntryConnection        = page.Connection[AccessEntry]
	AccessEntryEdge              = page.Edge[AccessEntry]
)

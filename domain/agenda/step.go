// Package agenda says what is worth doing now: for a dealer the next steps that
// would earn most, for a rep what needs them. It is read from what other features
// keep; nobody fills it in.
package agenda

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"time"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/iq"
	"dure/domain/kst"
)

// StepKind is something that a dealer can do next.
type StepKind string

// The steps a dealer can take.
const (
	SignContract      StepKind = "SIGN_CONTRACT"      // a contract is drafted and not signed
	FollowUpQuote     StepKind = "FOLLOW_UP_QUOTE"    // nobody got back to the customer yet
	ShowProduct       StepKind = "SHOW_PRODUCT"       // nothing was shown to who came today
	IssueQuote        StepKind = "ISSUE_QUOTE"        // a consultation has no quote
	RequestDelivery   StepKind = "REQUEST_DELIVERY"   // a signed contract has no shipment
	FillFarm          StepKind = "FILL_FARM"          // too little is known of a customer's farm
	CloseConsultation StepKind = "CLOSE_CONSULTATION" // an open consultation has gone quiet
)

// earns is the act that a step ends in, which is what earns.
var earns = map[StepKind]act.Kind{
	SignContract: act.ContractSigned, FollowUpQuote: act.QuoteFollowed, ShowProduct: act.ProductPresented, IssueQuote: act.QuoteIssued,
	RequestDelivery: act.DeliveryProved, FillFarm: act.CustomerProfiled, CloseConsultation: act.DealLost,
}

// Bounds of what is looked at.
const (
	QuietAfterDays = 30  // an open consultation without an act for so long has gone quiet
	MaxCandidates  = 100 // of each kind
	MaxSteps       = 20
	enough         = 10 // the points that the next best steps should add up to
)

// Candidate is something that could be done, as the rows say.
type Candidate struct {
	Kind       StepKind
	SubjectID  string // the consultation, quote, contract or customer
	CustomerID string
	DealID     string    // "" for a customer
	Since      time.Time // when it could first be done
	Count      int       // needs of a consultation; filled fields of a farm
}

// Step is something worth doing now.
type Step struct {
	Candidate

	Points    int
	RuleKey   string         // the rule that gives most of them
	DueAt     time.Time      // until when it earns; zero while there is no end to it
	Arguments map[string]any // numbers for the reason in words
	Book      int            // version of the rulebook that judged
}

// NextBest is the shortest way to a few more points.
type NextBest struct {
	Steps  []Step
	Points int // their sum
	Full   []iq.FullCap
}

// Store reads what could be done, and who needs whom.
type Store interface {
	// Candidates reads what a dealer could do now, of each kind the newest.
	Candidates(ctx context.Context, dealerID string, now time.Time) ([]Candidate, error)
	// Waiting reads quotes that wait for approval and still hold now, and deals
	// that are open and whose last act lies between oldest and quietSince.
	Waiting(ctx context.Context, scope identity.Scope, now, quietSince, oldest time.Time) ([]Attention, error)
	DealersWithin(ctx context.Context, scope identity.Scope) ([]string, error)
	DealsOf(ctx context.Context, scope identity.Scope, dealerIDs []string, now, month time.Time) ([]DealerDeals, error)
}

// Service reads agendas.
type Service struct {
	Now       func() time.Time
	Store     Store
	IQ        *iq.Service
	Standings Standings
}

// NextSteps lists what would earn the caller most if it were done now, in this
// order: what the caps have no room for is left out.
func (s *Service) NextSteps(ctx context.Context, first int) ([]Step, error) {
	steps, _, err := s.steps(ctx)
	if err != nil {
		return nil, err
	}
	if first < 1 || first > MaxSteps {
		return nil, fault.New(fault.Invalid, "page.bad_first", MaxSteps).On("first")
	}
	return steps[:min(first, len(steps))], nil
}

// NextBestPoints lists the fewest steps that add up to ten points, or all there
// are, and which caps have no room any more.
func (s *Service) NextBestPoints(ctx context.Context) (*NextBest, error) {
	steps, full, err := s.steps(ctx)
	if err != nil {
		return nil, err
	}
	best := &NextBest{Full: full}
	for _, step := range steps {
		if best.Points >= enough {
			break
		}
		best.Steps, best.Points = append(best.Steps, step), best.Points+step.Points
	}
	return best, nil
}

func (s *Service) steps(ctx context.Context) ([]Step, []iq.FullCap, error) {
	if _, err := identity.Allow(ctx, identity.BannerRead); err != nil {
		return nil, nil, err
	}
	now, who := s.Now(), identity.From(ctx)
	candidates, err := s.Store.Candidates(ctx, who.DealerID, now)
	if err != nil {
		return nil, nil, err
	}
	var steps []Step
	outlook, err := s.IQ.Foresee(ctx, func(book iq.Rulebook) []act.Act {
		steps = possible(book, candidates, now)
		acts := make([]act.Act, len(steps))
		for i, step := range steps {
			acts[i] = step.act(book, who, now)
			acts[i].ID = strconv.Itoa(i)
		}
		return acts
	})
	if err != nil {
		return nil, nil, err
	}
	for _, award := range outlook.Awards {
		i, err := strconv.Atoi(award.Act.ID)
		if err != nil {
			return nil, nil, err
		}
		step := &steps[i]
		if step.RuleKey == "" || award.Points > step.Points {
			step.RuleKey = award.RuleKey
		}
		step.Points += award.Points
	}
	steps = slices.DeleteFunc(steps, func(step Step) bool { return step.Points <= 0 })
	slices.SortStableFunc(steps, func(a, b Step) int { return cmp.Compare(b.Points, a.Points) })
	return steps, outlook.Full, nil
}

// possible makes steps of candidates, in the order in which they should take
// their places in the caps: what is worth most first, then what is due, then
// that of which most is known, then the newest.
func possible(book iq.Rulebook, candidates []Candidate, now time.Time) []Step {
	steps := make([]Step, 0, len(candidates))
	for _, c := range candidates {
		if step := stepOf(book, c, now); step.DueAt.IsZero() || step.DueAt.After(now) {
			steps = append(steps, step)
		}
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		return cmp.Or(
			cmp.Compare(book.Worth(earns[b.Kind]), book.Worth(earns[a.Kind])),
			compareDue(a.DueAt, b.DueAt), cmp.Compare(b.Count, a.Count), b.Since.Compare(a.Since), cmp.Compare(a.SubjectID, b.SubjectID),
		)
	})
	return steps
}

// compareDue puts what ends sooner first, and what does not end last.
func compareDue(a, b time.Time) int {
	if a.IsZero() || b.IsZero() {
		return cmp.Compare(b.Unix(), a.Unix())
	}
	return a.Compare(b)
}

func stepOf(book iq.Rulebook, c Candidate, now time.Time) Step {
	step := Step{Candidate: c, Book: book.Version, Arguments: map[string]any{}}
	switch c.Kind {
	case FollowUpQuote:
		hours := book.Asks(act.QuoteFollowed, "withinHours")
		step.DueAt = c.Since.Add(time.Duration(hours * float64(time.Hour)))
		step.Arguments["hours"] = int(math.Ceil(step.DueAt.Sub(now).Hours()))
	case ShowProduct:
		step.DueAt = kst.AddDays(kst.StartOfDay(c.Since), 1)
		step.Arguments["seconds"] = int(book.Asks(act.ProductPresented, "watchedSeconds"))
	case FillFarm:
		step.Arguments["filled"] = c.Count
		step.Arguments["wanted"] = int(book.Asks(act.CustomerProfiled, "farmFieldsFilled"))
	case CloseConsultation:
		step.Arguments["days"] = QuietAfterDays
	case SignContract, IssueQuote, RequestDelivery:
	}
	return step
}

// act is the step as it should be done, done now by who.
func (s Step) act(book iq.Rulebook, who identity.Actor, now time.Time) act.Act {
	kind := earns[s.Kind]
	facts := book.Ideal(kind)
	switch s.Kind {
	case ShowProduct:
		facts["needs"], facts["sameDay"] = s.Count, kst.SameDay(s.Since, now)
	case FollowUpQuote:
		facts["withinHours"] = now.Sub(s.Since).Hours()
	case SignContract, IssueQuote, RequestDelivery, FillFarm, CloseConsultation:
	}
	return act.Act{
		Kind: kind, ActorID: who.UserID, DealerID: who.DealerID, CustomerID: s.CustomerID, DealID: s.DealID, SubjectID: s.SubjectID,
		Facts: facts, OccurredAt: now, ReceivedAt: now,
	}
}

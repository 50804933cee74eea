package demo

import (
	"fmt"
	"time"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/feed"
	"dure/domain/kst"
	"dure/domain/lending"
	"dure/domain/money"
)

// The ratios of a loan.
const (
	monthsFinanced = 6 // how far back lenders are asked through the platform
	askedFor       = 0.35
	declinedLoan   = 0.05
	conditional    = 0.2
	handedIn       = 0.9
	regretted      = 0.02 // customers who take their consent back in the middle of a loan
)

// slowLender is the one whose customers wait for documents.
const slowLender = "한마을상호금융"

// finance has lenders pay for what the shop sold on credit in the last months.
func (s *shop) finance() {
	name := fmt.Sprintf("dealer/%d/finance", s.number)
	trade, id := s.dice, s.id
	s.dice, s.id = s.m.stream(name), s.m.identifier(name)
	defer func() { s.dice, s.id = trade, id }()
	clients, quotes := map[string]*client{}, map[string]*deal.Quote{}
	for _, c := range s.clients {
		clients[c.ID] = c
	}
	for _, q := range s.quotes {
		quotes[q.ID] = q
	}
	bought := map[string]int{}
	for _, c := range s.contracts {
		bought[c.CustomerID]++
	}
	from := monthsBefore(s.m.Now, monthsFinanced)
	for _, c := range s.contracts {
		q := quotes[c.QuoteID]
		if c.Status != deal.ContractSigned || c.SignedAt.Before(from) || q == nil || q.FinanceProgrammeID == "" {
			continue
		}
		l := &loan{shop: s, c: c, q: q, client: clients[c.CustomerID], who: pick(s.dice, s.sellers), once: bought[c.CustomerID] == 1, at: c.SignedAt}
		if l.ask() {
			l.run()
			s.shares = append(s.shares, l.open...)
		}
	}
}

// loan is one application on its way.
type loan struct {
	*shop

	c      *deal.Contract
	q      *deal.Quote
	client *client
	who    seller
	a      *lending.FinanceApplication
	slow   bool
	once   bool            // the customer's only contract
	open   []lending.Share // what the lender sees in the end
	at     time.Time       // of the last step
}

// later moves on. It reports false when that lies beyond the end of the world.
func (l *loan) later(low, high time.Duration) bool {
	at := l.at.Add(l.span(low, high))
	if !at.Before(l.m.Now) {
		return false
	}
	l.at = at
	return true
}

// ask sends the application to the lender of the quote's programme, whom the
// customer agreed to when they signed.
func (l *loan) ask() bool {
	if !l.later(time.Hour, 24*time.Hour) {
		return false
	}
	for _, p := range l.m.Programmes {
		if p.ID == l.q.FinanceProgrammeID {
			l.apply(p.OrganizationID, l.q.Total-l.q.DownPayment, l.q.FinanceMonths)
			return true
		}
	}
	return false
}

// apply is the dealer's request to one lender.
func (l *loan) apply(lenderID string, amount money.Won, months int) {
	who := l.by(l.who, l.at)
	l.a = &lending.FinanceApplication{
		ID: l.stamp("app", l.at), LenderID: lenderID, ContractID: l.c.ID, QuoteID: l.q.ID, DealID: l.c.DealID, DealerID: l.dealer.ID,
		CustomerID: l.client.ID, StaffID: who.userID, Status: lending.Submitted, Amount: amount, Months: months,
		Conditions: []string{}, Reasons: []string{}, SubmittedAt: l.at, UpdatedAt: l.at, Version: 1,
	}
	l.slow = l.m.lender(slowLender) == lenderID
	l.applications = append(l.applications, l.a)
	shared := lending.Share{OrganizationID: lenderID, RowID: l.c.ID, ContractID: l.c.ID, CustomerID: l.client.ID, Items: customer.ItemsOfWords, SharedAt: l.at}
	own := shared
	own.RowID = l.a.ID
	l.open = []lending.Share{shared, own}
	l.hear(feed.ContractShared, l.c.ID, "")
	l.tell(act.FinanceApplied, feed.ApplicationSubmitted, l.a.ID, who, nil)
}

// lender finds a finance company by its name.
func (m *maker) lender(name string) string {
	for _, o := range m.World.Organizations {
		if o.Name == name {
			return o.ID
		}
	}
	panic("demo: no lender is called " + name) //nolint:forbidigo // the same world each time: a test would have seen it
}

// tell records an act about the application, and lets the lender hear of it.
func (l *loan) tell(kind act.Kind, told feed.Kind, subjectID string, by seller, facts act.Facts) {
	if facts == nil {
		facts = act.Facts{}
	}
	facts["lenderId"], facts["applicationId"] = l.a.LenderID, l.a.ID
	a := l.record(kind, by, subjectID, l.at, l.client.ID, l.c.DealID, facts)
	l.hear(told, l.a.ID, a.ID)
}

func (l *loan) hear(kind feed.Kind, subjectID, actID string) {
	l.changes = append(l.changes, &feed.Change{
		ID: l.stamp("chg", l.at), OrganizationID: l.a.LenderID, ContractID: l.c.ID, SubjectID: subjectID, Kind: kind,
		ActID: actID, OccurredAt: l.at, PostedAt: l.at,
	})
}

func (l *loan) system() seller { return seller{userID: l.a.LenderID} }

// run brings the application to its end, as far as the time reaches.
func (l *loan) run() {
	asked := 0
	if l.slow || l.chance(askedFor) {
		if !l.later(4*time.Hour, 48*time.Hour) {
			return
		}
		if !l.document() {
			return
		}
		asked = 1
	}
	wait := 3 * 24 * time.Hour
	if l.slow {
		wait = 24 * 24 * time.Hour
	}
	if !l.later(wait/4, wait) {
		return
	}
	if l.decide(asked); l.a.Status == lending.Declined {
		return
	}
	if l.later(24*time.Hour, 6*24*time.Hour) {
		must(l.a.Fund(l.a.ApprovedAmount, l.at, 0, l.at))
		l.a.Version++
		l.tell(act.FinanceFunded, feed.ApplicationFunded, l.a.ID, l.system(), act.Facts{"amount": int64(l.a.FundedAmount)})
		if l.chance(regretted) && l.once && l.later(5*24*time.Hour, 40*24*time.Hour) {
			l.regret()
		}
	}
}

// document has the lender ask for one, and the dealer hand it in. It reports
// whether they did.
func (l *loan) document() bool {
	w := lending.Stipulation{
		ID: l.stamp("stp", l.at), ApplicationID: l.a.ID, LenderID: l.a.LenderID, DealerID: l.dealer.ID, Status: lending.Wanted,
		Title: pick(l.dice, []string{"농업경영체 등록 확인서", "소득 금액 증명", "신분증 사본", "통장 사본"}), DueOn: kst.StartOfDay(l.at.AddDate(0, 0, 7)), RequestedAt: l.at,
	}
	l.tell(act.DocumentsRequested, feed.DocumentsRequested, l.a.ID, l.system(), act.Facts{"documents": 1})
	given := l.chance(handedIn) && l.later(3*time.Hour, 5*24*time.Hour)
	if given {
		who := l.by(l.who, l.at)
		w.Status, w.Answer, w.ProvidedBy, w.ProvidedAt = lending.Provided, "팩스로 보냈어요", who.userID, l.at
		l.tell(act.DocumentProvided, feed.DocumentsProvided, w.ID, who, act.Facts{"onTime": !kst.StartOfDay(l.at).After(w.DueOn)})
	}
	l.stipulations = append(l.stipulations, w)
	return given
}

// decide is the lender's word.
func (l *loan) decide(asked int) {
	in := lending.DecideApplicationInput{Decision: lending.Approve}
	switch {
	case l.chance(declinedLoan):
		in.Decision, in.Reasons = lending.Decline, []string{pick(l.dice, []string{"기존 대출이 많아요", "소득을 확인할 수 없어요"})}
	case l.chance(conditional):
		in.Decision, in.Conditions = lending.Conditioned, []string{pick(l.dice, []string{"연대 보증", "농기계 종합 보험 가입"})}
	}
	must(l.a.Decide(in, l.at))
	l.a.Version++
	l.tell(act.FinanceDecided, feed.ApplicationDecided, l.a.ID, l.system(), act.Facts{
		"decision": string(in.Decision), "completeAtFirstTry": asked == 0, "documentsAsked": asked,
		"amount": int64(l.a.Amount), "approvedAmount": int64(l.a.ApprovedAmount),
	})
	if l.a.Status == lending.Declined {
		l.close()
	}
}

// regret is a customer who takes their consent back in the middle of the loan.
func (l *loan) regret() {
	l.enter(l.client, l.by(l.who, l.at), customer.ThirdParty, l.a.LenderID, customer.Withdrawn, l.at)
	l.close()
}

func (l *loan) close() {
	l.open = nil
	l.hear(feed.ContractClosed, l.c.ID, "")
}

// gatherLoans brings the shops' applications together, in the order of time.
func (m *maker) gatherLoans() {
	var applications []*lending.FinanceApplication
	var changes []*feed.Change
	for _, s := range m.shops {
		applications, changes = append(applications, s.applications...), append(changes, s.changes...)
		m.Stipulations, m.Shares = append(m.Stipulations, s.stipulations...), append(m.Shares, s.shares...)
	}
	m.Applications = inOrder(applications, func(a *lending.FinanceApplication) (time.Time, string) { return a.SubmittedAt, a.ID })
	m.Changes = inOrder(changes, func(c *feed.Change) (time.Time, string) { return c.PostedAt, c.ID })
	for i := range m.Changes {
		m.Changes[i].Seq = int64(i + 1)
	}
}

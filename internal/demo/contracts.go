package demo

import (
	"fmt"
	"math"
	"time"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/deal"
)

// digitalShare is how many contracts are signed on the tablet by then: an
// S-curve from 5 % to 92 %.
func (m *maker) digitalShare(at time.Time) float64 {
	const first, last, steepness = 0.05, 0.92, 10
	curve := func(x float64) float64 { return 1 / (1 + math.Exp(-steepness*(x-0.5))) }
	return first + (last-first)*(curve(m.progress(at))-curve(0))/(curve(1)-curve(0))
}

// contract lets the customer sign, on the tablet or on paper.
func (t *talk) contract() {
	// A quote holds for thirty days; most who sign do so within two weeks.
	if !t.on(4*time.Hour, 14*24*time.Hour) {
		return
	}
	if t.chance(min(0.99, t.m.digitalShare(t.at)+t.skill*0.4)) {
		t.draft()
	} else {
		t.paper()
	}
}

// signed makes the contract that follows from the quote.
func (t *talk) signed(channel deal.ContractChannel) *deal.Contract {
	who := t.by(t.who, t.at)
	c := &deal.Contract{
		ID: t.stamp("ctr", t.at), QuoteID: t.q.ID, DealID: t.q.DealID, DealerID: t.dealer.ID, CustomerID: t.c.ID, StaffID: who.userID,
		Channel: channel, Status: deal.ContractSigned, ProductID: t.q.Lines[0].ProductID, Quantity: t.q.Lines[0].Quantity,
		ListTotal: t.q.ListTotal, Discount: t.q.Discount, Price: t.q.ListTotal - t.q.Discount, Total: t.q.Total, DraftedAt: t.at, Version: 1,
	}
	t.q.Status = deal.QuoteAccepted
	t.q.Version++
	t.contracts = append(t.contracts, c)
	return c
}

func (t *talk) draft() {
	// A draft that nobody signed yet would need its paper.
	signing := t.at.Add(t.span(8*time.Minute, 40*time.Minute))
	if !signing.Before(t.m.Now) {
		return
	}
	c := t.signed(deal.Digital)
	t.recordContract(act.ContractDrafted, c, nil)
	t.at = signing
	c.SignedAt, c.ReceivedAt = t.at, t.at
	c.Version++
	t.win()
	t.recordContract(act.ContractSigned, c, nil)
	t.shareWithLender()
	t.regret(c)
}

func (t *talk) paper() {
	unapproved := !t.q.WithinBand() && t.q.Status != deal.QuoteIssued
	c := t.signed(deal.Paper)
	c.SignedAt, c.ReceivedAt = t.at, t.at
	t.win()
	t.recordContract(act.PaperRecorded, c, act.Facts{"unapprovedDiscount": unapproved})
	t.shareWithLender()
	t.regret(c)
}

func (t *talk) win() {
	if t.k == nil {
		return
	}
	t.k.Win(t.at)
	t.k.Version++
}

// recordContract records an act with the facts that figures and rules ask for.
func (t *talk) recordContract(kind act.Kind, c *deal.Contract, more act.Facts) {
	facts := act.Facts{
		"channel": string(c.Channel), "price": int64(c.Price), "listTotal": int64(c.ListTotal), "discountBP": c.DiscountBP(),
		"productId": c.ProductID, "quantity": c.Quantity, "regionCode": t.regionCode(t.at),
	}
	for name, value := range more {
		facts[name] = value
	}
	t.record(kind, t.by(t.who, t.at), c.ID, t.at, t.c.ID, c.DealID, facts)
}

// shareWithLender asks whether the lender may see the contract.
func (t *talk) shareWithLender() {
	if t.q.FinanceProgrammeID == "" {
		return
	}
	for _, p := range t.m.Programmes {
		if p.ID == t.q.FinanceProgrammeID {
			t.consent(t.c, t.by(t.who, t.at), customer.ThirdParty, p.OrganizationID, t.at)
		}
	}
}

// regret cancels one contract in twenty-five.
func (t *talk) regret(c *deal.Contract) {
	if !t.chance(cancelled) || !t.on(24*time.Hour, 25*24*time.Hour) {
		return
	}
	reason := pick(t.dice, []string{"마음이 바뀌셨어요", "자금이 나오지 않았어요", "다른 기계로 바꾸기로 하셨어요"})
	if err := c.Cancel(reason, t.at); err != nil {
		panic(fmt.Sprintf("demo: cancel a contract: %v", err)) //nolint:forbidigo // the same world each time: a test would have seen it
	}
	c.Version++
	t.q.ReleaseAcceptance(c.Channel)
	t.q.Version++
	if t.k != nil {
		t.k.Reopen()
		t.k.Version++
	}
	t.recordContract(act.ContractCancelled, c, act.Facts{"wasSigned": true})
	t.lose()
}

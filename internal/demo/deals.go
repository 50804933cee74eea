package demo

import (
	"fmt"
	"slices"
	"time"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/kst"
	"dure/domain/money"
)

// The ratios of a deal. Together they give 2.3 quotes a contract.
const (
	quotedThoughLost = 0.27
	revised          = 0.22
	cancelled        = 0.04
	forgotten        = 0.03 // of deals are never closed
	financed         = 0.55 // of quotes
)

// talk is one deal on its way.
type talk struct {
	*shop

	c       *client
	who     seller
	k       *deal.Consultation // nil when it began with a quote
	q       *deal.Quote
	machine *model
	at      time.Time // of the last step
}

// serve lets somebody come in about a machine.
func (s *shop) serve(at time.Time) {
	t := &talk{shop: s, who: pick(s.dice, s.sellers), at: at}
	if !t.choose() {
		return
	}
	if s.chance(s.priceOnly()) {
		t.quoteOnPrice()
		return
	}
	t.consult()
	won := s.chance(1 / consultationsPerContract)
	if (won || s.chance(quotedThoughLost)) && t.quote() && won {
		t.contract()
		return
	}
	t.lose()
}

// choose says who came, and for which machine. It reports false at the end of
// the world.
func (t *talk) choose() bool {
	if len(t.clients) > 0 && t.chance(knownCustomer) {
		t.c = pick(t.dice, t.clients)
	}
	if t.c == nil || t.c.CreatedAt.After(t.at) {
		t.c = t.register(t.at, t.chance(0.8*t.habit(t.at)))
		if !t.on(time.Minute, 6*time.Minute) {
			return false
		}
	}
	who := t.by(t.who, t.at)
	if !t.c.consented {
		t.consent(t.c, who, customer.PersonalData, "", t.at)
		t.profile(t.c, who, t.at)
	} else if t.c.ProfiledAt.IsZero() && t.chance(0.5*t.habit(t.at)) {
		t.learn(t.c, who, t.at)
	}
	// Greenhouses and orchards take small machines; the others by their land.
	weights := []float64{4, 7, 31, 27, 20, 8, 3}
	switch t.c.crop {
	case greenhouse, fruit, citrus:
		weights = []float64{48, 44, 6, 2, 0, 0, 0}
	}
	if t.c.hectares < 1 {
		weights = slices.Clone(weights)
		for i := range weights[4:] {
			weights[4+i] /= 3
		}
	}
	t.machine = pick(t.dice, t.m.goods.families[t.weighted(weights)])
	return true
}

// on moves the deal to a later working hour. It reports false when that lies
// beyond the end of the world.
func (t *talk) on(low, high time.Duration) bool {
	at := open(t.at.Add(t.span(low, high)), t.dice)
	if !at.Before(t.m.Now) {
		return false
	}
	t.at = at
	return true
}

// consult opens a consultation and shows a machine, or not.
func (t *talk) consult() {
	t.begin()
	for range t.between(0, 2) {
		if t.chance(0.25+0.75*t.habit(t.at)) && t.on(3*time.Minute, 15*time.Minute) {
			t.show()
		}
	}
}

func (t *talk) begin() {
	who := t.by(t.who, t.at)
	t.k = &deal.Consultation{
		ID: t.stamp("con", t.at), DealerID: t.dealer.ID, CustomerID: t.c.ID, StaffID: who.userID, Status: deal.ConsultationOpen,
		Needs: t.needs(), OpenedAt: t.at, Version: 1,
	}
	t.consultations = append(t.consultations, t.k)
	t.record(act.ConsultationOpened, who, t.k.ID, t.at, t.c.ID, t.k.ID, act.Facts{"needs": t.k.Needs.Count()})
}

func (t *talk) needs() deal.Needs {
	n := deal.Needs{}
	if t.chance(t.habit(t.at)) {
		n.Crops = []string{t.c.crop}
	}
	if t.chance(0.6) {
		n.SquareMetres = int(t.c.hectares*100) * 100
	}
	if t.chance(0.4) {
		n.Budget = t.machine.price / 5_000_000 * 5_000_000
	}
	if t.chance(0.5) {
		n.Purpose = pick(t.dice, []string{"쓰던 것이 힘이 모자라요", "자주 고장 나서 바꾸려고요", "농사를 늘렸어요", "아들이 함께 짓게 됐어요", "모내기 전에 바꾸고 싶어요"})
	}
	return n
}

func (t *talk) show() {
	who, film := t.by(t.who, t.at), pick(t.dice, t.machine.media)
	watched := t.between(5, 40)
	if t.chance(t.habit(t.at)) {
		watched = t.between(30, 180)
	}
	w := deal.Showing{
		ID: t.stamp("shw", t.at), ConsultationID: t.k.ID, DealerID: t.dealer.ID, ProductID: t.machine.ID, MediaID: film.ID,
		WatchedSeconds: min(watched, film.DurationSeconds), OccurredAt: t.at,
	}
	t.showings = append(t.showings, w)
	t.record(act.ProductPresented, who, w.ID, t.at, t.c.ID, t.k.ID, act.Facts{
		"productId": w.ProductID, "watchedSeconds": w.WatchedSeconds, "needs": t.k.Needs.Count(), "sameDay": kst.SameDay(t.k.OpenedAt, t.at),
	})
}

// valuePoints say why this machine is for this farm.
func (t *talk) valuePoints() []string {
	return []string{
		fmt.Sprintf("%s에 알맞은 %d마력이에요", map[bool]string{true: "하우스와 과수원", false: "지으시는 땅"}[t.machine.family < 2], t.machine.Horsepower),
		"기름을 덜 먹어 한 해 농사 값이 줄어요", "가까운 곳에서 바로 고쳐 드려요", "캐빈이 조용해 오래 타셔도 편해요",
	}
}

// quote issues a first quote, and perhaps a revised one. It reports whether the
// customer holds one that they may accept.
func (t *talk) quote() bool {
	if !t.on(20*time.Minute, 50*time.Hour) {
		return false
	}
	discount := t.between(0, t.band()*9/10)
	if t.chance(0.06) {
		discount = t.band() + t.between(20, 400)
	}
	points := 0
	if t.chance(0.15 + 0.85*t.habit(t.at)) {
		points = t.between(1, 3)
	}
	t.issue(nil, discount, points)
	if !t.decided() {
		return false
	}
	if !t.followed() {
		return false
	}
	if t.chance(revised) && t.on(20*time.Hour, 6*24*time.Hour) {
		t.issue(t.q, t.between(0, t.band()), max(1, points))
	}
	return true
}

// band is the largest discount without approval, in basis points.
func (t *talk) band() int { return t.m.bands[t.region] }

// issue writes a quote; previous is the one that it revises, or nil.
func (t *talk) issue(previous *deal.Quote, discountBP, points int) {
	who := t.by(t.who, t.at)
	q := &deal.Quote{
		ID: t.stamp("quo", t.at), DealerID: t.dealer.ID, CustomerID: t.c.ID, StaffID: who.userID, Revision: 1, Status: deal.QuoteIssued,
		BandBP: t.band(), ValuePoints: t.valuePoints()[:points], IssuedAt: t.at, ValidUntil: t.at.Add(deal.QuoteValidity), Version: 1,
	}
	kind := act.QuoteIssued
	if previous != nil {
		q.PreviousID, q.Revision, q.ConsultationID, q.DealID = previous.ID, previous.Revision+1, previous.ConsultationID, previous.DealID
		q.Lines, q.TradeIn = previous.Lines, previous.TradeIn
		previous.Status = deal.QuoteSuperseded
		previous.Version++
		kind = act.QuoteRevised
	} else {
		q.DealID = q.ID
		if t.k != nil {
			q.ConsultationID, q.DealID = t.k.ID, t.k.ID
		}
		q.Lines = t.lines()
		q.TradeIn = t.tradeIn()
	}
	t.price(q, discountBP)
	if !q.WithinBand() {
		q.Status = deal.QuoteAwaiting
	}
	t.q = q
	t.quotes = append(t.quotes, q)
	t.record(kind, who, q.ID, t.at, t.c.ID, q.DealID, act.Facts{
		"lines": len(q.Lines), "valuePoints": len(q.ValuePoints), "discountBP": q.DiscountBP, "bandBP": q.BandBP,
		"withinBand": q.WithinBand(), "hasConsultation": q.ConsultationID != "", "priceOnly": q.PriceOnly(), "revision": q.Revision,
	})
}

// lines are one machine with some of its options, at the prices of the day.
func (t *talk) lines() []deal.QuoteLine {
	year := t.at.In(kst.Zone).Year()
	l := deal.QuoteLine{
		ProductID: t.machine.ID, ProductName: t.machine.Name, ModelCode: t.machine.ModelCode, Horsepower: t.machine.Horsepower,
		Quantity: 1, UnitPrice: t.m.goods.priceIn(year, t.machine.price),
	}
	if t.c.Kind == customer.Firm && t.chance(0.15) {
		l.Quantity = 2
	}
	for _, o := range t.machine.options {
		if t.chance(0.4) {
			o.Price = t.m.goods.priceIn(year, o.Price)
			l.Options = append(l.Options, o)
		}
	}
	return []deal.QuoteLine{l}
}

// tradeIn is an old machine that the shop takes in payment, now and then.
func (t *talk) tradeIn() deal.TradeIn {
	if !t.chance(0.3) || len(t.c.Farm.Machines) == 0 {
		return deal.TradeIn{}
	}
	return deal.TradeIn{Description: t.c.Farm.Machines[0].Model, Amount: money.Won(t.between(10, 60)) * 100_000}
}

// price works out the quote's amounts, and how it is paid.
func (t *talk) price(q *deal.Quote, discountBP int) {
	list := money.Won(0)
	for _, l := range q.Lines {
		unit := l.UnitPrice
		for _, o := range l.Options {
			unit += o.Price
		}
		list += unit * money.Won(l.Quantity)
	}
	q.Discount = list * money.Won(discountBP) / 10_000 / 10_000 * 10_000
	if err := q.Price(); err != nil {
		panic(fmt.Sprintf("demo: price a quote: %v", err)) //nolint:forbidigo // the same world each time: a test would have seen it
	}
	if !t.chance(financed) {
		return
	}
	p := pick(t.dice, t.m.Programmes)
	q.FinanceProgrammeID, q.FinanceRateBP, q.FinanceMonths = p.ID, p.RateBP, pick(t.dice, p.TermMonths)
	q.DownPayment = (q.Total*money.Won(10_000-p.MaxShareBP)/10_000/10_000 + 1) * 10_000
	q.Monthly = money.Monthly(q.Total-q.DownPayment, q.FinanceRateBP, q.FinanceMonths)
}

// decided lets the rep decide on a discount outside the band. A refused quote
// comes back within it.
func (t *talk) decided() bool {
	if t.q.Status != deal.QuoteAwaiting {
		return true
	}
	if !t.on(30*time.Minute, 26*time.Hour) {
		return false
	}
	rep, approve, note, kind := t.approver(t.at), t.chance(0.75), "", act.DiscountApproved
	if !approve {
		note, kind = "한도 안에서 다시 이야기해 주세요", act.DiscountRefused
	}
	if err := t.q.Decide(approve, rep.userID, note, t.at); err != nil {
		panic(fmt.Sprintf("demo: decide on a discount: %v", err)) //nolint:forbidigo // the same world each time: a test would have seen it
	}
	t.q.Version++
	t.record(kind, rep, t.q.ID, t.at, t.c.ID, t.q.DealID, act.Facts{"discountBP": t.q.DiscountBP, "bandBP": t.q.BandBP})
	if approve {
		return true
	}
	if !t.on(time.Hour, 30*time.Hour) {
		return false
	}
	t.issue(t.q, t.band()*8/10, 2)
	return true
}

// followed lets the seller get back to the customer, or not. It reports false
// at the end of the world.
func (t *talk) followed() bool {
	if !t.chance(0.1 + 0.9*t.habit(t.at)) {
		return true
	}
	latest := 40 * time.Hour
	if t.chance(0.15) {
		latest = 80 * time.Hour
	}
	if !t.on(3*time.Hour, latest) {
		return false
	}
	t.q.FollowedAt = t.at
	t.record(act.QuoteFollowed, t.by(t.who, t.at), t.q.ID, t.at, t.c.ID, t.q.DealID, act.Facts{"withinHours": t.at.Sub(t.q.IssuedAt).Hours()})
	return true
}

// lose closes a consultation without a contract, with its reason or not.
func (t *talk) lose() {
	if t.k == nil || t.chance(forgotten) || !t.on(2*24*time.Hour, 24*24*time.Hour) {
		return
	}
	reason := ""
	if t.chance(0.2 + 0.75*t.habit(t.at)) {
		reason = deal.LostReasons[t.weighted([]float64{30, 22, 26, 14, 8})]
	}
	t.close(reason)
}

func (t *talk) close(reason string) {
	who := t.by(t.who, t.at)
	if err := t.k.Close(reason, "", t.at); err != nil {
		panic(fmt.Sprintf("demo: close a consultation: %v", err)) //nolint:forbidigo // the same world each time: a test would have seen it
	}
	t.k.Version++
	t.record(act.ConsultationClosed, who, t.k.ID, t.at, t.c.ID, t.k.ID, nil)
	t.record(act.DealLost, who, t.k.ID, t.at, t.c.ID, t.k.ID, act.Facts{"reason": reason, "reasonGiven": reason != ""})
}

package demo

import (
	"context"
	"slices"
	"time"

	"dure/domain/act"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/iq"
	"dure/domain/kst"
	"dure/domain/work"
)

// shop is a dealer at work. What it makes is gathered when all have traded.
type shop struct {
	m *maker
	dice

	id       identifier
	number   int
	dealer   channel.Dealer
	district channel.District
	region   string
	rep      string
	sellers  []seller
	moved    *move
	volume   float64 // machines a year
	skill    float64 // how much sooner than others it takes to the platform
	book     int     // customers at the end

	clients       []*client
	consents      []customer.Consent
	consultations []*deal.Consultation
	showings      []deal.Showing
	quotes        []*deal.Quote
	contracts     []*deal.Contract
	acts          []act.Act
	accounts      [][]iq.LedgerEntry // by season
	stamps        int                // ids made within one moment, so that they sort as they were made
	stamped       time.Time
}

// client is a customer and what the shop knows of them now.
type client struct {
	customer.Customer

	consented bool
	crop      string
	hectares  float64
	elder     bool
}

// share is the part of a year's sales that each month brings, in per cent.
var share = [12]float64{4, 7, 15, 16, 12, 8, 5, 7, 8, 7, 6, 5}

// The ratios of the procedure.
const (
	consultationsPerContract = 4.2
	knownCustomer            = 0.45 // of consultations are with somebody the shop knows
	workingDays              = 6.0 / 7
)

// trade lets the shop live from the first day of the history to the last.
func (s *shop) trade() {
	s.planMove()
	weights := s.dayWeights()
	consultations := 0.0
	for _, w := range weights {
		consultations += w
	}
	walkIns := max(0, float64(s.book)-consultations*(1-knownCustomer))
	for day, weight := range weights {
		morning := kst.AddDays(s.m.begins, day)
		if morning.In(kst.Zone).Weekday() == time.Sunday {
			continue
		}
		for range s.poisson(walkIns / float64(len(weights)) / workingDays) {
			if at := s.hour(morning); at.Before(s.m.Now) {
				s.register(at, s.chance(0.35+0.4*s.habit(at)))
			}
		}
		for range s.poisson(weight / workingDays) {
			if at := s.hour(morning); at.Before(s.m.Now) {
				s.serve(at)
			}
		}
	}
}

// dayWeights is how many consultations each day of the history may expect.
func (s *shop) dayWeights() []float64 {
	const lead = 12 // days from a consultation to its contract
	weights := make([]float64, kst.DaysBetween(s.m.begins, s.m.Now)+1)
	for i := range weights {
		day := kst.AddDays(s.m.begins, i)
		local := kst.AddDays(day, lead).In(kst.Zone)
		days := float64(time.Date(local.Year(), local.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day())
		weights[i] = s.volume * consultationsPerContract * share[local.Month()-1] / 100 / days * s.m.weather(s.region, day)
	}
	return weights
}

// hour is some moment of a day on which the shop is open.
func (s *shop) hour(day time.Time) time.Time {
	return day.Add(opens*time.Hour + s.span(0, (closes-opens)*time.Hour))
}

// habit is how likely staff follow a Right Behaviour by then, from 0 to 1.
func (s *shop) habit(at time.Time) float64 {
	return min(0.97, max(0.05, 0.3+0.5*s.m.progress(at)+s.skill))
}

// by is who acts for a seller at that moment: documented sign-ins leave today
// to the visitor.
func (s *shop) by(who seller, at time.Time) seller {
	if who.guest && !at.Before(kst.StartOfDay(s.m.Now)) {
		return s.sellers[1]
	}
	return who
}

// stamp makes an id. Ids of one moment sort in the order in which they are made.
func (s *shop) stamp(prefix string, at time.Time) string {
	if !at.Equal(s.stamped) {
		s.stamped, s.stamps = at, 0
	}
	s.stamps++
	return s.id.at(prefix, at.Add(time.Duration(s.stamps)*time.Millisecond))
}

// record appends an act with the facts that the services write.
func (s *shop) record(kind act.Kind, by seller, subjectID string, at time.Time, customerID, dealID string, facts act.Facts) {
	kit := work.Kit{
		Now:   func() time.Time { return at },
		NewID: func(prefix string) string { return s.stamp(prefix, at) },
	}
	ctx := act.DoneBy(context.Background(), act.By{UserID: by.userID, DealerID: s.dealer.ID, DeviceID: by.deviceID})
	a := kit.Act(ctx, kind, subjectID, at, facts)
	a.DealerID, a.CustomerID, a.DealID = s.dealer.ID, customerID, dealID
	s.acts = append(s.acts, a)
}

func (s *shop) planMove() {
	if s.moved == nil {
		return
	}
	s.record(act.DealerMoved, seller{userID: s.moved.by}, s.dealer.ID, s.moved.at, "", "", act.Facts{
		"fromTerritoryId": s.moved.from, "toTerritoryId": s.moved.to,
	})
}

// approver is the rep who decides on the shop's discounts at that moment.
func (s *shop) approver(at time.Time) seller {
	rep := s.rep
	if s.moved != nil && !at.Before(s.moved.at) {
		i := slices.IndexFunc(s.m.Territories, func(t channel.Territory) bool { return t.ID == s.moved.to })
		rep = s.m.Territories[i].RepID
	}
	return seller{userID: rep, deviceID: "phone-" + rep[len(rep)-8:]}
}

// regionCode is the code that the shop's region had at that moment.
func (s *shop) regionCode(at time.Time) string {
	for _, r := range s.m.Regions {
		if r.SucceededBy == s.region && at.Before(r.ValidUntil) {
			return r.Code
		}
	}
	return s.region
}

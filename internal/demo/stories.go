package demo

import (
	"slices"
	"time"

	"dure/domain/customer"
	"dure/domain/iq"
	"dure/domain/kst"
)

// The planted stories that the product must be able to find.
const (
	priceOnlyRegion = "48" // sells on price
	droughtRegion   = "46" // had no rain one spring
)

// priceOnly is how many deals begin with a price and nothing else.
func (s *shop) priceOnly() float64 {
	if s.region == priceOnlyRegion {
		return 0.3
	}
	return 0.015
}

// quoteOnPrice lets a seller quote a discount beyond the band, without a
// consultation or a value point. Some sign on paper before anybody approved.
func (t *talk) quoteOnPrice() {
	if !t.on(10*time.Minute, 5*time.Hour) {
		return
	}
	t.issue(nil, t.band()+t.between(100, 700), 0)
	if !t.chance(1/consultationsPerContract) || !t.on(2*time.Hour, 6*24*time.Hour) {
		return
	}
	if t.chance(0.4) {
		t.paper()
		return
	}
	if t.decided() {
		t.contract()
	}
}

// weather is by how much a region buys more or less than usual that day. The
// drought came in the last spring but one, from May to July.
func (m *maker) weather(region string, day time.Time) float64 {
	year := m.Now.AddDate(0, -7, 0).In(kst.Zone).Year() - 1
	dry := !day.Before(kst.Date(year, time.May, 1)) && day.Before(kst.Date(year, time.August, 1))
	if region == droughtRegion && dry {
		return 0.4
	}
	return 1
}

// makeRulebooks makes the starting rules and a second version, which took
// effect in the middle of the history, with ten days' notice and more.
func (m *maker) makeRulebooks() {
	first, second := iq.Starting(), iq.Starting()
	middle := m.begins.Add(m.Now.Sub(m.begins) / 2)
	second.Version, second.EffectiveFrom = 2, iq.SeasonOf(middle).End
	second.PublishedAt = kst.AddDays(second.EffectiveFrom, -14)
	for i := range second.Rules {
		switch r := &second.Rules[i]; r.Key {
		case "deal.lost_reason":
			r.Points = 4
		case "customer.profiled":
			r.Caps[0].Limit = 10
		}
	}
	m.Rulebooks = []iq.Rulebook{first, second}
	if second.PublishedAt.After(m.Now) {
		m.Rulebooks = m.Rulebooks[:1]
	}
}

// current are the running season and the rules that judge it.
func (m *maker) current() (iq.Season, iq.Rulebook) {
	season := iq.SeasonOf(m.Now)
	book, err := iq.BookFor(season, m.Rulebooks)
	if err != nil {
		panic("demo: " + err.Error()) //nolint:forbidigo // the same world each time: a test would have seen it
	}
	return season, book
}

// points is what the shop has earned in a season.
func (s *shop) points(season iq.Season, book iq.Rulebook) int {
	total := 0
	for _, a := range iq.Score(book, iq.Clauses{}, season, s.acts) {
		total += a.Points
	}
	return total
}

// enliven gives a first point to shops that have none in the running season:
// to the first few at once, to the others the likelier the longer it runs.
func (m *maker) enliven() {
	const atOnce, usual = 5, 14 * 24 * time.Hour
	season, book := m.current()
	d := m.stream("enliven")
	age := float64(m.Now.Sub(season.Start)) / float64(usual)
	for i, s := range m.shops {
		if draw := d.Float64(); (i < atOnce || draw < age) && s.points(season, book) <= 0 {
			s.lift(1, season, book)
		}
	}
}

// recently is some moment of the running season, before today if there is one,
// and in working hours if there are any.
func (s *shop) recently(season iq.Season) time.Time {
	from, until := season.Start, kst.StartOfDay(s.m.Now)
	if month := s.m.Now.AddDate(0, -1, 0); month.After(from) {
		from = month
	}
	if !until.After(from) {
		until = s.m.Now
	}
	at := from.Add(time.Duration(s.Float64() * float64(until.Sub(from)))).Truncate(time.Second)
	if working := open(at, s.dice); working.Before(until) {
		return working
	}
	return at
}

// fillers are the acts that bring a shop points of their own: a customer whose
// farm is known, and a talk that led nowhere and says why.
var fillers = []struct {
	rule string
	do   func(s *shop, at time.Time)
}{
	{"customer.profiled", func(s *shop, at time.Time) { s.register(at, true) }},
	{"deal.lost_reason", func(s *shop, at time.Time) { s.sayWhy(at) }},
}

// sayWhy lets a customer look around and leave, with the reason.
func (s *shop) sayWhy(at time.Time) {
	t := &talk{shop: s, who: pick(s.dice, s.sellers), at: at, machine: s.m.goods.families[0][0]}
	t.c = s.register(at, false)
	if !t.c.consented {
		t.consent(t.c, t.by(t.who, at), customer.PersonalData, "", at)
	}
	t.begin()
	t.close("POSTPONED")
}

// earn gives the shop exactly that many points more in the running season. It
// reports whether it could: caps may be full.
func (s *shop) earn(points int, season iq.Season, book iq.Rulebook) bool {
	want := s.points(season, book) + points
	for _, n := range ways(points, book) {
		saved := s.save()
		for i, f := range fillers {
			for range n[i] {
				f.do(s, s.recently(season))
			}
		}
		if s.points(season, book) == want {
			return true
		}
		s.restore(saved)
	}
	return false
}

// lift gives the shop enough points to have at least that many in the running
// season, if its caps allow.
func (s *shop) lift(least int, season iq.Season, book iq.Rulebook) {
	const tries = 10
	for more := least - s.points(season, book); more > 0 && more < least+tries; more++ {
		if earnable(more, book) && s.earn(more, season, book) {
			return
		}
	}
}

// ways are the numbers of fillers that add up to points.
func ways(points int, book iq.Rulebook) [][2]int {
	a, b := book.Rule(fillers[0].rule).Points, book.Rule(fillers[1].rule).Points
	var out [][2]int
	for n := 0; n*a <= points; n++ {
		if rest := points - n*a; rest%b == 0 {
			out = append(out, [2]int{n, rest / b})
		}
	}
	return out
}

// saved is how much a shop has made.
type saved struct{ clients, consents, consultations, acts int }

func (s *shop) save() saved {
	return saved{len(s.clients), len(s.consents), len(s.consultations), len(s.acts)}
}

func (s *shop) restore(to saved) {
	s.clients, s.consents = s.clients[:to.clients], s.consents[:to.consents]
	s.consultations, s.acts = s.consultations[:to.consultations], s.acts[:to.acts]
}

// tieAtRankSeven has two dealers share the seventh place of the running season,
// as soon as eight have points.
func (m *maker) tieAtRankSeven() {
	const seventh = 6
	season, book := m.current()
	type standing struct {
		shop   *shop
		points int
	}
	var board []standing
	for _, s := range m.shops {
		if p := s.points(season, book); p > 0 {
			board = append(board, standing{s, p})
		}
	}
	slices.SortStableFunc(board, func(a, b standing) int { return b.points - a.points })
	if len(board) < seventh+2 {
		return
	}
	// Both may need a little, because not every difference can be earned.
	a, b := board[seventh], board[seventh+1]
	shared := -1
	for more := 0; more < 60 && shared < 0; more++ {
		forA, forB := more, a.points-b.points+more
		if earnable(forA, book) && earnable(forB, book) {
			if b.shop.earn(forB, season, book) && a.shop.earn(forA, season, book) {
				shared = a.points + more
			} else {
				return
			}
		}
	}
	for _, above := range board[:seventh] {
		above.shop.lift(shared+1, season, book)
	}
}

func earnable(points int, book iq.Rulebook) bool { return points == 0 || len(ways(points, book)) > 0 }

package demo

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/kst"
)

// crop is what a region grows, by weight.
type crop struct {
	name   string
	weight float64
}

// grown is the mix of crops by region; others grow what the country grows.
var (
	grown = map[string][]crop{
		"44": {{rice, 58}, {vegetable, 20}, {fruit, 10}, {greenhouse, 8}, {forage, 4}},
		"46": {{rice, 56}, {vegetable, 22}, {fruit, 8}, {garlic, 8}, {forage, 6}},
		"47": {{rice, 24}, {vegetable, 20}, {fruit, 44}, {greenhouse, 6}, {forage, 6}},
		"48": {{rice, 30}, {greenhouse, 30}, {garlic, 20}, {fruit, 14}, {vegetable, 6}},
		"50": {{citrus, 72}, {vegetable, 20}, {garlic, 8}},
		"51": {{rice, 26}, {highland, 44}, {vegetable, 16}, {fruit, 8}, {forage, 6}},
		"52": {{rice, 60}, {vegetable, 18}, {fruit, 8}, {greenhouse, 8}, {forage, 6}},
	}
	grownElsewhere = []crop{{rice, 38}, {vegetable, 22}, {fruit, 17}, {greenhouse, 14}, {forage, 9}}
)

// terrains fit each crop.
var terrains = map[string][]customer.Terrain{
	rice: {customer.Flat, customer.Flat, customer.Terraced}, vegetable: {customer.Flat, customer.Sloped}, fruit: {customer.Orchard},
	greenhouse: {customer.Greenhouse}, garlic: {customer.Flat}, highland: {customer.Sloped}, citrus: {customer.Orchard}, forage: {customer.Flat},
}

// implements fit each crop.
var implements = map[string][]string{
	rice: {"로터리", "쟁기", "트레일러"}, vegetable: {"로터리", "휴립기"}, fruit: {"승용 예초기", "방제기"}, greenhouse: {"로터리", "관리기"},
	garlic: {"휴립피복기", "수확기"}, highland: {"쟁기", "돌수집기"}, citrus: {"방제기", "운반차"}, forage: {"베일러", "모우어"},
}

// makers of the machines that farms already own.
var makers = []string{"두레", "한밭", "너른", "으뜸"}

// register adds a customer that came in, with or without their consent.
func (s *shop) register(at time.Time, profiled bool) *client {
	who := s.by(pick(s.dice, s.sellers), at)
	c := s.client(at)
	s.clients = append(s.clients, c)
	fields := s.between(1, 5)
	if profiled {
		fields = s.between(6, 8)
	}
	s.fillFarm(c, fields, at)
	s.record(act.CustomerCreated, who, c.ID, at, c.ID, "", nil)
	if profiled || s.chance(0.88) {
		s.consent(c, who, customer.PersonalData, "", at)
	}
	s.profile(c, who, at)
	if c.consented && s.chance(0.45) {
		s.consent(c, who, customer.Marketing, "", at)
		if later := open(at.Add(s.span(30*24*time.Hour, 600*24*time.Hour)), s.dice); s.chance(0.05) && later.Before(s.m.Now) {
			s.enter(c, s.by(who, later), customer.Marketing, "", customer.Withdrawn, later)
		}
	}
	return c
}

// client invents a customer.
func (s *shop) client(at time.Time) *client {
	mix, ok := grown[s.region]
	if !ok {
		mix = grownElsewhere
	}
	weights := make([]float64, len(mix))
	for i, c := range mix {
		weights[i] = c.weight
	}
	c := &client{crop: mix[s.weighted(weights)].name, hectares: 1.3 * math.Exp(0.95*s.NormFloat64())}
	n := len(s.clients)
	age := []int{s.between(70, 86), s.between(60, 69), s.between(50, 59), s.between(28, 49)}[s.weighted([]float64{42, 35, 16, 7})]
	c.elder = age >= 70
	c.Customer = customer.Customer{
		ID: s.stamp("cus", at), DealerID: s.dealer.ID, Kind: customer.Person, Name: person(s.dice, age >= 60),
		BirthYear: at.In(kst.Zone).Year() - age, RegionCode: s.region, DistrictCode: s.district.Code,
		CreatedAt: at, UpdatedAt: at, Version: 1,
	}
	if s.chance(0.06) {
		c.Kind, c.BirthYear, c.elder = customer.Firm, 0, false
		c.Name = "영농조합법인 " + pick(s.dice, farmWords) + pick(s.dice, []string{"들", "농장", "영농", "마을"})
		c.hectares *= 4
	}
	switch {
	case n == 7 && s.number%3 == 0:
		c.Kind, c.BirthYear, c.Name = customer.Firm, 0, longFarm
	case n == 11:
		c.Name = longPerson
	case n < 3 && s.number == 0:
		s.outdated(c)
	}
	c.NameInitials = customer.HangulInitials(c.Name)
	if !(c.elder && s.chance(0.12)) {
		c.Phone = phone(s.number*331 + n*7)
	}
	if !c.elder && s.chance(0.3) {
		c.Mail = fmt.Sprintf("farm%03d%04d@example.invalid", s.number, n)
	}
	c.Address = fmt.Sprintf("%s %s %s길 %d", s.m.regionAt[c.RegionCode].Name, s.district.Name, pick(s.dice, villages), s.between(1, 240))
	return c
}

// outdated gives a customer the codes that the district had before, as an older
// list would.
func (s *shop) outdated(c *client) {
	for _, d := range s.m.Districts {
		if d.SucceededBy == s.district.Code {
			c.RegionCode, c.DistrictCode = d.RegionCode, d.Code
		}
	}
}

// fillFarm fills that many of the farm's eight fields.
func (s *shop) fillFarm(c *client, fields int, at time.Time) {
	f, year := &c.Farm, at.In(kst.Zone).Year()
	fills := []func(){
		func() { f.Crops = []string{c.crop} },
		func() { f.Parcels = s.parcels(c) },
		func() { f.Terrain = pick(s.dice, terrains[c.crop]) },
		func() { f.Machines = []customer.Machine{s.machine(year)} },
		func() { f.Operators = s.between(1, 2) },
		func() {
			f.Household = pick(s.dice, []string{"FULL_TIME", "FULL_TIME", "PART_TIME"})
			if c.Kind == customer.Firm {
				f.Household = "FIRM"
			}
		},
		func() { f.ReplaceYear = year + s.between(0, 6) },
		func() { f.Attachments = []string{pick(s.dice, implements[c.crop])} },
	}
	for i, fill := range fills[:fields] {
		if i >= f.Filled() {
			fill()
		}
	}
}

func (s *shop) parcels(c *client) []customer.Parcel {
	n := 1 + min(3, int(c.hectares/1.5))
	out := make([]customer.Parcel, n)
	for i := range out {
		area := max(300, int(c.hectares*10_000/float64(n)*(0.7+0.6*s.Float64()))/10*10)
		out[i] = customer.Parcel{Name: pick(s.dice, villages) + " " + strconv.Itoa(i+1), SquareMetres: area, Crop: c.crop}
	}
	return out
}

func (s *shop) machine(year int) customer.Machine {
	maker, power := pick(s.dice, makers), s.between(4, 16)*5
	return customer.Machine{
		Maker: maker, Model: fmt.Sprintf("%s %d", maker, power), Horsepower: power, Year: year - s.between(4, 22),
		SerialNumber: fmt.Sprintf("%06d", s.IntN(1_000_000)),
	}
}

func (s *shop) consent(c *client, who seller, purpose customer.Purpose, recipient string, at time.Time) {
	s.enter(c, who, purpose, recipient, customer.Granted, at)
	if purpose == customer.PersonalData {
		c.consented = true
	}
}

// enter appends to the consent ledger, with its act.
func (s *shop) enter(c *client, who seller, purpose customer.Purpose, recipient string, action customer.ConsentAction, at time.Time) {
	e := customer.Consent{
		ID: s.stamp("cst", at), CustomerID: c.ID, DealerID: s.dealer.ID, Purpose: purpose, Recipient: recipient,
		TextID: s.m.consentText(purpose), Action: action, Method: customer.OnTablet, ActorID: who.userID, OccurredAt: at, ReceivedAt: at,
	}
	s.consents = append(s.consents, e)
	kind := act.ConsentRecorded
	if action == customer.Withdrawn {
		kind = act.ConsentWithdrawn
	}
	s.record(kind, who, e.ID, at, c.ID, "", act.Facts{"purpose": string(purpose), "textId": e.TextID})
}

// profile records once that consent and farm are complete enough.
func (s *shop) profile(c *client, who seller, at time.Time) {
	const enough = 6
	if !c.consented || !c.ProfiledAt.IsZero() || c.Farm.Filled() < enough {
		return
	}
	c.ProfiledAt = at
	c.Version++
	s.record(act.CustomerProfiled, who, c.ID, at, c.ID, "", act.Facts{"consentRecorded": true, "farmFieldsFilled": c.Farm.Filled()})
}

// learn fills in more of a known customer's farm.
func (s *shop) learn(c *client, who seller, at time.Time) {
	s.fillFarm(c, s.between(6, 8), at)
	c.UpdatedAt = at
	c.Version++
	s.record(act.CustomerUpdated, who, c.ID, at, c.ID, "", act.Facts{"farmFieldsFilled": c.Farm.Filled()})
	s.profile(c, who, at)
}

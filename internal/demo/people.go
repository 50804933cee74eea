package demo

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"dure/domain/channel"
	"dure/domain/identity"
)

// makePeople makes the maker's own people, the territories with their reps, and
// the dealers with their staff.
func (m *maker) makePeople() {
	d, id := m.stream("people"), m.identifier("people")
	home := identity.Organization{ID: id.at("org", m.longAgo), Name: "두레농기계", Kind: identity.Maker}
	m.World.Organizations = append(m.World.Organizations, home)
	for i := range m.size.hq {
		m.user(id, "hq", i, person(d, false), identity.HQ, home.ID, "")
	}
	number := 0
	for _, p := range m.size.provinces {
		var territories []channel.Territory
		for i := range p.territories {
			rep := m.user(id, "rep", len(m.Territories)+i, person(d, false), identity.Rep, home.ID, "")
			territories = append(territories, channel.Territory{
				ID: id.at("ter", m.longAgo), Name: fmt.Sprintf("%s %d지구", m.regionAt[p.code].Name, i+1), RegionCode: p.code, RepID: rep.ID,
			})
		}
		m.Territories = append(m.Territories, territories...)
		districts := m.validDistricts(p.code)
		for i := range p.dealers {
			// Neighbours by code share a territory; the first territory has the first dealers.
			territory := territories[i*p.territories/p.dealers]
			m.makeShop(number, territory, districts[i%len(districts)], i/len(districts))
			number++
		}
	}
	m.shareVolume()
}

// user adds somebody who can sign in. The first of a kind has no number.
func (m *maker) user(id identifier, kind string, n int, name string, persona identity.Persona, organizationID, dealerID string) identity.User {
	login := kind
	if n > 0 {
		login = fmt.Sprintf("%s%d", kind, n+1)
	}
	u := identity.User{
		ID: id.at("usr", m.longAgo), Login: login + domain, PasswordHash: m.PasswordHash, Name: name, Persona: persona,
		OrganizationID: organizationID, DealerID: dealerID, Active: true, CreatedAt: m.longAgo,
	}
	m.Users = append(m.Users, u)
	return u
}

// validDistricts are the districts of a region that have farms: counties and
// cities, not the wards of a metropolis.
func (m *maker) validDistricts(region string) []channel.District {
	var out []channel.District
	for _, d := range m.Districts {
		if d.RegionCode == region && d.ValidUntil.IsZero() {
			out = append(out, d)
		}
	}
	return out
}

// seller is somebody at a dealership who deals with customers.
type seller struct {
	userID, deviceID string
	guest            bool // a documented sign-in, which leaves today to the visitor
}

// makeShop makes the nth dealer, the nearby-th of its district, with its staff.
func (m *maker) makeShop(n int, territory channel.Territory, district channel.District, nearby int) {
	name := fmt.Sprintf("dealer/%d", n)
	d, id := m.stream(name), m.identifier(name)
	opened := m.longAgo.AddDate(d.between(-20, 0), d.between(0, 11), d.between(0, 27))
	s := &shop{m: m, dice: d, id: id, number: n, region: territory.RegionCode}
	place := strings.TrimRight(district.Name, "시군")
	firm := place + shopWords[(n*7+nearby)%len(shopWords)] + "농기계"
	if n == 4 {
		firm = longShop
	}
	organization := identity.Organization{ID: id.at("org", m.longAgo), Name: firm, Kind: identity.Dealership}
	s.dealer = channel.Dealer{
		ID: id.at("dlr", m.longAgo), Name: firm, BusinessNumber: businessNumber(n + 1), OwnerName: person(d, d.chance(0.6)),
		RegionCode: territory.RegionCode, DistrictCode: district.Code, TerritoryID: territory.ID, Phone: phone(9_000 + n),
		OpenedOn: opened, Version: 1,
	}
	organization.DealerID = s.dealer.ID
	m.World.Organizations = append(m.World.Organizations, organization)
	m.Dealers = append(m.Dealers, s.dealer)
	s.district, s.rep = district, territory.RepID
	s.hire(organization.ID)
	s.dice = m.stream(name + "/trade")
	m.shops = append(m.shops, s)
}

// hire gives the shop its owner, its sellers and its technicians.
func (s *shop) hire(organizationID string) {
	roles := []channel.StaffRole{channel.Owner, channel.Sales, channel.Technician}
	if s.chance(0.35) {
		roles = append(roles, channel.Sales)
	}
	if s.chance(0.2) {
		roles = append(roles, channel.Technician)
	}
	for i, role := range roles {
		name := s.dealer.OwnerName
		if role != channel.Owner {
			name = person(s.dice, false)
		}
		kind, number := fmt.Sprintf("staff%03d-%d", s.number+1, i+1), 0
		guest := role == channel.Owner && s.number < 2
		if guest {
			kind, number = "dealer", s.number
		}
		if role == channel.Technician && s.number == 1 {
			name = longPerson
		}
		u := s.m.user(s.id, kind, number, name, identity.Dealer, organizationID, s.dealer.ID)
		s.m.Staff = append(s.m.Staff, channel.Staff{
			ID: s.id.at("stf", s.m.longAgo), DealerID: s.dealer.ID, UserID: u.ID, Name: name, Role: role,
			JoinedOn: s.m.begins.AddDate(-s.between(0, 7), 0, -s.between(0, 300)),
		})
		if role != channel.Technician {
			s.sellers = append(s.sellers, seller{u.ID, "tablet-" + u.ID[len(u.ID)-8:], guest})
		}
	}
}

// shareVolume says how much each shop sells and how many customers it has: the
// quantiles of a log-normal distribution, dealt out at random.
func (m *maker) shareVolume() {
	const spread = 0.48 // of the logarithm
	d := m.stream("volume")
	order := d.Perm(len(m.shops))
	total := 0.0
	for i, s := range m.shops {
		quantile := (float64(order[i]) + 0.5) / float64(len(m.shops))
		s.volume = m.size.volume * math.Exp(spread*math.Sqrt2*math.Erfinv(2*quantile-1))
		s.skill = d.NormFloat64() * 0.15
		total += math.Sqrt(s.volume)
	}
	for _, s := range m.shops {
		s.book = int(float64(m.size.customers) * math.Sqrt(s.volume) / total)
	}
	m.moveShop(d)
}

// moveShop plants the dealer that went to another territory of its region.
func (m *maker) moveShop(d dice) {
	i := slices.IndexFunc(m.shops, func(s *shop) bool { return m.territories(s.region) > 1 && s.number > 2 })
	if i < 0 {
		return
	}
	s := m.shops[i]
	for _, t := range m.Territories {
		if t.RegionCode == s.region && t.ID != s.dealer.TerritoryID {
			s.moved = &move{from: s.dealer.TerritoryID, to: t.ID, at: open(m.Now.AddDate(0, -5, -d.between(0, 20)), d), by: m.Users[0].ID}
			s.dealer.TerritoryID, s.dealer.Version = t.ID, 2
			m.Dealers[i] = s.dealer
			return
		}
	}
}

func (m *maker) territories(region string) int {
	n := 0
	for _, t := range m.Territories {
		if t.RegionCode == region {
			n++
		}
	}
	return n
}

// move is a change of territory.
type move struct {
	from, to, by string
	at           time.Time
}

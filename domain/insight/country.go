package insight

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"dure/domain/identity"
	"dure/domain/iq"
	"dure/domain/money"
)

// RegionSales is what was sold in a province in a span of time, cancellations
// aside, and in the same span a year before.
type RegionSales struct {
	RegionCode       string
	Machines         int
	Amount           money.Won
	Sales            int // contracts and imported lines
	Digital          int // of those, the ones signed on the tablet
	MachinesLastYear int
	AmountLastYear   money.Won
}

// Country is how the country stands in a season, up to a moment.
type Country struct {
	Season    iq.Season
	Until     time.Time // now, or the end of a season that is over
	AsOf      time.Time // when the figures were read
	Regions   []RegionSales
	OpenDeals int
}

// Total adds up the provinces.
func (c Country) Total() RegionSales {
	var all RegionSales
	for _, r := range c.Regions {
		all.Machines, all.Amount = all.Machines+r.Machines, all.Amount+r.Amount
		all.Sales, all.Digital = all.Sales+r.Sales, all.Digital+r.Digital
		all.MachinesLastYear, all.AmountLastYear = all.MachinesLastYear+r.MachinesLastYear, all.AmountLastYear+r.AmountLastYear
	}
	return all
}

// DigitalBP is the share of sales signed on the tablet in basis points, nil
// while there are none.
func (r RegionSales) DigitalBP() *int {
	if r.Sales == 0 {
		return nil
	}
	share := r.Digital * 10_000 / r.Sales
	return &share
}

// Figures reads what the country's figures are made of.
type Figures interface {
	// SalesByRegion sums sales in [from, until) by province, cancellations aside.
	SalesByRegion(ctx context.Context, from, until time.Time) ([]RegionSales, error)
	OpenDeals(ctx context.Context) (int, error)
}

// freshFor is how long figures that were read serve everybody who asks, so that
// a wall full of screens costs one read a second.
const freshFor = time.Second

// Service reads figures.
type Service struct {
	Now     func() time.Time
	Figures Figures

	mutex sync.Mutex
	held  map[string]Country // by season
}

// Country tells how the country stands in a season, the running one when it is
// nil, and in the same span a year before. What it tells is at most a second old.
func (s *Service) Country(ctx context.Context, season *string) (*Country, error) {
	if _, err := identity.Allow(ctx, identity.CountryRead); err != nil {
		return nil, err
	}
	now := s.Now()
	of := iq.SeasonOf(now)
	if season != nil && *season != "" {
		var err error
		if of, err = iq.SeasonByKey(*season); err != nil {
			return nil, err
		}
	}
	s.mutex.Lock() // so that many who ask at once read once
	defer s.mutex.Unlock()
	if c, ok := s.held[of.Key]; ok && now.Sub(c.AsOf) < freshFor && !now.Before(c.AsOf) {
		return &c, nil
	}
	c, err := s.read(ctx, of, now)
	if err != nil {
		return nil, err
	}
	if len(s.held) > 8 || s.held == nil { // nobody looks at that many seasons at once
		s.held = map[string]Country{}
	}
	s.held[of.Key] = *c
	return c, nil
}

func (s *Service) read(ctx context.Context, season iq.Season, now time.Time) (*Country, error) {
	c := &Country{Season: season, Until: season.End, AsOf: now}
	if now.Before(c.Until) {
		c.Until = now
	}
	if c.Until.Before(season.Start) {
		c.Until = season.Start // a season to come
	}
	var err error
	if c.Regions, err = s.Figures.SalesByRegion(ctx, season.Start, c.Until); err != nil {
		return nil, err
	}
	before, err := s.Figures.SalesByRegion(ctx, season.Start.AddDate(-1, 0, 0), c.Until.AddDate(-1, 0, 0))
	if err != nil {
		return nil, err
	}
	for _, b := range before {
		i := slices.IndexFunc(c.Regions, func(r RegionSales) bool { return r.RegionCode == b.RegionCode })
		if i < 0 {
			c.Regions, i = append(c.Regions, RegionSales{RegionCode: b.RegionCode}), len(c.Regions)
		}
		c.Regions[i].MachinesLastYear, c.Regions[i].AmountLastYear = b.Machines, b.Amount
	}
	slices.SortFunc(c.Regions, func(a, b RegionSales) int { return strings.Compare(a.RegionCode, b.RegionCode) })
	c.OpenDeals, err = s.Figures.OpenDeals(ctx)
	return c, err
}

// CountryChanges delivers how the country stands in the running season, now and
// whenever that changed, at most once a second, until ctx ends.
func (s *Service) CountryChanges(ctx context.Context) (<-chan Country, error) {
	if _, err := identity.Allow(ctx, identity.CountryRead); err != nil {
		return nil, err
	}
	out := make(chan Country)
	go func() {
		defer close(out)
		poll := time.NewTicker(freshFor)
		defer poll.Stop()
		var told *Country
		for {
			c, err := s.Country(ctx, nil)
			if err == nil && (told == nil || told.OpenDeals != c.OpenDeals || told.Season != c.Season || !slices.Equal(told.Regions, c.Regions)) {
				select {
				case out <- *c:
				case <-ctx.Done():
					return
				}
				told = c
			}
			select {
			case <-ctx.Done():
				return
			case <-poll.C:
			}
		}
	}()
	return out, nil
}

package demo_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/deal"
	"dure/domain/insight"
	"dure/domain/kst"
	"dure/domain/money"
)

func TestTheProcedureHasItsRatios(t *testing.T) {
	w := full(t)
	contracts := float64(len(w.Contracts))
	assert.InDelta(t, 1_750, contracts/3, 150, "contracts a year")
	assert.InDelta(t, 4.2, float64(len(w.Consultations))/contracts, 0.3)
	assert.InDelta(t, 2.3, float64(len(w.Quotes))/contracts, 0.2)
	cancelled := count(w.Contracts, func(c deal.Contract) bool { return c.Status == deal.ContractCancelled })
	assert.InDelta(t, 0.04, float64(cancelled)/contracts, 0.01)
	assert.Zero(t, count(w.Contracts, func(c deal.Contract) bool { return c.Status == deal.ContractDraft }), "a draft would need its paper")
}

func TestContractsMoveFromPaperToTheTablet(t *testing.T) {
	w := full(t)
	digital := func(from, until time.Time) float64 {
		all := count(w.Contracts, func(c deal.Contract) bool { return !c.SignedAt.Before(from) && c.SignedAt.Before(until) })
		on := count(w.Contracts, func(c deal.Contract) bool {
			return !c.SignedAt.Before(from) && c.SignedAt.Before(until) && c.Channel == deal.Digital
		})
		return float64(on) / float64(all)
	}
	begins := w.Contracts[0].DraftedAt
	assert.InDelta(t, 0.07, digital(begins, begins.AddDate(0, 6, 0)), 0.06)
	assert.InDelta(t, 0.5, digital(begins.AddDate(0, 15, 0), begins.AddDate(0, 21, 0)), 0.12)
	assert.InDelta(t, 0.9, digital(today.AddDate(0, -4, 0), today), 0.06)
}

func TestFarmersBuyInSpring(t *testing.T) {
	months := [12]float64{}
	sales := full(t).Sales
	for _, s := range sales {
		months[s.SoldAt.In(kst.Zone).Month()-1] += 100 / float64(len(sales))
	}
	for i, want := range []float64{4, 7, 15, 16, 12, 8, 5, 7, 8, 7, 6, 5} {
		assert.InDelta(t, want, months[i], 3, time.Month(i+1).String())
	}
}

func TestDealersDifferInSize(t *testing.T) {
	w := full(t)
	sold := map[string]float64{}
	for _, s := range w.Sales {
		sold[s.DealerID] += float64(s.Quantity) / 3
	}
	var volumes []float64
	for _, d := range w.Dealers {
		volumes = append(volumes, sold[d.ID])
	}
	slices.Sort(volumes)
	assert.InDelta(t, 13, volumes[60], 2.5, "the median of a year")
	assert.Greater(t, volumes[119], 3*volumes[60])
	assert.Positive(t, volumes[0])
}

func TestOneRegionSellsOnPrice(t *testing.T) {
	w := full(t)
	regions := map[string]string{}
	for _, d := range w.Dealers {
		regions[d.ID] = d.RegionCode
	}
	quotes, priceOnly := map[bool]float64{}, map[bool]float64{}
	for _, a := range w.Acts {
		if a.Kind == act.QuoteIssued {
			there := regions[a.DealerID] == "48"
			quotes[there]++
			if a.Facts.True("priceOnly") {
				priceOnly[there]++
			}
		}
	}
	assert.Greater(t, priceOnly[true]/quotes[true], 5*priceOnly[false]/quotes[false])
	unapproved := count(w.Acts, func(a act.Act) bool { return a.Facts.True("unapprovedDiscount") })
	assert.Positive(t, unapproved)
}

func TestADroughtKeptOneRegionFromBuying(t *testing.T) {
	early, dry := 0, 0
	for _, s := range full(t).Sales {
		local := s.SoldAt.In(kst.Zone)
		if s.RegionCode != "46" || local.Month() < time.June || local.Month() > time.July {
			continue
		}
		switch local.Year() {
		case 2024:
			early++
		case 2025:
			dry++
		}
	}
	assert.Less(t, dry, early*7/10)
}

func TestADealerMovedToAnotherTerritory(t *testing.T) {
	w := full(t)
	i := slices.IndexFunc(w.Acts, func(a act.Act) bool { return a.Kind == act.DealerMoved })
	require.GreaterOrEqual(t, i, 0)
	moved := w.Acts[i]
	d := w.Dealers[slices.IndexFunc(w.Dealers, func(d channel.Dealer) bool { return d.ID == moved.DealerID })]
	assert.Equal(t, d.TerritoryID, moved.Facts.Text("toTerritoryId"))
	assert.NotEqual(t, d.TerritoryID, moved.Facts.Text("fromTerritoryId"))
}

func TestTheAwkwardIsThere(t *testing.T) {
	w := full(t)
	for _, d := range w.Dealers {
		require.NoError(t, channel.CheckBusinessNumber(d.BusinessNumber, "businessNumber"))
		require.True(t, strings.HasPrefix(d.BusinessNumber, "000"), "an unissued prefix")
		require.True(t, strings.HasPrefix(d.Phone, "010-0000-"))
	}
	assert.Positive(t, count(w.Dealers, func(d channel.Dealer) bool { return strings.HasSuffix(d.BusinessNumber, "0") }), "a check digit of 0")
	assert.Positive(t, count(w.Dealers, func(d channel.Dealer) bool { return utf8.RuneCountInString(d.Name) > 25 }))
	elders, outdated := 0, 0
	for _, c := range w.Customers {
		require.True(t, c.Phone == "" || strings.HasPrefix(c.Phone, "010-0000-"))
		if c.Phone == "" {
			require.LessOrEqual(t, c.BirthYear, today.Year()-70, "only elders have no phone")
			elders++
		}
		if c.RegionCode == "45" {
			outdated++
		}
	}
	assert.Positive(t, elders)
	assert.Equal(t, 3, outdated, "customers with the code that their district had before")
	assert.Positive(t, count(w.Sales, func(s insight.Sale) bool { return s.RegionCode == "45" }), "sales before the code changed")
	assert.Zero(t, count(w.Sales, func(s insight.Sale) bool {
		return s.RegionCode == "45" && s.SoldAt.After(kst.Date(2024, time.January, 18))
	}))
}

func TestTheCatalogueIsWhatQuotesSay(t *testing.T) {
	w := full(t)
	prices := map[string][]catalogue.Price{}
	for _, p := range w.Prices {
		prices[p.ProductID+p.OptionID] = append(prices[p.ProductID+p.OptionID], p)
	}
	priceOn := func(id string, at time.Time) (valid money.Won) {
		for _, p := range prices[id] {
			if !at.Before(p.ValidFrom) && (p.ValidUntil.IsZero() || at.Before(p.ValidUntil)) {
				require.Zero(t, valid, "two prices are valid at once")
				valid = p.Amount
			}
		}
		return valid
	}
	for _, q := range w.Quotes {
		if q.PreviousID != "" {
			continue // takes over the lines of the one before
		}
		for _, l := range q.Lines {
			require.Equal(t, priceOn(l.ProductID, q.IssuedAt), l.UnitPrice)
			for _, o := range l.Options {
				require.Equal(t, priceOn(o.OptionID, q.IssuedAt), o.Price)
			}
		}
		require.Equal(t, q.ListTotal-q.Discount-q.TradeIn.Amount, q.Total)
	}
	for _, p := range w.Products {
		film := slices.IndexFunc(w.Media, func(m catalogue.Media) bool { return m.ProductID == p.ID && m.Position == 1 })
		assert.Equal(t, catalogue.File, w.Media[film].Kind)
		assert.GreaterOrEqual(t, w.Media[film].DurationSeconds, 45)
		assert.NotEmpty(t, w.Media[film].Chapters)
		assert.Positive(t, count(w.Options, func(o catalogue.Option) bool { return o.ProductID == p.ID }))
	}
}

func TestTheTractorsOfADay(t *testing.T) {
	w := full(t)
	lines, share := map[string]int{}, [7]float64{}
	for i, l := range w.Lines {
		lines[l.ID] = i
	}
	of := map[string]int{}
	for _, p := range w.Products {
		of[p.ID] = lines[p.LineID]
	}
	for _, s := range w.Sales {
		share[of[s.ProductID]] += 100 / float64(len(w.Sales))
	}
	for i, want := range []float64{17, 18, 23, 19, 14, 7, 2} {
		assert.InDelta(t, want, share[i], 4, w.Lines[i].Name)
	}
}

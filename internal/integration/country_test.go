package integration_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/fault"
	"dure/domain/insight"
	"dure/domain/money"
)

// sell puts a sale of long ago there.
func (w *world) sell(id, region string, machines int, amount money.Won, channel string, at time.Time) {
	w.Helper()
	w.insert(&insight.Sale{
		ID: id, Source: insight.FromImport, DealerID: "dlr_suwon", RegionCode: region, ProductID: "prd_55", Quantity: machines, Amount: amount, Channel: channel, SoldAt: at,
	})
}

func TestTheCountryStandsAgainstTheSameSpanAYearBefore(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.sell("old_1", "52", 2, 80_000_000, "PAPER", opening.AddDate(-1, 0, -1))
		w.sell("old_2", "52", 5, 200_000_000, "PAPER", opening.AddDate(-1, 0, 1)) // later in that year than it is now
		w.sell("old_3", "41", 1, 40_000_000, "PAPER", opening.AddDate(-1, 0, -2))
		w.sell("new_1", "52", 1, 40_000_000, "PAPER", opening.AddDate(0, 0, -3))
		c := w.sign(w.gimje, w.draft(w.gimje))
		w.consult(w.gimje)
		w.pass(2 * time.Second)

		country, err := w.insight.Country(w.hq, nil)
		require.NoError(w, err)
		assert.Equal(w, "2026Q4", country.Season.Key)
		assert.Equal(w, w.now(), country.Until)
		require.Len(w, country.Regions, 2)
		assert.Equal(w, insight.RegionSales{RegionCode: "41", MachinesLastYear: 1, AmountLastYear: 40_000_000}, country.Regions[0])
		assert.Equal(w, insight.RegionSales{
			RegionCode: "52", Machines: 2, Amount: 40_000_000 + c.Price, Sales: 2, Digital: 1, MachinesLastYear: 2, AmountLastYear: 80_000_000,
		}, country.Regions[1])
		assert.Equal(w, 3, country.Total().MachinesLastYear)
		assert.Equal(w, 5_000, *country.Total().DigitalBP())
		assert.Nil(w, country.Regions[0].DigitalBP())
		assert.Equal(w, 1, country.OpenDeals, "one is won")

		w.cancel(w.gimje, c)
		held, err := w.insight.Country(w.hq, nil)
		require.NoError(w, err)
		assert.Equal(w, country.Regions, held.Regions, "for a second everybody gets the same")
		w.pass(time.Second)
		later, err := w.insight.Country(w.hq, nil)
		require.NoError(w, err)
		assert.Equal(w, 1, later.Total().Machines, "a cancelled contract is no sale")

		past, err := w.insight.Country(w.hq, ptr("2025Q4"))
		require.NoError(w, err)
		assert.Equal(w, 8, past.Total().Machines, "a season that is over counts to its end")
		assert.Equal(w, past.Season.End, past.Until)
		_, err = w.insight.Country(w.hq, ptr("autumn"))
		w.refused("no season", err, fault.Invalid, "season.bad_key", "")
	})
}

func TestTheWallSeesTheCountryMove(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, stop := context.WithCancel(w.hq)
		defer stop()
		states, err := w.insight.CountryChanges(ctx)
		require.NoError(w, err)
		assert.Zero(w, (<-states).OpenDeals)
		w.consult(w.gimje)
		w.pass(2 * time.Second)
		assert.Equal(w, 1, (<-states).OpenDeals)
		stop()
		for range states { // until it is closed
		}
	})
}

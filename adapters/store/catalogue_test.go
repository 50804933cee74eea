package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/catalogue"
	"dure/domain/fault"
	"dure/domain/money"
)

func TestProducts(t *testing.T) {
	eachWorld(t, func(w *world) {
		for name, tt := range map[string]struct {
			filter *catalogue.ProductFilter
			want   []string
		}{
			"what is on sale with a price, by horsepower": {nil, []string{"prd_50", "prd_55"}},
			"for a crop":              {&catalogue.ProductFilter{Crop: "RICE"}, []string{"prd_55"}},
			"for part of a crop":      {&catalogue.ProductFilter{Crop: "RIC"}, nil},
			"for a crop of two words": {&catalogue.ProductFilter{Crop: "SWEET_POTATO"}, []string{"prd_50"}},
			"for what only looks so":  {&catalogue.ProductFilter{Crop: "RIC_"}, nil},
			"from a horsepower":       {&catalogue.ProductFilter{HorsepowerMin: ptr(51)}, []string{"prd_55"}},
			"up to a horsepower":      {&catalogue.ProductFilter{HorsepowerMax: ptr(50)}, []string{"prd_50"}},
			"by part of a name":       {&catalogue.ProductFilter{Search: "레 5"}, []string{"prd_50", "prd_55"}},
			"by part of a code":       {&catalogue.ProductFilter{Search: "dr55"}, []string{"prd_55"}},
			"a per cent sign alone":   {&catalogue.ProductFilter{Search: "%"}, nil},
		} {
			rows, err := w.catalogue.Products(w.gimje, tt.filter)
			require.NoError(w, err, name)
			var ids []string
			for _, p := range rows {
				ids = append(ids, p.ID)
			}
			assert.Equal(w, tt.want, ids, name)
		}
	})
}

func TestPricesFollowTheDay(t *testing.T) {
	eachWorld(t, func(w *world) {
		price := func() money.Won {
			p, err := w.catalogue.Product(w.rep, "prd_55")
			require.NoError(w, err)
			assert.Equal(w, []string{"RICE"}, p.Crops)
			return p.ListPrice
		}
		assert.Equal(w, money.Won(40_000_000), price())
		w.pass(7*24*time.Hour - time.Microsecond)
		assert.Equal(w, money.Won(40_000_000), price(), "until the last moment")
		w.pass(time.Microsecond)
		assert.Equal(w, money.Won(42_000_000), price(), "and from the first of the next")
		rows, err := w.catalogue.Products(w.rep, nil)
		require.NoError(w, err)
		assert.Len(w, rows, 3, "a product is listed from the day it has a price")
	})
}

func TestWhatBelongsToProducts(t *testing.T) {
	eachWorld(t, func(w *world) {
		products, err := w.catalogue.ProductsByID(w.hq, []string{"prd_old", "prd_new", "prd_unknown"})
		require.NoError(w, err)
		require.Len(w, products, 2, "those off sale are read, too")
		assert.True(w, products["prd_old"].Discontinued)
		assert.Zero(w, products["prd_new"].ListPrice)
		_, err = w.catalogue.Product(w.hq, "prd_unknown")
		assert.Equal(w, fault.NotFound, fault.CodeOf(err))

		options, err := w.catalogue.OptionsOf(w.hq, []string{"prd_55", "prd_50"})
		require.NoError(w, err)
		require.Len(w, options["prd_55"], 2, "what has no price is not offered")
		assert.Equal(w, money.Won(6_000_000), options["prd_55"][0].Price)
		media, err := w.catalogue.MediaOf(w.hq, []string{"prd_55"})
		require.NoError(w, err)
		require.Len(w, media["prd_55"], 2)
		assert.Equal(w, []catalogue.Chapter{{AtSecond: 5, Title: "논갈이", Crop: "RICE"}}, media["prd_55"][0].Chapters, "videos come in their order")
		lines, err := w.catalogue.LinesByID(w.hq, []string{"lin_50"})
		require.NoError(w, err)
		assert.Equal(w, 64, lines["lin_50"].HorsepowerMax)
	})
}

func TestFinanceProgrammes(t *testing.T) {
	eachWorld(t, func(w *world) {
		offers, err := w.catalogue.FinanceProgrammes(w.gimje)
		require.NoError(w, err)
		require.Len(w, offers, 1)
		assert.Equal(w, "들녘캐피탈", offers[0].LenderName)
		assert.Equal(w, []int{36, 60}, offers[0].TermMonths)

		monthly, err := offers[0].MonthlyPayment(30_000_000, 60)
		require.NoError(w, err)
		assert.Equal(w, money.Won(559_291), monthly) // 30,000,000 × 0.00375 / (1 − 1.00375^−60)
		_, err = offers[0].MonthlyPayment(30_000_000, 48)
		w.refused(err, fault.Invalid, "finance.bad_term", "months")
		_, err = offers[0].MonthlyPayment(-1, 60)
		w.refused(err, fault.Invalid, "money.negative", "amount")

		over, err := w.catalogue.FinanceProgramme(w.gimje, "fin_over")
		require.NoError(w, err, "one that is over is read by quotes that carry it")
		assert.False(w, over.ValidOn(w.now()))
		_, err = w.catalogue.FinanceProgramme(w.gimje, "fin_unknown")
		assert.Equal(w, fault.NotFound, fault.CodeOf(err))
	})
}

func TestPriceLines(t *testing.T) {
	eachWorld(t, func(w *world) {
		lines := []catalogue.LineRequest{{ProductID: "prd_55", OptionIDs: []string{"opt_cabin", "opt_loader"}, Quantity: 2}, {ProductID: "prd_50", Quantity: 1}}
		priced, err := w.catalogue.PriceLines(w.gimje, lines, w.now())
		require.NoError(w, err)
		require.Len(w, priced, 2)
		assert.Equal(w, money.Won(40_000_000), priced[0].Product.ListPrice)
		require.Len(w, priced[0].Options, 2)
		assert.Equal(w, money.Won(6_000_000), priced[0].Options[0].Price, "options come in the order they were asked for")
		priced, err = w.catalogue.PriceLines(w.gimje, lines, w.now().AddDate(0, 0, 8))
		require.NoError(w, err)
		assert.Equal(w, money.Won(42_000_000), priced[0].Product.ListPrice)

		for key, line := range map[string]catalogue.LineRequest{
			"catalogue.unknown_product": {ProductID: "prd_unknown"},
			"catalogue.discontinued":    {ProductID: "prd_old"},
			"catalogue.no_price":        {ProductID: "prd_new"},
			"catalogue.unknown_option":  {ProductID: "prd_55", OptionIDs: []string{"opt_50"}}, // another product's
		} {
			_, err := w.catalogue.PriceLines(w.gimje, []catalogue.LineRequest{{ProductID: "prd_50"}, line}, w.now())
			faults, only := fault.All(err)
			require.True(w, only)
			require.Len(w, faults, 1)
			assert.Equal(w, key, faults[0].Key)
			assert.NotEmpty(w, faults[0].Field)
		}
	})
}

func TestTheCatalogueIsForTheChannel(t *testing.T) {
	eachWorld(t, func(w *world) {
		_, err := w.catalogue.Products(w.nobody, nil)
		w.refused(err, fault.Unauthenticated, "identity.sign_in_first", "")
		_, err = w.catalogue.PriceLines(w.lender, nil, w.now())
		w.refused(err, fault.Forbidden, "identity.not_allowed", "")
	})
}

package catalogue_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/domain/catalogue"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/money"
)

func TestAProgrammeIsOnOfferFromItsFirstDayToTheOneBeforeItsLast(t *testing.T) {
	from, until := kst.Date(2026, time.November, 1), kst.Date(2026, time.December, 1)
	bounded := catalogue.FinanceProgramme{ValidFrom: from, ValidUntil: until}
	open := catalogue.FinanceProgramme{ValidFrom: from}
	for name, tt := range map[string]struct {
		at            time.Time
		bounded, open bool
	}{
		"the last moment before":                   {from.Add(-time.Microsecond), false, false},
		"Korean midnight of the first":             {from, true, true},
		"in between":                               {from.AddDate(0, 0, 10), true, true},
		"the last moment of November":              {until.Add(-time.Microsecond), true, true},
		"Korean midnight of the first of December": {until, false, true},
		"the same midnight, told in UTC":           {time.Date(2026, 11, 30, 15, 0, 0, 0, time.UTC), false, true},
		"years later":                              {until.AddDate(9, 0, 0), false, true},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.bounded, bounded.ValidOn(tt.at))
			assert.Equal(t, tt.open, open.ValidOn(tt.at))
		})
	}
}

func TestMonthlyPayment(t *testing.T) {
	p := catalogue.FinanceProgramme{RateBP: 450, TermMonths: []int{36, 60}}
	for name, tt := range map[string]struct {
		amount     money.Won
		months     int
		want       money.Won
		key, field string
	}{
		"a term on offer":            {amount: 50_000_000, months: 60, want: 932_151},
		"nothing to finance":         {amount: 0, months: 36, want: 0},
		"a term that is not offered": {amount: 50_000_000, months: 48, key: "finance.bad_term", field: "months"},
		"no months at all":           {amount: 50_000_000, months: 0, key: "finance.bad_term", field: "months"},
		"a negative amount":          {amount: -1, months: 36, key: "money.negative", field: "amount"},
		"an amount past the largest": {amount: money.Max + 1, months: 36, key: "money.too_large", field: "amount"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := p.MonthlyPayment(tt.amount, tt.months)
			assert.Equal(t, tt.want, got)
			if tt.key == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, err, fault.New(fault.Invalid, tt.key))
			faults, _ := fault.All(err)
			assert.Equal(t, tt.field, faults[0].Field)
		})
	}
}

// shelf is a catalogue of two products, one of which has options.
type shelf struct{ catalogue.Store }

func (shelf) ProductsByID(context.Context, []string, time.Time) ([]catalogue.Product, error) {
	return []catalogue.Product{
		{ID: "prd_50", Name: "DR50", ListPrice: 50_000_000},
		{ID: "prd_80", Name: "DR80", ListPrice: 80_000_000},
		{ID: "prd_old", ListPrice: 10_000_000, Discontinued: true},
		{ID: "prd_free"},
	}, nil
}

func (shelf) OptionsOf(context.Context, []string, time.Time) ([]catalogue.Option, error) {
	return []catalogue.Option{{ID: "opt_cabin", ProductID: "prd_50", Price: 3_000_000}, {ID: "opt_loader", ProductID: "prd_50", Price: 2_000_000}}, nil
}

func TestPriceLines(t *testing.T) {
	s := catalogue.Service{Store: shelf{}}
	ctx := identity.With(t.Context(), identity.Actor{UserID: "usr_1", Persona: identity.Dealer, DealerID: "dlr_1"})
	at := kst.Date(2026, time.November, 24)
	line := func(product string, options ...string) []catalogue.LineRequest {
		return []catalogue.LineRequest{{ProductID: "prd_80", Quantity: 1}, {ProductID: product, OptionIDs: options, Quantity: 1}}
	}
	for name, tt := range map[string]struct {
		lines []catalogue.LineRequest
		code  fault.Code
		key   string
	}{
		"an unknown product":            {line("prd_0"), fault.NotFound, "catalogue.unknown_product"},
		"one that is no longer sold":    {line("prd_old"), fault.Conflict, "catalogue.discontinued"},
		"one without a price":           {line("prd_free"), fault.Conflict, "catalogue.no_price"},
		"an unknown option":             {line("prd_50", "opt_0"), fault.NotFound, "catalogue.unknown_option"},
		"another product's option":      {line("prd_80", "opt_cabin"), fault.NotFound, "catalogue.unknown_option"},
		"the same option twice":         {line("prd_50", "opt_cabin", "opt_loader", "opt_cabin"), fault.Invalid, "catalogue.option_twice"},
		"an unknown option, told twice": {line("prd_50", "opt_0", "opt_0"), fault.NotFound, "catalogue.unknown_option"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := s.PriceLines(ctx, tt.lines, at)
			assert.Nil(t, got)
			assert.ErrorIs(t, err, fault.New(tt.code, tt.key))
			faults, _ := fault.All(err)
			assert.Equal(t, "lines", faults[0].Field)
		})
	}

	got, err := s.PriceLines(ctx, line("prd_50", "opt_loader", "opt_cabin"), at)
	require.NoError(t, err)
	require.Len(t, got, 2)
	assert.Equal(t, "DR80", got[0].Product.Name)
	assert.Empty(t, got[0].Options)
	assert.Equal(t, []string{"opt_loader", "opt_cabin"}, []string{got[1].Options[0].ID, got[1].Options[1].ID}, "in the order asked for")

	_, err = s.PriceLines(t.Context(), line("prd_50"), at)
	assert.Equal(t, fault.Unauthenticated, fault.CodeOf(err))
}

func TestPricedLinesStandInTheOrderAskedFor(t *testing.T) {
	s := catalogue.Service{Store: shelf{}}
	ctx := identity.With(t.Context(), identity.System)
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOf(rapid.SampledFrom([]string{"prd_50", "prd_80"})).Draw(t, "ids")
		lines := make([]catalogue.LineRequest, len(ids))
		for i, id := range ids {
			lines[i].ProductID = id
		}
		got, err := s.PriceLines(ctx, lines, time.Time{})
		require.NoError(t, err)
		require.Len(t, got, len(ids))
		for i, id := range ids {
			assert.Equal(t, id, got[i].Product.ID)
		}
	})
}

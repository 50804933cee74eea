package money_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/domain/fault"
	"dure/domain/money"
)

// any amount that 64 bits hold, the borders more often than chance would.
var anything = rapid.OneOf(
	rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, -int64(money.Max) - 1, -int64(money.Max), -1, 0, 1, int64(money.Max), int64(money.Max) + 1, math.MaxInt64}),
	rapid.Int64(),
)

var price = rapid.Int64Range(0, int64(money.Max))

func TestPrice(t *testing.T) {
	for name, tt := range map[string]struct {
		won money.Won
		key string
	}{
		"nothing is a price":                 {won: 0},
		"a trillion won is the largest":      {won: money.Max},
		"one won more is too large":          {won: money.Max + 1, key: "money.too_large"},
		"a negative amount is none":          {won: -1, key: "money.negative"},
		"the smallest number of 64 bits too": {won: math.MinInt64, key: "money.negative"},
		"the largest number of 64 bits":      {won: math.MaxInt64, key: "money.too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			err := tt.won.Price("discount")
			if tt.key == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, err, fault.New(fault.Invalid, tt.key))
			faults, _ := fault.All(err)
			assert.Equal(t, "discount", faults[0].Field)
		})
	}
}

func TestTimesIsExactOrRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		won, n := anything.Draw(t, "won"), int(anything.Draw(t, "n"))
		exact := new(big.Int).Mul(big.NewInt(won), big.NewInt(int64(n)))
		got, err := money.Won(won).Times(n)
		if won < 0 || n < 0 || exact.Cmp(big.NewInt(int64(money.Max))) > 0 {
			assert.Equal(t, fault.Invalid, fault.CodeOf(err))
			assert.Zero(t, got)
			return
		}
		require.NoError(t, err)
		assert.Equal(t, exact.Int64(), int64(got))
	})
}

func TestSumIsExactOrRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.OneOf(anything, price), 0, 20).Draw(t, "amounts")
		exact, within := new(big.Int), true
		limit := big.NewInt(int64(money.Max))
		given := make([]money.Won, len(amounts))
		for i, a := range amounts {
			given[i] = money.Won(a)
			exact.Add(exact, big.NewInt(a))
			within = within && exact.CmpAbs(limit) <= 0 && big.NewInt(a).CmpAbs(limit) <= 0
		}
		got, err := money.Sum(given...)
		if !within {
			assert.Equal(t, fault.Invalid, fault.CodeOf(err))
			assert.Zero(t, got)
			return
		}
		require.NoError(t, err)
		assert.Equal(t, exact.Int64(), int64(got))
	})
}

func TestBasisPoints(t *testing.T) {
	for name, tt := range map[string]struct {
		part, whole money.Won
		want        int
	}{
		"of nothing is nothing":             {100, 0, 0},
		"all of it":                         {money.Max, money.Max, 10_000},
		"half a basis point is rounded up":  {1, 20_000, 1},
		"less than half is rounded down":    {1, 20_001, 0},
		"a third":                           {1, 3, 3_333},
		"two thirds":                        {2, 3, 6_667},
		"one won of the most there is":      {1, money.Max, 0},
		"3.2 per cent of 50 million is 320": {1_600_000, 50_000_000, 320},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, money.BasisPoints(tt.part, tt.whole)) })
	}
}

func TestBasisPointsAreTheNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Int64Range(1, int64(money.Max)).Draw(t, "whole")
		part := rapid.Int64Range(0, whole).Draw(t, "part")
		got := money.BasisPoints(money.Won(part), money.Won(whole))
		// 2·|part·10,000 − got·whole| ≤ whole, in whole numbers.
		off := new(big.Int).Sub(new(big.Int).Mul(big.NewInt(part), big.NewInt(10_000)), new(big.Int).Mul(big.NewInt(int64(got)), big.NewInt(whole)))
		assert.LessOrEqual(t, off.Lsh(off, 1).CmpAbs(big.NewInt(whole)), 0)
		assert.LessOrEqual(t, got, 10_000)
	})
}

func TestMonthly(t *testing.T) {
	for name, tt := range map[string]struct {
		principal    money.Won
		rate, months int
		want         money.Won
	}{
		"nothing borrowed":                            {0, 450, 36, 0},
		"a negative loan is none":                     {-1, 450, 36, 0},
		"no months":                                   {50_000_000, 450, 0, 0},
		"without interest it is divided":              {36_000_000, 0, 36, 1_000_000},
		"and rounded up":                              {36_000_001, 0, 36, 1_000_001},
		"one won over many months":                    {1, 0, 60, 1},
		"a month at 12 per cent is one per cent more": {1_000_000, 1_200, 1, 1_010_000},
		// 100,000 × 0.01 / (1 − 1.01^−12) = 8,884.8789, the textbook's loan.
		"the textbook's loan":      {100_000, 1_200, 12, 8_885},
		"50 million at 4.5 for 60": {50_000_000, 450, 60, 932_151}, // 932,150.96
		// A month's rate far below a float's grain beside 1.
		"a trillion at a basis point for one month": {money.Max, 1, 1, 1_000_008_333_334},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, money.Monthly(tt.principal, tt.rate, tt.months)) })
	}
}

// owed is what is left of a loan after as many payments, exactly.
func owed(principal money.Won, rate, months int, payment money.Won) *big.Rat {
	grow := big.NewRat(int64(120_000+rate), 120_000)
	left := new(big.Rat).SetInt64(int64(principal))
	for range months {
		left.Mul(left, grow)
		left.Sub(left, new(big.Rat).SetInt64(int64(payment)))
	}
	return left
}

func TestMonthlyRepaysTheLoanAndOneWonLessDoesNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		principal := money.Won(rapid.Int64Range(1, int64(money.Max)).Draw(t, "principal"))
		rate := rapid.IntRange(0, 3_000).Draw(t, "rate")
		months := rapid.IntRange(1, 120).Draw(t, "months")
		payment := money.Monthly(principal, rate, months)
		assert.LessOrEqual(t, owed(principal, rate, months, payment).Sign(), 0, "it repays")
		assert.Positive(t, owed(principal, rate, months, payment-1).Sign(), "one won less does not")
	})
}

// The published formula in floating point agrees to within a won.
func TestMonthlyAgreesWithTheAnnuityFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		principal := rapid.Int64Range(1, 1_000_000_000).Draw(t, "principal")
		rate := rapid.IntRange(1, 3_000).Draw(t, "rate")
		months := rapid.IntRange(1, 120).Draw(t, "months")
		r := float64(rate) / 10_000 / 12
		formula := float64(principal) * r / -math.Expm1(-float64(months)*math.Log1p(r))
		assert.InDelta(t, formula+0.5, float64(money.Monthly(money.Won(principal), rate, months)), 0.501)
	})
}

func TestMonthlyNeverFallsWhenMoreIsBorrowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		less := money.Won(rapid.Int64Range(0, int64(money.Max)-1).Draw(t, "less"))
		more := money.Won(rapid.Int64Range(int64(less), int64(money.Max)).Draw(t, "more"))
		rate, months := rapid.IntRange(0, 3_000).Draw(t, "rate"), rapid.IntRange(1, 120).Draw(t, "months")
		assert.LessOrEqual(t, money.Monthly(less, rate, months), money.Monthly(more, rate, months))
	})
}

func BenchmarkMonthly(b *testing.B) {
	for b.Loop() {
		money.Monthly(50_000_000, 450, 60)
	}
}

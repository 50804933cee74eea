// Package money counts whole Korean won.
package money

import (
	"math/big"
	"math/bits"

	"dure/domain/fault"
)

// Won is an amount of whole won, VAT included unless a name says otherwise.
type Won int64

// Max is the largest price anything in the system may carry: one trillion won.
// It leaves room to add nine million of them before int64 overflows.
const Max Won = 1_000_000_000_000

// Price checks that w can be a price: from zero to Max.
func (w Won) Price(field string) error {
	if w < 0 {
		return fault.New(fault.Invalid, "money.negative").On(field)
	}
	if w > Max {
		return fault.New(fault.Invalid, "money.too_large", int64(Max)).On(field)
	}
	return nil
}

// Times returns w × n for a quantity n ≥ 0. It fails with fault.Invalid past Max.
func (w Won) Times(n int) (Won, error) {
	if w < 0 || n < 0 {
		return 0, fault.New(fault.Invalid, "money.negative")
	}
	hi, lo := bits.Mul64(uint64(w), uint64(n))
	if hi != 0 || lo > uint64(Max) {
		return 0, fault.New(fault.Invalid, "money.too_large", int64(Max))
	}
	return Won(lo), nil
}

// Sum adds amounts that are each within ±Max. It fails with fault.Invalid when
// the running sum leaves that range.
func Sum(amounts ...Won) (Won, error) {
	var total Won
	for _, a := range amounts {
		if a > Max || a < -Max {
			return 0, fault.New(fault.Invalid, "money.too_large", int64(Max))
		}
		if total += a; total > Max || total < -Max {
			return 0, fault.New(fault.Invalid, "money.too_large", int64(Max))
		}
	}
	return total, nil
}

// BasisPoints returns part ÷ whole in hundredths of a per cent, rounded half
// up; 0 when whole is 0. Both lie within 0..Max.
func BasisPoints(part, whole Won) int {
	if whole <= 0 {
		return 0
	}
	return int((int64(part)*10_000 + int64(whole)/2) / int64(whole))
}

// Within reports whether part is at most so many basis points of whole, counted
// in won. Both lie within 0..Max.
func Within(part, whole Won, basisPoints int) bool {
	return int64(part)*10_000 <= int64(whole)*int64(basisPoints)
}

// Monthly returns the level monthly payment that repays principal over months
// at a yearly rate in basis points, rounded up to whole won. It is reckoned in
// whole numbers, so that every machine prints the same contract.
// Annuity formula: P·r / (1 − (1+r)^−n) with r = rate/12, which with
// r = b/y is P·b·(y+b)^n / (y·((y+b)^n − y^n)).
func Monthly(principal Won, rateBasisPoints, months int) Won {
	if principal <= 0 || months <= 0 {
		return 0
	}
	if rateBasisPoints <= 0 {
		return (principal-1)/Won(months) + 1
	}
	const year = 12 * 10_000 // a month's interest is basis points / year
	n := big.NewInt(int64(months))
	grown := new(big.Int).Exp(big.NewInt(int64(year+rateBasisPoints)), n, nil)
	level := new(big.Int).Exp(big.NewInt(year), n, nil)
	over := new(big.Int).Mul(big.NewInt(int64(principal)), big.NewInt(int64(rateBasisPoints)))
	over.Mul(over, grown)
	under := grown.Sub(grown, level)
	under.Mul(under, big.NewInt(year))
	payment, rest := over.QuoRem(over, under, new(big.Int))
	if rest.Sign() > 0 {
		payment.Add(payment, big.NewInt(1))
	}
	return Won(payment.Int64())
}

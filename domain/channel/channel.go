// Package channel holds where the maker sells: provinces and districts,
// territories, dealers and their staff.
package channel

import (
	"time"

	"dure/domain/fault"
	"dure/domain/identity"
)

// Region is a province (시·도). Codes change over the years, so each carries
// the days it is valid.
type Region struct {
	Code        string `bun:",pk"` // administrative code, such as "41"
	Name        string // 경기
	NameEn      string // Gyeonggi
	ValidFrom   time.Time
	ValidUntil  time.Time `bun:",nullzero"` // zero while valid
	SucceededBy string    `bun:",nullzero"` // code that took over
	// DiscountBandBP is the largest discount, in basis points of the list price
	// with options, that a dealer there may give without approval.
	DiscountBandBP int
}

// District is a city or county (시·군·구) of a region.
type District struct {
	Code        string `bun:",pk"`
	RegionCode  string
	Name        string
	ValidFrom   time.Time
	ValidUntil  time.Time `bun:",nullzero"`
	SucceededBy string    `bun:",nullzero"`
}

// Territory is the part of the country that one sales rep looks after.
type Territory struct {
	ID         string `bun:",pk"`
	Name       string
	RegionCode string
	RepID      string `bun:",nullzero"` // the rep's user id
}

// Dealer is an independent dealership (대리점).
type Dealer struct {
	ID             string `bun:",pk"`
	Name           string
	BusinessNumber string // ten digits
	OwnerName      string
	RegionCode     string
	DistrictCode   string
	TerritoryID    string
	Phone          string `bun:",nullzero"` // the shop's public number
	OpenedOn       time.Time
	ClosedOn       time.Time `bun:",nullzero"`
	Version        int
}

// StaffRole is what someone does at a dealership.
type StaffRole = identity.StaffRole

// The roles at a dealership.
const (
	Owner      = identity.Owner
	Sales      = identity.Sales
	Technician = identity.Technician
)

// Staff is a person who works at a dealership.
type Staff struct {
	ID       string `bun:",pk"`
	DealerID string
	UserID   string `bun:",nullzero"`
	Name     string
	Role     StaffRole
	JoinedOn time.Time
	LeftOn   time.Time `bun:",nullzero"`
}

// CheckBusinessNumber checks a ten-digit Korean business registration number by
// its check digit. It fails with fault.Invalid on field.
// National Tax Service: weights 1 3 7 1 3 7 1 3 5, plus ⌊5·d9/10⌋; check = (10 − s mod 10) mod 10.
func CheckBusinessNumber(number, field string) error {
	bad := fault.New(fault.Invalid, "channel.bad_business_number").On(field)
	if len(number) != 10 {
		return bad
	}
	var d [10]int
	for i := range 10 {
		if number[i] < '0' || number[i] > '9' {
			return bad
		}
		d[i] = int(number[i] - '0')
	}
	if BusinessNumberCheckDigit([9]int(d[:9])) != d[9] {
		return bad
	}
	return nil
}

// BusinessNumberCheckDigit returns the tenth digit that follows nine.
func BusinessNumberCheckDigit(d [9]int) int {
	s := d[8] * 5 / 10
	for i, w := range [9]int{1, 3, 7, 1, 3, 7, 1, 3, 5} {
		s += d[i] * w
	}
	return (10 - s%10) % 10
}

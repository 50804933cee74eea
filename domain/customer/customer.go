// Package customer holds the farmers: people, farms, consents and what happened
// with them over time.
package customer

import (
	"slices"
	"strings"
	"time"
)

// Customer is a farmer or a farming firm that a dealer looks after. Phone, mail
// and street address are sealed at rest and found by blind index alone.
type Customer struct {
	ID           string `bun:",pk"`
	DealerID     string
	Name         string
	NameInitials string // 초성 of the name, for search
	Kind         Kind
	BirthYear    int `bun:",nullzero"`
	RegionCode   string
	DistrictCode string `bun:",nullzero"`

	PhoneSealed   string `bun:",nullzero"`
	PhoneIndex    string `bun:",nullzero"`
	MailSealed    string `bun:",nullzero"`
	MailIndex     string `bun:",nullzero"`
	AddressSealed string `bun:",nullzero"`

	// Opened when read, never stored.
	Phone   string `bun:"-" json:"-"`
	Mail    string `bun:"-" json:"-"`
	Address string `bun:"-" json:"-"`

	Farm       Farm      `bun:",type:text"`
	ProfiledAt time.Time `bun:",nullzero"` // when consent and farm were first complete enough
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Version    int
}

// Kind tells people from firms.
type Kind string

// The kinds of customer.
const (
	Person Kind = "PERSON"
	Firm   Kind = "FIRM"
)

// Terrain is the lie of the land.
type Terrain string

// The kinds of terrain.
const (
	Flat       Terrain = "FLAT"
	Terraced   Terrain = "TERRACED"
	Sloped     Terrain = "SLOPED"
	Greenhouse Terrain = "GREENHOUSE"
	Orchard    Terrain = "ORCHARD"
)

// Farm is what a dealer knows of a customer's farm. Its eight fields are those
// that customer.profiled counts.
type Farm struct {
	Parcels     []Parcel  `json:"parcels,omitempty"`
	Crops       []string  `json:"crops,omitempty"` // crop codes: RICE, VEGETABLE, FRUIT, …
	Terrain     Terrain   `json:"terrain,omitempty"`
	Machines    []Machine `json:"machines,omitempty"`
	Attachments []string  `json:"attachments,omitempty"`
	Operators   int       `json:"operators,omitempty"`   // people who drive
	Household   string    `json:"household,omitempty"`   // FULL_TIME, PART_TIME, FIRM
	ReplaceYear int       `json:"replaceYear,omitempty"` // when they mean to replace a machine
}

// Parcel is one field.
type Parcel struct {
	Name         string  `json:"name,omitempty"`
	SquareMetres int     `json:"squareMetres"`
	Crop         string  `json:"crop,omitempty"`
	Terrain      Terrain `json:"terrain,omitempty"`
}

// Machine is one the farm owns.
type Machine struct {
	Maker        string `json:"maker,omitempty"`
	Model        string `json:"model"`
	SerialNumber string `json:"serialNumber,omitempty"`
	Year         int    `json:"year,omitempty"`
	Horsepower   int    `json:"horsepower,omitempty"`
}

// SquareMetresPerPyeong is how many m² one 평 has: 400/121.
const SquareMetresPerPyeong = 400.0 / 121

// SquareMetres is the farm's whole area.
func (f Farm) SquareMetres() int {
	total := 0
	for _, p := range f.Parcels {
		total += p.SquareMetres
	}
	return total
}

// Filled counts how many of the eight fields say something. A list of blanks says
// nothing.
func (f Farm) Filled() int {
	n := 0
	for _, said := range []bool{
		len(f.Parcels) > 0, slices.ContainsFunc(f.Crops, notBlank), f.Terrain != "",
		slices.ContainsFunc(f.Machines, func(m Machine) bool { return notBlank(m.Model) }),
		slices.ContainsFunc(f.Attachments, notBlank), f.Operators > 0, f.Household != "", f.ReplaceYear > 0,
	} {
		if said {
			n++
		}
	}
	return n
}

func notBlank(s string) bool { return strings.TrimSpace(s) != "" }

// Purpose is what a customer agrees to.
type Purpose string

// The purposes of a consent.
const (
	PersonalData Purpose = "PERSONAL_DATA" // needed before anything of theirs is kept beyond the talk
	Marketing    Purpose = "MARKETING"
	ThirdParty   Purpose = "THIRD_PARTY" // a lender or carrier, named by Recipient
	Contract     Purpose = "CONTRACT"    // the terms of a contract
)

// ConsentText is a version of the words that a customer agrees to.
type ConsentText struct {
	ID        string `bun:",pk"` // key@version
	Purpose   Purpose
	Version   int
	Title     string
	Body      string
	ValidFrom time.Time
}

// ConsentAction is one entry's effect.
type ConsentAction string

// The effects of a consent entry.
const (
	Granted   ConsentAction = "GRANTED"
	Withdrawn ConsentAction = "WITHDRAWN"
)

// ConsentMethod is how it was given.
type ConsentMethod string

// The ways to give or withdraw a consent.
const (
	OnTablet ConsentMethod = "TABLET"
	OnPaper  ConsentMethod = "PAPER"
	ByPhone  ConsentMethod = "PHONE"
	ByLink   ConsentMethod = "LINK"
)

// Consent is one entry of the consent ledger. Entries are never edited: the
// newest entry of a purpose and recipient is what holds.
type Consent struct {
	ID            string `bun:",pk"`
	CustomerID    string
	DealerID      string
	Purpose       Purpose
	Recipient     string        `bun:",nullzero"`           // organisation id for THIRD_PARTY
	Items         []ConsentItem `bun:",type:text,nullzero"` // what the recipient may see
	RetentionDays int           `bun:",nullzero"`           // how long the recipient may keep it; 0 unless THIRD_PARTY
	TextID        string
	Action        ConsentAction
	Method        ConsentMethod
	ActorID       string
	OccurredAt    time.Time
	ReceivedAt    time.Time
}

// Package catalogue holds what is sold: product lines, models, options, prices
// with their days of validity, and the videos that show the machine at work.
package catalogue

import (
	"time"

	"dure/domain/money"
)

// ProductLine is a family of tractors by horsepower, such as DR50.
type ProductLine struct {
	ID            string `bun:",pk"`
	Name          string
	HorsepowerMin int
	HorsepowerMax int
}

// Product is a tractor model.
type Product struct {
	ID           string `bun:",pk"`
	LineID       string
	Name         string
	ModelCode    string
	Horsepower   int
	Summary      string // what it does for a farmer, in one Korean sentence
	SummaryEn    string
	Crops        []string `bun:",type:text"` // crop codes it suits best
	Discontinued bool
	ListPrice    money.Won `bun:",scanonly"` // the price valid today
}

// Price is a product's or an option's list price within its days of validity.
type Price struct {
	ID         string    `bun:",pk"`
	ProductID  string    `bun:",nullzero"`
	OptionID   string    `bun:",nullzero"`
	Amount     money.Won // VAT included
	ValidFrom  time.Time
	ValidUntil time.Time `bun:",nullzero"` // exclusive; zero while open
}

// Option is something that can be added to a product.
type Option struct {
	ID        string `bun:",pk"`
	ProductID string
	Name      string
	NameEn    string
	Price     money.Won `bun:",scanonly"` // valid today
}

// MediaKind tells where a video plays from.
type MediaKind string

// The kinds of media.
const (
	YouTube MediaKind = "YOUTUBE" // URL is a watch address
	File    MediaKind = "FILE"    // URL is served by Dure
)

// Media is a video of the machine at work.
type Media struct {
	ID              string `bun:",pk"`
	ProductID       string
	Kind            MediaKind
	URL             string `bun:"url"`
	Title           string
	DurationSeconds int
	Chapters        []Chapter `bun:",type:text"`
	Position        int
	FileSHA256      string `bun:"file_sha256,nullzero"` // of kind FILE
}

// Chapter is a part of a video worth jumping to.
type Chapter struct {
	AtSecond int    `json:"atSecond"`
	Title    string `json:"title"`
	Crop     string `json:"crop,omitempty"` // crop code it shows
}

// FinanceProgramme is an offer to pay by the month.
type FinanceProgramme struct {
	ID             string `bun:",pk"`
	OrganizationID string // the lender
	LenderName     string `bun:",scanonly"`
	Name           string
	RateBP         int   // yearly, basis points
	TermMonths     []int `bun:",type:text"` // terms on offer
	MaxShareBP     int   // how much of the price may be financed, basis points
	ValidFrom      time.Time
	ValidUntil     time.Time `bun:",nullzero"`
}

// ValidOn reports whether the programme is on offer at that moment.
func (p FinanceProgramme) ValidOn(at time.Time) bool {
	return !at.Before(p.ValidFrom) && (p.ValidUntil.IsZero() || at.Before(p.ValidUntil))
}

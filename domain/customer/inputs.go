package customer

import (
	"time"

	"dure/domain/page"
)

// FarmInput is what is known of a farm; nil fields stay as they are.
type FarmInput struct {
	Parcels     []ParcelInput
	Crops       []string
	Terrain     *Terrain
	Machines    []MachineInput
	Attachments []string
	Operators   *int
	Household   *string
	ReplaceYear *int
}

// ParcelInput is one field, in square metres or in 평.
type ParcelInput struct {
	Name         string
	SquareMetres *int
	Pyeong       *float64
	Crop         string
	Terrain      Terrain
}

// MachineInput is a machine that the farm owns.
type MachineInput struct {
	Maker        string
	Model        string
	SerialNumber string
	Year         int
	Horsepower   int
}

// CreateCustomerInput is a new customer.
type CreateCustomerInput struct {
	IdempotencyKey string
	ID             string // made by the device; "" lets the server make one
	Name           string
	Kind           Kind
	BirthYear      int
	Phone          string
	Mail           string
	Address        string
	RegionCode     string
	DistrictCode   string
	Farm           *FarmInput
	ConsentTextID  string
	OccurredAt     *time.Time
}

// UpdateCustomerInput changes a customer; nil fields stay as they are.
type UpdateCustomerInput struct {
	IdempotencyKey  string
	CustomerID      string
	ExpectedVersion int
	Name            *string
	BirthYear       *int
	Phone           *string
	Mail            *string
	Address         *string
	RegionCode      *string
	DistrictCode    *string
	Farm            *FarmInput
	OccurredAt      *time.Time
}

// RecordConsentInput is a consent that is given; an empty method is the tablet.
type RecordConsentInput struct {
	IdempotencyKey string
	CustomerID     string
	TextID         string
	Recipient      string
	Items          []ConsentItem // empty: ItemsOfWords
	RetentionDays  *int          // nil: DefaultRetention
	Method         ConsentMethod
	OccurredAt     *time.Time
}

// WithdrawConsentInput is a consent that is taken back.
type WithdrawConsentInput struct {
	IdempotencyKey string
	CustomerID     string
	Purpose        Purpose
	Recipient      string
	Method         ConsentMethod
	OccurredAt     *time.Time
}

// CustomerFilter picks customers; zero fields pick all.
type CustomerFilter struct {
	Search   string
	Phone    string
	Mail     string
	DealerID string
}

// CustomerConnection and CustomerEdge page through customers.
type (
	CustomerConnection = page.Connection[Customer]
	CustomerEdge       = page.Edge[Customer]
	TimelineConnection = page.Connection[TimelineItem]
	TimelineEdge       = page.Edge[TimelineItem]
)

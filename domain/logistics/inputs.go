package logistics

import (
	"time"

	"dure/domain/deal"
	"dure/domain/page"
)

// ShipmentPlaceInput is where a machine is fetched or handed over.
type ShipmentPlaceInput struct {
	Name    string
	Phone   string
	Address string
}

// RequestShipmentInput asks a carrier to deliver a contract's machines. Without
// To they go to the customer.
type RequestShipmentInput struct {
	IdempotencyKey string
	ContractID     string
	CarrierID      string
	SerialNumbers  []string
	From           ShipmentPlaceInput
	To             *ShipmentPlaceInput
	WantedOn       time.Time
}

// AcceptShipmentInput takes an offer on.
type AcceptShipmentInput struct {
	IdempotencyKey  string
	ShipmentID      string
	ExpectedVersion int
}

// DeclineShipmentInput turns an offer down.
type DeclineShipmentInput struct {
	IdempotencyKey  string
	ShipmentID      string
	ExpectedVersion int
	Reason          string
}

// CancelShipmentInput takes a shipment back.
type CancelShipmentInput struct {
	IdempotencyKey  string
	ShipmentID      string
	ExpectedVersion int
	Reason          string
}

// RecordShipmentEventInput reports where a shipment is.
type RecordShipmentEventInput struct {
	IdempotencyKey string
	ShipmentID     string
	Status         ShipmentStatus // LOADED, IN_TRANSIT, DELAYED or ARRIVED
	Place          string
	Message        string
	OccurredAt     *time.Time
}

// TrainingAnswerInput says whether an item of the checklist was done.
type TrainingAnswerInput struct {
	Item TrainingItem
	Done bool
}

// ProveDeliveryInput shows that the machines were handed over.
type ProveDeliveryInput struct {
	IdempotencyKey  string
	ShipmentID      string
	ExpectedVersion int
	SerialNumbers   []string
	PhotoSha256     string
	Signature       deal.SignatureInput
	Training        []TrainingAnswerInput
	Trainee         string
	OccurredAt      *time.Time
}

// ShipmentFilter picks shipments; zero fields pick all.
type ShipmentFilter struct {
	Status     ShipmentStatus
	ContractID string
	DealerID   string
	CarrierID  string
}

// ShipmentConnection is a page of shipments.
type ShipmentConnection = page.Connection[Shipment]

// ShipmentEdge is a shipment on a page.
type ShipmentEdge = page.Edge[Shipment]

// Package logistics holds the delivery of what was sold: the shipment that a
// carrier is offered, its way to the farm, and the proof that the machine was
// handed over to somebody who can drive it.
package logistics

import (
	"slices"
	"time"

	"dure/domain/fault"
	"dure/domain/kst"
)

// ShipmentStatus is where a shipment stands.
type ShipmentStatus string

// The states of a shipment.
const (
	ShipmentOffered   ShipmentStatus = "OFFERED"  // the carrier has not answered yet
	ShipmentDeclined  ShipmentStatus = "DECLINED" // the carrier will not; another may be asked
	ShipmentAccepted  ShipmentStatus = "ACCEPTED"
	ShipmentLoaded    ShipmentStatus = "LOADED"
	ShipmentInTransit ShipmentStatus = "IN_TRANSIT"
	ShipmentDelayed   ShipmentStatus = "DELAYED"
	ShipmentArrived   ShipmentStatus = "ARRIVED"
	ShipmentDelivered ShipmentStatus = "DELIVERED"
	ShipmentCancelled ShipmentStatus = "CANCELLED"
)

// steps are what a carrier may report, in their natural order, which decides
// between two reports of the same moment.
var steps = []ShipmentStatus{ShipmentLoaded, ShipmentInTransit, ShipmentDelayed, ShipmentArrived}

// ContactDays is how many days after the delivery its addresses and phone
// numbers can still be read.
const ContactDays = 7

// Shipment is the delivery of one contract by one carrier. Who is at either end,
// and where, is sealed at rest.
type Shipment struct {
	ID             string `bun:",pk"`
	ContractID     string
	ContractNumber string
	DealID         string
	DealerID       string
	CustomerID     string
	CarrierID      string            // the delivery company
	RequestedBy    string            // a person of the dealer or HQ
	Machines       []ShipmentMachine `bun:",type:text"`
	Quantity       int
	SerialNumbers  []string  `bun:",type:text"` // of the machines; empty when nobody knew them
	WantedOn       time.Time // business day
	FromArea       string    // province and district, known before the offer is accepted
	ToArea         string
	Status         ShipmentStatus
	Reason         string `bun:",nullzero"` // why it was declined or cancelled
	ContactSealed  string
	RequestedAt    time.Time
	AnsweredAt     time.Time `bun:",nullzero"`
	MovedAt        time.Time `bun:",nullzero"` // by the device: the latest report
	ClosedAt       time.Time `bun:",nullzero"` // declined, delivered or cancelled
	Version        int       // grows by one at each save

	// Opened when read, never stored; nil where they may not be read.
	From *ShipmentPlace `bun:"-" json:"-"`
	To   *ShipmentPlace `bun:"-" json:"-"`
}

// ShipmentMachine is one kind of machine on a shipment.
type ShipmentMachine struct {
	ProductName string   `json:"productName"`
	ModelCode   string   `json:"modelCode"`
	Quantity    int      `json:"quantity"`
	Options     []string `json:"options,omitempty"` // their names
}

// ShipmentPlace is where a machine is fetched or handed over, and who is there.
type ShipmentPlace struct {
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Address string `json:"address"`
}

// ShipmentEvent is one report of the carrier's. The same status at the same
// moment is the same report.
type ShipmentEvent struct {
	ID         string `bun:",pk"`
	ShipmentID string
	Status     ShipmentStatus
	Place      string `bun:",nullzero"`
	Message    string `bun:",nullzero"`
	OccurredAt time.Time
	ReceivedAt time.Time
}

// current fails with fault.Conflict when somebody changed s since version.
func (s *Shipment) current(version int) error {
	if s.Version != version {
		return fault.New(fault.Conflict, "shipment.changed").On("expectedVersion")
	}
	return nil
}

// Accept has the carrier take an offer on.
func (s *Shipment) Accept(at time.Time) error {
	if err := s.answerable(); err != nil {
		return err
	}
	s.Status, s.AnsweredAt = ShipmentAccepted, at
	return nil
}

// Decline has the carrier turn an offer down.
func (s *Shipment) Decline(reason string, at time.Time) error {
	if err := s.answerable(); err != nil {
		return err
	}
	s.Status, s.Reason, s.AnsweredAt, s.ClosedAt = ShipmentDeclined, reason, at, at
	return nil
}

func (s *Shipment) answerable() error {
	if s.Status != ShipmentOffered {
		return fault.New(fault.Conflict, "shipment.already_answered")
	}
	return nil
}

// Cancel takes a shipment back that was not delivered yet.
func (s *Shipment) Cancel(reason string, at time.Time) error {
	switch s.Status {
	case ShipmentDelivered:
		return fault.New(fault.Conflict, "shipment.already_delivered")
	case ShipmentDeclined, ShipmentCancelled:
		return fault.New(fault.Conflict, "shipment.over")
	}
	s.Status, s.Reason, s.ClosedAt = ShipmentCancelled, reason, at
	return nil
}

// Move lets a report change where s stands, and reports whether it did. Reports
// may come late, twice and out of order: the latest by the device's clock counts.
// What happened before the end may still be told after it, without effect; it
// fails with fault.Conflict for what is said to have happened afterwards, and
// before the offer was accepted.
func (s *Shipment) Move(e ShipmentEvent) (moved bool, err error) {
	switch s.Status {
	case ShipmentOffered:
		return false, fault.New(fault.Conflict, "shipment.not_accepted")
	case ShipmentDeclined, ShipmentCancelled, ShipmentDelivered:
		if s.Status == ShipmentDeclined || !e.OccurredAt.Before(s.ClosedAt) {
			return false, s.over()
		}
		return false, nil
	}
	if e.OccurredAt.Before(s.RequestedAt) {
		return false, errBeforeOffer
	}
	older := e.OccurredAt.Before(s.MovedAt)
	same := e.OccurredAt.Equal(s.MovedAt) && slices.Index(steps, e.Status) <= slices.Index(steps, s.Status)
	if older || same {
		return false, nil
	}
	s.Status, s.MovedAt = e.Status, e.OccurredAt
	return true, nil
}

// Deliver ends the way of an accepted shipment.
func (s *Shipment) Deliver(at time.Time) error {
	switch s.Status {
	case ShipmentOffered:
		return fault.New(fault.Conflict, "shipment.not_accepted")
	case ShipmentDeclined, ShipmentCancelled, ShipmentDelivered:
		return s.over()
	}
	if at.Before(s.RequestedAt) {
		return errBeforeOffer
	}
	s.Status, s.ClosedAt = ShipmentDelivered, at
	return nil
}

func (s *Shipment) over() error {
	if s.Status == ShipmentDelivered {
		return fault.New(fault.Conflict, "shipment.already_delivered")
	}
	return fault.New(fault.Conflict, "shipment.over")
}

// errBeforeOffer refuses what a device dates before the carrier was asked.
var errBeforeOffer = fault.New(fault.Invalid, "shipment.before_offer").On("occurredAt")

// contactOpen reports whether addresses and phone numbers may be read: while the
// machine is on its way and ContactDays after it was handed over. A carrier
// that has not accepted the offer sees the area alone.
func (s *Shipment) contactOpen(carrier bool, now time.Time) bool {
	switch s.Status {
	case ShipmentDeclined, ShipmentCancelled:
		return false
	case ShipmentOffered:
		return !carrier
	case ShipmentDelivered:
		return now.Before(kst.AddDays(s.ClosedAt, ContactDays))
	}
	return true
}

package logistics

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"dure/domain/act"
	"dure/domain/batch"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/work"
)

// Store keeps shipments, their events and proofs. Reads see the rows of scope
// alone; what is locked stays as it is until the transaction ends.
type Store interface {
	Shipments(ctx context.Context, scope identity.Scope, f ShipmentFilter, r page.Request) ([]Shipment, int, error)
	ShipmentsByID(ctx context.Context, scope identity.Scope, ids []string) ([]Shipment, error)
	ShipmentsOfContracts(ctx context.Context, scope identity.Scope, contractIDs []string) ([]Shipment, error)
	LockShipment(ctx context.Context, scope identity.Scope, id string) (*Shipment, error)
	// LockStanding reads the contract's shipment that was neither declined nor
	// cancelled; nil when there is none.
	LockStanding(ctx context.Context, contractID string) (*Shipment, error)
	// LockContract holds a contract, so that nobody cancels it meanwhile.
	LockContract(ctx context.Context, scope identity.Scope, id string) (*deal.Contract, error)
	AddShipment(ctx context.Context, s *Shipment) error
	SaveShipment(ctx context.Context, s *Shipment) error
	// AddEvent reports false when the same report is there already.
	AddEvent(ctx context.Context, e *ShipmentEvent) (added bool, err error)
	// EventsOf reads events by shipment, in the order in which they happened.
	EventsOf(ctx context.Context, shipmentIDs []string) ([]ShipmentEvent, error)
	AddProof(ctx context.Context, p *DeliveryProof) error
	ProofsOf(ctx context.Context, shipmentIDs []string) ([]DeliveryProof, error)
	AddPhoto(ctx context.Context, p *Photo) error
	HasPhoto(ctx context.Context, sha256, organizationID string) (bool, error)
	Carriers(ctx context.Context) ([]identity.Organization, error)
}

// Sealer seals personal data.
type Sealer interface {
	Seal(purpose, plain string) (string, error)
	Open(purpose, sealed string) (string, error)
	NormalisePhone(phone string) (string, error)
}

// Files keeps bytes under their SHA-256, written before the commit that names
// them.
type Files interface {
	Put(ctx context.Context, r io.Reader) (sha256 string, size int64, err error)
	Get(ctx context.Context, sha256 string) (io.ReadCloser, error)
}

// Service has carriers deliver what was sold.
type Service struct {
	work.Kit
	Store     Store
	Acts      act.Recorder
	Feed      feed.Recorder
	Cursors   page.Codec
	Sealer    Sealer
	Files     Files
	Deals     *deal.Service
	Customers *customer.Service
	Catalogue *catalogue.Service
	Channel   *channel.Service
}

// Limits of what is kept of a shipment.
const (
	MaxName    = 100
	MaxAddress = 300
	MaxReason  = 500
	MaxEvents  = 500 // reports on one shipment
)

// What is sealed, for the row it is sealed for.
func sealedContact(shipmentID string) string   { return "shipment.contact/" + shipmentID }
func sealedNames(shipmentID string) string     { return "delivery.names/" + shipmentID }
func sealedSignature(shipmentID string) string { return "delivery.signature/" + shipmentID }

// places are the two ends of a shipment, as they are sealed.
type places struct{ From, To ShipmentPlace }

// Shipment reads a shipment. It fails with fault.NotFound.
func (s *Service) Shipment(ctx context.Context, id string) (*Shipment, error) {
	scope, err := identity.Allow(ctx, identity.ShipmentRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.ShipmentsByID(ctx, scope, []string{id})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.NotFound, "shipment.not_found")
	}
	return &rows[0], s.open(ctx, rows)
}

// Shipments lists shipments, the newest first.
func (s *Service) Shipments(ctx context.Context, f *ShipmentFilter, first *int, after *string) (*page.Connection[Shipment], error) {
	scope, err := identity.Allow(ctx, identity.ShipmentRead)
	if err != nil {
		return nil, err
	}
	const list = "shipments"
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	if f == nil {
		f = &ShipmentFilter{}
	}
	rows, total, err := s.Store.Shipments(ctx, scope, *f, r)
	if err != nil {
		return nil, err
	}
	if err := s.open(ctx, rows); err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(s Shipment) []string { return []string{s.ID} }), nil
}

// ShipmentsOfContracts reads the shipments of many contracts, the newest first.
func (s *Service) ShipmentsOfContracts(ctx context.Context, contractIDs []string) (map[string][]Shipment, error) {
	scope, err := identity.Allow(ctx, identity.ShipmentRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.ShipmentsOfContracts(ctx, scope, contractIDs)
	if err != nil {
		return nil, err
	}
	if err := s.open(ctx, rows); err != nil {
		return nil, err
	}
	return batch.Group(rows, func(s Shipment) string { return s.ContractID }), nil
}

// EventsOf reads what carriers reported of many shipments, in the order in which
// it happened.
func (s *Service) EventsOf(ctx context.Context, shipmentIDs []string) (map[string][]ShipmentEvent, error) {
	scope, err := identity.Allow(ctx, identity.ShipmentRead)
	if err != nil {
		return nil, err
	}
	within, err := s.Store.ShipmentsByID(ctx, scope, shipmentIDs)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.EventsOf(ctx, idsOf(within))
	return batch.Group(rows, func(e ShipmentEvent) string { return e.ShipmentID }), err
}

// ProofsOf reads the proofs of many shipments.
func (s *Service) ProofsOf(ctx context.Context, shipmentIDs []string) (map[string]DeliveryProof, error) {
	scope, err := identity.Allow(ctx, identity.ShipmentRead)
	if err != nil {
		return nil, err
	}
	within, err := s.Store.ShipmentsByID(ctx, scope, shipmentIDs)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.ProofsOf(ctx, idsOf(within))
	if err != nil {
		return nil, err
	}
	shipments := batch.By(within, func(s Shipment) string { return s.ID })
	for i := range rows {
		of := shipments[rows[i].ShipmentID]
		if scope.Reach == identity.OwnOrganization && !of.contactOpen(true, s.Now()) {
			continue
		}
		var names people
		if err := s.unseal(sealedNames(of.ID), rows[i].NamesSealed, &names); err != nil {
			return nil, err
		}
		rows[i].Receiver, rows[i].Trainee = names.Receiver, names.Trainee
	}
	return batch.By(rows, func(p DeliveryProof) string { return p.ShipmentID }), nil
}

// PhotoFile reads the picture of a delivery. It fails with fault.NotFound when
// there is none or the shipment lies outside the caller's reach.
func (s *Service) PhotoFile(ctx context.Context, shipmentID string) (io.ReadCloser, error) {
	scope, err := identity.Allow(ctx, identity.ShipmentRead)
	if err != nil {
		return nil, err
	}
	within, err := s.Store.ShipmentsByID(ctx, scope, []string{shipmentID})
	if err != nil {
		return nil, err
	}
	proofs, err := s.Store.ProofsOf(ctx, idsOf(within))
	if err != nil {
		return nil, err
	}
	if len(proofs) == 0 {
		return nil, fault.New(fault.NotFound, "file.not_found")
	}
	return s.Files.Get(ctx, proofs[0].PhotoSHA256)
}

// Carriers lists the delivery companies that may be asked.
func (s *Service) Carriers(ctx context.Context) ([]identity.Organization, error) {
	if _, err := identity.Allow(ctx, identity.ShipmentRequest); err != nil {
		return nil, err
	}
	return s.Store.Carriers(ctx)
}

func idsOf(rows []Shipment) []string {
	ids := make([]string, len(rows))
	for i, s := range rows {
		ids[i] = s.ID
	}
	return ids
}

// open opens the addresses and phone numbers that the caller may read now. A
// carrier reads them while the customer agrees that it does.
func (s *Service) open(ctx context.Context, rows []Shipment) error {
	carrier := identity.From(ctx).Persona == identity.Carrier
	var agreed map[string]bool
	if carrier {
		customers := make([]string, len(rows))
		for i, row := range rows {
			customers[i] = row.CustomerID
		}
		var err error
		if agreed, err = s.agreed(ctx, identity.From(ctx).OrganizationID, customers); err != nil {
			return err
		}
	}
	for i := range rows {
		row := &rows[i]
		row.From, row.To = nil, nil
		if !row.contactOpen(carrier, s.Now()) || carrier && !agreed[row.CustomerID] {
			continue
		}
		var ends places
		if err := s.unseal(sealedContact(row.ID), row.ContactSealed, &ends); err != nil {
			return err
		}
		row.From, row.To = &ends.From, &ends.To
	}
	return nil
}

// agreed tells which of the customers agree now that a carrier has what it
// needs to deliver. The platform itself looks it up, whoever asks.
func (s *Service) agreed(ctx context.Context, carrierID string, customerIDs []string) (map[string]bool, error) {
	if len(customerIDs) == 0 {
		return nil, nil
	}
	consents, err := s.Customers.ConsentsOf(identity.With(ctx, identity.System), customerIDs)
	if err != nil {
		return nil, err
	}
	agreed := map[string]bool{}
	for id, of := range consents {
		for _, c := range of {
			agreed[id] = agreed[id] || c.Recipient == carrierID && slices.Contains(c.Opens(), customer.ItemContact)
		}
	}
	return agreed, nil
}

// seal writes v as a sealed text.
func (s *Service) seal(purpose string, v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("seal for %T: %w", v, err)
	}
	return s.Sealer.Seal(purpose, string(raw))
}

func (s *Service) unseal(purpose, sealed string, v any) error {
	plain, err := s.Sealer.Open(purpose, sealed)
	if err != nil {
		return fmt.Errorf("open %T: %w", v, err)
	}
	if err := json.Unmarshal([]byte(plain), v); err != nil {
		return fmt.Errorf("open %T: %w", v, err)
	}
	return nil
}

// record records an act about sh and lets its carrier hear of it.
func (s *Service) record(ctx context.Context, kind act.Kind, tells feed.Kind, sh *Shipment, at time.Time, facts act.Facts) error {
	a := s.Act(ctx, kind, sh.ID, at, facts)
	a.DealerID, a.CustomerID, a.DealID = sh.DealerID, sh.CustomerID, sh.DealID
	a.Facts["carrierId"] = sh.CarrierID
	if identity.From(ctx).Persona == identity.Carrier {
		a.Facts["registeredDevice"] = true // its system signed in with its own key
	}
	if err := s.Acts.Record(ctx, a); err != nil {
		return err
	}
	return s.Feed.Post(ctx, feed.Change{
		ID: s.NewID("chg"), OrganizationID: sh.CarrierID, ContractID: sh.ContractID, SubjectID: sh.ID,
		Kind: tells, ActID: a.ID, OccurredAt: at, PostedAt: s.now(),
	})
}

// now is the server's time, to the microsecond.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

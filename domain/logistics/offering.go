package logistics

import (
	"context"
	"slices"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/text"
)

// RequestShipment offers a signed contract's machines to a carrier. A contract
// has one shipment at a time: one that was declined or cancelled makes room for
// the next.
func (s *Service) RequestShipment(ctx context.Context, in RequestShipmentInput) (*Shipment, error) {
	scope, err := identity.Allow(ctx, identity.ShipmentRequest)
	if err != nil {
		return nil, err
	}
	var sh *Shipment
	err = s.Once(ctx, in.IdempotencyKey, "requestShipment", in, &sh, func(ctx context.Context) error {
		c, err := s.Store.LockContract(ctx, scope, in.ContractID)
		if err != nil {
			return fault.Refer(err, "contractId")
		}
		if c.Status != deal.ContractSigned {
			return fault.New(fault.Conflict, "shipment.contract_not_signed").On("contractId")
		}
		standing, err := s.Store.LockStanding(ctx, c.ID)
		if err != nil {
			return err
		}
		if standing != nil {
			return fault.New(fault.Conflict, "shipment.already_requested").On("contractId")
		}
		if err := s.mayCarry(ctx, in.CarrierID, c.CustomerID); err != nil {
			return err
		}
		if sh, err = s.shipmentOf(ctx, c, in); err != nil {
			return err
		}
		if err := s.Store.AddShipment(ctx, sh); err != nil {
			return err
		}
		return s.record(ctx, act.ShipmentRequested, feed.ShipmentOffered, sh, sh.RequestedAt, act.Facts{
			"contractId": c.ID, "quantity": sh.Quantity, "serialsKnown": len(sh.SerialNumbers),
		})
	})
	return s.opened(ctx, sh, err)
}

// opened opens what a first answer, which is kept without it, does not hold.
func (s *Service) opened(ctx context.Context, sh *Shipment, err error) (*Shipment, error) {
	if sh == nil || err != nil {
		return nil, err
	}
	rows := []Shipment{*sh}
	return &rows[0], s.open(ctx, rows)
}

// mayCarry fails unless the carrier exists and the customer agrees that it has
// what it needs to deliver.
func (s *Service) mayCarry(ctx context.Context, carrierID, customerID string) error {
	carriers, err := s.Store.Carriers(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(carriers, func(o identity.Organization) bool { return o.ID == carrierID }) {
		return fault.New(fault.NotFound, "shipment.unknown_carrier").On("carrierId")
	}
	agreed, err := s.agreed(ctx, carrierID, []string{customerID})
	if err != nil {
		return err
	}
	if !agreed[customerID] {
		return fault.New(fault.Conflict, "shipment.no_consent").On("carrierId")
	}
	return nil
}

// shipmentOf is the shipment that in asks for.
func (s *Service) shipmentOf(ctx context.Context, c *deal.Contract, in RequestShipmentInput) (*Shipment, error) {
	now := s.now()
	sh := &Shipment{
		ID: s.NewID("shp"), ContractID: c.ID, ContractNumber: c.Number, DealID: c.DealID, DealerID: c.DealerID, CustomerID: c.CustomerID,
		CarrierID: in.CarrierID, RequestedBy: identity.From(ctx).UserID, Quantity: c.Quantity, SerialNumbers: []string{},
		Status: ShipmentOffered, RequestedAt: now, Version: 1,
	}
	var err error
	if len(in.SerialNumbers) > 0 {
		if sh.SerialNumbers, err = checkSerials(in.SerialNumbers, c.Quantity, "serialNumbers"); err != nil {
			return nil, err
		}
	}
	if sh.WantedOn, err = wantedOn(in.WantedOn, now); err != nil {
		return nil, err
	}
	if sh.Machines, err = s.machines(ctx, c); err != nil {
		return nil, err
	}
	return sh, s.address(ctx, sh, in)
}

// wantedOn checks the day that a delivery is wanted on: today or later, within a
// year.
func wantedOn(day, now time.Time) (time.Time, error) {
	day = kst.StartOfDay(day)
	if day.Before(kst.StartOfDay(now)) || day.After(kst.AddDays(now, 366)) {
		return day, fault.New(fault.Invalid, "shipment.bad_day").On("wantedOn")
	}
	return day.UTC(), nil
}

// machines are what the contract's quote lists, or its one product.
func (s *Service) machines(ctx context.Context, c *deal.Contract) ([]ShipmentMachine, error) {
	if c.QuoteID == "" {
		p, err := s.Catalogue.Product(ctx, c.ProductID)
		if err != nil {
			return nil, err
		}
		return []ShipmentMachine{{ProductName: p.Name, ModelCode: p.ModelCode, Quantity: c.Quantity}}, nil
	}
	q, err := s.Deals.Quote(ctx, c.QuoteID)
	if err != nil {
		return nil, err
	}
	machines := make([]ShipmentMachine, len(q.Lines))
	for i, l := range q.Lines {
		machines[i] = ShipmentMachine{ProductName: l.ProductName, ModelCode: l.ModelCode, Quantity: l.Quantity}
		for _, o := range l.Options {
			machines[i].Options = append(machines[i].Options, o.Name)
		}
	}
	return machines, nil
}

// address names both ends of sh and seals who is there.
func (s *Service) address(ctx context.Context, sh *Shipment, in RequestShipmentInput) error {
	dealer, err := s.Channel.Dealer(ctx, sh.DealerID)
	if err != nil {
		return err
	}
	who, err := s.Customers.Customer(ctx, sh.CustomerID)
	if err != nil {
		return err
	}
	if sh.FromArea, err = s.area(ctx, dealer.RegionCode, dealer.DistrictCode); err != nil {
		return err
	}
	if sh.ToArea, err = s.area(ctx, who.RegionCode, who.DistrictCode); err != nil {
		return err
	}
	to := ShipmentPlaceInput{Name: who.Name, Phone: who.Phone, Address: who.Address}
	if in.To != nil {
		to = *in.To
	}
	var ends places
	if ends.From, err = s.place(in.From, "from"); err != nil {
		return err
	}
	if ends.To, err = s.place(to, "to"); err != nil {
		return err
	}
	sh.ContactSealed, err = s.seal(sealedContact(sh.ID), ends)
	return err
}

// area names a province and, where it is known, a district.
func (s *Service) area(ctx context.Context, region, district string) (string, error) {
	regions, err := s.Channel.RegionsByCode(ctx, []string{region})
	if err != nil {
		return "", err
	}
	districts, err := s.Channel.DistrictsByCode(ctx, []string{district})
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(regions[region].Name + " " + districts[district].Name), nil
}

// place checks one end of a shipment.
func (s *Service) place(in ShipmentPlaceInput, field string) (p ShipmentPlace, err error) {
	for _, part := range []struct {
		name, value string
		limit       int
	}{{"name", in.Name, MaxName}, {"phone", in.Phone, MaxName}, {"address", in.Address, MaxAddress}} {
		if strings.TrimSpace(part.value) == "" {
			return p, fault.New(fault.Invalid, "shipment.place_incomplete").On(field + "." + part.name)
		}
		if err := text.Check(part.value, part.limit, field+"."+part.name); err != nil {
			return p, err
		}
	}
	normal, err := s.Sealer.NormalisePhone(in.Phone)
	if fs, only := fault.All(err); err != nil && only && len(fs) == 1 {
		return p, fs[0].On(field + ".phone")
	}
	return ShipmentPlace{Name: strings.TrimSpace(in.Name), Phone: customer.ReadablePhone(normal), Address: strings.TrimSpace(in.Address)}, err
}

// change carries out, in one transaction and once for each key, what somebody
// does to a shipment within scope.
func (s *Service) change(ctx context.Context, scope identity.Scope, key, operation string, in any, id string, do func(ctx context.Context, sh *Shipment) error) (*Shipment, error) {
	var sh *Shipment
	err := s.Once(ctx, key, operation, in, &sh, func(ctx context.Context) (err error) {
		if sh, err = s.Store.LockShipment(ctx, scope, id); err != nil {
			return fault.Refer(err, "shipmentId")
		}
		return do(ctx, sh)
	})
	return s.opened(ctx, sh, err)
}

// AcceptShipment takes an offer on.
func (s *Service) AcceptShipment(ctx context.Context, in AcceptShipmentInput) (*Shipment, error) {
	scope, err := identity.Allow(ctx, identity.ShipmentCarry)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, scope, in.IdempotencyKey, "acceptShipment", in, in.ShipmentID, func(ctx context.Context, sh *Shipment) error {
		if err := sh.Accept(s.now()); err != nil {
			return err
		}
		if err := sh.current(in.ExpectedVersion); err != nil {
			return err
		}
		if err := s.Store.SaveShipment(ctx, sh); err != nil {
			return err
		}
		return s.record(ctx, act.ShipmentAccepted, feed.ShipmentChanged, sh, sh.AnsweredAt, nil)
	})
}

// DeclineShipment turns an offer down; another carrier may be asked.
func (s *Service) DeclineShipment(ctx context.Context, in DeclineShipmentInput) (*Shipment, error) {
	scope, err := identity.Allow(ctx, identity.ShipmentCarry)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, scope, in.IdempotencyKey, "declineShipment", in, in.ShipmentID, func(ctx context.Context, sh *Shipment) error {
		if err := checkReason(in.Reason); err != nil {
			return err
		}
		if err := sh.Decline(in.Reason, s.now()); err != nil {
			return err
		}
		if err := sh.current(in.ExpectedVersion); err != nil {
			return err
		}
		if err := s.Store.SaveShipment(ctx, sh); err != nil {
			return err
		}
		return s.record(ctx, act.ShipmentDeclined, feed.ShipmentChanged, sh, sh.AnsweredAt, nil)
	})
}

// CancelShipment takes back a shipment that was not delivered yet.
func (s *Service) CancelShipment(ctx context.Context, in CancelShipmentInput) (*Shipment, error) {
	scope, err := identity.Allow(ctx, identity.ShipmentRequest)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, scope, in.IdempotencyKey, "cancelShipment", in, in.ShipmentID, func(ctx context.Context, sh *Shipment) error {
		if err := checkReason(in.Reason); err != nil {
			return err
		}
		if err := sh.current(in.ExpectedVersion); err != nil {
			return err
		}
		return s.cancel(ctx, sh, in.Reason, s.now())
	})
}

func (s *Service) cancel(ctx context.Context, sh *Shipment, reason string, at time.Time) error {
	was := sh.Status
	if err := sh.Cancel(reason, at); err != nil {
		return err
	}
	if err := s.Store.SaveShipment(ctx, sh); err != nil {
		return err
	}
	return s.record(ctx, act.ShipmentCancelled, feed.ShipmentChanged, sh, at, act.Facts{"was": string(was)})
}

func checkReason(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return fault.New(fault.Invalid, "shipment.reason_missing").On("reason")
	}
	return text.Check(reason, MaxReason, "reason")
}

// Follow implements act.Follower: a contract that is cancelled takes its
// shipment with it. A machine that was handed over already stays delivered, but
// what the proof earned is taken back.
//
// It must follow before Sales IQ does, so that shipments are locked before
// dealers' totals, as they are everywhere else.
func (s *Service) Follow(ctx context.Context, acts []act.Act) error {
	for _, a := range acts {
		if a.Kind != act.ContractCancelled {
			continue
		}
		sh, err := s.Store.LockStanding(ctx, a.SubjectID)
		if err != nil {
			return err
		}
		switch {
		case sh == nil:
		case sh.Status == ShipmentDelivered:
			err = s.record(ctx, act.DeliveryRevoked, feed.ShipmentChanged, sh, a.OccurredAt, nil)
		default:
			err = s.cancel(ctx, sh, "", a.OccurredAt)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

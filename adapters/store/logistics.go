package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/logistics"
	"dure/domain/page"
)

// Shipments keeps deliveries, their events and proofs.
type Shipments struct{ *DB }

func (s Shipments) within(q *bun.SelectQuery, scope identity.Scope) *bun.SelectQuery {
	return handed(q, scope, "dealer_id", "carrier_id")
}

// Shipments implements logistics.Store.
func (s Shipments) Shipments(ctx context.Context, scope identity.Scope, f logistics.ShipmentFilter, r page.Request) ([]logistics.Shipment, int, error) {
	var rows []logistics.Shipment
	list := func() *bun.SelectQuery {
		q := s.within(s.read(ctx).NewSelect().Model(&rows), scope)
		q = equal(q, "status", string(f.Status))
		q = equal(q, "contract_id", f.ContractID)
		q = equal(q, "dealer_id", f.DealerID)
		return equal(q, "carrier_id", f.CarrierID)
	}
	total, err := list().Count(ctx)
	if err != nil {
		return nil, 0, wrap(err, "count shipments")
	}
	q := list().OrderExpr("?TableAlias.id DESC").Limit(int64(r.Limit) + 1)
	if r.After != nil {
		q = q.Where("?TableAlias.id < ?", r.After[0])
	}
	return rows, int(total), wrap(q.Scan(ctx), "read shipments")
}

// ShipmentsByID implements logistics.Store.
func (s Shipments) ShipmentsByID(ctx context.Context, scope identity.Scope, ids []string) ([]logistics.Shipment, error) {
	var rows []logistics.Shipment
	q := s.read(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids))
	return rows, wrap(s.within(q, scope).Scan(ctx), "read shipments")
}

// ShipmentsOfContracts implements logistics.Store.
func (s Shipments) ShipmentsOfContracts(ctx context.Context, scope identity.Scope, contractIDs []string) ([]logistics.Shipment, error) {
	var rows []logistics.Shipment
	q := s.read(ctx).NewSelect().Model(&rows).Where("contract_id IN (?)", bun.List(contractIDs)).OrderExpr("id DESC")
	return rows, wrap(s.within(q, scope).Scan(ctx), "read shipments")
}

// LockShipment implements logistics.Store.
func (s Shipments) LockShipment(ctx context.Context, scope identity.Scope, id string) (*logistics.Shipment, error) {
	var row logistics.Shipment
	q := s.write(ctx).NewSelect().Model(&row).Where("id = ?", id)
	if err := found(s.forUpdate(s.within(q, scope)).Scan(ctx), "shipment"); err != nil {
		return nil, err
	}
	return &row, nil
}

// LockStanding implements logistics.Store.
func (s Shipments) LockStanding(ctx context.Context, contractID string) (*logistics.Shipment, error) {
	var row logistics.Shipment
	q := s.write(ctx).NewSelect().Model(&row).Where("contract_id = ?", contractID).
		Where("status NOT IN (?, ?)", logistics.ShipmentDeclined, logistics.ShipmentCancelled)
	err := s.forUpdate(q).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap(err, "read shipment")
	}
	return &row, nil
}

// LockContract implements logistics.Store.
func (s Shipments) LockContract(ctx context.Context, scope identity.Scope, id string) (*deal.Contract, error) {
	var row deal.Contract
	q := s.write(ctx).NewSelect().Model(&row).Where("id = ?", id)
	if err := found(s.forUpdate(within(q, scope, "dealer_id")).Scan(ctx), "contract"); err != nil {
		return nil, err
	}
	return &row, nil
}

// AddShipment implements logistics.Store.
func (s Shipments) AddShipment(ctx context.Context, row *logistics.Shipment) error {
	_, err := s.write(ctx).NewInsert().Model(row).Exec(ctx)
	return inserted(err, "shipment")
}

// SaveShipment implements logistics.Store.
func (s Shipments) SaveShipment(ctx context.Context, row *logistics.Shipment) error {
	next := *row
	next.Version++
	res, err := s.write(ctx).NewUpdate().Model(&next).WherePK().Where("version = ?", row.Version).Exec(ctx)
	if err := changedOne(res, err, "shipment"); err != nil {
		return err
	}
	*row = next
	return nil
}

// AddEvent implements logistics.Store. A shipment takes so many reports and no
// more.
func (s Shipments) AddEvent(ctx context.Context, e *logistics.ShipmentEvent) (bool, error) {
	res, err := s.write(ctx).NewInsert().Model(e).On("CONFLICT (shipment_id, occurred_at, status) DO NOTHING").Exec(ctx)
	if err != nil {
		return false, wrap(err, "insert shipment event")
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, wrap(err, "insert shipment event")
	}
	n, err := s.write(ctx).NewSelect().Model((*logistics.ShipmentEvent)(nil)).Where("shipment_id = ?", e.ShipmentID).Count(ctx)
	if err != nil {
		return false, wrap(err, "count shipment events")
	}
	if n > logistics.MaxEvents {
		return false, fault.New(fault.Limited, "shipment.too_many_events", logistics.MaxEvents)
	}
	return true, nil
}

// EventsOf implements logistics.Store.
func (s Shipments) EventsOf(ctx context.Context, shipmentIDs []string) ([]logistics.ShipmentEvent, error) {
	if len(shipmentIDs) == 0 {
		return nil, nil
	}
	var rows []logistics.ShipmentEvent
	err := s.read(ctx).NewSelect().Model(&rows).Where("shipment_id IN (?)", bun.List(shipmentIDs)).OrderExpr("occurred_at, id").Scan(ctx)
	return rows, wrap(err, "read shipment events")
}

// AddProof implements logistics.Store.
func (s Shipments) AddProof(ctx context.Context, p *logistics.DeliveryProof) error {
	_, err := s.write(ctx).NewInsert().Model(p).Exec(ctx)
	return inserted(err, "proof")
}

// ProofsOf implements logistics.Store.
func (s Shipments) ProofsOf(ctx context.Context, shipmentIDs []string) ([]logistics.DeliveryProof, error) {
	if len(shipmentIDs) == 0 {
		return nil, nil
	}
	var rows []logistics.DeliveryProof
	err := s.read(ctx).NewSelect().Model(&rows).Where("shipment_id IN (?)", bun.List(shipmentIDs)).Scan(ctx)
	return rows, wrap(err, "read proofs")
}

// AddPhoto implements logistics.Store. One that is there already stays.
func (s Shipments) AddPhoto(ctx context.Context, p *logistics.Photo) error {
	_, err := s.write(ctx).NewInsert().Model(p).On("CONFLICT DO NOTHING").Exec(ctx)
	return wrap(err, "insert photo")
}

// HasPhoto implements logistics.Store.
func (s Shipments) HasPhoto(ctx context.Context, sha256, organizationID string) (bool, error) {
	n, err := s.write(ctx).NewSelect().Model((*logistics.Photo)(nil)).Where("sha256 = ? AND organization_id = ?", sha256, organizationID).Count(ctx)
	return n > 0, wrap(err, "find photo")
}

// Carriers implements logistics.Store.
func (s Shipments) Carriers(ctx context.Context) ([]identity.Organization, error) {
	var rows []identity.Organization
	err := s.read(ctx).NewSelect().Model(&rows).Where("kind = ?", identity.DeliveryFirm).OrderExpr("name, id").Scan(ctx)
	return rows, wrap(err, "read carriers")
}

package resolvers

import (
	"context"

	"dure/domain/channel"
	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/iq"
	"dure/domain/logistics"
	"dure/domain/page"
	"dure/graph"
)

// Shipments is the resolver for the shipments field.
func (r *contractResolver) Shipments(ctx context.Context, obj *deal.Contract) ([]logistics.Shipment, error) {
	return load(ctx).shipments.Load(ctx, obj.ID)
}

// PhotoURL is the resolver for the photoUrl field.
func (r *deliveryProofResolver) PhotoURL(ctx context.Context, obj *logistics.DeliveryProof) (string, error) {
	if obj.PhotoSHA256 == "" {
		return "", nil
	}
	return "/files/shipments/" + obj.ShipmentID + "/photo", nil
}

// RequestShipment is the resolver for the requestShipment field.
func (r *mutationResolver) RequestShipment(ctx context.Context, input logistics.RequestShipmentInput) (*graph.ShipmentPayload, error) {
	sh, err := r.Logistics.RequestShipment(ctx, input)
	return shipmentPayload(ctx, sh, err)
}

// CancelShipment is the resolver for the cancelShipment field.
func (r *mutationResolver) CancelShipment(ctx context.Context, input logistics.CancelShipmentInput) (*graph.ShipmentPayload, error) {
	sh, err := r.Logistics.CancelShipment(ctx, input)
	return shipmentPayload(ctx, sh, err)
}

// AcceptShipment is the resolver for the acceptShipment field.
func (r *mutationResolver) AcceptShipment(ctx context.Context, input logistics.AcceptShipmentInput) (*graph.ShipmentPayload, error) {
	sh, err := r.Logistics.AcceptShipment(ctx, input)
	return shipmentPayload(ctx, sh, err)
}

// DeclineShipment is the resolver for the declineShipment field.
func (r *mutationResolver) DeclineShipment(ctx context.Context, input logistics.DeclineShipmentInput) (*graph.ShipmentPayload, error) {
	sh, err := r.Logistics.DeclineShipment(ctx, input)
	return shipmentPayload(ctx, sh, err)
}

// RecordShipmentEvent is the resolver for the recordShipmentEvent field.
func (r *mutationResolver) RecordShipmentEvent(ctx context.Context, input logistics.RecordShipmentEventInput) (*graph.ShipmentPayload, error) {
	sh, err := r.Logistics.RecordShipmentEvent(ctx, input)
	return shipmentPayload(ctx, sh, err)
}

// ProveDelivery is the resolver for the proveDelivery field.
func (r *mutationResolver) ProveDelivery(ctx context.Context, input logistics.ProveDeliveryInput) (*graph.ShipmentPayload, error) {
	sh, err := r.Logistics.ProveDelivery(ctx, input)
	return shipmentPayload(ctx, sh, err)
}

// Shipments is the resolver for the shipments field.
func (r *queryResolver) Shipments(ctx context.Context, filter *logistics.ShipmentFilter, first *int, after *string) (*page.Connection[logistics.Shipment], error) {
	return r.Logistics.Shipments(ctx, filter, first, after)
}

// Shipment is the resolver for the shipment field.
func (r *queryResolver) Shipment(ctx context.Context, id string) (*logistics.Shipment, error) {
	return graph.OrNull(r.Logistics.Shipment(ctx, id))
}

// Carriers is the resolver for the carriers field.
func (r *queryResolver) Carriers(ctx context.Context) ([]identity.Organization, error) {
	return r.Logistics.Carriers(ctx)
}

// Carrier is the resolver for the carrier field.
func (r *shipmentResolver) Carrier(ctx context.Context, obj *logistics.Shipment) (*identity.Organization, error) {
	return load(ctx).organizations.Load(ctx, obj.CarrierID)
}

// Contract is the resolver for the contract field.
func (r *shipmentResolver) Contract(ctx context.Context, obj *logistics.Shipment) (*deal.Contract, error) {
	return load(ctx).contractsByID.Load(ctx, obj.ContractID)
}

// Dealer is the resolver for the dealer field.
func (r *shipmentResolver) Dealer(ctx context.Context, obj *logistics.Shipment) (*channel.Dealer, error) {
	return load(ctx).dealers.Load(ctx, obj.DealerID)
}

// Events is the resolver for the events field.
func (r *shipmentResolver) Events(ctx context.Context, obj *logistics.Shipment) ([]logistics.ShipmentEvent, error) {
	return load(ctx).shipmentEvents.Load(ctx, obj.ID)
}

// Proof is the resolver for the proof field.
func (r *shipmentResolver) Proof(ctx context.Context, obj *logistics.Shipment) (*logistics.DeliveryProof, error) {
	return load(ctx).proofs.Load(ctx, obj.ID)
}

// LedgerEntries is the resolver for the ledgerEntries field.
func (r *shipmentResolver) LedgerEntries(ctx context.Context, obj *logistics.Shipment) ([]iq.LedgerEntry, error) {
	return load(ctx).entries.Load(ctx, obj.ID)
}

func (r *Resolver) DeliveryProof() graph.DeliveryProofResolver { return &deliveryProofResolver{r} }

func (r *Resolver) Shipment() graph.ShipmentResolver { return &shipmentResolver{r} }

type (
	deliveryProofResolver struct{ *Resolver }
	shipmentResolver      struct{ *Resolver }
)

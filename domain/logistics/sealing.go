package logistics

import (
	"context"

	"dure/domain/identity"
)

// SealAll seals the places that each shipment carries in plain, and the names on
// each proof, for rows that come from elsewhere and are loaded many at a time.
func (s *Service) SealAll(ctx context.Context, shipments []Shipment, proofs []DeliveryProof) (err error) {
	if _, err := identity.Allow(ctx, identity.ShipmentRequest); err != nil {
		return err
	}
	for i := range shipments {
		sh := &shipments[i]
		if sh.ContactSealed, err = s.seal(sealedContact(sh.ID), places{From: *sh.From, To: *sh.To}); err != nil {
			return err
		}
	}
	for i := range proofs {
		p := &proofs[i]
		if p.NamesSealed, err = s.seal(sealedNames(p.ShipmentID), people{Receiver: p.Receiver, Trainee: p.Trainee}); err != nil {
			return err
		}
	}
	return nil
}

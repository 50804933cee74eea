package logistics

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/text"
)

// RecordShipmentEvent keeps what the carrier reports of a shipment. A report
// that is there already changes nothing.
func (s *Service) RecordShipmentEvent(ctx context.Context, in RecordShipmentEventInput) (*Shipment, error) {
	scope, err := identity.Allow(ctx, identity.ShipmentCarry)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, scope, in.IdempotencyKey, "recordShipmentEvent", in, in.ShipmentID, func(ctx context.Context, sh *Shipment) error {
		e, err := s.event(in)
		if err != nil {
			return err
		}
		moved, err := sh.Move(e)
		if err != nil {
			return err
		}
		if added, err := s.Store.AddEvent(ctx, &e); err != nil || !added {
			return err
		}
		if moved {
			if err := s.Store.SaveShipment(ctx, sh); err != nil {
				return err
			}
		}
		return s.record(ctx, act.ShipmentMoved, feed.ShipmentChanged, sh, e.OccurredAt, act.Facts{"status": string(e.Status), "newest": moved})
	})
}

// event checks a report.
func (s *Service) event(in RecordShipmentEventInput) (e ShipmentEvent, err error) {
	if !slices.Contains(steps, in.Status) {
		return e, fault.New(fault.Invalid, "shipment.bad_status").On("status")
	}
	if err := text.Check(in.Place, MaxAddress, "place"); err != nil {
		return e, err
	}
	if err := text.Check(in.Message, MaxReason, "message"); err != nil {
		return e, err
	}
	at, err := act.Moment(s.Now(), in.OccurredAt)
	return ShipmentEvent{
		ID: s.NewID("she"), ShipmentID: in.ShipmentID, Status: in.Status, Place: strings.TrimSpace(in.Place), Message: strings.TrimSpace(in.Message),
		OccurredAt: at, ReceivedAt: s.now(),
	}, err
}

// ProveDelivery ends a shipment with the proof that the machines that were sold
// were handed over, and whether somebody was shown how to drive them. It happens
// once, and earns the dealer points by the rulebook.
func (s *Service) ProveDelivery(ctx context.Context, in ProveDeliveryInput) (*Shipment, error) {
	scope, err := identity.Allow(ctx, identity.ShipmentCarry)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, scope, in.IdempotencyKey, "proveDelivery", in, in.ShipmentID, func(ctx context.Context, sh *Shipment) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		if err := sh.Deliver(at); err != nil {
			return err
		}
		if err := sh.current(in.ExpectedVersion); err != nil {
			return err
		}
		p, err := s.proof(ctx, sh, in, at)
		if err != nil {
			return err
		}
		if err := s.Store.AddProof(ctx, p); err != nil {
			return err
		}
		if err := s.Store.SaveShipment(ctx, sh); err != nil {
			return err
		}
		return s.record(ctx, act.DeliveryProved, feed.ShipmentChanged, sh, at, act.Facts{
			"contractId": sh.ContractID, "quantity": sh.Quantity, "serialMatches": p.SerialMatches,
			"trained": p.Trained, "trainingDone": done(p.Training), "trainingItems": len(p.Training),
		})
	})
}

func done(answers []TrainingAnswer) int {
	n := 0
	for _, a := range answers {
		if a.Done {
			n++
		}
	}
	return n
}

// proof checks what in shows and keeps its files. Machines that were sold under
// other numbers than those at hand are refused.
func (s *Service) proof(ctx context.Context, sh *Shipment, in ProveDeliveryInput, at time.Time) (*DeliveryProof, error) {
	p := &DeliveryProof{ShipmentID: sh.ID, ActorID: identity.From(ctx).UserID, PhotoSHA256: in.PhotoSha256, ProvedAt: at, ReceivedAt: s.now()}
	var err error
	if p.SerialNumbers, err = checkSerials(in.SerialNumbers, sh.Quantity, "serialNumbers"); err != nil {
		return nil, err
	}
	if p.SerialMatches = slices.Equal(p.SerialNumbers, sh.SerialNumbers); !p.SerialMatches && len(sh.SerialNumbers) > 0 {
		return nil, fault.New(fault.Invalid, "shipment.other_serial").On("serialNumbers")
	}
	if p.Training, p.Trained, err = checkTraining(in.Training, in.Trainee); err != nil {
		return nil, err
	}
	if err := text.Check(in.Trainee, MaxName, "trainee"); err != nil {
		return nil, err
	}
	mark, err := s.mark(ctx, in.Signature, at)
	if err != nil {
		return nil, err
	}
	if there, err := s.Store.HasPhoto(ctx, in.PhotoSha256, sh.CarrierID); err != nil {
		return nil, err
	} else if !there {
		return nil, fault.New(fault.NotFound, "shipment.no_photo").On("photoSha256")
	}
	p.SignatureSHA256 = mark.SHA256()
	if p.NamesSealed, err = s.seal(sealedNames(sh.ID), people{Receiver: strings.TrimSpace(mark.SignerName), Trainee: strings.TrimSpace(in.Trainee)}); err != nil {
		return nil, err
	}
	p.MarkSHA256, err = s.keepMark(ctx, sh.ID, mark)
	return p, err
}

// mark checks the drawn signature of whoever received the machines.
func (s *Service) mark(ctx context.Context, in deal.SignatureInput, at time.Time) (deal.SignatureMark, error) {
	mark := in.Mark(identity.From(ctx).DeviceID, at, s.now())
	if err := mark.Check(); err != nil {
		return mark, err
	}
	if strings.TrimSpace(mark.SignerName) == "" {
		return mark, fault.New(fault.Invalid, "contract.signer_missing").On("signature.signerName")
	}
	return mark, text.Check(mark.SignerName, MaxName, "signature.signerName")
}

// keepMark keeps the strokes, sealed: they carry a name.
func (s *Service) keepMark(ctx context.Context, shipmentID string, m deal.SignatureMark) (string, error) {
	sealed, err := s.seal(sealedSignature(shipmentID), m)
	if err != nil {
		return "", err
	}
	sha, _, err := s.Files.Put(ctx, strings.NewReader(sealed))
	if err != nil {
		return "", fmt.Errorf("keep signature: %w", err)
	}
	return sha, nil
}

// KeepPhoto keeps a picture that a proof will name by the returned SHA-256. Only
// the picture itself is kept: where it was taken, and all else that a camera
// notes beside it, is cut out. It fails with fault.Invalid for what is no JPEG
// or PNG and for more than MaxPhoto bytes.
func (s *Service) KeepPhoto(ctx context.Context, r io.Reader) (string, error) {
	if _, err := identity.Allow(ctx, identity.ShipmentCarry); err != nil {
		return "", err
	}
	raw, err := io.ReadAll(io.LimitReader(r, MaxPhoto+1))
	if err != nil {
		return "", fmt.Errorf("read photo: %w", err)
	}
	picture, err := bare(raw)
	if err != nil {
		return "", err
	}
	sha, _, err := s.Files.Put(ctx, bytes.NewReader(picture))
	if err != nil {
		return "", fmt.Errorf("keep photo: %w", err)
	}
	return sha, s.Do(ctx, func(ctx context.Context) error {
		return s.Store.AddPhoto(ctx, &Photo{SHA256: sha, OrganizationID: identity.From(ctx).OrganizationID, KeptAt: s.now()})
	})
}

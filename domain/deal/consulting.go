package deal

import (
	"context"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/text"
	"dure/domain/work"
)

// MaxWatched is the longest watching of one video that is believed: four hours.
const MaxWatched = 4 * 3600

// OpenConsultation begins a deal with a customer who agreed that their data is
// kept.
func (s *Service) OpenConsultation(ctx context.Context, in OpenConsultationInput) (*Consultation, error) {
	if _, err := identity.Allow(ctx, identity.ConsultationHold); err != nil {
		return nil, err
	}
	var c *Consultation
	err := s.Once(ctx, in.IdempotencyKey, "openConsultation", in, &c, func(ctx context.Context) error {
		needs, err := in.Needs.check()
		if err != nil {
			return err
		}
		if err := text.Check(in.Note, MaxNote, "note"); err != nil {
			return err
		}
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		who, err := s.Customers.Customer(ctx, in.CustomerID)
		if err != nil {
			return fault.Refer(err, "customerId")
		}
		if err := s.consented(ctx, who.ID); err != nil {
			return err
		}
		id, err := s.IDFor("con", in.ID)
		if err != nil {
			return err
		}
		c = &Consultation{
			ID: id, DealerID: who.DealerID, CustomerID: who.ID, StaffID: identity.From(ctx).UserID,
			Status: ConsultationOpen, Needs: needs, Note: in.Note, OpenedAt: at, Version: 1,
		}
		if err := s.Store.AddConsultation(ctx, c); err != nil {
			return work.IDTaken(err, in.ID)
		}
		a := s.Act(ctx, act.ConsultationOpened, c.ID, at, act.Facts{"needs": needs.Count()})
		return s.Acts.Record(ctx, deal(a, c.DealerID, c.CustomerID, c.ID))
	})
	return c, err
}

func (in NeedsInput) check() (Needs, error) {
	n := Needs(in)
	if err := text.CheckList(in.Crops, MaxList, MaxLine, "needs.crops"); err != nil {
		return n, err
	}
	if err := text.CheckList(in.Attachments, MaxList, MaxLine, "needs.attachments"); err != nil {
		return n, err
	}
	if in.SquareMetres < 0 || in.SquareMetres > 100_000_000 {
		return n, fault.New(fault.Invalid, "customer.bad_area").On("needs.squareMetres")
	}
	if err := in.Budget.Price("needs.budget"); err != nil {
		return n, err
	}
	return n, text.Check(in.Purpose, MaxNote, "needs.purpose")
}

// PresentProduct records that a product was shown within an open consultation.
func (s *Service) PresentProduct(ctx context.Context, in PresentProductInput) (*Consultation, error) {
	scope, err := identity.Allow(ctx, identity.ConsultationHold)
	if err != nil {
		return nil, err
	}
	var c *Consultation
	err = s.Once(ctx, in.IdempotencyKey, "presentProduct", in, &c, func(ctx context.Context) error {
		if in.WatchedSeconds < 0 || in.WatchedSeconds > MaxWatched {
			return fault.New(fault.Invalid, "consultation.bad_seconds", MaxWatched).On("watchedSeconds")
		}
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		if c, err = s.Store.Consultation(ctx, scope, in.ConsultationID); err != nil {
			return fault.Refer(err, "consultationId")
		}
		if c.Status != ConsultationOpen {
			return fault.New(fault.Conflict, "consultation.not_open").On("consultationId")
		}
		if at, err = act.After(at, c.OpenedAt); err != nil {
			return err
		}
		product, err := s.Catalogue.Product(ctx, in.ProductID)
		if err != nil {
			return fault.Refer(err, "productId")
		}
		watched, err := s.watched(ctx, product.ID, in)
		if err != nil {
			return err
		}
		w := &Showing{
			ID: s.NewID("shw"), ConsultationID: c.ID, DealerID: c.DealerID, ProductID: product.ID,
			MediaID: in.MediaID, WatchedSeconds: watched, OccurredAt: at,
		}
		if err := s.Store.AddShowing(ctx, w); err != nil {
			return err
		}
		a := s.Act(ctx, act.ProductPresented, w.ID, at, act.Facts{
			"productId": product.ID, "watchedSeconds": watched, "needs": c.Needs.Count(), "sameDay": kst.SameDay(c.OpenedAt, at),
		})
		return s.Acts.Record(ctx, deal(a, c.DealerID, c.CustomerID, c.ID))
	})
	return c, err
}

// watched is how many seconds count: none without a video of that product, and
// never more than the video is long.
func (s *Service) watched(ctx context.Context, productID string, in PresentProductInput) (int, error) {
	if in.MediaID == "" {
		return 0, nil
	}
	media, err := s.Catalogue.MediaOf(ctx, []string{productID})
	if err != nil {
		return 0, err
	}
	for _, m := range media[productID] {
		if m.ID == in.MediaID {
			return min(in.WatchedSeconds, m.DurationSeconds), nil
		}
	}
	return 0, fault.New(fault.NotFound, "catalogue.unknown_media").On("mediaId")
}

// CloseConsultation ends a consultation without a contract.
func (s *Service) CloseConsultation(ctx context.Context, in CloseConsultationInput) (*Consultation, error) {
	scope, err := identity.Allow(ctx, identity.ConsultationHold)
	if err != nil {
		return nil, err
	}
	var c *Consultation
	err = s.Once(ctx, in.IdempotencyKey, "closeConsultation", in, &c, func(ctx context.Context) error {
		if err := text.Check(in.Note, MaxNote, "note"); err != nil {
			return err
		}
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		if c, err = s.Store.Consultation(ctx, scope, in.ConsultationID); err != nil {
			return fault.Refer(err, "consultationId")
		}
		if at, err = act.After(at, c.OpenedAt); err != nil {
			return err
		}
		if err := c.Close(in.LostReason, in.Note, at); err != nil {
			return err
		}
		if err := s.Store.SaveConsultation(ctx, c); err != nil {
			return err
		}
		closed := deal(s.Act(ctx, act.ConsultationClosed, c.ID, at, nil), c.DealerID, c.CustomerID, c.ID)
		lost := deal(s.Act(ctx, act.DealLost, c.ID, at, act.Facts{
			"reason": in.LostReason, "reasonGiven": in.LostReason != "",
		}), c.DealerID, c.CustomerID, c.ID)
		return s.Acts.Record(ctx, closed, lost)
	})
	return c, err
}

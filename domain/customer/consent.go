package customer

import (
	"context"
	"time"

	"dure/domain/act"
	"dure/domain/batch"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/text"
)

// ConsentTexts lists the words of each consent that are valid now.
func (s *Service) ConsentTexts(ctx context.Context) ([]ConsentText, error) {
	if _, err := identity.Allow(ctx, identity.CustomerRead); err != nil {
		return nil, err
	}
	return s.Store.ConsentTexts(ctx, s.Now())
}

// ConsentTextsAt lists the words of each consent that were valid at that moment,
// such as those that a contract's paper shows, for the channel and for the
// platform itself, which seals what was signed.
func (s *Service) ConsentTextsAt(ctx context.Context, at time.Time) ([]ConsentText, error) {
	if _, err := identity.Allow(ctx, identity.CustomerRead); err != nil {
		return nil, err
	}
	return s.Store.ConsentTexts(ctx, at)
}

// ConsentsOf reads the consents that hold now, or were taken back last, of many
// customers: the newest entry of each purpose and recipient.
func (s *Service) ConsentsOf(ctx context.Context, customerIDs []string) (map[string][]Consent, error) {
	scope, err := identity.Allow(ctx, identity.CustomerRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.ConsentsOf(ctx, scope, customerIDs)
	return batch.Group(rows, func(c Consent) string { return c.CustomerID }), err
}

// HasConsent reports whether the customer agrees to purpose now.
func (s *Service) HasConsent(ctx context.Context, customerID string, purpose Purpose) (bool, error) {
	if _, err := identity.Allow(ctx, identity.CustomerRead); err != nil {
		return false, err
	}
	return s.holds(ctx, customerID, purpose)
}

func (s *Service) holds(ctx context.Context, customerID string, purpose Purpose) (bool, error) {
	rows, err := s.Store.ConsentsOf(ctx, identity.Scope{Reach: identity.Everything}, []string{customerID})
	if err != nil {
		return false, err
	}
	for _, c := range rows {
		if c.Purpose == purpose && c.Recipient == "" {
			return c.Action == Granted, nil
		}
	}
	return false, nil
}

// RecordConsent records that a customer agreed.
func (s *Service) RecordConsent(ctx context.Context, in RecordConsentInput) (*Consent, error) {
	scope, err := identity.Allow(ctx, identity.ConsentWrite)
	if err != nil {
		return nil, err
	}
	var consent *Consent
	err = s.Once(ctx, in.IdempotencyKey, "recordConsent", in, &consent, func(ctx context.Context) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		c, err := s.find(ctx, scope, in.CustomerID)
		if err != nil {
			return err
		}
		if consent, err = s.consent(ctx, c, in, "", at); err != nil {
			return err
		}
		return s.profile(ctx, c, at)
	})
	return consent, err
}

// consent appends that c agreed to a text; the text must be for purpose unless
// that is "".
func (s *Service) consent(ctx context.Context, c *Customer, in RecordConsentInput, purpose Purpose, at time.Time) (*Consent, error) {
	texts, err := s.Store.ConsentTexts(ctx, s.Now())
	if err != nil {
		return nil, err
	}
	for _, t := range texts {
		if t.ID != in.TextID {
			continue
		}
		if purpose != "" && t.Purpose != purpose {
			return nil, fault.New(fault.Invalid, "consent.other_purpose").On("textId")
		}
		if (t.Purpose == ThirdParty) != (in.Recipient != "") {
			return nil, fault.New(fault.Invalid, "consent.recipient").On("recipient")
		}
		if err := text.Check(in.Recipient, MaxName, "recipient"); err != nil {
			return nil, err
		}
		items, days, err := in.sharing(t.Purpose)
		if err != nil {
			return nil, err
		}
		return s.enter(ctx, c, Consent{
			Purpose: t.Purpose, TextID: t.ID, Recipient: in.Recipient, Items: items, RetentionDays: days, Action: Granted, Method: in.Method,
		}, at)
	}
	return nil, fault.New(fault.NotFound, "consent.unknown_text").On("textId")
}

// enter appends an entry to the consent ledger, with its act.
func (s *Service) enter(ctx context.Context, c *Customer, e Consent, at time.Time) (*Consent, error) {
	e.ID, e.CustomerID, e.DealerID, e.ActorID = s.NewID("cst"), c.ID, c.DealerID, identity.From(ctx).UserID
	e.OccurredAt, e.ReceivedAt = at, s.Now().UTC().Truncate(time.Microsecond)
	if e.Method == "" {
		e.Method = OnTablet
	}
	if err := s.Store.AddConsent(ctx, &e); err != nil {
		return nil, err
	}
	kind := act.ConsentRecorded
	if e.Action == Withdrawn {
		kind = act.ConsentWithdrawn
	}
	facts := act.Facts{"purpose": string(e.Purpose), "textId": e.TextID}
	if e.Recipient != "" {
		facts["recipient"] = e.Recipient
	}
	return &e, s.record(ctx, kind, c, e.ID, at, facts)
}

// WithdrawConsent records that a customer took a consent back. It fails with
// fault.Conflict when it does not hold.
func (s *Service) WithdrawConsent(ctx context.Context, in WithdrawConsentInput) (*Consent, error) {
	scope, err := identity.Allow(ctx, identity.ConsentWrite)
	if err != nil {
		return nil, err
	}
	var consent *Consent
	err = s.Once(ctx, in.IdempotencyKey, "withdrawConsent", in, &consent, func(ctx context.Context) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		c, err := s.find(ctx, scope, in.CustomerID)
		if err != nil {
			return err
		}
		held, err := s.Store.ConsentsOf(ctx, scope, []string{c.ID})
		if err != nil {
			return err
		}
		for _, h := range held {
			if h.Purpose == in.Purpose && h.Recipient == in.Recipient && h.Action == Granted {
				consent, err = s.enter(ctx, c, Consent{
					Purpose: h.Purpose, TextID: h.TextID, Recipient: h.Recipient, Items: h.Items, RetentionDays: h.RetentionDays,
					Action: Withdrawn, Method: in.Method,
				}, at)
				return err
			}
		}
		return fault.New(fault.Conflict, "consent.not_given").On("purpose")
	})
	return consent, err
}

package channel

import (
	"context"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/text"
	"dure/domain/work"
)

// VisitKind is how a rep met a dealer.
type VisitKind string

// The kinds of visit.
const (
	InPerson VisitKind = "IN_PERSON"
	ByPhone  VisitKind = "PHONE"
	Training VisitKind = "TRAINING"
)

// MaxVisitNote is the longest note of a visit, in characters.
const MaxVisitNote = 4_000

// Visit is a rep's meeting with a dealer, and what was noted.
type Visit struct {
	ID         string `bun:",pk"`
	DealerID   string
	RepID      string
	Kind       VisitKind
	Note       string
	OccurredAt time.Time
	ReceivedAt time.Time
}

// RecordVisitInput is a visit; a phone that is offline makes its id.
type RecordVisitInput struct {
	IdempotencyKey string
	ID             string
	DealerID       string
	Kind           VisitKind
	Note           string
	OccurredAt     *time.Time
}

// VisitConnection and VisitEdge page through visits.
type (
	VisitConnection = page.Connection[Visit]
	VisitEdge       = page.Edge[Visit]
)

// RecordVisit notes a visit to a dealer of the caller's territory.
func (s *Service) RecordVisit(ctx context.Context, in RecordVisitInput) (*Visit, error) {
	scope, err := identity.Allow(ctx, identity.VisitRecord)
	if err != nil {
		return nil, err
	}
	var v *Visit
	err = s.Once(ctx, in.IdempotencyKey, "recordVisit", in, &v, func(ctx context.Context) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		id, err := s.IDFor("vis", in.ID)
		if err != nil {
			return err
		}
		note := strings.TrimSpace(in.Note)
		if err := text.Check(note, MaxVisitNote, "note"); err != nil {
			return err
		}
		switch in.Kind {
		case InPerson, ByPhone, Training:
		default:
			return fault.New(fault.Invalid, "visit.bad_kind").On("kind")
		}
		dealers, err := s.Store.DealersByID(ctx, scope, []string{in.DealerID})
		if err != nil {
			return err
		}
		if len(dealers) == 0 {
			return fault.New(fault.NotFound, "dealer.not_found").On("dealerId")
		}
		a := s.Act(ctx, act.VisitRecorded, id, at, act.Facts{"kind": string(in.Kind), "noted": note != ""})
		a.DealerID = in.DealerID
		v = &Visit{ID: id, DealerID: in.DealerID, RepID: identity.From(ctx).UserID, Kind: in.Kind, Note: note, OccurredAt: at, ReceivedAt: a.ReceivedAt}
		if err := s.Store.AddVisit(ctx, v); err != nil {
			return work.IDTaken(err, in.ID)
		}
		return s.Acts.Record(ctx, a)
	})
	return v, err
}

// Visits lists the visits to a dealer, the newest first.
func (s *Service) Visits(ctx context.Context, dealerID string, first *int, after *string) (*page.Connection[Visit], error) {
	scope, err := identity.Allow(ctx, identity.VisitRead)
	if err != nil {
		return nil, err
	}
	list := "visits/" + dealerID
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	rows, total, err := s.Store.Visits(ctx, scope, dealerID, r)
	if err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(v Visit) []string { return page.Moment(v.OccurredAt, v.ID) }), nil
}

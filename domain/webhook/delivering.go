package webhook

import (
	"context"
	"fmt"
	"time"

	"dure/domain/batch"
	"dure/domain/fault"
	"dure/domain/feed"
	"dure/domain/identity"
)

// The paces of delivering.
const (
	holdFor   = time.Minute      // how long a queue is held for one message; sending takes at most a quarter of it
	overdue   = 10 * time.Second // a queue that waits so long past its time was lost by a process that died
	inOneTurn = 20               // messages of one queue before others have a turn
	startMost = 500              // queues that are started at once; the rest follow with the sweep
)

// Take makes deliveries of changes, for every endpoint that was there before
// them and wants them, and leaves them to jobs. A change that comes twice makes one delivery.
func (s *Service) Take(ctx context.Context, changes []feed.Change) error {
	if _, err := identity.Allow(ctx, identity.WebhookDeliver); err != nil {
		return err
	}
	var organizations []string
	for id := range batch.Group(changes, func(c feed.Change) string { return c.OrganizationID }) {
		organizations = append(organizations, id)
	}
	if len(organizations) == 0 {
		return nil
	}
	return s.Do(ctx, func(ctx context.Context) error {
		all, err := s.Store.EndpointsOf(ctx, organizations)
		if err != nil || len(all) == 0 {
			return err
		}
		at := now(s.Kit)
		of := func(c feed.Change) (hear []Endpoint) {
			for _, e := range all {
				if e.OrganizationID == c.OrganizationID && !c.PostedAt.Before(e.CreatedAt) {
					hear = append(hear, e)
				}
			}
			return hear
		}
		rows, queues := s.deliveriesOf(changes, of, at)
		if len(rows) == 0 {
			return nil
		}
		if err := s.Store.AddDeliveries(ctx, rows, at); err != nil {
			return err
		}
		return s.Later.DeliverLater(ctx, 0, queues...)
	})
}

// deliveriesOf makes the deliveries of changes to the endpoints that of returns
// and that want them, and the queues among them that can be worked on.
func (s *Service) deliveriesOf(changes []feed.Change, of func(feed.Change) []Endpoint, at time.Time) (rows []Delivery, active []Queue) {
	due := map[Queue]bool{}
	for _, c := range changes {
		for _, e := range of(c) {
			if !e.Wants(c.Kind) {
				continue
			}
			rows = append(rows, Delivery{
				ID: s.NewID("whd"), EndpointID: e.ID, MessageID: c.ID, ContractID: c.ContractID, SubjectID: c.SubjectID, Kind: c.Kind,
				ChangeTx: c.Batch, ChangeSeq: &c.Seq, OccurredAt: c.OccurredAt, State: Pending, Attempts: []Attempt{}, CreatedAt: at,
			})
			q := Queue{EndpointID: e.ID, ContractID: c.ContractID}
			if e.State == Active && !due[q] {
				due[q] = true
				active = append(active, q)
			}
		}
	}
	return rows, active
}

// Deliver sends what a queue holds, the oldest first, until it is empty, an
// attempt fails, or others should have a turn. A process that dies after the
// receiver answered and before that is kept sends the same message again, with
// the same id.
func (s *Service) Deliver(ctx context.Context, q Queue) error {
	if _, err := identity.Allow(ctx, identity.WebhookDeliver); err != nil {
		return err
	}
	holder := s.NewID("run")
	for range inOneTurn {
		d, e, err := s.next(ctx, q, holder)
		if err != nil || d == nil {
			return err
		}
		attempt, err := s.send(ctx, e, d)
		if err != nil {
			return err
		}
		goOn, err := s.keep(context.WithoutCancel(ctx), q, holder, d, attempt) // what was sent is kept, even while we end
		if err != nil || !goOn {
			return err
		}
	}
	return s.Do(ctx, func(ctx context.Context) error {
		if err := s.Store.Release(ctx, q, holder, now(s.Kit)); err != nil {
			return err
		}
		return s.Later.DeliverLater(ctx, 0, q)
	})
}

// next claims a queue and reads what to send now; nil when that is nothing, or
// another holder is at it.
func (s *Service) next(ctx context.Context, q Queue, holder string) (d *Delivery, e *Endpoint, err error) {
	err = s.Do(ctx, func(ctx context.Context) error {
		at := now(s.Kit)
		mine, err := s.Store.Claim(ctx, q, holder, at, at.Add(holdFor))
		if err != nil || !mine {
			return err
		}
		found, err := s.Store.EndpointsByID(ctx, identity.Scope{Reach: identity.Everything}, []string{q.EndpointID})
		if err != nil {
			return err
		}
		if d, err = s.Store.Oldest(ctx, q); err != nil {
			return err
		}
		switch {
		case d == nil: // whoever adds one now waits for this transaction, and then makes the queue due
			return s.Store.Release(ctx, q, holder, time.Time{})
		case len(found) == 0 || found[0].State != Active:
			d = nil
			return s.Store.Release(ctx, q, holder, at)
		case d.NextAt.After(at):
			due := d.NextAt
			d = nil
			return s.Store.Release(ctx, q, holder, due)
		}
		e = &found[0]
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return d, e, nil
}

// send calls the endpoint.
func (s *Service) send(ctx context.Context, e *Endpoint, d *Delivery) (Attempt, error) {
	body, err := d.Body()
	if err != nil {
		return Attempt{}, fmt.Errorf("write message %s: %w", d.MessageID, err)
	}
	m := Message{ID: d.MessageID, URL: e.URL, Body: body}
	sealed := []string{e.SecretSealed}
	if !e.OverlapUntil(s.Now()).IsZero() {
		sealed = append(sealed, e.PreviousSealed)
	}
	for _, one := range sealed {
		secret, err := s.Sealer.Open(sealedSecret(e.ID), one)
		if err != nil {
			return Attempt{}, fmt.Errorf("open secret of %s: %w", e.ID, err)
		}
		m.Secrets = append(m.Secrets, secret)
	}
	at := now(s.Kit)
	attempt := s.Sender.Send(ctx, m)
	if s.Twice != nil && attempt.OK() && s.Twice(e.OrganizationID) {
		s.Sender.Send(ctx, m)
	}
	if err := ctx.Err(); err != nil && !attempt.OK() {
		return Attempt{}, err // we are ending: that tells nothing of the receiver
	}
	attempt.At = at
	return attempt, nil
}

// statusGone is the answer of a receiver that wants to be called no more.
const statusGone = 410

// keep writes down what came of an attempt. It reports whether the queue goes on
// at once.
func (s *Service) keep(ctx context.Context, q Queue, holder string, d *Delivery, a Attempt) (goOn bool, err error) {
	err = s.Do(ctx, func(ctx context.Context) error {
		e, err := s.Store.LockEndpoint(ctx, identity.Scope{Reach: identity.Everything}, q.EndpointID)
		if fault.CodeOf(err) == fault.NotFound {
			return nil // removed meanwhile, with all that is known of it
		}
		if err != nil {
			return err
		}
		at := now(s.Kit)
		d.note(a, at)
		if err := s.Store.SaveDelivery(ctx, d); err != nil {
			return err
		}
		if err := s.judge(ctx, e, a, at); err != nil {
			return err
		}
		if goOn = d.State != Pending && e.State == Active; goOn {
			return nil
		}
		due := at
		if d.State == Pending {
			due = d.NextAt
		}
		if err := s.Store.Release(ctx, q, holder, due); err != nil || e.State != Active {
			return err
		}
		return s.Later.DeliverLater(ctx, due.Sub(at), q)
	})
	return goOn, err
}

// judge counts an attempt of e and pauses it when it is dead or gone.
func (s *Service) judge(ctx context.Context, e *Endpoint, a Attempt, at time.Time) error {
	if a.OK() {
		if e.Failures == 0 {
			return nil
		}
		e.Failures, e.FailingSince = 0, time.Time{}
		return s.Store.SaveEndpoint(ctx, e)
	}
	if e.Failures++; e.FailingSince.IsZero() {
		e.FailingSince = at
	}
	switch {
	case e.State != Active:
		return s.Store.SaveEndpoint(ctx, e)
	case a.Status == statusGone:
		return s.pause(ctx, e, Gone)
	case e.dead(at):
		return s.pause(ctx, e, Dead)
	default:
		return s.Store.SaveEndpoint(ctx, e)
	}
}

// Sweep leaves to jobs every queue that waits past its time: its process died,
// or the clock was set.
func (s *Service) Sweep(ctx context.Context) error {
	if _, err := identity.Allow(ctx, identity.WebhookDeliver); err != nil {
		return err
	}
	at := now(s.Kit)
	return s.startDue(ctx, "", at.Add(-overdue))
}

// start leaves every due queue of an endpoint to jobs.
func (s *Service) start(ctx context.Context, endpointID string) error {
	return s.startDue(ctx, endpointID, now(s.Kit))
}

func (s *Service) startDue(ctx context.Context, endpointID string, due time.Time) error {
	return s.Do(ctx, func(ctx context.Context) error {
		at := now(s.Kit)
		queues, err := s.Store.Due(ctx, endpointID, due, at, at, startMost)
		if err != nil || len(queues) == 0 {
			return err
		}
		return s.Later.DeliverLater(ctx, 0, queues...)
	})
}

// KeptFor is how long a delivery that is done stays in the log.
const KeptFor = 90 * 24 * time.Hour

// Prune forgets deliveries that were done longer ago than the log is kept. What
// happened stays in the feed, from which it can be replayed.
func (s *Service) Prune(ctx context.Context) error {
	if _, err := identity.Allow(ctx, identity.RecordsPrune); err != nil {
		return err
	}
	return s.Do(ctx, func(ctx context.Context) error { return s.Store.DropDeliveries(ctx, now(s.Kit).Add(-s.kept())) })
}

func (s *Service) kept() time.Duration {
	if s.Kept > 0 {
		return s.Kept
	}
	return KeptFor
}

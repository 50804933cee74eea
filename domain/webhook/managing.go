package webhook

import (
	"context"
	"slices"
	"time"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/feed"
	"dure/domain/identity"
)

// RotateWebhookSecretInput asks for a new secret.
type RotateWebhookSecretInput struct {
	EndpointID     string
	OverlapHours   *int
	IdempotencyKey string
}

// PauseWebhookEndpointInput stops calls.
type PauseWebhookEndpointInput struct {
	EndpointID     string
	IdempotencyKey string
}

// ResumeWebhookEndpointInput lets calls go on.
type ResumeWebhookEndpointInput struct {
	EndpointID     string
	SkipMissed     bool
	IdempotencyKey string
}

// RemoveWebhookEndpointInput ends an endpoint.
type RemoveWebhookEndpointInput struct {
	EndpointID     string
	IdempotencyKey string
}

// ReplayWebhooksInput asks for changes once more.
type ReplayWebhooksInput struct {
	EndpointID     string
	AfterSeq       int
	IdempotencyKey string
}

// SendTestWebhookInput asks for a message that shows that messages arrive.
type SendTestWebhookInput struct {
	EndpointID     string
	IdempotencyKey string
}

// Replayed is an endpoint and how many of its deliveries wait again.
type Replayed struct {
	Endpoint *Endpoint
	Count    int
}

// RotateSecret gives an endpoint a new secret. Until the overlap is over,
// messages are signed with both.
func (s *Service) RotateSecret(ctx context.Context, in RotateWebhookSecretInput) (*WithSecret, error) {
	if _, err := identity.Allow(ctx, identity.WebhookWrite); err != nil {
		return nil, err
	}
	overlap := defaultOverlap
	if in.OverlapHours != nil {
		overlap = *in.OverlapHours
	}
	if overlap < 0 || overlap > maxOverlap {
		return nil, fault.New(fault.Invalid, "webhook.bad_overlap", maxOverlap).On("overlapHours")
	}
	var made WithSecret
	err := s.change(ctx, in.IdempotencyKey, "rotateWebhookSecret", in, in.EndpointID, &made, func(ctx context.Context, e *Endpoint) error {
		e.PreviousSealed, e.PreviousUntil = "", time.Time{}
		if overlap > 0 {
			e.PreviousSealed, e.PreviousUntil = e.SecretSealed, now(s.Kit).Add(time.Duration(overlap)*time.Hour)
		}
		var err error
		if e.SecretSealed, err = s.newSecret(e.ID); err != nil {
			return err
		}
		made.Endpoint = e
		return s.save(ctx, e, act.WebhookSecretRotated, act.Facts{"overlapHours": overlap})
	})
	return s.tell(&made, err)
}

// Pause stops calling an endpoint. What it should hear of is kept.
func (s *Service) Pause(ctx context.Context, in PauseWebhookEndpointInput) (*Endpoint, error) {
	if _, err := identity.Allow(ctx, identity.WebhookWrite); err != nil {
		return nil, err
	}
	var paused Endpoint
	err := s.change(ctx, in.IdempotencyKey, "pauseWebhookEndpoint", in, in.EndpointID, &paused, func(ctx context.Context, e *Endpoint) error {
		if e.State != Active {
			return errNotActive
		}
		err := s.pause(ctx, e, ByHand)
		paused = *e
		return err
	})
	return &paused, err
}

func (s *Service) pause(ctx context.Context, e *Endpoint, why PauseReason) error {
	e.State, e.PauseReason = Paused, why
	if why != ByHand && s.Notices != nil {
		if err := s.Notices.PausedLater(ctx, e.ID); err != nil {
			return err
		}
	}
	return s.save(ctx, e, act.WebhookPaused, act.Facts{"reason": string(why)})
}

// Resume goes on calling an endpoint, from where it stopped or, if what was
// missed should be skipped, from now.
func (s *Service) Resume(ctx context.Context, in ResumeWebhookEndpointInput) (*Endpoint, error) {
	if _, err := identity.Allow(ctx, identity.WebhookWrite); err != nil {
		return nil, err
	}
	var resumed Endpoint
	err := s.change(ctx, in.IdempotencyKey, "resumeWebhookEndpoint", in, in.EndpointID, &resumed, func(ctx context.Context, e *Endpoint) error {
		if e.State != Paused {
			return errNotPaused
		}
		e.State, e.PauseReason, e.Failures, e.FailingSince = Active, "", 0, time.Time{}
		if err := s.save(ctx, e, act.WebhookResumed, act.Facts{"skipMissed": in.SkipMissed}); err != nil {
			return err
		}
		resumed = *e
		if in.SkipMissed {
			return s.Store.SkipPending(ctx, e.ID, now(s.Kit))
		}
		if err := s.Store.RetryPending(ctx, e.ID, now(s.Kit)); err != nil {
			return err
		}
		return s.start(ctx, e.ID)
	})
	return &resumed, err
}

// Remove ends an endpoint. Its secrets and its log of deliveries are gone.
func (s *Service) Remove(ctx context.Context, in RemoveWebhookEndpointInput) (id string, err error) {
	if _, err := identity.Allow(ctx, identity.WebhookWrite); err != nil {
		return "", err
	}
	err = s.change(ctx, in.IdempotencyKey, "removeWebhookEndpoint", in, in.EndpointID, &id, func(ctx context.Context, e *Endpoint) error {
		id = e.ID
		if err := s.Store.RemoveEndpoint(ctx, e.ID); err != nil {
			return err
		}
		return s.record(ctx, act.WebhookRemoved, e, nil)
	})
	return id, err
}

// Replay sends every change after a sequence once more, in order, each with the
// id that it had. Sequence 0 is before the first.
func (s *Service) Replay(ctx context.Context, in ReplayWebhooksInput) (*Replayed, error) {
	if _, err := identity.Allow(ctx, identity.WebhookWrite); err != nil {
		return nil, err
	}
	if in.AfterSeq < 0 {
		return nil, fault.New(fault.Invalid, "webhook.bad_sequence").On("afterSeq")
	}
	var replayed Replayed
	err := s.change(ctx, in.IdempotencyKey, "replayWebhooks", in, in.EndpointID, &replayed, func(ctx context.Context, e *Endpoint) error {
		if e.State != Active {
			return errNotActive
		}
		if err := s.fill(ctx, e, int64(in.AfterSeq)); err != nil {
			return err
		}
		n, err := s.Store.Replay(ctx, e.ID, int64(in.AfterSeq), now(s.Kit))
		if err != nil {
			return err
		}
		replayed = Replayed{Endpoint: e, Count: n}
		if err := s.record(ctx, act.WebhookReplayed, e, act.Facts{"afterSeq": in.AfterSeq, "count": n}); err != nil {
			return err
		}
		return s.start(ctx, e.ID)
	})
	return &replayed, err
}

// fill makes the deliveries of changes after a sequence that e does not have: of
// before it was there, too.
func (s *Service) fill(ctx context.Context, e *Endpoint, afterSeq int64) error {
	batch, seq, found, err := s.Store.FirstAfter(ctx, e.OrganizationID, afterSeq)
	if err != nil || !found {
		return err
	}
	const atATime = 1_000
	of, at := func(feed.Change) []Endpoint { return []Endpoint{*e} }, now(s.Kit)
	for seq--; ; {
		changes, err := s.Feed.After(ctx, e.OrganizationID, batch, seq, atATime)
		if err != nil {
			return err
		}
		later := slices.DeleteFunc(slices.Clone(changes), func(c feed.Change) bool { return c.Seq <= afterSeq })
		if rows, _ := s.deliveriesOf(later, of, at); len(rows) > 0 {
			if err := s.Store.AddDeliveries(ctx, rows, at); err != nil {
				return err
			}
		}
		if len(changes) < atATime {
			return nil
		}
		last := changes[len(changes)-1]
		batch, seq = last.Batch, last.Seq
	}
}

// SendTest sends a message that shows that messages arrive.
func (s *Service) SendTest(ctx context.Context, in SendTestWebhookInput) (*Delivery, error) {
	if _, err := identity.Allow(ctx, identity.WebhookWrite); err != nil {
		return nil, err
	}
	var sent Delivery
	err := s.change(ctx, in.IdempotencyKey, "sendTestWebhook", in, in.EndpointID, &sent, func(ctx context.Context, e *Endpoint) error {
		if e.State != Active {
			return errNotActive
		}
		at := now(s.Kit)
		rows := []Delivery{{
			ID: s.NewID("whd"), EndpointID: e.ID, MessageID: s.NewID("tst"), SubjectID: e.ID, Kind: TestKind,
			OccurredAt: at, State: Pending, Attempts: []Attempt{}, CreatedAt: at,
		}}
		if err := s.Store.AddDeliveries(ctx, rows, at); err != nil {
			return err
		}
		sent = rows[0]
		return s.Later.DeliverLater(ctx, 0, Queue{EndpointID: e.ID})
	})
	return &sent, err
}

// change runs do on an endpoint of the caller's, locked, in one transaction.
func (s *Service) change(ctx context.Context, key, operation string, in any, id string, answer any, do func(ctx context.Context, e *Endpoint) error) error {
	scope, err := identity.Allow(ctx, identity.WebhookWrite)
	if err != nil {
		return err
	}
	return s.Once(ctx, key, operation, in, answer, func(ctx context.Context) error {
		e, err := s.Store.LockEndpoint(ctx, scope, id)
		if err != nil {
			return fault.Refer(err, "endpointId")
		}
		return do(ctx, e)
	})
}

func (s *Service) save(ctx context.Context, e *Endpoint, kind act.Kind, facts act.Facts) error {
	if err := s.Store.SaveEndpoint(ctx, e); err != nil {
		return err
	}
	return s.record(ctx, kind, e, facts)
}

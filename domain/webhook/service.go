package webhook

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"dure/domain/act"
	"dure/domain/batch"
	"dure/domain/fault"
	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/work"
)

// Store keeps endpoints, deliveries and queues. Reads see the rows of scope
// alone.
type Store interface {
	Endpoints(ctx context.Context, scope identity.Scope) ([]Endpoint, error)
	EndpointsByID(ctx context.Context, scope identity.Scope, ids []string) ([]Endpoint, error)
	// LockEndpoint reads an endpoint for a change in the running transaction.
	// It fails with fault.NotFound.
	LockEndpoint(ctx context.Context, scope identity.Scope, id string) (*Endpoint, error)
	EndpointsOf(ctx context.Context, organizationIDs []string) ([]Endpoint, error)
	AddEndpoint(ctx context.Context, e *Endpoint) error
	// SaveEndpoint writes an endpoint that was locked.
	SaveEndpoint(ctx context.Context, e *Endpoint) error
	// RemoveEndpoint removes an endpoint with everything about it.
	RemoveEndpoint(ctx context.Context, id string) error

	Deliveries(ctx context.Context, endpointID string, state *DeliveryState, r page.Request) ([]Delivery, int, error)
	// AddDeliveries keeps deliveries, but for changes that the endpoint has one
	// of, and makes their queues due.
	AddDeliveries(ctx context.Context, rows []Delivery, now time.Time) error
	SaveDelivery(ctx context.Context, d *Delivery) error
	// FirstAfter finds where the changes of an organisation with a higher
	// sequence begin, in the feed's order.
	FirstAfter(ctx context.Context, organizationID string, seq int64) (tx, first int64, found bool, err error)
	// Replay makes an endpoint's deliveries of changes after a sequence pending
	// again, as if they had not been tried yet, and returns how many there are.
	Replay(ctx context.Context, endpointID string, afterSeq int64, now time.Time) (int, error)
	// SkipPending gives every pending delivery of an endpoint up.
	SkipPending(ctx context.Context, endpointID string, now time.Time) error
	// RetryPending makes every pending delivery of an endpoint due now, as if it
	// had not been tried yet.
	RetryPending(ctx context.Context, endpointID string, now time.Time) error
	// DropDeliveries forgets deliveries that were done before a moment.
	DropDeliveries(ctx context.Context, before time.Time) error

	// Claim takes a queue for holder until a moment. It reports false while
	// another holder has it.
	Claim(ctx context.Context, q Queue, holder string, now, until time.Time) (bool, error)
	// Release gives a queue back, due at a moment; zero: nothing is pending.
	Release(ctx context.Context, q Queue, holder string, due time.Time) error
	// Oldest reads a queue's first pending delivery; nil when there is none.
	Oldest(ctx context.Context, q Queue) (*Delivery, error)
	// Due reads queues of active endpoints that were due at a moment and that
	// nobody holds, and puts them off until another. "" is every endpoint.
	Due(ctx context.Context, endpointID string, at, now, until time.Time, limit int) ([]Queue, error)
}

// Sealer seals secrets.
type Sealer interface {
	Seal(purpose, plain string) (string, error)
	Open(purpose, sealed string) (string, error)
}

// Message is what goes to a receiver.
type Message struct {
	ID      string
	URL     string
	Secrets []string // it is signed with each, the newest first
	Body    []byte
}

// Sender calls receivers.
type Sender interface {
	Send(ctx context.Context, m Message) Attempt
	// Check fails with fault.Invalid on "url" for a host whose name leads to a
	// private address now.
	Check(ctx context.Context, host string) error
}

// Later leaves deliveries to jobs that run after a while, in the caller's
// transaction.
type Later interface {
	DeliverLater(ctx context.Context, wait time.Duration, queues ...Queue) error
}

// Service keeps partners' endpoints and delivers to them.
type Service struct {
	work.Kit
	Store     Store
	Acts      act.Recorder
	Cursors   page.Codec
	Sealer    Sealer
	NewSecret func() []byte // 32 random bytes
	Feed      feed.Reader
	Sender    Sender
	Later     Later
	// Anywhere lets endpoints be http and in private networks: the sandbox.
	Anywhere bool
	// Twice reports that the next message to an organisation should be sent
	// twice. Nil outside the sandbox.
	Twice func(organizationID string) bool
	// Kept is how long a delivery that is done stays in the log; KeptFor when zero.
	Kept time.Duration
	// Notices, Organizations and Mailer tell a partner that its endpoint was
	// paused. Nobody is told where Notices is nil.
	Notices       Notices
	Organizations Organizations
	Mailer        Mailer
}

// Limits of what an organisation may have.
const (
	MaxEndpoints = 10
	maxKinds     = 50
)

// Overlap of secrets after a rotation, in hours.
const (
	defaultOverlap = 24
	maxOverlap     = 7 * 24
)

// Kinds lists what endpoints can be told of.
var Kinds = []feed.Kind{
	feed.ContractShared, feed.ContractChanged, feed.ContractClosed, feed.ApplicationSubmitted, feed.ApplicationWithdrawn, feed.ApplicationDecided,
	feed.DocumentsRequested, feed.DocumentsProvided, feed.ApplicationFunded, feed.ShipmentOffered, feed.ShipmentChanged,
}

// WithSecret is an endpoint and the secret that only this answer tells.
type WithSecret struct {
	Endpoint *Endpoint
	Secret   string `json:"-"` // never kept in the open, in an idempotency key's answer either
}

func now(k work.Kit) time.Time { return k.Now().UTC().Truncate(time.Microsecond) }

// Endpoints lists endpoints, the oldest first: the caller's organisation's own,
// everybody's for HQ.
func (s *Service) Endpoints(ctx context.Context) ([]Endpoint, error) {
	scope, err := identity.Allow(ctx, identity.WebhookRead)
	if err != nil {
		return nil, err
	}
	return s.Store.Endpoints(ctx, scope)
}

// Endpoint reads an endpoint. It fails with fault.NotFound.
func (s *Service) Endpoint(ctx context.Context, id string) (*Endpoint, error) {
	found, err := s.EndpointsByID(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	e, ok := found[id]
	if !ok {
		return nil, errNoEndpoint
	}
	return &e, nil
}

// EndpointsByID reads many endpoints.
func (s *Service) EndpointsByID(ctx context.Context, ids []string) (map[string]Endpoint, error) {
	scope, err := identity.Allow(ctx, identity.WebhookRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.EndpointsByID(ctx, scope, ids)
	return batch.By(rows, func(e Endpoint) string { return e.ID }), err
}

// Deliveries lists an endpoint's deliveries, the newest first. It fails with
// fault.NotFound.
func (s *Service) Deliveries(ctx context.Context, endpointID string, state *DeliveryState, first *int, after *string) (*page.Connection[Delivery], error) {
	if _, err := s.Endpoint(ctx, endpointID); err != nil {
		return nil, fault.Refer(err, "endpointId")
	}
	list := "webhookDeliveries:" + endpointID
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	rows, total, err := s.Store.Deliveries(ctx, endpointID, state, r)
	if err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(d Delivery) []string { return []string{strconv.FormatInt(d.Seq, 10)} }), nil
}

// CreateWebhookEndpointInput says where an organisation wants to be called.
type CreateWebhookEndpointInput struct {
	URL            string
	Kinds          []string
	IdempotencyKey string
}

// Create keeps an endpoint for the caller's organisation. It hears of what
// happens from then on.
func (s *Service) Create(ctx context.Context, in CreateWebhookEndpointInput) (*WithSecret, error) {
	if _, err := identity.Allow(ctx, identity.WebhookWrite); err != nil {
		return nil, err
	}
	kinds, err := checkKinds(in.Kinds)
	if err != nil {
		return nil, err
	}
	host, err := checkURL(in.URL, s.Anywhere)
	if err != nil {
		return nil, err
	}
	if !s.Anywhere {
		if err := s.Sender.Check(ctx, host); err != nil {
			return nil, err
		}
	}
	var made WithSecret
	err = s.Once(ctx, in.IdempotencyKey, "createWebhookEndpoint", in, &made, func(ctx context.Context) error {
		who := identity.From(ctx)
		had, err := s.Store.EndpointsOf(ctx, []string{who.OrganizationID})
		if err != nil {
			return err
		}
		if len(had) >= MaxEndpoints {
			return fault.New(fault.Limited, "webhook.too_many", MaxEndpoints)
		}
		e := &Endpoint{
			ID: s.NewID("whe"), OrganizationID: who.OrganizationID, URL: in.URL, Kinds: kinds, State: Active,
			CreatedBy: who.UserID, CreatedAt: now(s.Kit),
		}
		if e.SecretSealed, err = s.newSecret(e.ID); err != nil {
			return err
		}
		if err := s.Store.AddEndpoint(ctx, e); err != nil {
			return err
		}
		made.Endpoint = e
		return s.record(ctx, act.WebhookCreated, e, nil)
	})
	return s.tell(&made, err)
}

func checkKinds(names []string) ([]feed.Kind, error) {
	kinds := []feed.Kind{}
	if len(names) > maxKinds {
		return nil, fault.New(fault.Invalid, "text.too_many", maxKinds).On("kinds")
	}
	for _, name := range names {
		if !slices.Contains(Kinds, feed.Kind(name)) {
			return nil, fault.New(fault.Invalid, "webhook.unknown_kind").On("kinds")
		}
		if !slices.Contains(kinds, feed.Kind(name)) {
			kinds = append(kinds, feed.Kind(name))
		}
	}
	return kinds, nil
}

// sealedSecret is what an endpoint's secret is sealed for.
func sealedSecret(endpointID string) string { return "webhook.secret/" + endpointID }

func (s *Service) newSecret(endpointID string) (sealed string, err error) {
	return s.Sealer.Seal(sealedSecret(endpointID), secretText(s.NewSecret()))
}

// tell opens the secret that a caller is told this once.
func (s *Service) tell(made *WithSecret, err error) (*WithSecret, error) {
	if err != nil {
		return nil, err
	}
	made.Secret, err = s.Sealer.Open(sealedSecret(made.Endpoint.ID), made.Endpoint.SecretSealed)
	if err != nil {
		return nil, fmt.Errorf("open secret of %s: %w", made.Endpoint.ID, err)
	}
	return made, nil
}

func (s *Service) record(ctx context.Context, kind act.Kind, e *Endpoint, facts act.Facts) error {
	return s.Acts.Record(ctx, s.Act(ctx, kind, e.ID, now(s.Kit), facts))
}

var (
	errNoEndpoint = fault.New(fault.NotFound, "webhook.not_found")
	errNotActive  = fault.New(fault.Conflict, "webhook.paused")
	errNotPaused  = fault.New(fault.Conflict, "webhook.not_paused")
)

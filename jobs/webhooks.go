package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/webhook"
	"dure/domain/work"
)

// Progress keeps leases and how far readers of a log have come.
type Progress interface {
	Cursor(ctx context.Context, name string) (tx, seq int64, err error)
	SaveCursor(ctx context.Context, name string, tx, seq int64) error
	Lease(ctx context.Context, name, holder string, now time.Time, length time.Duration) (bool, error)
	Release(ctx context.Context, name, holder string) error
}

// Delivering is what the courier brings changes to.
type Delivering interface {
	Take(ctx context.Context, changes []feed.Change) error
	Sweep(ctx context.Context) error
}

const courierName = "webhooks"

const sweepWebhooksEvery = 5 * time.Second

// Courier makes deliveries of every change in the feed, each once, and starts
// what was left lying. Every node runs one; a lease lets one of them work.
type Courier struct {
	Feed     feed.Reader
	Progress Progress
	Webhooks Delivering
	Unit     work.Unit
	Holder   string // this process
	Logger   *slog.Logger
	// SweepEvery is how often queues are looked for that nobody works on; 5 s
	// when 0.
	SweepEvery time.Duration

	wake chan struct{}
}

// NewCourier returns a courier that is not running yet.
func NewCourier(c Courier) *Courier {
	c.wake = make(chan struct{}, 1)
	if c.SweepEvery == 0 {
		c.SweepEvery = sweepWebhooksEvery
	}
	return &c
}

// Wake tells the courier that this node committed something.
func (c *Courier) Wake() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends. Failures are logged and tried again.
func (c *Courier) Run(ctx context.Context) {
	ctx = work.Fresh(identity.With(ctx, identity.System))
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	defer func() {
		release, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer stop()
		if err := c.Progress.Release(release, courierName, c.Holder); err != nil {
			c.Logger.WarnContext(ctx, "webhooks: release lease", "error", err)
		}
	}()
	turn := turn{lease: func(now time.Time) (bool, error) {
		return c.Progress.Lease(ctx, courierName, c.Holder, now.UTC(), leaseFor)
	}}
	for {
		now := time.Now() // paces follow the wall clock, whatever the sandbox's says
		if err := c.step(ctx, &turn, now); err != nil && ctx.Err() == nil {
			c.Logger.WarnContext(ctx, "webhooks: will try again", "error", err)
			turn.due = now.Add(pollEvery)
		}
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		case <-poll.C:
		}
	}
}

// turn is whose turn it is, by the lease.
type turn struct {
	lease      func(now time.Time) (bool, error)
	held       bool
	due, sweep time.Time
}

func (c *Courier) step(ctx context.Context, t *turn, now time.Time) (err error) {
	if !now.Before(t.due) {
		if t.held, err = t.lease(now); err != nil {
			return err
		}
		t.due = now.Add(leaseEvery)
	}
	if !t.held {
		return nil
	}
	if !now.Before(t.sweep) {
		if err := c.Webhooks.Sweep(ctx); err != nil {
			return err
		}
		t.sweep = now.Add(c.SweepEvery)
	}
	return c.Drain(ctx)
}

// Drain makes deliveries of every settled change since the cursor, which moves
// in the same transaction.
func (c *Courier) Drain(ctx context.Context) error {
	ctx = identity.With(ctx, identity.System)
	for {
		tx, seq, err := c.Progress.Cursor(ctx, courierName)
		if err != nil {
			return err
		}
		changes, err := c.Feed.After(ctx, "", tx, seq, batchSize)
		if err != nil || len(changes) == 0 {
			return err
		}
		last := changes[len(changes)-1]
		err = c.Unit.Do(ctx, func(ctx context.Context) error {
			if err := c.Webhooks.Take(ctx, changes); err != nil {
				return err
			}
			return c.Progress.SaveCursor(ctx, courierName, last.Batch, last.Seq)
		})
		if err != nil || len(changes) < batchSize {
			return err
		}
	}
}

// webhookQueue is where deliveries wait, apart from other jobs: a receiver that
// is slow holds up nothing but other receivers.
const webhookQueue = "webhooks"

// deliverTime bounds a job: so many messages, each with its time.
const deliverTime = 6 * time.Minute

type deliverArgs struct {
	EndpointID string `json:"endpointId"`
	ContractID string `json:"contractId"`
}

func (deliverArgs) Kind() string { return "webhook.deliver" }

type deliverWorker struct {
	river.WorkerDefaults[deliverArgs]
	work *Work
}

func (w *deliverWorker) Timeout(*river.Job[deliverArgs]) time.Duration { return deliverTime }

func (w *deliverWorker) Work(ctx context.Context, job *river.Job[deliverArgs]) error {
	ctx = work.Fresh(identity.With(ctx, identity.System))
	return w.work.Deliver(ctx, webhook.Queue{EndpointID: job.Args.EndpointID, ContractID: job.Args.ContractID})
}

// DeliverLater implements webhook.Later. The jobs promise no order and may come
// twice: a queue in the database sees to both.
func (l *Library) DeliverLater(ctx context.Context, wait time.Duration, queues ...webhook.Queue) error {
	tx, ok := l.tx(ctx)
	if !ok {
		return errNoTransaction
	}
	const tries = 3 // of a job whose database fails; then the courier's sweep finds the queue
	rows := make([]river.InsertManyParams, len(queues))
	for i, q := range queues {
		options := &river.InsertOpts{Queue: webhookQueue, MaxAttempts: tries}
		if wait > 0 {
			options.ScheduledAt = time.Now().Add(wait)
		}
		rows[i] = river.InsertManyParams{Args: deliverArgs{EndpointID: q.EndpointID, ContractID: q.ContractID}, InsertOpts: options}
	}
	if len(rows) == 0 {
		return nil
	}
	if _, err := l.client.InsertManyFastTx(ctx, tx, rows); err != nil {
		return fmt.Errorf("leave deliveries to jobs: %w", err)
	}
	return nil
}

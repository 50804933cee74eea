package jobs

import (
	"context"
	"log/slog"
	"time"

	"dure/domain/act"
	"dure/domain/identity"
	"dure/domain/work"
)

// Acts is the log as a reader with a cursor reads it.
type Acts interface {
	// ActsAfter reads acts of some kinds after a place in the log, and never past a
	// transaction that may still commit before one of them.
	ActsAfter(ctx context.Context, kinds []act.Kind, tx, seq int64, limit int) ([]act.Act, error)
}

const postmanName = "inbox"

// Postman brings acts to the inboxes of those whom they concern. Every node runs
// one; a lease lets one of them work.
type Postman struct {
	Acts     Acts
	Progress Progress
	Kinds    []act.Kind
	Deliver  func(ctx context.Context, acts []act.Act) error
	Holder   string // this process
	Logger   *slog.Logger

	wake chan struct{}
}

// NewPostman returns a postman who is not running yet.
func NewPostman(p Postman) *Postman {
	p.wake = make(chan struct{}, 1)
	return &p
}

// Wake tells the postman that this node committed something.
func (p *Postman) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends. Failures are logged and tried again.
func (p *Postman) Run(ctx context.Context) {
	ctx = work.Fresh(identity.With(ctx, identity.System))
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	defer func() {
		release, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer stop()
		if err := p.Progress.Release(release, postmanName, p.Holder); err != nil {
			p.Logger.WarnContext(ctx, "inbox: release lease", "error", err)
		}
	}()
	var held bool
	var due time.Time
	for {
		now := time.Now() // paces follow the wall clock, whatever the sandbox's says
		err := func() (err error) {
			if !now.Before(due) {
				if held, err = p.Progress.Lease(ctx, postmanName, p.Holder, now.UTC(), leaseFor); err != nil {
					return err
				}
				due = now.Add(leaseEvery)
			}
			if !held {
				return nil
			}
			return p.Drain(ctx)
		}()
		if err != nil && ctx.Err() == nil {
			p.Logger.WarnContext(ctx, "inbox: will try again", "error", err)
			due = now.Add(pollEvery)
		}
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		case <-poll.C:
		}
	}
}

// Drain delivers every settled act since the cursor. A crash in between delivers
// some again, which inboxes pass over.
func (p *Postman) Drain(ctx context.Context) error {
	tx, seq, err := p.Progress.Cursor(ctx, postmanName)
	if err != nil {
		return err
	}
	for {
		acts, err := p.Acts.ActsAfter(ctx, p.Kinds, tx, seq, batchSize)
		if err != nil || len(acts) == 0 {
			return err
		}
		if err := p.Deliver(ctx, acts); err != nil {
			return err
		}
		last := acts[len(acts)-1]
		tx, seq = last.Transaction, last.Seq
		if err := p.Progress.SaveCursor(ctx, postmanName, tx, seq); err != nil {
			return err
		}
		if len(acts) < batchSize {
			return nil
		}
	}
}

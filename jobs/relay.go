// Package jobs carries out what follows a commit: the relay from the ledger to
// the boards, and the library's jobs and schedules.
package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dure/domain/kst"
	"dure/domain/leaderboard"
	"dure/domain/work"
)

// Log is what the relay reads.
type Log interface {
	// ChangedSince reads entries after a place in the log, in its order, and
	// never past a transaction that may still commit before one of them.
	ChangedSince(ctx context.Context, tx, seq int64, limit int) ([]leaderboard.Changed, error)
	TotalsOf(ctx context.Context, season string, dealerIDs []string) ([]leaderboard.Total, error)
	Totals(ctx context.Context, season string) ([]leaderboard.Total, error)
	TotalsAt(ctx context.Context, season string, before time.Time) ([]leaderboard.Total, error)

	Cursor(ctx context.Context, name string) (tx, seq int64, err error)
	SaveCursor(ctx context.Context, name string, tx, seq int64) error
	Lease(ctx context.Context, name, holder string, now time.Time, length time.Duration) (bool, error)
	Release(ctx context.Context, name, holder string) error
}

// The relay's paces.
const (
	pollEvery  = 100 * time.Millisecond // how late a change from another node may come
	healEvery  = time.Second            // how late emptied boards are noticed
	sweepEvery = 30 * time.Second       // how late boards from an old snapshot are
	leaseFor   = 6 * time.Second
	leaseEvery = 2 * time.Second
	batchSize  = 1_000
	relayName  = "boards"
)

// Relay brings every change of the ledger into the boards, and fills boards
// that were emptied. Every node runs one; a lease lets one of them work.
type Relay struct {
	Log    Log
	Boards leaderboard.Boards
	Holder string // this process
	Now    func() time.Time
	Live   func(now time.Time) []leaderboard.Season // seasons that have boards
	Logger *slog.Logger

	wake chan struct{}
}

// NewRelay returns a relay that is not running yet.
func NewRelay(r Relay) *Relay {
	r.wake = make(chan struct{}, 1)
	return &r
}

// Wake tells the relay that this node committed something.
func (r *Relay) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends. Failures are logged and tried again.
func (r *Relay) Run(ctx context.Context) {
	ctx = work.Fresh(ctx) // a total that is older than its entry would stay on the boards
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	defer func() {
		release, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer stop()
		if err := r.Log.Release(release, relayName, r.Holder); err != nil {
			r.Logger.WarnContext(ctx, "relay: release lease", "error", err)
		}
	}()
	var held bool
	var leaseDue, healDue, sweepDue time.Time
	for {
		now := time.Now() // paces follow the wall clock, whatever Now says
		err := func() (err error) {
			if !now.Before(leaseDue) {
				if held, err = r.Log.Lease(ctx, relayName, r.Holder, now.UTC(), leaseFor); err != nil {
					return err
				}
				leaseDue = now.Add(leaseEvery)
			}
			if !held {
				return nil
			}
			if !now.Before(healDue) {
				if err := r.Heal(ctx); err != nil {
					return err
				}
				healDue = now.Add(healEvery)
			}
			if !now.Before(sweepDue) {
				if err := r.Sweep(ctx); err != nil {
					return err
				}
				sweepDue = now.Add(sweepEvery)
			}
			return r.Drain(ctx)
		}()
		if err != nil && ctx.Err() == nil {
			r.Logger.WarnContext(ctx, "relay: will try again", "error", err)
			leaseDue, healDue = now.Add(pollEvery), now.Add(pollEvery)
		}
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		case <-poll.C:
		}
	}
}

// Drain applies every settled change since the cursor.
func (r *Relay) Drain(ctx context.Context) error {
	tx, seq, err := r.Log.Cursor(ctx, relayName)
	if err != nil {
		return err
	}
	for {
		rows, err := r.Log.ChangedSince(ctx, tx, seq, batchSize)
		if err != nil || len(rows) == 0 {
			return err
		}
		if err := r.apply(ctx, rows); err != nil {
			return err
		}
		last := rows[len(rows)-1]
		tx, seq = last.Tx, last.Seq
		if err := r.Log.SaveCursor(ctx, relayName, tx, seq); err != nil {
			return err
		}
		if len(rows) < batchSize {
			return nil
		}
	}
}

// apply brings the newest totals of whom rows are about into the boards.
func (r *Relay) apply(ctx context.Context, rows []leaderboard.Changed) error {
	dealers := map[string]map[string]bool{}
	for _, row := range rows {
		if dealers[row.Season] == nil {
			dealers[row.Season] = map[string]bool{}
		}
		dealers[row.Season][row.DealerID] = true
	}
	for _, season := range r.Live(r.Now()) {
		var ids []string
		for id := range dealers[season.Key] {
			ids = append(ids, id)
		}
		if len(ids) == 0 {
			continue
		}
		totals, err := r.Log.TotalsOf(ctx, season.Key, ids)
		if err != nil {
			return err
		}
		if _, err := r.Boards.Apply(ctx, season, totals); err != nil {
			return err
		}
	}
	return nil
}

// Heal fills the boards of live seasons that are empty, and keeps the standings
// at the start of the business day.
func (r *Relay) Heal(ctx context.Context) error {
	var failed []error
	for _, season := range r.Live(r.Now()) {
		failed = append(failed, r.heal(ctx, season))
	}
	return errors.Join(failed...)
}

func (r *Relay) heal(ctx context.Context, season leaderboard.Season) error {
	marker, err := r.Boards.Filled(ctx, season)
	if err != nil {
		return err
	}
	if marker == "" {
		if err := r.Fill(ctx, season); err != nil {
			return err
		}
		r.Logger.InfoContext(ctx, "relay: filled boards", "season", season.Key)
	}
	day := kst.Day(r.Now())
	ok, err := r.Boards.HasBefore(ctx, season, day)
	if err != nil || ok {
		return err
	}
	before, err := r.Log.TotalsAt(ctx, season.Key, kst.StartOfDay(r.Now()))
	if err != nil {
		return err
	}
	return r.Boards.SetBefore(ctx, season, day, before)
}

// Fill brings every total of a season into its boards and marks them complete.
func (r *Relay) Fill(ctx context.Context, season leaderboard.Season) error {
	if err := r.applyAll(ctx, season); err != nil {
		return err
	}
	return r.Boards.Refill(ctx, season, r.Holder)
}

// Sweep brings every total of the live seasons into the boards once more. Boards
// pass over what they have, so that it changes something only in a Redis that
// came back with what it had kept some time ago.
func (r *Relay) Sweep(ctx context.Context) error {
	var failed []error
	for _, season := range r.Live(r.Now()) {
		failed = append(failed, r.applyAll(ctx, season))
	}
	return errors.Join(failed...)
}

func (r *Relay) applyAll(ctx context.Context, season leaderboard.Season) error {
	totals, err := r.Log.Totals(ctx, season.Key)
	if err != nil {
		return err
	}
	for len(totals) > 0 {
		n := min(batchSize, len(totals))
		if _, err := r.Boards.Apply(ctx, season, totals[:n]); err != nil {
			return err
		}
		totals = totals[n:]
	}
	return nil
}

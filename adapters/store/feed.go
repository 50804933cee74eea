package store

import (
	"context"

	"github.com/uptrace/bun"

	"dure/domain/feed"
)

// Feed keeps what partners hear of.
type Feed struct{ *DB }

// Post implements feed.Recorder.
func (s Feed) Post(ctx context.Context, changes ...feed.Change) error {
	if len(changes) == 0 {
		return nil
	}
	_, err := s.write(ctx).NewInsert().Model(&changes).Returning("seq").Exec(ctx)
	return wrap(err, "post changes")
}

// After implements feed.Reader. It reads where the log is written: a replica
// may lack what was placed just now.
func (s Feed) After(ctx context.Context, organizationID string, batch, seq int64, limit int) ([]feed.Change, error) {
	if err := s.place(ctx); err != nil {
		return nil, err
	}
	var rows []feed.Change
	q := s.write(ctx).NewSelect().Model(&rows).ColumnExpr("?TableColumns, batch").
		Where("batch > 0 AND (batch, seq) > (?, ?)", batch, seq).OrderExpr("batch, seq").Limit(int64(limit))
	err := equal(q, "organization_id", organizationID).Scan(ctx)
	return rows, wrap(err, "read changes")
}

// place gives every change that was committed since the last time its place:
// one batch, one placing at a time. Whoever locked what a change is about saw
// the one before it committed, so within a batch the order of seq is the order
// of what happened; what commits late comes in a later batch.
func (s Feed) place(ctx context.Context) error {
	waiting, err := s.write(ctx).NewSelect().TableExpr("partner_changes").Where("batch = 0").Exists(ctx)
	if err != nil || !waiting {
		return wrap(err, "look for changes without a place")
	}
	err = s.alone(ctx, feedLock, func(ctx context.Context, db bun.IDB) error {
		_, err := db.NewUpdate().TableExpr("partner_changes").
			Set("batch = (SELECT COALESCE(MAX(p.batch), 0) + 1 FROM partner_changes AS p)").Where("batch = 0").Exec(ctx)
		return err
	})
	return wrap(err, "place changes")
}

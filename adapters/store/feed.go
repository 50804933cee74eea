package store

import (
	"context"

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
// knows nothing of transactions that still run.
func (s Feed) After(ctx context.Context, organizationID string, tx, seq int64, limit int) ([]feed.Change, error) {
	var rows []feed.Change
	q := s.write(ctx).NewSelect().Model(&rows).ColumnExpr("?TableColumns, tx").
		Where("(tx > ? OR (tx = ? AND seq > ?))", tx, tx, seq).OrderExpr("tx, seq").Limit(int64(limit))
	err := s.settled(equal(q, "organization_id", organizationID)).Scan(ctx)
	return rows, wrap(err, "read changes")
}

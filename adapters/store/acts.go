package store

import (
	"context"

	"dure/domain/act"
)

// Acts keeps the log.
type Acts struct{ *DB }

// Append implements act.Store.
func (s Acts) Append(ctx context.Context, acts []act.Act) error {
	_, err := s.write(ctx).NewInsert().Model(&acts).Returning("seq").Exec(ctx)
	return wrap(err, "append acts")
}

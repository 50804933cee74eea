package store

import "context"

// Insert writes rows as they are, for setting a test's scene.
func (d *DB) Insert(ctx context.Context, rows any) error {
	_, err := d.write(ctx).NewInsert().Model(rows).Exec(ctx)
	return wrap(err, "insert")
}

// Count counts the rows of a table that match a condition.
func (d *DB) Count(ctx context.Context, table, where string, args ...any) (int, error) {
	n, err := d.write(ctx).NewSelect().TableExpr(table).Where(where, args...).Count(ctx)
	return int(n), err
}

// Read reads a whole table of a log, in its order.
func (d *DB) Read(ctx context.Context, rows any) error {
	return wrap(d.write(ctx).NewSelect().Model(rows).OrderExpr("seq").Scan(ctx), "read")
}

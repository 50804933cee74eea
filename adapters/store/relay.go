package store

import (
	"context"
	"time"

	"dure/domain/iq"
)

// Progress keeps leases and how far readers of the log have come.
type Progress struct{ *DB }

type cursor struct {
	Name string `bun:",pk"`
	Tx   int64
	Seq  int64
}

// Cursor returns how far the reader has come; zeros before its first step.
func (s Progress) Cursor(ctx context.Context, name string) (tx, seq int64, err error) {
	var rows []cursor
	err = s.write(ctx).NewSelect().Model(&rows).Where("name = ?", name).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return 0, 0, wrap(err, "read cursor")
	}
	return rows[0].Tx, rows[0].Seq, nil
}

// SaveCursor keeps how far the reader has come. It never goes back.
func (s Progress) SaveCursor(ctx context.Context, name string, tx, seq int64) error {
	c := cursor{Name: name, Tx: tx, Seq: seq}
	_, err := s.write(ctx).NewInsert().Model(&c).On("CONFLICT (name) DO UPDATE").
		Set("tx = EXCLUDED.tx, seq = EXCLUDED.seq").
		Where("EXCLUDED.tx > cursor.tx OR (EXCLUDED.tx = cursor.tx AND EXCLUDED.seq > cursor.seq)").Exec(ctx)
	return wrap(err, "save cursor")
}

type lease struct {
	Name      string `bun:",pk"`
	Holder    string
	ExpiresAt time.Time
}

// Lease takes or renews a lease. It reports false while another holder has it.
func (s Progress) Lease(ctx context.Context, name, holder string, now time.Time, length time.Duration) (bool, error) {
	l := lease{Name: name, Holder: holder, ExpiresAt: now.Add(length)}
	res, err := s.write(ctx).NewInsert().Model(&l).On("CONFLICT (name) DO UPDATE").
		Set("holder = EXCLUDED.holder, expires_at = EXCLUDED.expires_at").
		Where("lease.holder = EXCLUDED.holder OR lease.expires_at < ?", now).Exec(ctx)
	if err != nil {
		return false, wrap(err, "take lease")
	}
	n, err := res.RowsAffected()
	return n == 1, wrap(err, "take lease")
}

// Release gives a lease back, so that another holder need not wait.
func (s Progress) Release(ctx context.Context, name, holder string) error {
	_, err := s.write(ctx).NewDelete().Model((*lease)(nil)).Where("name = ? AND holder = ?", name, holder).Exec(ctx)
	return wrap(err, "release lease")
}

// Volumes counts the machines that each dealer sold, cancellations aside, in
// [from, to).
func (s Standings) Volumes(ctx context.Context, from, to time.Time) ([]iq.Volume, error) {
	var rows []iq.Volume
	err := s.read(ctx).NewSelect().TableExpr("dealers AS d").
		ColumnExpr("d.id AS dealer_id, COALESCE(SUM(s.quantity), 0) AS machines").
		Join("LEFT JOIN sales AS s ON s.dealer_id = d.id AND s.sold_at >= ? AND s.sold_at < ? AND s.cancelled_at IS NULL", from, to).
		Where("d.closed_on IS NULL").GroupExpr("d.id").Scan(ctx, &rows)
	return rows, wrap(err, "count volumes")
}

// SetDivisions keeps a season's divisions unless they are drawn already.
func (s Standings) SetDivisions(ctx context.Context, rows []iq.DealerDivision) error {
	_, err := s.write(ctx).NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return wrap(err, "keep divisions")
}

// RecountTotals sums every dealer's entries of a season, for comparing with the
// running totals.
func (s Ledger) RecountTotals(ctx context.Context, season string) (map[string]int, error) {
	var rows []struct {
		DealerID string
		Points   int
	}
	err := s.read(ctx).NewSelect().TableExpr("ledger_entries").ColumnExpr("dealer_id, SUM(points) AS points").
		Where("season = ?", season).GroupExpr("dealer_id").Scan(ctx, &rows)
	sums := make(map[string]int, len(rows))
	for _, r := range rows {
		sums[r.DealerID] = r.Points
	}
	return sums, wrap(err, "recount totals")
}

// Empty reports whether nobody has put anything into the database yet.
func (d *DB) Empty(ctx context.Context) (bool, error) {
	filled, err := d.write(ctx).NewSelect().TableExpr("organizations").Exists(ctx)
	return !filled, wrap(err, "look into database")
}

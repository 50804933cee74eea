package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/iq"
	"dure/domain/leaderboard"
)

// Standings reads what boards are derived from.
type Standings struct{ *DB }

// withKeys selects totals with the keys of the boards each dealer stands on.
// rows is a table or subquery of (season, dealer_id, points, entry_seq, reached_at).
func withKeys(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ColumnExpr("t.season, t.dealer_id, t.points, t.entry_seq AS seq, t.reached_at").
		ColumnExpr("d.region_code AS region, d.territory_id AS territory").
		ColumnExpr("COALESCE(CAST(v.division AS TEXT), '') AS division").
		Join("JOIN dealers AS d ON d.id = t.dealer_id").
		Join("LEFT JOIN dealer_divisions AS v ON v.season = t.season AND v.dealer_id = t.dealer_id")
}

// Totals implements leaderboard.Store.
func (s Standings) Totals(ctx context.Context, season string) ([]leaderboard.Total, error) {
	var totals []leaderboard.Total
	err := withKeys(s.read(ctx).NewSelect().TableExpr("dealer_totals AS t")).Where("t.season = ?", season).Scan(ctx, &totals)
	return totals, wrap(err, "read totals")
}

// TotalsOf reads the totals of some dealers.
func (s Standings) TotalsOf(ctx context.Context, season string, dealerIDs []string) ([]leaderboard.Total, error) {
	var totals []leaderboard.Total
	err := withKeys(s.read(ctx).NewSelect().TableExpr("dealer_totals AS t")).
		Where("t.season = ? AND t.dealer_id IN (?)", season, bun.List(dealerIDs)).Scan(ctx, &totals)
	return totals, wrap(err, "read totals")
}

// TotalsAt implements leaderboard.Store.
func (s Standings) TotalsAt(ctx context.Context, season string, before time.Time) ([]leaderboard.Total, error) {
	sums := s.read(ctx).NewSelect().TableExpr("ledger_entries").
		ColumnExpr("season, dealer_id, SUM(points) AS points, MAX(seq) AS entry_seq, MAX(posted_at) AS reached_at").
		Where("season = ? AND posted_at < ?", season, before).GroupExpr("season, dealer_id")
	var totals []struct {
		leaderboard.Total `bun:",extend"`

		ReachedAt string `bun:"-"` // an aggregate loses its type on SQLite, and order inside a tie says nothing about movement
	}
	q := s.read(ctx).NewSelect().TableExpr("(?) AS t", sums).
		ColumnExpr("t.season, t.dealer_id, t.points, t.entry_seq AS seq").
		ColumnExpr("d.region_code AS region, d.territory_id AS territory").
		ColumnExpr("COALESCE(CAST(v.division AS TEXT), '') AS division").
		Join("JOIN dealers AS d ON d.id = t.dealer_id").
		Join("LEFT JOIN dealer_divisions AS v ON v.season = t.season AND v.dealer_id = t.dealer_id")
	if err := q.Scan(ctx, &totals); err != nil {
		return nil, wrap(err, "read totals of the past")
	}
	out := make([]leaderboard.Total, len(totals))
	for i, t := range totals {
		out[i] = t.Total
	}
	return out, nil
}

// KeysOf implements leaderboard.Store.
func (s Standings) KeysOf(ctx context.Context, season, dealerID string) (leaderboard.Keys, error) {
	k := leaderboard.Keys{DealerID: dealerID}
	err := s.read(ctx).NewSelect().TableExpr("dealers AS d").
		ColumnExpr("d.region_code, d.territory_id, COALESCE(CAST(v.division AS TEXT), '')").
		Join("LEFT JOIN dealer_divisions AS v ON v.season = ? AND v.dealer_id = d.id", season).
		Where("d.id = ?", dealerID).Scan(ctx, &k.Region, &k.Territory, &k.Division)
	return k, found(err, "dealer")
}

// MayWatch implements leaderboard.Store.
func (s Standings) MayWatch(ctx context.Context, b leaderboard.Board) (bool, error) {
	q := s.read(ctx).NewSelect()
	switch b.Scope {
	case leaderboard.Nation:
		return b.Key == "", nil
	case leaderboard.Region:
		q = q.TableExpr("regions").Where("code = ?", b.Key)
	case leaderboard.Territory:
		q = q.TableExpr("territories").Where("id = ?", b.Key)
	case leaderboard.Division:
		return b.Key == "1" || b.Key == "2" || b.Key == "3" || b.Key == "4", nil
	default:
		return false, nil
	}
	ok, err := q.Exists(ctx)
	return ok, wrap(err, "look for board")
}

// ChangedSince reads ledger entries after a place in the log, in its order, and
// never past a transaction that may still commit before one of them.
func (s Standings) ChangedSince(ctx context.Context, tx, seq int64, limit int) ([]leaderboard.Changed, error) {
	var rows []leaderboard.Changed
	q := s.write(ctx).NewSelect().TableExpr("ledger_entries").ColumnExpr("tx, seq, season, dealer_id").
		Where("(tx, seq) > (?, ?)", tx, seq).OrderExpr("tx, seq").Limit(int64(limit))
	err := s.settled(q).Scan(ctx, &rows)
	return rows, wrap(err, "read ledger log")
}

// Divisions reads a season's divisions; empty when they are not drawn yet.
func (s Standings) Divisions(ctx context.Context, season string) (map[string]int, error) {
	var rows []iq.DealerDivision
	if err := s.read(ctx).NewSelect().Model(&rows).Where("season = ?", season).Scan(ctx); err != nil {
		return nil, wrap(err, "read divisions")
	}
	out := make(map[string]int, len(rows))
	for _, r := range rows {
		out[r.DealerID] = r.Division
	}
	return out, nil
}

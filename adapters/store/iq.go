package store

import (
	"context"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/act"
	"dure/domain/identity"
	"dure/domain/iq"
	"dure/domain/page"
)

// Ledger keeps rulebooks, ledger entries and running totals.
type Ledger struct{ *DB }

// Rulebooks implements iq.Store.
func (s Ledger) Rulebooks(ctx context.Context) ([]iq.Rulebook, error) {
	var books []iq.Rulebook
	err := s.read(ctx).NewSelect().Model(&books).OrderExpr("version").Scan(ctx)
	return books, wrap(err, "read rulebooks")
}

// AddRulebook appends a version of the rules.
func (s Ledger) AddRulebook(ctx context.Context, b iq.Rulebook) error {
	_, err := s.write(ctx).NewInsert().Model(&b).Exec(ctx)
	return inserted(err, "rulebook")
}

// LockTotal implements iq.Store.
func (s Ledger) LockTotal(ctx context.Context, season, dealerID string) (iq.Total, error) {
	t := iq.Total{Season: season, DealerID: dealerID, ReachedAt: time.Unix(0, 0).UTC()}
	if _, err := s.write(ctx).NewInsert().Model(&t).On("CONFLICT (season, dealer_id) DO NOTHING").Exec(ctx); err != nil {
		return t, wrap(err, "make total")
	}
	q := s.write(ctx).NewSelect().Model(&t).WherePK()
	err := s.forUpdate(q).Scan(ctx)
	return t, wrap(err, "lock total")
}

// SaveTotal implements iq.Store.
func (s Ledger) SaveTotal(ctx context.Context, t iq.Total) error {
	_, err := s.write(ctx).NewUpdate().Model(&t).WherePK().Exec(ctx)
	return wrap(err, "save total")
}

// Acts implements iq.Store.
func (s Ledger) Acts(ctx context.Context, dealerID string, kinds []act.Kind, from, to time.Time) ([]act.Act, error) {
	var acts []act.Act
	err := s.read(ctx).NewSelect().Model(&acts).
		Where("dealer_id = ? AND occurred_at >= ? AND occurred_at < ?", dealerID, from, to).
		Where("kind IN (?)", bun.List(kinds)).Scan(ctx)
	return acts, wrap(err, "read acts")
}

// Entries implements iq.Store.
func (s Ledger) Entries(ctx context.Context, season, dealerID string) ([]iq.LedgerEntry, error) {
	var entries []iq.LedgerEntry
	err := s.write(ctx).NewSelect().Model(&entries).
		Where("dealer_id = ? AND season = ?", dealerID, season).OrderExpr("seq").Scan(ctx)
	return entries, wrap(err, "read ledger")
}

// Post implements iq.Store.
func (s Ledger) Post(ctx context.Context, entries []iq.LedgerEntry) error {
	_, err := s.write(ctx).NewInsert().Model(&entries).Returning("seq").Exec(ctx)
	return wrap(err, "post ledger entries")
}

// PageEntries implements iq.Store.
func (s Ledger) PageEntries(ctx context.Context, scope identity.Scope, dealerID, season string, r page.Request) ([]iq.LedgerEntry, int, error) {
	var entries []iq.LedgerEntry
	list := func() *bun.SelectQuery {
		q := s.read(ctx).NewSelect().Model(&entries).Where("dealer_id = ? AND season = ?", dealerID, season)
		return within(q, scope, "dealer_id")
	}
	total, err := list().Count(ctx)
	if err != nil {
		return nil, 0, wrap(err, "count ledger")
	}
	q := list().OrderExpr("seq DESC").Limit(int64(r.Limit) + 1)
	if r.After != nil {
		seq, err := strconv.ParseInt(r.After[0], 10, 64)
		if err != nil {
			return nil, 0, wrap(err, "read cursor")
		}
		q = q.Where("seq < ?", seq)
	}
	return entries, int(total), wrap(q.Scan(ctx), "page ledger")
}

// PointsOf implements iq.Store.
func (s Ledger) PointsOf(ctx context.Context, scope identity.Scope, season string, dealerIDs []string, now time.Time) (map[string]iq.Points, error) {
	var rows []struct {
		ID     string
		Points int
		Vested int
	}
	q := s.read(ctx).NewSelect().TableExpr("dealers AS d").
		ColumnExpr("d.id, COALESCE(SUM(e.points), 0) AS points").
		ColumnExpr("COALESCE(SUM(CASE WHEN e.vests_at <= ? THEN e.points ELSE 0 END), 0) AS vested", now).
		Join("LEFT JOIN ledger_entries AS e ON e.dealer_id = d.id AND e.season = ?", season).
		Where("d.id IN (?)", bun.List(dealerIDs)).GroupExpr("d.id")
	if err := within(q, scope, "d.id").Scan(ctx, &rows); err != nil {
		return nil, wrap(err, "sum points")
	}
	points := make(map[string]iq.Points, len(rows))
	for _, r := range rows {
		points[r.ID] = iq.Points{Points: r.Points, Vested: r.Vested, Pending: r.Points - r.Vested}
	}
	return points, nil
}

// EntriesAbout implements iq.Store.
func (s Ledger) EntriesAbout(ctx context.Context, scope identity.Scope, subjectIDs []string) (map[string][]iq.LedgerEntry, error) {
	return s.entriesBy(ctx, scope, "a.subject_id", subjectIDs)
}

// EntriesOfDeals implements iq.Store.
func (s Ledger) EntriesOfDeals(ctx context.Context, scope identity.Scope, dealIDs []string) (map[string][]iq.LedgerEntry, error) {
	return s.entriesBy(ctx, scope, "a.deal_id", dealIDs)
}

// entriesBy reads entries by a column of the acts they are about.
func (s Ledger) entriesBy(ctx context.Context, scope identity.Scope, column string, keys []string) (map[string][]iq.LedgerEntry, error) {
	var rows []struct {
		iq.LedgerEntry `bun:",extend"`

		About string
	}
	q := s.read(ctx).NewSelect().TableExpr("ledger_entries AS e").ColumnExpr("e.*, ? AS about", bun.Ident(column)).
		Join("JOIN acts AS a ON a.id = e.act_id").
		Where("? IN (?)", bun.Ident(column), bun.List(keys)).OrderExpr("e.seq")
	if err := within(q, scope, "e.dealer_id").Scan(ctx, &rows); err != nil {
		return nil, wrap(err, "read entries about")
	}
	by := make(map[string][]iq.LedgerEntry, len(keys))
	for _, r := range rows {
		by[r.About] = append(by[r.About], r.LedgerEntry)
	}
	return by, nil
}

// LastEntry implements iq.Store.
func (s Ledger) LastEntry(ctx context.Context, season, dealerID string) (*iq.LedgerEntry, error) {
	var entries []iq.LedgerEntry
	err := s.read(ctx).NewSelect().Model(&entries).
		Where("dealer_id = ? AND season = ? AND points <> 0", dealerID, season).OrderExpr("seq DESC").Limit(1).Scan(ctx)
	if err != nil || len(entries) == 0 {
		return nil, wrap(err, "read last entry")
	}
	return &entries[0], nil
}

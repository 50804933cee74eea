package store

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/channel"
	"dure/domain/identity"
	"dure/domain/page"
)

// Channel keeps regions, territories, dealers and their staff.
type Channel struct{ *DB }

// validAt limits rows to those that are valid at that moment.
func validAt(q *bun.SelectQuery, at time.Time) *bun.SelectQuery {
	return q.Where("?TableAlias.valid_from <= ? AND (?TableAlias.valid_until IS NULL OR ?TableAlias.valid_until > ?)", at, at)
}

// Regions implements channel.Store.
func (s Channel) Regions(ctx context.Context, at time.Time) ([]channel.Region, error) {
	var rows []channel.Region
	err := validAt(s.read(ctx).NewSelect().Model(&rows), at).OrderExpr("code").Scan(ctx)
	return rows, wrap(err, "read regions")
}

// RegionsByCode implements channel.Store.
func (s Channel) RegionsByCode(ctx context.Context, codes []string) ([]channel.Region, error) {
	var rows []channel.Region
	err := s.read(ctx).NewSelect().Model(&rows).Where("code IN (?)", bun.List(codes)).Scan(ctx)
	return rows, wrap(err, "read regions")
}

// DistrictsOf implements channel.Store.
func (s Channel) DistrictsOf(ctx context.Context, regionCodes []string, at time.Time) ([]channel.District, error) {
	var rows []channel.District
	q := s.read(ctx).NewSelect().Model(&rows).Where("region_code IN (?)", bun.List(regionCodes))
	return rows, wrap(validAt(q, at).OrderExpr("code").Scan(ctx), "read districts")
}

// DistrictsByCode implements channel.Store.
func (s Channel) DistrictsByCode(ctx context.Context, codes []string) ([]channel.District, error) {
	var rows []channel.District
	err := s.read(ctx).NewSelect().Model(&rows).Where("code IN (?)", bun.List(codes)).Scan(ctx)
	return rows, wrap(err, "read districts")
}

// TerritoriesByID implements channel.Store.
func (s Channel) TerritoriesByID(ctx context.Context, ids []string) ([]channel.Territory, error) {
	var rows []channel.Territory
	err := s.read(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	return rows, wrap(err, "read territories")
}

// Dealers implements channel.Store.
func (s Channel) Dealers(ctx context.Context, scope identity.Scope, f channel.DealerFilter, r page.Request) ([]channel.Dealer, int, error) {
	var rows []channel.Dealer
	list := func() *bun.SelectQuery {
		q := within(s.read(ctx).NewSelect().Model(&rows), scope, "dealer.id").Where("closed_on IS NULL")
		q = equal(q, "region_code", f.RegionCode)
		q = equal(q, "territory_id", f.TerritoryID)
		if f.Search != "" {
			q = q.Where(`LOWER(name) LIKE ? ESCAPE '\'`, "%"+escapeLike(strings.ToLower(f.Search))+"%")
		}
		return q
	}
	total, err := list().Count(ctx)
	if err != nil {
		return nil, 0, wrap(err, "count dealers")
	}
	q := list().OrderExpr("name, id").Limit(int64(r.Limit) + 1)
	if len(r.After) == 2 {
		q = q.Where("(name, id) > (?, ?)", r.After[0], r.After[1])
	}
	return rows, int(total), wrap(q.Scan(ctx), "read dealers")
}

// DealersByID implements channel.Store.
func (s Channel) DealersByID(ctx context.Context, scope identity.Scope, ids []string) ([]channel.Dealer, error) {
	var rows []channel.Dealer
	q := s.read(ctx).NewSelect().Model(&rows).Where("dealer.id IN (?)", bun.List(ids))
	return rows, wrap(within(q, scope, "dealer.id").Scan(ctx), "read dealers")
}

// StaffOf implements channel.Store.
func (s Channel) StaffOf(ctx context.Context, scope identity.Scope, dealerIDs []string, at time.Time) ([]channel.Staff, error) {
	var rows []channel.Staff
	q := s.read(ctx).NewSelect().Model(&rows).Where("dealer_id IN (?)", bun.List(dealerIDs)).
		Where("left_on IS NULL OR left_on > ?", at).OrderExpr("id")
	return rows, wrap(within(q, scope, "dealer_id").Scan(ctx), "read staff")
}

// AddVisit implements channel.Store.
func (s Channel) AddVisit(ctx context.Context, v *channel.Visit) error {
	_, err := s.write(ctx).NewInsert().Model(v).Exec(ctx)
	return inserted(err, "visit")
}

// Visits implements channel.Store.
func (s Channel) Visits(ctx context.Context, scope identity.Scope, dealerID string, r page.Request) ([]channel.Visit, int, error) {
	return pageOf[channel.Visit](ctx, s.DB, scope, "occurred_at", r, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("?TableAlias.dealer_id = ?", dealerID)
	})
}

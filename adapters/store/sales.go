package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/deal"
	"dure/domain/insight"
)

// Sales keeps the projection that figures count.
type Sales struct{ *DB }

// AddSales implements insight.Store.
func (s Sales) AddSales(ctx context.Context, sales ...insight.Sale) error {
	return insertAll(ctx, s.write(ctx), sales)
}

// CancelSale implements insight.Store.
func (s Sales) CancelSale(ctx context.Context, id string, at time.Time) error {
	_, err := s.write(ctx).NewUpdate().Model((*insight.Sale)(nil)).Set("cancelled_at = ?", at).Where("id = ?", id).Exec(ctx)
	return wrap(err, "cancel sale")
}

// ImportDealers implements insight.ImportStore.
func (s Sales) ImportDealers(ctx context.Context) ([]channel.Dealer, error) {
	var rows []channel.Dealer
	err := s.read(ctx).NewSelect().Model(&rows).Scan(ctx)
	return rows, wrap(err, "read dealers")
}

// ImportProducts implements insight.ImportStore.
func (s Sales) ImportProducts(ctx context.Context) ([]catalogue.Product, error) {
	var rows []catalogue.Product
	err := s.read(ctx).NewSelect().Model(&rows).Scan(ctx)
	return rows, wrap(err, "read products")
}

// KnownSales implements insight.ImportStore.
func (s Sales) KnownSales(ctx context.Context, ids []string) (map[string]bool, error) {
	var found []string
	err := s.write(ctx).NewSelect().Model((*insight.Sale)(nil)).Column("id").Where("id IN (?)", bun.List(ids)).Scan(ctx, &found)
	known := make(map[string]bool, len(found))
	for _, id := range found {
		known[id] = true
	}
	return known, wrap(err, "read sales")
}

// SalesByRegion implements insight.Figures.
func (s Sales) SalesByRegion(ctx context.Context, from, until time.Time) ([]insight.RegionSales, error) {
	var rows []insight.RegionSales
	err := s.read(ctx).NewSelect().TableExpr("sales AS s").
		ColumnExpr("s.region_code, SUM(s.quantity) AS machines, SUM(s.amount) AS amount, COUNT(*) AS sales").
		ColumnExpr("SUM(CASE WHEN s.channel = ? THEN 1 ELSE 0 END) AS digital", deal.Digital).
		Where("s.sold_at >= ? AND s.sold_at < ? AND s.cancelled_at IS NULL", from, until).GroupExpr("s.region_code").Scan(ctx, &rows)
	return rows, wrap(err, "sum sales")
}

// OpenDeals implements insight.Figures.
func (s Sales) OpenDeals(ctx context.Context) (int, error) {
	n, err := s.read(ctx).NewSelect().TableExpr("consultations").Where("status = ?", deal.ConsultationOpen).Count(ctx)
	return int(n), wrap(err, "count open deals")
}

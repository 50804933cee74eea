package store

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/catalogue"
)

// Catalogue keeps what is sold.
type Catalogue struct{ *DB }

// priced joins the price that is valid at that moment; what has none is left out
// or, with optional, has price 0.
func priced(q *bun.SelectQuery, column, as string, at time.Time) *bun.SelectQuery {
	return q.ColumnExpr("p.amount AS ?", bun.Ident(as)).
		Join("JOIN prices AS p ON p.? = ?TableAlias.id AND p.valid_from <= ? AND (p.valid_until IS NULL OR p.valid_until > ?)", bun.Ident(column), at, at)
}

// Products implements catalogue.Store.
func (s Catalogue) Products(ctx context.Context, f catalogue.ProductFilter, at time.Time) ([]catalogue.Product, error) {
	var rows []catalogue.Product
	q := priced(s.read(ctx).NewSelect().Model(&rows).ColumnExpr("?TableAlias.*"), "product_id", "list_price", at).
		Where("?TableAlias.discontinued = ?", false).OrderExpr("?TableAlias.horsepower, ?TableAlias.id")
	if f.Crop != "" {
		q = q.Where(`?TableAlias.crops LIKE ? ESCAPE '\'`, `%"`+escapeLike(f.Crop)+`"%`)
	}
	if f.HorsepowerMin != nil {
		q = q.Where("?TableAlias.horsepower >= ?", *f.HorsepowerMin)
	}
	if f.HorsepowerMax != nil {
		q = q.Where("?TableAlias.horsepower <= ?", *f.HorsepowerMax)
	}
	if f.Search != "" {
		like := "%" + escapeLike(strings.ToLower(f.Search)) + "%"
		q = q.Where(`(LOWER(?TableAlias.name) LIKE ? ESCAPE '\' OR LOWER(?TableAlias.model_code) LIKE ? ESCAPE '\')`, like, like)
	}
	return rows, wrap(q.Scan(ctx), "read products")
}

// escapeLike makes text stand for itself in a LIKE pattern with ESCAPE '\'.
func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// ProductsByID implements catalogue.Store.
func (s Catalogue) ProductsByID(ctx context.Context, ids []string, at time.Time) ([]catalogue.Product, error) {
	var rows []catalogue.Product
	q := s.read(ctx).NewSelect().Model(&rows).ColumnExpr("?TableAlias.*, COALESCE(p.amount, 0) AS list_price").
		Join("LEFT JOIN prices AS p ON p.product_id = ?TableAlias.id AND p.valid_from <= ? AND (p.valid_until IS NULL OR p.valid_until > ?)", at, at).
		Where("?TableAlias.id IN (?)", bun.List(ids))
	return rows, wrap(q.Scan(ctx), "read products")
}

// OptionsOf implements catalogue.Store.
func (s Catalogue) OptionsOf(ctx context.Context, productIDs []string, at time.Time) ([]catalogue.Option, error) {
	var rows []catalogue.Option
	q := priced(s.read(ctx).NewSelect().Model(&rows).ColumnExpr("?TableAlias.*"), "option_id", "price", at).
		Where("?TableAlias.product_id IN (?)", bun.List(productIDs)).OrderExpr("?TableAlias.id")
	return rows, wrap(q.Scan(ctx), "read options")
}

// MediaOf implements catalogue.Store.
func (s Catalogue) MediaOf(ctx context.Context, productIDs []string) ([]catalogue.Media, error) {
	var rows []catalogue.Media
	err := s.read(ctx).NewSelect().Model(&rows).Where("product_id IN (?)", bun.List(productIDs)).OrderExpr("product_id, position").Scan(ctx)
	return rows, wrap(err, "read media")
}

// Media implements catalogue.Store.
func (s Catalogue) Media(ctx context.Context, id string) (*catalogue.Media, error) {
	var m catalogue.Media
	err := s.read(ctx).NewSelect().Model(&m).Where("id = ?", id).Scan(ctx)
	return &m, found(err, "media")
}

// LinesByID implements catalogue.Store.
func (s Catalogue) LinesByID(ctx context.Context, ids []string) ([]catalogue.ProductLine, error) {
	var rows []catalogue.ProductLine
	err := s.read(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	return rows, wrap(err, "read product lines")
}

// FinanceProgrammes implements catalogue.Store.
func (s Catalogue) FinanceProgrammes(ctx context.Context, at time.Time) ([]catalogue.FinanceProgramme, error) {
	var rows []catalogue.FinanceProgramme
	err := s.read(ctx).NewSelect().Model(&rows).ColumnExpr("?TableAlias.*, o.name AS lender_name").
		Join("JOIN organizations AS o ON o.id = ?TableAlias.organization_id").
		Where("?TableAlias.valid_from <= ? AND (?TableAlias.valid_until IS NULL OR ?TableAlias.valid_until > ?)", at, at).
		OrderExpr("?TableAlias.rate_bp, ?TableAlias.id").Scan(ctx)
	return rows, wrap(err, "read finance programmes")
}

// FinanceProgramme implements catalogue.Store.
func (s Catalogue) FinanceProgramme(ctx context.Context, id string) (*catalogue.FinanceProgramme, error) {
	var row catalogue.FinanceProgramme
	err := s.read(ctx).NewSelect().Model(&row).ColumnExpr("?TableAlias.*, o.name AS lender_name").
		Join("JOIN organizations AS o ON o.id = ?TableAlias.organization_id").
		Where("?TableAlias.id = ?", id).Scan(ctx)
	if err := found(err, "finance"); err != nil {
		return nil, err
	}
	return &row, nil
}

package store

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/customer"
	"dure/domain/identity"
	"dure/domain/page"
)

// Customers keeps farmers and their consents.
type Customers struct{ *DB }

// Customers implements customer.Store.
func (s Customers) Customers(ctx context.Context, scope identity.Scope, l customer.Lookup, r page.Request) ([]customer.Customer, int, error) {
	return pageOf[customer.Customer](ctx, s.DB, scope, "created_at", r, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = equal(q, "dealer_id", l.DealerID)
		q = equal(q, "phone_index", l.PhoneIndex)
		q = equal(q, "mail_index", l.MailIndex)
		if l.Search == "" {
			return q
		}
		column, text := "name", l.Search
		if l.Initials {
			column, text = "name_initials", strings.ReplaceAll(text, " ", "")
		}
		return q.Where(`? LIKE ? ESCAPE '\'`, bun.Ident(column), "%"+escapeLike(text)+"%")
	})
}

// CustomersByID implements customer.Store.
func (s Customers) CustomersByID(ctx context.Context, scope identity.Scope, ids []string) ([]customer.Customer, error) {
	return byIDs[customer.Customer](ctx, s.DB, scope, ids)
}

// SimilarCustomers implements customer.Store.
func (s Customers) SimilarCustomers(ctx context.Context, scope identity.Scope, l customer.Lookalike, limit int) ([]customer.Customer, error) {
	var rows []customer.Customer
	q := s.read(ctx).NewSelect().Model(&rows).WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		if l.PhoneIndex != "" {
			q = q.WhereOr("phone_index = ?", l.PhoneIndex)
		}
		if l.Name != "" {
			q = q.WhereOr("(name = ? AND (district_code IS NULL OR ? IN ('', district_code)))", l.Name, l.DistrictCode)
		}
		return q
	}).OrderExpr("CASE WHEN phone_index = ? THEN 0 ELSE 1 END, created_at DESC, id", l.PhoneIndex).Limit(int64(limit))
	return rows, wrap(within(q, scope, "dealer_id").Scan(ctx), "read similar customers")
}

// AddCustomer implements customer.Store.
func (s Customers) AddCustomer(ctx context.Context, c *customer.Customer) error {
	_, err := s.write(ctx).NewInsert().Model(c).Exec(ctx)
	return inserted(err, "customer")
}

// SaveCustomer implements customer.Store.
func (s Customers) SaveCustomer(ctx context.Context, c *customer.Customer) error {
	next := *c
	next.Version++
	res, err := s.write(ctx).NewUpdate().Model(&next).WherePK().Where("version = ?", c.Version).Exec(ctx)
	if err := changedOne(res, err, "customer"); err != nil {
		return err
	}
	*c = next
	return nil
}

// ConsentTexts implements customer.Store: of each key the newest version.
func (s Customers) ConsentTexts(ctx context.Context, at time.Time) ([]customer.ConsentText, error) {
	var rows []customer.ConsentText
	err := s.read(ctx).NewSelect().Model(&rows).Where("valid_from <= ?", at).OrderExpr("purpose, version DESC, id").Scan(ctx)
	seen := map[string]bool{}
	valid := rows[:0]
	for _, t := range rows {
		if key, _, _ := strings.Cut(t.ID, "@"); !seen[key] {
			seen[key] = true
			valid = append(valid, t)
		}
	}
	return valid, wrap(err, "read consent texts")
}

// AddConsent implements customer.Store.
func (s Customers) AddConsent(ctx context.Context, c *customer.Consent) error {
	_, err := s.write(ctx).NewInsert().Model(c).Exec(ctx)
	return inserted(err, "consent")
}

// ConsentsOf implements customer.Store.
func (s Customers) ConsentsOf(ctx context.Context, scope identity.Scope, customerIDs []string) ([]customer.Consent, error) {
	var rows []customer.Consent
	q := s.read(ctx).NewSelect().Model(&rows).Where("customer_id IN (?)", bun.List(customerIDs)).OrderExpr("id DESC")
	if err := within(q, scope, "dealer_id").Scan(ctx); err != nil {
		return nil, wrap(err, "read consents")
	}
	type key struct {
		customer, recipient string
		purpose             customer.Purpose
	}
	seen := map[key]bool{}
	newest := rows[:0]
	for _, c := range rows {
		if k := (key{c.CustomerID, c.Recipient, c.Purpose}); !seen[k] {
			seen[k] = true
			newest = append(newest, c)
		}
	}
	return newest, nil
}

// Timeline implements customer.Store.
func (s Customers) Timeline(ctx context.Context, scope identity.Scope, customerID string, r page.Request) ([]customer.TimelineItem, int, error) {
	return s.timeline(ctx, scope, "a.customer_id", customerID, r)
}

// DealTimeline implements customer.Store.
func (s Customers) DealTimeline(ctx context.Context, scope identity.Scope, dealID string, r page.Request) ([]customer.TimelineItem, int, error) {
	return s.timeline(ctx, scope, "a.deal_id", dealID, r)
}

// timeline reads one page of the acts that carry id in a column.
func (s Customers) timeline(ctx context.Context, scope identity.Scope, column, id string, r page.Request) ([]customer.TimelineItem, int, error) {
	var rows []customer.TimelineItem
	list := func() *bun.SelectQuery {
		q := s.read(ctx).NewSelect().TableExpr("acts AS a").Where("? = ?", bun.Ident(column), id)
		return within(q, scope, "a.dealer_id")
	}
	total, err := list().Count(ctx)
	if err != nil {
		return nil, 0, wrap(err, "count timeline")
	}
	q := list().ColumnExpr("a.*, COALESCE(u.name, '') AS actor_name").Join("LEFT JOIN users AS u ON u.id = a.actor_id").
		OrderExpr("a.occurred_at DESC, a.id DESC").Limit(int64(r.Limit) + 1)
	if at, id, next := r.BeforeMoment(); next {
		q = q.Where("(a.occurred_at < ? OR (a.occurred_at = ? AND a.id < ?))", at, at, id)
	}
	return rows, int(total), wrap(q.Scan(ctx, &rows), "read timeline")
}

package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/page"
)

// Deals keeps consultations, quotes, contracts and their evidence.
type Deals struct{ *DB }

// dealRow reads a row by id, within scope.
func dealRow[T any](ctx context.Context, d *DB, scope identity.Scope, id, noun string) (*T, error) {
	var row T
	q := d.read(ctx).NewSelect().Model(&row).Where("?TableAlias.id = ?", id)
	err := within(q, scope, "dealer_id").Scan(ctx)
	if err := found(err, noun); err != nil {
		return nil, err
	}
	return &row, nil
}

// pageOf reads one page of rows, the newest first by when they were, and counts
// the list. moment names the column of that; "" is for rows whose ids only the
// server makes, so that they sort by time themselves.
func pageOf[T any](ctx context.Context, d *DB, scope identity.Scope, moment string, r page.Request, filter func(*bun.SelectQuery) *bun.SelectQuery) ([]T, int, error) {
	var rows []T
	list := func() *bun.SelectQuery {
		return filter(within(d.read(ctx).NewSelect().Model(&rows), scope, "dealer_id"))
	}
	total, err := list().Count(ctx)
	if err != nil {
		return nil, 0, wrap(err, "count list")
	}
	q := list().Limit(int64(r.Limit) + 1)
	switch at, id, next := r.BeforeMoment(); {
	case moment == "":
		q = q.OrderExpr("?TableAlias.id DESC")
		if r.After != nil {
			q = q.Where("?TableAlias.id < ?", r.After[0])
		}
	case next:
		q = q.Where("(?TableAlias.?, ?TableAlias.id) < (?, ?)", bun.Ident(moment), at, id)
		fallthrough
	default:
		q = q.OrderExpr("?TableAlias.? DESC, ?TableAlias.id DESC", bun.Ident(moment))
	}
	return rows, int(total), wrap(q.Scan(ctx), "read page")
}

// equal adds column = value where value says something.
func equal(q *bun.SelectQuery, column, value string) *bun.SelectQuery {
	if value == "" {
		return q
	}
	return q.Where("? = ?", bun.Ident(column), value)
}

// Consultation implements deal.Store.
func (s Deals) Consultation(ctx context.Context, scope identity.Scope, id string) (*deal.Consultation, error) {
	return dealRow[deal.Consultation](ctx, s.DB, scope, id, "consultation")
}

// Quote implements deal.Store.
func (s Deals) Quote(ctx context.Context, scope identity.Scope, id string) (*deal.Quote, error) {
	return dealRow[deal.Quote](ctx, s.DB, scope, id, "quote")
}

// Contract implements deal.Store.
func (s Deals) Contract(ctx context.Context, scope identity.Scope, id string) (*deal.Contract, error) {
	return dealRow[deal.Contract](ctx, s.DB, scope, id, "contract")
}

// AddConsultation implements deal.Store.
func (s Deals) AddConsultation(ctx context.Context, c *deal.Consultation) error {
	_, err := s.write(ctx).NewInsert().Model(c).Exec(ctx)
	return inserted(err, "consultation")
}

// SaveConsultation implements deal.Store.
func (s Deals) SaveConsultation(ctx context.Context, c *deal.Consultation) error {
	next := *c
	next.Version++
	res, err := s.write(ctx).NewUpdate().Model(&next).WherePK().Where("version = ?", c.Version).Exec(ctx)
	if err := changedOne(res, err, "consultation"); err != nil {
		return err
	}
	*c = next
	return nil
}

// AddShowing implements deal.Store.
func (s Deals) AddShowing(ctx context.Context, w *deal.Showing) error {
	_, err := s.write(ctx).NewInsert().Model(w).Exec(ctx)
	return inserted(err, "showing")
}

// AddQuote implements deal.Store.
func (s Deals) AddQuote(ctx context.Context, q *deal.Quote) error {
	_, err := s.write(ctx).NewInsert().Model(q).Exec(ctx)
	return inserted(err, "quote")
}

// SaveQuote implements deal.Store. It leaves what MarkFollowed keeps alone.
func (s Deals) SaveQuote(ctx context.Context, q *deal.Quote) error {
	next := *q
	next.Version++
	res, err := s.write(ctx).NewUpdate().Model(&next).ExcludeColumn("followed_at").WherePK().Where("version = ?", q.Version).Exec(ctx)
	if err := changedOne(res, err, "quote"); err != nil {
		return err
	}
	*q = next
	return nil
}

// AddFollowUp implements deal.Store.
func (s Deals) AddFollowUp(ctx context.Context, f *deal.FollowUp) error {
	_, err := s.write(ctx).NewInsert().Model(f).Exec(ctx)
	return inserted(err, "follow_up")
}

// FollowUpsOf implements deal.Store.
func (s Deals) FollowUpsOf(ctx context.Context, scope identity.Scope, quoteIDs []string) ([]deal.FollowUp, error) {
	var rows []deal.FollowUp
	q := s.read(ctx).NewSelect().Model(&rows).Where("quote_id IN (?)", bun.List(quoteIDs)).OrderExpr("occurred_at, id")
	return rows, wrap(within(q, scope, "dealer_id").Scan(ctx), "read follow-ups")
}

// MarkFollowed implements deal.Store.
func (s Deals) MarkFollowed(ctx context.Context, quoteID string, at time.Time) error {
	_, err := s.write(ctx).NewUpdate().Model((*deal.Quote)(nil)).Set("followed_at = ?", at).
		Where("id = ? AND followed_at IS NULL", quoteID).Exec(ctx)
	return wrap(err, "mark quote as followed")
}

// AddContract implements deal.Store.
func (s Deals) AddContract(ctx context.Context, c *deal.Contract) error {
	_, err := s.write(ctx).NewInsert().Model(c).Exec(ctx)
	return inserted(err, "contract")
}

// SaveContract implements deal.Store. It leaves what SetSealed keeps alone.
func (s Deals) SaveContract(ctx context.Context, c *deal.Contract) error {
	next := *c
	next.Version++
	res, err := s.write(ctx).NewUpdate().Model(&next).ExcludeColumn("sealed_sha256").WherePK().Where("version = ?", c.Version).Exec(ctx)
	if err := changedOne(res, err, "contract"); err != nil {
		return err
	}
	*c = next
	return nil
}

// SetSealed implements deal.Store.
func (s Deals) SetSealed(ctx context.Context, contractID, sha256 string) error {
	_, err := s.write(ctx).NewUpdate().Model((*deal.Contract)(nil)).Set("sealed_sha256 = ?", sha256).
		Where("id = ? AND sealed_sha256 IS NULL", contractID).Exec(ctx)
	return wrap(err, "name sealed package")
}

// number is a row of quote_numbers or contract_numbers.
type number struct {
	Seq int64 `bun:",pk,autoincrement"`
	ID  string
}

// NextNumber implements deal.Store.
func (s Deals) NextNumber(ctx context.Context, series, id string) (int64, error) {
	n := number{ID: id}
	_, err := s.write(ctx).NewInsert().Model(&n).ModelTableExpr("?", bun.Ident(series+"_numbers")).Returning("seq").Exec(ctx)
	return n.Seq, wrap(err, "take number")
}

// evidenceRow is a link of a contract's evidence.
type evidenceRow struct {
	bun.BaseModel `bun:"table:evidence_events"`

	ContractID string `bun:",pk"`
	Seq        int    `bun:",pk"`
	Kind       string
	At         time.Time
	ActorID    string
	Detail     map[string]string `bun:",type:text"`
	Hash       string
}

// AddEvidence implements deal.Store.
func (s Deals) AddEvidence(ctx context.Context, contractID string, events ...deal.EvidenceEvent) error {
	rows := make([]evidenceRow, len(events))
	for i, e := range events {
		rows[i] = evidenceRow{ContractID: contractID, Seq: e.Seq, Kind: e.Kind, At: e.At, ActorID: e.ActorID, Detail: e.Detail, Hash: e.Hash}
	}
	_, err := s.write(ctx).NewInsert().Model(&rows).Exec(ctx)
	return inserted(err, "evidence")
}

// Evidence implements deal.Store.
func (s Deals) Evidence(ctx context.Context, contractID string) ([]deal.EvidenceEvent, error) {
	var rows []evidenceRow
	err := s.read(ctx).NewSelect().Model(&rows).Where("contract_id = ?", contractID).OrderExpr("seq").Scan(ctx)
	events := make([]deal.EvidenceEvent, len(rows))
	for i, r := range rows {
		events[i] = deal.EvidenceEvent{Seq: r.Seq, Kind: r.Kind, At: r.At, ActorID: r.ActorID, Detail: r.Detail, Hash: r.Hash}
	}
	return events, wrap(err, "read evidence")
}

// Consultations implements deal.Store.
func (s Deals) Consultations(ctx context.Context, scope identity.Scope, f deal.ConsultationFilter, r page.Request) ([]deal.Consultation, int, error) {
	return pageOf[deal.Consultation](ctx, s.DB, scope, "opened_at", r, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = equal(q, "status", string(f.Status))
		q = equal(q, "customer_id", f.CustomerID)
		return equal(q, "dealer_id", f.DealerID)
	})
}

// Quotes implements deal.Store.
func (s Deals) Quotes(ctx context.Context, scope identity.Scope, f deal.QuoteFilter, now time.Time, r page.Request) ([]deal.Quote, int, error) {
	return pageOf[deal.Quote](ctx, s.DB, scope, "issued_at", r, func(q *bun.SelectQuery) *bun.SelectQuery {
		switch f.Status {
		case "":
		case deal.QuoteExpired:
			q = q.Where("status = ? AND valid_until <= ?", deal.QuoteIssued, now)
		case deal.QuoteIssued:
			q = q.Where("status = ? AND valid_until > ?", deal.QuoteIssued, now)
		default:
			q = q.Where("status = ?", f.Status)
		}
		q = equal(q, "customer_id", f.CustomerID)
		return equal(q, "dealer_id", f.DealerID)
	})
}

// Contracts implements deal.Store.
func (s Deals) Contracts(ctx context.Context, scope identity.Scope, f deal.ContractFilter, r page.Request) ([]deal.Contract, int, error) {
	return pageOf[deal.Contract](ctx, s.DB, scope, "", r, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = equal(q, "status", string(f.Status))
		q = equal(q, "channel", string(f.Channel))
		q = equal(q, "customer_id", f.CustomerID)
		q = equal(q, "dealer_id", f.DealerID)
		if f.SignedFrom != nil {
			q = q.Where("signed_at >= ?", *f.SignedFrom)
		}
		if f.SignedUntil != nil {
			q = q.Where("signed_at < ?", *f.SignedUntil)
		}
		if f.AmountFrom != nil {
			q = q.Where("total >= ?", *f.AmountFrom)
		}
		if f.AmountTo != nil {
			q = q.Where("total <= ?", *f.AmountTo)
		}
		if f.RegionCode != "" {
			q = q.Where("dealer_id IN (SELECT d.id FROM dealers AS d WHERE d.region_code = ?)", f.RegionCode)
		}
		if f.IDs != nil {
			q = q.Where("?TableAlias.id IN (?)", bun.List(append(f.IDs, ""))) // an empty list names nothing
		}
		return changedSince(q, scope, f.ChangedSince)
	})
}

// changedSince picks contracts by when something about them was recorded; for a
// partner, by what it heard of.
func changedSince(q *bun.SelectQuery, scope identity.Scope, since *time.Time) *bun.SelectQuery {
	switch {
	case since == nil:
		return q
	case scope.Reach == identity.OwnOrganization:
		return q.Where("?TableAlias.id IN (SELECT c.contract_id FROM partner_changes AS c WHERE c.organization_id = ? AND c.posted_at >= ?)", scope.OrganizationID, *since)
	default:
		return q.Where("EXISTS (SELECT 1 FROM acts AS a WHERE a.subject_id = ?TableAlias.id AND a.received_at >= ?)", *since)
	}
}

// ShowingsOf implements deal.Store.
func (s Deals) ShowingsOf(ctx context.Context, scope identity.Scope, consultationIDs []string) ([]deal.Showing, error) {
	var rows []deal.Showing
	q := s.read(ctx).NewSelect().Model(&rows).Where("consultation_id IN (?)", bun.List(consultationIDs)).OrderExpr("occurred_at, id")
	return rows, wrap(within(q, scope, "dealer_id").Scan(ctx), "read showings")
}

// QuotesOfDeals implements deal.Store.
func (s Deals) QuotesOfDeals(ctx context.Context, scope identity.Scope, dealIDs []string) ([]deal.Quote, error) {
	var rows []deal.Quote
	q := s.read(ctx).NewSelect().Model(&rows).Where("deal_id IN (?)", bun.List(dealIDs)).OrderExpr("issued_at DESC, revision DESC, id DESC")
	return rows, wrap(within(q, scope, "dealer_id").Scan(ctx), "read quotes")
}

// byIDs reads rows by id, within scope.
func byIDs[T any](ctx context.Context, d *DB, scope identity.Scope, ids []string) ([]T, error) {
	var rows []T
	q := d.read(ctx).NewSelect().Model(&rows).Where("?TableAlias.id IN (?)", bun.List(ids))
	return rows, wrap(within(q, scope, "dealer_id").Scan(ctx), "read by ids")
}

// ConsultationsByID implements deal.Store.
func (s Deals) ConsultationsByID(ctx context.Context, scope identity.Scope, ids []string) ([]deal.Consultation, error) {
	return byIDs[deal.Consultation](ctx, s.DB, scope, ids)
}

// QuotesByID implements deal.Store.
func (s Deals) QuotesByID(ctx context.Context, scope identity.Scope, ids []string) ([]deal.Quote, error) {
	return byIDs[deal.Quote](ctx, s.DB, scope, ids)
}

// ContractsByID implements deal.Store.
func (s Deals) ContractsByID(ctx context.Context, scope identity.Scope, ids []string) ([]deal.Contract, error) {
	return byIDs[deal.Contract](ctx, s.DB, scope, ids)
}

// ContractsOfQuotes implements deal.Store.
func (s Deals) ContractsOfQuotes(ctx context.Context, scope identity.Scope, quoteIDs []string) ([]deal.Contract, error) {
	var rows []deal.Contract
	q := s.read(ctx).NewSelect().Model(&rows).Where("quote_id IN (?)", bun.List(quoteIDs)).OrderExpr("id")
	return rows, wrap(within(q, scope, "dealer_id").Scan(ctx), "read contracts")
}

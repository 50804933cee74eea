package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/webhook"
)

// Webhooks keeps partners' endpoints, what they are told, and how far they are.
type Webhooks struct{ *DB }

// queue is a queue's row.
type queue struct {
	bun.BaseModel `bun:"table:webhook_queues,alias:queue"`

	EndpointID string    `bun:",pk"`
	ContractID string    `bun:",pk"`
	DueAt      time.Time `bun:",nullzero"`
	Holder     string    `bun:",nullzero"`
	HeldUntil  time.Time `bun:",nullzero"`
}

// ofPartner limits q to what belongs to the caller's organisation.
func ofPartner(q *bun.SelectQuery, scope identity.Scope) *bun.SelectQuery {
	switch {
	case scope.Reach == identity.Everything:
		return q
	case scope.Reach == identity.OwnOrganization && scope.OrganizationID != "":
		return q.Where("organization_id = ?", scope.OrganizationID)
	default:
		return q.Where("1 = 0")
	}
}

// Endpoints implements webhook.Store.
func (s Webhooks) Endpoints(ctx context.Context, scope identity.Scope) ([]webhook.Endpoint, error) {
	var rows []webhook.Endpoint
	err := ofPartner(s.read(ctx).NewSelect().Model(&rows), scope).OrderExpr("id").Scan(ctx)
	return rows, wrap(err, "read webhook endpoints")
}

// EndpointsByID implements webhook.Store.
func (s Webhooks) EndpointsByID(ctx context.Context, scope identity.Scope, ids []string) ([]webhook.Endpoint, error) {
	var rows []webhook.Endpoint
	err := ofPartner(s.read(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)), scope).Scan(ctx)
	return rows, wrap(err, "read webhook endpoints")
}

// LockEndpoint implements webhook.Store.
func (s Webhooks) LockEndpoint(ctx context.Context, scope identity.Scope, id string) (*webhook.Endpoint, error) {
	var e webhook.Endpoint
	err := s.forUpdate(ofPartner(s.write(ctx).NewSelect().Model(&e).Where("id = ?", id), scope)).Scan(ctx)
	if err != nil {
		return nil, found(err, "webhook")
	}
	return &e, nil
}

// EndpointsOf implements webhook.Store.
func (s Webhooks) EndpointsOf(ctx context.Context, organizationIDs []string) ([]webhook.Endpoint, error) {
	var rows []webhook.Endpoint
	err := s.write(ctx).NewSelect().Model(&rows).Where("organization_id IN (?)", bun.List(organizationIDs)).OrderExpr("id").Scan(ctx)
	return rows, wrap(err, "read webhook endpoints")
}

// AddEndpoint implements webhook.Store.
func (s Webhooks) AddEndpoint(ctx context.Context, e *webhook.Endpoint) error {
	_, err := s.write(ctx).NewInsert().Model(e).Exec(ctx)
	return wrap(err, "add webhook endpoint")
}

// SaveEndpoint implements webhook.Store.
func (s Webhooks) SaveEndpoint(ctx context.Context, e *webhook.Endpoint) error {
	_, err := s.write(ctx).NewUpdate().Model(e).WherePK().Exec(ctx)
	return wrap(err, "save webhook endpoint")
}

// RemoveEndpoint implements webhook.Store.
func (s Webhooks) RemoveEndpoint(ctx context.Context, id string) error {
	_, err := s.write(ctx).NewDelete().Model((*webhook.Endpoint)(nil)).Where("id = ?", id).Exec(ctx)
	return wrap(err, "remove webhook endpoint")
}

// Deliveries implements webhook.Store.
func (s Webhooks) Deliveries(ctx context.Context, endpointID string, state *webhook.DeliveryState, r page.Request) ([]webhook.Delivery, int, error) {
	var rows []webhook.Delivery
	list := func() *bun.SelectQuery {
		q := s.read(ctx).NewSelect().Model(&rows).Where("endpoint_id = ?", endpointID)
		if state != nil {
			q = q.Where("state = ?", *state)
		}
		return q
	}
	total, err := list().Count(ctx)
	if err != nil {
		return nil, 0, wrap(err, "count webhook deliveries")
	}
	q := list().OrderExpr("seq DESC").Limit(int64(r.Limit) + 1)
	if len(r.After) == 1 {
		seq, err := strconv.ParseInt(r.After[0], 10, 64)
		if err != nil {
			return nil, 0, wrap(err, "read webhook deliveries")
		}
		q = q.Where("seq < ?", seq)
	}
	return rows, int(total), wrap(q.Scan(ctx), "read webhook deliveries")
}

// AddDeliveries implements webhook.Store. Queues that are due already stay due
// as they are: their first delivery is older.
func (s Webhooks) AddDeliveries(ctx context.Context, rows []webhook.Delivery, now time.Time) error {
	const atATime = 500
	for part := range slices.Chunk(rows, atATime) {
		_, err := s.write(ctx).NewInsert().Model(&part).On("CONFLICT (endpoint_id, change_seq) DO NOTHING").Returning("NULL").Exec(ctx)
		if err != nil {
			return wrap(err, "add webhook deliveries")
		}
	}
	var queues []queue
	for _, d := range rows {
		queues = append(queues, queue{EndpointID: d.EndpointID, ContractID: d.ContractID, DueAt: now})
	}
	slices.SortFunc(queues, func(a, b queue) int { // in one order everywhere, so that none waits for another in a ring
		return cmp.Or(cmp.Compare(a.EndpointID, b.EndpointID), cmp.Compare(a.ContractID, b.ContractID))
	})
	queues = slices.CompactFunc(queues, func(a, b queue) bool { return a.EndpointID == b.EndpointID && a.ContractID == b.ContractID })
	for part := range slices.Chunk(queues, atATime) {
		_, err := s.write(ctx).NewInsert().Model(&part).On("CONFLICT (endpoint_id, contract_id) DO UPDATE").
			Set("due_at = COALESCE(queue.due_at, EXCLUDED.due_at)").Returning("NULL").Exec(ctx)
		if err != nil {
			return wrap(err, "make webhook queues due")
		}
	}
	return nil
}

// SaveDelivery implements webhook.Store. What was skipped while it was under way
// stays skipped.
func (s Webhooks) SaveDelivery(ctx context.Context, d *webhook.Delivery) error {
	_, err := s.write(ctx).NewUpdate().Model(d).WherePK().Where("state = ?", webhook.Pending).
		Column("state", "attempts", "tries", "trying_from", "next_at", "done_at").Exec(ctx)
	return wrap(err, "save webhook delivery")
}

// FirstAfter implements webhook.Store.
func (s Webhooks) FirstAfter(ctx context.Context, organizationID string, seq int64) (tx, first int64, ok bool, err error) {
	err = s.write(ctx).NewSelect().TableExpr("partner_changes").ColumnExpr("batch, seq").
		Where("organization_id = ? AND seq > ? AND batch > 0", organizationID, seq).OrderExpr("batch, seq").Limit(1).Scan(ctx, &tx, &first)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, false, nil
	}
	return tx, first, err == nil, wrap(err, "find where a replay begins")
}

// again makes deliveries pending as if they had never been tried, and their
// queues due.
func (s Webhooks) again(ctx context.Context, endpointID string, now time.Time, where string, args ...any) (int, error) {
	if err := s.lockQueues(ctx, endpointID); err != nil {
		return 0, err
	}
	res, err := s.write(ctx).NewUpdate().Model((*webhook.Delivery)(nil)).
		Set("state = ?, tries = 0, trying_from = NULL, next_at = NULL, done_at = NULL", webhook.Pending).
		Where("endpoint_id = ?", endpointID).Where(where, args...).Exec(ctx)
	if err != nil {
		return 0, wrap(err, "send webhooks again")
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, wrap(err, "send webhooks again")
	}
	_, err = s.write(ctx).NewUpdate().Model((*queue)(nil)).Set("due_at = ?", now).
		Where("endpoint_id = ?", endpointID).
		Where("EXISTS (SELECT 1 FROM webhook_deliveries AS d WHERE d.endpoint_id = queue.endpoint_id AND d.contract_id = queue.contract_id AND d.state = ?)", webhook.Pending).
		Exec(ctx)
	return int(n), wrap(err, "make webhook queues due")
}

// lockQueues locks every queue of an endpoint, in the order that everybody
// locks them in, so that none waits for another in a ring.
func (s Webhooks) lockQueues(ctx context.Context, endpointID string) error {
	var rows []queue
	err := s.forUpdate(s.write(ctx).NewSelect().Model(&rows).Where("endpoint_id = ?", endpointID).OrderExpr("contract_id")).Scan(ctx)
	return wrap(err, "lock webhook queues")
}

// Replay implements webhook.Store.
func (s Webhooks) Replay(ctx context.Context, endpointID string, afterSeq int64, now time.Time) (int, error) {
	return s.again(ctx, endpointID, now, "change_seq > ?", afterSeq)
}

// RetryPending implements webhook.Store.
func (s Webhooks) RetryPending(ctx context.Context, endpointID string, now time.Time) error {
	_, err := s.again(ctx, endpointID, now, "state = ?", webhook.Pending)
	return err
}

// DropDeliveries implements webhook.Store.
func (s Webhooks) DropDeliveries(ctx context.Context, before time.Time) error {
	_, err := s.write(ctx).NewDelete().Model((*webhook.Delivery)(nil)).Where("done_at < ?", before).Exec(ctx)
	return wrap(err, "drop webhook deliveries")
}

// SkipPending implements webhook.Store.
func (s Webhooks) SkipPending(ctx context.Context, endpointID string, now time.Time) error {
	_, err := s.write(ctx).NewUpdate().Model((*webhook.Delivery)(nil)).
		Set("state = ?, next_at = NULL, done_at = ?", webhook.Skipped, now).
		Where("endpoint_id = ? AND state = ?", endpointID, webhook.Pending).Exec(ctx)
	if err != nil {
		return wrap(err, "skip webhooks")
	}
	if err := s.lockQueues(ctx, endpointID); err != nil {
		return err
	}
	_, err = s.write(ctx).NewUpdate().Model((*queue)(nil)).Set("due_at = NULL").Where("endpoint_id = ?", endpointID).Exec(ctx)
	return wrap(err, "skip webhooks")
}

// Claim implements webhook.Store.
func (s Webhooks) Claim(ctx context.Context, q webhook.Queue, holder string, now, until time.Time) (bool, error) {
	res, err := s.write(ctx).NewUpdate().Model((*queue)(nil)).Set("holder = ?, held_until = ?", holder, until).
		Where("endpoint_id = ? AND contract_id = ?", q.EndpointID, q.ContractID).
		Where("(holder IS NULL OR holder = ? OR held_until <= ?)", holder, now).Exec(ctx)
	if err != nil {
		return false, wrap(err, "claim webhook queue")
	}
	n, err := res.RowsAffected()
	return n == 1, wrap(err, "claim webhook queue")
}

// Release implements webhook.Store.
func (s Webhooks) Release(ctx context.Context, q webhook.Queue, holder string, due time.Time) error {
	row := queue{DueAt: due}
	_, err := s.write(ctx).NewUpdate().Model(&row).Column("due_at", "holder", "held_until").
		Where("endpoint_id = ? AND contract_id = ? AND holder = ?", q.EndpointID, q.ContractID, holder).Exec(ctx)
	return wrap(err, "release webhook queue")
}

// Oldest implements webhook.Store.
func (s Webhooks) Oldest(ctx context.Context, q webhook.Queue) (*webhook.Delivery, error) {
	var rows []webhook.Delivery
	err := s.write(ctx).NewSelect().Model(&rows).
		Where("endpoint_id = ? AND contract_id = ? AND state = ?", q.EndpointID, q.ContractID, webhook.Pending).
		OrderExpr("change_tx, change_seq, seq").Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, wrap(err, "read webhook queue")
	}
	return &rows[0], nil
}

// Due implements webhook.Store.
func (s Webhooks) Due(ctx context.Context, endpointID string, at, now, until time.Time, limit int) ([]webhook.Queue, error) {
	var rows []queue
	q := s.write(ctx).NewSelect().Model(&rows).
		Where("due_at <= ? AND (holder IS NULL OR held_until <= ?)", at, now).
		Where("endpoint_id IN (SELECT id FROM webhook_endpoints WHERE state = ?)", webhook.Active).OrderExpr("endpoint_id, contract_id").Limit(int64(limit))
	if err := s.passLocked(equal(q, "endpoint_id", endpointID)).Scan(ctx); err != nil {
		return nil, wrap(err, "find due webhook queues")
	}
	due := make([]webhook.Queue, len(rows))
	for i, r := range rows {
		due[i] = webhook.Queue{EndpointID: r.EndpointID, ContractID: r.ContractID}
		_, err := s.write(ctx).NewUpdate().Model((*queue)(nil)).Set("due_at = ?", until).
			Where("endpoint_id = ? AND contract_id = ?", r.EndpointID, r.ContractID).Exec(ctx)
		if err != nil {
			return nil, wrap(err, "put webhook queues off")
		}
	}
	return due, nil
}

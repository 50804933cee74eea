package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/identity"
	"dure/domain/link"
)

// Links keeps customers' links.
type Links struct{ *DB }

// AddLink implements link.Store.
func (s Links) AddLink(ctx context.Context, l *link.CustomerLink) error {
	_, err := s.write(ctx).NewInsert().Model(l).Exec(ctx)
	return inserted(err, "link")
}

// SaveLink implements link.Store.
func (s Links) SaveLink(ctx context.Context, l *link.CustomerLink) error {
	_, err := s.write(ctx).NewUpdate().Model(l).WherePK().Exec(ctx)
	return wrap(err, "save link")
}

// LinkByID implements link.Store. It sees what was committed just now: a link
// that was revoked is over on every node.
func (s Links) LinkByID(ctx context.Context, id string) (*link.CustomerLink, error) {
	var l link.CustomerLink
	if err := found(s.write(ctx).NewSelect().Model(&l).Where("id = ?", id).Scan(ctx), "link"); err != nil {
		return nil, err
	}
	return &l, nil
}

// LockLink implements link.Store.
func (s Links) LockLink(ctx context.Context, scope identity.Scope, id string) (*link.CustomerLink, error) {
	var l link.CustomerLink
	q := within(s.write(ctx).NewSelect().Model(&l).Where("id = ?", id), scope, "dealer_id")
	if err := found(s.forUpdate(q).Scan(ctx), "link"); err != nil {
		return nil, err
	}
	return &l, nil
}

// LockLinkBySecret implements link.Store.
func (s Links) LockLinkBySecret(ctx context.Context, secretHash string) (*link.CustomerLink, error) {
	var l link.CustomerLink
	q := s.write(ctx).NewSelect().Model(&l).Where("secret_hash = ?", secretHash)
	if err := found(s.forUpdate(q).Scan(ctx), "link"); err != nil {
		return nil, err
	}
	return &l, nil
}

// RevokeLinks implements link.Store.
func (s Links) RevokeLinks(ctx context.Context, contractID string, at time.Time) error {
	_, err := s.write(ctx).NewUpdate().Model((*link.CustomerLink)(nil)).Set("revoked_at = ?", at).
		Where("contract_id = ? AND revoked_at IS NULL", contractID).Exec(ctx)
	return wrap(err, "revoke links")
}

// LinksOfContracts implements link.Store.
func (s Links) LinksOfContracts(ctx context.Context, scope identity.Scope, contractIDs []string) ([]link.CustomerLink, error) {
	var rows []link.CustomerLink
	q := s.read(ctx).NewSelect().Model(&rows).Where("contract_id IN (?)", bun.List(contractIDs)).OrderExpr("id DESC")
	return rows, wrap(within(q, scope, "dealer_id").Scan(ctx), "read links")
}

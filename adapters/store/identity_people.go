package store

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/identity"
	"dure/domain/page"
)

// People implements identity.PeopleStore.
func (s People) People(ctx context.Context, f identity.PeopleFilter, r page.Request) ([]identity.User, int, error) {
	var rows []identity.User
	list := func() *bun.SelectQuery {
		q := s.read(ctx).NewSelect().Model(&rows)
		q = equal(q, "persona", string(f.Persona))
		q = equal(q, "organization_id", f.OrganizationID)
		q = equal(q, "dealer_id", f.DealerID)
		if f.Active != nil {
			q = q.Where("active = ?", *f.Active)
		}
		if f.Search != "" {
			like := "%" + escapeLike(strings.ToLower(f.Search)) + "%"
			q = q.Where(`(LOWER(name) LIKE ? ESCAPE '\' OR login LIKE ? ESCAPE '\')`, like, like)
		}
		return q
	}
	total, err := list().Count(ctx)
	if err != nil {
		return nil, 0, wrap(err, "count people")
	}
	q := list().OrderExpr("name, id").Limit(int64(r.Limit) + 1)
	if len(r.After) == 2 {
		q = q.Where("(name, id) > (?, ?)", r.After[0], r.After[1])
	}
	return rows, int(total), wrap(q.Scan(ctx), "read people")
}

// UserForUpdate implements identity.PeopleStore.
func (s People) UserForUpdate(ctx context.Context, id string) (*identity.User, error) {
	var u identity.User
	err := s.forUpdate(s.write(ctx).NewSelect().Model(&u).Where("id = ?", id)).Scan(ctx)
	if err := found(err, "user"); err != nil {
		return nil, err
	}
	return &u, nil
}

// LockHQ implements identity.PeopleStore.
func (s People) LockHQ(ctx context.Context) ([]identity.User, error) {
	var rows []identity.User
	err := s.forUpdate(s.write(ctx).NewSelect().Model(&rows).Where("persona = ? AND active = ?", identity.HQ, true).Order("id")).Scan(ctx)
	return rows, wrap(err, "lock headquarters")
}

// SetActive implements identity.PeopleStore.
func (s People) SetActive(ctx context.Context, userID string, active bool, at time.Time) error {
	u := identity.User{ID: userID, Active: active}
	if !active {
		u.DeactivatedAt = at
	}
	_, err := s.write(ctx).NewUpdate().Model(&u).Column("active", "deactivated_at").WherePK().Exec(ctx)
	return wrap(err, "set active")
}

// DeletePasskeysOf implements identity.PeopleStore.
func (s People) DeletePasskeysOf(ctx context.Context, userID string) error {
	_, err := s.write(ctx).NewDelete().Model((*identity.Passkey)(nil)).Where("user_id = ?", userID).Exec(ctx)
	return wrap(err, "delete passkeys")
}

// NewestSessions implements identity.PeopleStore.
func (s People) NewestSessions(ctx context.Context, userIDs []string) ([]identity.Session, error) {
	var rows []identity.Session
	err := s.read(ctx).NewSelect().Model(&rows).Where("user_id IN (?)", bun.List(userIDs)).
		Where("NOT EXISTS (SELECT 1 FROM sessions AS later WHERE later.user_id = session.user_id AND (later.refreshed_at, later.id) > (session.refreshed_at, session.id))").
		Scan(ctx)
	return rows, wrap(err, "read newest sessions")
}

// OpenSessions implements identity.PeopleStore.
func (s People) OpenSessions(ctx context.Context, userIDs []string, now time.Time, limit int) ([]identity.Session, error) {
	var rows []identity.Session
	err := s.read(ctx).NewSelect().Model(&rows).Where("user_id IN (?) AND ended_at IS NULL AND expires_at > ?", bun.List(userIDs), now).
		Order("refreshed_at DESC", "id DESC").Limit(int64(limit)).Scan(ctx)
	return rows, wrap(err, "read sessions")
}

// EndedSince implements identity.EndedStore.
func (s People) EndedSince(ctx context.Context, since, now time.Time) ([]identity.Ending, error) {
	var out []identity.Ending
	var sessions []identity.Session
	if err := s.write(ctx).NewSelect().Model(&sessions).Column("id", "ended_at").Where("ended_at > ?", since).Scan(ctx); err != nil {
		return nil, wrap(err, "read ended sessions")
	}
	for _, row := range sessions {
		out = append(out, identity.Ending{ID: row.ID, At: row.EndedAt})
	}
	var people []identity.User
	if err := s.write(ctx).NewSelect().Model(&people).Column("id", "deactivated_at").Where("deactivated_at > ?", since).Scan(ctx); err != nil {
		return nil, wrap(err, "read deactivated people")
	}
	for _, row := range people {
		out = append(out, identity.Ending{ID: row.ID, At: row.DeactivatedAt})
	}
	var tokens []revokedToken
	if err := s.write(ctx).NewSelect().Model(&tokens).Column("id").Where("expires_at > ?", now).Scan(ctx); err != nil {
		return nil, wrap(err, "read revoked tokens")
	}
	for _, row := range tokens {
		out = append(out, identity.Ending{ID: row.ID, At: now})
	}
	return out, nil
}

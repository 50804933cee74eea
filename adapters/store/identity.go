package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/identity"
)

// People keeps users, organisations, sessions and devices.
type People struct{ *DB }

// UserByLogin implements identity.Store.
func (s People) UserByLogin(ctx context.Context, login string) (*identity.User, error) {
	var u identity.User
	err := s.read(ctx).NewSelect().Model(&u).Where("login = ?", login).Scan(ctx)
	if err := found(err, "user"); err != nil {
		return nil, err
	}
	return &u, nil
}

// UsersByID implements identity.Store.
func (s People) UsersByID(ctx context.Context, ids []string) ([]identity.User, error) {
	var rows []identity.User
	err := s.read(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	return rows, wrap(err, "read users")
}

// OrganizationsByID implements identity.Store.
func (s People) OrganizationsByID(ctx context.Context, ids []string) ([]identity.Organization, error) {
	var rows []identity.Organization
	err := s.read(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	return rows, wrap(err, "read organizations")
}

// SetContact implements identity.Store.
func (s People) SetContact(ctx context.Context, organizationID, mail string) error {
	_, err := s.write(ctx).NewUpdate().Model((*identity.Organization)(nil)).Set("contact_mail = NULLIF(?, '')", mail).Where("id = ?", organizationID).Exec(ctx)
	return wrap(err, "set contact")
}

// DropSessions implements identity.Store.
func (s People) DropSessions(ctx context.Context, before time.Time) error {
	over := s.write(ctx).NewSelect().Model((*identity.Session)(nil)).Column("id").Where("ended_at < ? OR expires_at < ?", before, before)
	if _, err := s.write(ctx).NewDelete().Model((*identity.Authorization)(nil)).Where("session_id IN (?)", over).Exec(ctx); err != nil {
		return wrap(err, "drop what sessions were asked for by")
	}
	_, err := s.write(ctx).NewDelete().Model((*identity.Session)(nil)).Where("ended_at < ? OR expires_at < ?", before, before).Exec(ctx)
	return wrap(err, "drop sessions")
}

// AddSession implements identity.Store.
func (s People) AddSession(ctx context.Context, session *identity.Session) error {
	_, err := s.write(ctx).NewInsert().Model(session).Exec(ctx)
	return wrap(err, "add session")
}

// SessionByID implements identity.Store.
func (s People) SessionByID(ctx context.Context, id string) (*identity.Session, error) {
	var session identity.Session
	err := s.forUpdate(s.write(ctx).NewSelect().Model(&session).Where("id = ?", id)).Scan(ctx)
	if err := found(err, "session"); err != nil {
		return nil, err
	}
	return &session, nil
}

// SaveSession implements identity.Store.
func (s People) SaveSession(ctx context.Context, session *identity.Session) error {
	_, err := s.write(ctx).NewUpdate().Model(session).WherePK().Exec(ctx)
	return wrap(err, "save session")
}

// SessionsOf implements identity.Store.
func (s People) SessionsOf(ctx context.Context, userID string, now time.Time, limit int) ([]identity.Session, error) {
	var rows []identity.Session
	err := s.read(ctx).NewSelect().Model(&rows).Where("user_id = ? AND ended_at IS NULL AND expires_at > ?", userID, now).
		Order("refreshed_at DESC", "id DESC").Limit(int64(limit)).Scan(ctx)
	return rows, wrap(err, "read sessions")
}

// EndSessions implements identity.Store.
func (s People) EndSessions(ctx context.Context, userID string, at time.Time) error {
	_, err := s.write(ctx).NewUpdate().Model((*identity.Session)(nil)).Set("ended_at = ?", at).Where("user_id = ? AND ended_at IS NULL", userID).Exec(ctx)
	return wrap(err, "end sessions")
}

// device is one that a signed-in person uses.
type device struct {
	ID           string `bun:",pk"`
	UserID       string `bun:",pk"`
	RegisteredAt time.Time
}

// RegisterDevice implements identity.Store.
func (s People) RegisterDevice(ctx context.Context, userID, deviceID string, at time.Time) error {
	d := device{ID: deviceID, UserID: userID, RegisteredAt: at}
	_, err := s.write(ctx).NewInsert().Model(&d).On("CONFLICT DO NOTHING").Exec(ctx)
	return wrap(err, "register device")
}

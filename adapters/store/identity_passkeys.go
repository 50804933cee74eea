package store

import (
	"context"
	"time"

	"dure/domain/fault"
	"dure/domain/identity"
)

// AddChallenge implements identity.PasskeyStore.
func (s People) AddChallenge(ctx context.Context, c *identity.Challenge, now time.Time) error {
	return s.Do(ctx, func(ctx context.Context) error {
		if _, err := s.write(ctx).NewDelete().Model((*identity.Challenge)(nil)).Where("expires_at < ?", now).Exec(ctx); err != nil {
			return wrap(err, "forget challenges")
		}
		_, err := s.write(ctx).NewInsert().Model(c).Exec(ctx)
		return wrap(err, "add challenge")
	})
}

// TakeChallenge implements identity.PasskeyStore.
func (s People) TakeChallenge(ctx context.Context, kind identity.ChallengeKind, id, about string) (*identity.Challenge, error) {
	var c identity.Challenge
	err := s.write(ctx).NewDelete().Model(&c).Where("id = ? AND kind = ? AND about = ?", id, kind, about).Returning("*").Scan(ctx)
	if err := found(err, "passkey"); err != nil {
		return nil, err
	}
	return &c, nil
}

// PasskeysOf implements identity.PasskeyStore.
func (s People) PasskeysOf(ctx context.Context, userID string) ([]identity.Passkey, error) {
	var rows []identity.Passkey
	err := s.read(ctx).NewSelect().Model(&rows).Where("user_id = ?", userID).Order("created_at", "id").Scan(ctx)
	return rows, wrap(err, "read passkeys")
}

// PasskeyByCredential implements identity.PasskeyStore.
func (s People) PasskeyByCredential(ctx context.Context, credentialID string) (*identity.Passkey, error) {
	var p identity.Passkey
	err := s.forUpdate(s.write(ctx).NewSelect().Model(&p).Where("credential_id = ?", credentialID)).Scan(ctx)
	if err := found(err, "passkey"); err != nil {
		return nil, err
	}
	return &p, nil
}

// AddPasskey implements identity.PasskeyStore.
func (s People) AddPasskey(ctx context.Context, p *identity.Passkey) error {
	_, err := s.write(ctx).NewInsert().Model(p).Exec(ctx)
	return inserted(err, "passkey")
}

// SavePasskey implements identity.PasskeyStore.
func (s People) SavePasskey(ctx context.Context, p *identity.Passkey) error {
	_, err := s.write(ctx).NewUpdate().Model(p).WherePK().Exec(ctx)
	return wrap(err, "save passkey")
}

// DeletePasskey implements identity.PasskeyStore.
func (s People) DeletePasskey(ctx context.Context, userID, id string) error {
	res, err := s.write(ctx).NewDelete().Model((*identity.Passkey)(nil)).Where("id = ? AND user_id = ?", id, userID).Exec(ctx)
	if err != nil {
		return wrap(err, "delete passkey")
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "passkey.not_found")
	}
	return wrap(err, "delete passkey")
}

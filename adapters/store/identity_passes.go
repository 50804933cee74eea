package store

import (
	"context"

	"dure/domain/identity"
)

// ReplacePass implements identity.PassStore.
func (s People) ReplacePass(ctx context.Context, p *identity.Pass) error {
	return s.Do(ctx, func(ctx context.Context) error {
		if err := s.DeletePasses(ctx, p.UserID); err != nil {
			return err
		}
		_, err := s.write(ctx).NewInsert().Model(p).Exec(ctx)
		return wrap(err, "add pass")
	})
}

// PassByHash implements identity.PassStore.
func (s People) PassByHash(ctx context.Context, hash string) (*identity.Pass, error) {
	var p identity.Pass
	err := s.forUpdate(s.write(ctx).NewSelect().Model(&p).Where("hash = ?", hash)).Scan(ctx)
	if err := found(err, "pass"); err != nil {
		return nil, err
	}
	return &p, nil
}

// DeletePasses implements identity.PassStore.
func (s People) DeletePasses(ctx context.Context, userID string) error {
	_, err := s.write(ctx).NewDelete().Model((*identity.Pass)(nil)).Where("user_id = ?", userID).Exec(ctx)
	return wrap(err, "delete passes")
}

// AddUser implements identity.PassStore.
func (s People) AddUser(ctx context.Context, u *identity.User) error {
	_, err := s.write(ctx).NewInsert().Model(u).Exec(ctx)
	return inserted(err, "user")
}

// SetPasswordHash implements identity.PassStore.
func (s People) SetPasswordHash(ctx context.Context, userID, hash string) error {
	_, err := s.write(ctx).NewUpdate().Model((*identity.User)(nil)).Set("password_hash = ?", hash).Where("id = ?", userID).Exec(ctx)
	return wrap(err, "set password")
}

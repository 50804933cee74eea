package store

import (
	"context"
	"time"

	"dure/domain/identity"
)

// ClientByName implements identity.ClientStore.
func (s People) ClientByName(ctx context.Context, name string) (*identity.Client, error) {
	var c identity.Client
	err := s.write(ctx).NewSelect().Model(&c).Where("name = ?", name).Scan(ctx)
	if err := found(err, "client"); err != nil {
		return nil, err
	}
	return &c, nil
}

// ClientByID implements identity.ClientStore.
func (s People) ClientByID(ctx context.Context, id string) (*identity.Client, error) {
	var c identity.Client
	err := s.read(ctx).NewSelect().Model(&c).Where("id = ?", id).Scan(ctx)
	if err := found(err, "client"); err != nil {
		return nil, err
	}
	return &c, nil
}

// OrganizationByName implements identity.ClientStore.
func (s People) OrganizationByName(ctx context.Context, kind identity.OrganizationKind, name string) (*identity.Organization, error) {
	var o identity.Organization
	err := s.read(ctx).NewSelect().Model(&o).Where("kind = ? AND name = ?", kind, name).Order("id").Limit(1).Scan(ctx)
	if err := found(err, "organization"); err != nil {
		return nil, err
	}
	return &o, nil
}

// SaveClient implements identity.ClientStore.
func (s People) SaveClient(ctx context.Context, c *identity.Client) error {
	_, err := s.write(ctx).NewInsert().Model(c).On("CONFLICT (name) DO UPDATE").
		Set("secret_hash = EXCLUDED.secret_hash").Set("keys = EXCLUDED.keys").Set("active = EXCLUDED.active").Exec(ctx)
	return inserted(err, "client")
}

// spentAssertion is one that a client came with.
type spentAssertion struct {
	ClientID  string `bun:",pk"`
	JTI       string `bun:"jti,pk"`
	ExpiresAt time.Time
}

// SpendAssertion implements identity.ClientStore.
func (s People) SpendAssertion(ctx context.Context, clientID, jti string, expires, now time.Time) error {
	return s.Do(ctx, func(ctx context.Context) error {
		if _, err := s.write(ctx).NewDelete().Model((*spentAssertion)(nil)).Where("expires_at < ?", now).Exec(ctx); err != nil {
			return wrap(err, "forget assertions")
		}
		_, err := s.write(ctx).NewInsert().Model(&spentAssertion{clientID, jti, expires}).Exec(ctx)
		return inserted(err, "assertion")
	})
}

// revokedToken is an access token that was taken back.
type revokedToken struct {
	ID        string `bun:",pk"`
	ExpiresAt time.Time
}

// RevokeToken implements identity.ClientStore.
func (s People) RevokeToken(ctx context.Context, id string, expires, now time.Time) error {
	return s.Do(ctx, func(ctx context.Context) error {
		if _, err := s.write(ctx).NewDelete().Model((*revokedToken)(nil)).Where("expires_at < ?", now).Exec(ctx); err != nil {
			return wrap(err, "forget revoked tokens")
		}
		_, err := s.write(ctx).NewInsert().Model(&revokedToken{id, expires}).On("CONFLICT DO NOTHING").Exec(ctx)
		return wrap(err, "revoke token")
	})
}

// TokenRevoked implements identity.ClientStore.
func (s People) TokenRevoked(ctx context.Context, id string) (bool, error) {
	there, err := s.write(ctx).NewSelect().Model((*revokedToken)(nil)).Where("id = ?", id).Exists(ctx)
	return there, wrap(err, "read revoked tokens")
}

// SigningKeys implements identity.KeyStore.
func (s People) SigningKeys(ctx context.Context, since time.Time) ([]identity.SigningKey, error) {
	var keys []identity.SigningKey
	err := s.write(ctx).NewSelect().Model(&keys).Where("created_at > ?", since).Order("created_at", "id").Scan(ctx)
	return keys, wrap(err, "read signing keys")
}

// AddSigningKey implements identity.KeyStore.
func (s People) AddSigningKey(ctx context.Context, k *identity.SigningKey) error {
	_, err := s.write(ctx).NewInsert().Model(k).Exec(ctx)
	return wrap(err, "add signing key")
}

// AddAuthorization implements identity.AuthorizationStore.
func (s People) AddAuthorization(ctx context.Context, a *identity.Authorization) error {
	return s.Do(ctx, func(ctx context.Context) error {
		_, err := s.write(ctx).NewDelete().Model((*identity.Authorization)(nil)).Where("expires_at < ?", a.CreatedAt.Add(-24*time.Hour)).Exec(ctx)
		if err != nil {
			return wrap(err, "forget authorizations")
		}
		_, err = s.write(ctx).NewInsert().Model(a).Exec(ctx)
		return inserted(err, "authorization")
	})
}

// Authorization implements identity.AuthorizationStore.
func (s People) Authorization(ctx context.Context, id string) (*identity.Authorization, error) {
	return s.authorization(ctx, "id = ?", id)
}

// AuthorizationByCode implements identity.AuthorizationStore.
func (s People) AuthorizationByCode(ctx context.Context, hash string) (*identity.Authorization, error) {
	return s.authorization(ctx, "code_hash = ?", hash)
}

func (s People) authorization(ctx context.Context, where, value string) (*identity.Authorization, error) {
	var a identity.Authorization
	err := s.forUpdate(s.write(ctx).NewSelect().Model(&a).Where(where, value)).Scan(ctx)
	if err := found(err, "authorization"); err != nil {
		return nil, err
	}
	return &a, nil
}

// SaveAuthorization implements identity.AuthorizationStore.
func (s People) SaveAuthorization(ctx context.Context, a *identity.Authorization) error {
	_, err := s.write(ctx).NewUpdate().Model(a).WherePK().Exec(ctx)
	return wrap(err, "save authorization")
}

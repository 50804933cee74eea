package main

import (
	"time"

	"dure/adapters/vault"
	"dure/domain/identity"
)

// The adapters below fit the vault to what the domain asks for.

type passwords struct{}

func (passwords) Hash(password string) (string, error) { return vault.HashPassword(password) }
func (passwords) Verify(hash, password string) (bool, error) {
	return vault.VerifyPassword(hash, password)
}
func (passwords) Spend(password string) { vault.SpendPassword(password) }

type refreshTokens struct{}

func (refreshTokens) New() (token, hash string) { return vault.NewRefreshToken() }
func (refreshTokens) Hash(token string) string  { return vault.HashRefreshToken(token) }

type tokens struct{ vault *vault.Vault }

func (t tokens) Issue(a identity.Actor, expires time.Time) (string, error) {
	now := time.Now()
	return t.vault.IssueToken(vault.Claims{
		Subject: a.UserID, Persona: string(a.Persona), OrganizationID: a.OrganizationID, DealerID: a.DealerID,
		SessionID: a.SessionID, DeviceID: a.DeviceID, Language: a.Language, IssuedAt: now,
	}, expires.Sub(now))
}

func (t tokens) Verify(token string, now time.Time) (identity.Actor, error) {
	c, err := t.vault.VerifyToken(token, now)
	if err != nil {
		return identity.Actor{}, err
	}
	return identity.Actor{
		UserID: c.Subject, Persona: identity.Persona(c.Persona), OrganizationID: c.OrganizationID, DealerID: c.DealerID,
		SessionID: c.SessionID, DeviceID: c.DeviceID, Language: c.Language, App: c.App, TokenID: c.TokenID, Scopes: c.Scopes,
		IssuedAt: c.IssuedAt, ExpiresAt: c.ExpiresAt,
	}, nil
}

type sealer struct{ vault *vault.Vault }

func (s sealer) Seal(purpose, plain string) (string, error)  { return s.vault.Seal(purpose, plain) }
func (s sealer) Open(purpose, sealed string) (string, error) { return s.vault.Open(purpose, sealed) }

func (s sealer) BlindIndex(purpose, normal string) string    { return s.vault.BlindIndex(purpose, normal) }
func (s sealer) NormalisePhone(phone string) (string, error) { return vault.NormalisePhone(phone) }
func (s sealer) NormaliseMail(mail string) (string, error)   { return vault.NormaliseMail(mail), nil }

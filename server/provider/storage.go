package provider

import (
	"context"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
	"golang.org/x/text/language"

	"dure/domain/fault"
	"dure/domain/identity"
)

// storage is what the library asks for, over identity.Service. It implements
// op.Storage; what protocol answers by itself is refused here.
type storage struct {
	people *identity.Service
	issuer string
}

var _ op.Storage = (*storage)(nil)

// Health implements op.Storage.
func (s *storage) Health(context.Context) error { return nil }

// CreateAuthRequest implements op.Storage: an app must use PKCE, and there is no
// sign-in to go on with.
func (s *storage) CreateAuthRequest(ctx context.Context, r *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	if r.ResponseType != oidc.ResponseTypeCode {
		return nil, oidc.ErrInvalidRequest().WithDescription("response_type must be code")
	}
	if len(r.CodeChallenge) < 43 || r.CodeChallengeMethod != oidc.CodeChallengeMethodS256 {
		return nil, oidc.ErrInvalidRequest().WithDescription("code_challenge with S256 is required")
	}
	if r.ResponseMode != "" && r.ResponseMode != oidc.ResponseModeQuery {
		return nil, oidc.ErrInvalidRequest().WithDescription("response_mode must be query")
	}
	for _, p := range r.Prompt {
		if p == oidc.PromptNone {
			return nil, oidc.ErrLoginRequired()
		}
	}
	device, _ := ctx.Value(deviceKey{}).(string)
	const longest = 2_000
	if len(r.State) > longest || len(r.Nonce) > longest || len(r.CodeChallenge) > 128 || len(device) > 200 {
		return nil, oidc.ErrInvalidRequest().WithDescription("the request is too long")
	}
	a, err := s.people.Authorize(ctx, identity.Authorization{
		App: r.ClientID, RedirectURI: r.RedirectURI, State: r.State, Nonce: r.Nonce, Challenge: r.CodeChallenge, Scopes: withAPI(r.Scopes), DeviceID: device,
	})
	if err != nil {
		return nil, problem(err, oidc.ErrInvalidRequest())
	}
	return &codeRequest{row: a}, nil
}

// AuthRequestByID implements op.Storage.
func (s *storage) AuthRequestByID(ctx context.Context, id string) (op.AuthRequest, error) {
	a, err := s.people.Authorization(ctx, id)
	if err != nil {
		return nil, problem(err, oidc.ErrInvalidRequest())
	}
	return &codeRequest{row: a}, nil
}

// AuthRequestByCode implements op.Storage.
func (s *storage) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	a, err := s.people.AuthorizationByCode(ctx, code)
	if err != nil {
		return nil, problem(err, oidc.ErrInvalidGrant())
	}
	return &codeRequest{row: a}, nil
}

// SaveAuthCode implements op.Storage.
func (s *storage) SaveAuthCode(ctx context.Context, id, code string) error {
	if err := s.people.GrantCode(ctx, id, code); err != nil {
		return problem(err, oidc.ErrInvalidRequest())
	}
	return nil
}

// DeleteAuthRequest implements op.Storage. A request stays for a day, so that a
// code that comes twice is known.
func (s *storage) DeleteAuthRequest(context.Context, string) error { return nil }

// CreateAccessToken implements op.Storage.
func (s *storage) CreateAccessToken(ctx context.Context, r op.TokenRequest) (id string, ends time.Time, err error) {
	switch r := r.(type) {
	case machineRequest:
		return s.people.NewID("tok"), r.expires(s.people.Now()), nil
	case *codeRequest:
		if r.session, err = s.people.Exchange(ctx, r.row.ID, false); err != nil {
			return "", time.Time{}, problem(err, oidc.ErrInvalidGrant())
		}
		return s.people.NewID("tok"), r.session.ExpiresAt, nil
	default:
		return "", time.Time{}, oidc.ErrUnsupportedGrantType()
	}
}

// CreateAccessAndRefreshTokens implements op.Storage.
func (s *storage) CreateAccessAndRefreshTokens(ctx context.Context, r op.TokenRequest, current string) (id, refresh string, ends time.Time, err error) {
	var session *identity.SignedIn
	switch r := r.(type) {
	case *codeRequest:
		session, err = s.people.Exchange(ctx, r.row.ID, true)
		r.session = session
	case *refreshRequest:
		session, err = s.people.RefreshFor(ctx, r.row.App, current)
		r.session = session
	default:
		return "", "", time.Time{}, oidc.ErrUnsupportedGrantType()
	}
	if err != nil {
		return "", "", time.Time{}, problem(err, oidc.ErrInvalidGrant())
	}
	return s.people.NewID("tok"), session.RefreshToken, session.ExpiresAt, nil
}

// TokenRequestByRefreshToken implements op.Storage. Whether the token is the
// newest is judged when it is spent.
func (s *storage) TokenRequestByRefreshToken(ctx context.Context, token string) (op.RefreshTokenRequest, error) {
	session, err := s.people.SessionFor(ctx, token)
	if err != nil {
		return nil, problem(err, oidc.ErrInvalidGrant())
	}
	return &refreshRequest{row: session, scopes: session.Scopes}, nil
}

// TerminateSession implements op.Storage.
func (s *storage) TerminateSession(context.Context, string, string) error { return nil }

// TerminateSessionFromRequest implements op.CanTerminateSessionFromRequest: the
// session that the id token was given for ends.
func (s *storage) TerminateSessionFromRequest(ctx context.Context, r *op.EndSessionRequest) (string, error) {
	if r.IDTokenHintClaims != nil {
		if err := s.people.EndFor(ctx, r.UserID, r.IDTokenHintClaims.SessionID); err != nil {
			return "", problem(err, oidc.ErrInvalidRequest())
		}
	}
	if r.RedirectURI == "" {
		return s.issuer + "/", nil
	}
	return r.RedirectURI, nil
}

// RevokeToken implements op.Storage; protocol revokes.
func (s *storage) RevokeToken(context.Context, string, string, string) *oidc.Error {
	return oidc.ErrInvalidRequest()
}

// GetRefreshTokenInfo implements op.Storage; protocol revokes.
func (s *storage) GetRefreshTokenInfo(context.Context, string, string) (userID, tokenID string, err error) {
	return "", "", op.ErrInvalidRefreshToken
}

// GetClientByClientID implements op.Storage: only apps sign people in.
func (s *storage) GetClientByClientID(_ context.Context, name string) (op.Client, error) {
	a, ok := identity.AppByName(name)
	if !ok {
		return nil, oidc.ErrInvalidRequestRedirectURI().WithDescription("there is no such app")
	}
	return app(a, s.issuer), nil
}

// AuthorizeClientIDSecret implements op.Storage; protocol verifies clients.
func (s *storage) AuthorizeClientIDSecret(context.Context, string, string) error {
	return oidc.ErrInvalidClient()
}

// SetUserinfoFromScopes implements op.Storage.
func (s *storage) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// SetUserinfoFromRequest implements op.CanSetUserinfoFromRequest: what an id token
// tells of a person, and the session that it belongs to.
func (s *storage) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, r op.IDTokenRequest, scopes []string) error {
	session := sessionOf(r)
	if session == nil {
		return nil
	}
	fillUserinfo(info, session.User, scopes)
	info.AppendClaims("sid", session.Actor.SessionID)
	return nil
}

func fillUserinfo(info *oidc.UserInfo, u *identity.User, scopes []string) {
	info.Subject = u.ID
	for _, scope := range scopes {
		switch scope {
		case oidc.ScopeProfile:
			info.Name, info.PreferredUsername = u.Name, u.Login
			if u.Language != "" {
				info.Locale = oidc.NewLocale(language.Make(u.Language))
			}
		case oidc.ScopeEmail:
			info.Email = u.Login
		case scopeAPI:
			info.AppendClaims("persona", string(u.Persona))
			info.AppendClaims("org", u.OrganizationID)
		}
	}
}

// SetUserinfoFromToken implements op.Storage; protocol answers userinfo.
func (s *storage) SetUserinfoFromToken(context.Context, *oidc.UserInfo, string, string, string) error {
	return oidc.ErrAccessDenied()
}

// SetIntrospectionFromToken implements op.Storage; protocol introspects.
func (s *storage) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string, string) error {
	return oidc.ErrAccessDenied()
}

// GetPrivateClaimsFromScopes implements op.Storage.
func (s *storage) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

// GetPrivateClaimsFromRequest implements op.CanGetPrivateClaimsFromRequest: whom
// an access token speaks for.
func (s *storage) GetPrivateClaimsFromRequest(_ context.Context, r op.TokenRequest, _ []string) (map[string]any, error) {
	var a identity.Actor
	if m, ok := r.(machineRequest); ok {
		a = m.client.Machine()
	} else if session := sessionOf(r); session != nil {
		a = session.Actor
	}
	claims := map[string]any{"persona": string(a.Persona), "scope": strings.Join(r.GetScopes(), " ")}
	for name, value := range map[string]string{"org": a.OrganizationID, "dealer": a.DealerID, "sid": a.SessionID, "device": a.DeviceID, "lang": a.Language} {
		if value != "" {
			claims[name] = value
		}
	}
	return claims, nil
}

// GetKeyByIDAndClientID implements op.Storage: a key that a client signs its
// assertions with.
func (s *storage) GetKeyByIDAndClientID(ctx context.Context, id, name string) (*jose.JSONWebKey, error) {
	c, err := s.people.ClientKeys(ctx, name)
	if err != nil {
		return nil, err
	}
	set, err := parseKeys(c.Keys)
	if err != nil {
		return nil, err
	}
	for _, key := range set.Keys {
		if key.KeyID == id || id == "" && len(set.Keys) == 1 {
			return &key, nil
		}
	}
	return nil, fault.New(fault.Unauthenticated, "client.refused")
}

// ValidateJWTProfileScopes implements op.Storage; nobody signs tokens for others.
func (s *storage) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, oidc.ErrUnsupportedGrantType()
}

package provider

import (
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"dure/domain/identity"
)

// codeRequest is an app's request to sign somebody in, and the session that its
// code bought.
type codeRequest struct {
	row     *identity.Authorization
	session *identity.SignedIn
}

// The methods below implement op.AuthRequest.

func (r *codeRequest) GetID() string                      { return r.row.ID }
func (r *codeRequest) GetACR() string                     { return "" }
func (r *codeRequest) GetAMR() []string                   { return nil }
func (r *codeRequest) GetAudience() []string              { return []string{audience} }
func (r *codeRequest) GetAuthTime() time.Time             { return r.row.SignedInAt }
func (r *codeRequest) GetClientID() string                { return r.row.App }
func (r *codeRequest) GetNonce() string                   { return r.row.Nonce }
func (r *codeRequest) GetRedirectURI() string             { return r.row.RedirectURI }
func (r *codeRequest) GetResponseType() oidc.ResponseType { return oidc.ResponseTypeCode }
func (r *codeRequest) GetResponseMode() oidc.ResponseMode { return oidc.ResponseModeQuery }
func (r *codeRequest) GetScopes() []string                { return r.row.Scopes }
func (r *codeRequest) GetState() string                   { return r.row.State }
func (r *codeRequest) GetSubject() string                 { return r.row.UserID }
func (r *codeRequest) Done() bool                         { return r.row.UserID != "" }
func (r *codeRequest) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: r.row.Challenge, Method: oidc.CodeChallengeMethodS256}
}

// refreshRequest is a session whose refresh token is to be traded.
type refreshRequest struct {
	row     *identity.Session
	scopes  []string
	session *identity.SignedIn
}

// The methods below implement op.RefreshTokenRequest.

func (r *refreshRequest) GetAMR() []string                 { return nil }
func (r *refreshRequest) GetAudience() []string            { return []string{audience} }
func (r *refreshRequest) GetAuthTime() time.Time           { return r.row.CreatedAt }
func (r *refreshRequest) GetClientID() string              { return r.row.App }
func (r *refreshRequest) GetScopes() []string              { return r.scopes }
func (r *refreshRequest) GetSubject() string               { return r.row.UserID }
func (r *refreshRequest) SetCurrentScopes(scopes []string) { r.scopes = withAPI(scopes) }

// sessionOf is the session that a request bought, nil before it did.
func sessionOf(request any) *identity.SignedIn {
	switch r := request.(type) {
	case *codeRequest:
		return r.session
	case *refreshRequest:
		return r.session
	default:
		return nil
	}
}

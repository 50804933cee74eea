package provider

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"dure/domain/fault"
	"dure/domain/identity"
)

// protocol is the library's server where it does what we want, and our own
// answers where it does not: how clients prove themselves, what is offered, and
// whose tokens may be looked into.
type protocol struct {
	*op.LegacyServer
	storage *storage
	people  *identity.Service
	issuer  string
}

// problem turns a fault into what the protocol answers; ours are server errors
// that say nothing.
func problem(err error, otherwise *oidc.Error) error {
	switch code := fault.CodeOf(err); code {
	case "":
		return oidc.ErrServerError().WithParent(err)
	case fault.Limited:
		return op.NewStatusError(oidc.ErrInvalidRequest().WithDescription("too many requests, try again later"), http.StatusTooManyRequests)
	case fault.Internal:
		return oidc.ErrServerError().WithParent(err)
	default:
		return otherwise
	}
}

// refusedClient is what every client gets that does not prove itself, so that
// it tells nothing.
func refusedClient(err error) error {
	p := problem(err, oidc.ErrInvalidClient())
	if e := (*oidc.Error)(nil); errors.As(p, &e) && e.ErrorType == oidc.InvalidClient {
		return op.NewStatusError(e, http.StatusUnauthorized)
	}
	return p
}

// VerifyClient implements op.Server: a secret, a signed assertion, or for the
// product's own apps their name.
func (p *protocol) VerifyClient(ctx context.Context, r *op.Request[op.ClientCredentials]) (op.Client, error) {
	if err := p.people.Throttle(ctx); err != nil {
		return nil, problem(err, oidc.ErrInvalidClient())
	}
	switch {
	case r.Data.ClientAssertion != "":
		return p.byAssertion(ctx, r.Data.ClientID, r.Data.ClientAssertion)
	case r.Data.ClientSecret != "":
		c, err := p.people.ClientBySecret(ctx, r.Data.ClientID, r.Data.ClientSecret)
		if err != nil {
			return nil, refusedClient(err)
		}
		return machine(c, oidc.AuthMethodBasic), nil
	default:
		a, ok := identity.AppByName(r.Data.ClientID)
		if !ok {
			return nil, refusedClient(fault.New(fault.Unauthenticated, "client.refused"))
		}
		return app(a, p.issuer), nil
	}
}

// byAssertion proves a client by what it signed with its own key (RFC 7523). An
// assertion is for us alone, lives for minutes, and is good once.
func (p *protocol) byAssertion(ctx context.Context, named, assertion string) (op.Client, error) {
	proof, err := p.verifyAssertion(ctx, assertion)
	if err != nil || named != "" && named != proof.Issuer {
		return nil, refusedClient(fault.New(fault.Unauthenticated, "client.refused"))
	}
	c, err := p.people.ClientKeys(ctx, proof.Issuer)
	if err == nil {
		err = p.people.SpendAssertion(ctx, c, proof.JWTID, proof.ExpiresAt.AsTime())
	}
	if err != nil {
		return nil, refusedClient(err)
	}
	return machine(c, oidc.AuthMethodPrivateKeyJWT), nil
}

// verifyAssertion checks signature, times and audience: the issuer, or the token
// endpoint as older clients write it.
func (p *protocol) verifyAssertion(ctx context.Context, assertion string) (*oidc.JWTTokenRequest, error) {
	var failed error
	for _, us := range []string{p.issuer, p.issuer + pathToken} {
		proof, err := op.VerifyJWTAssertion(ctx, assertion, op.NewJWTProfileVerifier(p.storage, us, identity.AssertionFor, identity.AssertionSkew))
		if err == nil {
			return proof, nil
		}
		failed = err
	}
	return nil, failed
}

// Discovery implements op.Server: what the library lists, less what we do not do.
func (p *protocol) Discovery(ctx context.Context, r *op.Request[struct{}]) (*op.Response, error) {
	answer, err := p.LegacyServer.Discovery(ctx, r)
	if err != nil {
		return nil, err
	}
	if d, ok := answer.Data.(*oidc.DiscoveryConfiguration); ok {
		d.ResponseTypesSupported = []string{string(oidc.ResponseTypeCode)}
		d.GrantTypesSupported = []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken, oidc.GrantTypeClientCredentials}
		d.TokenEndpointAuthSigningAlgValuesSupported = assertionAlgorithms
		d.IntrospectionEndpointAuthSigningAlgValuesSupported = assertionAlgorithms
		d.RevocationEndpointAuthSigningAlgValuesSupported = assertionAlgorithms
		d.RequestObjectSigningAlgValuesSupported = nil
	}
	return answer, nil
}

var assertionAlgorithms = []string{"RS256", "ES256", "PS256"}

type deviceKey struct{}

// Authorize implements op.Server. An app names its device beside what OpenID
// Connect defines, so that acts made offline on it are judged by its own time.
func (p *protocol) Authorize(ctx context.Context, r *op.ClientRequest[oidc.AuthRequest]) (*op.Redirect, error) {
	if err := p.people.Throttle(ctx); err != nil {
		return nil, problem(err, oidc.ErrInvalidRequest())
	}
	return p.LegacyServer.Authorize(context.WithValue(ctx, deviceKey{}, r.Form.Get("device_id")), r)
}

// ClientCredentialsExchange implements op.Server.
func (p *protocol) ClientCredentialsExchange(ctx context.Context, r *op.ClientRequest[oidc.ClientCredentialsRequest]) (*op.Response, error) {
	c, ok := r.Client.(client)
	if !ok || c.machine == nil {
		return nil, oidc.ErrUnauthorizedClient()
	}
	for _, scope := range r.Data.Scope {
		if scope != scopeAPI {
			return nil, oidc.ErrInvalidScope()
		}
	}
	answer, err := op.CreateClientCredentialsTokenResponse(ctx, machineRequest{c.machine}, p.Provider(), c)
	if err != nil {
		return nil, err
	}
	return op.NewResponse(answer), nil
}

// JWTProfile implements op.Server: nobody may sign tokens for somebody else.
func (p *protocol) JWTProfile(context.Context, *op.Request[oidc.JWTProfileGrantRequest]) (*op.Response, error) {
	return nil, oidc.ErrUnsupportedGrantType()
}

// Introspect implements op.Server: a system may look into its own tokens.
func (p *protocol) Introspect(ctx context.Context, r *op.Request[op.IntrospectionRequest]) (*op.Response, error) {
	c, err := p.VerifyClient(ctx, &op.Request[op.ClientCredentials]{Data: r.Data.ClientCredentials})
	if err != nil {
		return nil, err
	}
	answer := new(oidc.IntrospectionResponse)
	a, ok, err := p.people.Introspect(ctx, c.GetID(), r.Data.Token)
	if err != nil {
		return nil, oidc.ErrServerError().WithParent(err)
	}
	if !ok {
		return op.NewResponse(answer), nil
	}
	answer.Active, answer.ClientID, answer.Subject, answer.TokenType = true, a.App, a.UserID, oidc.BearerToken
	answer.Issuer, answer.Audience, answer.JWTID = p.issuer, oidc.Audience{audience}, a.TokenID
	answer.Scope = strings.Fields(a.Scopes)
	answer.Expiration, answer.IssuedAt = oidc.FromTime(a.ExpiresAt), oidc.FromTime(a.IssuedAt)
	answer.Claims = map[string]any{"persona": string(a.Persona), "org": a.OrganizationID}
	return op.NewResponse(answer), nil
}

// Revocation implements op.Server.
func (p *protocol) Revocation(ctx context.Context, r *op.ClientRequest[oidc.RevocationRequest]) (*op.Response, error) {
	if err := p.people.RevokeToken(ctx, r.Client.GetID(), r.Data.Token); err != nil {
		return nil, problem(err, oidc.ErrInvalidRequest())
	}
	return op.NewResponse(nil), nil
}

// machineRequest is a client's wish for a token of its own.
type machineRequest struct{ client *identity.Client }

// The methods below implement op.TokenRequest.

func (m machineRequest) GetSubject() string    { return m.client.ID }
func (m machineRequest) GetAudience() []string { return []string{audience} }
func (m machineRequest) GetScopes() []string   { return []string{scopeAPI} }

// expires is when a machine's token ends.
func (m machineRequest) expires(now time.Time) time.Time { return now.Add(identity.MachineFor) }

// withAPI adds the scope that every access token has.
func withAPI(asked []string) []string {
	if slices.Contains(asked, scopeAPI) {
		return asked
	}
	return append(slices.Clone(asked), scopeAPI)
}

// UserInfo implements op.Server.
func (p *protocol) UserInfo(ctx context.Context, r *op.Request[oidc.UserInfoRequest]) (*op.Response, error) {
	a, user, err := p.people.PersonOf(ctx, r.Data.AccessToken)
	if err != nil || user == nil || a.SessionID == "" || a.TokenID == "" {
		if code := fault.CodeOf(err); err != nil && (code == "" || code == fault.Internal) {
			return nil, oidc.ErrServerError().WithParent(err)
		}
		return nil, op.NewStatusError(oidc.ErrAccessDenied().WithDescription("access token invalid"), http.StatusUnauthorized)
	}
	info := new(oidc.UserInfo)
	fillUserinfo(info, user, strings.Fields(a.Scopes))
	return op.NewResponse(info), nil
}

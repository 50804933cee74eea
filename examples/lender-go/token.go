package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// provider is what discovery tells about who gives out tokens.
type provider struct {
	Issuer        string `json:"issuer"`
	TokenEndpoint string `json:"token_endpoint"`
}

// signIn returns a client whose requests carry an access token. It asks for a
// new one shortly before the last one ends.
func signIn(ctx context.Context, s settings) (*http.Client, error) {
	p, err := discover(ctx, s.url)
	if err != nil {
		return nil, err
	}
	var tokens oauth2.TokenSource
	switch {
	case s.keyFile != "":
		if tokens, err = byKey(ctx, p, s); err != nil {
			return nil, err
		}
	case s.secret != "":
		c := clientcredentials.Config{ClientID: s.clientID, ClientSecret: s.secret, TokenURL: p.TokenEndpoint, AuthStyle: oauth2.AuthStyleInHeader}
		tokens = c.TokenSource(ctx)
	default:
		return nil, errors.New("set LENDER_CLIENT_SECRET, or LENDER_CLIENT_KEY to the file of a private key")
	}
	client := oauth2.NewClient(ctx, tokens)
	client.Timeout = 30 * time.Second
	return client, nil
}

func discover(ctx context.Context, base string) (p provider, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/.well-known/openid-configuration", nil)
	if err != nil {
		return p, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return p, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return p, fmt.Errorf("discovery at %s: %s", base, response.Status)
	}
	return p, json.NewDecoder(response.Body).Decode(&p)
}

// assertions signs who this system is, anew for each token: an assertion that
// comes twice is refused.
type assertions struct {
	ctx      context.Context //nolint:containedctx // oauth2.TokenSource takes none
	provider provider
	clientID string
	signer   jose.Signer
}

// byKey speaks private_key_jwt (RFC 7523) with the key in the settings.
func byKey(ctx context.Context, p provider, s settings) (oauth2.TokenSource, error) {
	raw, err := os.ReadFile(s.keyFile)
	if err != nil {
		return nil, err
	}
	var key jose.JSONWebKey
	if err := key.UnmarshalJSON(raw); err != nil {
		return nil, fmt.Errorf("%s: %w", s.keyFile, err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: key}, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.keyFile, err)
	}
	return oauth2.ReuseTokenSource(nil, assertions{ctx, p, s.clientID, signer}), nil
}

// Token implements oauth2.TokenSource.
func (a assertions) Token() (*oauth2.Token, error) {
	now := time.Now()
	assertion, err := jwt.Signed(a.signer).Claims(jwt.Claims{
		ID: rand.Text(), Issuer: a.clientID, Subject: a.clientID, Audience: jwt.Audience{a.provider.Issuer},
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Minute)),
	}).Serialize()
	if err != nil {
		return nil, err
	}
	c := clientcredentials.Config{
		ClientID: a.clientID, TokenURL: a.provider.TokenEndpoint, AuthStyle: oauth2.AuthStyleInParams,
		EndpointParams: url.Values{
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
			"client_assertion":      {assertion},
		},
	}
	return c.Token(a.ctx)
}

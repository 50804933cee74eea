package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/op"

	"dure/domain/identity"
)

// SignatureAlgorithms implements op.Storage.
func (s *storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.ES256}, nil
}

// SigningKey implements op.Storage.
func (s *storage) SigningKey(ctx context.Context) (op.SigningKey, error) {
	k, err := s.people.Keys.Signer(ctx)
	if err != nil {
		return nil, err
	}
	return private{k}, nil
}

// KeySet implements op.Storage.
func (s *storage) KeySet(ctx context.Context) ([]op.Key, error) {
	keys, err := s.people.Keys.Published(ctx)
	out := make([]op.Key, len(keys))
	for i := range keys {
		out[i] = public{&keys[i]}
	}
	return out, err
}

// private signs.
type private struct{ key *identity.SigningKey }

func (p private) ID() string                                  { return p.key.ID }
func (p private) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.ES256 }
func (p private) Key() any                                    { return p.key.Private }

// public verifies.
type public struct{ key *identity.SigningKey }

func (p public) ID() string                         { return p.key.ID }
func (p public) Algorithm() jose.SignatureAlgorithm { return jose.ES256 }
func (p public) Use() string                        { return "sig" }
func (p public) Key() any                           { return &p.key.Private.PublicKey }

// parseKeys reads a client's JSON Web Key Set.
func parseKeys(text string) (*jose.JSONWebKeySet, error) {
	var set jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(text), &set); err != nil {
		return nil, fmt.Errorf("read a key set: %w", err)
	}
	return &set, nil
}

// CheckKeys reports why text is no key set that a client may be registered with:
// public keys of the algorithms that assertions are signed with.
func CheckKeys(text string) error {
	set, err := parseKeys(text)
	if err != nil {
		return err
	}
	if len(set.Keys) == 0 {
		return errors.New("read a key set: it has no keys")
	}
	for _, key := range set.Keys {
		if !key.Valid() || !key.IsPublic() {
			return fmt.Errorf("read a key set: key %q is not a valid public key", key.KeyID)
		}
	}
	return nil
}

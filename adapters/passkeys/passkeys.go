// Package passkeys speaks WebAuthn with people's browsers: it makes challenges and
// checks what devices answer. It keeps nothing.
package passkeys

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"dure/domain/fault"
	"dure/domain/identity"
)

// ErrNoName says that an address has no name, as https://dure.example has: browsers
// keep passkeys by it.
var ErrNoName = errors.New("passkeys need an address with a name")

var (
	errBadAnswer = fault.New(fault.Invalid, "passkey.bad_answer").On("answer")
	errRefused   = fault.New(fault.Unauthenticated, "passkey.refused")
)

// Devices implements identity.Devices for one public address.
type Devices struct{ party *webauthn.WebAuthn }

// Open returns the passkeys of an address such as https://dure.example. It fails
// with ErrNoName for an address that is a number.
func Open(address string) (Devices, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Devices{}, fmt.Errorf("read the public address: %w", err)
	}
	host := u.Hostname()
	if host == "" || net.ParseIP(host) != nil {
		return Devices{}, ErrNoName
	}
	required := true
	party, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: "Dure", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation, // whose make a device is, is nobody's business
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: &required, UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{
			Registration: webauthn.TimeoutConfig{Timeout: identity.ChallengeFor, TimeoutUVD: identity.ChallengeFor},
			Login:        webauthn.TimeoutConfig{Timeout: identity.ChallengeFor, TimeoutUVD: identity.ChallengeFor},
		},
		// A browser's extension may add what nobody asked for.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return Devices{}, fmt.Errorf("open passkeys: %w", err)
	}
	return Devices{party}, nil
}

// person is somebody as the library sees them.
type person struct {
	user *identity.User
	have []webauthn.Credential
}

func (p person) WebAuthnID() []byte                         { return []byte(p.user.ID) }
func (p person) WebAuthnName() string                       { return p.user.Login }
func (p person) WebAuthnDisplayName() string                { return p.user.Name }
func (p person) WebAuthnCredentials() []webauthn.Credential { return p.have }

func personOf(u *identity.User, have []identity.Passkey) (person, error) {
	p := person{user: u, have: make([]webauthn.Credential, len(have))}
	for i, k := range have {
		if err := json.Unmarshal([]byte(k.Credential), &p.have[i]); err != nil {
			return p, fmt.Errorf("read passkey %s: %w", k.ID, err)
		}
	}
	return p, nil
}

// pack writes what the browser is asked, and what its answer is checked against.
func pack(options any, session *webauthn.SessionData, err error) (asked, state string, _ error) {
	if err != nil {
		return "", "", fmt.Errorf("make a challenge: %w", err)
	}
	o, err := json.Marshal(options)
	if err != nil {
		return "", "", fmt.Errorf("make a challenge: %w", err)
	}
	s, err := json.Marshal(session)
	if err != nil {
		return "", "", fmt.Errorf("make a challenge: %w", err)
	}
	return string(o), string(s), nil
}

func unpack(state string) (webauthn.SessionData, error) {
	var s webauthn.SessionData
	if err := json.Unmarshal([]byte(state), &s); err != nil {
		return s, fmt.Errorf("read a challenge: %w", err)
	}
	return s, nil
}

// Invite implements identity.Devices.
func (d Devices) Invite(u *identity.User, have []identity.Passkey) (options, state string, err error) {
	p, err := personOf(u, have)
	if err != nil {
		return "", "", err
	}
	creation, session, err := d.party.BeginRegistration(p, webauthn.WithExclusions(webauthn.Credentials(p.have).CredentialDescriptors()))
	if err != nil {
		return pack(nil, nil, err)
	}
	return pack(creation.Response, session, nil)
}

// Admit implements identity.Devices.
func (d Devices) Admit(u *identity.User, have []identity.Passkey, state, answer string) (credentialID, credential string, err error) {
	p, err := personOf(u, have)
	if err != nil {
		return "", "", err
	}
	session, err := unpack(state)
	if err != nil {
		return "", "", err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer))
	if err != nil {
		return "", "", errBadAnswer
	}
	made, err := d.party.CreateCredential(p, session, parsed)
	if err != nil {
		return "", "", errBadAnswer
	}
	kept, err := json.Marshal(made)
	if err != nil {
		return "", "", fmt.Errorf("keep a passkey: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(made.ID), string(kept), nil
}

// Ask implements identity.Devices.
func (d Devices) Ask() (options, state string, err error) {
	assertion, session, err := d.party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return pack(nil, nil, err)
	}
	return pack(assertion.Response, session, nil)
}

// Prove implements identity.Devices.
func (d Devices) Prove(state, answer string, find func(credentialID, userID string) (*identity.Passkey, *identity.User, error)) (credential string, cloned bool, err error) {
	session, err := unpack(state)
	if err != nil {
		return "", false, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return "", false, errRefused
	}
	var failed error // of find, which the library words as its own
	owner := func(rawID, handle []byte) (webauthn.User, error) {
		k, u, err := find(base64.RawURLEncoding.EncodeToString(rawID), string(handle))
		if err != nil {
			failed = err
			return nil, err
		}
		p, err := personOf(u, []identity.Passkey{*k})
		failed = err
		return p, err
	}
	_, proved, err := d.party.ValidatePasskeyLogin(owner, session, parsed)
	if failed != nil {
		return "", false, failed
	}
	if err != nil {
		return "", false, errRefused
	}
	kept, err := json.Marshal(proved)
	if err != nil {
		return "", false, fmt.Errorf("keep a passkey: %w", err)
	}
	return string(kept), proved.Authenticator.CloneWarning, nil
}

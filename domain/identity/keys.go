package identity

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"sync"
	"time"
)

// How signing keys follow one another. Verifiers may remember the published keys
// for as long as a key waits before it signs.
const (
	KeySignsAfter = time.Hour           // published, and not signing yet
	KeySignsFor   = 30 * 24 * time.Hour // then the next one takes over
	KeyShownFor   = 24 * time.Hour      // longer than any token lives
)

// SigningKey is a key pair that tokens are signed with (ECDSA, P-256).
type SigningKey struct {
	ID        string `bun:",pk"`
	Sealed    string
	CreatedAt time.Time

	Private *ecdsa.PrivateKey `bun:"-"`
}

// KeyStore keeps sealed signing keys.
type KeyStore interface {
	SigningKeys(ctx context.Context, since time.Time) ([]SigningKey, error)
	AddSigningKey(ctx context.Context, k *SigningKey) error
}

// KeySealer encrypts private keys at rest.
type KeySealer interface {
	Seal(purpose, plain string) (string, error)
	Open(purpose, sealed string) (string, error)
}

// Keys makes, remembers and replaces the keys that tokens are signed with. Every
// node finds the same ones in the database. It is safe for concurrent use.
type Keys struct {
	Store  KeyStore
	Sealer KeySealer
	Now    func() time.Time
	NewID  func(prefix string) string

	mutex sync.Mutex
	known []SigningKey // the oldest first
	asked time.Time    // when the store was last asked
}

// askAgain is how soon the store is asked anew for keys that are not known.
const askAgain = time.Second

// signer is the key that signs at now: the newest that was published long
// enough, or the oldest of all when none was.
func signer(keys []SigningKey, now time.Time) *SigningKey {
	if len(keys) == 0 {
		return nil
	}
	for i := len(keys) - 1; i > 0; i-- {
		if !now.Before(keys[i].CreatedAt.Add(KeySignsAfter)) {
			return &keys[i]
		}
	}
	return &keys[0]
}

// needsNext reports whether it is time to publish the next key.
func needsNext(keys []SigningKey, now time.Time) bool {
	return len(keys) == 0 || !now.Before(keys[len(keys)-1].CreatedAt.Add(KeySignsFor))
}

// Published are the keys that a token may be signed with, the oldest first.
func (k *Keys) Published(ctx context.Context) ([]SigningKey, error) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if err := k.refresh(ctx); err != nil {
		return nil, err
	}
	return slices.Clone(k.known), nil
}

// Signer is the key that signs now.
func (k *Keys) Signer(ctx context.Context) (*SigningKey, error) {
	keys, err := k.Published(ctx)
	if err != nil {
		return nil, err
	}
	return signer(keys, k.Now()), nil
}

// Public returns the public half of a key by its id, for verifying.
func (k *Keys) Public(id string) (*ecdsa.PublicKey, bool) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if key := find(k.known, id); key != nil {
		return key, true
	}
	if k.Now().Sub(k.asked) < askAgain {
		return nil, false // somebody makes ids up
	}
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Second)
	defer stop()
	if err := k.read(ctx); err != nil {
		return nil, false
	}
	key := find(k.known, id)
	return key, key != nil
}

func find(keys []SigningKey, id string) *ecdsa.PublicKey {
	for _, key := range keys {
		if key.ID == id {
			return &key.Private.PublicKey
		}
	}
	return nil
}

// refresh reads the keys once a minute and adds the next when it is time. Two
// nodes may each add one: both are published, and either may sign.
func (k *Keys) refresh(ctx context.Context) error {
	now := k.Now()
	if k.asked.IsZero() || now.Sub(k.asked) > time.Minute || needsNext(k.known, now) {
		if err := k.read(ctx); err != nil {
			return err
		}
	}
	if !needsNext(k.known, now) {
		return nil
	}
	key, err := k.make(now)
	if err != nil {
		return err
	}
	if err := k.Store.AddSigningKey(ctx, key); err != nil {
		return err
	}
	return k.read(ctx)
}

// read opens what the store has.
func (k *Keys) read(ctx context.Context) error {
	now := k.Now()
	rows, err := k.Store.SigningKeys(ctx, now.Add(-KeySignsFor-KeySignsAfter-KeyShownFor))
	if err != nil {
		return err
	}
	for i := range rows {
		if rows[i].Private, err = k.open(rows[i]); err != nil {
			return err
		}
	}
	k.known, k.asked = rows, now
	return nil
}

func (k *Keys) make(now time.Time) (*SigningKey, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	key := &SigningKey{ID: k.NewID("key"), CreatedAt: now.UTC().Truncate(time.Microsecond), Private: private}
	key.Sealed, err = k.Sealer.Seal(purposeOf(key.ID), base64.StdEncoding.EncodeToString(der))
	return key, err
}

func (k *Keys) open(row SigningKey) (*ecdsa.PrivateKey, error) {
	text, err := k.Sealer.Open(purposeOf(row.ID), row.Sealed)
	if err != nil {
		return nil, fmt.Errorf("open signing key %s: %w", row.ID, err)
	}
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("open signing key %s: %w", row.ID, err)
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("open signing key %s: %w", row.ID, err)
	}
	private, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("open signing key %s: it is a %T", row.ID, key)
	}
	return private, nil
}

func purposeOf(id string) string { return "signing-key/" + id }

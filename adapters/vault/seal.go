package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// A sealed text is "s1.", the id of its key, "." and base64url of a random
// 96-bit nonce with the AES-256-GCM ciphertext and tag.
const sealVersion = "s1"

type sealer struct {
	id   string
	aead cipher.AEAD
}

func newSealer(key []byte) (sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sealer{id: keyID(key), aead: aead}, err
}

// Seal encrypts plaintext with the newest key. Purpose says what and whose it
// is, such as "customer.phone/cus_…": only the same purpose opens it, so that a
// sealed value cannot be moved to another row or column. "" stays "".
func (v *Vault) Seal(purpose, plaintext string) (string, error) {
	if plaintext == "" {
		return "", nil
	}
	s := v.sealers[0]
	box := s.aead.Seal(nil, nil, []byte(plaintext), []byte(purpose)) //nolint:gosec // G407: the cipher draws a random nonce of its own
	return sealVersion + "." + s.id + "." + base64.RawURLEncoding.EncodeToString(box), nil
}

// Open decrypts what Seal returned for the same purpose, by any key of the
// vault. It fails when the text was changed, moved, or sealed by a key that is
// not here. "" stays "".
func (v *Vault) Open(purpose, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	version, rest, _ := strings.Cut(sealed, ".")
	id, text, found := strings.Cut(rest, ".")
	if !found || version != sealVersion {
		return "", errors.New("open sealed text: not a sealed text")
	}
	for _, s := range v.sealers {
		if s.id != id {
			continue
		}
		box, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			return "", fmt.Errorf("open sealed text: %w", err)
		}
		plaintext, err := s.aead.Open(nil, nil, box, []byte(purpose))
		if err != nil {
			return "", fmt.Errorf("open sealed text for %s: %w", kindOf(purpose), err)
		}
		return string(plaintext), nil
	}
	return "", fmt.Errorf("open sealed text: no key %q here", id)
}

// kindOf leaves the row out of a purpose, for logs.
func kindOf(purpose string) string {
	kind, _, _ := strings.Cut(purpose, "/")
	return kind
}

// SealedByNewest reports whether a sealed text needs no sealing anew after a
// rotation.
func (v *Vault) SealedByNewest(sealed string) bool {
	return sealed == "" || strings.HasPrefix(sealed, sealVersion+"."+v.sealers[0].id+".")
}

// BlindIndex returns 32 hex digits that equal values of one purpose share and
// that tell nothing without the key: what exact search of sealed data looks for.
// Normalise the value first. "" stays "".
func (v *Vault) BlindIndex(purpose, normalised string) string {
	return blindIndex(v.indexes[0], purpose, normalised)
}

// BlindIndexes returns the blind index of each master, the newest first, for
// searching while a rotation is under way.
func (v *Vault) BlindIndexes(purpose, normalised string) []string {
	all := make([]string, len(v.indexes))
	for i, key := range v.indexes {
		all[i] = blindIndex(key, purpose, normalised)
	}
	return all
}

func blindIndex(key []byte, purpose, normalised string) string {
	if normalised == "" {
		return ""
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(purpose))
	mac.Write([]byte{0})
	mac.Write([]byte(normalised))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// newSecret returns 32 random bytes as base64url.
func newSecret() string {
	secret := make([]byte, 32)
	rand.Read(secret)
	return base64.RawURLEncoding.EncodeToString(secret)
}

package vault

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// MasterSize is the length of a master in bytes.
const MasterSize = 32

// The labels of the keys that the product uses.
const (
	LabelToken      = "token"
	LabelCursor     = "cursor"
	LabelSeal       = "seal"
	LabelBlindIndex = "blind-index"
	LabelEvidence   = "evidence"
)

// Vault is what the masters open. It is safe for concurrent use.
type Vault struct {
	newest  []byte
	indexes [][]byte // blind index keys, the newest first
	sealers []sealer // the newest first
	tokens  *tokens
}

// Open returns the vault of the newest master and, for reading what they
// sealed, of older ones. It fails when a master is not MasterSize bytes.
func Open(newest []byte, older ...[]byte) (*Vault, error) {
	v := &Vault{newest: newest}
	for i, master := range append([][]byte{newest}, older...) {
		if len(master) != MasterSize {
			return nil, fmt.Errorf("open vault: master %d has %d bytes, not %d", i+1, len(master), MasterSize)
		}
		s, err := newSealer(derive(master, LabelSeal))
		if err != nil {
			return nil, fmt.Errorf("open vault: %w", err)
		}
		v.sealers = append(v.sealers, s)
		v.indexes = append(v.indexes, derive(master, LabelBlindIndex))
	}
	v.tokens = newTokens(derive(newest, LabelToken))
	return v, nil
}

// Key returns the 32 bytes that the newest master gives for a label. The same
// label always gives the same key.
func (v *Vault) Key(label string) []byte { return derive(v.newest, label) }

func derive(master []byte, label string) []byte {
	key, err := hkdf.Key(sha256.New, master, nil, "dure/"+label, 32)
	if err != nil {
		panic(fmt.Sprintf("vault: derive %s: %v", label, err)) //nolint:forbidigo // only for lengths past 255 hashes
	}
	return key
}

// keyID names a key without telling anything about it.
func keyID(key []byte) string {
	sum := sha256.Sum256(append([]byte("dure/key-id/"), key...))
	return hex.EncodeToString(sum[:4])
}

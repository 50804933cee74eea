// Package chain is the one hash chain behind evidence, access log and audit.
// Each link's hash covers the one before it, so that no link can be changed,
// dropped or moved without every later hash changing.
package chain

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// Genesis is the hash that a chain's first link follows.
const Genesis = "0000000000000000000000000000000000000000000000000000000000000000"

// Next returns the hex SHA-256 of the link that follows previous: the previous
// hash, then each part behind its length as eight big-endian bytes, so that
// ("ab", "c") and ("a", "bc") differ.
func Next(previous string, parts ...string) string {
	h := sha256.New()
	h.Write([]byte(previous))
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Link is one step as it was kept: what was hashed and the hash that came out.
type Link struct {
	Parts []string
	Hash  string
}

// Verify walks links from Genesis. It returns an error that names the first
// link, counted from 1, whose hash does not follow.
func Verify(links []Link) error {
	previous := Genesis
	for i, l := range links {
		if Next(previous, l.Parts...) != l.Hash {
			return fmt.Errorf("link %d of %d does not follow the one before it", i+1, len(links))
		}
		previous = l.Hash
	}
	return nil
}

package link

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
)

// Key is what secrets and codes follow from. They are kept nowhere: not in a row,
// a job, or the answer that an idempotency key keeps.
type Key []byte

func (k Key) mac(parts ...string) []byte {
	m := hmac.New(sha256.New, k)
	for _, p := range parts {
		m.Write([]byte(p + "\x1f"))
	}
	return m.Sum(nil)
}

// secret is what stands in the link.
func (k Key) secret(linkID string) string {
	return base64.RawURLEncoding.EncodeToString(k.mac("secret", linkID))
}

// code is the six digits of a link's code with that number.
func (k Key) code(linkID string, number int) string {
	const codes = 1_000_000
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(k.mac("code", linkID, strconv.Itoa(number)))%codes)
}

// sameText compares without telling by its time where two texts differ.
func sameText(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

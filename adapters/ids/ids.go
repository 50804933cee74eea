// Package ids makes the opaque, time-ordered ids of rows.
package ids

import (
	"encoding/binary"
	"io"
	"time"

	"github.com/google/uuid"
)

// alphabet is Crockford's base 32 in lower case: it sorts as the bytes do.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// New returns prefix, an underscore and a new UUIDv7 in 26 characters.
func New(prefix string) string {
	return Of(prefix, uuid.Must(uuid.NewV7()))
}

// At returns an id whose UUIDv7 carries the given time and draws its random
// bits from r, for worlds that must come out the same each time.
func At(prefix string, at time.Time, r io.Reader) string {
	var u uuid.UUID
	if _, err := io.ReadFull(r, u[6:]); err != nil {
		panic(err) //nolint:forbidigo // the caller's source of random bits never ends
	}
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(u[:6], ms[2:])
	u[6] = 0x70 | u[6]&0x0f
	u[8] = 0x80 | u[8]&0x3f
	return Of(prefix, u)
}

// Of returns prefix, an underscore and u in 26 characters.
func Of(prefix string, u uuid.UUID) string {
	hi, lo := binary.BigEndian.Uint64(u[:8]), binary.BigEndian.Uint64(u[8:])
	b := make([]byte, 0, len(prefix)+27)
	b = append(b, prefix...)
	b = append(b, '_')
	for i := range 26 {
		shift := 125 - 5*i // bits left of this group's lowest
		var v uint64
		switch {
		case shift >= 64:
			v = hi >> (shift - 64)
		case shift > 59:
			v = hi<<(64-shift) | lo>>shift
		default:
			v = lo >> shift
		}
		b = append(b, alphabet[v&31])
	}
	return string(b)
}

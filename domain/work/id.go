package work

import (
	"strings"

	"dure/domain/fault"
)

// idLength is how many characters of an id follow its prefix and underscore: the
// 128 bits of a UUID, five to a character.
const idLength = 26

// idAlphabet is Crockford's base 32 in lower case.
const idAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// IDFor returns the id of a new row: given, which a device made while it could
// not ask, or a new one where given is "". The time in an id that a device made
// is its own word; nothing is put in order by it. It fails with fault.Invalid on
// "id" unless given is the prefix, an underscore and a UUIDv7 in 26 characters.
func (k Kit) IDFor(prefix, given string) (string, error) {
	if given == "" {
		return k.NewID(prefix), nil
	}
	if rest, ok := strings.CutPrefix(given, prefix+"_"); !ok || !isUUIDv7(rest) {
		return "", fault.New(fault.Invalid, "id.malformed", prefix+"_").On("id")
	}
	return given, nil
}

// isUUIDv7 reports whether text is a UUID of version 7 and the usual variant. Its
// first character holds three bits, the others five each.
func isUUIDv7(text string) bool {
	if len(text) != idLength {
		return false
	}
	var hi, lo uint64
	for i := range idLength {
		v := strings.IndexByte(idAlphabet, text[i])
		if v < 0 || i == 0 && v > 7 {
			return false
		}
		hi, lo = hi<<5|lo>>59, lo<<5|uint64(v)
	}
	return hi>>12&0xf == 7 && lo>>62 == 2
}

// IDTaken says of a row that could not be added because its key is there that
// the given id is taken, and by nobody whom the caller could learn of. Other
// errors go through.
func IDTaken(err error, given string) error {
	fs, only := fault.All(err)
	if given == "" || !only || len(fs) != 1 || fs[0].Code != fault.Conflict || !strings.HasSuffix(fs[0].Key, ".taken") {
		return err
	}
	return fault.New(fault.Conflict, "id.taken").On("id")
}

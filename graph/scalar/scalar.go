// Package scalar writes and reads the schema's own scalars. What cannot be read
// is a fault: the error carries it, the code INVALID, and the path of the input
// once the executor has put it there. An absent value reads as the zero value.
package scalar

import (
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/money"
	"dure/graph/words"
)

// refuse returns the error of an input that cannot be read. The message is
// English; whoever presents the error finds the fault inside it and may say it
// in the caller's language.
func refuse(key string, args ...any) error {
	f := fault.New(fault.Invalid, key, args...)
	return &gqlerror.Error{
		Err: f, Message: words.Fault(words.En, f),
		Extensions: map[string]any{"code": string(fault.Invalid)},
	}
}

// MarshalWon writes an amount as a JSON integer.
func MarshalWon(w money.Won) graphql.Marshaler { return integer(int64(w)) }

// UnmarshalWon reads a JSON integer or an integer literal within ±money.Max. It
// refuses fractions, exponents and texts, so that no amount is ever rounded.
func UnmarshalWon(v any) (money.Won, error) {
	n, ok, large := readInteger(v)
	if large || ok && (n > int64(money.Max) || n < -int64(money.Max)) {
		return 0, refuse("money.too_large", int64(money.Max))
	}
	if !ok {
		return 0, refuse("scalar.bad_won")
	}
	return money.Won(n), nil
}

// MarshalInt writes an integer.
func MarshalInt(n int) graphql.Marshaler { return integer(int64(n)) }

// UnmarshalInt reads an integer of 32 bits, as the specification has it.
func UnmarshalInt(v any) (int, error) {
	n, ok, _ := readInteger(v)
	if !ok || n > math.MaxInt32 || n < math.MinInt32 {
		return 0, refuse("scalar.bad_int")
	}
	return int(n), nil
}

// MarshalID writes an id as a text.
func MarshalID(id string) graphql.Marshaler { return graphql.MarshalString(id) }

// UnmarshalID reads a text, or an integer as its digits. A null reads as "",
// where gqlgen's own would read it as the text "null".
func UnmarshalID(v any) (string, error) {
	if text, ok := v.(string); ok {
		if strings.ContainsFunc(text, unicode.IsControl) { // no id of ours has them, and a database may refuse to look
			return "", refuse("scalar.bad_id")
		}
		return text, nil
	}
	n, ok, large := readInteger(v)
	switch {
	case v == nil:
		return "", nil
	case large:
		return string(v.(json.Number)), nil // readInteger says large of nothing else
	case !ok:
		return "", refuse("scalar.bad_id")
	}
	return strconv.FormatInt(n, 10), nil
}

// MarshalBoardVersion writes a version as a JSON integer.
func MarshalBoardVersion(n int64) graphql.Marshaler { return integer(n) }

// UnmarshalBoardVersion reads a JSON integer or an integer literal.
func UnmarshalBoardVersion(v any) (int64, error) {
	n, ok, _ := readInteger(v)
	if !ok {
		return 0, refuse("scalar.bad_version")
	}
	return n, nil
}

// MarshalFacts writes facts as a JSON object with its names in order.
func MarshalFacts(f act.Facts) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		b, err := json.Marshal(map[string]any(f))
		if err != nil || f == nil {
			b = []byte("{}") // facts came from JSON; what JSON cannot hold never was a fact
		}
		_, _ = w.Write(b)
	})
}

// UnmarshalFacts refuses everything: facts are only ever read.
func UnmarshalFacts(any) (act.Facts, error) { return nil, refuse("request.not_offered") }

func integer(n int64) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		var b [20]byte
		_, _ = w.Write(strconv.AppendInt(b[:0], n, 10))
	})
}

// readInteger reads what JSON or a literal holds. large tells that it is an
// integer beyond 64 bits.
func readInteger(v any) (n int64, ok, large bool) {
	switch v := v.(type) {
	case nil:
		return 0, true, false
	case int:
		return int64(v), true, false
	case int32:
		return int64(v), true, false
	case int64:
		return v, true, false
	case json.Number:
		s := string(v)
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			digits := strings.TrimPrefix(s, "-")
			return 0, false, digits != "" && strings.Trim(digits, "0123456789") == ""
		}
		return n, true, false
	default:
		return 0, false, false
	}
}

func quoted(s string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, `"`+s+`"`) })
}

package scalar

import (
	"github.com/99designs/gqlgen/graphql"
	"golang.org/x/text/unicode/norm"
)

// MarshalString writes a text.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalString reads a text and puts it together (Unicode's NFC). Some tablets
// send Hangul taken apart into its letters; what is kept, searched for, limited in
// length and signed must be the same text whoever wrote it.
func UnmarshalString(v any) (string, error) {
	s, err := graphql.UnmarshalString(v)
	return norm.NFC.String(s), err
}

// Package limit refuses GraphQL documents that would cost too much, before
// anything expensive looks at them.
//
// A document is measured as it was parsed, not validated: validation itself is
// super-linear on hostile documents, so it must come after. Every measure
// visits a fragment once and multiplies, so that the work is linear in the
// document's tokens however often fragments are spread.
package limit

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// Limits bounds what one operation may ask for. Zero in a field means "the
// default"; a negative number means "no limit".
type Limits struct {
	// Depth is how many fields may nest. Default 15.
	Depth int
	// IntrospectionDepth is how many fields may nest below __schema and
	// __type; the standard introspection query needs 15. Default 20.
	IntrospectionDepth int
	// Cost is the most that an operation may cost, see Costs. Default 20,000.
	Cost int
	// PageSize is the most that a first or last argument may ask for. Default 100.
	PageSize int
	// DefaultPage is the page size that is reckoned with when neither first
	// nor last is given. Default 20.
	DefaultPage int
	// DefaultList is how many items an unpaged list is reckoned with. Default 10.
	DefaultList int
	// Aliases is how many fields of the document may carry an alias. Default 50.
	Aliases int
	// Directives is how many directives the document may apply. Default 50.
	Directives int
	// Tokens is how many tokens the document may have. Default 5,000.
	Tokens int
	// Selections is how many fields, inline fragments and spreads the
	// document's operations may have once fragments are written out. Default 2,000.
	Selections int
	// RootFields is how many root fields an operation may select, fragments
	// written out. Default 20.
	RootFields int
	// Fragments is how many fragments the document may define. Default 100.
	Fragments int
	// Operations is how many operations the document may define. Default 20.
	Operations int
	// Nesting is how deep the JSON of a request may nest. Default 32.
	Nesting int
	// Body is the most bytes that a request body or a socket message may have.
	// Default 1 MiB.
	Body int
	// QueryString is the most bytes that the query string of a GET may have.
	// Default 16 KiB.
	QueryString int
}

// WithDefaults returns l with every zero replaced by its default.
func (l Limits) WithDefaults() Limits {
	for _, f := range []struct {
		field *int
		value int
	}{
		{&l.Depth, 15},
		{&l.IntrospectionDepth, 20},
		{&l.Cost, 20_000},
		{&l.PageSize, 100},
		{&l.DefaultPage, 20},
		{&l.DefaultList, 10},
		{&l.Aliases, 50},
		{&l.Directives, 50},
		{&l.Tokens, 5_000},
		{&l.Selections, 2_000},
		{&l.RootFields, 20},
		{&l.Fragments, 100},
		{&l.Operations, 20},
		{&l.Nesting, 32},
		{&l.Body, 1 << 20},
		{&l.QueryString, 16 << 10},
	} {
		if *f.field == 0 {
			*f.field = f.value
		}
	}
	return l
}

// Costs says what fields cost, by "Type.field". A field that is not named
// costs 1, and a list's items cost what is selected of them, times the page
// size (first, last, or the default page), times DefaultList where the list
// takes neither argument. The list of a paged connection counts its page once:
// contracts(first: 50) { nodes { id } totalCount } costs 1 + 1 + 50 + 1.
type Costs struct {
	// Weights is what resolving the field itself costs.
	Weights map[string]int
	// Lists is how many items an unpaged list is reckoned with.
	Lists map[string]int
}

// Violation says which limit a document exceeds.
type Violation struct {
	Limit    string // name of the limit, such as "depth"; "cycle" for fragments that spread themselves
	Max      int    // the limit's value
	Position *ast.Position
	message  string
}

// Error says in English what was exceeded; it repeats nothing of the document but names.
func (v *Violation) Error() string { return v.message }

// Malformed reports whether the document is wrong rather than too large.
func (v *Violation) Malformed() bool { return v.Limit == "cycle" }

func exceeded(name string, maximum int, format string, args ...any) *Violation {
	return &Violation{Limit: name, Max: maximum, message: fmt.Sprintf(format, args...)}
}

// over reports whether n exceeds a limit; a negative limit is none.
func over(n, limit int) bool { return limit >= 0 && n > limit }

package persona_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"dure/domain/identity"
	"dure/graph/persona"
)

var update = flag.Bool("update", false, "write the golden files")

// everyone is every persona and nobody.
var everyone = append(slices.Clone(identity.Personas), "")

func load(t *testing.T, sources ...*ast.Source) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(sources...)
	require.NoError(t, err)
	return schema
}

func public(t *testing.T) *ast.Schema {
	t.Helper()
	files, err := filepath.Glob("../../schema/*.graphqls")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var sources []*ast.Source
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		sources = append(sources, &ast.Source{Name: file, Input: string(text)})
	}
	return load(t, sources...)
}

// fields lists "Type.field" of every type that is the schema's own.
func fields(s *ast.Schema) map[string]bool {
	found := map[string]bool{}
	for _, d := range s.Types {
		if d.BuiltIn {
			continue
		}
		for _, f := range d.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				found[d.Name+"."+f.Name] = true
			}
		}
		for _, v := range d.EnumValues {
			found[d.Name+"."+v.Name] = true
		}
		if len(d.Fields)+len(d.EnumValues) == 0 {
			found[d.Name] = true
		}
	}
	return found
}

// Every field × persona. A change here is a change of who knows what: read it
// well, then run the test with -update.
func TestEveryFieldByPersona(t *testing.T) {
	whole := public(t)
	known := map[identity.Persona]map[string]bool{}
	for _, p := range everyone {
		known[p] = fields(persona.Prune(whole, p))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-44s", "# field")
	for _, p := range identity.Personas {
		fmt.Fprintf(&b, " %-8s", p)
	}
	b.WriteString(" (nobody)\n")
	for _, field := range slices.Sorted(maps.Keys(fields(whole))) {
		line := fmt.Sprintf("%-44s", field)
		for _, p := range everyone {
			mark := "-"
			if known[p][field] {
				mark = "x"
			}
			line += fmt.Sprintf(" %-8s", mark)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	golden := filepath.Join("testdata", "fields.golden.txt")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), b.String(), "read the change, then run: go test ./graph/persona -update")
}

func TestEveryPersonasSchemaIsValid(t *testing.T) {
	whole := public(t)
	for _, p := range everyone {
		t.Run("for "+string(p), func(t *testing.T) {
			pruned := persona.Prune(whole, p)
			text := persona.SDL(pruned)
			again := load(t, &ast.Source{Name: string(p), Input: text})
			assert.Equal(t, fields(pruned), fields(again))
			assert.NotContains(t, text, "@persona")
			assert.Contains(t, text, "What can be read.", "descriptions stay")
			assert.NotNil(t, pruned.Query.Fields.ForName("__schema"))
			for _, relation := range []map[string][]*ast.Definition{pruned.PossibleTypes, pruned.Implements} {
				for name, others := range relation {
					require.Contains(t, pruned.Types, name)
					for _, d := range others {
						assert.Same(t, pruned.Types[d.Name], d)
					}
				}
			}
		})
	}
}

func TestTheSchemaThatWasGivenStaysAsItIs(t *testing.T) {
	whole := public(t)
	before, types := persona.SDL(whole), len(whole.Types)
	for _, p := range everyone {
		pruned := persona.Prune(whole, p)
		for _, d := range pruned.Types {
			assert.NotSame(t, whole.Types[d.Name], d)
		}
	}
	assert.Equal(t, before, persona.SDL(whole))
	assert.Len(t, whole.Types, types)
}

func TestHiddenFieldsAreUnknownToValidation(t *testing.T) {
	whole := public(t)
	valid := func(p identity.Persona, query string) bool {
		_, errs := gqlparser.LoadQueryWithRules(persona.Prune(whole, p), query, nil)
		return len(errs) == 0
	}
	assert.True(t, valid(identity.Dealer, `{ rankBanner { rank } }`))
	assert.False(t, valid(identity.Rep, `{ rankBanner { rank } }`))
	assert.True(t, valid(identity.HQ, `mutation($i: DecideDiscountInput!) { decideDiscount(input: $i) { quote { id } } }`))
	assert.False(t, valid(identity.Dealer, `mutation($i: DecideDiscountInput!) { decideDiscount(input: $i) { quote { id } } }`))
	assert.True(t, valid("", `{ viewer { user { name } } }`))
	assert.False(t, valid("", `{ node(id: "x") { ... on Contract { price } } }`), "node(id) shows nobody what is hidden")
	assert.False(t, valid(identity.HQ, `{ viewer { ... @defer { user { name } } } }`), "what is not served is not known")
	assert.True(t, valid(identity.HQ, `{ viewer { ... @include(if: true) { user { name } } } }`))
}

func TestPrune(t *testing.T) {
	const head = `directive @persona(any: [P!]!) on FIELD_DEFINITION
enum P { DEALER REP }
`
	for name, tt := range map[string]struct {
		schema  string
		persona identity.Persona
		here    []string
		gone    []string
	}{
		"an input, an enum and a scalar go with the only field that used them": {
			schema:  `type Query { a(in: In): Int @persona(any: [REP]) b: Int } input In { deep: Deep } input Deep { e: E s: S } enum E { X } scalar S`,
			persona: identity.Dealer,
			here:    []string{"Query.b"}, gone: []string{"Query.a", "In.deep", "Deep.e", "E.X", "S", "P.DEALER"},
		},
		"a type that only an interface leads to stays with it": {
			schema:  `type Query { any: I } interface I { id: ID } type A implements I { id: ID x: Int @persona(any: [REP]) }`,
			persona: identity.Dealer, here: []string{"Query.any", "I.id", "A.id"}, gone: []string{"A.x"},
		},
		"a type that was hidden does not come back through an interface": {
			schema:  `type Query { any: I a: A @persona(any: [REP]) } interface I { id: ID } type A implements I { id: ID b: B } type B { x: Int }`,
			persona: identity.Dealer, here: []string{"I.id"}, gone: []string{"A.id", "B.x", "Query.a"},
		},
		"nor through a union, which goes when it is empty, with its field": {
			schema:  `type Query { u: U n: Int a: A @persona(any: [REP]) } union U = A type A { id: ID }`,
			persona: identity.Dealer, here: []string{"Query.n"}, gone: []string{"Query.u", "U", "A.id"},
		},
		"a union keeps its other members": {
			schema:  `type Query { u: U a: A @persona(any: [REP]) b: B } union U = A | B | C type A { x: Int } type B { x: Int } type C { x: Int }`,
			persona: identity.Dealer, here: []string{"Query.u", "U", "B.x", "C.x"}, gone: []string{"A.x"},
		},
		"an object without fields goes, and what led to it": {
			schema:  `type Query { n: Int w: W } type W { a: A } type A { x: Int @persona(any: [REP]) }`,
			persona: identity.Dealer, here: []string{"Query.n"}, gone: []string{"Query.w", "W.a", "A.x"},
		},
		"an empty root goes": {
			schema:  `type Query { n: Int } type Mutation { m: Int @persona(any: [REP]) } type Subscription { s: Int @persona(any: [REP]) }`,
			persona: "", here: []string{"Query.n"}, gone: []string{"Mutation.m", "Subscription.s"},
		},
		"types that need one another and nobody else go": {
			schema:  `type Query { n: Int a: A @persona(any: [REP]) } type A { b: B } type B { a: A }`,
			persona: identity.Dealer, here: []string{"Query.n"}, gone: []string{"A.b", "B.a"},
		},
		"the persona's own stays": {
			schema:  `type Query { n: Int a: A @persona(any: [DEALER, REP]) } type A { b: Int }`,
			persona: identity.Rep, here: []string{"Query.n", "Query.a", "A.b"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			pruned := persona.Prune(load(t, &ast.Source{Name: "test", Input: head + tt.schema}), tt.persona)
			found := fields(pruned)
			for _, field := range tt.here {
				assert.Contains(t, found, field)
			}
			for _, field := range tt.gone {
				assert.NotContains(t, found, field)
			}
			_, err := validator.LoadSchema(validator.Prelude, &ast.Source{Name: "again", Input: persona.SDL(pruned)})
			assert.NoError(t, err)
			assert.Equal(t, pruned.Types["Mutation"], pruned.Mutation)
			assert.Equal(t, pruned.Types["Subscription"], pruned.Subscription)
		})
	}
}

package limit_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
	"pgregory.net/rapid"

	"dure/graph/limit"
)

// zoo has what makes fields conflict: interfaces, a union, and fields of one
// name whose types differ in kind, nullability and listing.
var zoo = gqlparser.MustLoadSchema(&ast.Source{Input: `
	type Query { pet: Pet dog: Dog cat: Cat one: DogOrCat human: Human pets(first: Int, like: Like): [Pet!]! }
	input Like { name: String, tags: [String!], age: Int }
	union DogOrCat = Dog | Cat
	interface Pet { name(loud: Boolean, at: Int): String! friend: Pet owner: Human }
	type Dog implements Pet { name(loud: Boolean, at: Int): String! friend: Pet owner: Human same: Int! other: Int kin: [Dog!]! kind: Kind }
	type Cat implements Pet { name(loud: Boolean, at: Int): String! friend: Pet owner: Human same: Int other: [Int] kin: Cat kind: String }
	type Human { name: String pet: Pet cats: [Cat] dog: Dog any: DogOrCat }
	enum Kind { SMALL LARGE }
`})

// writer writes a random document that says nothing unknown.
type writer struct {
	*rapid.T
	fragments int
}

var (
	composite = []string{"Query", "Pet", "Dog", "Cat", "DogOrCat", "Human"}
	responses = []string{"", "", "", "a", "b", "name", "same"}
	arguments = map[string][]string{
		"name": {"", "", "(loud: true)", "(loud: false)", "(at: 1)", "(at: 1, loud: true)", "(loud: true, at: 1)", "(loud: $v)"},
		"pets": {
			"", "(first: 1)", "(first: 2)", `(like: {name: "a", age: 1})`, `(like: {age: 1, name: "a"})`, `(like: {name: "b", age: 1})`,
			`(like: {tags: ["a", "b"]})`, `(like: {tags: ["b", "a"]})`, `(like: null)`, `(like: {tags: []})`, `(like: {})`,
		},
	}
)

// set writes what is selected of a type. Fragments are spread by those before
// them alone, so that none spreads itself.
func (w *writer) set(on string, depth, firstFragment int) string {
	var b strings.Builder
	for range w.number(1, 4, "selections") {
		switch w.number(0, 5, "kind") {
		case 0:
			if firstFragment < w.fragments {
				i := w.number(firstFragment, w.fragments-1, "fragment")
				fmt.Fprintf(&b, "...F%d ", i)
				continue
			}
			b.WriteString("__typename ")
		case 1:
			if depth > 0 {
				of := rapid.SampledFrom(composite[1:5]).Draw(w.T, "condition")
				if on == "Query" || on == "Human" {
					of = on
				}
				fmt.Fprintf(&b, "... on %s { %s} ", of, w.set(of, depth-1, firstFragment))
				continue
			}
			b.WriteString("__typename ")
		default:
			b.WriteString(w.field(on, depth, firstFragment))
		}
	}
	return b.String()
}

func (w *writer) field(on string, depth, firstFragment int) string {
	choices := []string{"__typename"}
	for _, f := range zoo.Types[on].Fields {
		if !strings.HasPrefix(f.Name, "__") && (depth > 0 || !zoo.Types[f.Type.Name()].IsCompositeType()) {
			choices = append(choices, f.Name)
		}
	}
	name := rapid.SampledFrom(choices).Draw(w.T, "field")
	text := name
	if alias := rapid.SampledFrom(responses).Draw(w.T, "alias"); alias != "" {
		text = alias + ": " + name
	}
	if given := arguments[name]; given != nil && on != "Human" {
		text += rapid.SampledFrom(given).Draw(w.T, "arguments")
	}
	if f := zoo.Types[on].Fields.ForName(name); f != nil && zoo.Types[f.Type.Name()].IsCompositeType() {
		text += " { " + w.set(f.Type.Name(), depth-1, firstFragment) + "}"
	}
	return text + " "
}

func (w *writer) number(from, to int, label string) int {
	return rapid.IntRange(from, to).Draw(w.T, label)
}

// document writes an operation and the fragments that it spreads: the reference
// judges the others too, which a rule of its own forbids.
var document = rapid.Custom(func(t *rapid.T) string {
	w := &writer{T: t, fragments: rapid.IntRange(0, 4).Draw(t, "fragments")}
	text := "query Q($v: Boolean) { " + w.set("Query", 4, w.fragments) + "}"
	if w.fragments > 0 {
		text = "query Q($v: Boolean) { pet { " + w.set("Pet", 3, 0) + "} " + w.set("Query", 3, w.fragments) + "}"
	}
	bodies := make([]string, w.fragments)
	for i := range bodies {
		on := rapid.SampledFrom(composite[1:5]).Draw(t, "on")
		bodies[i] = fmt.Sprintf(" fragment F%d on %s { %s}", i, on, w.set(on, 2, i+1))
	}
	for i, body := range bodies {
		if strings.Contains(text, fmt.Sprintf("...F%d ", i)) {
			text += body
		}
	}
	return text
})

// verdict is what one rule alone says of a document. Documents keep what the
// validator learns of them, so each rule gets its own.
func verdict(t testing.TB, rule core.Rule, text string) []string {
	t.Helper()
	var messages []string
	for _, err := range validator.ValidateWithRules(zoo, parse(t, text), rules.NewRules(rule)) {
		messages = append(messages, err.Message)
	}
	return messages
}

func TestOverlappingFieldsJudgesAsTheReferenceDoes(t *testing.T) {
	conflicts, total := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		text := document.Draw(rt, "document")
		theirs := verdict(t, rules.OverlappingFieldsCanBeMergedRule, text)
		ours := verdict(t, limit.OverlappingFields, text)
		total++
		if len(theirs) > 0 {
			conflicts++
		}
		if (len(theirs) > 0) != (len(ours) > 0) {
			rt.Fatalf("%s\ntheirs: %q\nours: %q", text, theirs, ours)
		}
	})
	assert.Greater(t, conflicts, total/20, "the documents are not all harmless")
	assert.Less(t, conflicts, total*19/20, "nor all in conflict")
}

func TestOverlappingFields(t *testing.T) {
	for name, tt := range map[string]struct {
		query, message string
	}{
		"the same field twice":                             {query: "{ dog { name name } }"},
		"the same arguments in another order":              {query: "{ dog { name(loud: true, at: 1) name(at: 1, loud: true) } }"},
		"the same object in another order":                 {query: `{ pets(like: {name: "a", age: 1}) { name } pets(like: {age: 1, name: "a"}) { name } }`},
		"other arguments":                                  {"{ dog { name(at: 1) name(at: 2) } }", `Fields "name" conflict because they have differing arguments.`},
		"an argument that one lacks":                       {"{ dog { name(at: 1) name } }", `Fields "name" conflict because they have differing arguments.`},
		"a list in another order":                          {`{ pets(like: {tags: ["a", "b"]}) { name } pets(like: {tags: ["b", "a"]}) { name } }`, `Fields "pets" conflict because they have differing arguments.`},
		"an integer and its text":                          {`{ dog { name(at: 1) name(at: "1") } }`, `Fields "name" conflict because they have differing arguments.`},
		"two fields of one alias":                          {"{ dog { a: name a: __typename } }", `Fields "a" conflict because "name" and "__typename" are different fields.`},
		"two fields of one alias on types that never meet": {query: "{ pet { ... on Dog { a: name } ... on Cat { a: name(at: 1) } } }"},
		"types that never meet, with other shapes":         {"{ pet { ... on Dog { same } ... on Cat { same } } }", `Fields "same" conflict because they return conflicting types "Int!" and "Int".`},
		"an enum and a text":                               {"{ pet { ... on Dog { kind } ... on Cat { kind } } }", `they return conflicting types "Kind" and "String".`},
		"a list and one":                                   {"{ pet { ... on Dog { kin { name } } ... on Cat { kin { name } } } }", `they return conflicting types "[Dog!]!" and "Cat".`},
		"an interface meets its type":                      {"{ pet { a: name ... on Dog { a: same } } }", `Fields "a" conflict because`},
		"far below, through fragments":                     {"{ human { ...A } human { ...B } } fragment A on Human { pet { ...C } } fragment B on Human { pet { a: __typename } } fragment C on Pet { a: name }", `Fields "a" conflict because "name" and "__typename" are different fields.`},
		"each conflict once":                               {"{ dog { " + strings.Repeat("name(at: 1) name(at: 2) ", 50) + "} }", `Fields "name" conflict`},
	} {
		t.Run(name, func(t *testing.T) {
			ours := verdict(t, limit.OverlappingFields, tt.query)
			assert.Equal(t, len(verdict(t, rules.OverlappingFieldsCanBeMergedRule, tt.query)) > 0, len(ours) > 0, "as the reference has it")
			if tt.message == "" {
				assert.Empty(t, ours)
				return
			}
			require.Len(t, ours, 1)
			assert.Contains(t, ours[0], tt.message)
		})
	}
}

// Documents that make the reference compare every pair at every level.
func TestOverlappingFieldsIsFastOnWhatIsSlow(t *testing.T) {
	for name, text := range map[string]string{
		"twelve levels, each written twice":        "{ pet { " + twice("friend", 12, "name") + " } }",
		"three thousand times the same":            "{ pet { " + strings.Repeat("name ", 3_000) + "} }",
		"a field beside each of its types":         "{ pet { " + between(16) + " } }",
		"a hundred fragments that spread others":   "{ pet { ...F0 } } " + strings.ReplaceAll(everySpread(100), "on Query { me { id }", "on Pet { name"),
		"a hundred fragments, twice at each level": "{ pet { ...F0 ...F1 } } " + strings.ReplaceAll(everySpread(60), "on Query { me { id }", "on Pet { friend { name }"),
	} {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, text)
			set := rules.NewRules(limit.OverlappingFields)
			atOnce(t, func() { _ = validator.ValidateWithRules(zoo, doc, set) })
		})
	}
}

// The limits refuse them before; should one come through, it comes to an end.
func TestFragmentsWithinThemselvesComeToAnEnd(t *testing.T) {
	for _, text := range []string{
		"{ pet { ...F } } fragment F on Pet { friend { ...G ...F } } fragment G on Pet { friend { ...F ...G } name }",
		"{ pet { ...F } } fragment F on Pet { friend { ...F } ...F }",
	} {
		assert.Contains(t, verdict(t, limit.OverlappingFields, text), "The fields overlap in too many ways.")
	}
}

func between(depth int) string {
	if depth == 0 {
		return "name"
	}
	return "friend { " + between(depth-1) + " } ... on Dog { friend { name } } ... on Cat { friend { name } }"
}

func TestNesting(t *testing.T) {
	for text, want := range map[string]int{
		``: 0, `null`: 0, `{}`: 1, `[[[]]]`: 3, `{"a":[{"b":1}]}`: 3, `{"a":{}} {"b":{}}`: 2, `"[[[["`: 0, `{"[[":"]]"}`: 1,
		`"\"[[["`: 0, `["\\",[[]]]`: 3, `["\\\"[",[]]`: 2, `"[[[`: 0, `"\`: 0, `]]]][[[[`: 4, `}}}}{"a":[`: 2, `{"a":1]`: 1,
		strings.Repeat("[", 100_000): 100_000, strings.Repeat("]", 100_000) + "[": 1,
	} {
		assert.Equal(t, want, limit.Nesting([]byte(text)), "%.30s", text)
	}
}

func FuzzNesting(f *testing.F) {
	f.Add(`{"query":"{ a }","variables":{"b":[1,{"c":"\"[["}]}}`)
	f.Add("]]][[[")
	f.Fuzz(func(t *testing.T, text string) {
		got := limit.Nesting([]byte(text))
		assert.GreaterOrEqual(t, got, 0)
		assert.LessOrEqual(t, got, strings.Count(text, "{")+strings.Count(text, "["))
		var value any
		if json.Unmarshal([]byte(text), &value) == nil {
			assert.Equal(t, nesting(value), got)
		}
	})
}

// nesting is how deep a decoded value nests.
func nesting(value any) int {
	deepest := 0
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			deepest = max(deepest, nesting(v))
		}
	case map[string]any:
		for _, v := range value {
			deepest = max(deepest, nesting(v))
		}
	default:
		return 0
	}
	return deepest + 1
}

package limit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"dure/graph/limit"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	type Query {
		me: Dealer
		dealers(first: Int = 10, after: String): DealerConnection!
		regions: [Region!]!
		byName(name: String, filter: Filter): Dealer
		any: Party
	}
	type Mutation { sign(id: ID!): Contract }
	type Subscription { moved: Dealer }
	input Filter { first: Int, text: String }
	type DealerConnection { nodes: [Dealer!]! edges: [DealerEdge!]! totalCount: Int! }
	type DealerEdge { node: Dealer! cursor: String! }
	interface Party { id: ID! name: String! boss: Party }
	type Dealer implements Party {
		id: ID!
		name: String!
		points: Int!
		boss: Dealer
		contracts(first: Int, last: Int): [Contract!]!
		regions: [Region!]!
	}
	type Contract { id: ID! price: Int! dealer: Dealer! }
	type Region implements Party { id: ID! name: String! boss: Region districts: [Region!]! }
`})

var defaults = limit.Limits{}.WithDefaults()

// fast is how long any document may be looked at.
const fast = 100 * time.Millisecond

// atOnce asserts that look takes no longer than any document may. The best of
// three counts, for machines that do other things too.
func atOnce(t testing.TB, look func()) {
	t.Helper()
	took := time.Hour
	for range 3 {
		began := time.Now()
		look()
		took = min(took, time.Since(began))
	}
	assert.Less(t, took, fast*slower)
}

func parse(t testing.TB, text string) *ast.QueryDocument {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	require.NoError(t, err)
	return doc
}

// plan measures a document within the time that any may take.
func plan(t testing.TB, l limit.Limits, costs limit.Costs, text string) (p *limit.Plan, v *limit.Violation) {
	t.Helper()
	doc := parse(t, text)
	atOnce(t, func() { p, v = l.Plan(schema, doc, costs) })
	return p, v
}

// nested writes field { field { … leaf } }.
func nested(field string, depth int, leaf string) string {
	return strings.Repeat(field+" { ", depth) + leaf + strings.Repeat(" }", depth)
}

func fields(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format+" ", i)
	}
	return b.String()
}

func TestWithDefaults(t *testing.T) {
	assert.Equal(t, 15, defaults.Depth)
	assert.Equal(t, 20_000, defaults.Cost)
	assert.Equal(t, 3, limit.Limits{Depth: 3}.WithDefaults().Depth)
	assert.Equal(t, -1, limit.Limits{Cost: -1}.WithDefaults().Cost, "no limit stays none")
	assert.Equal(t, defaults, defaults.WithDefaults())
}

func TestShapes(t *testing.T) {
	for name, tt := range map[string]struct{ query, limit string }{
		"fifteen deep":                         {query: "{ me { " + nested("boss", 13, "id") + " } }"},
		"sixteen deep":                         {"{ me { " + nested("boss", 14, "id") + " } }", "depth"},
		"__typename is no depth of its own":    {query: "{ me { " + nested("boss", 13, "__typename id") + " } }"},
		"__typename below the deepest":         {query: "{ me { " + nested("boss", 14, "__typename") + " } }"},
		"fields below __typename count":        {"{ me { " + nested("boss", 13, "__typename { id }") + " } }", "depth"},
		"deep in inline fragments is not":      {query: "{ me { " + nested("...", 40, "id") + " } }"},
		"deep in a fragment":                   {"{ me { ...F } } fragment F on Dealer { " + nested("boss", 14, "id") + " }", "depth"},
		"deep in fragments together":           {"{ me { ...F } } fragment F on Dealer { " + nested("boss", 7, "...G") + " } fragment G on Dealer { " + nested("boss", 7, "id") + " }", "depth"},
		"deep in the second operation":         {"query A { me { id } } query B { me { " + nested("boss", 14, "id") + " } }", "depth"},
		"fifty aliases":                        {query: "{ me { " + fields(50, "a%d: id") + " } }"},
		"fifty-one aliases":                    {"{ me { " + fields(51, "a%d: id") + " } }", "aliases"},
		"an alias that is the name is none":    {query: "{ me { " + strings.Repeat("id: id ", 100) + " } }"},
		"aliases across operations":            {"query A { me { " + fields(30, "a%d: id") + " } } query B { me { " + fields(30, "a%d: id") + " } }", "aliases"},
		"aliases in a fragment nobody spreads": {"{ me { id } } fragment F on Dealer { " + fields(51, "a%d: id") + " }", "aliases"},
		"10,000 aliases":                       {"{ me { " + fields(10_000, "a%d: id") + " } }", "selections"},
		"twenty root fields":                   {query: "{ " + strings.Repeat("me { id } ", 20) + " }"},
		"twenty-one root fields":               {"{ " + strings.Repeat("me { id } ", 21) + " }", "rootFields"},
		"twenty-one by a fragment":             {"{ ...F ...F ...F } fragment F on Query { " + strings.Repeat("me { id } ", 7) + " }", "rootFields"},
		"fifty directives":                     {query: "{ me { id " + strings.Repeat("@skip(if: false) ", 50) + " } }"},
		"fifty-one directives":                 {"{ me { id " + strings.Repeat("@skip(if: false) ", 51) + " } }", "directives"},
		"directives on everything":             {"query A($x: Int " + strings.Repeat("@d ", 11) + ") " + strings.Repeat("@d ", 10) + " { ...F " + strings.Repeat("@d ", 10) + " ... @d { me { id } } } fragment F on Query " + strings.Repeat("@d ", 20) + " { me { id } }", "directives"},
		"a hundred fragments":                  {query: "{ me { id } } " + fields(100, "fragment F%d on Dealer { id }")},
		"a hundred and one fragments":          {"{ me { id } } " + fields(101, "fragment F%d on Dealer { id }"), "fragments"},
		"twenty operations":                    {query: fields(20, "query Q%d { me { id } }")},
		"twenty-one operations":                {fields(21, "query Q%d { me { id } }"), "operations"},
		"2,000 selections":                     {query: "{ me { " + strings.Repeat("id ", 1_999) + " } }"},
		"2,001 selections":                     {"{ me { " + strings.Repeat("id ", 2_000) + " } }", "selections"},
		"selections doubled by fragments":      {"{ me { ...A } } " + doubling(12, "Dealer", "id"), "selections"},
		"a fragment within itself":             {"{ me { ...F } } fragment F on Dealer { id ...F }", "cycle"},
		"two fragments within each other":      {"{ me { ...F } } fragment F on Dealer { boss { ...G } } fragment G on Dealer { ...F }", "cycle"},
		"a cycle that nobody spreads":          {"{ me { id } } fragment F on Dealer { ...F }", "cycle"},
		"a fragment that does not exist":       {query: "{ me { ...Nothing } }"},
		"a name that two fragments have":       {query: "{ me { ...F } } fragment F on Dealer { id } fragment F on Dealer { ...F }"},
		"no operation at all":                  {query: "fragment F on Dealer { id }"},
		"an unknown field":                     {query: "{ nothing { id } }"},
		"an unknown type":                      {query: "{ me { ... on Nothing { id } } }"},
	} {
		t.Run(name, func(t *testing.T) {
			_, v := plan(t, defaults, limit.Costs{}, tt.query)
			if tt.limit == "" {
				assert.Nil(t, v)
				return
			}
			require.NotNil(t, v)
			assert.Equal(t, tt.limit, v.Limit, v.Error())
			assert.Equal(t, tt.limit == "cycle", v.Malformed())
			assert.NotContains(t, v.Error(), "boss", "it repeats nothing of the document")
		})
	}
}

// doubling writes n fragments A, AA, … each of which spreads the next one twice.
func doubling(n int, on, leaf string) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "fragment %s on %s { ", strings.Repeat("A", i), on)
		if i == n {
			b.WriteString(leaf)
		} else {
			next := strings.Repeat("A", i+1)
			fmt.Fprintf(&b, "...%s ...%s", next, next)
		}
		b.WriteString(" } ")
	}
	return b.String()
}

func TestIntrospection(t *testing.T) {
	standard := "{ __schema { types { name fields { name type { " + nested("ofType", 7, "name kind") + " } } } } }"
	p, v := plan(t, defaults, limit.Costs{}, standard)
	require.Nil(t, v)
	assert.Equal(t, "__schema", p.Introspects.Name)
	_, v = plan(t, defaults, limit.Costs{}, "{ __type(name: \"Dealer\") { "+nested("ofType", 20, "name")+" } }")
	require.NotNil(t, v)
	assert.Equal(t, "introspectionDepth", v.Limit)
	p, v = plan(t, defaults, limit.Costs{}, "{ me { id __typename } }")
	require.Nil(t, v)
	assert.Nil(t, p.Introspects)
	p, v = plan(t, defaults, limit.Costs{}, "{ me { id } } fragment F on Query { a: __schema { types { name } } }")
	require.Nil(t, v)
	assert.NotNil(t, p.Introspects, "hidden in a fragment and behind an alias")
}

func TestBombsAreRefusedAtOnce(t *testing.T) {
	for name, query := range map[string]string{
		"thirty-one fragments of two spreads":        "{ ...A } " + doubling(31, "Query", "me { id }"),
		"a hundred fragments of two spreads":         "{ ...A } " + doubling(100, "Query", "me { id }"),
		"fragments of lists in lists":                "{ dealers { nodes { ...A } } } " + doubling(14, "Dealer", "contracts { id }"),
		"a list in a list in a list":                 "{ regions { " + nested("districts", 13, "id") + " } }",
		"pages in pages":                             "{ dealers(first: 100) { nodes { " + strings.Repeat("contracts(first: 100) { dealer { ", 5) + "id" + strings.Repeat(" } }", 5) + " } } }",
		"a chain of a hundred fragments":             "{ me { ...F0 } } " + fields(99, "fragment F%[1]d on Dealer { boss { ...G%[1]d } }"),
		"nine hundred levels":                        "{ me { " + nested("boss", 900, "id") + " } }",
		"nine hundred levels of inline fragments":    "{ " + nested("... @d", 900, "me { id }") + " }",
		"a hundred fragments that spread all others": "{ ...F0 } " + everySpread(100),
	} {
		t.Run(name, func(t *testing.T) {
			_, v := plan(t, defaults, limit.Costs{}, query)
			if name == "a chain of a hundred fragments" {
				assert.Nil(t, v, "a chain that ends is none")
				return
			}
			assert.NotNil(t, v)
		})
	}
}

// everySpread writes n fragments that each spread those behind them.
func everySpread(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "fragment F%d on Query { me { id } ", i)
		for j := i + 1; j < n; j++ {
			fmt.Fprintf(&b, "...F%d ", j)
		}
		b.WriteString("} ")
	}
	return b.String()
}

// Whatever passes the limits is validated in the time that any may take, by our
// rules; the largest that pass are tried.
func TestWhatPassesIsValidatedAtOnce(t *testing.T) {
	level := strings.Repeat("boss { ", 12) + "id" + strings.Repeat(" }", 12)
	for name, query := range map[string]string{
		"one field 1,999 times":            "{ me { " + strings.Repeat("id ", 1_999) + "} }",
		"one selection set 490 times":      "{ me { " + strings.Repeat("boss { id name points } ", 490) + "} }",
		"twelve levels 120 times":          "{ me { " + strings.Repeat(level+" ", 120) + "} }",
		"duplicated at every level":        "{ me { " + twice("boss", 9, "id") + " } }",
		"ninety-nine fragments, each used": "{ me { " + fields(99, "...F%d") + "} } " + fields(99, "fragment F%d on Dealer { id boss { id } }"),
		"an interface beside its types":    "{ any { " + beside(13) + " } }",
		"arguments 400 times":              "{ " + strings.Repeat(`me { contracts(first: 1, last: 2) { id } } `, 20) + "}",
		"a long argument list":             "{ " + strings.Repeat("byName("+fields(60, "a%d: 1")+") { id } ", 20) + "}",
		"large objects as arguments":       "{ " + strings.Repeat("byName(filter: {"+fields(70, "a%d: 1")+"}) { id } ", 20) + "}",
	} {
		t.Run(name, func(t *testing.T) {
			doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, defaults.Tokens)
			require.NoError(t, err, "it is within the tokens")
			_, v := defaults.Plan(schema, doc, limit.Costs{})
			require.Nil(t, v)
			atOnce(t, func() { _ = validator.ValidateWithRules(schema, doc, limit.Rules()) })
		})
	}
}

// twice writes field { X } field { X } at every level.
func twice(field string, depth int, leaf string) string {
	if depth == 0 {
		return leaf
	}
	below := twice(field, depth-1, leaf)
	return field + " { " + below + " } " + field + " { " + below + " }"
}

// beside writes boss on an interface, with all that follows, beside boss on each
// of its types: what follows is merged once for each of them.
func beside(depth int) string {
	if depth == 0 {
		return "id"
	}
	return "boss { " + beside(depth-1) + " } ... on Dealer { boss { id } } ... on Region { boss { id } }"
}

func TestTokens(t *testing.T) {
	_, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: "{ " + strings.Repeat("a ", defaults.Tokens-2) + "}"}, defaults.Tokens)
	assert.NoError(t, err)
	long := &ast.Source{Input: "{ " + strings.Repeat("a ", 500_000) + "}"}
	atOnce(t, func() { _, err = parser.ParseQueryWithTokenLimit(long, defaults.Tokens) })
	assert.Error(t, err)
}

func TestRulesAreFreshAndTellNoNames(t *testing.T) {
	a, b := limit.Rules(), limit.Rules()
	a.RemoveRule(rules.LoneAnonymousOperationRule.Name)
	assert.Len(t, b.GetInner(), len(a.GetInner())+1)
	assert.Len(t, limit.Rules().GetInner(), len(rules.NewDefaultRules().GetInner()), "every rule of the specification is there")
	doc := parse(t, `{ mee { idd } dealers(frst: 1) { nodes { id } } byName(filter: { frst: 1, txt: "" }) { ... on Deler { id } } me }`)
	errs := validator.ValidateWithRules(schema, doc, limit.Rules())
	assert.NotEmpty(t, errs)
	for _, err := range errs {
		assert.NotContains(t, err.Message, "Did you mean")
	}
}

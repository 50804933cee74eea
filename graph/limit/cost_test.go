package limit_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/graph/limit"
)

var costs = limit.Costs{
	Weights: map[string]int{"Mutation.sign": 200, "Dealer.points": 7},
	Lists:   map[string]int{"Query.regions": 17},
}

func TestCost(t *testing.T) {
	for name, tt := range map[string]struct {
		query string
		want  int64
	}{
		"a field":                                    {"{ me { id } }", 1 + 1},
		"a field that weighs more":                   {"{ me { id points } }", 1 + 1 + 7},
		"a mutation that weighs more":                {`mutation { sign(id: "1") { id } }`, 200 + 1},
		"a subscription":                             {"subscription { moved { id } }", 1 + 1},
		"__typename":                                 {"{ __typename me { __typename } }", 1 + 1 + 1},
		"the page that is asked for":                 {"{ dealers(first: 50) { nodes { id name } totalCount } }", 1 + 1 + 50*2 + 1},
		"nodes and edges are one page each":          {"{ dealers(first: 50) { nodes { id } edges { node { id } cursor } } }", 1 + 1 + 50 + 1 + 50*(1+1+1)},
		"the schema's own default page":              {"{ dealers { nodes { id } } }", 1 + 1 + 10},
		"the default page where there is none":       {"{ me { contracts { id } } }", 1 + 1 + 20},
		"last counts as first":                       {"{ me { contracts(last: 30) { id } } }", 1 + 1 + 30},
		"the larger of the two":                      {"{ me { contracts(first: 5, last: 30) { id } } }", 1 + 1 + 30},
		"a null is as if it were left out":           {"{ dealers(first: null) { nodes { id } } }", 1 + 1 + 10},
		"a negative page is no discount":             {"{ me { contracts(first: -5) { id } } }", 1 + 1 + 20},
		"pages within pages multiply":                {"{ dealers(first: 5) { nodes { contracts(first: 4) { id } } } }", 1 + 1 + 5*(1+4)},
		"an unpaged list":                            {"{ me { regions { id } } }", 1 + 1 + 10},
		"a list whose length is known":               {"{ regions { id } }", 1 + 17},
		"lists below a list whose length is known":   {"{ regions { districts { id } } }", 1 + 17*(1+17)},
		"fragments cost as if they were written out": {"{ me { ...F ...F } } fragment F on Dealer { id points }", 1 + 8 + 8},
		"a fragment is reckoned where it stands":     {"{ dealers(first: 5) { nodes { ...F } } me { ...F } } fragment F on Dealer { id points }", 1 + 1 + 5*8 + 1 + 8},
		"inline fragments":                           {"{ me { ... { id } ... on Dealer { points } } }", 1 + 1 + 7},
		"what is unknown costs one":                  {"{ nothing { more } }", 1 + 1},
		"digits beyond 64 bits":                      {"{ nothing(first: 99999999999999999999) { more } }", 1 + 1},
	} {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, tt.query)
			p, v := defaults.Plan(schema, doc, costs)
			require.Nil(t, v)
			assert.Equal(t, tt.want, p.Cost(doc.Operations[0], nil))
			assert.Nil(t, p.Check(doc.Operations[0], nil))
		})
	}
}

func TestCostAndPageLimits(t *testing.T) {
	for name, tt := range map[string]struct{ query, limit string }{
		"a page of a hundred":         {query: "{ dealers(first: 100) { nodes { id } } }"},
		"a page of a hundred and one": {"{ dealers(first: 101) { nodes { id } } }", "pageSize"},
		"a page beyond 64 bits":       {"{ dealers(first: 99999999999999999999) { nodes { id } } }", "pageSize"},
		"a page in a fragment":        {"{ ...F } fragment F on Query { dealers(first: 101) { nodes { id } } }", "pageSize"},
		"a page given as last":        {"{ me { contracts(last: 101) { id } } }", "pageSize"},
		"ten thousand items":          {query: "{ dealers(first: 100) { nodes { contracts(first: 98) { id } } } }"},
		"a million items":             {"{ dealers(first: 100) { nodes { contracts(first: 100) { dealer { contracts(first: 100) { id } } } } } }", "cost"},
		"the second operation":        {"query A { me { id } } query B { dealers(first: 100) { nodes { contracts(first: 100) { id price } } } }", "cost"},
	} {
		t.Run(name, func(t *testing.T) {
			_, v := plan(t, defaults, costs, tt.query)
			if tt.limit == "" {
				assert.Nil(t, v)
				return
			}
			require.NotNil(t, v)
			assert.Equal(t, tt.limit, v.Limit)
			assert.NotNil(t, v.Position)
		})
	}
}

func TestVariablesThatArePageSizes(t *testing.T) {
	const query = `query A($n: Int, $m: Int = 3) { dealers(first: $n) { nodes { ...F } } } fragment F on Dealer { contracts(last: $m) { id dealer { id } } }`
	for name, tt := range map[string]struct {
		variables map[string]any
		cost      int64
		limit     string
	}{
		"small pages":                     {variables: map[string]any{"n": int64(2), "m": int64(3)}, cost: 1 + 1 + 2*(1+3*3)},
		"as JSON has them":                {variables: map[string]any{"n": json.Number("2"), "m": float64(3)}, cost: 1 + 1 + 2*(1+3*3)},
		"as text":                         {variables: map[string]any{"n": "2", "m": 3}, cost: 1 + 1 + 2*(1+3*3)},
		"none given":                      {variables: nil, cost: 1 + 1 + 10*(1+20*3)},
		"null":                            {variables: map[string]any{"n": nil, "m": nil}, cost: 1 + 1 + 10*(1+20*3)},
		"negative":                        {variables: map[string]any{"n": int64(-9), "m": int64(-9)}, cost: 1 + 1 + 20*(1+20*3)},
		"a page too large":                {variables: map[string]any{"n": int64(101)}, limit: "pageSize"},
		"a page too large, in a fragment": {variables: map[string]any{"m": int64(101)}, limit: "pageSize"},
		"the largest number there is":     {variables: map[string]any{"n": int64(math.MaxInt64)}, limit: "pageSize"},
		"a float past every integer":      {variables: map[string]any{"n": math.Inf(1)}, limit: "pageSize"},
		"digits beyond 64 bits":           {variables: map[string]any{"n": json.Number("99999999999999999999")}, limit: "pageSize"},
		"an exponent":                     {variables: map[string]any{"n": json.Number("1e9")}, limit: "pageSize"},
		"two large pages together":        {variables: map[string]any{"n": int64(100), "m": int64(100)}, limit: "cost"},
	} {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, query)
			p, v := defaults.Plan(schema, doc, costs)
			require.Nil(t, v, "the document alone does not decide")
			v = p.Check(doc.Operations[0], tt.variables)
			if tt.limit != "" {
				require.NotNil(t, v)
				assert.Equal(t, tt.limit, v.Limit)
				return
			}
			assert.Nil(t, v)
			assert.Equal(t, tt.cost, p.Cost(doc.Operations[0], tt.variables))
		})
	}
}

func TestNoLimitsAreNoLimits(t *testing.T) {
	none := limit.Limits{
		Depth: -1, IntrospectionDepth: -1, Cost: -1, PageSize: -1, DefaultPage: 20, DefaultList: 10, Aliases: -1, Directives: -1,
		Selections: -1, RootFields: -1, Fragments: -1, Operations: -1,
	}
	doc := parse(t, `query A($n: Int) { `+nested("dealers(first: $n) { nodes { boss", 40, "contracts(first: 9223372036854775807) { id }")+strings.Repeat(" } }", 40)+` }`)
	p, v := none.Plan(schema, doc, costs)
	require.Nil(t, v)
	cost := p.Cost(doc.Operations[0], map[string]any{"n": int64(math.MaxInt64)})
	assert.Positive(t, cost, "it does not overflow")
	assert.Nil(t, p.Check(doc.Operations[0], map[string]any{"n": int64(math.MaxInt64)}))
}

// The cost with variables is the cost with their values written out.
func TestAVariableCostsWhatItsValueCosts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, m := rapid.IntRange(-5, 100).Draw(rt, "n"), rapid.IntRange(-5, 100).Draw(rt, "m")
		body := "{ dealers(first: %[1]s) { nodes { name ...F } } me { ...F } } fragment F on Dealer { contracts(first: %[2]s) { id } regions { id } }"
		wide := limit.Limits{Cost: -1}.WithDefaults()
		variable := parse(t, "query A($n: Int, $m: Int) "+fmt.Sprintf(body, "$n", "$m"))
		literal := parse(t, fmt.Sprintf(body, fmt.Sprint(n), fmt.Sprint(m)))
		p, v := wide.Plan(schema, variable, costs)
		require.Nil(rt, v)
		q, v := wide.Plan(schema, literal, costs)
		require.Nil(rt, v)
		assert.Equal(rt, q.Cost(literal.Operations[0], nil), p.Cost(variable.Operations[0], map[string]any{"n": int64(n), "m": int64(m)}))
	})
}

// What Plan lets pass for its smallest pages and Check refuses for these is
// exactly what costs too much.
func TestCheckRefusesWhatCostsTooMuch(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l := defaults
		l.Cost = rapid.IntRange(10, 5_000).Draw(rt, "limit")
		n, m := int64(rapid.IntRange(1, 100).Draw(rt, "n")), int64(rapid.IntRange(1, 100).Draw(rt, "m"))
		doc := parse(t, `query A($n: Int, $m: Int) { dealers(first: $n) { nodes { contracts(first: $m) { id } } } }`)
		p, v := l.Plan(schema, doc, costs)
		require.Nil(rt, v)
		variables := map[string]any{"n": n, "m": m}
		assert.Equal(rt, p.Cost(doc.Operations[0], variables) > int64(l.Cost), p.Check(doc.Operations[0], variables) != nil)
	})
}

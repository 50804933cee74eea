package transport_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// soon is how long a refusal may take. It takes a few milliseconds; the rest is
// for a machine that is busy with other tests under the race detector.
const soon = 3 * time.Second

// bomb is a document of n fragments, each of which spreads the next one twice.
func bomb(n int) string {
	var b strings.Builder
	b.WriteString("{ ...f0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment f%d on Query { ...f%d ...f%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment f%d on Query { __typename }", n)
	return b.String()
}

func deep(depth int) string {
	return `{ dealer(id: 1) ` + strings.Repeat(`{ parent `, depth) + `{ id } ` + strings.Repeat(`} `, depth) + `}`
}

func aliases(n int) string {
	var b strings.Builder
	b.WriteString("{")
	for i := range n {
		fmt.Fprintf(&b, " a%d: __typename", i)
	}
	return b.String() + " }"
}

func TestHostileDocumentsAreRefusedSoon(t *testing.T) {
	r := serve(t)
	for name, tt := range map[string]struct{ body, limit string }{
		"a bomb of 31 fragments":          {ask(bomb(31)), "rootFields"},
		"one below the root":              {ask(strings.NewReplacer("{ ...f0 }", "{ dealer(id: 1) { ...f0 } }", "on Query", "on Dealer").Replace(bomb(31))), "selections"},
		"depth 30":                        {ask(deep(30)), "depth"},
		"depth 30 with fan-out":           {ask(strings.ReplaceAll(deep(30), "parent", "nearby(first: 3)")), "depth"},
		"10,000 aliases":                  {ask(aliases(10_000)), "tokens"},
		"60 aliases":                      {ask(aliases(60)), "rootFields"},
		"10,000 fields":                   {ask(`{ dealer(id: 1) {` + strings.Repeat(` id`, 10_000) + ` } }`), "tokens"},
		"200 directives":                  {ask(`{ dealer(id: 1) { id` + strings.Repeat(` @skip(if: false)`, 200) + ` } }`), "directives"},
		"pages of pages of pages":         {ask(`{ dealers(first: 100) { nodes { nearby(first: 100) { nearby(first: 100) { id } } } } }`), "cost"},
		"a page over the maximum":         {ask(`{ dealers(first: 101) { totalCount } }`), "pageSize"},
		"one in a variable":               {`{"query":"query($n: Int) { dealers(first: $n) { totalCount } }","variables":{"n":101}}`, "pageSize"},
		"a cost that variables decide":    {`{"query":"query($n: Int) { dealers(first: $n) { nodes { nearby(first: $n) { nearby(first: $n) { id } } } } }","variables":{"n":100}}`, "cost"},
		"variables that nest 10,000 deep": {`{"query":"{ __typename }","variables":{"a":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}}`, "nesting"},
		"braces that nest and never end":  {`{"query":"{ __typename }","variables":` + strings.Repeat(`{"a":`, 100_000), "nesting"},
		"deep introspection":              {ask(`{ __schema { types ` + strings.Repeat(`{ fields { type `, 20) + `{ name }` + strings.Repeat(`} }`, 20) + ` } }`), "introspectionDepth"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			a := r.post(t, tt.body, wantsNew)
			assert.Less(t, time.Since(start), soon)
			assert.Equal(t, http.StatusBadRequest, a.StatusCode)
			assert.Equal(t, "LIMITED", a.code(t), "%.300s", a.text)
			assert.Contains(t, a.text, fmt.Sprintf("%q:%q", "limit", tt.limit))
			assert.NotContains(t, a.json(t), "data")
			assert.Less(t, len(a.text), 2_000)
		})
	}
	t.Run("words come in the caller's language", func(t *testing.T) {
		assert.Regexp(t, `\p{Hangul}`, r.post(t, ask(deep(30))).text)
	})
	t.Run("what stays within the limits runs", func(t *testing.T) {
		assert.Empty(t, r.post(t, ask(deep(12))).code(t))
		assert.Empty(t, r.post(t, `{"query":"query($n: Int) { dealers(first: $n) { totalCount } }","variables":{"n":100}}`).code(t))
	})
}

func TestHostileDocumentsOnASocket(t *testing.T) {
	r := serve(t)
	p := r.connect(t, "")
	start := time.Now()
	for i, query := range []string{bomb(31), deep(30), aliases(10_000)} {
		p.subscribe(fmt.Sprint(i), query)
		assert.Equal(t, "LIMITED", p.errors(p.hear()))
	}
	assert.Less(t, time.Since(start), soon)
}

// endless is a body of n bytes that is made as it is read.
func endless(n int64) io.Reader {
	return io.MultiReader(strings.NewReader(`{"query":"secret `), io.LimitReader(forever{}, n))
}

type forever struct{}

var manyXs = bytes.Repeat([]byte("x"), 64<<10)

func (forever) Read(p []byte) (int, error) { return copy(p, manyXs), nil }

func TestBodiesOverTheLimit(t *testing.T) {
	r := serve(t)
	for name, size := range map[string]int64{"32 MB": 32 << 20, "one byte too many": 1<<20 + 1} {
		for kind, length := range map[string]int64{"announced": size, "not announced": -1} {
			t.Run(name+", "+kind, func(t *testing.T) {
				request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL+"/graphql", endless(size-int64(len(`{"query":"secret `))))
				require.NoError(t, err)
				request.ContentLength = length
				request.Header.Set("Content-Type", "application/json")
				start := time.Now()
				response, err := r.Client().Do(request)
				assert.Less(t, time.Since(start), soon)
				if err != nil { // it cuts the connection while we still send
					assert.Greater(t, size, int64(2<<20), "%v", err)
					return
				}
				defer response.Body.Close()
				text, err := io.ReadAll(response.Body)
				require.NoError(t, err)
				a := reply{response, string(text)}
				assert.Equal(t, http.StatusRequestEntityTooLarge, a.StatusCode)
				assert.Equal(t, "LIMITED", a.code(t))
				assert.NotContains(t, a.text, "secret")
			})
		}
	}
	t.Run("a query string", func(t *testing.T) {
		query := url.Values{"query": {`{ echo(text: "secret` + strings.Repeat("x", 16<<10) + `") }`}}
		a := r.send(t, http.MethodGet, "/graphql?"+query.Encode(), "")
		assert.Equal(t, http.StatusRequestURITooLong, a.StatusCode)
		assert.Equal(t, "LIMITED", a.code(t))
		assert.NotContains(t, a.text, "secret")
	})
}

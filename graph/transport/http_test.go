package transport_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/identity"
	"dure/graph/transport"
)

// reply is an HTTP answer with its body read.
type reply struct {
	*http.Response
	text string
}

func (r reply) json(t *testing.T) map[string]any {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal([]byte(r.text), &m), "%s", r.text)
	return m
}

// code is extensions.code of the first error, "" without errors.
func (r reply) code(t *testing.T) string {
	t.Helper()
	return codeOf(r.json(t)["errors"])
}

func codeOf(list any) string {
	errs, _ := list.([]any)
	if len(errs) == 0 {
		return ""
	}
	extensions, _ := errs[0].(map[string]any)["extensions"].(map[string]any)
	code, _ := extensions["code"].(string)
	return code
}

// send makes a request; headers are "Name: value".
func (r *rig) send(t *testing.T, method, target, body string, headers ...string) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, r.URL+target, strings.NewReader(body))
	require.NoError(t, err)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Add(name, value)
	}
	response, err := r.Client().Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return reply{response, string(text)}
}

const (
	sendsJSON = "Content-Type: application/json"
	wantsNew  = "Accept: application/graphql-response+json"
	wantsOld  = "Accept: application/json"
)

// post sends a body as JSON and accepts the new media type unless told otherwise.
func (r *rig) post(t *testing.T, body string, headers ...string) reply {
	t.Helper()
	return r.send(t, http.MethodPost, "/graphql", body, append([]string{sendsJSON}, headers...)...)
}

func ask(query string) string {
	text, _ := json.Marshal(map[string]string{"query": query})
	return string(text)
}

func TestAnswers(t *testing.T) {
	r := serve(t)
	for name, tt := range map[string]struct{ query, want string }{
		"a query":                        {`{ echo(text: "논두렁") }`, `{"data":{"echo":"논두렁"}}`},
		"64 bits":                        {`{ number(value: 9007199254740993) }`, `{"data":{"number":9007199254740993}}`},
		"a mutation":                     {`mutation { count }`, `{"data":{"count":1}}`},
		"null, where there is nothing":   {`{ whoami }`, `{"data":{"whoami":null}}`},
		"the shorthand of introspection": {`{ __typename }`, `{"data":{"__typename":"Query"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			a := r.post(t, ask(tt.query))
			assert.Equal(t, http.StatusOK, a.StatusCode)
			assert.Equal(t, tt.want, a.text)
		})
	}
}

func TestNegotiation(t *testing.T) {
	r := serve(t)
	const (
		old    = "application/json; charset=utf-8"
		recent = "application/graphql-response+json; charset=utf-8"
		events = "text/event-stream; charset=utf-8"
	)
	for name, tt := range map[string]struct {
		accept []string
		want   string // "" is 406
	}{
		"nothing said":                          {nil, old},
		"anything":                              {[]string{"*/*"}, old},
		"anything of application":               {[]string{"application/*"}, old},
		"the new type":                          {[]string{"application/graphql-response+json"}, recent},
		"the old type":                          {[]string{"application/json"}, old},
		"both equally":                          {[]string{"application/json, application/graphql-response+json"}, recent},
		"the old one more":                      {[]string{"application/graphql-response+json;q=0.8, application/json"}, old},
		"the new one more, in two headers":      {[]string{"application/json;q=0.8", "application/graphql-response+json;q=0.9"}, recent},
		"the old one excluded from anything":    {[]string{"*/*, application/json;q=0"}, recent},
		"a browser that opens the address":      {[]string{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, old},
		"a charset that we speak":               {[]string{"application/json; charset=utf-8"}, old},
		"a charset that we do not":              {[]string{"application/json; charset=utf-16"}, ""},
		"nothing that we speak":                 {[]string{"text/html, image/png"}, ""},
		"a quality that is no number":           {[]string{"application/json;q=high"}, ""},
		"a quality that is not a number at all": {[]string{"application/json;q=NaN"}, ""},
		"events alone":                          {[]string{"text/event-stream"}, events},
		"events above all":                      {[]string{"text/event-stream, application/json;q=0.9"}, events},
		"events among equals":                   {[]string{"application/graphql-response+json, application/json, text/event-stream, multipart/mixed"}, recent},
		"events excluded":                       {[]string{"text/event-stream;q=0"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			headers := make([]string, 0, len(tt.accept))
			for _, accept := range tt.accept {
				headers = append(headers, "Accept: "+accept)
			}
			a := r.post(t, ask(`{ __typename }`), headers...)
			if tt.want == "" {
				assert.Equal(t, http.StatusNotAcceptable, a.StatusCode)
				assert.Equal(t, "INVALID", a.code(t))
				return
			}
			assert.Equal(t, http.StatusOK, a.StatusCode)
			assert.Equal(t, tt.want, a.Header.Get("Content-Type"))
			assert.Equal(t, "nosniff", a.Header.Get("X-Content-Type-Options"))
			assert.Contains(t, a.Header.Values("Vary"), "Accept")
		})
	}
}

func TestMethods(t *testing.T) {
	r := serve(t)
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, "BREW"} {
		a := r.send(t, method, "/graphql", ask(`{ __typename }`), sendsJSON)
		assert.Equal(t, http.StatusMethodNotAllowed, a.StatusCode, method)
		assert.Equal(t, "GET, HEAD, OPTIONS, POST", a.Header.Get("Allow"), method)
		assert.Equal(t, "INVALID", a.code(t), method)
	}
	a := r.send(t, http.MethodOptions, "/graphql", "")
	assert.Equal(t, http.StatusNoContent, a.StatusCode)
	assert.Equal(t, "GET, HEAD, OPTIONS, POST", a.Header.Get("Allow"))
	assert.Empty(t, a.Header.Get("Access-Control-Allow-Origin"), "no other site may read")

	get := func(query string) string { return "/graphql?" + url.Values{"query": {query}}.Encode() }
	assert.JSONEq(t, `{"data":{"echo":"a"}}`, r.send(t, http.MethodGet, get(`{ echo(text: "a") }`), "").text)
	a = r.send(t, http.MethodHead, get(`{ echo(text: "a") }`), "")
	assert.Equal(t, http.StatusOK, a.StatusCode)
	assert.Empty(t, a.text)

	a = r.send(t, http.MethodGet, get(`mutation { count }`), "", wantsOld)
	assert.Equal(t, http.StatusMethodNotAllowed, a.StatusCode)
	assert.Equal(t, http.MethodPost, a.Header.Get("Allow"))
	assert.Zero(t, r.world.calls.Load(), "the mutation ran")

	for name, a := range map[string]reply{
		"by GET":  r.send(t, http.MethodGet, get(`subscription { counts(to: 1) }`), "", wantsOld),
		"by POST": r.post(t, ask(`subscription { counts(to: 1) }`), wantsNew),
		"by HEAD": r.send(t, http.MethodHead, get(`subscription { counts(to: 1) }`), "", "Accept: text/event-stream"),
	} {
		assert.Equal(t, http.StatusNotAcceptable, a.StatusCode, "a subscription %s", name)
		if a.text != "" {
			assert.Equal(t, "INVALID", a.code(t))
			assert.NotContains(t, a.text, "data")
		}
	}
	assert.Zero(t, r.world.open.Load(), "a subscription ran")
}

func TestMalformedRequests(t *testing.T) {
	r := serve(t)
	for name, tt := range map[string]struct {
		body    string
		headers []string
		status  int
	}{
		"no JSON":                             {`{"query":`, nil, 400},
		"nothing":                             {``, nil, 400},
		"null":                                {`null`, nil, 400},
		"a string":                            {`"secret"`, nil, 400},
		"a batch":                             {`[{"query":"{ __typename }"}]`, nil, 400},
		"something behind the JSON":           {`{"query":"{ __typename }"} secret`, nil, 400},
		"a second object":                     {`{"query":"{ __typename }"}{}`, nil, 400},
		"no query":                            {`{"operationName":"secret"}`, nil, 400},
		"a query in other letters":            {`{"Query":"{ __typename }"}`, nil, 400},
		"a query twice":                       {`{"query":"{ __typename }","query":"secret"}`, nil, 400},
		"a query that is a number":            {`{"query":1}`, nil, 400},
		"an operation name that is an object": {`{"query":"{ __typename }","operationName":{}}`, nil, 400},
		"variables that are a list":           {`{"query":"{ __typename }","variables":["secret"]}`, nil, 400},
		"extensions that are a string":        {`{"query":"{ __typename }","extensions":"secret"}`, nil, 400},
		"bytes that are not UTF-8":            {"{\"query\":\"{ echo(text: \\\"\xff\\\") }\"}", nil, 400},
		"a persisted query of version 2":      {`{"query":"{ __typename }","extensions":{"persistedQuery":{"version":2,"sha256Hash":"secret"}}}`, nil, 400},
		"a persisted query without hash":      {`{"query":"{ __typename }","extensions":{"persistedQuery":{"version":1}}}`, nil, 400},
		"a form":                              {`query={__typename}`, []string{"Content-Type: application/x-www-form-urlencoded"}, 415},
		"plain text":                          {`{"query":"{ __typename }"}`, []string{"Content-Type: text/plain"}, 415},
		"no type":                             {`{"query":"{ __typename }"}`, []string{}, 415},
		"two types":                           {`{"query":"{ __typename }"}`, []string{sendsJSON, "Content-Type: text/plain"}, 415},
		"another charset":                     {`{"query":"{ __typename }"}`, []string{"Content-Type: application/json; charset=utf-16"}, 415},
		"a compressed body":                   {`{"query":"{ __typename }"}`, []string{sendsJSON, "Content-Encoding: gzip"}, 415},
	} {
		t.Run(name, func(t *testing.T) {
			headers := tt.headers
			if headers == nil {
				headers = []string{sendsJSON}
			}
			for _, accept := range []string{wantsOld, wantsNew, "Accept: text/event-stream"} {
				a := r.send(t, http.MethodPost, "/graphql", tt.body, append([]string{accept}, headers...)...)
				assert.Equal(t, tt.status, a.StatusCode, accept)
				assert.Equal(t, "INVALID", a.code(t))
				assert.NotContains(t, a.json(t), "data")
				assert.NotContains(t, a.text, "secret", "the body comes back")
			}
		})
	}
	for name, query := range map[string]string{
		"a query twice":                "query={__typename}&query=secret",
		"variables that are no JSON":   "query={__typename}&variables=secret",
		"variables that are a list":    "query={__typename}&variables=[1]",
		"a broken escape":              "query=%7B__typename%7D%zz",
		"nothing":                      "",
		"bytes that are not UTF-8":     "query=%ff",
		"something behind a variable ": "query={__typename}&variables={}{}",
	} {
		t.Run("by GET, "+name, func(t *testing.T) {
			a := r.send(t, http.MethodGet, "/graphql?"+query, "", wantsNew)
			assert.Equal(t, 400, a.StatusCode)
			assert.Equal(t, "INVALID", a.code(t))
			assert.NotContains(t, a.text, "secret")
		})
	}
	t.Run("what is not ours is passed over, and null is nothing", func(t *testing.T) {
		a := r.post(t, `{"id":7,"query":"{ __typename }","operationName":null,"variables":null,"extensions":null}`)
		assert.JSONEq(t, `{"data":{"__typename":"Query"}}`, a.text)
		a = r.send(t, http.MethodGet, "/graphql?query={__typename}&operationName=&utm=x", "")
		assert.JSONEq(t, `{"data":{"__typename":"Query"}}`, a.text)
	})
}

func TestRequestErrors(t *testing.T) {
	r := serve(t)
	for name, tt := range map[string]struct{ body, code string }{
		"a document that does not parse":     {ask(`{ echo(`), "GRAPHQL_PARSE_FAILED"},
		"an empty document":                  {ask(`# nothing`), "GRAPHQL_VALIDATION_FAILED"},
		"an unknown field":                   {ask(`{ dealerz }`), "GRAPHQL_VALIDATION_FAILED"},
		"an unknown argument":                {ask(`{ echo(text: "a", txt: "b") }`), "GRAPHQL_VALIDATION_FAILED"},
		"an unknown type":                    {ask(`query($f: DealerFilte) { dealers(filter: $f) { totalCount } }`), "GRAPHQL_VALIDATION_FAILED"},
		"an unknown enum value":              {ask(`{ fails(how: PLAI) }`), "GRAPHQL_VALIDATION_FAILED"},
		"no selection of an object":          {ask(`{ dealer(id: 1) }`), "GRAPHQL_VALIDATION_FAILED"},
		"two operations and no name":         {ask(`query a { __typename } query b { __typename }`), "GRAPHQL_VALIDATION_FAILED"},
		"a name that no operation has":       {`{"query":"query a { __typename }","operationName":"b"}`, "GRAPHQL_VALIDATION_FAILED"},
		"a variable that is missing":         {ask(`query($t: String!) { echo(text: $t) }`), "GRAPHQL_VALIDATION_FAILED"},
		"a number for a string":              {`{"query":"query($t: String!) { echo(text: $t) }","variables":{"t":5}}`, "GRAPHQL_VALIDATION_FAILED"},
		"a string for an object":             {`{"query":"query($f: DealerFilter) { dealers(filter: $f) { totalCount } }","variables":{"f":"x"}}`, "GRAPHQL_VALIDATION_FAILED"},
		"an unknown field of an input":       {`{"query":"query($f: DealerFilter) { dealers(filter: $f) { totalCount } }","variables":{"f":{"nam":"x"}}}`, "GRAPHQL_VALIDATION_FAILED"},
		"a subscription of two fields":       {ask(`subscription { counts(to: 1) silence }`), "GRAPHQL_VALIDATION_FAILED"},
		"a subscription of no field":         {ask(`subscription { counts(to: 1) @skip(if: true) }`), "GRAPHQL_VALIDATION_FAILED"},
		"a subscription of introspection":    {ask(`subscription { __typename }`), "GRAPHQL_VALIDATION_FAILED"},
		"a document that is not known by id": {`{"documentId":"unknown"}`, "NOT_FOUND"},
		"an operation of a type that is not": {ask(`query { __typename } mutation { cont }`), "GRAPHQL_VALIDATION_FAILED"},
		"a directive that nobody serves":     {ask(`{ ... @defer { __typename } }`), "GRAPHQL_VALIDATION_FAILED"},
		"fragments that spread one another":  {ask(`{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }`), "GRAPHQL_VALIDATION_FAILED"},
		"a fragment that nobody defined":     {ask(`{ ...a }`), "GRAPHQL_VALIDATION_FAILED"},
		"fields that cannot be merged":       {ask(`{ a: echo(text: "1") a: echo(text: "2") }`), "GRAPHQL_VALIDATION_FAILED"},
		"an integer of more than 64 bits":    {ask(`{ number(value: 99999999999999999999) }`), "GRAPHQL_VALIDATION_FAILED"},
		"one in a variable":                  {`{"query":"query($n: Big!) { number(value: $n) }","variables":{"n":99999999999999999999}}`, "INVALID"},
	} {
		t.Run(name, func(t *testing.T) {
			recent := r.post(t, tt.body, wantsNew)
			old := r.post(t, tt.body, wantsOld)
			assert.Equal(t, tt.code, recent.code(t), "%s", recent.text)
			assert.Equal(t, recent.json(t)["errors"], old.json(t)["errors"])
			assert.Equal(t, http.StatusOK, old.StatusCode)
			if tt.code == "INVALID" { // found while it ran
				return
			}
			assert.Equal(t, http.StatusBadRequest, recent.StatusCode)
			assert.NotContains(t, recent.json(t), "data")
			assert.NotContains(t, recent.text, "Did you mean")
			assert.NotContains(t, recent.text, "Dealer\\\"?", "a name is suggested")
		})
	}
}

func TestErrorsShowNothingInternal(t *testing.T) {
	r := serve(t)
	for name, tt := range map[string]struct{ query, code string }{
		"a plain error":                   {`{ fails(how: PLAIN) }`, "INTERNAL"},
		"a panic":                         {`{ fails(how: PANIC) }`, "INTERNAL"},
		"an error that empties the whole": {`{ failsHard }`, "INTERNAL"},
		"a fault":                         {`{ fails(how: FAULT) }`, "CONFLICT"},
	} {
		t.Run(name, func(t *testing.T) {
			a := r.post(t, ask(tt.query), wantsNew)
			assert.Equal(t, http.StatusOK, a.StatusCode, "it ran")
			assert.Contains(t, a.json(t), "data")
			assert.Equal(t, tt.code, a.code(t))
			assert.Contains(t, a.text, `"requestId":"req-1"`)
			for _, secret := range []string{"secret_table", "panics", "goroutine", ".go"} {
				assert.NotContains(t, a.text, secret)
			}
		})
	}
	t.Run("a document that is quoted in full is clipped", func(t *testing.T) {
		a := r.post(t, ask(`{ `+strings.Repeat("x", 100_000)+` }`))
		assert.Less(t, len(a.text), 2_000)
	})
	t.Run("a thousand mistakes are told ten times", func(t *testing.T) {
		a := r.post(t, ask(`{ dealer(id: 1) { `+strings.Repeat("nope ", 1_000)+` } }`))
		errs, _ := a.json(t)["errors"].([]any)
		assert.LessOrEqual(t, len(errs), 10)
		assert.NotEmpty(t, errs)
	})
}

func TestTokens(t *testing.T) {
	r := serve(t)
	whoami := ask(`{ whoami }`)
	assert.JSONEq(t, `{"data":{"whoami":"usr_dealer"}}`, r.post(t, whoami, "Authorization: Bearer dealer").text)
	assert.JSONEq(t, `{"data":{"whoami":"usr_dealer"}}`, r.post(t, whoami, "Authorization: bearer  dealer").text)
	assert.JSONEq(t, `{"data":{"whoami":null}}`, r.post(t, whoami).text)
	for name, headers := range map[string][]string{
		"a bad token":     {"Authorization: Bearer nonsense"},
		"an empty one":    {"Authorization: Bearer"},
		"another scheme":  {"Authorization: Basic ZGVhbGVyOng="},
		"two tokens":      {"Authorization: Bearer dealer", "Authorization: Bearer rep"},
		"a token for SSE": {"Authorization: Bearer nonsense", "Accept: text/event-stream"},
	} {
		t.Run(name, func(t *testing.T) {
			a := r.post(t, whoami, headers...)
			assert.Equal(t, http.StatusUnauthorized, a.StatusCode)
			assert.Equal(t, "UNAUTHENTICATED", a.code(t))
			assert.Contains(t, a.Header.Get("WWW-Authenticate"), "Bearer")
			assert.NotContains(t, a.json(t), "data")
		})
	}
	t.Run("a token that cannot be checked is our failure", func(t *testing.T) {
		a := r.post(t, whoami, "Authorization: Bearer broken")
		assert.Equal(t, http.StatusInternalServerError, a.StatusCode)
		assert.Equal(t, "INTERNAL", a.code(t))
		assert.NotContains(t, a.text, "secret_table")
	})
}

func TestPersonas(t *testing.T) {
	asked := map[identity.Persona]int{}
	r := serve(t, func(c *transport.Config) {
		schema := c.Schema
		c.Schema = func(p identity.Persona) graphql.ExecutableSchema {
			asked[p]++
			return schema(p)
		}
	})
	all := ask(`{ all { id } }`)
	assert.Empty(t, r.post(t, all, "Authorization: Bearer dealer").code(t))
	assert.Equal(t, "GRAPHQL_VALIDATION_FAILED", r.post(t, all, "Authorization: Bearer rep").code(t), "a document that a dealer may send is remembered for dealers alone")
	assert.Equal(t, "GRAPHQL_VALIDATION_FAILED", r.post(t, all).code(t))
	fields := ask(`{ __type(name: "Query") { fields { name } } }`)
	assert.Contains(t, r.post(t, fields, "Authorization: Bearer dealer").text, `"all"`)
	assert.NotContains(t, r.post(t, fields, "Authorization: Bearer rep").text, `"all"`)
	assert.Equal(t, map[identity.Persona]int{"": 1, identity.Dealer: 1, identity.Rep: 1}, asked)
}

func TestIntrospectionCanBeOff(t *testing.T) {
	r := serve(t, func(c *transport.Config) { c.Introspection = false })
	for _, query := range []string{`{ __schema { types { name } } }`, `{ __type(name: "Query") { name } }`, `{ ...f } fragment f on Query { __schema { queryType { name } } }`} {
		a := r.post(t, ask(query), wantsNew)
		assert.Equal(t, http.StatusBadRequest, a.StatusCode)
		assert.Equal(t, "GRAPHQL_VALIDATION_FAILED", a.code(t))
		assert.NotContains(t, a.json(t), "data")
	}
	assert.JSONEq(t, `{"data":{"__typename":"Query"}}`, r.post(t, ask(`{ __typename }`)).text)
}

func TestWorkStopsWhenTheCallerLeaves(t *testing.T) {
	r := serve(t)
	ctx, leave := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL+"/graphql", strings.NewReader(ask(`{ waits }`)))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	gone := make(chan error, 1)
	go func() {
		response, err := r.Client().Do(request)
		if err == nil {
			response.Body.Close()
		}
		gone <- err
	}()
	<-r.world.waiting
	leave()
	assert.ErrorIs(t, <-gone, context.Canceled)
	select {
	case <-r.world.left:
	case <-time.After(patience):
		t.Fatal("the resolver still waits")
	}
}

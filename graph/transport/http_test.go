package transport_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

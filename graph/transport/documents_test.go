package transport_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/graph/transport"
)

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func persisted(query, hash string) string {
	text := ""
	if query != "" {
		text = fmt.Sprintf(`"query":%q,`, query)
	}
	return fmt.Sprintf(`{%s"extensions":{"persistedQuery":{"version":1,"sha256Hash":%q}}}`, text, hash)
}

func TestAutomaticPersistedQueries(t *testing.T) {
	r := serve(t)
	query := `{ echo(text: "again") }`
	hash := hashOf(query)
	const want = `{"data":{"echo":"again"}}`

	miss := r.post(t, persisted("", hash))
	assert.Equal(t, "PERSISTED_QUERY_NOT_FOUND", miss.code(t))
	assert.Contains(t, miss.text, `"message":"PersistedQueryNotFound"`, "clients look for these words")
	assert.JSONEq(t, want, r.post(t, persisted(query, strings.ToUpper(hash))).text)
	assert.JSONEq(t, want, r.post(t, persisted("", hash)).text)
	byGet := url.Values{"extensions": {fmt.Sprintf(`{"persistedQuery":{"version":1,"sha256Hash":%q}}`, hash)}}
	assert.JSONEq(t, want, r.send(t, http.MethodGet, "/graphql?"+byGet.Encode(), "").text)

	t.Run("over a socket, too", func(t *testing.T) {
		p := r.connect(t, "")
		p.say(`{"id":"1","type":"subscribe","payload":` + persisted("", hash) + `}`)
		assert.JSONEq(t, `{"id":"1","type":"next","payload":`+want+`}`, p.hear())
	})
	t.Run("another hash than the query's is refused", func(t *testing.T) {
		a := r.post(t, persisted(query, hashOf("another")))
		assert.Equal(t, http.StatusBadRequest, a.StatusCode)
		assert.Equal(t, "INVALID", a.code(t))
		assert.Equal(t, "PERSISTED_QUERY_NOT_FOUND", r.post(t, persisted("", hashOf("another"))).code(t))
	})
	t.Run("a query that is refused is not remembered", func(t *testing.T) {
		bad := `{ nope }`
		assert.Equal(t, "GRAPHQL_VALIDATION_FAILED", r.post(t, persisted(bad, hashOf(bad))).code(t))
		assert.Equal(t, "PERSISTED_QUERY_NOT_FOUND", r.post(t, persisted("", hashOf(bad))).code(t))
	})
	t.Run("each persona remembers its own", func(t *testing.T) {
		assert.Equal(t, "PERSISTED_QUERY_NOT_FOUND", r.post(t, persisted("", hash), "Authorization: Bearer rep").code(t))
	})
	t.Run("the oldest are forgotten", func(t *testing.T) {
		for i := range 40 {
			long := fmt.Sprintf(`{ echo(text: "%d") } #%s`, i, strings.Repeat("x", 20_000))
			require.Empty(t, r.post(t, persisted(long, hashOf(long))).code(t))
		}
		assert.Equal(t, "PERSISTED_QUERY_NOT_FOUND", r.post(t, persisted("", hash)).code(t))
	})
}

func load(t *testing.T, json string) (transport.Documents, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "documents.json")
	require.NoError(t, os.WriteFile(path, []byte(json), 0o600))
	return transport.LoadDocuments(path)
}

func TestTrustedDocuments(t *testing.T) {
	whoami, echo := `query Whoami { whoami }`, `query Echo($t: String!) { echo(text: $t) }`
	documents, err := load(t, fmt.Sprintf(`{"whoami": %q, %q: %q, "sha256:%s": %q}`,
		whoami, hashOf(echo), echo, hashOf(`{ all { id } }`), `{ all { id } }`))
	require.NoError(t, err)
	assert.Equal(t, []string{"Echo", "Whoami"}, documents.Names())

	r := serve(t, func(c *transport.Config) { c.Documents = documents })
	for name, body := range map[string]string{
		"by id":                    `{"documentId":"whoami"}`,
		"in full":                  ask(whoami),
		"by id, whatever it sends": `{"documentId":"whoami","query":"{ echo(text: \"a\") }"}`,
	} {
		t.Run(name, func(t *testing.T) { assert.JSONEq(t, `{"data":{"whoami":null}}`, r.post(t, body).text) })
	}
	for name, body := range map[string]string{
		"by its hash":                   fmt.Sprintf(`{"documentId":%q,"variables":{"t":"a"}}`, hashOf(echo)),
		"by its hash with the prefix":   fmt.Sprintf(`{"documentId":"sha256:%s","variables":{"t":"a"}}`, hashOf(echo)),
		"by its hash in the extensions": strings.Replace(persisted("", hashOf(echo)), `{"ext`, `{"variables":{"t":"a"},"ext`, 1),
	} {
		t.Run(name, func(t *testing.T) { assert.JSONEq(t, `{"data":{"echo":"a"}}`, r.post(t, body).text) })
	}
	for name, body := range map[string]string{
		"any other document":           ask(`{ __typename }`),
		"a trusted one with a blank":   ask(whoami + " "),
		"an unknown id":                `{"documentId":"nope"}`,
		"an unknown hash":              persisted("", hashOf("nope")),
		"another document by its hash": persisted(`{ __typename }`, hashOf(`{ __typename }`)),
	} {
		t.Run("refused: "+name, func(t *testing.T) {
			a := r.post(t, body, wantsNew)
			assert.Equal(t, http.StatusBadRequest, a.StatusCode)
			assert.Equal(t, "FORBIDDEN", a.code(t))
		})
	}
	t.Run("a trusted document is still validated for the persona", func(t *testing.T) {
		body := fmt.Sprintf(`{"documentId":%q}`, hashOf(`{ all { id } }`))
		assert.Empty(t, r.post(t, body, "Authorization: Bearer dealer").code(t))
		assert.Equal(t, "GRAPHQL_VALIDATION_FAILED", r.post(t, body).code(t))
	})
	t.Run("over a socket, too", func(t *testing.T) {
		p := r.connect(t, "")
		p.say(`{"id":"1","type":"subscribe","payload":{"documentId":"whoami"}}`)
		assert.JSONEq(t, `{"id":"1","type":"next","payload":{"data":{"whoami":null}}}`, p.hear())
		assert.JSONEq(t, `{"id":"1","type":"complete"}`, p.hear())
		p.subscribe("2", `{ __typename }`)
		assert.Equal(t, "FORBIDDEN", p.errors(p.hear()))
	})
}

func TestDocumentsThatCannotBeTrusted(t *testing.T) {
	for name, json := range map[string]string{
		"no JSON":                    `{`,
		"a list":                     `["{ a }"]`,
		"a document without a brace": `{"a": "query {"}`,
		"a hash of another text":     fmt.Sprintf(`{%q: "{ a }"}`, hashOf("{ b }")),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, json)
			assert.ErrorContains(t, err, "trusted documents")
		})
	}
	_, err := transport.LoadDocuments(filepath.Join(t.TempDir(), "missing.json"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	none, err := load(t, `{}`)
	require.NoError(t, err)
	r := serve(t, func(c *transport.Config) { c.Documents = none })
	assert.Equal(t, "FORBIDDEN", r.post(t, ask(`{ __typename }`)).code(t), "no document is not any document")
}

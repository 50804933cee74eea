package transport_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dure/graph/transport"
)

const nesting = 32

func FuzzDecodeRequest(f *testing.F) {
	for _, seed := range []string{
		ask(`{ __typename }`),
		`{"query":"query($n: Int) { a }","variables":{"n":9007199254740993,"f":1.5,"e":1e3,"l":[null,{"a":"b"}]}}`,
		`{"query":null,"documentId":"a"}`, `{"query":"a","query":"b"}`, `[{}]`, `{"query":"a"} x`, `{"query":"\ud800"}`, "{\"query\":\"\xff\"}",
		persisted("", hashOf("a")), `{"extensions":{"persistedQuery":null}}`, strings.Repeat("[", 40), `{"variables":{"n":1e999}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		query, variables, err := transport.DecodeRequest(text, nesting)
		if err != nil {
			if len(err.Error()) > 200 {
				t.Fatalf("the error repeats the request: %s", err)
			}
			return
		}
		if !json.Valid(text) || !utf8.Valid(text) {
			t.Fatalf("took what is no JSON: %q", text)
		}
		if _, err := json.Marshal(variables); err != nil {
			t.Fatalf("a variable is no JSON: %v", err)
		}
		if !utf8.ValidString(query) {
			t.Fatalf("the query is not UTF-8: %q", query)
		}
	})
}

// FuzzAnswer sends bodies to the whole handler.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		ask(`{ __typename }`), ask(`{ echo(text: "a") dealers(first: 2) { nodes { nearby { id } } } }`), ask(`mutation { count }`), ask(bomb(3)), ask(`{ fails(how: PANIC) }`),
		`{"query":"query($f: DealerFilter, $h: Failure!) { fails(how: $h) dealers(filter: $f) { totalCount } }","variables":{"f":{"and":[{"name":"a"}]},"h":"FAULT"}}`,
		ask(`subscription { counts(to: 1) }`), ask(`{ number(value: 99999999999999999999) }`), ask(`query($n: Big = 5) @skip(if: true) { number(value: $n) }`), persisted(`{ __typename }`, hashOf(`{ __typename }`)),
	} {
		f.Add([]byte(seed))
	}
	handler := transport.New(newWorld().config())
	f.Fuzz(func(t *testing.T, body []byte) {
		ctx, done := context.WithTimeout(t.Context(), 100*time.Millisecond) // for those that wait
		defer done()
		request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Accept", "application/graphql-response+json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, request)
		if ctx.Err() != nil {
			return // nobody is there to answer
		}
		var answer map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("the answer is no JSON: %q", w.Body)
		}
		switch _, data := answer["data"]; {
		case w.Code == http.StatusOK && data:
		case w.Code >= 400 && w.Code < 500 && !data && codeOf(answer["errors"]) != "":
		default:
			t.Fatalf("%d: %s", w.Code, w.Body)
		}
	})
}

func FuzzDecodeQuery(f *testing.F) {
	for _, seed := range []string{
		"query={__typename}", "query=a&query=b", "query=%7B__typename%7D&variables=%7B%22a%22%3A1%7D", "documentId=a&extensions={}", "query=%ff", "%zz", "", "query=a;b",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if err := transport.DecodeQuery(raw, nesting); err != nil && len(err.Error()) > 200 {
			t.Fatalf("the error repeats the request: %s", err)
		}
	})
}

func FuzzDecodeMessage(f *testing.F) {
	for _, seed := range []string{
		`{"type":"connection_init"}`, `{"type":"connection_init","payload":{"authorization":"Bearer a"}}`, `{"type":"ping","payload":null}`, `{"type":"pong"}`,
		`{"id":"a","type":"subscribe","payload":{"query":"{ a }"}}`, `{"id":"","type":"complete"}`, `{"id":"a","type":"complete"}`, `{"type":"next"}`, `{}`, `null`, `{"type":"ping"}{}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		kind, id, err := transport.DecodeMessage(text, nesting)
		if err != nil {
			if len(err.Error()) > 200 {
				t.Fatalf("the error repeats the message: %s", err)
			}
			return
		}
		switch kind {
		case "connection_init", "ping", "pong":
		case "subscribe", "complete":
			if id == "" {
				t.Fatalf("took an operation without an id: %q", text)
			}
		default:
			t.Fatalf("took a message of kind %q", kind)
		}
		if !json.Valid(text) {
			t.Fatalf("took what is no JSON: %q", text)
		}
	})
}

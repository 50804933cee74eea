package transport_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/graph/transport"
)

const (
	wantsEvents = "Accept: text/event-stream"
	opened      = ":\n\n"
	completed   = "event: complete\ndata: \n\n"
)

func nextEvent(data string) string { return "event: next\ndata: " + data + "\n\n" }

func TestEvents(t *testing.T) {
	r := serve(t)
	for name, tt := range map[string]struct{ query, want string }{
		"a subscription":               {`subscription { counts(to: 2) }`, nextEvent(`{"data":{"counts":1}}`) + nextEvent(`{"data":{"counts":2}}`)},
		"a query":                      {`{ echo(text: "a") }`, nextEvent(`{"data":{"echo":"a"}}`)},
		"line breaks stay in one line": {`{ echo(text: "a\nb\r\n") }`, nextEvent(`{"data":{"echo":"a\nb\r\n"}}`)},
	} {
		t.Run(name, func(t *testing.T) {
			a := r.post(t, ask(tt.query), wantsEvents)
			assert.Equal(t, http.StatusOK, a.StatusCode)
			assert.Equal(t, "text/event-stream; charset=utf-8", a.Header.Get("Content-Type"))
			assert.Equal(t, "no-store, no-transform", a.Header.Get("Cache-Control"))
			assert.Equal(t, "no", a.Header.Get("X-Accel-Buffering"))
			assert.Equal(t, opened+tt.want+completed, a.text)

			a = r.send(t, http.MethodGet, "/graphql?"+url.Values{"query": {tt.query}}.Encode(), "", wantsEvents)
			assert.Equal(t, opened+tt.want+completed, a.text, "by GET, as EventSource does")
		})
	}
	for name, tt := range map[string]struct{ query, code string }{
		"a document that does not parse":        {`subscription {`, "GRAPHQL_PARSE_FAILED"},
		"an unknown field":                      {`subscription { nope }`, "GRAPHQL_VALIDATION_FAILED"},
		"a hostile document":                    {bomb(31), "LIMITED"},
		"a resolver that refuses":               {`subscription { refused(how: FAULT) }`, "CONFLICT"},
		"a resolver that fails":                 {`subscription { refused(how: PLAIN) }`, "INTERNAL"},
		"a resolver that panics":                {`subscription { refused(how: PANIC) }`, "INTERNAL"},
		"a resolver that breaks off later":      {`subscription { breaks(how: FAULT) }`, "CONFLICT"},
		"one that breaks off and says too much": {`subscription { breaks(how: PLAIN) }`, "INTERNAL"},
	} {
		t.Run(name+" is told by an event, then complete", func(t *testing.T) {
			a := r.post(t, ask(tt.query), wantsEvents)
			assert.Equal(t, http.StatusOK, a.StatusCode)
			text, ok := strings.CutSuffix(a.text, completed)
			require.True(t, ok, a.text)
			events := strings.Split(strings.TrimSuffix(text, "\n\n"), "\n\n")
			last := reply{text: strings.TrimPrefix(events[len(events)-1], "event: next\ndata: ")}
			assert.Equal(t, tt.code, last.code(t))
			assert.NotContains(t, last.json(t), "data")
			assert.NotContains(t, a.text, "secret_table")
		})
	}
	t.Run("a goroutine that blames a foreign context harms nobody", func(t *testing.T) {
		a := r.post(t, ask(`subscription { breaks(how: PANIC) }`), wantsEvents)
		assert.Equal(t, opened+nextEvent(`{"data":{"breaks":"before it breaks"}}`)+completed, a.text)
	})
	t.Run("mutations do not go by GET", func(t *testing.T) {
		a := r.send(t, http.MethodGet, "/graphql?query=mutation{count}", "", wantsEvents)
		assert.Equal(t, http.StatusMethodNotAllowed, a.StatusCode)
		assert.Zero(t, r.world.calls.Load())
	})
}

// listen subscribes to silence by events and returns once the stream is open.
func (r *rig) listen(t *testing.T, headers ...string) (body *bufio.Reader, leave func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL+"/graphql?query=subscription{silence}", nil)
	require.NoError(t, err)
	request.Header.Set("Accept", "text/event-stream")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Set(name, value)
	}
	response, err := r.Client().Do(request)
	require.NoError(t, err)
	t.Cleanup(func() {
		cancel()
		response.Body.Close()
	})
	body = bufio.NewReader(response.Body)
	require.Equal(t, ":\n", line(t, body))
	require.Equal(t, "\n", line(t, body))
	return body, cancel
}

func line(t *testing.T, body *bufio.Reader) string {
	t.Helper()
	text, err := body.ReadString('\n')
	require.NoError(t, err)
	return text
}

func (r *rig) eventuallyQuiet(t *testing.T) {
	t.Helper()
	assert.Eventually(t, func() bool { return r.world.open.Load() == 0 }, patience, time.Millisecond, "a subscription still runs")
}

func (r *rig) eventuallyBegun(t *testing.T, n int64) {
	t.Helper()
	require.Eventually(t, func() bool { return r.world.begun.Load() == n }, patience, time.Millisecond)
}

func TestEventStreamsEnd(t *testing.T) {
	t.Run("when the caller leaves", func(t *testing.T) {
		r := serve(t)
		_, leave := r.listen(t)
		r.eventuallyBegun(t, 1)
		leave()
		r.eventuallyQuiet(t)
	})
	t.Run("without complete when the token expires, so that clients come back", func(t *testing.T) {
		r := serve(t)
		body, _ := r.listen(t, "Authorization: Bearer soon")
		rest, err := io.ReadAll(body)
		require.NoError(t, err)
		assert.NotContains(t, string(rest), "complete")
		r.eventuallyQuiet(t)
	})
	t.Run("without complete when the server stops, so that clients come back", func(t *testing.T) {
		r := serve(t)
		body, _ := r.listen(t)
		r.handler.Shutdown()
		rest, err := io.ReadAll(body)
		require.NoError(t, err, "the stream is cut, not ended")
		assert.NotContains(t, string(rest), "complete")
		r.eventuallyQuiet(t)
		assert.Equal(t, http.StatusServiceUnavailable, r.post(t, ask(`{ __typename }`), wantsEvents).StatusCode)
		assert.Equal(t, http.StatusOK, r.post(t, ask(`{ __typename }`)).StatusCode, "other requests are still answered")
	})
	t.Run("when nobody reads", func(t *testing.T) {
		r := serve(t, func(c *transport.Config) { c.WriteTimeout = 100 * time.Millisecond })
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", r.Listener.Addr().String())
		require.NoError(t, err)
		defer conn.Close()
		body := ask(`subscription { ticks(bytes: 65536) }`)
		_, err = fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		require.NoError(t, err)
		r.eventuallyBegun(t, 1)
		r.eventuallyQuiet(t)
	})
}

func TestEventStreamsShowThatTheyLive(t *testing.T) {
	r := serve(t, func(c *transport.Config) { c.PingInterval = 10 * time.Millisecond })
	body, _ := r.listen(t)
	for range 3 {
		assert.Equal(t, ":\n", line(t, body))
		assert.Equal(t, "\n", line(t, body))
	}
}

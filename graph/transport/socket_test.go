package transport_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/graph/transport"
)

// peer is a client of graphql-transport-ws that says what it is told to.
type peer struct {
	t    *testing.T
	conn *websocket.Conn
}

// dial opens a socket and says nothing.
func (r *rig) dial(t *testing.T, options ...func(*websocket.DialOptions)) *peer {
	t.Helper()
	o := &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}
	for _, option := range options {
		option(o)
	}
	conn, response, err := websocket.Dial(t.Context(), strings.Replace(r.URL, "http", "ws", 1)+"/graphql", o)
	require.NoError(t, err)
	if response.Body != nil {
		response.Body.Close()
	}
	conn.SetReadLimit(-1)
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &peer{t, conn}
}

// connect opens a socket and signs in with token, "" for nobody.
func (r *rig) connect(t *testing.T, token string) *peer {
	t.Helper()
	p := r.dial(t)
	if token == "" {
		p.say(`{"type":"connection_init"}`)
	} else {
		p.say(fmt.Sprintf(`{"type":"connection_init","payload":{"authorization":"Bearer %s"}}`, token))
	}
	require.JSONEq(t, `{"type":"connection_ack"}`, p.hear())
	return p
}

func (p *peer) say(text string) {
	p.t.Helper()
	require.NoError(p.t, p.conn.Write(p.t.Context(), websocket.MessageText, []byte(text)))
}

func (p *peer) subscribe(id, query string) {
	p.t.Helper()
	p.say(fmt.Sprintf(`{"id":%q,"type":"subscribe","payload":%s}`, id, ask(query)))
}

const patience = 10 * time.Second

// hear returns the next message.
func (p *peer) hear() string {
	p.t.Helper()
	ctx, done := context.WithTimeout(p.t.Context(), patience)
	defer done()
	_, text, err := p.conn.Read(ctx)
	require.NoError(p.t, err)
	return string(text)
}

// closed returns how the server ends the socket, whatever it says before.
func (p *peer) closed() (code int, reason string) {
	p.t.Helper()
	ctx, done := context.WithTimeout(p.t.Context(), patience)
	defer done()
	for {
		_, _, err := p.conn.Read(ctx)
		if err == nil {
			continue
		}
		var c websocket.CloseError
		require.ErrorAs(p.t, err, &c)
		return int(c.Code), c.Reason
	}
}

func (p *peer) errors(text string) string {
	p.t.Helper()
	var m struct {
		Type    string
		Payload []any
	}
	require.NoError(p.t, json.Unmarshal([]byte(text), &m), "%s", text)
	require.Equal(p.t, "error", m.Type)
	return codeOf(m.Payload)
}

func TestSocketOperations(t *testing.T) {
	r := serve(t)
	p := r.connect(t, "")
	for name, tt := range map[string]struct {
		query string
		want  []string // answers; then comes complete
	}{
		"a subscription's events come in order":  {`subscription { counts(to: 3) }`, []string{`{"data":{"counts":1}}`, `{"data":{"counts":2}}`, `{"data":{"counts":3}}`}},
		"a subscription without events":          {`subscription { counts(to: 0) }`, nil},
		"a query":                                {`{ echo(text: "논두렁") }`, []string{`{"data":{"echo":"논두렁"}}`}},
		"a mutation":                             {`mutation { count }`, []string{`{"data":{"count":1}}`}},
		"a stream that blames a foreign context": {`subscription { breaks(how: PANIC) }`, []string{`{"data":{"breaks":"before it breaks"}}`}},
	} {
		t.Run(name, func(t *testing.T) {
			p := peer{t, p.conn}
			p.subscribe("a", tt.query) // the id is free again after each
			for _, answer := range tt.want {
				assert.JSONEq(t, `{"id":"a","type":"next","payload":`+answer+`}`, p.hear())
			}
			assert.JSONEq(t, `{"id":"a","type":"complete"}`, p.hear())
		})
	}
	for name, tt := range map[string]struct{ query, code string }{
		"a document that does not parse": {`subscription {`, "GRAPHQL_PARSE_FAILED"},
		"an unknown field":               {`{ nope }`, "GRAPHQL_VALIDATION_FAILED"},
		"a resolver that refuses":        {`subscription { refused(how: FAULT) }`, "CONFLICT"},
		"a resolver that fails":          {`subscription { refused(how: PLAIN) }`, "INTERNAL"},
		"a resolver that panics":         {`subscription { refused(how: PANIC) }`, "INTERNAL"},
	} {
		t.Run(name+" is told by error, and complete does not follow", func(t *testing.T) {
			p := peer{t, p.conn}
			p.subscribe("a", tt.query)
			text := p.hear()
			assert.Equal(t, tt.code, p.errors(text))
			assert.Contains(t, text, `"requestId":"req-1"`)
			assert.NotContains(t, text, "secret_table")
			p.nothingElse()
		})
	}
	t.Run("a stream that breaks off is told by error after its events", func(t *testing.T) {
		p := peer{t, p.conn}
		p.subscribe("a", `subscription { breaks(how: FAULT) }`)
		assert.JSONEq(t, `{"id":"a","type":"next","payload":{"data":{"breaks":"before it breaks"}}}`, p.hear())
		assert.Equal(t, "CONFLICT", p.errors(p.hear()))
		p.nothingElse()
	})
	t.Run("a query that fails is an answer", func(t *testing.T) {
		p := peer{t, p.conn}
		p.subscribe("a", `{ failsHard }`)
		assert.Contains(t, p.hear(), `"data":null}`)
		assert.JSONEq(t, `{"id":"a","type":"complete"}`, p.hear())
	})
	t.Run("an id may be any text", func(t *testing.T) {
		p := peer{t, p.conn}
		p.say(`{"id":"\"논\\","type":"subscribe","payload":{"query":"{ __typename }"}}`)
		assert.JSONEq(t, `{"id":"\"논\\","type":"next","payload":{"data":{"__typename":"Query"}}}`, p.hear())
		assert.JSONEq(t, `{"id":"\"논\\","type":"complete"}`, p.hear())
	})
}

// nothingElse makes sure that nothing came before the answer to a ping.
func (p *peer) nothingElse() {
	p.t.Helper()
	p.say(`{"type":"ping"}`)
	assert.JSONEq(p.t, `{"type":"pong"}`, p.hear())
}

func TestSocketOperationsEnd(t *testing.T) {
	t.Run("when the client completes them, without another word", func(t *testing.T) {
		r := serve(t)
		p := r.connect(t, "")
		p.subscribe("a", `subscription { silence }`)
		r.eventuallyBegun(t, 1)
		p.say(`{"id":"a","type":"complete"}`)
		r.eventuallyQuiet(t)
		p.nothingElse()
		p.subscribe("a", `{ __typename }`)
		assert.Contains(t, p.hear(), "Query", "the id is free again")
	})
	t.Run("a query, too", func(t *testing.T) {
		r := serve(t)
		p := r.connect(t, "")
		p.subscribe("a", `{ waits }`)
		<-r.world.waiting
		p.say(`{"id":"a","type":"complete"}`)
		<-r.world.left
		p.nothingElse()
	})
	t.Run("an unknown id is passed over", func(t *testing.T) {
		r := serve(t)
		p := r.connect(t, "")
		p.say(`{"id":"never","type":"complete"}`)
		p.nothingElse()
	})
	t.Run("when the client closes", func(t *testing.T) {
		r := serve(t)
		p := r.connect(t, "")
		p.subscribe("a", `subscription { silence }`)
		r.eventuallyBegun(t, 1)
		assert.NoError(t, p.conn.Close(websocket.StatusNormalClosure, ""))
		r.eventuallyQuiet(t)
	})
	t.Run("when the client is cut off", func(t *testing.T) {
		r := serve(t)
		p := r.connect(t, "")
		p.subscribe("a", `subscription { silence }`)
		p.subscribe("b", `{ waits }`)
		<-r.world.waiting
		r.eventuallyBegun(t, 1)
		assert.NoError(t, p.conn.CloseNow())
		<-r.world.left
		r.eventuallyQuiet(t)
	})
	t.Run("when nobody reads", func(t *testing.T) {
		r := serve(t, func(c *transport.Config) { c.WriteTimeout = 100 * time.Millisecond })
		p := r.connect(t, "")
		p.subscribe("a", `subscription { ticks(bytes: 65536) }`)
		p.subscribe("b", `subscription { silence }`)
		r.eventuallyBegun(t, 2)
		r.eventuallyQuiet(t)
	})
	t.Run("when nobody answers pings", func(t *testing.T) {
		r := serve(t, func(c *transport.Config) {
			c.PingInterval, c.WriteTimeout = 200*time.Millisecond, 300*time.Millisecond
		})
		p := r.connect(t, "") // a client that does not read does not answer
		p.subscribe("a", `subscription { silence }`)
		r.eventuallyBegun(t, 1)
		r.eventuallyQuiet(t)
	})
}

func TestAnIdleSocketLives(t *testing.T) {
	r := serve(t, func(c *transport.Config) { c.PingInterval = 5 * time.Millisecond })
	pings := make(chan struct{}, 100)
	p := r.dial(t, func(o *websocket.DialOptions) {
		o.OnPingReceived = func(context.Context, []byte) bool {
			pings <- struct{}{}
			return true
		}
	})
	p.say(`{"type":"connection_init"}`)
	require.JSONEq(t, `{"type":"connection_ack"}`, p.hear())
	p.subscribe("a", `{ waits }`)
	heard := make(chan string, 1)
	go func() {
		_, text, _ := p.conn.Read(context.Background())
		heard <- string(text)
	}()
	for range 3 {
		<-pings
	}
	p.say(`{"type":"ping","payload":{"n":1}}`)
	assert.JSONEq(t, `{"type":"pong","payload":{"n":1}}`, <-heard)
}

func TestManyOperationsOnOneSocket(t *testing.T) {
	r := serve(t)
	p := r.connect(t, "")
	go func() {
		for i := range 2_000 {
			if p.conn.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil, `{"id":"%d","type":"subscribe","payload":{"query":"subscription { silence }"}}`, i)) != nil {
				return
			}
		}
	}()
	for range 1_950 {
		text := p.hear()
		require.Equal(t, "LIMITED", p.errors(text))
		require.Contains(t, text, `"limit":"operations"`)
	}
	r.eventuallyBegun(t, 50)
	p.say(`{"id":"0","type":"complete"}`)
	require.Eventually(t, func() bool { return r.world.open.Load() == 49 }, patience, time.Millisecond)
	p.subscribe("again", `{ __typename }`)
	assert.Contains(t, p.hear(), "Query", "there is room again")
}

func TestStartingAndStoppingFasterThanOperationsEnd(t *testing.T) {
	r := serve(t, func(c *transport.Config) { c.Operations = 2 })
	p := r.connect(t, "")
	for i := range 200 {
		p.subscribe(fmt.Sprint(i), `{ waits }`)
		p.say(fmt.Sprintf(`{"id":"%d","type":"complete"}`, i))
	}
	p.nothingElse()
	assert.LessOrEqual(t, r.world.busiest.Load(), int64(4))
}

func TestAPageThatCannotSetHeadersSaysItsLanguageWhenItConnects(t *testing.T) {
	r := serve(t)
	for language, hangul := range map[string]bool{"ko": true, "en-GB,en;q=0.8": false} {
		p := r.dial(t)
		p.say(`{"type":"connection_init","payload":{"authorization":"Bearer dealer","acceptLanguage":"` + language + `"}}`)
		p.hear()
		p.subscribe("a", `subscription { refused(how: FAULT) }`)
		said := p.hear()
		assert.Equal(t, hangul, regexp.MustCompile(`\p{Hangul}`).MatchString(said), said)
	}
}

func TestWordsComeInTheCallersLanguage(t *testing.T) {
	r := serve(t)
	for token, hangul := range map[string]bool{"dealer": true, "english": false} {
		p := r.connect(t, token)
		p.subscribe("a", `subscription { refused(how: FAULT) }`)
		p.subscribe("b", deep(30))
		said := p.hear() + p.hear() +
			r.post(t, ask(`{ fails(how: FAULT) }`), "Authorization: Bearer "+token).text +
			r.post(t, ask(`{ fails(how: PLAIN) }`), "Authorization: Bearer "+token).text
		assert.Equal(t, hangul, regexp.MustCompile(`\p{Hangul}`).MatchString(said), said)
	}
}

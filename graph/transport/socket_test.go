package transport_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
	require.Equal(t, `{"type":"connection_ack"}`, p.hear())
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
	t.Run("a subscription's events come in order, then complete", func(t *testing.T) {
		p.subscribe("a", `subscription { counts(to: 2) }`)
		assert.Equal(t, `{"id":"a","type":"next","payload":{"data":{"counts":1}}}`, p.hear())
		assert.Equal(t, `{"id":"a","type":"next","payload":{"data":{"counts":2}}}`, p.hear())
		assert.Equal(t, `{"id":"a","type":"complete"}`, p.hear())
	})
	t.Run("a query and a mutation go over the socket, too", func(t *testing.T) {
		p.subscribe("a", `{ echo(text: "hi") }`)
		assert.Equal(t, `{"id":"a","type":"next","payload":{"data":{"echo":"hi"}}}`, p.hear())
		assert.Equal(t, `{"id":"a","type":"complete"}`, p.hear())
		p.subscribe("a", `mutation { count }`)
		assert.Equal(t, `{"id":"a","type":"next","payload":{"data":{"count":1}}}`, p.hear())
		assert.Equal(t, `{"id":"a","type":"complete"}`, p.hear())
	})
}

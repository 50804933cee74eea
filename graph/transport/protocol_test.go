package transport_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/graph/transport"
)

const initially = `{"type":"connection_init"}`

// TestCloseCodes says things to a socket and listens how it ends.
func TestCloseCodes(t *testing.T) {
	const subscribe = `{"id":"a","type":"subscribe","payload":{"query":"subscription { silence }"}}`
	r := serve(t)
	for name, tt := range map[string]struct {
		say    []string
		code   int
		reason string
	}{
		"text that is no JSON":                   {[]string{`{"type"`}, 4400, "Invalid message: the text is not one JSON object"},
		"a message that is no object":            {[]string{`"connection_init"`}, 4400, ""},
		"a list of messages":                     {[]string{`[` + initially + `]`}, 4400, ""},
		"two messages in one":                    {[]string{initially + initially}, 4400, ""},
		"a name twice":                           {[]string{`{"type":"ping","type":"ping"}`}, 4400, ""},
		"no type":                                {[]string{`{"payload":{}}`}, 4400, ""},
		"a type that is a number":                {[]string{`{"type":1}`}, 4400, ""},
		"an unknown type":                        {[]string{`{"type":"start"}`}, 4400, ""},
		"a payload of init that is no object":    {[]string{`{"type":"connection_init","payload":"x"}`}, 4400, ""},
		"a payload of ping that is no object":    {[]string{`{"type":"ping","payload":[1]}`}, 4400, ""},
		"what only the server says: ack":         {[]string{`{"type":"connection_ack"}`}, 4400, ""},
		"what only the server says: next":        {[]string{initially, `{"id":"a","type":"next","payload":{}}`}, 4400, ""},
		"what only the server says: error":       {[]string{initially, `{"id":"a","type":"error","payload":[]}`}, 4400, ""},
		"subscribe without an id":                {[]string{initially, `{"type":"subscribe","payload":{"query":"{ __typename }"}}`}, 4400, ""},
		"subscribe with an empty id":             {[]string{initially, `{"id":"","type":"subscribe","payload":{"query":"{ __typename }"}}`}, 4400, ""},
		"subscribe with an id that is a number":  {[]string{initially, `{"id":1,"type":"subscribe","payload":{"query":"{ __typename }"}}`}, 4400, ""},
		"subscribe with an endless id":           {[]string{initially, `{"id":"` + strings.Repeat("x", 300) + `","type":"subscribe","payload":{"query":"{ __typename }"}}`}, 4400, ""},
		"subscribe without a payload":            {[]string{initially, `{"id":"a","type":"subscribe"}`}, 4400, ""},
		"subscribe without a query":              {[]string{initially, `{"id":"a","type":"subscribe","payload":{}}`}, 4400, ""},
		"a query that is an object":              {[]string{initially, `{"id":"a","type":"subscribe","payload":{"query":{}}}`}, 4400, ""},
		"variables that are a string":            {[]string{initially, `{"id":"a","type":"subscribe","payload":{"query":"{ __typename }","variables":"x"}}`}, 4400, ""},
		"extensions that are a list":             {[]string{initially, `{"id":"a","type":"subscribe","payload":{"query":"{ __typename }","extensions":[]}}`}, 4400, ""},
		"an operation name that is a number":     {[]string{initially, `{"id":"a","type":"subscribe","payload":{"query":"{ __typename }","operationName":1}}`}, 4400, ""},
		"complete without an id":                 {[]string{initially, `{"type":"complete"}`}, 4400, ""},
		"JSON that nests too deeply":             {[]string{`{"type":"ping","payload":{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}}`}, 4400, "Invalid message: the JSON nests too deeply"},
		"subscribe before init":                  {[]string{subscribe}, 4401, "Unauthorized"},
		"a bad token":                            {[]string{`{"type":"connection_init","payload":{"authorization":"Bearer nonsense"}}`}, 4403, "Forbidden"},
		"another scheme":                         {[]string{`{"type":"connection_init","payload":{"authorization":"dealer"}}`}, 4403, "Forbidden"},
		"a token that is no text":                {[]string{`{"type":"connection_init","payload":{"authorization":7}}`}, 4403, "Forbidden"},
		"a token that expires":                   {[]string{`{"type":"connection_init","payload":{"authorization":"Bearer soon"}}`}, 4403, "Forbidden: the token has expired"},
		"a token that cannot be checked":         {[]string{`{"type":"connection_init","payload":{"authorization":"Bearer broken"}}`}, 4500, "Internal server error"},
		"the same id while the first still runs": {[]string{initially, subscribe, subscribe}, 4409, "Subscriber for a already exists"},
		"the same id, and the first is a query":  {[]string{initially, `{"id":"a","type":"subscribe","payload":{"query":"{ waits }"}}`, subscribe}, 4409, "Subscriber for a already exists"},
		"init twice":                             {[]string{initially, initially}, 4429, "Too many initialisation requests"},
		"init twice, with different tokens":      {[]string{initially, `{"type":"connection_init","payload":{"authorization":"Bearer dealer"}}`}, 4429, "Too many initialisation requests"},
		"a message of more than the limit":       {[]string{`{"type":"ping","payload":{"a":"` + strings.Repeat("x", 1<<20) + `"}}`}, 1009, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := r.dial(t)
			for _, text := range tt.say {
				p.say(text)
			}
			code, reason := p.closed()
			assert.Equal(t, tt.code, code, reason)
			if tt.reason != "" {
				assert.Equal(t, tt.reason, reason)
			}
			r.eventuallyQuiet(t)
		})
	}
	t.Run("bytes that are no text", func(t *testing.T) {
		p := r.dial(t)
		require.NoError(t, p.conn.Write(t.Context(), websocket.MessageBinary, []byte(initially)))
		code, _ := p.closed()
		assert.Equal(t, 4400, code)
	})
	t.Run("text that is not UTF-8", func(t *testing.T) {
		p := r.dial(t)
		p.say("{\"type\":\"ping\",\"payload\":{\"a\":\"\xff\"}}")
		code, _ := p.closed()
		assert.Equal(t, 4400, code)
	})
	t.Run("no init in time", func(t *testing.T) {
		r := serve(t, func(c *transport.Config) { c.InitTimeout = 20 * time.Millisecond })
		p := r.dial(t)
		code, reason := p.closed()
		assert.Equal(t, 4408, code)
		assert.Equal(t, "Connection initialisation timeout", reason)
	})
	t.Run("pings do not put off the init", func(t *testing.T) {
		r := serve(t, func(c *transport.Config) { c.InitTimeout = 20 * time.Millisecond })
		p := r.dial(t)
		p.say(`{"type":"ping"}`)
		assert.JSONEq(t, `{"type":"pong"}`, p.hear(), "a ping before init is fine")
		code, _ := p.closed()
		assert.Equal(t, 4408, code)
	})
	t.Run("an init in time is enough", func(t *testing.T) {
		r := serve(t, func(c *transport.Config) { c.InitTimeout = 300 * time.Millisecond })
		p := r.connect(t, "")
		p.subscribe("a", `{ waits }`)
		<-r.world.waiting
		time.AfterFunc(400*time.Millisecond, func() { _ = p.conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"ping"}`)) })
		assert.JSONEq(t, `{"type":"pong"}`, p.hear())
	})
	t.Run("the server stops", func(t *testing.T) {
		r := serve(t)
		p := r.connect(t, "")
		p.subscribe("a", `subscription { silence }`)
		r.eventuallyBegun(t, 1)
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			r.handler.Shutdown()
		}()
		code, _ := p.closed()
		assert.Equal(t, 1001, code)
		<-stopped
		assert.Zero(t, r.world.open.Load())
		assert.Equal(t, http.StatusServiceUnavailable, r.upgrade(t, ""))
	})
	t.Run("the server stops, and first answers what it was asked", func(t *testing.T) {
		r := serve(t)
		p := r.connect(t, "")
		p.subscribe("stream", `subscription { silence }`)
		p.subscribe("asked", `{ waits }`)
		<-r.world.waiting
		r.eventuallyBegun(t, 1)
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			r.handler.Shutdown()
		}()
		r.eventuallyQuiet(t)
		p.subscribe("late", `mutation { count }`)
		r.world.release <- struct{}{}
		assert.JSONEq(t, `{"id":"asked","type":"next","payload":{"data":{"waits":true}}}`, p.hear())
		assert.JSONEq(t, `{"id":"asked","type":"complete"}`, p.hear())
		code, _ := p.closed()
		assert.Equal(t, 1001, code)
		<-stopped
		assert.Zero(t, r.world.calls.Load(), "what came too late ran")
	})
	for name, offered := range map[string][]string{
		"no sub-protocol":         nil,
		"the legacy sub-protocol": {"graphql-ws"},
		"an unknown sub-protocol": {"mqtt"},
	} {
		t.Run(name, func(t *testing.T) {
			p := r.dial(t, func(o *websocket.DialOptions) { o.Subprotocols = offered })
			code, reason := p.closed()
			assert.Equal(t, 4406, code)
			assert.Equal(t, "Subprotocol not acceptable", reason)
		})
	}
	t.Run("several sub-protocols, one of them ours", func(t *testing.T) {
		p := r.dial(t, func(o *websocket.DialOptions) { o.Subprotocols = []string{"graphql-ws", "graphql-transport-ws"} })
		assert.Equal(t, "graphql-transport-ws", p.conn.Subprotocol())
	})
}

func TestPings(t *testing.T) {
	r := serve(t)
	p := r.connect(t, "")
	for said, want := range map[string]string{
		`{"type":"ping"}`:                       `{"type":"pong"}`,
		`{"type":"ping","payload":null}`:        `{"type":"pong","payload":null}`,
		`{"type":"ping","payload":{"a":[1,2]}}`: `{"type":"pong","payload":{"a":[1,2]}}`,
	} {
		p.say(said)
		assert.Equal(t, want, p.hear())
	}
	p.say(`{"type":"pong","payload":{"nobody":"asked"}}`)
	p.nothingElse()
}

func TestSocketPersonas(t *testing.T) {
	r := serve(t)
	for token, want := range map[string]string{"": "null", "dealer": `"usr_dealer"`, "rep": `"usr_rep"`} {
		p := r.connect(t, token)
		p.subscribe("a", `{ whoami }`)
		assert.JSONEq(t, `{"id":"a","type":"next","payload":{"data":{"whoami":`+want+`}}}`, p.hear())
		assert.Contains(t, p.hear(), "complete")
		p.subscribe("a", `{ all { id } }`)
		if token == "dealer" {
			assert.Contains(t, p.hear(), `"data":{"all":`)
		} else {
			assert.Equal(t, "GRAPHQL_VALIDATION_FAILED", p.errors(p.hear()))
		}
	}
	t.Run("a client without connectionParams signs in by the handshake", func(t *testing.T) {
		p := r.dial(t, func(o *websocket.DialOptions) { o.HTTPHeader = http.Header{"Authorization": {"Bearer rep"}} })
		p.say(initially)
		require.JSONEq(t, `{"type":"connection_ack"}`, p.hear())
		p.subscribe("a", `{ whoami }`)
		assert.Contains(t, p.hear(), "usr_rep")
	})
}

// upgrade asks for a WebSocket from a page of that origin; "" is no page. It
// returns the status of the answer.
func (r *rig) upgrade(t *testing.T, origin string) int {
	t.Helper()
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	conn, response, err := websocket.Dial(t.Context(), strings.Replace(r.URL, "http", "ws", 1)+"/graphql",
		&websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: header})
	if err == nil {
		_ = conn.CloseNow()
	}
	require.NotNil(t, response, "%v", err)
	if response.Body != nil {
		response.Body.Close()
	}
	return response.StatusCode
}

func TestOrigins(t *testing.T) {
	r := serve(t, func(c *transport.Config) { c.AllowedOrigins = []string{"https://app.example"} })
	for name, tt := range map[string]struct {
		origin string
		status int
	}{
		"the same host":            {r.URL, 101},
		"no browser":               {"", 101},
		"an allowed one":           {"https://app.example", 101},
		"an allowed one, by http":  {"http://app.example", 403},
		"another":                  {"https://evil.example", 403},
		"one that looks like ours": {r.URL + ".evil.example", 403},
		"a page without an origin": {"null", 403},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.status, r.upgrade(t, tt.origin))
		})
	}
	t.Run("an upgrade that is none", func(t *testing.T) {
		a := r.send(t, http.MethodGet, "/graphql", "", "Connection: Upgrade", "Upgrade: websocket")
		assert.Equal(t, http.StatusBadRequest, a.StatusCode)
	})
}

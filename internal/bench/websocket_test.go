package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestASocketReadsWhatALibraryWrites(t *testing.T) {
	long := `{"type":"next","payload":"` + strings.Repeat("가", 40_000) + `"}` // a length of eight bytes
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"graphql-transport-ws"}})
		if !assert.NoError(t, err) {
			return
		}
		ctx := conn.CloseRead // the library must read to see the pong
		_, first, err := conn.Read(r.Context())
		assert.NoError(t, err)
		assert.JSONEq(t, `{"type":"connection_init","payload":{"Authorization":"Bearer the-token"}}`, string(first))
		assert.NoError(t, conn.Write(r.Context(), websocket.MessageText, []byte(`{"type":"connection_ack"}`)))
		_, second, err := conn.Read(r.Context())
		assert.NoError(t, err)
		assert.JSONEq(t, `{"id":"1","type":"subscribe","payload":{"query":"subscription { x }"}}`, string(second))
		reading := ctx(r.Context())
		assert.NoError(t, conn.Ping(reading), "a pong comes back")
		assert.NoError(t, conn.Write(reading, websocket.MessageText, []byte(long)))
		_ = conn.Close(websocket.StatusNormalClosure, "enough")
	}))
	defer server.Close()

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	s, err := dialSocket(ctx, server.Listener.Addr().String(), "the-token", "subscription { x }")
	require.NoError(t, err)
	defer func() { assert.NoError(t, s.Close()) }()
	message, err := s.next(nil)
	require.NoError(t, err)
	assert.Equal(t, long, string(message))
	assert.Equal(t, messageNext, kindOf(message))
	_, err = s.next(message)
	assert.ErrorContains(t, err, "enough")
}

func TestDialSocketTellsARefusal(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, err := dialSocket(context.Background(), server.Listener.Addr().String(), "", "")
	assert.ErrorContains(t, err, "404")
	var broken *net.OpError
	_, err = dialSocket(context.Background(), "127.0.0.1:1", "", "")
	assert.ErrorAs(t, err, &broken)
}

func TestKindOf(t *testing.T) {
	for name, tt := range map[string]struct {
		message string
		want    messageKind
	}{
		"a message with its type first":       {`{"id":"1","type":"next","payload":{"data":{}}}`, messageNext},
		"a message with its type last":        {`{"payload":{"data":{"words":"` + strings.Repeat("x", 100) + `"}},"id":"1","type":"next"}`, messageNext},
		"a message with errors is not wanted": {`{"id":"1","type":"next","payload":{"errors":[{}]}}`, messageOther},
		"a sign of life":                      {`{"type":"ping"}`, messageKeepAlive},
		"the end":                             {`{"id":"1","type":"complete"}`, messageOther},
		"nothing":                             {``, messageOther},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, kindOf([]byte(tt.message))) })
	}
}

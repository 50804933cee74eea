package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGraphQLIsARequest(t *testing.T) {
	request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(graphQL("{ viewer\n{ id } }", "the-token"))))
	require.NoError(t, err)
	body, err := io.ReadAll(request.Body)
	require.NoError(t, err)
	assert.JSONEq(t, `{"query":"{ viewer\n{ id } }"}`, string(body))
	assert.Equal(t, "Bearer the-token", request.Header.Get("Authorization"))
	assert.Equal(t, "/graphql", request.URL.Path)
}

func TestAnAnswerIsJudged(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		answer string
		good   bool
	}{
		"data is good":                 {http.StatusOK, `{"data":{"x":1}}`, true},
		"data with errors is not":      {http.StatusOK, `{"data":{"x":null},"errors":[{}]}`, false},
		"errors alone are not":         {http.StatusOK, `{"errors":[{}]}`, false},
		"another status is not":        {http.StatusTooManyRequests, `{"data":{"x":1}}`, false},
		"the word in data is no error": {http.StatusOK, `{"data":{"x":"errors"}}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.answer)
			}))
			defer server.Close()
			l, err := openLoad(context.Background(), &child{address: server.Listener.Addr().String()}, [][]byte{graphQL("{ x }", "")})
			require.NoError(t, err)
			defer func() { assert.NoError(t, l.Close()) }()
			for range 2 { // on one connection
				err = l.connections[0].ask()
				assert.Equal(t, tt.good, err == nil, "%v", err)
			}
		})
	}
}

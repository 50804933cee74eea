package server_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/server"
)

// serve runs h until the returned stop; done delivers what Serve returned.
func serve(t *testing.T, h http.Handler, drain time.Duration, onStop ...func()) (address string, stop func(), done chan error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done = make(chan error, 1)
	go func() { done <- server.Serve(ctx, l, h, drain, onStop...) }()
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	return l.Addr().String(), cancel, done
}

func TestARequestThatRunsFinishesBeforeTheEnd(t *testing.T) {
	began, finish := make(chan struct{}), make(chan struct{})
	address, stop, done := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(began)
		<-finish
		assert.NoError(t, r.Context().Err(), "it is not cut")
		_, _ = io.WriteString(w, "signed")
	}), time.Minute)
	answer := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + address)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		answer <- string(body)
	}()
	<-began
	stop()
	refused := func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	}
	require.Eventually(t, refused, 5*time.Second, time.Millisecond, "no new connection is taken")
	close(finish)
	assert.Equal(t, "signed", <-answer)
	assert.NoError(t, <-done)
}

func TestWhatDoesNotFinishIsCut(t *testing.T) {
	began, cut := make(chan struct{}), make(chan struct{})
	address, stop, done := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(began)
		<-r.Context().Done()
		close(cut)
	}), time.Millisecond)
	go func() {
		if res, err := http.Get("http://" + address); err == nil {
			_ = res.Body.Close()
		}
	}()
	<-began
	stop()
	<-cut
	assert.ErrorContains(t, <-done, "drain")
}

func TestStreamsAreToldToEnd(t *testing.T) {
	stopping := make(chan struct{})
	h, _ := house(t, func(d *server.Deps) {
		d.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "event: next\n")
			assert.NoError(t, http.NewResponseController(w).Flush())
			<-stopping
			_, _ = io.WriteString(w, "event: complete\n")
		})
	})
	address, stop, done := serve(t, h, time.Minute, func() { close(stopping) })
	r, err := http.NewRequest(http.MethodGet, "http://"+address+"/graphql", nil)
	require.NoError(t, err)
	r.Header.Set("Accept", "text/event-stream")
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	lines := bufio.NewReader(res.Body)
	first, err := lines.ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, "event: next\n", first)
	stop()
	rest, err := io.ReadAll(lines)
	require.NoError(t, err)
	assert.Equal(t, "event: complete\n", string(rest))
	assert.NoError(t, <-done)
}

// What a WebSocket needs: the connection itself, through every middleware.
func TestAConnectionCanBeTakenOver(t *testing.T) {
	h, _ := house(t, func(d *server.Deps) {
		d.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := http.NewResponseController(w).Hijack()
			if assert.NoError(t, err) {
				_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\n\r\nhello")
				_ = c.Close()
			}
		})
	})
	address, stop, done := serve(t, h, time.Minute)
	c, err := net.Dial("tcp", address)
	require.NoError(t, err)
	_, err = io.WriteString(c, "GET /graphql HTTP/1.1\r\nHost: dure\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	require.NoError(t, err)
	got, err := io.ReadAll(c)
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(string(got), "hello"))
	_ = c.Close()
	stop()
	assert.NoError(t, <-done)
}

// A body's deadline must not outlive the body: net/http goes on reading, and
// would take the deadline for a caller who left.
func TestAStreamOutlivesTheDeadlineOfItsBody(t *testing.T) {
	const short = 30 * time.Millisecond
	h := server.Deadlines(short, short)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		select {
		case <-r.Context().Done():
			t.Error("the stream was cut")
		case <-time.After(5 * short): // what is tested is that nothing happens
		}
		_, _ = io.WriteString(w, "still here")
	}))
	address, stop, done := serve(t, h, time.Minute)
	r, err := http.NewRequest(http.MethodPost, "http://"+address, strings.NewReader("query"))
	require.NoError(t, err)
	r.Header.Set("Accept", "text/event-stream")
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	_ = res.Body.Close()
	assert.Equal(t, "still here", string(body))
	stop()
	assert.NoError(t, <-done)
}

func TestABodyThatDoesNotComeIsGivenUp(t *testing.T) {
	read := make(chan error, 1)
	h := server.Deadlines(time.Millisecond, time.Minute)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		read <- err
	}))
	address, stop, done := serve(t, h, time.Minute)
	c, err := net.Dial("tcp", address)
	require.NoError(t, err)
	_, err = io.WriteString(c, "POST / HTTP/1.1\r\nHost: dure\r\nContent-Length: 100\r\n\r\n{")
	require.NoError(t, err)
	assert.ErrorIs(t, <-read, os.ErrDeadlineExceeded)
	_ = c.Close()
	stop()
	assert.NoError(t, <-done)
}

func TestAPanicAfterTheAnswerBeganCutsTheConnection(t *testing.T) {
	h, log := house(t, func(d *server.Deps) {
		d.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", 10_000))
			panic("halfway")
		})
	})
	address, stop, done := serve(t, h, time.Minute)
	res, err := http.Get("http://" + address + "/graphql")
	require.NoError(t, err)
	_, err = io.ReadAll(res.Body)
	assert.Error(t, err, "the caller can tell that the answer is not whole")
	_ = res.Body.Close()
	stop()
	assert.NoError(t, <-done)
	assert.Contains(t, log.String(), "halfway")
}

func TestAnAddressThatIsTakenIsToldAtOnce(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	err = server.Run(t.Context(), l.Addr().String(), http.NotFoundHandler(), time.Second)
	assert.ErrorContains(t, err, "listen on "+l.Addr().String())
}

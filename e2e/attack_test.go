package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A server under attack has this much memory, and a caller this much patience.
const (
	memoryLimit = 1 << 30
	patience    = time.Second
)

// TestAnAttackIsRefusedAndNobodyElseNotices sends what brings GraphQL servers
// down to one that may use a gigabyte, with a well-behaved client beside.
func TestAnAttackIsRefusedAndNobodyElseNotices(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs Linux, which can limit a process's memory from outside")
	}
	s := startLimited(t, engines{name: "embedded"}, memoryLimit)
	dealer := s.signIn("dealer@demo.dure")
	stop, slowest := s.behave(dealer)

	for name, query := range map[string]string{
		"a fragment bomb":                     fragmentBomb(31),
		"fragments that spread themselves":    `{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }`,
		"depth 30 with a fan-out of 3":        "{ contracts { nodes " + nested("quote { consultation { dealer { name } quotes { contract", 30) + " } }",
		"10,000 aliases":                      "{ " + repeat(10_000, func(i int) string { return fmt.Sprintf("a%d: viewer { persona } ", i) }) + "}",
		"10,000 times the same field":         "{ viewer { " + strings.Repeat("persona ", 10_000) + "} }",
		"2^12 duplicated nested selections":   duplicated(12),
		"10,000 directives":                   "{ viewer { persona " + strings.Repeat("@skip(if: false) ", 10_000) + "} }",
		"pages within pages":                  `{ customers(first: 100) { nodes { timeline(first: 100) { nodes { kind } } } } dealers(first: 100) { nodes { iq { entries(first: 100) { nodes { explanation } } } } } }`,
		"a page of a million":                 `{ contracts(first: 1000000) { totalCount } }`,
		"a hundred thousand tokens":           "{ viewer { persona(" + strings.Repeat("a:1 ", 25_000) + ") } }",
		"a list nested 10,000 deep":           `{ node(id: ` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `) { id } }`,
		"selections nested 10,000 deep":       strings.Repeat("{ a ", 10_000) + strings.Repeat("}", 10_000),
		"a text that never ends":              `{ node(id: "` + strings.Repeat("x", 100_000),
		"introspection that walks in circles": "{ __schema { types { " + nested("fields { type", 25) + " } } }",
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			a, err := dealer.do(query, nil)
			require.NoError(t, err)
			assert.Less(t, time.Since(began), patience, "refused too slowly")
			require.NotEmpty(t, a.Errors, "it was answered")
			assert.Nil(t, a.Data)
			extensions, _ := a.Errors[0]["extensions"].(object)
			assert.Contains(t, []any{"LIMITED", "INVALID", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}, extensions["code"])
			message, _ := a.Errors[0]["message"].(string)
			assert.Less(t, len(message), 500, "the query was echoed")
		})
	}
	t.Run("variables nested 10,000 deep", func(t *testing.T) {
		status, took := s.post(dealer, `{"query":"query($i: CreateCustomerInput!) { __typename }","variables":{"i":`+strings.Repeat(`{"a":`, 10_000)+"1"+strings.Repeat("}", 10_000)+"}}")
		assert.Equal(t, http.StatusBadRequest, status)
		assert.Less(t, took, patience)
	})
	t.Run("bodies of 32 MB, ten at once", func(t *testing.T) {
		body := `{"query":"` + strings.Repeat("x", 32<<20) + `"}`
		each(10, 10, func(int) {
			if status, took := s.post(dealer, body); status != 0 { // 0: the connection was cut while it still sent
				assert.Equal(t, http.StatusRequestEntityTooLarge, status)
				assert.Less(t, took, 2*patience) // most of it is ours, for sending
			}
		})
	})
	t.Run("a query string of 256 KB", func(t *testing.T) {
		response, err := http.Get(s.url + "/graphql?query=" + strings.Repeat("a", 256<<10))
		if err == nil {
			_ = response.Body.Close()
			assert.Contains(t, []int{http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge}, response.StatusCode)
		}
	})
	t.Run("10,000 ids at once", func(t *testing.T) {
		a, err := dealer.do("{ "+repeat(2_000, func(i int) string { return fmt.Sprintf(`n%d: node(id: "ctr_%d") { id } `, i, i) })+"}", nil)
		require.NoError(t, err)
		assert.NotEmpty(t, a.Errors)
	})
	t.Run("bodies that never come to their end", func(t *testing.T) { s.trickle(t, 200) })
	t.Run("2,000 operations on a socket", func(t *testing.T) { s.crowd(t, dealer) })
	t.Run("readers who never read", func(t *testing.T) { s.stall(t, dealer, 50) })
	t.Run("sockets that say nothing", func(t *testing.T) { s.lurk(t, 300) })

	stop()
	assert.Less(t, *slowest, patience, "the well-behaved client noticed")
	t.Logf("the well-behaved client waited %v at most; the server used %d MB at most", *slowest, s.peak()>>20)
	assert.Less(t, s.peak(), int64(memoryLimit))
}

// behave asks for the rank banner, over and over, and watches the board, until
// stop. slowest is the longest that an answer took.
func (s *server) behave(c *caller) (stop func(), slowest *time.Duration) {
	ctx, end := context.WithCancel(context.Background())
	slowest = new(time.Duration)
	board := s.signIn("hq@demo.dure").watch(`subscription { leaderboardChanged(scope: NATION) { version } }`, nil)
	await(s.t, board, "the board", func(answer) bool { return true })
	var asking sync.WaitGroup
	asking.Go(func() {
		pace := time.NewTicker(20 * time.Millisecond)
		defer pace.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-pace.C:
			}
			began := time.Now()
			a, err := c.do(`{ rankBanner { rank points } }`, nil)
			*slowest = max(*slowest, time.Since(began))
			if !assert.NoError(s.t, err) || !assert.Empty(s.t, a.Errors) {
				return
			}
		}
	})
	return func() {
		end()
		asking.Wait()
		draft, sha, version := draft(c)
		c.mutate("signContract", "SignContractInput", "contract { id }", signing(c, draft, sha, version))
		await(s.t, board, "a change after the attack, on a socket from before it", func(answer) bool { return true })
	}, slowest
}

// post sends a raw body and returns the status, 0 when the connection was cut.
func (s *server) post(c *caller, body string) (status int, took time.Duration) {
	began := time.Now()
	request, err := http.NewRequest(http.MethodPost, s.url+"/graphql", strings.NewReader(body))
	require.NoError(s.t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json")
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, time.Since(began)
	}
	defer func() { _ = response.Body.Close() }()
	answer, _ := io.ReadAll(response.Body)
	assert.Less(s.t, len(answer), 10_000, "the body was echoed")
	return response.StatusCode, time.Since(began)
}

// trickle opens connections whose requests stay unfinished, and leaves them so.
func (s *server) trickle(t *testing.T, n int) {
	for range n {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		require.NoError(t, err)
		t.Cleanup(func() { _ = c.Close() })
		_, err = io.WriteString(c, "POST /graphql HTTP/1.1\r\nHost: dure\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
		require.NoError(t, err)
	}
}

// dial opens a socket and has it acknowledged.
func (s *server) dial(t *testing.T, c *caller) *websocket.Conn {
	socket, _, err := websocket.Dial(context.Background(), strings.Replace(s.url, "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	require.NoError(t, err)
	t.Cleanup(func() { _ = socket.CloseNow() })
	socket.SetReadLimit(8 << 20)
	if c != nil {
		require.NoError(t, wsjson.Write(context.Background(), socket, object{"type": "connection_init", "payload": object{"authorization": "Bearer " + c.token}}))
		var ack object
		require.NoError(t, wsjson.Read(context.Background(), socket, &ack))
	}
	return socket
}

// crowd starts 2,000 subscriptions on one socket: all but a few are refused.
func (s *server) crowd(t *testing.T, c *caller) {
	socket := s.dial(t, c)
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	go func() {
		for i := range 2_000 {
			err := wsjson.Write(ctx, socket, object{"id": strconv.Itoa(i), "type": "subscribe", "payload": object{"query": `subscription { leaderboardChanged(scope: NATION) { version } }`}})
			if err != nil {
				return // the server may hang up instead
			}
		}
	}()
	var refused, running atomic.Int64
	for refused.Load()+running.Load() < 2_000 {
		var m struct{ Type string }
		if err := wsjson.Read(ctx, socket, &m); err != nil {
			require.NotEqual(t, websocket.StatusCode(-1), websocket.CloseStatus(err), "the socket broke: %v", err)
			break
		}
		switch m.Type {
		case "error":
			refused.Add(1)
		case "next":
			running.Add(1)
		}
	}
	assert.LessOrEqual(t, running.Load(), int64(100), "too many run on one socket")
	assert.Less(t, time.Since(began), 5*time.Second)
}

// stall opens sockets that ask for much and never read.
func (s *server) stall(t *testing.T, c *caller, n int) {
	for range n {
		socket := s.dial(t, c)
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			for i := range 500 {
				if wsjson.Write(ctx, socket, object{"id": strconv.Itoa(i), "type": "subscribe", "payload": object{
					"query": `{ dealers(first: 100) { nodes { id name businessNumber ownerName phone openedOn } } }`,
				}}) != nil {
					return
				}
			}
		}()
	}
}

// lurk opens sockets that never say who they are.
func (s *server) lurk(t *testing.T, n int) {
	for range n {
		s.dial(t, nil)
	}
}

// peak is the most memory that the process has used, in bytes.
func (s *server) peak() int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.command.Process.Pid))
	require.NoError(s.t, err)
	for line := range bytes.Lines(status) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			n, err := strconv.ParseInt(strings.Fields(string(rest))[0], 10, 64)
			require.NoError(s.t, err)
			return n << 10
		}
	}
	require.Fail(s.t, "no VmHWM")
	return 0
}

// fragmentBomb doubles at each of its fragments.
func fragmentBomb(fragments int) string {
	var b strings.Builder
	b.WriteString("{ ...f0 }")
	for i := range fragments {
		fmt.Fprintf(&b, " fragment f%d on Query { ...f%d ...f%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment f%d on Query { viewer { persona } }", fragments)
	return b.String()
}

// nested writes a selection into itself.
func nested(selection string, depth int) string {
	opened := strings.Count(selection, "{") + 1
	return "{ " + strings.Repeat(selection+" { ", depth) + "__typename " + strings.Repeat("}", depth*opened+1)
}

// duplicated writes the same selection twice at each level.
func duplicated(levels int) string {
	inner := "id"
	for range levels {
		inner = fmt.Sprintf("quote { contract { %s } } quote { contract { %s } }", inner, inner)
	}
	return "{ contract(id: \"ctr_0\") { " + inner + " } }"
}

func repeat(n int, text func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(text(i))
	}
	return b.String()
}

// startLimited starts the binary where it can have no more than so many bytes
// of memory of its own.
func startLimited(t testing.TB, e engines, bytes int64) *server {
	t.Helper()
	s := &server{t: t, engines: e, data: t.TempDir(), wrap: []string{"prlimit", fmt.Sprintf("--data=%d", bytes)}}
	s.run()
	t.Cleanup(func() { s.stop() })
	return s
}

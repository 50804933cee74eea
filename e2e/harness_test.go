package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"

	"dure/internal/testservers"
)

var binary string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "dure-e2e")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(folder, "dure")
	build := exec.Command("go", "build", "-o", binary, "../cmd/dure")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		panic(err)
	}
	code := testservers.Suite(m).Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// engines is a pair of database and Redis.
type engines struct {
	name        string
	databaseURL string // "" for SQLite
	redisURL    string // "" for the in-process server
}

// eachEngine runs a story on both pairs.
func eachEngine(t *testing.T, story func(t *testing.T, e engines)) {
	t.Run("SQLite and the in-process server", func(t *testing.T) { story(t, engines{name: "embedded"}) })
	t.Run("PostgreSQL and Redis", func(t *testing.T) {
		story(t, engines{name: "production", databaseURL: testservers.Postgres(t, nil), redisURL: testservers.OwnRedis(t).URL})
	})
}

// server is a running binary.
type server struct {
	t       testing.TB
	url     string
	data    string
	engines engines
	command *exec.Cmd
	output  *lines
	ended   chan struct{}
	args    []string
	wrap    []string // a command that starts the binary, such as one that limits it
	more    []string // further settings, NAME=value
}

// lines keeps what a process printed.
type lines struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}

// start runs the binary on a fresh data folder and waits until it is ready.
func start(t testing.TB, e engines, args ...string) *server {
	t.Helper()
	s := &server{t: t, engines: e, data: t.TempDir(), args: args}
	s.run()
	t.Cleanup(func() { s.stop() })
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the server said:\n%s", s.output)
		}
	})
	return s
}

// startOn runs one more node on a data folder that another uses.
func startOn(t testing.TB, e engines, data string) *server {
	t.Helper()
	s := &server{t: t, engines: e, data: data}
	s.run()
	t.Cleanup(func() { s.stop() })
	return s
}

func freePort(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// run starts the process again on the same data.
func (s *server) run() {
	s.t.Helper()
	addr := freePort(s.t)
	s.url, s.output, s.ended = "http://"+addr, &lines{}, make(chan struct{})
	line := append(slices.Clone(s.wrap), binary, "serve", "--demo", "--demo-size=small")
	line = append(line, s.args...)
	s.command = exec.Command(line[0], line[1:]...)
	s.command.Env = append(os.Environ(), s.environment()...)
	s.command.Env = append(s.command.Env, "DURE_ADDR="+addr)
	s.command.Stdout, s.command.Stderr = s.output, s.output
	if runtime.GOOS == "linux" {
		s.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	}
	require.NoError(s.t, s.command.Start())
	go func(c *exec.Cmd, ended chan struct{}) {
		_ = c.Wait()
		close(ended)
	}(s.command, s.ended)
	require.Eventually(s.t, func() bool {
		select {
		case <-s.ended:
			s.t.Fatalf("the server ended:\n%s", s.output)
		default:
		}
		response, err := http.Get(s.url + "/readyz")
		if err != nil {
			return false
		}
		_ = response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, 60*time.Second, 50*time.Millisecond, "the server does not get ready")
}

func (s *server) environment() []string {
	return append([]string{"DURE_DATA=" + s.data, "DURE_DATABASE_URL=" + s.engines.databaseURL, "DURE_REDIS_URL=" + s.engines.redisURL}, s.more...)
}

// stop asks the process to end and waits for it.
func (s *server) stop() {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(20 * time.Second):
		_ = s.command.Process.Kill()
		<-s.ended
		s.t.Errorf("the server did not stop by itself:\n%s", s.output)
	}
}

// kill ends the process as a power cut would.
func (s *server) kill() {
	require.NoError(s.t, s.command.Process.Kill())
	<-s.ended
}

// dure runs another command of the binary on the same data.
func (s *server) dure(args ...string) (string, error) {
	c := exec.Command(binary, args...)
	c.Env = append(os.Environ(), s.environment()...)
	out, err := c.CombinedOutput()
	return string(out), err
}

// object is a JSON object.
type object = map[string]any

// answer is a GraphQL answer.
type answer struct {
	Data   object   `json:"data"`
	Errors []object `json:"errors"`
	Status int      `json:"-"`
}

// at walks into the data by dotted path: names, or numbers of list items.
func (a answer) at(t testing.TB, path string) any {
	t.Helper()
	require.Empty(t, a.Errors, "errors in the answer")
	var v any = a.Data
	for _, step := range strings.Split(path, ".") {
		switch x := v.(type) {
		case object:
			var ok bool
			v, ok = x[step]
			require.True(t, ok, "no %q on the way to %q in %v", step, path, x)
		case []any:
			var i int
			_, err := fmt.Sscan(step, &i)
			require.NoError(t, err)
			require.Less(t, i, len(x), "no item %d on the way to %q", i, path)
			v = x[i]
		default:
			require.FailNow(t, "dead end", "%q on the way to %q in %v", step, path, v)
		}
	}
	return v
}

func (a answer) text(t testing.TB, path string) string {
	t.Helper()
	s, ok := a.at(t, path).(string)
	require.True(t, ok, "%q is no text", path)
	return s
}

func (a answer) number(t testing.TB, path string) int {
	t.Helper()
	f, ok := a.at(t, path).(float64)
	require.True(t, ok, "%q is no number", path)
	return int(f)
}

// caller speaks GraphQL with a token.
type caller struct {
	s        *server
	token    string
	language string
}

func (s *server) anonymous() *caller { return &caller{s: s, language: "en"} }

// signIn signs a demo user in.
func (s *server) signIn(login string) *caller {
	s.t.Helper()
	c := s.anonymous()
	a := c.must(`mutation($i: SignInInput!) { signIn(input: $i) { accessToken userErrors { message } } }`,
		object{"i": object{"login": login, "password": "dure-demo", "deviceId": "tablet-" + login}})
	c.token = a.text(s.t, "signIn.accessToken")
	return c
}

// do posts an operation and returns the answer; it fails only when there is none.
func (c *caller) do(query string, variables object) (answer, error) {
	body, err := json.Marshal(object{"query": query, "variables": variables})
	if err != nil {
		return answer{}, err
	}
	request, err := http.NewRequest(http.MethodPost, c.s.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json")
	request.Header.Set("Accept-Language", c.language)
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{Status: response.StatusCode}
	if err := json.Unmarshal(raw, &a); err != nil {
		return a, fmt.Errorf("%d %s: %w", response.StatusCode, raw, err)
	}
	return a, nil
}

// must is do where an answer without errors is expected.
func (c *caller) must(query string, variables object) answer {
	c.s.t.Helper()
	a, err := c.do(query, variables)
	require.NoError(c.s.t, err)
	require.Empty(c.s.t, a.Errors, "%s", query)
	return a
}

// mutate runs a mutation of one field with one input and expects no user errors.
func (c *caller) mutate(field, inputType, selection string, input object) answer {
	c.s.t.Helper()
	a := c.must(mutation(field, inputType, selection), object{"input": input})
	require.Empty(c.s.t, a.at(c.s.t, field+".userErrors"), field)
	return a
}

func mutation(field, inputType, selection string) string {
	return fmt.Sprintf(`mutation($input: %s!) { %s(input: $input) { %s userErrors { code field message key } } }`, inputType, field, selection)
}

// refused runs a mutation and expects one user error; it returns its code, key
// and field.
func (c *caller) refused(field, inputType string, input object) (code, key, on string) {
	c.s.t.Helper()
	a := c.must(mutation(field, inputType, ""), object{"input": input})
	require.Len(c.s.t, a.at(c.s.t, field+".userErrors"), 1, "%s: %v", field, a.Data)
	f, _ := a.at(c.s.t, field+".userErrors.0.field").(string)
	return a.text(c.s.t, field+".userErrors.0.code"), a.text(c.s.t, field+".userErrors.0.key"), f
}

// watch subscribes over WebSocket and delivers each message's data.
func (c *caller) watch(query string, variables object) <-chan object {
	t := c.s.t
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	socket, _, err := websocket.Dial(ctx, strings.Replace(c.s.url, "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	require.NoError(t, err)
	socket.SetReadLimit(1 << 20)
	require.NoError(t, wsjson.Write(ctx, socket, object{"type": "connection_init", "payload": object{"authorization": "Bearer " + c.token}}))
	var ack object
	require.NoError(t, wsjson.Read(ctx, socket, &ack))
	require.Equal(t, "connection_ack", ack["type"])
	require.NoError(t, wsjson.Write(ctx, socket, object{"id": "1", "type": "subscribe", "payload": object{"query": query, "variables": variables}}))
	out := make(chan object, 100)
	go func() {
		defer close(out)
		defer func() { _ = socket.CloseNow() }()
		for {
			var m struct {
				Type    string
				Payload json.RawMessage
			}
			if err := wsjson.Read(ctx, socket, &m); err != nil {
				return
			}
			switch m.Type {
			case "ping":
				_ = wsjson.Write(ctx, socket, object{"type": "pong"})
			case "next":
				var a answer
				if json.Unmarshal(m.Payload, &a) == nil && len(a.Errors) == 0 {
					out <- a.Data
				} else {
					t.Errorf("subscription: %s", m.Payload)
				}
			case "error":
				t.Errorf("subscription: %s", m.Payload)
				return
			}
		}
	}()
	return out
}

// listen subscribes over SSE and delivers each message's data.
func (c *caller) listen(query string) <-chan object {
	t := c.s.t
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	body, err := json.Marshal(object{"query": query})
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.s.url+"/graphql", bytes.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	out := make(chan object, 100)
	go func() {
		defer close(out)
		defer func() { _ = response.Body.Close() }()
		scanner := bufio.NewScanner(response.Body)
		for scanner.Scan() {
			data, ok := strings.CutPrefix(scanner.Text(), "data:")
			if !ok || strings.TrimSpace(data) == "" {
				continue
			}
			var a answer
			if json.Unmarshal([]byte(data), &a) == nil && a.Data != nil {
				out <- a.Data
			}
		}
	}()
	return out
}

// await reads messages until one is as wanted.
func await(t testing.TB, messages <-chan object, what string, wanted func(answer) bool) answer {
	t.Helper()
	deadline := time.After(15 * time.Second)
	for {
		select {
		case m, ok := <-messages:
			require.True(t, ok, "the subscription ended while waiting for %s", what)
			if a := (answer{Data: m}); wanted(a) {
				return a
			}
		case <-deadline:
			require.FailNow(t, "nothing came", "waiting for %s", what)
		}
	}
}

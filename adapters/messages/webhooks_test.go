package messages_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/messages"
	"dure/domain/fault"
	"dure/domain/webhook"
)

// secretOf is a secret as a partner keeps it.
func secretOf(letter string) string {
	return "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat(letter, 32)))
}

func message(url string, secrets ...string) webhook.Message {
	return webhook.Message{ID: "chg_1", URL: url, Secrets: secrets, Body: []byte(`{"id":"chg_1"}`)}
}

func serve(t *testing.T, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s
}

// The specification's own verifier accepts what is sent, by either secret of an
// overlap and by no other.
func TestAReceiverVerifiesByEitherSecretOfARotation(t *testing.T) {
	var header http.Header
	var body []byte
	receiver := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		header = r.Header
		body, _ = io.ReadAll(r.Body)
	})
	sender := messages.NewWebhooks(messages.Options{Anywhere: true})
	attempt := sender.Send(context.Background(), message(receiver.URL, secretOf("n"), secretOf("o")))
	assert.True(t, attempt.OK())
	assert.Equal(t, http.StatusOK, attempt.Status)
	assert.Equal(t, "chg_1", header.Get("Webhook-Id"))
	assert.Equal(t, "application/json", header.Get("Content-Type"))
	assert.Len(t, strings.Fields(header.Get("Webhook-Signature")), 2)
	verify := func(secret string) error {
		v, err := standard.NewWebhook(secret)
		require.NoError(t, err)
		return v.Verify(body, header)
	}
	require.NoError(t, verify(secretOf("n")))
	require.NoError(t, verify(secretOf("o")))
	require.Error(t, verify(secretOf("x")))
	body = append(body, ' ')
	require.Error(t, verify(secretOf("n")), "a changed body")
}

// resolver answers every name with one address.
func resolver(t *testing.T, address string) *net.Resolver {
	t.Helper()
	ip := net.ParseIP(address)
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		question := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(question)
			if err != nil {
				return
			}
			_, _ = conn.WriteTo(answerTo(question[:n], ip), from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// answerTo is a DNS answer: the address for a question of its family, and no
// address for any other.
func answerTo(question []byte, ip net.IP) []byte {
	end := 12
	for question[end] != 0 {
		end += int(question[end]) + 1
	}
	end += 5
	kind, data := byte(28), []byte(ip.To16())
	if four := ip.To4(); four != nil && !strings.Contains(ip.String(), ":") {
		kind, data = 1, four
	}
	out := append([]byte{question[0], question[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, question[12:end]...)
	if question[end-3] != kind {
		return out
	}
	out[7] = 1
	out = append(out, 0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 60, 0, byte(len(data)))
	return append(out, data...)
}

func TestPrivateAddressesAreRefusedWhenDialled(t *testing.T) {
	var called atomic.Int64
	receiver := serve(t, func(http.ResponseWriter, *http.Request) { called.Add(1) })
	_, port, err := net.SplitHostPort(receiver.Listener.Addr().String())
	require.NoError(t, err)
	for name, tt := range map[string]struct {
		host     string
		resolver *net.Resolver
	}{
		"a loopback address":                       {host: "127.0.0.1"},
		"a loopback address in IPv6's spelling":    {host: "[::ffff:127.0.0.1]"},
		"a name of this machine":                   {host: "localhost"},
		"a public name that leads to this one":     {host: "hooks.example.com", resolver: resolver(t, "127.0.0.1")},
		"a public name with a private address":     {host: "hooks.example.com", resolver: resolver(t, "10.1.2.3")},
		"a public name with a cloud's metadata":    {host: "hooks.example.com", resolver: resolver(t, "169.254.169.254")},
		"a public name with a private IPv6 one":    {host: "hooks.example.com", resolver: resolver(t, "fd00::1")},
		"the unspecified address, that is, itself": {host: "0.0.0.0"},
	} {
		t.Run(name, func(t *testing.T) {
			sender := messages.NewWebhooks(messages.Options{Resolver: tt.resolver})
			attempt := sender.Send(context.Background(), message("http://"+tt.host+":"+port, secretOf("n")))
			assert.Equal(t, webhook.PrivateAddress, attempt.Failure)
			assert.Zero(t, attempt.Status)
		})
	}
	assert.Zero(t, called.Load())
}

func TestANameThatLeadsIntoAPrivateNetworkIsRefusedAtOnce(t *testing.T) {
	check := func(address string) error {
		return messages.NewWebhooks(messages.Options{Resolver: resolver(t, address)}).Check(context.Background(), "hooks.example.com")
	}
	assert.Equal(t, fault.Invalid, fault.CodeOf(check("192.168.0.1")))
	require.NoError(t, check("8.8.8.8"))
	lost := messages.NewWebhooks(messages.Options{Resolver: &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, io.ErrUnexpectedEOF
	}}})
	require.NoError(t, lost.Check(context.Background(), "hooks.example.com"), "it may be found later")
}

func TestWhatWentWrongIsToldByItsClass(t *testing.T) {
	redirected := serve(t, func(http.ResponseWriter, *http.Request) { assert.Fail(t, "a redirect was followed") })
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(secure.Close)
	nobody := serve(t, nil)
	nobody.Close()
	for name, tt := range map[string]struct {
		url     string
		answer  http.HandlerFunc
		status  int
		failure webhook.Failure
	}{
		"a redirect is not followed": {answer: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, redirected.URL, http.StatusTemporaryRedirect)
		}, status: http.StatusTemporaryRedirect, failure: webhook.BadStatus},
		"a failure of theirs":    {answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, status: http.StatusBadGateway, failure: webhook.BadStatus},
		"nothing comes":          {answer: func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body); <-r.Context().Done() }, failure: webhook.TimedOut},
		"the connection breaks":  {answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, failure: webhook.Broken},
		"nobody listens":         {url: nobody.URL, failure: webhook.NotConnected},
		"a name that is unknown": {url: "http://nothing.invalid", failure: webhook.NotResolved},
		"an unknown certificate": {url: secure.URL, failure: webhook.BadCertificate},
		"an endless answer":      {answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.CopyN(w, endless{}, 1<<26) }, status: http.StatusOK},
		"accepted":               {answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }, status: http.StatusAccepted},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.answer != nil {
				tt.url = serve(t, tt.answer).URL
			}
			options := messages.Options{Anywhere: true, Timeout: 500 * time.Millisecond}
			if tt.failure == webhook.NotResolved {
				options.Resolver = resolver(t, "") // answers, and knows no address
			}
			attempt := messages.NewWebhooks(options).Send(context.Background(), message(tt.url, secretOf("n")))
			assert.Equal(t, tt.failure, attempt.Failure)
			assert.Equal(t, tt.status, attempt.Status)
			assert.Positive(t, attempt.Duration)
		})
	}
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	known := messages.NewWebhooks(messages.Options{Anywhere: true, TLS: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}})
	assert.True(t, known.Send(context.Background(), message(secure.URL, secretOf("n"))).OK(), "a known certificate")
}

// endless is a body that has no end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

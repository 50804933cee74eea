// Package messages carries messages out of the house: webhooks to partners'
// systems.
package messages

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"dure/domain/fault"
	"dure/domain/webhook"
)

// What a receiver may take.
const (
	sendTime    = 15 * time.Second // for all of an attempt
	connectTime = 5 * time.Second
	checkTime   = 2 * time.Second // to look a name up before an address is kept
	maxAnswer   = 4 << 10         // bytes of an answer that are read; nobody looks at them
	maxHeader   = 16 << 10
)

// Webhooks calls partners' systems. Make one with NewWebhooks.
type Webhooks struct {
	client   *http.Client
	resolver *net.Resolver
	now      func() time.Time
}

// Options are for the sandbox and for tests; the zero Options are for production.
type Options struct {
	Anywhere bool             // private networks may be called
	Resolver *net.Resolver    // nil: the machine's own
	TLS      *tls.Config      // nil: the machine's own roots
	Now      func() time.Time // nil: the wall clock
	Timeout  time.Duration    // 0: 15 s
}

// errPrivate tells of a name that leads to a private address.
var errPrivate = errors.New("the address lies in a private network")

// NewWebhooks returns a sender. It never uses a proxy and follows no redirect:
// both would call for us where we would not.
func NewWebhooks(o Options) *Webhooks {
	w := &Webhooks{resolver: o.Resolver, now: o.Now}
	if w.resolver == nil {
		w.resolver = net.DefaultResolver
	}
	if w.now == nil {
		w.now = time.Now
	}
	if o.Timeout == 0 {
		o.Timeout = sendTime
	}
	dialer := &net.Dialer{Timeout: connectTime, Resolver: o.Resolver}
	if !o.Anywhere {
		dialer.Control = refusePrivate
	}
	w.client = &http.Client{
		Timeout:       o.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSClientConfig: o.TLS, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: connectTime, IdleConnTimeout: time.Minute, MaxIdleConns: 100, MaxIdleConnsPerHost: 4,
			MaxResponseHeaderBytes: maxHeader, DisableCompression: true,
		},
	}
	return w
}

// refusePrivate judges the address that is about to be connected to, after its
// name was resolved: a name that leads elsewhere the next time gains nothing.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !webhook.Public(to.Addr()) {
		return errPrivate
	}
	return nil
}

// Check implements webhook.Sender. A name that is not found may be found later.
func (w *Webhooks) Check(ctx context.Context, host string) error {
	ctx, stop := context.WithTimeout(ctx, checkTime)
	defer stop()
	addresses, err := w.resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil // it is judged again at every call
	}
	for _, a := range addresses {
		if !webhook.Public(a) {
			return fault.New(fault.Invalid, "webhook.private_address").On("url")
		}
	}
	return nil
}

// Send implements webhook.Sender.
func (w *Webhooks) Send(ctx context.Context, m webhook.Message) webhook.Attempt {
	began := time.Now()
	status, err := w.post(ctx, m)
	a := webhook.Attempt{At: w.now().UTC(), Status: status, Duration: time.Since(began)}
	switch {
	case err != nil:
		a.Failure = failureOf(err)
	case status < 200 || status > 299:
		a.Failure = webhook.BadStatus
	}
	return a
}

func (w *Webhooks) post(ctx context.Context, m webhook.Message) (status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return 0, err
	}
	at := w.now() // of this attempt: receivers refuse what is old
	signatures := make([]string, len(m.Secrets))
	for i, secret := range m.Secrets {
		if signatures[i], err = sign(secret, m.ID, at, m.Body); err != nil {
			return 0, err
		}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Dure-Webhooks/1")
	r.Header.Set(standard.HeaderWebhookID, m.ID)
	r.Header.Set(standard.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	r.Header.Set(standard.HeaderWebhookSignature, strings.Join(signatures, " "))
	answer, err := w.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer)) // so that the connection serves again; what it says does not matter
	return answer.StatusCode, nil
}

func sign(secret, id string, at time.Time, body []byte) (string, error) {
	signer, err := standard.NewWebhook(secret)
	if err != nil {
		return "", fmt.Errorf("read webhook secret: %w", err)
	}
	return signer.Sign(id, at, body)
}

// failureOf tells the class of what went wrong. The rest stays unsaid: it would
// tell of our network, or of the partner's.
func failureOf(err error) webhook.Failure {
	var (
		name        *net.DNSError
		certificate *tls.CertificateVerificationError
		alert       tls.AlertError
		record      tls.RecordHeaderError
		dial        *net.OpError
		late        interface{ Timeout() bool }
	)
	switch {
	case errors.Is(err, errPrivate):
		return webhook.PrivateAddress
	case errors.As(err, &name):
		return webhook.NotResolved
	case errors.As(err, &certificate), errors.As(err, &alert), errors.As(err, &record):
		return webhook.BadCertificate
	case errors.As(err, &late) && late.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return webhook.TimedOut
	case errors.As(err, &dial) && dial.Op == "dial":
		return webhook.NotConnected
	default:
		return webhook.Broken
	}
}

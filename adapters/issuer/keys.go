package issuer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// errUnanswered says that the provider did not answer, or not well.
var errUnanswered = errors.New("the issuer did not answer")

type awayKey struct{}

// telling tells keys that could not be read apart from signatures that are wrong.
type telling struct{ oidc.KeySet }

// VerifySignature implements oidc.KeySet.
func (k telling) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := k.KeySet.VerifySignature(ctx, token)
	if away, ok := ctx.Value(awayKey{}).(*error); ok && errors.Is(err, errUnanswered) {
		*away = err
	}
	return payload, err
}

// longestDocument is how much of the provider's answer is read, in bytes.
const longestDocument = 1 << 20

// paced asks the provider one question at most in a while: tokens with made-up keys
// would have its keys read again and again. In between the last answer serves, or
// that there was none.
type paced struct {
	next  http.RoundTripper
	again time.Duration

	mutex sync.Mutex
	kept  map[string]kept
}

type kept struct {
	at     time.Time
	body   []byte
	header http.Header
	failed error
}

// RoundTrip implements http.RoundTripper.
func (p *paced) RoundTrip(r *http.Request) (*http.Response, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	k, ok := p.kept[r.URL.String()]
	if !ok || time.Since(k.at) >= p.again {
		k = p.ask(r)
		p.kept[r.URL.String()] = k
	}
	if k.failed != nil {
		return nil, k.failed
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: k.header.Clone(), Body: io.NopCloser(bytes.NewReader(k.body)), ContentLength: int64(len(k.body)), Request: r,
	}, nil
}

func (p *paced) ask(r *http.Request) kept {
	answer, err := p.next.RoundTrip(r)
	if err != nil {
		return kept{at: time.Now(), failed: fmt.Errorf("%w: %w", errUnanswered, err)}
	}
	defer func() { _ = answer.Body.Close() }()
	k := kept{at: time.Now(), header: answer.Header}
	if k.body, err = io.ReadAll(io.LimitReader(answer.Body, longestDocument)); err != nil {
		k.failed = fmt.Errorf("%w: %w", errUnanswered, err)
	}
	if answer.StatusCode != http.StatusOK {
		k.failed = fmt.Errorf("%w: %s", errUnanswered, answer.Status)
	}
	return k
}

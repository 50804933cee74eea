package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// load sends the same requests to one server over connections that stay open,
// each connection one request after another.
type load struct {
	server      *child
	connections []*caller
}

// caller is one connection and what it asks.
type caller struct {
	conn    net.Conn
	reader  *bufio.Reader
	request []byte
	body    bytes.Buffer
}

// openLoad connects once for each request.
func openLoad(ctx context.Context, server *child, requests [][]byte) (*load, error) {
	l := &load{server: server}
	for _, request := range requests {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", server.address)
		if err != nil {
			return nil, errors.Join(err, l.Close())
		}
		l.connections = append(l.connections, &caller{conn: conn, reader: bufio.NewReaderSize(conn, 64<<10), request: request})
	}
	return l, nil
}

// perRequest asks for so long and returns the microseconds of CPU that the
// server spent on a request.
func (l *load) perRequest(length time.Duration) (float64, error) {
	before, err := l.server.spent()
	if err != nil {
		return 0, err
	}
	var asked atomic.Int64
	end := time.Now().Add(length)
	var group errgroup.Group
	for _, c := range l.connections {
		group.Go(func() error {
			for time.Now().Before(end) {
				if err := c.ask(); err != nil {
					return fmt.Errorf("ask %s: %w", l.server.name, err)
				}
				asked.Add(1)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return 0, err
	}
	after, err := l.server.spent()
	return microseconds(after-before) / float64(asked.Load()), err
}

// ask sends the request and reads an answer that has data and no errors.
func (c *caller) ask() error {
	if _, err := c.conn.Write(c.request); err != nil {
		return err
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return err
	}
	c.body.Reset()
	_, err = c.body.ReadFrom(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return err
	}
	answer := c.body.Bytes()
	if response.StatusCode != http.StatusOK || !bytes.HasPrefix(answer, []byte(`{"data":{`)) || bytes.Contains(answer, []byte(`"errors":`)) {
		return fmt.Errorf("%s: %.300s", response.Status, answer)
	}
	return nil
}

// Close hangs up.
func (l *load) Close() error {
	var failed []error
	for _, c := range l.connections {
		failed = append(failed, c.conn.Close())
	}
	return errors.Join(failed...)
}

// compare lets two servers answer in turn and returns the CPU a request of each.
func compare(ctx context.Context, rounds int, length time.Duration, ours, baseline *child, requests, toBaseline [][]byte) (_ []round, err error) {
	a, err := openLoad(ctx, ours, requests)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	b, err := openLoad(ctx, baseline, toBaseline)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return alternate(rounds, func() (float64, error) { return a.perRequest(length) }, func() (float64, error) { return b.perRequest(length) })
}

// graphQL is a POST of a query, as it goes over the wire.
func graphQL(query, token string) []byte {
	body, _ := json.Marshal(map[string]string{"query": query}) // never fails on text
	return wire(http.MethodPost, "/graphql", string(body), "Content-Type", "application/json",
		"Accept", "application/graphql-response+json", "Accept-Language", "ko", "Authorization", "Bearer "+token)
}

// wire writes a request as HTTP/1.1 does; headers are names and values by turns.
func wire(method, path, body string, headers ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: bench\r\n", method, path)
	for i := 0; i+1 < len(headers); i += 2 {
		fmt.Fprintf(&b, "%s: %s\r\n", headers[i], headers[i+1])
	}
	if body != "" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	_, _ = io.WriteString(&b, "\r\n"+body) // a buffer takes everything
	return b.Bytes()
}

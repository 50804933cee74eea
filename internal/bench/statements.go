package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"dure/adapters/ids"
)

// statement is one that was said to PostgreSQL, with its parameters as they were
// bound; one without parameters went as plain text.
type statement struct {
	SQL           string
	Bound         bool
	Parameters    [][]byte
	Types         []uint32
	Formats       []int16
	ResultFormats []int16
	order         int64 // among all that an ear heard
}

// say repeats the statement on a bare connection and reads what it returns.
func (s *statement) say(ctx context.Context, to *pgconn.PgConn) error {
	var err error
	if s.Bound {
		err = to.ExecParams(ctx, s.SQL, s.Parameters, s.Types, s.Formats, s.ResultFormats).Read().Err
	} else {
		_, err = to.Exec(ctx, s.SQL).ReadAll()
	}
	if err != nil {
		return fmt.Errorf("%.80s: %w", s.SQL, err)
	}
	return nil
}

// minted are the ids that a signing makes.
var minted = regexp.MustCompile(`\b(act|led|key)_[0-9a-z]{26}`)

// about returns the statements as they would be about other rows: names holds
// old and new by turns, and what the transaction mints is minted anew.
func about(statements []statement, names []string) []statement {
	renamed, fresh := strings.NewReplacer(names...), map[string]string{}
	rename := func(text string) string {
		return minted.ReplaceAllStringFunc(renamed.Replace(text), func(id string) string {
			if fresh[id] == "" {
				fresh[id] = ids.New(id[:3])
			}
			return fresh[id]
		})
	}
	out := slices.Clone(statements)
	for i := range out {
		out[i].SQL = rename(out[i].SQL)
		out[i].Parameters = make([][]byte, len(statements[i].Parameters))
		for j, p := range statements[i].Parameters {
			if p != nil {
				out[i].Parameters[j] = []byte(rename(string(p)))
			}
		}
	}
	return out
}

// ear stands between clients and PostgreSQL, passes everything on, and writes
// down the statements of each connection.
type ear struct {
	listener net.Listener
	server   string // host:port
	working  sync.WaitGroup

	mutex sync.Mutex
	heard [][]statement // by connection
	count int64
}

// listenTo starts an ear and returns databaseURL as it is through it.
func listenTo(ctx context.Context, databaseURL string) (*ear, string, error) {
	address, err := url.Parse(databaseURL)
	if err != nil {
		return nil, "", err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	e := &ear{listener: l, server: address.Host}
	e.working.Go(e.accept)
	address.Host = l.Addr().String()
	return e, address.String(), nil
}

func (e *ear) accept() {
	for {
		client, err := e.listener.Accept()
		if err != nil {
			return
		}
		e.working.Go(func() { e.pass(client) })
	}
}

// pass connects client with the server until either closes.
func (e *ear) pass(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := new(net.Dialer).Dial("tcp", e.server)
	if err != nil {
		return
	}
	said, write := io.Pipe()
	e.working.Go(func() { e.note(said) })
	e.working.Go(func() {
		_, _ = io.Copy(client, server)
		_ = client.Close()
	})
	_, _ = io.Copy(server, io.TeeReader(client, write))
	_ = write.Close()
	_ = server.Close()
}

// note writes down what a client says, from its first word on.
func (e *ear) note(said *io.PipeReader) {
	defer func() { _, _ = io.Copy(io.Discard, said) }() // what cannot be read is still passed on
	reader := pgproto3.NewBackend(said, io.Discard)
	if _, err := reader.ReceiveStartupMessage(); err != nil {
		return
	}
	e.mutex.Lock()
	number := len(e.heard)
	e.heard = append(e.heard, nil)
	e.mutex.Unlock()
	var parsed statement
	for {
		message, err := reader.Receive()
		if err != nil {
			return
		}
		switch m := message.(type) {
		case *pgproto3.Query:
			e.add(number, statement{SQL: m.String})
		case *pgproto3.Parse:
			parsed = statement{SQL: m.Query, Bound: true, Types: slices.Clone(m.ParameterOIDs)}
		case *pgproto3.Bind:
			bound := parsed
			bound.Formats, bound.ResultFormats = slices.Clone(m.ParameterFormatCodes), slices.Clone(m.ResultFormatCodes)
			for _, p := range m.Parameters { // the message's memory is used again
				bound.Parameters = append(bound.Parameters, slices.Clone(p))
			}
			e.add(number, bound)
		}
	}
}

func (e *ear) add(connection int, s statement) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.count++
	s.order = e.count
	e.heard[connection] = append(e.heard[connection], s)
}

// transaction returns the statements, from begin to commit, of the last
// transaction with one that contains what.
func (e *ear) transaction(what string) ([]statement, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	for _, said := range e.heard {
		end := len(said)
		for i := len(said) - 1; i >= 0; i-- {
			switch strings.ToLower(said[i].SQL) {
			case "commit":
				end = i
			case "begin":
				whole := said[i:min(end+1, len(said))]
				if slices.ContainsFunc(whole, func(s statement) bool { return strings.Contains(s.SQL, what) }) {
					return whole, nil
				}
			}
		}
	}
	return nil, fmt.Errorf("no transaction said %q", what)
}

// forget drops what was heard so far.
func (e *ear) forget() {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	for i := range e.heard {
		e.heard[i] = nil
	}
}

// all returns what was heard, in the order in which it ended: a transaction
// stays whole and stands where it was committed.
func (e *ear) all() []statement {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	var blocks [][]statement
	for _, said := range e.heard {
		from := 0
		for i, s := range said {
			if word := strings.ToLower(s.SQL); word == "commit" || (word != "begin" && !strings.EqualFold(said[from].SQL, "begin")) {
				blocks, from = append(blocks, said[from:i+1]), i+1
			}
		}
	}
	slices.SortFunc(blocks, func(a, b []statement) int { return cmp.Compare(a[len(a)-1].order, b[len(b)-1].order) })
	return slices.Concat(blocks...)
}

// Close stops listening; connections end when their clients close them.
func (e *ear) Close() error {
	err := e.listener.Close()
	e.working.Wait()
	return err
}

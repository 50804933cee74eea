package main

import (
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
	sql           string
	bound         bool
	parameters    [][]byte
	types         []uint32
	formats       []int16
	resultFormats []int16
}

// say repeats the statement on a bare connection and reads what it returns.
func (s *statement) say(ctx context.Context, to *pgconn.PgConn) error {
	var err error
	if s.bound {
		err = to.ExecParams(ctx, s.sql, s.parameters, s.types, s.formats, s.resultFormats).Read().Err
	} else {
		_, err = to.Exec(ctx, s.sql).ReadAll()
	}
	if err != nil {
		return fmt.Errorf("%.80s: %w", s.sql, err)
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
		out[i].sql = rename(out[i].sql)
		out[i].parameters = make([][]byte, len(statements[i].parameters))
		for j, p := range statements[i].parameters {
			if p != nil {
				out[i].parameters[j] = []byte(rename(string(p)))
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
			e.add(number, statement{sql: m.String})
		case *pgproto3.Parse:
			parsed = statement{sql: m.Query, bound: true, types: slices.Clone(m.ParameterOIDs)}
		case *pgproto3.Bind:
			bound := parsed
			bound.formats, bound.resultFormats = slices.Clone(m.ParameterFormatCodes), slices.Clone(m.ResultFormatCodes)
			for _, p := range m.Parameters { // the message's memory is used again
				bound.parameters = append(bound.parameters, slices.Clone(p))
			}
			e.add(number, bound)
		}
	}
}

func (e *ear) add(connection int, s statement) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
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
			switch strings.ToLower(said[i].sql) {
			case "commit":
				end = i
			case "begin":
				whole := said[i:min(end+1, len(said))]
				if slices.ContainsFunc(whole, func(s statement) bool { return strings.Contains(s.sql, what) }) {
					return whole, nil
				}
			}
		}
	}
	return nil, fmt.Errorf("no transaction said %q", what)
}

// Close stops listening; connections end when their clients close them.
func (e *ear) Close() error {
	err := e.listener.Close()
	e.working.Wait()
	return err
}

package messages_test

import (
	"context"
	"io"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/messages"
)

// inbox is a mail server's, and what it takes in.
type inbox struct{ letters chan letter }

type letter struct{ from, to, raw string }

type delivery struct {
	inbox *inbox
	letter
}

func (d *delivery) Mail(from string, _ *smtp.MailOptions) error { d.from = from; return nil }
func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error   { d.to = to; return nil }
func (d *delivery) Reset()                                      {}
func (d *delivery) Logout() error                               { return nil }

func (d *delivery) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	d.raw = string(raw)
	d.inbox.letters <- d.letter
	return err
}

// mailServer runs a mail server on the loopback and returns its address.
func mailServer(t *testing.T) (address string, letters <-chan letter) {
	t.Helper()
	in := &inbox{letters: make(chan letter, 10)}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{inbox: in}, nil }))
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(func() { _ = s.Close() })
	return listener.Addr().String(), in.letters
}

func TestMailArrives(t *testing.T) {
	address, letters := mailServer(t)
	m, err := messages.OpenMail("smtp://" + address + "?from=dure@demo.dure")
	require.NoError(t, err)
	require.NoError(t, m.Send(t.Context(), "kim@demo.dure", "두레에 초대합니다", "안녕하세요.\nhttps://dure.example/a?token=b\n"))
	got := <-letters
	assert.Equal(t, "dure@demo.dure", got.from)
	assert.Equal(t, "kim@demo.dure", got.to)
	read, err := mail.ReadMessage(strings.NewReader(got.raw))
	require.NoError(t, err)
	body, err := io.ReadAll(quotedprintable.NewReader(read.Body))
	require.NoError(t, err)
	assert.Equal(t, "안녕하세요.\nhttps://dure.example/a?token=b\n", strings.ReplaceAll(string(body), "\r\n", "\n"))
	assert.NotEmpty(t, read.Header.Get("Message-Id"))
}

func TestMailIsNotSentTwiceOrToTwo(t *testing.T) {
	address, letters := mailServer(t)
	m, err := messages.OpenMail("smtp://" + address + "?from=dure@demo.dure")
	require.NoError(t, err)
	for name, to := range map[string]string{
		"no address":             "nobody",
		"two addresses":          "kim@demo.dure, lee@demo.dure",
		"a header in an address": "kim@demo.dure\r\nBcc: lee@demo.dure",
	} {
		require.Error(t, m.Send(t.Context(), to, "s", "t"), name)
	}
	assert.Empty(t, letters)
	require.NoError(t, m.Send(t.Context(), "kim@demo.dure", "s\r\nBcc: lee@demo.dure", "t"))
	got := <-letters
	assert.NotContains(t, got.raw, "\r\nBcc:", "a subject is no header")
}

func TestMailServersThatCannotBe(t *testing.T) {
	for name, address := range map[string]string{
		"no address":       "::",
		"another protocol": "http://mail.example?from=a@b.example",
		"no sender":        "smtp://mail.example",
		"no host":          "smtp://?from=a@b.example",
		"no port":          "smtp://mail.example:x?from=a@b.example",
	} {
		_, err := messages.OpenMail(address)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), "secret", name)
	}
	_, err := messages.OpenMail("smtp://kim:secret word@mail.example?from=a@b.example")
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "secret", "a password is told nobody")
}

func TestMailGivesUpWhereNobodyListens(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	m, err := messages.OpenMail("smtp://" + address + "?from=dure@demo.dure")
	require.NoError(t, err)
	require.Error(t, m.Send(context.Background(), "kim@demo.dure", "s", "t"))
}

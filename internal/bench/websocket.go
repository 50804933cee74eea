package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
)

// socket is the least that a graphql-transport-ws client can be, so that five
// thousand of them leave the machine to the server.
type socket struct {
	conn   net.Conn
	reader *bufio.Reader
}

// What frames begin with: the last frame of a message, and its kind.
const (
	final      = 0x80
	text       = 0x1
	hangUp     = 0x8
	ping       = 0x9
	pong       = 0xa
	masked     = 0x80
	maxControl = 125
)

// dialSocket opens a WebSocket at address, presents the token and subscribes to
// query.
func dialSocket(ctx context.Context, address, token, query string) (_ *socket, err error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	s := &socket{conn: conn, reader: bufio.NewReaderSize(conn, 4<<10)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	key := base64.StdEncoding.EncodeToString(make([]byte, 16)) // against caches, which there are none of
	if _, err := conn.Write(wire(http.MethodGet, "/graphql", "", "Connection", "Upgrade", "Upgrade", "websocket",
		"Sec-WebSocket-Version", "13", "Sec-WebSocket-Protocol", "graphql-transport-ws", "Sec-WebSocket-Key", key)); err != nil {
		return nil, err
	}
	response, err := http.ReadResponse(s.reader, nil)
	if err != nil {
		return nil, err
	}
	if err := response.Body.Close(); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		return nil, fmt.Errorf("no WebSocket: %s", response.Status)
	}
	if err := s.send(text, fmt.Appendf(nil, `{"type":"connection_init","payload":{"Authorization":"Bearer %s"}}`, token)); err != nil {
		return nil, err
	}
	if err := s.expect(`"connection_ack"`); err != nil {
		return nil, err
	}
	return s, s.send(text, fmt.Appendf(nil, `{"id":"1","type":"subscribe","payload":{"query":%q}}`, query))
}

// send writes one frame. Clients must mask; a mask of zeros leaves the payload
// as it is.
func (s *socket) send(kind byte, payload []byte) error {
	frame := []byte{final | kind}
	if len(payload) <= maxControl {
		frame = append(frame, masked|byte(len(payload)))
	} else {
		frame = append(frame, masked|126)
		frame = binary.BigEndian.AppendUint16(frame, uint16(len(payload)))
	}
	frame = append(frame, 0, 0, 0, 0)
	_, err := s.conn.Write(append(frame, payload...))
	return err
}

// expect reads messages until one has what.
func (s *socket) expect(what string) error {
	var message []byte
	for {
		var err error
		if message, err = s.next(message); err != nil {
			return err
		}
		if bytes.Contains(message, []byte(what)) {
			return nil
		}
		if kindOf(message) != messageKeepAlive {
			return fmt.Errorf("wanted %s: %.300s", what, message)
		}
	}
}

// next reads the next text message into buffer, and answers pings on the way.
func (s *socket) next(buffer []byte) ([]byte, error) {
	buffer = buffer[:0]
	for {
		first, length, err := s.head()
		if err != nil {
			return nil, err
		}
		from := len(buffer)
		buffer = append(buffer, make([]byte, length)...)
		if _, err := io.ReadFull(s.reader, buffer[from:]); err != nil {
			return nil, err
		}
		switch first & 0xf {
		case hangUp:
			return nil, fmt.Errorf("the server hangs up: %q", buffer[from:])
		case ping:
			if err := s.send(pong, buffer[from:]); err != nil {
				return nil, err
			}
			buffer = buffer[:from]
		case pong:
			buffer = buffer[:from]
		default:
			if first&final != 0 {
				return buffer, nil
			}
		}
	}
}

// head reads how a frame begins: its first byte, and how long its payload is.
func (s *socket) head() (first byte, length uint64, err error) {
	var head [2]byte
	if _, err := io.ReadFull(s.reader, head[:]); err != nil {
		return 0, 0, err
	}
	length = uint64(head[1] &^ masked)
	wide := map[uint64]int{126: 2, 127: 8}[length]
	if wide > 0 {
		var number [8]byte
		if _, err := io.ReadFull(s.reader, number[8-wide:]); err != nil {
			return 0, 0, err
		}
		length = binary.BigEndian.Uint64(number[:])
	}
	const most = 16 << 20
	if length > most {
		return 0, 0, fmt.Errorf("a frame of %d bytes", length)
	}
	return head[0], length, nil
}

// Close resets the connection, so that no port waits for its last packets.
func (s *socket) Close() error {
	if c, ok := s.conn.(*net.TCPConn); ok {
		_ = c.SetLinger(0)
	}
	return s.conn.Close()
}

// messageKind is what a message of the protocol is to a subscriber.
type messageKind int

const (
	messageNext messageKind = iota
	messageKeepAlive
	messageOther
)

// kindOf tells what a message is. Servers write its type before the payload or
// after it.
func kindOf(message []byte) messageKind {
	const enough = 48
	is := func(kind string) bool {
		kind = `"type":"` + kind + `"`
		return bytes.Contains(message[:min(len(message), enough)], []byte(kind)) || bytes.Contains(message[max(0, len(message)-enough):], []byte(kind))
	}
	switch {
	case is("next") && !bytes.Contains(message, []byte(`"errors":`)):
		return messageNext
	case is("ping"), is("pong"):
		return messageKeepAlive
	default:
		return messageOther
	}
}

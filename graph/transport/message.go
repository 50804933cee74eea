package transport

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/coder/websocket"
)

// The kinds of messages of graphql-transport-ws.
const (
	kindInit      = "connection_init"
	kindAck       = "connection_ack"
	kindPing      = "ping"
	kindPong      = "pong"
	kindSubscribe = "subscribe"
	kindNext      = "next"
	kindError     = "error"
	kindComplete  = "complete"
)

// protocol is the WebSocket sub-protocol that is spoken, and the only one.
const protocol = "graphql-transport-ws"

// closing is how a socket ends.
type closing struct {
	code   websocket.StatusCode
	reason string
}

// The ways in which a socket ends, but for those that say more.
var (
	closeGoingAway    = &closing{websocket.StatusGoingAway, "The server stops: connect anew"}
	closeTooLarge     = &closing{websocket.StatusMessageTooBig, "The message is too large"}
	closeUnauthorized = &closing{4401, "Unauthorized"}
	closeForbidden    = &closing{4403, "Forbidden"}
	closeOver         = &closing{4403, "Forbidden: the session is over"}
	closeExpired      = &closing{4403, "Forbidden: the token has expired"}
	closeProtocol     = &closing{4406, "Subprotocol not acceptable"}
	closeInitTimeout  = &closing{4408, "Connection initialisation timeout"}
	closeManyInits    = &closing{4429, "Too many initialisation requests"}
	closeInternal     = &closing{4500, "Internal server error"}
)

func closeInvalid(err error) *closing { return &closing{4400, "Invalid message: " + err.Error()} }

func closeDuplicate(id string) *closing {
	return &closing{4409, "Subscriber for " + clip(id, 64) + " already exists"}
}

// maxReason is how many bytes of reason a close frame holds.
const maxReason = 123

// maxID bounds an operation's id, in bytes: it comes back in every message.
const maxID = 256

// message is what a client says.
type message struct {
	kind    string
	id      string
	payload json.RawMessage // nil when there is none
	request *request        // of subscribe
}

// decodeMessage reads a message of a client. Its errors say what is wrong.
func decodeMessage(text []byte, nesting int) (*message, error) {
	fields, err := decodeObject(text, nesting)
	if err != nil {
		return nil, err
	}
	m := &message{payload: fields["payload"]}
	if m.kind, err = decodeString(fields["type"]); err != nil || m.kind == "" {
		return nil, errors.New("type must be a string")
	}
	switch m.kind {
	case kindInit, kindPing, kindPong:
		if _, err := decodeMap(m.payload); err != nil {
			return nil, errors.New("payload must be an object")
		}
		return m, nil
	case kindSubscribe, kindComplete:
	case kindAck, kindNext, kindError:
		return nil, errors.New("only the server says this")
	default:
		return nil, errors.New("type is unknown")
	}
	if m.id, err = decodeString(fields["id"]); err != nil || m.id == "" {
		return nil, errors.New("id must be a string that is not empty")
	}
	if len(m.id) > maxID {
		return nil, fmt.Errorf("id must not be longer than %d bytes", maxID)
	}
	if m.kind == kindSubscribe {
		m.request, err = decodeRequest(m.payload, -1) // measured with the whole
	}
	return m, err
}

// authorization reads the token of connection_init, "" when there is none.
func (m *message) authorization() (string, error) {
	return m.parameter("authorization", "Authorization")
}

// language reads the languages that connection_init asks for, in the form of an
// Accept-Language header, "" when there are none. A browser's page cannot set
// that header on the handshake.
func (m *message) language() (string, error) {
	return m.parameter("acceptLanguage", "Accept-Language")
}

// parameter reads the first of the names that connection_init gives a text for.
func (m *message) parameter(names ...string) (string, error) {
	payload, err := decodeMap(m.payload)
	if err != nil {
		return "", err
	}
	for _, name := range names {
		if value := payload[name]; value != nil {
			text, ok := value.(string)
			if !ok {
				return "", errBadToken
			}
			return text, nil
		}
	}
	return "", nil
}

// appendHead begins a message about an operation, as far as its payload.
func appendHead(dst []byte, kind, id string) []byte {
	text, _ := json.Marshal(id) // a string always can
	dst = append(append(dst, `{"id":`...), text...)
	return append(append(append(dst, `,"type":"`...), kind...), `","payload":`...)
}

// appendComplete is the message that an operation is complete.
func appendComplete(dst []byte, id string) []byte {
	text, _ := json.Marshal(id) // a string always can
	return append(append(append(dst, `{"id":`...), text...), `,"type":"complete"}`...)
}

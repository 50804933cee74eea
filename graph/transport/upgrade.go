package transport

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"dure/domain/fault"
)

func isUpgrade(r *http.Request) bool {
	for _, line := range r.Header.Values("Upgrade") {
		for item := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(item), "websocket") {
				return true
			}
		}
	}
	return false
}

// serveSocket speaks graphql-transport-ws until either side has enough.
func (h *Handler) serveSocket(w http.ResponseWriter, r *http.Request) {
	left, ok := h.stream()
	if !ok {
		h.refuse(w, r, mediaJSON, refuse(http.StatusServiceUnavailable, fault.Internal, "The server stops: connect anew."))
		return
	}
	defer left()
	conn, err := websocket.Accept(&hijacked{ResponseWriter: w, timeout: h.config.WriteTimeout}, r, &websocket.AcceptOptions{
		Subprotocols: []string{protocol}, OriginPatterns: h.config.AllowedOrigins,
	})
	if err != nil {
		return // Accept has answered
	}
	ctx, stop := context.WithCancel(r.Context())
	s := &socket{
		handler: h, conn: conn, ctx: ctx, stop: stop,
		header:  strings.Join(r.Header.Values("Authorization"), ","),
		running: map[string]*running{}, slots: make(chan struct{}, 2*h.config.Operations),
	}
	defer context.AfterFunc(r.Context(), s.cut)() // the server gives up
	s.serve()
}

// hijacked is a response writer whose connection gives each write a deadline of
// its own, control frames included.
type hijacked struct {
	http.ResponseWriter
	timeout time.Duration
}

// Hijack implements http.Hijacker.
func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	timed := &timedConn{Conn: conn, timeout: h.timeout}
	buffers.Writer.Reset(timed)
	return timed, buffers, nil
}

type timedConn struct {
	net.Conn
	timeout time.Duration
}

func (c *timedConn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

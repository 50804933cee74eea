// Package page holds the words of paging that every list shares: Relay
// connections over a keyset, with cursors that cannot be forged.
package page

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"dure/domain/fault"
)

// Default and Max bound how many rows one page holds.
const (
	Default = 20
	Max     = 100
)

// Info is the Relay PageInfo of a forward page.
type Info struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Edge is a row and its cursor.
type Edge[T any] struct {
	Node   T
	Cursor string
}

// Connection is one page of rows.
type Connection[T any] struct {
	Nodes      []T
	Edges      []Edge[T]
	PageInfo   Info
	TotalCount int // rows in the whole list, within the caller's reach
}

// Request is a checked wish for one page.
type Request struct {
	Limit int      // 1..Max
	After []string // keyset of the last row seen; nil at the start
}

// Codec makes cursors and reads them back. A cursor names the list it belongs
// to and carries a MAC, so one that was altered or comes from another list is
// told apart.
type Codec struct{ Key []byte }

const macBytes = 9

func (c Codec) mac(payload string) []byte {
	m := hmac.New(sha256.New, c.Key)
	m.Write([]byte(payload))
	return m.Sum(nil)[:macBytes]
}

// Encode returns the cursor of a row in list with the given keyset values.
func (c Codec) Encode(list string, keys ...string) string {
	payload := list + "\x1f" + strings.Join(keys, "\x1f")
	return base64.RawURLEncoding.EncodeToString(append(c.mac(payload), payload...))
}

// Decode returns the keyset values of a cursor of list. It fails with
// fault.Invalid on field "after" when the cursor was not made by Encode for it.
func (c Codec) Decode(list, cursor string) ([]string, error) {
	bad := fault.New(fault.Invalid, "page.bad_cursor").On("after")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) <= macBytes || strings.ContainsAny(cursor, "\r\n") { // which base64 passes over
		return nil, bad
	}
	payload := string(raw[macBytes:])
	if !hmac.Equal(raw[:macBytes], c.mac(payload)) {
		return nil, bad
	}
	parts := strings.Split(payload, "\x1f")
	if parts[0] != list {
		return nil, bad
	}
	return parts[1:], nil
}

// Request checks first and after against the limits. It fails with
// fault.Invalid on the argument that breaks them.
func (c Codec) Request(list string, first *int, after *string) (Request, error) {
	r := Request{Limit: Default}
	if first != nil {
		if *first < 1 || *first > Max {
			return r, fault.New(fault.Invalid, "page.bad_first", Max).On("first")
		}
		r.Limit = *first
	}
	if after != nil && *after != "" {
		keys, err := c.Decode(list, *after)
		if err != nil {
			return r, err
		}
		r.After = keys
	}
	return r, nil
}

// Moment returns the keyset of a row in a list by time: when it was, and its id
// among those of the same moment.
func Moment(at time.Time, id string) []string {
	return []string{at.UTC().Format(time.RFC3339Nano), id}
}

// BeforeMoment reads the keyset that Moment made; ok is false for the first page.
func (r Request) BeforeMoment() (at time.Time, id string, ok bool) {
	if len(r.After) != 2 {
		return at, "", false
	}
	at, err := time.Parse(time.RFC3339Nano, r.After[0])
	return at, r.After[1], err == nil
}

// Build wraps rows read with limit+1 into a connection.
func Build[T any](c Codec, list string, r Request, rows []T, total int, keys func(T) []string) *Connection[T] {
	conn := &Connection[T]{TotalCount: total}
	if len(rows) > r.Limit {
		rows = rows[:r.Limit]
		conn.PageInfo.HasNextPage = true
	}
	conn.PageInfo.HasPreviousPage = r.After != nil
	conn.Nodes = rows
	conn.Edges = make([]Edge[T], len(rows))
	for i, row := range rows {
		conn.Edges[i] = Edge[T]{Node: row, Cursor: c.Encode(list, keys(row)...)}
	}
	if n := len(rows); n > 0 {
		conn.PageInfo.StartCursor, conn.PageInfo.EndCursor = &conn.Edges[0].Cursor, &conn.Edges[n-1].Cursor
	}
	return conn
}

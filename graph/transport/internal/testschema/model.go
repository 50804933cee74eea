// Package testschema is a small schema with resolvers that answer, wait, fail
// and panic, for the tests of the transports.
package testschema

//go:generate go tool gqlgen generate --config gqlgen.yml

import (
	"errors"
	"io"
	"strconv"
)

// Node is what has an id.
type Node interface{ IsNode() }

// Dealer is a node with neighbours.
type Dealer struct {
	ID     string
	Name   string
	Parent *Dealer
}

// IsNode marks a dealer as a node.
func (Dealer) IsNode() {}

// DealerConnection is a page of dealers.
type DealerConnection struct {
	Nodes      []Dealer
	TotalCount int
	PageInfo   PageInfo
}

// PageInfo says whether more follows.
type PageInfo struct{ HasNextPage bool }

// DealerFilter nests as deep as its caller likes.
type DealerFilter struct {
	Name *string
	And  []DealerFilter
}

// Failure is how a resolver fails.
type Failure string

// The ways to fail.
const (
	Plain Failure = "PLAIN"
	Fault Failure = "FAULT"
	Panic Failure = "PANIC"
)

// UnmarshalGQL reads an enum value.
func (f *Failure) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return errors.New("enums must be strings")
	}
	*f = Failure(s)
	return nil
}

// MarshalGQL writes the enum value.
func (f Failure) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(f))) }

package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/domain/fault"
)

var (
	missing = fault.New(fault.NotFound, "quote.not_found")
	late    = fault.New(fault.Conflict, "quote.expired").On("quoteId")
	errDisk = errors.New("disk full")
)

func TestAll(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want []*fault.Fault
		only bool
		code fault.Code
	}{
		"nothing failed":                       {only: true},
		"a fault":                              {err: missing, want: []*fault.Fault{missing}, only: true, code: fault.NotFound},
		"a wrapped fault":                      {err: fmt.Errorf("read: %w", missing), want: []*fault.Fault{missing}, only: true, code: fault.NotFound},
		"joined faults stand in order":         {err: errors.Join(late, missing), want: []*fault.Fault{late, missing}, only: true, code: fault.Conflict},
		"faults joined, wrapped and joined":    {err: errors.Join(fmt.Errorf("a: %w", errors.Join(late, missing)), late), want: []*fault.Fault{late, missing, late}, only: true, code: fault.Conflict},
		"two verbs wrap two":                   {err: fmt.Errorf("%w and %w", late, missing), want: []*fault.Fault{late, missing}, only: true, code: fault.Conflict},
		"our own failure":                      {err: errDisk, code: fault.Internal},
		"our own failure, wrapped":             {err: fmt.Errorf("save: %w", errDisk), code: fault.Internal},
		"a fault beside our own failure":       {err: errors.Join(missing, errDisk), want: []*fault.Fault{missing}, code: fault.Internal},
		"a fault beside it, wrapped once more": {err: fmt.Errorf("save: %w", errors.Join(missing, errDisk)), want: []*fault.Fault{missing}, code: fault.Internal},
		"an error that wraps nothing":          {err: emptyWrapError{}, code: fault.Internal},
		"an error that joins nothing":          {err: emptyJoinError{}, code: fault.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			faults, only := fault.All(tt.err)
			assert.Equal(t, tt.want, faults)
			assert.Equal(t, tt.only, only)
			assert.Equal(t, tt.code, fault.CodeOf(tt.err))
		})
	}
}

type emptyWrapError struct{}

func (emptyWrapError) Error() string { return "" }
func (emptyWrapError) Unwrap() error { return nil }

type emptyJoinError struct{}

func (emptyJoinError) Error() string   { return "" }
func (emptyJoinError) Unwrap() []error { return nil }

func TestRefer(t *testing.T) {
	for name, tt := range map[string]struct{ err, want error }{
		"what is missing is about the field that names it": {missing, missing.On("quoteId")},
		"a wrapped one too":               {fmt.Errorf("read: %w", missing), missing.On("quoteId")},
		"one that has its field keeps it": {missing.On("lines"), missing.On("lines")},
		"another code goes through":       {late, late},
		"our own failure goes through":    {errDisk, errDisk},
		"nothing is nothing":              {nil, nil},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, fault.Refer(tt.err, "quoteId")) })
	}
	mixed := errors.Join(errDisk, missing)
	assert.Equal(t, mixed, fault.Refer(mixed, "quoteId"), "a failure of ours is never dropped")
}

func TestOnCopies(t *testing.T) {
	f := fault.New(fault.Invalid, "money.too_large", 7)
	g := f.On("price")
	assert.Empty(t, f.Field)
	assert.Equal(t, "price", g.Field)
	assert.Equal(t, []any{7}, g.Args)
	assert.Equal(t, "INVALID money.too_large", f.Error())
	assert.Equal(t, "INVALID money.too_large on price", g.Error())
}

func TestIsComparesCodeAndKey(t *testing.T) {
	f := fault.New(fault.Invalid, "money.too_large", 7).On("price")
	require.ErrorIs(t, fmt.Errorf("x: %w", f), fault.New(fault.Invalid, "money.too_large"))
	assert.NotErrorIs(t, f, fault.New(fault.Conflict, "money.too_large"))
	assert.NotErrorIs(t, f, fault.New(fault.Invalid, "money.negative"))
	assert.NotErrorIs(t, f, errDisk)
}

// However errors are nested, every fault is found, in order, and one failure of
// ours anywhere makes the whole ours.
func TestAllOfAnyTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var faults []*fault.Fault
		ours := false
		var grow func(depth int) error
		grow = func(depth int) error {
			shape := rapid.IntRange(0, 3).Draw(t, "shape")
			if depth == 0 {
				shape %= 2
			}
			switch shape {
			case 0:
				f := fault.New(fault.Invalid, fmt.Sprintf("key.%d", len(faults)))
				faults = append(faults, f)
				return f
			case 1:
				ours = true
				return errDisk
			case 2:
				return fmt.Errorf("wrapped: %w", grow(depth-1))
			default:
				children := make([]error, rapid.IntRange(1, 3).Draw(t, "children"))
				for i := range children {
					children[i] = grow(depth - 1)
				}
				return errors.Join(children...)
			}
		}
		err := grow(4)
		found, only := fault.All(err)
		assert.Equal(t, faults, found)
		assert.Equal(t, !ours, only)
		assert.Equal(t, ours, fault.CodeOf(err) == fault.Internal)
	})
}

// Package fault holds the failures that are safe to show to a caller.
package fault

import "fmt"

// Code tells a client what kind of failure it meets; it may branch on it.
type Code string

// The codes of the public contract.
const (
	Unauthenticated Code = "UNAUTHENTICATED" // nobody is signed in, or the token is bad or expired
	Forbidden       Code = "FORBIDDEN"       // the persona may not do this at all
	NotFound        Code = "NOT_FOUND"       // no such row, or it is outside the caller's reach
	Invalid         Code = "INVALID"         // the input breaks a rule
	Conflict        Code = "CONFLICT"        // the state, the version or the idempotency key does not allow it
	Limited         Code = "LIMITED"         // too many, too much or too often
	Internal        Code = "INTERNAL"        // a bug or an outage; never made by New
)

// Fault is an expected failure: a code, a message key with its arguments, and
// the input field it is about. It becomes words once, at the edge.
type Fault struct {
	Code  Code
	Key   string // such as "contract.not_signable"
	Args  []any  // values for the message, in order; never personal data
	Field string // dotted path of the input field, "" when it is about no single field
}

// New returns a fault with the message key and its arguments.
func New(code Code, key string, args ...any) *Fault {
	return &Fault{Code: code, Key: key, Args: args}
}

// On returns a copy of f that is about the given input field.
func (f *Fault) On(field string) *Fault {
	c := *f
	c.Field = field
	return &c
}

// Error names the code and key for logs; it is not the text that people read.
func (f *Fault) Error() string {
	if f.Field == "" {
		return fmt.Sprintf("%s %s", f.Code, f.Key)
	}
	return fmt.Sprintf("%s %s on %s", f.Code, f.Key, f.Field)
}

// Is reports whether target is a fault with the same code and key, so that
// errors.Is works with the faults that packages export.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Code == f.Code && t.Key == f.Key
}

// All returns every fault in err, in order, however deep it was wrapped and
// joined, and whether err consists of faults alone.
func All(err error) (faults []*Fault, only bool) {
	switch e := err.(type) { //nolint:errorlint // this is what walks through the wrapping
	case nil:
		return nil, true
	case *Fault:
		return []*Fault{e}, true
	case interface{ Unwrap() []error }:
		only = true
		for _, one := range e.Unwrap() {
			fs, o := All(one)
			faults, only = append(faults, fs...), only && o
		}
		return faults, only && len(faults) > 0
	case interface{ Unwrap() error }:
		faults, only = All(e.Unwrap())
		return faults, only && len(faults) > 0
	default:
		return nil, false
	}
}

// CodeOf returns the code of the first fault in err, "" for nil, and Internal
// for anything that is not faults alone: a failure of ours must not pass for an
// answer because a fault stands beside it.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if fs, only := All(err); only {
		return fs[0].Code
	}
	return Internal
}

// Refer puts a fault.NotFound about what an input names onto the input's field;
// any other error goes through.
func Refer(err error, field string) error {
	if fs, only := All(err); only && len(fs) == 1 && fs[0].Code == NotFound && fs[0].Field == "" {
		return fs[0].On(field)
	}
	return err
}

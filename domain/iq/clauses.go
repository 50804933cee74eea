package iq

import (
	"encoding/json"
	"math"
	"reflect"

	"dure/domain/act"
)

// Clauses judges a rule by its clauses alone, one after the other. Numbers
// compare as numbers whatever Go type they have, so that facts that were kept
// as JSON are judged as they were when the act was recorded.
type Clauses struct{}

var _ Conditions = Clauses{}

// Judge returns the key of the first clause that fails. When any clause without
// a key fails, the rule does not concern the act.
func (Clauses) Judge(rule Rule, facts act.Facts) (missing string, concerns bool) {
	for i := range rule.Clauses {
		c := &rule.Clauses[i]
		if c.holds(facts) {
			continue
		}
		if c.Key == "" {
			return "", false
		}
		if missing == "" {
			missing = c.Key
		}
	}
	return missing, true
}

// The operators of a clause.
const (
	equal    = "="
	unequal  = "!="
	atLeast  = ">="
	atMost   = "<="
	moreThan = ">"
	lessThan = "<"
)

// holds reports whether facts fulfil c. A missing fact fulfils nothing; values
// of different kinds are unequal and have no order.
func (c *Clause) holds(facts act.Facts) bool {
	have, ok := facts[c.Fact]
	if !ok || have == nil {
		return false
	}
	if want, ok := number(c.Want); ok {
		if have, ok := number(have); ok {
			return c.compares(have, want)
		}
		return c.Op == unequal
	}
	if c.Op != equal && c.Op != unequal {
		return false
	}
	return same(have, c.Want) == (c.Op == equal)
}

func (c *Clause) compares(have, want float64) bool {
	switch c.Op {
	case equal:
		return have == want
	case unequal:
		return have != want
	case atLeast:
		return have >= want
	case atMost:
		return have <= want
	case moreThan:
		return have > want
	case lessThan:
		return have < want
	default:
		return false
	}
}

// number returns v as a float64, the type that JSON brings back.
func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case bool, string, nil:
		return 0, false
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	switch r := reflect.ValueOf(v); { // types such as money.Won
	case r.CanInt():
		return float64(r.Int()), true
	case r.CanUint():
		return float64(r.Uint()), true
	case r.CanFloat():
		return r.Float(), true
	default:
		return 0, false
	}
}

// same compares truth values and texts, those of named types included.
func same(a, b any) bool {
	switch x := a.(type) {
	case bool:
		if y, ok := b.(bool); ok {
			return x == y
		}
	case string:
		if y, ok := b.(string); ok {
			return x == y
		}
	}
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	switch {
	case !y.IsValid() || x.Kind() != y.Kind():
		return false
	case x.Kind() == reflect.Bool:
		return x.Bool() == y.Bool()
	case x.Kind() == reflect.String:
		return x.String() == y.String()
	default:
		return false
	}
}

// figure returns a number for a message: whole where it is whole, else with one
// decimal, rounded away from want so that it never reads as if it had met it.
func figure(f, want float64) any {
	if f != math.Trunc(f) {
		if f > want {
			f = math.Ceil(f*10) / 10
		} else {
			f = math.Floor(f*10) / 10
		}
	}
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int(f)
	}
	return f
}

package act

import "encoding/json"

// Text returns a fact as text, "" when it is missing or no text.
func (f Facts) Text(name string) string {
	s, _ := f[name].(string)
	return s
}

// Number returns a fact as a number, 0 when it is missing or no number.
func (f Facts) Number(name string) float64 {
	switch n := f[name].(type) {
	case int:
		return float64(n)
	case int64:
		return float64(n)
	case float64:
		return n
	case json.Number:
		v, _ := n.Float64()
		return v
	}
	return 0
}

// True reports whether a fact is there and true.
func (f Facts) True(name string) bool {
	b, _ := f[name].(bool)
	return b
}

// Package batch puts rows that were read for many keys back under their keys.
package batch

// By returns the rows by a key that each has alone.
func By[T any](rows []T, key func(T) string) map[string]T {
	out := make(map[string]T, len(rows))
	for _, r := range rows {
		out[key(r)] = r
	}
	return out
}

// Group returns the rows under a key that many share, in their order.
func Group[T any](rows []T, key func(T) string) map[string][]T {
	out := make(map[string][]T)
	for _, r := range rows {
		out[key(r)] = append(out[key(r)], r)
	}
	return out
}

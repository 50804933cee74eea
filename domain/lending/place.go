package lending

import (
	"strconv"

	"dure/domain/fault"
	"dure/domain/page"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// placeOf reads a place in the feed from a request's cursor; zeros at the
// beginning.
func placeOf(r page.Request) (batch, seq int64, err error) {
	if r.After == nil {
		return 0, 0, nil
	}
	bad := fault.New(fault.Invalid, "page.bad_cursor").On("after")
	if len(r.After) != 2 {
		return 0, 0, bad
	}
	if batch, err = strconv.ParseInt(r.After[0], 10, 64); err != nil {
		return 0, 0, bad
	}
	if seq, err = strconv.ParseInt(r.After[1], 10, 64); err != nil {
		return 0, 0, bad
	}
	return batch, seq, nil
}

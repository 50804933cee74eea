package scalar

import (
	"regexp"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"dure/domain/kst"
)

// The years that any moment in the system may lie in.
const (
	minYear = 1900
	maxYear = 2200
)

const toMicrosecond = "2006-01-02T15:04:05.999999Z07:00"

// strict refuses what time.Parse lets pass, such as an hour of one digit or a comma.
var strict = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$`)

// MarshalDateTime writes a moment in UTC, to the microsecond; null for the zero time.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return quoted(t.UTC().Format(toMicrosecond))
}

// UnmarshalDateTime reads RFC 3339 with an offset, cut to the microsecond. The
// answer is in UTC.
func UnmarshalDateTime(v any) (time.Time, error) {
	text, ok := v.(string)
	if v == nil {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if !ok || err != nil || !strict.MatchString(text) {
		return time.Time{}, refuse("scalar.bad_date_time")
	}
	return within(t.UTC().Truncate(time.Microsecond))
}

// MarshalDate writes the business day (KST) of a moment; null for the zero time.
func MarshalDate(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return quoted(kst.Day(t))
}

// UnmarshalDate reads a business day such as "2026-11-24" as the moment, in UTC,
// at which it begins in Korea.
func UnmarshalDate(v any) (time.Time, error) {
	text, ok := v.(string)
	if v == nil {
		return time.Time{}, nil
	}
	day, err := kst.ParseDay(text)
	if !ok || err != nil {
		return time.Time{}, refuse("scalar.bad_date")
	}
	return within(day)
}

// within refuses years that are typing errors. It judges the Korean year, so
// that a day is judged as it was written.
func within(t time.Time) (time.Time, error) {
	if year := t.In(kst.Zone).Year(); year < minYear || year > maxYear {
		return time.Time{}, refuse("scalar.year_out_of_range", strconv.Itoa(minYear), strconv.Itoa(maxYear))
	}
	return t, nil
}

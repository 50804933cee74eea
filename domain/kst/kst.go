// Package kst reckons in business days: those of Korean time (UTC+9, no summer
// time). It needs no time zone database.
package kst

import "time"

// Zone is Korean Standard Time.
var Zone = time.FixedZone("KST", offsetSeconds)

const (
	offsetSeconds = 9 * 3600
	daySeconds    = 24 * 3600
)

// DayNumber counts business days from 1 January 1970, which is 0.
func DayNumber(t time.Time) int64 { return floorDiv(t.Unix()+offsetSeconds, daySeconds) }

// WeekNumber counts business weeks, Monday to Sunday, from that of 1 January 1970, which is 0.
func WeekNumber(t time.Time) int64 { return floorDiv(DayNumber(t)+3, 7) } // that day was a Thursday

// MonthNumber counts business months: year × 12 + month, January being 0.
func MonthNumber(t time.Time) int64 {
	year, month, _ := t.In(Zone).Date()
	return int64(year)*12 + int64(month) - 1
}

// Day returns t's business day as "2006-01-02".
func Day(t time.Time) string { return t.In(Zone).Format(time.DateOnly) }

// ParseDay returns the instant, in UTC, at which the business day "2006-01-02" begins.
func ParseDay(day string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, day, Zone)
	return t.UTC(), err
}

// Date returns the instant, in UTC, at which a business day begins. Month and
// day may lie outside their usual ranges, as in time.Date.
func Date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, Zone).UTC()
}

// StartOfDay returns the instant, in UTC, at which t's business day began.
func StartOfDay(t time.Time) time.Time { return dayStart(DayNumber(t)) }

// StartOfWeek returns the instant, in UTC, at which the Monday of t's business week began.
func StartOfWeek(t time.Time) time.Time { return dayStart(WeekNumber(t)*7 - 3) }

// StartOfMonth returns the instant, in UTC, at which t's business month began.
func StartOfMonth(t time.Time) time.Time {
	year, month, _ := t.In(Zone).Date()
	return Date(year, month, 1)
}

// StartOfQuarter returns the instant, in UTC, at which t's business quarter began.
func StartOfQuarter(t time.Time) time.Time {
	year, month, _ := t.In(Zone).Date()
	return Date(year, month-(month-1)%3, 1)
}

// AddDays returns the same time of day, days business days later.
func AddDays(t time.Time, days int) time.Time {
	return t.Add(time.Duration(days) * daySeconds * time.Second)
}

// SameDay reports whether a and b fall on one business day.
func SameDay(a, b time.Time) bool { return DayNumber(a) == DayNumber(b) }

// DaysBetween returns how many midnights lie from a to b; negative when b is on
// an earlier day.
func DaysBetween(a, b time.Time) int { return int(DayNumber(b) - DayNumber(a)) }

func dayStart(number int64) time.Time {
	return time.Unix(number*daySeconds-offsetSeconds, 0).UTC()
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

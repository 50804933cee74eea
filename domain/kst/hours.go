package kst

import "time"

// Office hours, from Monday to Friday but on public holidays.
const (
	opens       = 9 * time.Hour
	closes      = 18 * time.Hour
	BusinessDay = closes - opens
)

// holidays are the public holidays on days from Monday to Friday, substitutes
// among them, of the years that are known. Of later years only weekends are.
var holidays = daysOf(
	"2025-01-01", "2025-01-27", "2025-01-28", "2025-01-29", "2025-01-30", "2025-03-03", "2025-05-05", "2025-05-06", "2025-06-03",
	"2025-06-06", "2025-08-15", "2025-10-03", "2025-10-06", "2025-10-07", "2025-10-08", "2025-10-09", "2025-12-25",
	"2026-01-01", "2026-02-16", "2026-02-17", "2026-02-18", "2026-03-02", "2026-05-01", "2026-05-05", "2026-05-25", "2026-06-03",
	"2026-07-17", "2026-08-17", "2026-09-24", "2026-09-25", "2026-10-05", "2026-10-09", "2026-12-25",
	"2027-01-01", "2027-02-08", "2027-02-09", "2027-03-01", "2027-05-03", "2027-05-05", "2027-05-13", "2027-07-19", "2027-08-16",
	"2027-09-14", "2027-09-15", "2027-09-16", "2027-10-04", "2027-10-11", "2027-12-27",
)

func daysOf(days ...string) map[string]bool {
	set := make(map[string]bool, len(days))
	for _, d := range days {
		set[d] = true
	}
	return set
}

// IsBusinessDay reports whether offices work on t's day.
func IsBusinessDay(t time.Time) bool {
	weekday := t.In(Zone).Weekday()
	return weekday != time.Saturday && weekday != time.Sunday && !holidays[Day(t)]
}

// AddBusinessHours returns the moment, in UTC, at which so much office time has
// gone by since t. Outside of office hours the clock stands still.
func AddBusinessHours(t time.Time, d time.Duration) time.Time {
	for {
		day := StartOfDay(t)
		from, until := day.Add(opens), day.Add(closes)
		if t.Before(from) {
			t = from
		}
		if IsBusinessDay(day) && t.Before(until) {
			left := until.Sub(t)
			if d <= left {
				return t.Add(d).UTC()
			}
			d -= left
		}
		t = day.Add(daySeconds * time.Second)
	}
}

package kst_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/domain/kst"
)

// at reads a moment in Korean time.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04:05", text, kst.Zone)
	require.NoError(t, err)
	return moment.UTC()
}

func TestStarts(t *testing.T) {
	for name, tt := range map[string]struct{ at, day, week, month, quarter string }{
		"the last second of a Sunday belongs to the week that ends": {
			at: "2026-11-29 23:59:59", day: "2026-11-29", week: "2026-11-23", month: "2026-11-01", quarter: "2026-10-01",
		},
		"a Monday begins at Korean midnight, which is 15:00 UTC of the day before": {
			at: "2026-11-30 00:00:00", day: "2026-11-30", week: "2026-11-30", month: "2026-11-01", quarter: "2026-10-01",
		},
		"a week may begin in the year before": {
			at: "2027-01-01 00:00:00", day: "2027-01-01", week: "2026-12-28", month: "2027-01-01", quarter: "2027-01-01",
		},
		"the last second of a year belongs to its last quarter": {
			at: "2026-12-31 23:59:59", day: "2026-12-31", week: "2026-12-28", month: "2026-12-01", quarter: "2026-10-01",
		},
		"days before 1970 are reckoned alike": {
			at: "1969-12-28 08:00:00", day: "1969-12-28", week: "1969-12-22", month: "1969-12-01", quarter: "1969-10-01",
		},
	} {
		t.Run(name, func(t *testing.T) {
			moment := at(t, tt.at)
			assert.Equal(t, tt.day, kst.Day(moment))
			assert.Equal(t, at(t, tt.day+" 00:00:00"), kst.StartOfDay(moment))
			assert.Equal(t, at(t, tt.week+" 00:00:00"), kst.StartOfWeek(moment))
			assert.Equal(t, at(t, tt.month+" 00:00:00"), kst.StartOfMonth(moment))
			assert.Equal(t, at(t, tt.quarter+" 00:00:00"), kst.StartOfQuarter(moment))
		})
	}
}

func TestDays(t *testing.T) {
	evening, morning := at(t, "2026-11-24 23:59:59"), at(t, "2026-11-25 00:00:00")
	assert.False(t, kst.SameDay(evening, morning))
	assert.True(t, kst.SameDay(morning, at(t, "2026-11-25 23:59:59")))
	assert.Equal(t, 1, kst.DaysBetween(evening, morning))
	assert.Equal(t, -1, kst.DaysBetween(morning, evening))
	assert.Equal(t, at(t, "2026-12-01 00:00:00"), kst.AddDays(morning, 6))

	parsed, err := kst.ParseDay("2026-11-25")
	require.NoError(t, err)
	assert.Equal(t, morning, parsed)
	_, err = kst.ParseDay("2026-02-30")
	assert.Error(t, err)
}

func TestNumbersAgreeWithTheCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		moment := time.Unix(rapid.Int64Range(-1e9, 5e9).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds"))
		local := moment.In(kst.Zone)
		year, month, day := local.Date()

		assert.Equal(t, kst.Date(year, month, day), kst.StartOfDay(moment))
		monday := kst.StartOfWeek(moment)
		assert.Equal(t, time.Monday, monday.In(kst.Zone).Weekday())
		assert.False(t, monday.After(moment))
		assert.True(t, moment.Before(kst.AddDays(monday, 7)))
		assert.Equal(t, kst.WeekNumber(moment), kst.WeekNumber(monday))
		assert.Equal(t, kst.WeekNumber(moment)-1, kst.WeekNumber(monday.Add(-1)))
		assert.Equal(t, kst.MonthNumber(moment), kst.MonthNumber(kst.StartOfMonth(moment)))
		assert.Equal(t, kst.MonthNumber(moment)-1, kst.MonthNumber(kst.StartOfMonth(moment).Add(-1)))
	})
}

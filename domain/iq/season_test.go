package iq_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/fault"
	"dure/domain/iq"
	"dure/domain/kst"
)

// at reads a moment in Korean time.
func at(text string) time.Time {
	moment, err := time.ParseInLocation("2006-01-02 15:04:05", text, kst.Zone)
	if err != nil {
		panic(err)
	}
	return moment.UTC()
}

func TestSeasonOf(t *testing.T) {
	for name, tt := range map[string]struct{ at, key, start, end string }{
		"the first instant of a quarter opens its season": {
			at: "2026-10-01 00:00:00", key: "2026Q4", start: "2026-10-01 00:00:00", end: "2027-01-01 00:00:00",
		},
		"the last second before belongs to the season before": {
			at: "2026-09-30 23:59:59", key: "2026Q3", start: "2026-07-01 00:00:00", end: "2026-10-01 00:00:00",
		},
		"New Year's Eve in Korea still is the old year": {
			at: "2026-12-31 23:59:59", key: "2026Q4", start: "2026-10-01 00:00:00", end: "2027-01-01 00:00:00",
		},
		"a leap day is in the first quarter": {
			at: "2028-02-29 12:00:00", key: "2028Q1", start: "2028-01-01 00:00:00", end: "2028-04-01 00:00:00",
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := iq.Season{Key: tt.key, Start: at(tt.start), End: at(tt.end)}
			assert.Equal(t, want, iq.SeasonOf(at(tt.at)))
			byKey, err := iq.SeasonByKey(tt.key)
			require.NoError(t, err)
			assert.Equal(t, want, byKey)
			assert.True(t, want.Contains(at(tt.at)))
		})
	}
}

func TestSeasonsFollowOneAnother(t *testing.T) {
	season := iq.SeasonOf(at("2023-11-15 12:00:00"))
	for range 16 {
		next := season.Next()
		assert.Equal(t, season.End, next.Start)
		assert.Equal(t, season, next.Previous())
		assert.False(t, season.Contains(next.Start))
		season = next
	}
	assert.Equal(t, "2027Q4", season.Key)
}

func TestSeasonByKeyRefusesWhatIsNoSeason(t *testing.T) {
	for _, key := range []string{"", "2026", "2026Q0", "2026Q5", "2026q4", "26Q4", "2026Q44", "1999Q4", "+026Q4", " 026Q4", "２026", "abcdQ1"} {
		_, err := iq.SeasonByKey(key)
		assert.ErrorIs(t, err, fault.New(fault.Invalid, "season.bad_key"), key)
	}
}

func TestState(t *testing.T) {
	season := iq.SeasonOf(at("2026-11-24 12:00:00"))
	for name, tt := range map[string]struct {
		now  string
		want iq.SeasonState
	}{
		"a season is open to its last second":                    {"2026-12-31 23:59:59", iq.SeasonOpen},
		"it is provisional from the next quarter's first":        {"2027-01-01 00:00:00", iq.SeasonProvisional},
		"it is provisional to the last second of the 21st day":   {"2027-01-21 23:59:59", iq.SeasonProvisional},
		"it freezes 21 days after its end":                       {"2027-01-22 00:00:00", iq.SeasonFrozen},
		"time alone never certifies it":                          {"2036-01-01 00:00:00", iq.SeasonFrozen},
		"one that is still to come takes what is recorded early": {"2026-01-01 00:00:00", iq.SeasonOpen},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, season.State(at(tt.now))) })
	}
}

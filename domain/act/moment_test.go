package act_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"dure/domain/act"
	"dure/domain/fault"
)

func TestMoment(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 1_234_567, time.FixedZone("KST", 9*3600))
	kept := time.Date(2026, 11, 24, 0, 0, 0, 1_234_000, time.UTC)
	at := func(d time.Duration) *time.Time { m := now.Add(d); return &m }
	for name, tt := range map[string]struct {
		occurred *time.Time
		want     time.Time
		key      string
	}{
		"nothing said is now, in UTC to the microsecond": {nil, kept, ""},
		"a device's time is taken over":                  {at(-3 * time.Hour), kept.Add(-3 * time.Hour), ""},
		"a clock that runs a little fast is put back":    {at(act.MaxAhead), kept, ""},
		"one that runs far ahead is refused":             {at(act.MaxAhead + time.Second), kept, "act.in_future"},
		"a year ago is late":                             {at(-act.MaxLate), kept.Add(-act.MaxLate), ""},
		"longer ago is refused":                          {at(-act.MaxLate - time.Second), kept, "act.too_old"},
		"the zero time is refused":                       {&time.Time{}, kept, "act.too_old"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := act.Moment(now, tt.occurred)
			assert.Equal(t, tt.want, got)
			if tt.key == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, err, fault.New(fault.Invalid, tt.key))
			faults, _ := fault.All(err)
			assert.Equal(t, "occurredAt", faults[0].Field)
		})
	}
}

func TestAfter(t *testing.T) {
	other := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		at, want time.Time
		refused  bool
	}{
		"what follows keeps its moment":          {at: other.Add(time.Hour), want: other.Add(time.Hour)},
		"the same moment follows":                {at: other, want: other},
		"a slow clock is put right":              {at: other.Add(-act.MaxAhead), want: other},
		"what lies further before cannot follow": {at: other.Add(-act.MaxAhead - time.Second), want: other.Add(-act.MaxAhead - time.Second), refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := act.After(tt.at, other)
			assert.Equal(t, tt.want, got)
			if !tt.refused {
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, err, fault.New(fault.Invalid, "act.before_deal"))
		})
	}
}

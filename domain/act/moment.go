package act

import (
	"time"

	"dure/domain/fault"
)

// How far a device's time may lie from the server's.
const (
	MaxAhead = 5 * time.Minute      // a clock that runs fast
	MaxLate  = 400 * 24 * time.Hour // paper that turns up after a year
)

// Moment returns when an act happened, in UTC to the microsecond: what the
// device says, or now when it says nothing. Nothing has happened in the future:
// a device that is up to MaxAhead early is put back to now. It fails with
// fault.Invalid on "occurredAt" further ahead, and when more than MaxLate ago.
func Moment(now time.Time, occurredAt *time.Time) (time.Time, error) {
	now = now.UTC().Truncate(time.Microsecond)
	if occurredAt == nil {
		return now, nil
	}
	at := occurredAt.UTC().Truncate(time.Microsecond)
	switch ahead := at.Sub(now); {
	case ahead > MaxAhead:
		return now, fault.New(fault.Invalid, "act.in_future").On("occurredAt")
	case ahead > 0:
		return now, nil
	case ahead < -MaxLate:
		return now, fault.New(fault.Invalid, "act.too_old").On("occurredAt")
	}
	return at, nil
}

// After returns when an act happened that follows another: at, or the other's
// moment where a slow clock has it up to MaxAhead earlier. It fails with
// fault.Invalid on "occurredAt" further before.
func After(at, other time.Time) (time.Time, error) {
	switch before := other.Sub(at); {
	case before <= 0:
		return at, nil
	case before <= MaxAhead:
		return other, nil
	default:
		return at, fault.New(fault.Invalid, "act.before_deal").On("occurredAt")
	}
}

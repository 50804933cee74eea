package iq

import (
	"fmt"
	"strconv"
	"time"

	"dure/domain/fault"
	"dure/domain/kst"
)

// FreezeAfterDays is how long after its end a season freezes: by then every
// entry has vested.
const FreezeAfterDays = 21

// Season is a business quarter (KST).
type Season struct {
	Key   string    // such as "2026Q4"
	Start time.Time // first instant, UTC
	End   time.Time // first instant of the next season, UTC
}

// SeasonState is how far a season has come.
type SeasonState string

// The states of a season, in order.
const (
	SeasonOpen        SeasonState = "OPEN"        // being played, or still to come
	SeasonProvisional SeasonState = "PROVISIONAL" // over, while late acts, cancellations and appeals come in
	SeasonFrozen      SeasonState = "FROZEN"      // everything has vested and nothing is posted any more
	SeasonCertified   SeasonState = "CERTIFIED"   // published with its hash; an explicit act, never reached by time alone
)

// SeasonOf returns the season that t falls into.
func SeasonOf(t time.Time) Season {
	local := t.In(kst.Zone)
	return quarter(local.Year(), (int(local.Month())+2)/3)
}

// SeasonByKey returns the season named such as "2026Q4". It fails with
// fault.Invalid for anything else, and for years before 2000.
func SeasonByKey(key string) (Season, error) {
	bad := fault.New(fault.Invalid, "season.bad_key")
	if len(key) != 6 || key[4] != 'Q' || key[5] < '1' || key[5] > '4' {
		return Season{}, bad
	}
	year, err := strconv.ParseUint(key[:4], 10, 16)
	if err != nil || year < 2000 {
		return Season{}, bad
	}
	return quarter(int(year), int(key[5]-'0')), nil
}

// quarter returns a year's quarter; 0 is the last one of the year before, 5 the
// first one of the year after.
func quarter(year, number int) Season {
	start := kst.Date(year, time.Month(3*number-2), 1)
	local := start.In(kst.Zone)
	return Season{
		Key:   fmt.Sprintf("%04dQ%d", local.Year(), (int(local.Month())+2)/3),
		Start: start,
		End:   kst.Date(year, time.Month(3*number+1), 1),
	}
}

// Contains reports whether t falls into s.
func (s Season) Contains(t time.Time) bool { return !t.Before(s.Start) && t.Before(s.End) }

// FreezesAt returns the first instant at which s is frozen.
func (s Season) FreezesAt() time.Time { return kst.AddDays(s.End, FreezeAfterDays) }

// State returns how far s has come by now; certification is kept elsewhere.
func (s Season) State(now time.Time) SeasonState {
	switch {
	case now.Before(s.End):
		return SeasonOpen
	case now.Before(s.FreezesAt()):
		return SeasonProvisional
	default:
		return SeasonFrozen
	}
}

// Previous returns the season before s.
func (s Season) Previous() Season { return SeasonOf(s.Start.Add(-time.Nanosecond)) }

// Next returns the season after s.
func (s Season) Next() Season { return SeasonOf(s.End) }

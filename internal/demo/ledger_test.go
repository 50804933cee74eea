package demo_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/iq"
	"dure/internal/demo"
)

func seasonOf(t time.Time) string { return iq.SeasonOf(t).Key }

// account is a dealer's season.
type account struct{ season, dealer string }

// assertLedger checks that totals are what the entries add up to, and that
// judging every act again would change nothing.
func assertLedger(t *testing.T, w *demo.World, now time.Time) {
	t.Helper()
	entries := map[account][]iq.LedgerEntry{}
	for i, e := range w.Entries {
		require.EqualValues(t, i+1, e.Seq)
		require.False(t, e.PostedAt.After(now))
		key := account{e.Season, e.DealerID}
		entries[key] = append(entries[key], e)
	}
	require.Len(t, w.Totals, len(entries))
	for _, total := range w.Totals {
		season, err := iq.SeasonByKey(total.Season)
		require.NoError(t, err)
		held := entries[account{total.Season, total.DealerID}]
		want := iq.TotalOf(season, total.DealerID, held)
		if want.ReachedAt.IsZero() {
			want.ReachedAt = season.Start
		}
		require.Equal(t, want, total)
		require.Equal(t, total.Points, held[len(held)-1].TotalAfter)
	}
	acts := byDealer(w)
	for _, d := range w.Dealers {
		for season := iq.SeasonOf(now.AddDate(0, -3, 0)); !season.Start.After(now); season = season.Next() {
			book, err := iq.BookFor(season, w.Rulebooks)
			require.NoError(t, err)
			awards := iq.Score(book, nil, season, acts[d.ID])
			again := iq.Settle(season, book, d.ID, awards, entries[account{season.Key, d.ID}], now, func() string { return "new" })
			require.Empty(t, again, "%s of %s is settled", season.Key, d.Name)
		}
	}
}

func byDealer(w *demo.World) map[string][]act.Act {
	acts := map[string][]act.Act{}
	for _, a := range w.Acts {
		acts[a.DealerID] = append(acts[a.DealerID], a)
	}
	return acts
}

func TestTheFullLedgerIsSettled(t *testing.T) { assertLedger(t, full(t), today) }

// TestTheLedgerIsWhatJudgingOneByOneGives plays the acts of a few dealers as
// they came in, and settles after each of them, as the product does.
func TestTheLedgerIsWhatJudgingOneByOneGives(t *testing.T) {
	w := full(t)
	acts := byDealer(w)
	reversed := 0
	for _, d := range w.Dealers[:8] {
		season := iq.SeasonOf(today)
		for range 5 {
			book, err := iq.BookFor(season, w.Rulebooks)
			require.NoError(t, err)
			from, to := book.Window(season)
			var known []act.Act
			var posted []iq.LedgerEntry
			for _, a := range acts[d.ID] {
				if a.OccurredAt.Before(from) || !a.OccurredAt.Before(to) {
					continue
				}
				known = append(known, a)
				if book.Affects(season, a) {
					awards := iq.Score(book, nil, season, known)
					posted = append(posted, iq.Settle(season, book, d.ID, awards, posted, a.ReceivedAt, func() string { return "" })...)
				}
			}
			var got []iq.LedgerEntry
			for _, e := range w.Entries {
				if e.DealerID == d.ID && e.Season == season.Key {
					got = append(got, e)
				}
			}
			require.Equal(t, told(posted), told(got), "%s of %s", season.Key, d.Name)
			reversed += count(got, func(e iq.LedgerEntry) bool { return e.Kind == iq.Reversed })
			season = season.Previous()
		}
	}
	assert.Positive(t, reversed, "some contract was cancelled, or this shows little")
}

// told is what an entry says, besides its id and place.
func told(entries []iq.LedgerEntry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = fmt.Sprint(e.RuleKey, e.RulebookVersion, e.ActID, e.Kind, e.Points, e.TotalAfter, e.Explanation, e.VestsAt.UTC(), e.PostedAt.UTC(), e.Review)
	}
	return out
}

func count[T any](rows []T, is func(T) bool) int {
	n := 0
	for _, r := range rows {
		if is(r) {
			n++
		}
	}
	return n
}

func TestTheRulesChangedInTheMiddleOfTheHistory(t *testing.T) {
	w := full(t)
	require.Len(t, w.Rulebooks, 2)
	second := w.Rulebooks[1]
	require.NoError(t, second.Check())
	assert.GreaterOrEqual(t, second.EffectiveFrom.Sub(second.PublishedAt), 10*24*time.Hour, "ten days' notice")
	versions := map[string]map[int]bool{}
	for _, e := range w.Entries {
		if versions[e.Season] == nil {
			versions[e.Season] = map[int]bool{}
		}
		versions[e.Season][e.RulebookVersion] = true
	}
	for season, found := range versions {
		s, err := iq.SeasonByKey(season)
		require.NoError(t, err)
		want := map[int]bool{1: true}
		if !s.Start.Before(second.EffectiveFrom) {
			want = map[int]bool{2: true}
		}
		assert.Equal(t, want, found, season)
	}
	assert.GreaterOrEqual(t, len(versions), 12, "points of three years")
}

func TestTwoDealersShareTheSeventhPlace(t *testing.T) {
	for name, w := range map[string]*demo.World{
		"in the middle of a season": full(t), "in its second week": world(t, "full", 7, time.Date(2026, 10, 9, 3, 0, 0, 0, time.UTC)),
	} {
		t.Run(name, func(t *testing.T) {
			last := w.Acts[len(w.Acts)-1].ReceivedAt
			var points []int
			for _, total := range w.Totals {
				if total.Season == seasonOf(last) && total.Points > 0 {
					points = append(points, total.Points)
				}
			}
			slices.Sort(points)
			slices.Reverse(points)
			assert.GreaterOrEqual(t, len(points), 80, "nearly all dealers have points")
			assert.Greater(t, points[5], points[6])
			assert.Equal(t, points[6], points[7])
		})
	}
}

package integration_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/store"
	"dure/domain/act"
	"dure/domain/deal"
	"dure/domain/iq"
	"dure/domain/kst"
)

// record appends acts in a transaction of their own, as services do.
func (w *world) record(acts ...act.Act) error {
	return w.db.Do(w.nobody, func(ctx context.Context) error { return w.deals.Acts.Record(ctx, acts...) })
}

// profiled is an act that earns 5 points, 8 times a week.
func profiled(dealer, id string, occurred, received time.Time) act.Act {
	return act.Act{
		ID: id, Kind: act.CustomerProfiled, ActorID: "usr_" + dealer, DealerID: "dlr_" + dealer, CustomerID: "cus_" + id, SubjectID: "cus_" + id,
		Facts:      act.Facts{"registeredDevice": true, "consentRecorded": true, "farmFieldsFilled": 6},
		OccurredAt: occurred, ReceivedAt: received,
	}
}

// ledger reads a dealer's whole season in the order of posting, and checks that
// the running total agrees with it.
func (w *world) ledger(season, dealer string) []iq.LedgerEntry {
	w.Helper()
	ledger := store.Ledger{DB: w.db}
	entries, err := ledger.Entries(w.nobody, season, dealer)
	require.NoError(w, err)
	sum := 0
	for _, e := range entries {
		sum += e.Points
		assert.Equal(w, sum, e.TotalAfter, "entry %d carries the running total", e.Seq)
	}
	recounted, err := ledger.RecountTotals(w.nobody, season)
	require.NoError(w, err)
	assert.Equal(w, sum, recounted[dealer])
	if len(entries) > 0 {
		assert.Equal(w, 1, w.count("dealer_totals", "season = ? AND dealer_id = ? AND points = ? AND entry_seq = ?", season, dealer, sum, entries[len(entries)-1].Seq))
	}
	return entries
}

// brief tells an entry in a line.
func brief(e iq.LedgerEntry) string {
	return fmt.Sprintf("%s %s %+d %s", e.ActID, e.Kind, e.Points, e.Explanation)
}

func TestALateActTakesItsPlace(t *testing.T) {
	eachWorld(t, func(w *world) {
		monday := kst.StartOfWeek(w.now())
		for i := range 9 {
			require.NoError(w, w.record(profiled("gimje", fmt.Sprintf("act_%d", i+1), monday.Add(time.Duration(i+1)*time.Hour), w.now())))
		}
		before := w.ledger("2026Q4", "dlr_gimje")
		require.Len(w, before, 9)
		assert.Equal(w, "act_9 EARNED +0 iq.cap_week", brief(before[8]), "a ninth time in the week earns nothing")
		assert.Equal(w, 40, before[8].TotalAfter)

		require.NoError(w, w.record(profiled("gimje", "act_0", monday, w.now())))
		after := w.ledger("2026Q4", "dlr_gimje")
		require.Len(w, after, 11)
		assert.Equal(w, before, after[:9], "nothing is edited")
		assert.Equal(w, "act_0 EARNED +5 iq.earned", brief(after[9]), "what came late was there first")
		assert.Equal(w, "act_8 ADJUSTED -5 iq.cap_week", brief(after[10]), "and takes the place of the eighth")
		assert.Equal(w, 40, after[10].TotalAfter)
		assert.True(w, after[7].VestsAt.Equal(after[10].VestsAt), "a correction vests with what it corrects")
	})
}

func TestPointsVestAtTheirMoment(t *testing.T) {
	eachWorld(t, func(w *world) {
		signed := w.sign(w.gimje, w.draft(w.gimje)) // 10 for the quote at once, 30 in 14 days
		assert.Equal(w, iq.Points{Points: 40, Vested: 10, Pending: 30}, w.points("dlr_gimje"))
		w.pass(14*24*time.Hour - time.Microsecond)
		assert.Equal(w, iq.Points{Points: 40, Vested: 10, Pending: 30}, w.points("dlr_gimje"))
		w.pass(time.Microsecond)
		assert.Equal(w, iq.Points{Points: 40, Vested: 40}, w.points("dlr_gimje"))
		assert.Len(w, w.ledger("2026Q4", "dlr_gimje"), 2, "vesting posts nothing")

		w.pass(time.Hour)
		w.cancel(w.gimje, signed)
		assert.Equal(w, iq.Points{Points: 10, Vested: 10}, w.points("dlr_gimje"), "what has vested is taken back, too")
		entries := w.entries(signed.ID)
		require.Len(w, entries, 2)
		assert.Equal(w, iq.Reversed, entries[1].Kind)
		assert.Equal(w, -30, entries[1].Points)
		assert.Equal(w, "iq.cancelled", entries[1].Explanation)
		assert.True(w, entries[0].VestsAt.Equal(entries[1].VestsAt))
		w.ledger("2026Q4", "dlr_gimje")
	})
}

func TestALateActFromADevice(t *testing.T) {
	eachWorld(t, func(w *world) {
		opened := w.consult(w.gimje).OpenedAt
		customers := make(chan string, 16)
		for range cap(customers) {
			customers <- w.farmer(w.gimje).ID
		}
		w.pass(30 * 24 * time.Hour)
		for name, tt := range map[string]struct {
			by     context.Context
			late   time.Duration
			points int
			key    string
			review bool
		}{
			"in time from a registered device":     {w.gimje, 0, 10, "iq.earned", false},
			"a week late from a registered device": {w.gimje, 7 * 24 * time.Hour, 10, "iq.earned", false},
			"later than a week":                    {w.gimje, 7*24*time.Hour + time.Second, 0, "iq.too_late", true},
			"ten minutes late from any device":     {w.strange, 10 * time.Minute, 10, "iq.earned", false},
			"later from any device":                {w.strange, 10*time.Minute + time.Second, 0, "iq.unregistered_device", true},
		} {
			in := offer("")
			in.CustomerID, in.OccurredAt = <-customers, w.ago(tt.late)
			require.True(w, in.OccurredAt.After(opened), name)
			q := w.issue(tt.by, in)
			entries := w.entries(q.ID)
			require.Len(w, entries, 1, name)
			assert.Equal(w, tt.points, entries[0].Points, name)
			assert.Equal(w, tt.key, entries[0].Explanation, name)
			assert.Equal(w, tt.review, entries[0].Review, name)
			assert.True(w, q.IssuedAt.Equal(entries[0].OccurredAt), name)
		}
	})
}

func TestSellingOnPriceAloneCostsWhenRepeated(t *testing.T) {
	eachWorld(t, func(w *world) {
		cheap := func(customerID string) deal.IssueQuoteInput {
			return deal.IssueQuoteInput{CustomerID: customerID, Lines: tractor(), Discount: 3_000_000}
		}
		about := func(q *deal.Quote) (lines []string) {
			for _, e := range w.entries(q.ID) {
				lines = append(lines, fmt.Sprintf("%s %+d %s %t", e.RuleKey, e.Points, e.Explanation, e.Review))
			}
			return lines
		}
		first := w.issue(w.gimje, cheap(w.farmer(w.gimje).ID))
		assert.Equal(w, []string{"quote.value +0 iq.value_points_missing false", "quote.price_only +0 iq.price_only_review true"}, about(first))
		second, err := w.deals.ReviseQuote(w.gimje, deal.ReviseQuoteInput{QuoteID: first.ID, ExpectedVersion: first.Version})
		require.NoError(w, err)
		assert.Equal(w, []string{"quote.price_only -5 iq.price_only_repeated false"}, about(second), "revised as it was is selling on price again")
		assert.Equal(w, -5, w.points("dlr_gimje").Points)

		within := cheap(w.farmer(w.gimje).ID)
		within.Discount = 0
		assert.Equal(w, []string{"quote.value +0 iq.value_points_missing false"}, about(w.issue(w.gimje, within)), "within the band it earns nothing and costs nothing")
		valued := offer(w.consult(w.gimje).ID)
		valued.Discount = 3_000_000
		assert.Equal(w, []string{"quote.value +0 iq.outside_band false"}, about(w.issue(w.gimje, valued)), "and so it is with a consultation and value points")
		theirs := w.issue(w.iksan, cheap(w.farmer(w.iksan).ID))
		assert.Contains(w, about(theirs), "quote.price_only +0 iq.price_only_review true", "another dealer's first time is free")
	})
}

func TestASeasonEndsAtMidnightInKorea(t *testing.T) {
	eachWorld(t, func(w *world) {
		newYear := time.Date(2026, 12, 31, 15, 0, 0, 0, time.UTC)
		w.clock.Store(int64(newYear.Sub(opening)))
		require.NoError(w, w.record(profiled("gimje", "act_before", newYear.Add(-time.Microsecond), w.now()), profiled("gimje", "act_at", newYear, w.now())))
		assert.Equal(w, "2027Q1", w.iq.CurrentSeason().Key)
		assert.Equal(w, "act_before EARNED +5 iq.earned", brief(w.ledger("2026Q4", "dlr_gimje")[0]))
		assert.Equal(w, "act_at EARNED +5 iq.earned", brief(w.ledger("2027Q1", "dlr_gimje")[0]))

		w.clock.Store(int64(newYear.Add(-24 * time.Hour).Sub(opening)))
		signed := w.sign(w.gimje, w.draft(w.gimje))
		w.clock.Store(int64(newYear.Add(24 * time.Hour).Sub(opening)))
		w.cancel(w.gimje, signed)
		entries := w.entries(signed.ID)
		require.Len(w, entries, 2)
		assert.Equal(w, "2026Q4", entries[1].Season, "a cancellation of the new season takes points of the old one back")

		frozen := newYear.Add(21 * 24 * time.Hour)
		w.clock.Store(int64(frozen.Add(-time.Microsecond).Sub(opening)))
		before := len(w.ledger("2026Q4", "dlr_gimje"))
		late := profiled("gimje", "act_late", newYear.Add(-8*24*time.Hour), w.now())
		require.NoError(w, w.record(late))
		assert.Len(w, w.ledger("2026Q4", "dlr_gimje"), before+1, "until it freezes a season takes late acts")
		w.pass(time.Microsecond)
		late.ID, late.CustomerID = "act_later", "cus_later"
		require.NoError(w, w.record(late))
		assert.Len(w, w.ledger("2026Q4", "dlr_gimje"), before+1, "and then no more")
	})
}

func TestEachSeasonIsJudgedByItsRulebook(t *testing.T) {
	eachWorld(t, func(w *world) {
		newYear := time.Date(2026, 12, 31, 15, 0, 0, 0, time.UTC)
		next := iq.Starting()
		next.Version, next.EffectiveFrom, next.PublishedAt = 2, newYear, w.now()
		next.Rule("customer.profiled").Points = 7
		require.NoError(w, next.Check())
		w.insert(&next)
		draft := next
		draft.Version, draft.EffectiveFrom = 3, newYear.AddDate(0, 3, 0)
		w.insert(&draft)

		require.NoError(w, w.record(profiled("gimje", "act_old", w.now(), w.now())))
		w.clock.Store(int64(newYear.Add(24 * time.Hour).Sub(opening)))
		require.NoError(w, w.record(
			profiled("gimje", "act_late", newYear.Add(-24*time.Hour), w.now()), profiled("gimje", "act_new", newYear.Add(time.Hour), w.now())))
		for season, want := range map[string][2]int{"2026Q4": {5, 1}, "2027Q1": {7, 2}} {
			for _, e := range w.ledger(season, "dlr_gimje") {
				assert.Equal(w, want, [2]int{e.Points, e.RulebookVersion}, "%s of %s", e.ActID, season)
			}
		}
		assert.Len(w, w.ledger("2026Q4", "dlr_gimje"), 2)
		assert.Len(w, w.ledger("2027Q1", "dlr_gimje"), 1)
		today, err := w.iq.Rulebook(w.gimje, nil)
		require.NoError(w, err)
		assert.Equal(w, 2, today.Version)
		old, err := w.iq.Rulebook(w.gimje, ptr(1))
		require.NoError(w, err)
		written, err := json.Marshal(iq.Starting().Rules)
		require.NoError(w, err)
		kept, err := json.Marshal(old.Rules)
		require.NoError(w, err)
		assert.JSONEq(w, string(written), string(kept), "rules come back as they were written")
		none, err := w.iq.Rulebook(w.gimje, ptr(99))
		require.NoError(w, err)
		assert.Nil(w, none)
	})
}

func TestTheLedgerIsReadInPages(t *testing.T) {
	eachWorld(t, func(w *world) {
		for i := range 5 {
			require.NoError(w, w.record(profiled("gimje", fmt.Sprintf("act_%d", i), w.now(), w.now())))
		}
		var read []string
		var after *string
		for range 3 {
			page, err := w.iq.Entries(w.gimje, "", nil, ptr(2), after)
			require.NoError(w, err)
			assert.Equal(w, 5, page.TotalCount)
			for _, e := range page.Nodes {
				read = append(read, e.ActID)
			}
			after = page.PageInfo.EndCursor
		}
		assert.Equal(w, []string{"act_4", "act_3", "act_2", "act_1", "act_0"}, read, "the newest first, each once")
		last, err := w.iq.LastEntry(w.gimje)
		require.NoError(w, err)
		assert.Equal(w, "act_4", last.ActID)
		_, err = w.iq.Entries(w.gimje, "dlr_iksan", nil, nil, after)
		w.refused("another list's cursor", err, "INVALID", "page.bad_cursor", "after")
		_, err = w.iq.Entries(w.gimje, "", ptr("2026Q5"), nil, nil)
		w.refused("a season that never was", err, "INVALID", "season.bad_key", "")
	})
}

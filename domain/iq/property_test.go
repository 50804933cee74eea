package iq_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/domain/act"
	"dure/domain/iq"
	"dure/domain/kst"
)

// drawActs returns acts that crowd into few days, customers, deals and people
// around the start of the season, so that every cap is met; some fail their
// rules, come late or are taken back.
func drawActs(t *rapid.T) []act.Act {
	kinds := []act.Kind{
		act.CustomerProfiled, act.CustomerProfiled, act.CustomerProfiled, act.ProductPresented, act.ProductPresented, act.QuoteIssued,
		act.QuoteIssued, act.QuoteRevised, act.QuoteFollowed, act.ContractSigned, act.PaperRecorded, act.ContractCancelled, act.DealLost,
		act.SaleImported,
	}
	n := rapid.IntRange(0, 80).Draw(t, "acts")
	focus := rapid.SampledFrom(kinds).Draw(t, "focus") // half of the acts, to fill its caps
	days := []int{-15, -14, -2, -1, 0, 0, 1, 2, 13, 14}
	if rapid.Bool().Draw(t, "one busy day") {
		days = []int{4}
	}
	acts := make([]act.Act, n)
	for i := range acts {
		kind := focus
		if rapid.Bool().Draw(t, "other") {
			kind = rapid.SampledFrom(kinds).Draw(t, "kind")
		}
		occurred := kst.AddDays(season.Start, rapid.SampledFrom(days).Draw(t, "day")).
			Add(time.Duration(rapid.IntRange(0, 49).Draw(t, "half hour")) * 30 * time.Minute)
		a := done(fmt.Sprintf("act_%02d", i), kind, occurred, act.Facts{
			"registeredDevice":   rapid.IntRange(0, 5).Draw(t, "device") > 0,
			"farmFieldsFilled":   rapid.IntRange(5, 12).Draw(t, "fields"),
			"watchedSeconds":     rapid.Int64Range(25, 60).Draw(t, "seconds"),
			"withinHours":        rapid.Float64Range(0, 60).Draw(t, "hours"),
			"priceOnly":          rapid.IntRange(0, 2).Draw(t, "price only") == 0,
			"unapprovedDiscount": rapid.IntRange(0, 3).Draw(t, "discount") == 0,
		})
		a.ReceivedAt = occurred.Add(rapid.SampledFrom([]time.Duration{0, 0, 0, time.Hour, 8 * 24 * time.Hour}).Draw(t, "delay"))
		a.ActorID = rapid.SampledFrom([]string{"usr_1", "usr_1", "usr_2", ""}).Draw(t, "actor")
		a.CustomerID = rapid.SampledFrom([]string{"cus_1", "cus_2", a.ID, a.ID}).Draw(t, "customer")
		a.DealID = rapid.SampledFrom([]string{"con_1", "con_2", a.ID, a.ID}).Draw(t, "deal")
		a.SubjectID = rapid.SampledFrom([]string{"ctr_1", "ctr_2", "ctr_3"}).Draw(t, "subject")
		acts[i] = a
	}
	return acts
}

type outcome struct{ rule, act string }

func due(acts []act.Act) map[outcome]int {
	points := map[outcome]int{}
	for _, a := range iq.Score(iq.Starting(), nil, season, acts) {
		points[outcome{a.RuleKey, a.Act.ID}] = a.Points
	}
	return points
}

func TestAnyOrderOfArrivalEndsAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acts := drawActs(t)
		whole, apart := &ledger{season: season}, &ledger{season: season}
		whole.record(acts...)
		for _, a := range rapid.Permutation(acts).Draw(t, "arrivals") {
			apart.record(a)
		}
		sums := map[outcome]int{}
		running := 0
		for _, e := range apart.entries {
			sums[outcome{e.RuleKey, e.ActID}] += e.Points
			running += e.Points
			require.Equal(t, running, e.TotalAfter, "the running total is that of the entries up to it")
		}
		assert.Equal(t, due(acts), sums, "entries of a rule and an act add up to its award")
		want, got := whole.total(), apart.total()
		got.EntrySeq = want.EntrySeq
		assert.Equal(t, want, got)
		now := kst.AddDays(season.Start, rapid.IntRange(0, 40).Draw(t, "now"))
		assert.Equal(t, iq.Sum(whole.entries, now), iq.Sum(apart.entries, now))
	})
}

func TestScoringDoesNotDependOnTheOrderOfActs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acts := drawActs(t)
		want := iq.Score(iq.Starting(), nil, season, acts)
		assert.Equal(t, want, iq.Score(iq.Starting(), nil, season, rapid.Permutation(acts).Draw(t, "order")))
	})
}

func TestNoCapIsEverExceeded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acts := drawActs(t)
		// What acts before the season earned in the windows that reach over its
		// start is unknown here, so those windows are looked at on their own.
		type window struct {
			rule, id string
			number   int64
		}
		counts := map[window]int{}
		days := map[string]int{}
		shown := map[string][]time.Time{}
		for _, a := range iq.Score(iq.Starting(), nil, season, acts) {
			if a.Points <= 0 {
				continue
			}
			if a.RuleKey != "contract.signed" {
				days[a.Act.ActorID+kst.Day(a.Act.OccurredAt)] += a.Points
			}
			switch a.RuleKey {
			case "customer.profiled":
				counts[window{rule: a.RuleKey, number: kst.WeekNumber(a.Act.OccurredAt)}]++
				counts[window{rule: a.RuleKey, id: a.Act.CustomerID, number: -1}] += 8
			case "quote.followed":
				counts[window{rule: a.RuleKey, id: a.Act.DealID}] += 2
			case "quote.value", "deal.lost_reason":
				counts[window{rule: a.RuleKey, id: a.Act.DealID}] += 8
			case "consultation.shown":
				shown[a.Act.CustomerID] = append(shown[a.Act.CustomerID], a.Act.OccurredAt)
			}
		}
		for w, n := range counts {
			assert.LessOrEqual(t, n, 8, "%v", w)
		}
		for day, points := range days {
			assert.LessOrEqual(t, points, 60, day)
		}
		for customer, times := range shown {
			for earlier, later := range pairs(times) {
				assert.GreaterOrEqual(t, kst.DaysBetween(earlier, later), 14, customer)
			}
		}
	})
}

// pairs yields each time with the one after it.
func pairs(times []time.Time) func(yield func(time.Time, time.Time) bool) {
	return func(yield func(time.Time, time.Time) bool) {
		for i := 1; i < len(times); i++ {
			if !yield(times[i-1], times[i]) {
				return
			}
		}
	}
}

func TestSettlingTwicePostsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := &ledger{season: season}
		acts := drawActs(t)
		half := rapid.IntRange(0, len(acts)).Draw(t, "half")
		for _, some := range [][]act.Act{acts[:half], acts[half:]} {
			l.record(some...)
			assert.Empty(t, l.record())
		}
	})
}

func TestAReversalLeavesTheTotalAsIfTheContractHadNeverBeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acts := drawActs(t)
		without, with := &ledger{season: season}, &ledger{season: season}
		without.record(acts...)

		signedAt := kst.AddDays(season.Start, rapid.IntRange(0, 20).Draw(t, "signed"))
		contract := done("act_contract", act.ContractSigned, signedAt, nil)
		cancel := done("act_cancel", act.ContractCancelled, signedAt.Add(time.Hour), nil)
		cancel.SubjectID = contract.SubjectID
		with.record(acts...)
		with.record(contract)
		assert.Equal(t, without.total().Points+30, with.total().Points)
		with.record(cancel)

		assert.Equal(t, without.total().Points, with.total().Points)
		assert.Equal(t, without.total().ReachedAt, with.total().ReachedAt)
		now := kst.AddDays(season.Start, rapid.IntRange(0, 60).Draw(t, "now"))
		assert.Equal(t, iq.Sum(without.entries, now), iq.Sum(with.entries, now), "nothing of it is pending or vested at any time")
	})
}

func TestFactsSurviveJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acts := drawActs(t)
		want := iq.Score(iq.Starting(), nil, season, acts)
		for i := range acts {
			encoded, err := json.Marshal(acts[i].Facts)
			require.NoError(t, err)
			acts[i].Facts = nil
			require.NoError(t, json.Unmarshal(encoded, &acts[i].Facts))
		}
		got := iq.Score(iq.Starting(), nil, season, acts)
		for i := range want {
			want[i].Act.Facts = nil
		}
		for i := range got {
			got[i].Act.Facts = nil
		}
		assert.Equal(t, want, got)
	})
}

func TestEveryExplanationIsInTheCatalogueWithItsNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, a := range iq.Score(iq.Starting(), nil, season, drawActs(t)) {
			names, known := iq.ExplanationKeys[a.Explanation]
			require.True(t, known, a.Explanation)
			require.Len(t, a.Arguments, len(names), a.Explanation)
			for name, value := range a.Arguments {
				assert.True(t, slices.Contains(names, name), "%s has %s", a.Explanation, name)
				switch value.(type) {
				case int, float64:
				default:
					assert.Fail(t, "not a number", "%s: %v", a.Explanation, value)
				}
			}
		}
	})
}

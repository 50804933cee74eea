package iq_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/iq"
)

var season = iq.SeasonOf(at("2026-11-24 12:00:00"))

// done returns an act of one dealer with facts that earn, received as it
// occurred; with changes some of the facts.
func done(id string, kind act.Kind, when time.Time, with act.Facts) act.Act {
	facts := act.Facts{"registeredDevice": true}
	switch kind {
	case act.CustomerProfiled:
		maps.Copy(facts, act.Facts{"consentRecorded": true, "farmFieldsFilled": 6})
	case act.ProductPresented:
		maps.Copy(facts, act.Facts{"sameDay": true, "needs": 1, "watchedSeconds": 30})
	case act.QuoteIssued, act.QuoteRevised:
		maps.Copy(facts, act.Facts{"lines": 1, "valuePoints": 1, "withinBand": true, "priceOnly": false})
	case act.QuoteFollowed:
		facts["withinHours"] = 48.0
	case act.ContractSigned:
		maps.Copy(facts, act.Facts{"channel": "DIGITAL", "unapprovedDiscount": false})
	case act.PaperRecorded:
		maps.Copy(facts, act.Facts{"channel": "PAPER", "unapprovedDiscount": false})
	case act.DealLost:
		facts["reasonGiven"] = true
	case act.FinanceDecided:
		facts["completeAtFirstTry"] = true
	case act.DeliveryProved:
		maps.Copy(facts, act.Facts{"serialMatches": true, "trained": true})
	}
	maps.Copy(facts, with)
	return act.Act{
		ID: id, Kind: kind, ActorID: "usr_1", DealerID: "dlr_1", CustomerID: "cus_" + id, DealID: "con_" + id, SubjectID: "row_" + id,
		Facts: facts, OccurredAt: when, ReceivedAt: when,
	}
}

func TestStartingRules(t *testing.T) {
	noon := at("2026-11-24 12:00:00")
	type outcome struct {
		Rule        string
		Points      int
		Explanation string
		Arguments   map[string]any
		Review      bool
	}
	earned := func(rule string, points int) outcome {
		return outcome{rule, points, "iq.earned", map[string]any{"points": points}, false}
	}
	short := func(rule, key string, have, want any) outcome {
		return outcome{rule, 0, key, map[string]any{"have": have, "want": want}, false}
	}
	for name, tt := range map[string]struct {
		kind act.Kind
		with act.Facts
		want []outcome
	}{
		"a customer with consent and six farm fields earns 5": {act.CustomerProfiled, nil, []outcome{earned("customer.profiled", 5)}},
		"a customer without consent earns nothing": {
			act.CustomerProfiled,
			act.Facts{"consentRecorded": false},
			[]outcome{{Rule: "customer.profiled", Explanation: "iq.consent_missing"}},
		},
		"five farm fields are one too few": {
			act.CustomerProfiled,
			act.Facts{"farmFieldsFilled": 5},
			[]outcome{short("customer.profiled", "iq.farm_fields_missing", 5, 6)},
		},
		"a product shown for exactly 30 seconds earns 8": {act.ProductPresented, nil, []outcome{earned("consultation.shown", 8)}},
		"29 seconds are too short": {
			act.ProductPresented,
			act.Facts{"watchedSeconds": 29},
			[]outcome{short("consultation.shown", "iq.video_too_short", 29, 30)},
		},
		"29.99 seconds are too short and never shown as 30": {
			act.ProductPresented,
			act.Facts{"watchedSeconds": 29.99},
			[]outcome{short("consultation.shown", "iq.video_too_short", 29.9, 30)},
		},
		"a video that nobody measured counts as not watched": {
			act.ProductPresented,
			act.Facts{"watchedSeconds": nil},
			[]outcome{short("consultation.shown", "iq.video_too_short", 0, 30)},
		},
		"a product shown on another day earns nothing": {
			act.ProductPresented,
			act.Facts{"sameDay": false},
			[]outcome{{Rule: "consultation.shown", Explanation: "iq.not_same_day"}},
		},
		"a product shown before asking for needs earns nothing": {
			act.ProductPresented,
			act.Facts{"needs": 0},
			[]outcome{short("consultation.shown", "iq.needs_missing", 0, 1)},
		},
		"a configured quote with a value point earns 10":       {act.QuoteIssued, nil, []outcome{earned("quote.value", 10)}},
		"a revision of a quote earns nothing and says nothing": {act.QuoteRevised, nil, nil},
		"an empty quote earns nothing": {
			act.QuoteIssued, act.Facts{"lines": 0}, []outcome{short("quote.value", "iq.quote_empty", 0, 1)},
		},
		"a quote without value points earns nothing": {
			act.QuoteIssued, act.Facts{"valuePoints": 0}, []outcome{short("quote.value", "iq.value_points_missing", 0, 1)},
		},
		"a quote beyond the band earns nothing": {
			act.QuoteIssued, act.Facts{"withinBand": false}, []outcome{{Rule: "quote.value", Explanation: "iq.outside_band"}},
		},
		"the first price-only quote earns nothing and is reviewed": {
			act.QuoteIssued,
			act.Facts{"withinBand": false, "priceOnly": true},
			[]outcome{
				{Rule: "quote.value", Explanation: "iq.outside_band"},
				{"quote.price_only", 0, "iq.price_only_review", map[string]any{"free": 1}, true},
			},
		},
		"a follow-up after exactly 48 hours earns 4": {act.QuoteFollowed, nil, []outcome{earned("quote.followed", 4)}},
		"a minute more is too late": {
			act.QuoteFollowed, act.Facts{"withinHours": 48 + 1.0/60}, []outcome{short("quote.followed", "iq.followed_too_late", 48.1, 48)},
		},
		"a contract signed on the tablet earns 30": {act.ContractSigned, nil, []outcome{earned("contract.signed", 30)}},
		"a paper contract earns nothing": {
			act.PaperRecorded, nil, []outcome{{Rule: "contract.signed", Explanation: "iq.paper_earns_none"}},
		},
		"a contract at a discount that nobody approved loses 10": {
			act.ContractSigned,
			act.Facts{"unapprovedDiscount": true},
			[]outcome{
				earned("contract.signed", 30),
				{"discount.unapproved", -10, "iq.discount_unapproved", map[string]any{"lost": 10}, false},
			},
		},
		"so does a paper contract": {
			act.PaperRecorded,
			act.Facts{"unapprovedDiscount": true},
			[]outcome{
				{Rule: "contract.signed", Explanation: "iq.paper_earns_none"},
				{"discount.unapproved", -10, "iq.discount_unapproved", map[string]any{"lost": 10}, false},
			},
		},
		"a lost deal with its reason earns 3": {act.DealLost, nil, []outcome{earned("deal.lost_reason", 3)}},
		"a lost deal without one earns nothing": {
			act.DealLost, act.Facts{"reasonGiven": false}, []outcome{{Rule: "deal.lost_reason", Explanation: "iq.reason_missing"}},
		},
		"a lender's decision on a complete file earns 6": {act.FinanceDecided, nil, []outcome{earned("finance.first_time_right", 6)}},
		"a file that the lender had to ask for earns nothing": {
			act.FinanceDecided, act.Facts{"completeAtFirstTry": false}, []outcome{{Rule: "finance.first_time_right", Explanation: "iq.file_incomplete"}},
		},
		"a proven delivery with training earns 10": {act.DeliveryProved, nil, []outcome{earned("delivery.proved", 10)}},
		"a delivery of a machine that was not named earns nothing": {
			act.DeliveryProved, act.Facts{"serialMatches": false}, []outcome{{Rule: "delivery.proved", Explanation: "iq.serial_unknown"}},
		},
		"a delivery without training earns nothing": {
			act.DeliveryProved, act.Facts{"trained": false}, []outcome{{Rule: "delivery.proved", Explanation: "iq.not_trained"}},
		},
		"imported history earns nothing and says nothing": {act.SaleImported, act.Facts{"channel": "DIGITAL"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []outcome
			for _, a := range iq.Score(iq.Starting(), nil, season, []act.Act{done("1", tt.kind, noon, tt.with)}) {
				got = append(got, outcome{a.RuleKey, a.Points, a.Explanation, a.Arguments, a.Review})
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestVesting(t *testing.T) {
	signed := at("2026-11-24 12:00:00")
	awards := iq.Score(iq.Starting(), nil, season, []act.Act{
		done("1", act.ContractSigned, signed, nil), done("2", act.QuoteIssued, signed, nil),
	})
	require.Len(t, awards, 2)
	assert.Equal(t, at("2026-12-08 12:00:00"), awards[0].VestsAt, "a contract vests after 14 days")
	assert.Equal(t, signed, awards[1].VestsAt, "a quote vests at once")
}

func TestWhatPartnersReportCountsOnceADeal(t *testing.T) {
	noon := at("2026-11-24 12:00:00")
	for kind, points := range map[act.Kind]int{act.FinanceDecided: 6, act.DeliveryProved: 10} {
		first, second := done("1", kind, noon, nil), done("2", kind, noon.Add(time.Hour), nil)
		second.DealID = first.DealID
		awards := iq.Score(iq.Starting(), nil, season, []act.Act{first, second})
		require.Len(t, awards, 2)
		assert.Equal(t, points, awards[0].Points)
		assert.Zero(t, awards[1].Points)
		assert.Equal(t, "iq.cap_deal", awards[1].Explanation)
	}
}

func TestADeliveryWhoseContractWasCancelledIsTakenBack(t *testing.T) {
	noon := at("2026-11-24 12:00:00")
	proved, revoked := done("1", act.DeliveryProved, noon, nil), done("2", act.DeliveryRevoked, noon.Add(time.Hour), nil)
	revoked.SubjectID = proved.SubjectID
	awards := iq.Score(iq.Starting(), nil, season, []act.Act{proved, revoked})
	require.Len(t, awards, 1)
	assert.Zero(t, awards[0].Points)
	assert.True(t, awards[0].Cancelled)
}

func TestLateness(t *testing.T) {
	occurred := at("2026-11-24 12:00:00")
	for name, tt := range map[string]struct {
		kind        act.Kind
		with        act.Facts
		delay       time.Duration
		points      int
		explanation string
		arguments   map[string]any
	}{
		"exactly seven days late from a registered device earns": {
			act.QuoteIssued, nil, 7 * 24 * time.Hour, 10, "iq.earned", map[string]any{"points": 10},
		},
		"a second later earns nothing": {
			act.QuoteIssued, nil, 7*24*time.Hour + time.Second, 0, "iq.too_late", map[string]any{"days": 8, "limit": 7},
		},
		"ten minutes late from another device earns": {
			act.QuoteIssued, act.Facts{"registeredDevice": false}, 10 * time.Minute, 10, "iq.earned", map[string]any{"points": 10},
		},
		"a second later from another device earns nothing": {
			act.QuoteIssued,
			act.Facts{"registeredDevice": false},
			10*time.Minute + time.Second, 0,
			"iq.unregistered_device",
			map[string]any{"minutes": 11, "limit": 10},
		},
		"a device that nothing is known of counts as not registered": {
			act.QuoteIssued,
			act.Facts{"registeredDevice": nil},
			time.Hour, 0,
			"iq.unregistered_device",
			map[string]any{"minutes": 60, "limit": 10},
		},
		"an act from a clock that runs ahead is not late": {
			act.QuoteIssued, act.Facts{"registeredDevice": false}, -time.Hour, 10, "iq.earned", map[string]any{"points": 10},
		},
		"what a late act lacks is said first": {
			act.QuoteIssued, act.Facts{"lines": 0}, 30 * 24 * time.Hour, 0, "iq.quote_empty", map[string]any{"have": 0, "want": 1},
		},
		"lateness does not excuse a Bad Behaviour": {
			act.PaperRecorded, act.Facts{"unapprovedDiscount": true}, 30 * 24 * time.Hour, -10, "iq.discount_unapproved", map[string]any{"lost": 10},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := done("1", tt.kind, occurred, tt.with)
			a.ReceivedAt = occurred.Add(tt.delay)
			awards := iq.Score(iq.Starting(), nil, season, []act.Act{a})
			require.NotEmpty(t, awards)
			last := awards[len(awards)-1]
			assert.Equal(t, tt.points, last.Points)
			assert.Equal(t, tt.explanation, last.Explanation)
			assert.Equal(t, tt.arguments, last.Arguments)
			assert.Equal(t, tt.explanation == "iq.too_late" || tt.explanation == "iq.unregistered_device", last.Review)
		})
	}
}

func TestPriceOnlyCostsWhenRepeatedInASeason(t *testing.T) {
	priceOnly := act.Facts{"priceOnly": true}
	acts := []act.Act{
		done("0", act.QuoteRevised, at("2026-09-30 23:59:59"), priceOnly),
		done("1", act.QuoteRevised, at("2026-10-01 00:00:00"), priceOnly),
		done("2", act.QuoteRevised, at("2026-10-02 12:00:00"), nil),
		done("3", act.QuoteRevised, at("2026-10-03 12:00:00"), priceOnly),
		done("4", act.QuoteRevised, at("2026-12-31 23:59:59"), priceOnly),
		done("5", act.QuoteRevised, at("2027-01-01 00:00:00"), priceOnly),
	}
	assert.Equal(t, []string{"1 0 iq.price_only_review", "3 -5 iq.price_only_repeated", "4 -5 iq.price_only_repeated"}, brief(acts))
	assert.Equal(t, map[string]any{"lost": 5}, iq.Score(iq.Starting(), nil, season, acts)[1].Arguments)
}

func TestCancellation(t *testing.T) {
	signed := at("2026-11-24 12:00:00")
	cancel := func(subject string, occurred, received time.Time) act.Act {
		a := done("c", act.ContractCancelled, occurred, nil)
		a.SubjectID, a.ReceivedAt = subject, received
		return a
	}
	for name, tt := range map[string]struct {
		cancel act.Act
		want   []string
	}{
		"a contract that is cancelled gives its points back": {
			cancel("row_1", signed.Add(time.Hour), signed.Add(time.Hour)), []string{"1 0 iq.cancelled"},
		},
		"the cancellation of another contract does not touch it": {
			cancel("row_2", signed.Add(time.Hour), signed.Add(time.Hour)), []string{"1 30 iq.earned"},
		},
		"a cancellation from a clock that runs behind counts by when it came in": {
			cancel("row_1", signed.Add(-time.Minute), signed.Add(time.Hour)), []string{"1 0 iq.cancelled"},
		},
		"a cancellation that is earlier by both clocks does not count": {
			cancel("row_1", signed.Add(-time.Minute), signed.Add(-time.Second)), []string{"1 30 iq.earned"},
		},
		"a contract that has vested can still be cancelled, to the season's freeze": {
			cancel("row_1", at("2027-01-21 23:59:59"), at("2027-01-21 23:59:59")), []string{"1 0 iq.cancelled"},
		},
		"once the season is frozen a cancellation changes nothing in it": {
			cancel("row_1", at("2027-01-22 00:00:00"), at("2027-01-22 00:00:00")), []string{"1 30 iq.earned"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, brief([]act.Act{tt.cancel, done("1", act.ContractSigned, signed, nil)}))
		})
	}
	t.Run("a paper contract that is cancelled still says that paper earns nothing", func(t *testing.T) {
		acts := []act.Act{done("1", act.PaperRecorded, signed, nil), cancel("row_1", signed, signed)}
		assert.Equal(t, []string{"1 0 iq.paper_earns_none"}, brief(acts))
	})
	t.Run("a cancelled contract that lost points for its discount gets none back", func(t *testing.T) {
		acts := []act.Act{done("1", act.ContractSigned, signed, act.Facts{"unapprovedDiscount": true}), cancel("row_1", signed, signed)}
		assert.Equal(t, []string{"1 0 iq.cancelled", "1 -10 iq.discount_unapproved"}, brief(acts))
	})
}

// brief scores acts by the starting rulebook and puts each award in a line.
func brief(acts []act.Act) []string { return briefBy(iq.Starting(), acts) }

func briefBy(book iq.Rulebook, acts []act.Act) []string {
	var lines []string
	for _, a := range iq.Score(book, iq.Clauses{}, season, acts) {
		lines = append(lines, fmt.Sprintf("%s %d %s", a.Act.ID, a.Points, a.Explanation))
	}
	return lines
}

func TestABadBehaviourThatHasNoWordsOfItsOwnIsExplainedAlike(t *testing.T) {
	book := iq.Starting()
	rule := book.Rule("quote.price_only")
	rule.Key = "quote.split"
	require.NoError(t, book.Check())
	acts := series(2, act.QuoteRevised, "2026-11-24 12:00:00", func(a *act.Act) { a.Facts["priceOnly"] = true })
	assert.Equal(t, []string{"1 0 iq.bad_review", "2 -5 iq.bad_behaviour"}, briefBy(book, acts))
	assert.Nil(t, book.Rule("quote.price_only"))
}

// pickyConditions stands for an expression engine with reasons of its own.
type pickyConditions struct{}

func (pickyConditions) Judge(iq.Rule, act.Facts) (string, bool) { return "iq.not_same_day", true }

func TestOtherConditionsMayTakeThePlaceOfClauses(t *testing.T) {
	awards := iq.Score(iq.Starting(), pickyConditions{}, season, []act.Act{done("1", act.QuoteFollowed, at("2026-11-24 12:00:00"), nil)})
	require.Len(t, awards, 1)
	assert.Equal(t, "iq.not_same_day", awards[0].Explanation)
	assert.Nil(t, awards[0].Arguments)
}

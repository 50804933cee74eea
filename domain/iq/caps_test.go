package iq_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/iq"
)

// series returns n acts of a kind, a minute apart, numbered from 1.
func series(n int, kind act.Kind, from string, change func(*act.Act)) []act.Act {
	acts := make([]act.Act, n)
	for i := range acts {
		acts[i] = done(fmt.Sprint(i+1), kind, at(from).Add(time.Duration(i)*time.Minute), nil)
		if change != nil {
			change(&acts[i])
		}
	}
	return acts
}

func TestWeekCap(t *testing.T) {
	profiled := func(n int, from string) []act.Act { return series(n, act.CustomerProfiled, from, nil) }
	t.Run("the ninth customer of a week earns nothing and says so", func(t *testing.T) {
		awards := iq.Score(iq.Starting(), nil, season, profiled(9, "2026-11-24 12:00:00"))
		require.Len(t, awards, 9)
		assert.Equal(t, 5, awards[7].Points)
		assert.Equal(t, 0, awards[8].Points)
		assert.Equal(t, "iq.cap_week", awards[8].Explanation)
		assert.Equal(t, map[string]any{"limit": 8}, awards[8].Arguments)
	})
	t.Run("a new week begins on Monday at Korean midnight", func(t *testing.T) {
		lines := brief(profiled(10, "2026-11-29 23:51:00"))
		assert.Equal(t, "9 0 iq.cap_week", lines[8], "Sunday 23:59")
		assert.Equal(t, "10 5 iq.earned", lines[9], "Monday 00:00")
	})
	t.Run("a week that began in the season before counts whole", func(t *testing.T) {
		lines := brief(profiled(10, "2026-09-30 23:53:00")) // seven before the season's first midnight, a Thursday's
		assert.Equal(t, []string{"8 5 iq.earned", "9 0 iq.cap_week", "10 0 iq.cap_week"}, lines)
	})
	t.Run("an act that earned nothing takes no place", func(t *testing.T) {
		acts := profiled(9, "2026-11-24 12:00:00")
		acts[0].Facts["farmFieldsFilled"] = 5
		acts[1].ReceivedAt = acts[1].OccurredAt.AddDate(0, 0, 8)
		lines := brief(acts)
		assert.Equal(t, []string{"1 0 iq.farm_fields_missing", "2 0 iq.too_late"}, lines[:2])
		assert.Equal(t, "9 5 iq.earned", lines[8])
	})
}

func TestCustomerCap(t *testing.T) {
	same := func(a *act.Act) { a.CustomerID = "cus_same" }
	assert.Equal(t, []string{"1 5 iq.earned", "2 0 iq.cap_customer"}, brief(series(2, act.CustomerProfiled, "2026-11-24 12:00:00", same)))
	assert.Equal(t, []string{"2 5 iq.earned"}, brief(series(2, act.CustomerProfiled, "2026-09-30 23:59:00", same)), "a new season begins anew")
}

func TestCustomerDaysCap(t *testing.T) {
	shown := func(moments ...string) []string {
		acts := make([]act.Act, len(moments))
		for i, moment := range moments {
			acts[i] = done(fmt.Sprint(i+1), act.ProductPresented, at(moment), nil)
			acts[i].CustomerID = "cus_same"
		}
		return brief(acts)
	}
	for name, tt := range map[string]struct{ moments, want []string }{
		"on the 13th day after the last that earned a customer earns nothing": {
			[]string{"2026-11-10 00:00:00", "2026-11-23 23:59:59"}, []string{"1 8 iq.earned", "2 0 iq.cap_customer_days"},
		},
		"from the 14th day, whatever the hour, the customer earns again": {
			[]string{"2026-11-10 23:59:59", "2026-11-24 00:00:00"}, []string{"1 8 iq.earned", "2 8 iq.earned"},
		},
		"days count from the last that earned, not from the last": {
			[]string{"2026-11-01 12:00:00", "2026-11-10 12:00:00", "2026-11-15 12:00:00"},
			[]string{"1 8 iq.earned", "2 0 iq.cap_customer_days", "3 8 iq.earned"},
		},
		"days reach over the season's start": {
			[]string{"2026-09-20 12:00:00", "2026-10-03 12:00:00", "2026-10-04 12:00:00"},
			[]string{"2 0 iq.cap_customer_days", "3 8 iq.earned"},
		},
		"an act before the season that earned nothing itself holds nobody up": {
			[]string{"2026-09-10 12:00:00", "2026-09-20 12:00:00", "2026-10-01 12:00:00"}, []string{"3 8 iq.earned"},
		},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, shown(tt.moments...)) })
	}
	t.Run("it says how many days", func(t *testing.T) {
		acts := series(2, act.ProductPresented, "2026-11-24 12:00:00", func(a *act.Act) { a.CustomerID = "cus_same" })
		assert.Equal(t, map[string]any{"limit": 1, "days": 14}, iq.Score(iq.Starting(), nil, season, acts)[1].Arguments)
	})
	t.Run("another customer is not held up", func(t *testing.T) {
		assert.Equal(t, []string{"1 8 iq.earned", "2 8 iq.earned"}, brief(series(2, act.ProductPresented, "2026-11-24 12:00:00", nil)))
	})
}

func TestDealCap(t *testing.T) {
	same := func(a *act.Act) { a.DealID = "con_same" }
	for name, tt := range map[string]struct {
		kind act.Kind
		n    int
		want string
	}{
		"the third follow-up of a deal earns":        {act.QuoteFollowed, 3, "3 4 iq.earned"},
		"the fourth earns nothing":                   {act.QuoteFollowed, 4, "4 0 iq.cap_deal"},
		"a second first quote of a deal earns none":  {act.QuoteIssued, 2, "2 0 iq.cap_deal"},
		"a deal that is lost twice is paid for once": {act.DealLost, 2, "2 0 iq.cap_deal"},
	} {
		t.Run(name, func(t *testing.T) {
			lines := brief(series(tt.n, tt.kind, "2026-11-24 12:00:00", same))
			assert.Equal(t, tt.want, lines[len(lines)-1])
		})
	}
}

func TestEveryPeriodHoldsItsCap(t *testing.T) {
	for name, tt := range map[string]struct {
		cap        iq.Cap
		from, over string // the second of two acts at from earns nothing; one at over does
		change     func(*act.Act)
		key        string
	}{
		"a day ends at Korean midnight":     {iq.Cap{Per: iq.PerDay, Limit: 1}, "2026-11-24 23:58:00", "2026-11-25 00:00:00", nil, "iq.cap_day"},
		"a month ends with its last day":    {iq.Cap{Per: iq.PerMonth, Limit: 1}, "2026-11-30 23:58:00", "2026-12-01 00:00:00", nil, "iq.cap_month"},
		"a season has one window":           {iq.Cap{Per: iq.PerSeason, Limit: 1}, "2026-10-01 00:00:00", "", nil, "iq.cap_season"},
		"a subject has a window of its own": {iq.Cap{Per: iq.PerSubject, Limit: 1}, "2026-11-24 12:00:00", "", func(a *act.Act) { a.SubjectID = "row_same" }, "iq.cap_subject"},
	} {
		t.Run(name, func(t *testing.T) {
			book := iq.Starting()
			book.Rule("quote.value").Caps = []iq.Cap{tt.cap}
			require.NoError(t, book.Check())
			acts := series(2, act.QuoteIssued, tt.from, tt.change)
			want := []string{"1 10 iq.earned", "2 0 " + tt.key}
			if tt.over != "" {
				acts, want = append(acts, done("3", act.QuoteIssued, at(tt.over), nil)), append(want, "3 10 iq.earned")
			}
			assert.Equal(t, want, briefBy(book, acts))
		})
	}
}

func TestACancelledActGivesItsPlaceToTheNext(t *testing.T) {
	book := iq.Starting()
	book.Rule("contract.signed").Caps = []iq.Cap{{Per: iq.PerDay, Limit: 1}}
	acts := series(2, act.ContractSigned, "2026-11-24 12:00:00", nil)
	assert.Equal(t, []string{"1 30 iq.earned", "2 0 iq.cap_day"}, briefBy(book, acts))
	cancel := done("3", act.ContractCancelled, at("2026-11-24 13:00:00"), nil)
	cancel.SubjectID = "row_1"
	assert.Equal(t, []string{"1 0 iq.cancelled", "2 30 iq.earned"}, briefBy(book, append(acts, cancel)))
}

func TestDailyCap(t *testing.T) {
	quotes := func(n int, from string) []act.Act { return series(n, act.QuoteIssued, from, nil) }
	t.Run("the act that crosses 60 points earns the remainder, the next nothing", func(t *testing.T) {
		acts := append(series(1, act.ProductPresented, "2026-11-24 09:00:00", func(a *act.Act) { a.ID = "0" }), quotes(7, "2026-11-24 12:00:00")...)
		awards := iq.Score(iq.Starting(), nil, season, acts)
		require.Len(t, awards, 8)
		assert.Equal(t, 10, awards[5].Points)
		assert.Equal(t, 2, awards[6].Points)
		assert.Equal(t, "iq.cap_daily", awards[6].Explanation)
		assert.Equal(t, map[string]any{"limit": 60, "given": 2}, awards[6].Arguments)
		assert.Equal(t, 0, awards[7].Points)
		assert.Equal(t, map[string]any{"limit": 60, "given": 0}, awards[7].Arguments)
	})
	t.Run("the act that reaches 60 exactly is simply earned", func(t *testing.T) {
		lines := brief(quotes(7, "2026-11-24 12:00:00"))
		assert.Equal(t, []string{"6 10 iq.earned", "7 0 iq.cap_daily"}, lines[5:])
	})
	t.Run("a new day begins at Korean midnight", func(t *testing.T) {
		lines := brief(quotes(8, "2026-11-24 23:53:00"))
		assert.Equal(t, []string{"7 0 iq.cap_daily", "8 10 iq.earned"}, lines[6:])
	})
	t.Run("a colleague has a day of their own", func(t *testing.T) {
		acts := quotes(7, "2026-11-24 12:00:00")
		acts[6].ActorID = "usr_2"
		assert.Equal(t, "7 10 iq.earned", brief(acts)[6])
	})
	t.Run("contracts are exempt, and do not use it up", func(t *testing.T) {
		acts := series(3, act.ContractSigned, "2026-11-24 09:00:00", func(a *act.Act) { a.ID = "c" + a.ID })
		lines := brief(append(acts, quotes(6, "2026-11-24 12:00:00")...))
		assert.Equal(t, "c3 30 iq.earned", lines[2])
		assert.Equal(t, "6 10 iq.earned", lines[8])
	})
	t.Run("points that are lost make no room", func(t *testing.T) {
		acts := append(series(1, act.PaperRecorded, "2026-11-24 09:00:00", func(a *act.Act) {
			a.ID, a.Facts["unapprovedDiscount"] = "0", true
		}), quotes(7, "2026-11-24 12:00:00")...)
		lines := brief(acts)
		assert.Equal(t, "7 0 iq.cap_daily", lines[len(lines)-1])
	})
	t.Run("an act past the day keeps its place in the rule's caps", func(t *testing.T) {
		acts := quotes(7, "2026-11-24 12:00:00")
		again := done("8", act.QuoteIssued, at("2026-11-25 12:00:00"), nil)
		again.DealID = acts[6].DealID
		assert.Equal(t, "8 0 iq.cap_deal", brief(append(acts, again))[7])
	})
	t.Run("a rulebook may do without", func(t *testing.T) {
		book := iq.Starting()
		book.DailyCap = 0
		assert.Equal(t, "7 10 iq.earned", briefBy(book, quotes(7, "2026-11-24 12:00:00"))[6])
	})
}

func TestScoreLeavesItsArgumentsAlone(t *testing.T) {
	acts := series(5, act.QuoteIssued, "2026-11-24 12:00:00", nil)
	acts[0], acts[4] = acts[4], acts[0]
	before := append([]act.Act(nil), acts...)
	lines := brief(acts)
	assert.Equal(t, before, acts)
	assert.Equal(t, lines, brief(append(acts, acts...)), "an act that is given twice counts once")
}

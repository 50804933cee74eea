package iq_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/iq"
)

func TestStartingRulebookIsSound(t *testing.T) {
	book := iq.Starting()
	require.NoError(t, book.Check())
	encoded, err := json.Marshal(book)
	require.NoError(t, err)
	var back iq.Rulebook
	require.NoError(t, json.Unmarshal(encoded, &back))
	require.NoError(t, back.Check(), "it stays sound as data")
	acts := append(series(9, act.CustomerProfiled, "2026-11-24 12:00:00", nil), series(9, act.QuoteIssued, "2026-11-25 12:00:00", nil)...)
	assert.Equal(t, brief(acts), briefBy(back, acts), "and judges alike")
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil      func(*iq.Rulebook)
		key, field string
	}{
		"a version below 1":                         {func(b *iq.Rulebook) { b.Version = 0 }, "rulebook.bad_version", "version"},
		"a start in the middle of a season":         {func(b *iq.Rulebook) { b.EffectiveFrom = at("2026-11-01 00:00:00") }, "rulebook.not_a_season_start", "effectiveFrom"},
		"a daily cap below 0":                       {func(b *iq.Rulebook) { b.DailyCap = -1 }, "rulebook.out_of_range", "dailyCap"},
		"a share above the whole":                   {func(b *iq.Rulebook) { b.SeasonShareBP = 10_001 }, "rulebook.out_of_range", "seasonShareBP"},
		"no rules":                                  {func(b *iq.Rulebook) { b.Rules = nil }, "rulebook.no_rules", "rules"},
		"two rules of one key":                      {func(b *iq.Rulebook) { b.Rules[1].Key = b.Rules[0].Key }, "rulebook.duplicate_key", "rules.1.key"},
		"a key that is no key":                      {func(b *iq.Rulebook) { b.Rules[0].Key = "Customer" }, "rulebook.bad_key", "rules.0.key"},
		"an unknown character":                      {func(b *iq.Rulebook) { b.Rules[0].Character = "UGLY" }, "rulebook.bad_character", "rules.0.character"},
		"a rule without English":                    {func(b *iq.Rulebook) { b.Rules[0].TitleEn = "" }, "rulebook.text_missing", "rules.0.titleEn"},
		"a Right Behaviour that costs":              {func(b *iq.Rulebook) { b.Rules[0].Points = -1 }, "rulebook.out_of_range", "rules.0.points"},
		"a Bad Behaviour that pays":                 {func(b *iq.Rulebook) { b.Rules[6].Points = 1 }, "rulebook.out_of_range", "rules.6.points"},
		"too many points":                           {func(b *iq.Rulebook) { b.Rules[0].Points = 101 }, "rulebook.out_of_range", "rules.0.points"},
		"free times for a Right Behaviour":          {func(b *iq.Rulebook) { b.Rules[0].FreeTimes = 1 }, "rulebook.only_for_bad", "rules.0.freeTimes"},
		"vesting after the freeze":                  {func(b *iq.Rulebook) { b.Rules[0].VestAfterDays = 22 }, "rulebook.out_of_range", "rules.0.vestAfterDays"},
		"a rule that judges nothing":                {func(b *iq.Rulebook) { b.Rules[0].Triggers = nil }, "rulebook.no_trigger", "rules.0.triggers"},
		"a trigger named twice":                     {func(b *iq.Rulebook) { b.Rules[6].Triggers[1] = b.Rules[6].Triggers[0] }, "rulebook.bad_trigger", "rules.6.triggers.1"},
		"an act that takes itself back":             {func(b *iq.Rulebook) { b.Rules[0].CancelledBy = b.Rules[0].Triggers }, "rulebook.bad_trigger", "rules.0.cancelledBy.0"},
		"a clause without a fact":                   {func(b *iq.Rulebook) { b.Rules[0].Clauses[0].Fact = "" }, "rulebook.fact_missing", "rules.0.clauses.0.fact"},
		"an unknown comparison":                     {func(b *iq.Rulebook) { b.Rules[0].Clauses[0].Op = "~" }, "rulebook.bad_op", "rules.0.clauses.0.op"},
		"an order of truth values":                  {func(b *iq.Rulebook) { b.Rules[0].Clauses[0].Op = ">" }, "rulebook.bad_want", "rules.0.clauses.0.want"},
		"a value that nothing compares with":        {func(b *iq.Rulebook) { b.Rules[0].Clauses[0].Want = []any{1} }, "rulebook.bad_want", "rules.0.clauses.0.want"},
		"an explanation without words":              {func(b *iq.Rulebook) { b.Rules[0].Clauses[0].Key = "iq.because" }, "rulebook.bad_explanation", "rules.0.clauses.0.key"},
		"an explanation that needs other arguments": {func(b *iq.Rulebook) { b.Rules[0].Clauses[1].Key = "iq.cap_week" }, "rulebook.bad_explanation", "rules.0.clauses.1.key"},
		"an explanation for a Bad Behaviour":        {func(b *iq.Rulebook) { b.Rules[6].Clauses[0].Key = "iq.outside_band" }, "rulebook.only_for_right", "rules.6.clauses.0.key"},
		"an unknown period":                         {func(b *iq.Rulebook) { b.Rules[0].Caps[0].Per = "YEAR" }, "rulebook.bad_period", "rules.0.caps.0.per"},
		"a cap of 0":                                {func(b *iq.Rulebook) { b.Rules[0].Caps[0].Limit = 0 }, "rulebook.out_of_range", "rules.0.caps.0.limit"},
		"days on a weekly cap":                      {func(b *iq.Rulebook) { b.Rules[0].Caps[0].Days = 3 }, "rulebook.only_for_customer_days", "rules.0.caps.0.days"},
		"a CUSTOMER_DAYS cap without days":          {func(b *iq.Rulebook) { b.Rules[1].Caps[0].Days = 0 }, "rulebook.out_of_range", "rules.1.caps.0.days"},
	} {
		t.Run(name, func(t *testing.T) {
			book := iq.Starting()
			tt.spoil(&book)
			faults, only := fault.All(book.Check())
			require.True(t, only)
			require.Len(t, faults, 1)
			assert.Equal(t, fault.Invalid, faults[0].Code)
			assert.Equal(t, tt.key, faults[0].Key)
			assert.Equal(t, tt.field, faults[0].Field)
		})
	}
	t.Run("everything that is wrong is told at once", func(t *testing.T) {
		faults, _ := fault.All(iq.Rulebook{Rules: []iq.Rule{{}}}.Check())
		assert.Greater(t, len(faults), 8)
	})
}

func TestBookFor(t *testing.T) {
	first, second := iq.Starting(), iq.Starting()
	second.Version, second.EffectiveFrom = 2, season.Start
	books := []iq.Rulebook{second, first}
	for name, tt := range map[string]struct {
		season iq.Season
		want   int
	}{
		"the season before keeps the version it began with": {season.Previous(), 1},
		"a version judges from the season it takes effect":  {season, 2},
		"and the seasons after":                             {season.Next(), 2},
	} {
		t.Run(name, func(t *testing.T) {
			book, err := iq.BookFor(tt.season, books)
			require.NoError(t, err)
			assert.Equal(t, tt.want, book.Version)
		})
	}
	_, err := iq.BookFor(iq.SeasonOf(at("2019-12-31 12:00:00")), books)
	assert.Equal(t, fault.NotFound, fault.CodeOf(err))
}

func TestAffects(t *testing.T) {
	book := iq.Starting()
	for name, tt := range map[string]struct {
		kind     act.Kind
		at       string
		received string // at the same time when ""
		want     bool
	}{
		"an act of the season":                              {act.QuoteIssued, "2026-10-01 00:00:00", "", true},
		"an act that no rule knows":                         {act.PersonSignedIn, "2026-10-01 00:00:00", "", false},
		"a presentation shortly before that comes in late":  {act.ProductPresented, "2026-09-25 12:00:00", "2026-10-01 00:00:00", true},
		"the same when the season has not begun":            {act.ProductPresented, "2026-09-25 12:00:00", "2026-09-30 23:59:59", false},
		"a profile of the week that reaches over the start": {act.CustomerProfiled, "2026-09-28 00:00:00", "2026-10-01 00:00:00", true},
		"a profile long before":                             {act.CustomerProfiled, "2026-08-05 00:00:00", "2026-10-01 00:00:00", false},
		"a quote shortly before":                            {act.QuoteIssued, "2026-09-30 23:59:59", "2026-10-01 00:00:00", false},
		"a presentation long before":                        {act.ProductPresented, "2026-07-01 12:00:00", "2026-10-01 00:00:00", false},
		"a cancellation until the freeze":                   {act.ContractCancelled, "2027-01-21 23:59:59", "", true},
		"a cancellation after it":                           {act.ContractCancelled, "2027-01-22 00:00:00", "", false},
		"a quote after the end":                             {act.QuoteIssued, "2027-01-01 00:00:00", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			a := done("1", tt.kind, at(tt.at), nil)
			if tt.received != "" {
				a.ReceivedAt = at(tt.received)
			}
			assert.Equal(t, tt.want, book.Affects(season, a))
		})
	}
	assert.Contains(t, book.Kinds(), act.ContractCancelled)
	assert.NotContains(t, book.Kinds(), act.SaleImported)
}

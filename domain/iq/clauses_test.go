package iq_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"

	"dure/domain/act"
	"dure/domain/iq"
)

type (
	won     int64
	channel string
	flag    bool
	small   uint8
	ratio   float32
)

func TestClauseComparesAcrossTypes(t *testing.T) {
	for name, tt := range map[string]struct {
		have any
		op   string
		want any
		ok   bool
	}{
		"an int equals a float":                        {3, "=", 3.0, true},
		"an int64 is at least an int":                  {int64(30), ">=", 30, true},
		"a JSON number is at least an int":             {json.Number("30"), ">=", 30, true},
		"a JSON number that is none fulfils nothing":   {json.Number("x"), ">=", 0, false},
		"a wanted JSON number is a number":             {30.5, ">", json.Number("30"), true},
		"a named integer compares as a number":         {won(5), "<", 6, true},
		"a named unsigned integer too":                 {small(5), "<=", 5, true},
		"a named float too":                            {ratio(0.5), "=", 0.5, true},
		"29.999 is not 30":                             {29.999, ">=", 30, false},
		"less is less":                                 {1, "<", 2, true},
		"equal is not less":                            {2, "<", 2, false},
		"equal is not more":                            {2, ">", 2, false},
		"unequal numbers are unequal":                  {2, "!=", 3, true},
		"equal numbers are not unequal":                {2, "!=", 2.0, false},
		"truth equals truth":                           {true, "=", true, true},
		"a named truth value equals truth":             {flag(true), "=", true, true},
		"false is not true":                            {false, "=", true, false},
		"false is unequal to true":                     {false, "!=", true, true},
		"texts are compared exactly":                   {"DIGITAL", "=", "DIGITAL", true},
		"a named text equals a text":                   {channel("DIGITAL"), "=", "DIGITAL", true},
		"case matters":                                 {"digital", "=", "DIGITAL", false},
		"texts have no order":                          {"b", ">", "a", false},
		"a text is not a number":                       {"30", ">=", 30, false},
		"a text is unequal to a number":                {"30", "!=", 30, true},
		"a number is not truth":                        {1, "=", true, false},
		"a number is not a text":                       {1, "=", "1", false},
		"null fulfils nothing":                         {nil, "!=", 1, false},
		"an unknown operator fulfils nothing":          {1, "~", 1, false},
		"an unknown operator on texts neither":         {"a", "~", "a", false},
		"a list fulfils nothing but being unequal":     {[]any{1}, "=", 1, false},
		"a list is unequal to a text":                  {[]any{1}, "!=", "a", true},
		"a wanted null equals nothing":                 {"a", "=", nil, false},
		"two lists never count as equal":               {[]any{1}, "=", []any{1}, false},
		"a fact of one kind differs from another kind": {true, "=", "true", false},
	} {
		t.Run(name, func(t *testing.T) {
			rule := iq.Rule{Clauses: []iq.Clause{{Fact: "f", Op: tt.op, Want: tt.want}}}
			_, concerns := iq.Clauses{}.Judge(rule, act.Facts{"f": tt.have})
			assert.Equal(t, tt.ok, concerns)
		})
	}
}

func TestJudge(t *testing.T) {
	rule := iq.Rule{Clauses: []iq.Clause{
		{Fact: "needs", Op: ">=", Want: 1, Key: "iq.needs_missing"},
		{Fact: "watchedSeconds", Op: ">=", Want: 30, Key: "iq.video_too_short"},
		{Fact: "training", Op: "!=", Want: true},
	}}
	for name, tt := range map[string]struct {
		facts    act.Facts
		missing  string
		concerns bool
	}{
		"all clauses hold":                                        {act.Facts{"needs": 1, "watchedSeconds": 30, "training": false}, "", true},
		"the first clause that fails is named":                    {act.Facts{"needs": 0, "watchedSeconds": 3, "training": false}, "iq.needs_missing", true},
		"a clause without a key that fails leaves the act alone":  {act.Facts{"needs": 0, "watchedSeconds": 3, "training": true}, "", false},
		"a missing fact fails its clause, even an unequal one":    {act.Facts{"needs": 1, "watchedSeconds": 30}, "", false},
		"no facts at all fail every clause":                       {nil, "", false},
		"a later clause is named when the earlier ones are there": {act.Facts{"needs": 2, "watchedSeconds": 29, "training": false}, "iq.video_too_short", true},
	} {
		t.Run(name, func(t *testing.T) {
			missing, concerns := iq.Clauses{}.Judge(rule, tt.facts)
			assert.Equal(t, tt.missing, missing)
			assert.Equal(t, tt.concerns, concerns)
		})
	}
}

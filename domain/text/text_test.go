package text_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"dure/domain/fault"
	"dure/domain/text"
)

func TestCheck(t *testing.T) {
	for name, tt := range map[string]struct{ in, key string }{
		"nothing":                             {in: ""},
		"Korean up to the limit":              {in: strings.Repeat("가", 100)},
		"Korean past it":                      {in: strings.Repeat("가", 101), key: "text.too_long"},
		"Korean of 10,000 characters":         {in: strings.Repeat("논", 10_000), key: "text.too_long"},
		"line breaks and tabs":                {in: "첫 줄\r\n\t둘째 줄"},
		"a NUL":                               {in: "a\x00b", key: "text.control_character"},
		"an escape":                           {in: "\x1b[31m", key: "text.control_character"},
		"a delete":                            {in: "\x7f", key: "text.control_character"},
		"bytes that are no text":              {in: "\xff\xfe", key: "text.not_utf8"},
		"a character outside the basic plane": {in: "🚜"},
	} {
		t.Run(name, func(t *testing.T) {
			err := text.Check(tt.in, 100, "note")
			if tt.key == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, err, fault.New(fault.Invalid, tt.key))
			faults, _ := fault.All(err)
			assert.Equal(t, "note", faults[0].Field)
		})
	}
}

func TestCheckList(t *testing.T) {
	assert.NoError(t, text.CheckList([]string{"a", "b"}, 2, 1, "crops"))
	assert.NoError(t, text.CheckList(nil, 0, 0, "crops"))
	assert.ErrorIs(t, text.CheckList([]string{"a", "b"}, 1, 1, "crops"), fault.New(fault.Invalid, "text.too_many"))
	faults, _ := fault.All(text.CheckList([]string{"a", "bb"}, 2, 1, "crops"))
	assert.Equal(t, "crops.1", faults[0].Field)
}

func FuzzCheck(f *testing.F) {
	f.Add("김논두렁")
	f.Add("\x00")
	f.Fuzz(func(t *testing.T, s string) {
		if text.Check(s, 100, "x") == nil {
			assert.NotContains(t, s, "\x00")
			assert.LessOrEqual(t, len([]rune(s)), 100)
			assert.Equal(t, s, strings.ToValidUTF8(s, ""))
		}
	})
}

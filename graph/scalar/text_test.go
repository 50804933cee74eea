package scalar_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"dure/graph/scalar"
)

func TestUnmarshalString(t *testing.T) {
	for name, tt := range map[string]struct {
		in   any
		want string
	}{
		"Latin":                              {"Dure", "Dure"},
		"Hangul":                             {"김철수", "김철수"},
		"Hangul that a tablet took apart":    {norm.NFD.String("김철수"), "김철수"},
		"10,000 characters of it":            {norm.NFD.String(strings.Repeat("논", 10_000)), strings.Repeat("논", 10_000)},
		"initials stay":                      {"ㄱㅊㅅ", "ㄱㅊㅅ"},
		"an accent of its own":               {"Cafe\u0301", "Café"},
		"wide digits stay, they are no form": {"０１０", "０１０"},
		"outside the basic plane":            {"🚜", "🚜"},
		"nothing":                            {"", ""},
		"null":                               {nil, ""},
		"bytes that are no text stay so":     {"\xff", "\xff"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := scalar.UnmarshalString(tt.in)
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
	_, err := scalar.UnmarshalString([]any{})
	assert.Error(t, err)
}

func TestATextIsTheSameHoweverItCame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Int32Range('가', '힣'), rapid.Int32Range(' ', '~'), rapid.Int32Range(0x1100, 0x11ff), rapid.Rune())).Draw(t, "text")
		together, err := scalar.UnmarshalString(text)
		require.NoError(t, err)
		apart, err := scalar.UnmarshalString(norm.NFD.String(text))
		require.NoError(t, err)
		again, err := scalar.UnmarshalString(together)
		require.NoError(t, err)
		assert.Equal(t, together, apart)
		assert.Equal(t, together, again)

		var b strings.Builder
		scalar.MarshalString(together).MarshalGQL(&b)
		var read string
		require.NoError(t, json.Unmarshal([]byte(b.String()), &read))
		assert.Equal(t, together, read)
	})
}

func FuzzUnmarshalString(f *testing.F) {
	f.Add("김철수")
	f.Add("\u1100\u1161\u11a8\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := scalar.UnmarshalString(s)
		require.NoError(t, err)
		assert.True(t, norm.NFC.IsNormalString(got))
	})
}

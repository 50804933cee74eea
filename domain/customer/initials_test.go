package customer_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"dure/domain/customer"
)

// apart takes Hangul syllables apart as NFD does (Unicode 3.12).
func apart(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < '가' || r > '힣' {
			b.WriteRune(r)
			continue
		}
		i := r - '가'
		b.WriteRune(0x1100 + i/588)
		b.WriteRune(0x1161 + i%588/28)
		if final := i % 28; final > 0 {
			b.WriteRune(0x11a7 + final)
		}
	}
	return b.String()
}

func TestHangulInitials(t *testing.T) {
	for name, tt := range map[string]struct{ in, want string }{
		"a person":                        {"김철수", "ㄱㅊㅅ"},
		"doubled consonants":              {"까따빠싸짜", "ㄲㄸㅃㅆㅉ"},
		"the first and the last syllable": {"가힣", "ㄱㅎ"},
		"the last of one initial and the first of the next": {"깋까", "ㄱㄲ"},
		"spaces of every kind are left out":                 {"김 철\u3000수\t", "ㄱㅊㅅ"},
		"a firm with Latin letters":                         {"Dure 영농조합", "dureㅇㄴㅈㅎ"},
		"initials stay":                                     {"ㄱㅊㅅ", "ㄱㅊㅅ"},
		"Chinese characters stay":                           {"金철수", "金ㅊㅅ"},
		"nothing":                                           {"", ""},
		"a syllable that a tablet took apart":               {apart("김철수"), "ㄱㅊㅅ"},
		"one without a final, taken apart":                  {apart("가나다"), "ㄱㄴㄷ"},
		"initials of the block of parts":                    {"\u1100\u110e\u1109", "ㄱㅊㅅ"},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, customer.HangulInitials(tt.in)) })
	}
}

func TestHangulInitialsOfLongTexts(t *testing.T) {
	assert.Equal(t, strings.Repeat("ㄴ", 10_000), customer.HangulInitials(strings.Repeat("논", 10_000)))
}

func TestInitialsAreTheSameTogetherAndApart(t *testing.T) {
	syllables := rapid.StringOf(rapid.OneOf(rapid.Custom(func(t *rapid.T) rune { return rapid.Int32Range('가', '힣').Draw(t, "syllable") }), rapid.SampledFrom([]rune(" aZ7ㄱ"))))
	rapid.Check(t, func(t *rapid.T) {
		name := syllables.Draw(t, "name")
		got := customer.HangulInitials(name)
		assert.Equal(t, got, customer.HangulInitials(apart(name)))
		assert.Equal(t, got, customer.HangulInitials(got), "initials of initials are the same")
		assert.Equal(t, utf8.RuneCountInString(strings.ReplaceAll(name, " ", "")), utf8.RuneCountInString(got), "one each")
		// What people search by is what is kept.
		if customer.OnlyInitials(got) {
			assert.Equal(t, got, customer.HangulInitials(got))
		}
	})
}

func TestOnlyInitials(t *testing.T) {
	for text, want := range map[string]bool{
		"ㄱㅊㅅ": true, "ㄱ ㅊ ㅅ": true, "ㄲ": true, "\u1100\u110e": true, strings.Repeat("ㄱ", 10_000): true,
		"": false, " ": false, "김": false, "ㄱ철수": false, "ㅏ": false, "ㄳ": false, "a": false, "ㄱ1": false,
		apart("김"): false, "\xff": false, "ㄱ\x00": false,
	} {
		assert.Equal(t, want, customer.OnlyInitials(text), "%.20q", text)
	}
}

func TestReadablePhone(t *testing.T) {
	for name, tt := range map[string]struct{ in, want string }{
		"a mobile":                 {"+821012345678", "010-1234-5678"},
		"an old mobile":            {"+82111234567", "011-123-4567"},
		"Seoul":                    {"+82212345678", "02-1234-5678"},
		"Seoul, seven digits":      {"+8221234567", "02-123-4567"},
		"Jeonbuk":                  {"+82631234567", "063-123-4567"},
		"over the internet":        {"+827012345678", "070-1234-5678"},
		"a firm's without an area": {"+8215881234", "1588-1234"},
		"abroad stays":             {"+14155550100", "+14155550100"},
		"too short stays":          {"+82112", "+82112"},
		"too long stays":           {"+82101234567890", "+82101234567890"},
		"nothing":                  {"", ""},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, customer.ReadablePhone(tt.in)) })
	}
}

func FuzzReadablePhone(f *testing.F) {
	f.Add("+821012345678")
	f.Add("+82가나다")
	f.Fuzz(func(t *testing.T, s string) {
		got := customer.ReadablePhone(s)
		digits := func(s string) string { return strings.ReplaceAll(s, "-", "") }
		if got != s {
			assert.Contains(t, []string{"0" + digits(s[3:]), digits(s[3:])}, digits(got), "no digit is lost")
		}
	})
}

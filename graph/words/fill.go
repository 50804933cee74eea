package words

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// fill puts arguments into a text. What may stand between braces:
//
//	{name}         the argument; numbers with separators every three digits
//	{name:bp}      basis points as per cent: 320 is "3.2 %"
//	{name:span}    seconds as hours, minutes and seconds
//	{name|one|more} the English word that agrees with the number
//	{은/는}         the Korean particle that agrees with what stands before it
//
// An argument that is missing leaves "?" behind.
func fill(l Language, text string, args map[string]any) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		slot, after, ok := strings.Cut(rest, "}")
		if !ok {
			b.WriteString("{" + rest)
			return b.String()
		}
		b.WriteString(put(l, b.String(), slot, args))
		text = after
	}
}

func put(l Language, before, slot string, args map[string]any) string {
	if with, without, ok := strings.Cut(slot, "/"); ok {
		return particle(before, with, without)
	}
	if name, forms, ok := strings.Cut(slot, "|"); ok {
		one, more, _ := strings.Cut(forms, "|")
		if n, ok := number(args[name]); ok && n == 1 {
			return one
		}
		return more
	}
	name, kind, _ := strings.Cut(slot, ":")
	arg, there := args[name]
	if !there {
		return "?"
	}
	n, numeric := number(arg)
	switch {
	case !numeric:
		return plain(arg)
	case kind == "bp":
		return strconv.FormatFloat(n/100, 'f', -1, 64) + " %"
	case kind == "span":
		return span(l, int64(n))
	default:
		return separated(n)
	}
}

// number returns arg as a number, whatever kind of number it is.
func number(arg any) (float64, bool) {
	if n, ok := arg.(json.Number); ok {
		f, err := n.Float64()
		return f, err == nil
	}
	v := reflect.ValueOf(arg)
	switch {
	case !v.IsValid():
		return 0, false
	case v.CanInt():
		return float64(v.Int()), true
	case v.CanUint():
		return float64(v.Uint()), true
	case v.CanFloat():
		f := v.Float()
		return f, !math.IsNaN(f) && !math.IsInf(f, 0)
	}
	return 0, false
}

// maxArgument bounds how much of a text argument is shown, in characters.
const maxArgument = 60

func plain(arg any) string {
	s := strings.ToValidUTF8(fmt.Sprint(arg), "?")
	if utf8.RuneCountInString(s) > maxArgument {
		s = string([]rune(s)[:maxArgument]) + "…"
	}
	return s
}

// separated writes n rounded to a tenth, with separators every three digits.
func separated(n float64) string {
	if math.Abs(n) >= 1<<53 {
		return strconv.FormatFloat(n, 'f', 0, 64)
	}
	tenths := int64(math.Round(math.Abs(n) * 10))
	digits := strconv.FormatInt(tenths/10, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if tenths%10 != 0 {
		digits += "." + strconv.FormatInt(tenths%10, 10)
	}
	if n < 0 && tenths != 0 {
		digits = "-" + digits
	}
	return digits
}

var spans = []struct {
	seconds int64
	units   map[Language]string
}{
	{3600, map[Language]string{Ko: "시간", En: " h"}},
	{60, map[Language]string{Ko: "분", En: " min"}},
	{1, map[Language]string{Ko: "초", En: " s"}},
}

// span writes seconds as at most three parts: "1시간 30분", "1 h 30 min".
func span(l Language, seconds int64) string {
	var parts []string
	for _, s := range spans {
		if n := seconds / s.seconds; n > 0 {
			parts = append(parts, separated(float64(n))+s.units[l])
		}
		seconds %= s.seconds
	}
	if len(parts) == 0 {
		return "0" + spans[2].units[l]
	}
	return strings.Join(parts, " ")
}

// particle returns with after a final consonant and without after a vowel.
// 으로/로 counts a final ㄹ as a vowel.
func particle(before, with, without string) string {
	final := finalConsonant(before)
	if final == none || final == rieul && with == "으로" {
		return without
	}
	return with
}

type final int

const (
	none final = iota
	rieul
	other
)

// How numbers and letters end when they are read in Korean: 영 일 이 삼 사 오 육 칠 팔 구.
var digitFinals = [10]final{other, rieul, none, other, none, none, other, rieul, rieul, none}

// finalConsonant tells how the last word of text ends when it is read aloud.
// Trailing signs such as a bracket or a per cent sign are passed over.
func finalConsonant(text string) final {
	for text != "" {
		r, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
		switch {
		case r >= '가' && r <= '힣':
			switch (r - '가') % 28 {
			case 0:
				return none
			case 8:
				return rieul
			}
			return other
		case r >= '0' && r <= '9':
			if r == '0' && strings.HasSuffix(text, "000,000,000,00") {
				return none // 조
			}
			return digitFinals[r-'0']
		case r == '%':
			return none // 퍼센트, 프로
		case strings.ContainsRune("lrLR", r):
			return rieul
		case strings.ContainsRune("mnMNbckpBCKPtT", r):
			return letterFinal(r)
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			return none
		}
	}
	return none
}

// letterFinal tells how a word ends in a consonant that closes the syllable:
// m and n by name or sound, the others by sound in small letters only.
func letterFinal(r rune) final {
	if strings.ContainsRune("mnMN", r) {
		return other
	}
	if r >= 'a' {
		return other
	}
	return none
}

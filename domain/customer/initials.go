package customer

import "strings"

// initials are the nineteen initial consonants in the order of the syllables.
var initials = []rune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")

// Hangul syllables stand in one block: 21 vowels × 28 finals for each initial.
const (
	firstSyllable = '가'
	lastSyllable  = '힣'
	perInitial    = 21 * 28
)

// HangulInitials returns name with each syllable as its initial consonant (초성)
// and everything else in lower case, without spaces: 김철수 is ㄱㅊㅅ.
func HangulInitials(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r == ' ':
		case r >= firstSyllable && r <= lastSyllable:
			b.WriteRune(initials[(r-firstSyllable)/perInitial])
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// OnlyInitials reports whether text consists of initial consonants alone.
func OnlyInitials(text string) bool {
	for _, r := range text {
		if r != ' ' && !strings.ContainsRune(string(initials), r) {
			return false
		}
	}
	return text != ""
}

// ReadablePhone writes a Korean number as people do, such as 010-0000-1234.
// Other numbers stay as they are.
func ReadablePhone(normal string) string {
	digits, ok := strings.CutPrefix(normal, "+82")
	if !ok || len(digits) < 8 || len(digits) > 10 {
		return normal
	}
	area := 2
	if digits[0] == '2' {
		area = 1
	}
	rest := digits[area:]
	return "0" + digits[:area] + "-" + rest[:len(rest)-4] + "-" + rest[len(rest)-4:]
}

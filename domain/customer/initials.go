package customer

import (
	"slices"
	"strings"
	"unicode"
)

// initials are the nineteen initial consonants in the order of the syllables.
var initials = []rune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")

// Hangul syllables stand in one block: 21 vowels × 28 finals for each initial.
// Some devices send syllables taken apart (NFD): an initial, a vowel and a final,
// each from a block of its own.
const (
	firstSyllable = '가'
	lastSyllable  = '힣'
	perInitial    = 21 * 28

	firstInitial = '\u1100'
	lastInitial  = '\u1112'
	firstVowel   = '\u1161'
	lastFinal    = '\u11c2'
)

// HangulInitials returns name with each syllable as its initial consonant (초성)
// and everything else in lower case, without spaces: 김철수 is ㄱㅊㅅ.
func HangulInitials(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case unicode.IsSpace(r):
		case r >= firstSyllable && r <= lastSyllable:
			b.WriteRune(initials[(r-firstSyllable)/perInitial])
		case r >= firstInitial && r <= lastInitial:
			b.WriteRune(initials[r-firstInitial])
		case r >= firstVowel && r <= lastFinal: // the rest of a syllable that was taken apart
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// OnlyInitials reports whether text consists of initial consonants alone, spaces
// apart.
func OnlyInitials(text string) bool {
	found := false
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
		case slices.Contains(initials, r), r >= firstInitial && r <= lastInitial:
			found = true
		default:
			return false
		}
	}
	return found
}

// ReadablePhone writes a Korean number as people do, such as 010-0000-1234.
// Other numbers stay as they are.
func ReadablePhone(normal string) string {
	digits, ok := strings.CutPrefix(normal, "+82")
	if !ok || len(digits) < 8 || len(digits) > 10 {
		return normal
	}
	area := 2
	switch {
	case digits[0] == '2': // Seoul
		area = 1
	case digits[0] == '1' && len(digits) == 8: // the number of a firm, such as 1588-0000, has no area
		return digits[:4] + "-" + digits[4:]
	}
	rest := digits[area:]
	return "0" + digits[:area] + "-" + rest[:len(rest)-4] + "-" + rest[len(rest)-4:]
}

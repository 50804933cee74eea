package documents

import (
	"strconv"
	"strings"
	"time"

	"dure/domain/money"
)

// seoul needs no time zone data: Korea has kept UTC+9 without summer time since 1988.
var seoul = time.FixedZone("KST", 9*60*60)

// wonInWords writes an amount as Korean contracts do: 금 삼천이백만원정.
func wonInWords(w money.Won) string {
	if w == 0 {
		return "금 영원정"
	}
	sign := ""
	if w < 0 {
		sign, w = "마이너스 ", -w
	}
	digits := []string{"", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"}
	places := []string{"", "십", "백", "천"}
	groups := []string{"", "만", "억", "조", "경"}
	words := ""
	for g := 0; w > 0; g, w = g+1, w/10_000 {
		group := ""
		for place, rest := 0, int(w%10_000); rest > 0; place, rest = place+1, rest/10 {
			d := rest % 10
			switch {
			case d == 0:
			case d == 1 && place > 0:
				group = places[place] + group
			default:
				group = digits[d] + places[place] + group
			}
		}
		if group == "" {
			continue
		}
		words = group + groups[g] + words
	}
	return "금 " + sign + words + "원정"
}

// grouped writes an amount in digits: 32,000,000.
func grouped(w money.Won) string {
	text := strconv.FormatInt(int64(w), 10)
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "−", text[1:]
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return sign + text
}

// percent writes basis points: 3.5%.
func percent(basisPoints int) string {
	return strconv.FormatFloat(float64(basisPoints)/100, 'f', -1, 64) + "%"
}

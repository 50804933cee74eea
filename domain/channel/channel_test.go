package channel_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"dure/domain/channel"
	"dure/domain/fault"
)

func TestCheckBusinessNumber(t *testing.T) {
	for name, tt := range map[string]struct {
		number string
		ok     bool
	}{
		"a number by the tax office's rule":      {"1208147521", true}, // 1+6+0+8+3+28+7+15+10, and ⌊10/10⌋: 79 → 1
		"another":                                {"1248100998", true},
		"its last digit is wrong":                {"1208147522", false},
		"two digits changed places":              {"2108147521", false},
		"with hyphens":                           {"120-81-47521", false},
		"nine digits":                            {"120814752", false},
		"eleven digits":                          {"12081475210", false},
		"nothing":                                {"", false},
		"letters":                                {"12081475ab", false},
		"digits of another script":               {"１２０８１４７５２１", false},
		"ten bytes that are Korean":              {"가가가1", false},
		"10,000 digits":                          {strings.Repeat("0", 10_000), false},
		"all zeros, which the rule lets through": {"0000000000", true},
		"a sign":                                 {"+208147521", false},
		"a sum that ends in zero, so does the number": {"1009000000", true},
	} {
		t.Run(name, func(t *testing.T) {
			err := channel.CheckBusinessNumber(tt.number, "businessNumber")
			if tt.ok {
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, err, fault.New(fault.Invalid, "channel.bad_business_number"))
			faults, _ := fault.All(err)
			assert.Equal(t, "businessNumber", faults[0].Field)
		})
	}
}

// Of the ten numbers that share nine digits exactly one is right.
func TestOneCheckDigitFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nine := rapid.StringMatching(`[0-9]{9}`).Draw(t, "nine")
		var fits []string
		for last := range 10 {
			if number := nine + string(rune('0'+last)); channel.CheckBusinessNumber(number, "") == nil {
				fits = append(fits, number)
			}
		}
		var d [9]int
		for i := range d {
			d[i] = int(nine[i] - '0')
		}
		assert.Equal(t, []string{nine + string(rune('0'+channel.BusinessNumberCheckDigit(d)))}, fits)
	})
}

func FuzzCheckBusinessNumber(f *testing.F) {
	f.Add("1208147521")
	f.Add("가가가1")
	f.Fuzz(func(t *testing.T, number string) {
		if channel.CheckBusinessNumber(number, "x") == nil {
			assert.Regexp(t, `^[0-9]{10}$`, number)
		}
	})
}

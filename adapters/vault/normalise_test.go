package vault_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/adapters/vault"
	"dure/domain/fault"
)

func TestNormalisePhone(t *testing.T) {
	for name, tt := range map[string]struct{ in, want string }{
		"as it is written":                  {"010-1234-5678", "+821012345678"},
		"without signs":                     {"01012345678", "+821012345678"},
		"with spaces":                       {" 010 1234 5678 ", "+821012345678"},
		"with brackets and dots":            {"(010)1234.5678", "+821012345678"},
		"with dashes of typography":         {"010–1234–5678", "+821012345678"},
		"with the country":                  {"+82 10-1234-5678", "+821012345678"},
		"with the country and a 0":          {"+82 010-1234-5678", "+821012345678"},
		"dialled from abroad":               {"00700-82-10-1234-5678", "+821012345678"},
		"in wide digits":                    {"０１０１２３４５６７８", "+821012345678"},
		"a block that was given out lately": {"010-5970-0000", "+821059700000"},
		"the demo's":                        {"010-0000-1234", "+821000001234"},
		"an old mobile":                     {"011-123-4567", "+82111234567"},
		"Seoul":                             {"02-123-4567", "+8221234567"},
		"Jeonbuk":                           {"063-123-4567", "+82631234567"},
		"a firm's without an area":          {"1588-1234", "+8215881234"},
		"abroad":                            {"+1 415 555 0100", "+14155550100"},
		"nothing":                           {"", ""},
		"spaces":                            {" \t", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := vault.NormalisePhone(tt.in)
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
	for name, in := range map[string]string{
		"too short":                         "112",
		"a mobile that lacks a digit":       "010-1234-567",
		"a mobile with a digit too many":    "010-1234-56789",
		"no country has it":                 "+999 1234 5678",
		"letters that stand for digits":     "010-abcd-efgh",
		"letters abroad":                    "+1800FLOWERS",
		"an extension":                      "010-1234-5678 ext 3",
		"two numbers":                       "010-1234-5678, 010-2222-3333",
		"a context that changes the number": "010-1234-5678;phone-context=+1",
		"words":                             "없음",
		"a note behind it":                  "010-1234-5678 (아들)",
		"zeros":                             "000-0000-0000",
		"a NUL":                             "\x00",
		"bytes that are no text":            "\xff\xfe",
		"10,000 digits":                     strings.Repeat("0", 10_000),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := vault.NormalisePhone(in)
			assert.Empty(t, got)
			assert.ErrorIs(t, err, fault.New(fault.Invalid, "customer.bad_phone"))
			faults, _ := fault.All(err)
			assert.Equal(t, "phone", faults[0].Field)
		})
	}
}

func TestAPhoneIsTheSameHoweverItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[0-9]{8}`).Draw(t, "digits")
		between := rapid.SampledFrom([]string{"", "-", " ", ".", " - "})
		written := rapid.SampledFrom([]string{"010", "+82 10", "+8210", "82-10"}).Draw(t, "area") + between.Draw(t, "first") + digits[:4] + between.Draw(t, "second") + digits[4:]
		got, err := vault.NormalisePhone(written)
		require.NoError(t, err, written)
		assert.Equal(t, "+8210"+digits, got)
	})
}

func FuzzNormalisePhone(f *testing.F) {
	f.Add("010-1234-5678")
	f.Add("+1 415 555 0100")
	f.Add("\xff;ext=+82")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := vault.NormalisePhone(s)
		if err != nil {
			assert.Equal(t, fault.Invalid, fault.CodeOf(err))
			return
		}
		again, err := vault.NormalisePhone(got)
		assert.NoError(t, err, "%q of %q", got, s)
		assert.Equal(t, got, again, "what is normal stays")
	})
}

func TestNormaliseMail(t *testing.T) {
	for in, want := range map[string]string{
		" Kim@Example.COM\n": "kim@example.com", "": "", "김철수@한국.KR": "김철수@한국.kr", "\u3000": "",
	} {
		assert.Equal(t, want, vault.NormaliseMail(in))
	}
}

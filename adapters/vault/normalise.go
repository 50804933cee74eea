package vault

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"dure/domain/fault"
)

// NormalisePhone returns a phone number as E.164, such as +821012345678. Numbers
// without a country are Korean. It fails with fault.Invalid customer.bad_phone
// on "phone". "" stays "".
func NormalisePhone(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	bad := fault.New(fault.Invalid, "customer.bad_phone").On("phone")
	if len(s) > 64 {
		return "", bad
	}
	number, err := phonenumbers.Parse(s, "KR")
	if err != nil || number.GetExtension() != "" || !phonenumbers.IsValidNumber(number) {
		return "", bad
	}
	return phonenumbers.Format(number, phonenumbers.E164), nil
}

// NormaliseMail returns a mail address in lower case without surrounding space.
// It does not check that the address exists.
func NormaliseMail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

package vault

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"dure/domain/fault"
)

// koreanMobile is how every Korean mobile number begins; eight digits follow.
const koreanMobile = "+8210"

// NormalisePhone returns a phone number as E.164, such as +821012345678. Numbers
// without a country are Korean. It fails with fault.Invalid customer.bad_phone
// on "phone", also for letters that stand for digits. "" stays "".
func NormalisePhone(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	bad := fault.New(fault.Invalid, "customer.bad_phone").On("phone")
	if len(s) > 64 || strings.ContainsFunc(s, isLetter) {
		return "", bad
	}
	number, err := phonenumbers.Parse(s, "KR")
	if err != nil || number.GetExtension() != "" {
		return "", bad
	}
	normal := phonenumbers.Format(number, phonenumbers.E164)
	valid := len(normal) == len(koreanMobile)+8
	if !strings.HasPrefix(normal, koreanMobile) { // the library lacks new blocks of mobiles and passes ones of seven digits
		valid = phonenumbers.IsValidNumber(number)
	}
	if !valid {
		return "", bad
	}
	return normal, nil
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// NormaliseMail returns a mail address in lower case without surrounding space.
// It does not check that the address exists.
func NormaliseMail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Package text checks what people write before it is kept.
package text

import (
	"strconv"
	"unicode/utf8"

	"dure/domain/fault"
)

// Check checks that s holds at most limit characters of valid UTF-8, without
// control characters other than line breaks and tabs. It fails with
// fault.Invalid on field.
func Check(s string, limit int, field string) error {
	if !utf8.ValidString(s) {
		return fault.New(fault.Invalid, "text.not_utf8").On(field)
	}
	if utf8.RuneCountInString(s) > limit {
		return fault.New(fault.Invalid, "text.too_long", limit).On(field)
	}
	for _, r := range s {
		if r < 0x20 && r != '\n' && r != '\t' && r != '\r' || r == 0x7f {
			return fault.New(fault.Invalid, "text.control_character").On(field)
		}
	}
	return nil
}

// CheckList checks that list holds at most most texts, each of at most limit
// characters. It fails with fault.Invalid on field, or on field.<index>.
func CheckList(list []string, most, limit int, field string) error {
	if len(list) > most {
		return fault.New(fault.Invalid, "text.too_many", most).On(field)
	}
	for i, s := range list {
		if err := Check(s, limit, field+"."+strconv.Itoa(i)); err != nil {
			return err
		}
	}
	return nil
}

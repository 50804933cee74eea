// Package words turns faults, explanations and acts into words, once, at the
// edge, in the caller's language. The catalogues are ko.txt and en.txt; every
// other package speaks in message keys.
package words

import (
	"context"
	"strings"

	"golang.org/x/text/language"
)

// Language is one that the catalogue is written in.
type Language string

// The languages of the catalogue.
const (
	Ko Language = "ko"
	En Language = "en"
)

// Languages lists every language, the default first.
var Languages = []Language{Ko, En}

var matcher = language.NewMatcher([]language.Tag{language.Korean, language.English})

// maxHeader bounds how much of an Accept-Language header is read, in bytes.
const maxHeader = 256

// Pick chooses the language: the user's own setting, else the best of the
// Accept-Language header by its q-values, else Korean.
func Pick(setting, acceptLanguage string) Language {
	if l := Language(setting); l == Ko || l == En {
		return l
	}
	if acceptLanguage == "" || len(acceptLanguage) > maxHeader {
		return Ko
	}
	if l, sure := first(acceptLanguage); sure {
		return l
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return Ko
	}
	if _, i, confidence := matcher.Match(tags...); confidence != language.No {
		return Languages[i]
	}
	return Ko
}

// first reads what most headers begin with, "ko-KR,…" or "en,…": a language
// without a q-value wants it most of all. Everything else needs the parser,
// at the price of some twenty allocations.
func first(acceptLanguage string) (l Language, sure bool) {
	tag, _, _ := strings.Cut(acceptLanguage, ",")
	primary, region, _ := strings.Cut(tag, "-")
	for _, r := range region {
		if (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return "", false
		}
	}
	l = Language(primary)
	return l, l == Ko || l == En
}

type languageKey struct{}

// With returns a context whose caller reads l.
func With(ctx context.Context, l Language) context.Context {
	return context.WithValue(ctx, languageKey{}, l)
}

// From returns the language that ctx's caller reads; Korean when nobody said.
func From(ctx context.Context) Language {
	if l, ok := ctx.Value(languageKey{}).(Language); ok {
		return l
	}
	return Ko
}

package words

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed ko.txt
var korean string

//go:embed en.txt
var english string

var catalogues = map[Language]map[string]string{Ko: parse("ko.txt", korean), En: parse("en.txt", english)}

// parse reads "key = text" lines; empty lines and those that begin with # are
// skipped. It panics on any other line and on a key that stands twice, because
// the files are part of the program.
func parse(name, file string) map[string]string {
	texts := map[string]string{}
	for i, line := range strings.Split(file, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, text, ok := strings.Cut(line, " = ")
		if _, twice := texts[key]; !ok || twice {
			panic(fmt.Sprintf("%s:%d: want a new key, \" = \" and a text", name, i+1)) //nolint:forbidigo // the files are part of the program
		}
		texts[key] = text
	}
	return texts
}

// find returns the text of key. A key without words of its own, such as
// "quote.not_found", is worded by its ending ("*.not_found") and the noun
// before it ("noun.quote").
func find(l Language, key string) (text string, noun string, ok bool) {
	texts := catalogues[l]
	if texts == nil {
		texts = catalogues[Ko]
	}
	if text, ok = texts[key]; ok {
		return text, "", true
	}
	thing, ending, ok := strings.Cut(key, ".")
	if !ok {
		return "", "", false
	}
	if noun, ok = texts["noun."+thing]; !ok {
		return "", "", false
	}
	text, ok = texts["*."+ending]
	return text, noun, ok
}

package transport

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"dure/domain/fault"
)

// media is a media type that an answer can have.
type media string

// The media types, without their charset.
const (
	mediaJSON     media = "application/json"
	mediaResponse media = "application/graphql-response+json"
	mediaEvents   media = "text/event-stream"
)

// accepted is how much a caller wants each way to be answered, 0 to 1.
type accepted struct {
	answer        media // the better of the two for a single answer; "" for neither
	answerQuality float64
	events        float64 // of text/event-stream, 0 unless it is named
}

// streams reports whether to answer by events. A subscription has no other way;
// anything else takes it where the caller likes it best.
func (a accepted) streams(subscription bool) bool {
	return a.events > 0 && (subscription || a.events > a.answerQuality)
}

// negotiate reads an Accept header. A caller who says nothing, or that anything
// will do, gets application/json; one who names both types equally gets
// application/graphql-response+json.
func negotiate(header []string) accepted {
	ranges := mediaRanges(header)
	if len(ranges) == 0 {
		return accepted{answer: mediaJSON, answerQuality: 1}
	}
	plain, response, events := preference(ranges, mediaJSON), preference(ranges, mediaResponse), preference(ranges, mediaEvents)
	a := accepted{answer: mediaJSON, answerQuality: plain.quality}
	if response.quality > plain.quality || response.quality == plain.quality && response.named {
		a = accepted{answer: mediaResponse, answerQuality: response.quality}
	}
	if a.answerQuality == 0 {
		a.answer = ""
	}
	if events.named {
		a.events = events.quality
	}
	return a
}

// mediaRange is one item of an Accept header.
type mediaRange struct {
	text    string // such as "application/*"
	quality float64
}

// maxRanges bounds how many items of an Accept header are read.
const maxRanges = 32

func mediaRanges(header []string) []mediaRange {
	var ranges []mediaRange
	for _, line := range header {
		for item := range strings.SplitSeq(line, ",") {
			if item = strings.TrimSpace(item); item == "" {
				continue
			}
			if len(ranges) == maxRanges {
				return ranges
			}
			ranges = append(ranges, readRange(item))
		}
	}
	return ranges
}

func readRange(item string) mediaRange {
	text, rest, _ := strings.Cut(item, ";")
	r := mediaRange{text: strings.ToLower(strings.TrimSpace(text)), quality: 1}
	for parameter := range strings.SplitSeq(rest, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		switch strings.ToLower(name) {
		case "q":
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil || !(q >= 0 && q <= 1) { // also when it is no number
				q = 0
			}
			r.quality = q
		case "charset":
			if !isUTF8(value) {
				r.quality = 0 // we speak nothing else
			}
		}
	}
	return r
}

type wish struct {
	quality float64
	named   bool // by its full name, not by a wildcard
}

// preference finds what the most specific range says of m.
func preference(ranges []mediaRange, m media) wish {
	kind, _, _ := strings.Cut(string(m), "/")
	best, found := -1, wish{}
	for _, r := range ranges {
		specific := -1
		switch r.text {
		case string(m):
			specific = 2
		case kind + "/*":
			specific = 1
		case "*/*", "*":
			specific = 0
		}
		if specific > best || specific == best && specific >= 0 && r.quality > found.quality {
			best, found = specific, wish{quality: r.quality, named: specific == 2}
		}
	}
	return found
}

// checkBody makes sure that the body is JSON in UTF-8, as it stands.
func checkBody(header http.Header) *refusal {
	if values := header.Values("Content-Type"); len(values) != 1 {
		return refuse(http.StatusUnsupportedMediaType, fault.Invalid, "Send Content-Type: application/json.")
	}
	kind, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || kind != string(mediaJSON) {
		return refuse(http.StatusUnsupportedMediaType, fault.Invalid, "Send Content-Type: application/json.")
	}
	if charset, given := parameters["charset"]; given && !isUTF8(charset) {
		return refuse(http.StatusUnsupportedMediaType, fault.Invalid, "Send the body in UTF-8.")
	}
	if encoding := header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return refuse(http.StatusUnsupportedMediaType, fault.Invalid, "Send the body without Content-Encoding.")
	}
	return nil
}

func isUTF8(charset string) bool {
	charset = strings.Trim(strings.TrimSpace(charset), `"`)
	return strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}

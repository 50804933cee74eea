package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"dure/graph/limit"
)

// request is what a caller asks for, over any transport.
type request struct {
	query         string
	documentID    string // of a trusted document
	hash          string // SHA-256 of an automatic persisted query, in hexadecimal
	operationName string
	variables     map[string]any
	extensions    map[string]any
}

// errNoDocument is the one mistake that a persisted query may make.
var errNoDocument = errors.New("the query is missing: send query, documentId or extensions.persistedQuery")

// decodeRequest reads the JSON of a request. Its errors say what is wrong and
// repeat nothing of the text.
func decodeRequest(text []byte, nesting int) (*request, error) {
	fields, err := decodeObject(text, nesting)
	if err != nil {
		return nil, err
	}
	r := &request{}
	for name, field := range map[string]*string{"query": &r.query, "documentId": &r.documentID, "operationName": &r.operationName} {
		if raw, given := fields[name]; given {
			if *field, err = decodeString(raw); err != nil {
				return nil, fmt.Errorf("%s must be a string", name)
			}
		}
	}
	for name, field := range map[string]*map[string]any{"variables": &r.variables, "extensions": &r.extensions} {
		if *field, err = decodeMap(fields[name]); err != nil {
			return nil, fmt.Errorf("%s must be an object", name)
		}
	}
	return r, r.complete()
}

// requestParameters are the query parameters of a GET.
var requestParameters = []string{"query", "documentId", "operationName", "variables", "extensions"}

// decodeQuery reads the query string of a GET.
func decodeQuery(raw string, nesting int) (*request, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, errors.New("the query string is malformed")
	}
	for _, name := range requestParameters {
		if len(values[name]) > 1 {
			return nil, fmt.Errorf("%s is given twice", name)
		}
		if !utf8.ValidString(values.Get(name)) {
			return nil, fmt.Errorf("%s is not valid UTF-8", name)
		}
	}
	r := &request{query: values.Get("query"), documentID: values.Get("documentId"), operationName: values.Get("operationName")}
	for name, field := range map[string]*map[string]any{"variables": &r.variables, "extensions": &r.extensions} {
		text := []byte(values.Get(name))
		if len(text) == 0 {
			continue
		}
		if nesting >= 0 && limit.Nesting(text) > nesting {
			return nil, errTooDeep
		}
		if *field, err = decodeMap(text); err != nil {
			return nil, fmt.Errorf("%s must be a JSON object", name)
		}
	}
	return r, r.complete()
}

// complete looks into the extensions and makes sure that some document is meant.
func (r *request) complete() error {
	if persisted, given := r.extensions["persistedQuery"]; given {
		fields, _ := persisted.(map[string]any)
		version, _ := fields["version"].(int64)
		hash, ok := fields["sha256Hash"].(string)
		if !ok || version != 1 {
			return errors.New("extensions.persistedQuery must have version 1 and a sha256Hash")
		}
		r.hash = strings.ToLower(hash)
	}
	if r.query == "" && r.documentID == "" && r.hash == "" {
		return errNoDocument
	}
	return nil
}

var (
	errNotJSON = errors.New("the text is not one JSON object")
	errBatch   = errors.New("batches are not served: send one request at a time")
	errTooDeep = errors.New("the JSON nests too deeply")
)

// decodeObject splits the text of one JSON object into its fields. A name that
// stands twice is an error, and so is anything behind the object.
func decodeObject(text []byte, nesting int) (map[string]json.RawMessage, error) {
	if nesting >= 0 && limit.Nesting(text) > nesting {
		return nil, errTooDeep
	}
	if !utf8.Valid(text) {
		return nil, errors.New("the text is not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	switch start, err := d.Token(); {
	case err != nil:
		return nil, errNotJSON
	case start == json.Delim('['):
		return nil, errBatch
	case start != json.Delim('{'):
		return nil, errNotJSON
	}
	fields := make(map[string]json.RawMessage)
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, errNotJSON
		}
		name, _ := token.(string) // the decoder lets only strings stand here
		if _, twice := fields[name]; twice {
			return nil, errors.New("a name stands twice in the JSON object")
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, errNotJSON
		}
		fields[name] = value
	}
	if _, err := d.Token(); err != nil { // the closing brace
		return nil, errNotJSON
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON object")
	}
	return fields, nil
}

var errWrongType = errors.New("another type is wanted")

// decodeString reads a string; null is "".
func decodeString(raw json.RawMessage) (string, error) {
	var s *string
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", errWrongType
	}
	if s == nil {
		return "", nil
	}
	return *s, nil
}

// decodeMap reads an object; null and nothing are nil. Whole numbers of 64 bits
// become int64, smaller ones with a fraction float64, and what is larger stays
// the json.Number that it was.
func decodeMap(raw json.RawMessage) (map[string]any, error) {
	if raw == nil {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		return nil, errWrongType
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errWrongType
	}
	for name, value := range m {
		m[name] = settled(value)
	}
	return m, nil
}

func settled(value any) any {
	switch value := value.(type) {
	case json.Number:
		return settledNumber(value)
	case map[string]any:
		for name, inner := range value {
			value[name] = settled(inner)
		}
	case []any:
		for i, inner := range value {
			value[i] = settled(inner)
		}
	}
	return value
}

func settledNumber(n json.Number) any {
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return i
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || math.Abs(f) >= 1<<53 {
		return n
	}
	if f == math.Trunc(f) {
		return int64(f) // such as 1e3
	}
	return f
}

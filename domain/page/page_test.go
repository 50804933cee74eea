package page_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/domain/fault"
	"dure/domain/page"
)

var codec = page.Codec{Key: []byte("a key of thirty-two bytes, or so")}

// refused asserts that a cursor is told apart, on the argument that carries it.
func refused(t require.TestingT, cursor string, err error) {
	assert.ErrorIs(t, err, fault.New(fault.Invalid, "page.bad_cursor"), "%q", cursor)
	faults, _ := fault.All(err)
	if assert.Len(t, faults, 1) {
		assert.Equal(t, "after", faults[0].Field)
	}
}

func TestACursorSaysWhatItWasMadeOf(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "김철수", strings.Repeat("논", 100), "2026-11-24T00:00:00Z", "🚜", "\xff"}))
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(text.Filter(func(s string) bool { return !strings.Contains(s, "\x1f") }), 1, 4).Draw(t, "keys")
		got, err := codec.Decode("customers", codec.Encode("customers", keys...))
		require.NoError(t, err)
		assert.Equal(t, keys, got)
	})
}

func TestACursorThatWasChangedIsRefused(t *testing.T) {
	good := codec.Encode("customers", "김철수", "cus_1")
	raw, err := base64.RawURLEncoding.DecodeString(good)
	require.NoError(t, err)
	cursors := map[string]string{
		"nothing but text":              "next page please",
		"standard padding":              good + "=",
		"a byte more":                   good + "A",
		"a line break":                  good + "\n",
		"another list's":                codec.Encode("quotes", "김철수", "cus_1"),
		"a list's whose name is longer": codec.Encode("customers/", "김철수", "cus_1"),
		"another deployment's":          page.Codec{Key: []byte("another key")}.Encode("customers", "김철수", "cus_1"),
		"no MAC":                        base64.RawURLEncoding.EncodeToString([]byte("customers\x1f김철수\x1fcus_1")),
		"a MAC and nothing else":        base64.RawURLEncoding.EncodeToString(raw[:9]),
		"a megabyte":                    strings.Repeat("A", 1<<20),
		"a value that was joined":       base64.RawURLEncoding.EncodeToString(append(raw[:9:9], "customers\x1f김철수\x1fcus_2"...)),
	}
	for i := range len(good) {
		cursors["cut after "+good[:i]] = good[:i]
	}
	for name, cursor := range cursors {
		got, err := codec.Decode("customers", cursor)
		assert.Nil(t, got, name)
		refused(t, cursor, err)
	}
	for i := range raw {
		for bit := range 8 {
			changed := append([]byte{}, raw...)
			changed[i] ^= 1 << bit
			cursor := base64.RawURLEncoding.EncodeToString(changed)
			_, err := codec.Decode("customers", cursor)
			refused(t, cursor, err)
		}
	}
}

// The last character of base64 carries bits that mean nothing: a cursor has one
// spelling all the same.
func TestACursorHasOneSpelling(t *testing.T) {
	good := codec.Encode("customers", "cus_1")
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for _, last := range alphabet {
		cursor := good[:len(good)-1] + string(last)
		_, err := codec.Decode("customers", cursor)
		assert.Equal(t, cursor == good, err == nil, cursor)
	}
}

func TestRequest(t *testing.T) {
	number := func(n int) *int { return &n }
	word := func(s string) *string { return &s }
	good := codec.Encode("customers", "cus_1")
	for name, tt := range map[string]struct {
		first *int
		after *string
		want  page.Request
		field string
	}{
		"neither":                     {want: page.Request{Limit: page.Default}},
		"the smallest page":           {first: number(1), want: page.Request{Limit: 1}},
		"the largest page":            {first: number(page.Max), want: page.Request{Limit: page.Max}},
		"a page of nothing":           {first: number(0), field: "first"},
		"a negative page":             {first: number(-1), field: "first"},
		"a page past the largest":     {first: number(page.Max + 1), field: "first"},
		"an empty cursor is none":     {after: word(""), want: page.Request{Limit: page.Default}},
		"a cursor":                    {after: &good, want: page.Request{Limit: page.Default, After: []string{"cus_1"}}},
		"a cursor that was made up":   {after: word("cus_1"), field: "after"},
		"both are wrong: first first": {first: number(0), after: word("x"), field: "first"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := codec.Request("customers", tt.first, tt.after)
			if tt.field == "" {
				require.NoError(t, err)
				assert.Equal(t, tt.want, got)
				return
			}
			assert.Equal(t, fault.Invalid, fault.CodeOf(err))
			faults, _ := fault.All(err)
			assert.Equal(t, tt.field, faults[0].Field)
		})
	}
}

// Whatever the list and the page size, walking the pages meets every row once,
// in order, and ends.
func TestPagesPutTogetherAreTheList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.StringMatching(`[a-z가-힣]{1,5}`), 0, 30).Draw(t, "rows")
		limit := rapid.IntRange(1, 12).Draw(t, "limit")
		var walked []string
		var after *string
		for range len(all) + 2 {
			r, err := codec.Request("rows", &limit, after)
			require.NoError(t, err)
			assert.Equal(t, after != nil, r.After != nil)
			rest := all[len(walked):]
			conn := page.Build(codec, "rows", r, rest[:min(len(rest), limit+1)], len(all), func(s string) []string { return []string{s} })
			walked = append(walked, conn.Nodes...)

			assert.Equal(t, len(all), conn.TotalCount)
			assert.Len(t, conn.Edges, len(conn.Nodes))
			assert.Equal(t, after != nil, conn.PageInfo.HasPreviousPage)
			assert.Equal(t, len(walked) < len(all), conn.PageInfo.HasNextPage)
			if len(conn.Nodes) == 0 {
				assert.Nil(t, conn.PageInfo.StartCursor)
				assert.Nil(t, conn.PageInfo.EndCursor)
			} else {
				assert.Equal(t, conn.Edges[0].Cursor, *conn.PageInfo.StartCursor)
				assert.Equal(t, conn.Edges[len(conn.Edges)-1].Cursor, *conn.PageInfo.EndCursor)
			}
			if !conn.PageInfo.HasNextPage {
				break
			}
			after = conn.PageInfo.EndCursor
		}
		assert.Equal(t, append([]string(nil), all...), append([]string(nil), walked...))
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(codec.Encode("customers", "김철수", "cus_1"))
	f.Add("")
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, cursor string) {
		keys, err := codec.Decode("customers", cursor)
		if err != nil {
			refused(t, cursor, err)
			return
		}
		assert.Equal(t, cursor, codec.Encode("customers", keys...), "only what Encode wrote is read")
	})
}

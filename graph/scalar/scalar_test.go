package scalar_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/money"
	"dure/graph/scalar"
)

func text(m graphql.Marshaler) string {
	var b strings.Builder
	m.MarshalGQL(&b)
	return b.String()
}

// refused checks that err is an INVALID GraphQL error with a fault inside.
func refused(t *testing.T, err error, key string) {
	t.Helper()
	var g *gqlerror.Error
	require.ErrorAs(t, err, &g)
	assert.Equal(t, "INVALID", g.Extensions["code"])
	assert.NotContains(t, g.Message, "wrong", "has words")
	faults, only := fault.All(err)
	require.True(t, only)
	assert.Equal(t, key, faults[0].Key)
}

func TestWon(t *testing.T) {
	for name, tt := range map[string]struct {
		in   any
		want money.Won
		key  string
	}{
		"a JSON integer":            {in: json.Number("52300000"), want: 52_300_000},
		"a literal":                 {in: int64(-5), want: -5},
		"nothing":                   {in: nil},
		"the largest":               {in: json.Number("1000000000000"), want: money.Max},
		"one more":                  {in: json.Number("1000000000001"), key: "money.too_large"},
		"one less than the least":   {in: int64(-1_000_000_000_001), key: "money.too_large"},
		"beyond 64 bits":            {in: json.Number("99999999999999999999"), key: "money.too_large"},
		"below 64 bits":             {in: json.Number("-99999999999999999999"), key: "money.too_large"},
		"a fraction":                {in: json.Number("1.5"), key: "scalar.bad_won"},
		"a fraction of nothing":     {in: json.Number("1.0"), key: "scalar.bad_won"},
		"an exponent":               {in: json.Number("1e3"), key: "scalar.bad_won"},
		"a float literal":           {in: 5.0, key: "scalar.bad_won"},
		"a text":                    {in: "5", key: "scalar.bad_won"},
		"a truth value":             {in: true, key: "scalar.bad_won"},
		"a list":                    {in: []any{1}, key: "scalar.bad_won"},
		"an empty number":           {in: json.Number(""), key: "scalar.bad_won"},
		"a sign without a number":   {in: json.Number("-"), key: "scalar.bad_won"},
		"a number with a separator": {in: json.Number("1_000"), key: "scalar.bad_won"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := scalar.UnmarshalWon(tt.in)
			assert.Equal(t, tt.want, got)
			if tt.key != "" {
				refused(t, err, tt.key)
				return
			}
			assert.NoError(t, err)
		})
	}
	assert.Equal(t, "-52300000", text(scalar.MarshalWon(-52_300_000)))
}

func TestInt(t *testing.T) {
	for _, in := range []any{json.Number("2147483647"), int64(-2147483648), nil} {
		_, err := scalar.UnmarshalInt(in)
		assert.NoError(t, err)
	}
	for _, in := range []any{json.Number("2147483648"), int64(-2147483649), json.Number("1.5"), 1.0, "1", true} {
		_, err := scalar.UnmarshalInt(in)
		refused(t, err, "scalar.bad_int")
	}
	assert.Equal(t, "-7", text(scalar.MarshalInt(-7)))
}

func TestID(t *testing.T) {
	for want, in := range map[string]any{"ctr_1": "ctr_1", "": nil, "7": json.Number("7"), "99999999999999999999": json.Number("99999999999999999999")} {
		got, err := scalar.UnmarshalID(in)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	for _, in := range []any{1.5, json.Number("1.5"), true, []any{"x"}} {
		_, err := scalar.UnmarshalID(in)
		refused(t, err, "scalar.bad_id")
	}
	assert.Equal(t, `"a\"b"`, text(scalar.MarshalID(`a"b`)))
}

func TestBoardVersion(t *testing.T) {
	n, err := scalar.UnmarshalBoardVersion(json.Number("9223372036854775807"))
	require.NoError(t, err)
	assert.Equal(t, "9223372036854775807", text(scalar.MarshalBoardVersion(n)))
	_, err = scalar.UnmarshalBoardVersion(json.Number("9223372036854775808"))
	refused(t, err, "scalar.bad_version")
}

func TestDateTime(t *testing.T) {
	for name, tt := range map[string]struct {
		in   any
		want string
		key  string
	}{
		"Korean time":                   {in: "2026-11-24T09:00:00+09:00", want: `"2026-11-24T00:00:00Z"`},
		"microseconds are kept":         {in: "2026-11-24T00:00:00.123456Z", want: `"2026-11-24T00:00:00.123456Z"`},
		"nanoseconds are cut":           {in: "2026-11-24T00:00:00.123456789Z", want: `"2026-11-24T00:00:00.123456Z"`},
		"nothing is null":               {in: nil, want: "null"},
		"the first moment":              {in: "1900-01-01T00:00:00+09:00", want: `"1899-12-31T15:00:00Z"`},
		"no offset":                     {in: "2026-11-24T09:00:00", key: "scalar.bad_date_time"},
		"a date alone":                  {in: "2026-11-24", key: "scalar.bad_date_time"},
		"a day that does not exist":     {in: "2026-02-30T00:00:00Z", key: "scalar.bad_date_time"},
		"an hour of one digit":          {in: "2026-11-24T9:00:00Z", key: "scalar.bad_date_time"},
		"a comma":                       {in: "2026-11-24T09:00:00,5Z", key: "scalar.bad_date_time"},
		"an offset that does not exist": {in: "2026-11-24T09:00:00+25:00", key: "scalar.bad_date_time"},
		"seconds since 1970":            {in: json.Number("1700000000"), key: "scalar.bad_date_time"},
		"an empty text":                 {in: "", key: "scalar.bad_date_time"},
		"a year too early":              {in: "1899-12-31T23:59:59+09:00", key: "scalar.year_out_of_range"},
		"a year too late":               {in: "2201-01-01T00:00:00+09:00", key: "scalar.year_out_of_range"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := scalar.UnmarshalDateTime(tt.in)
			if tt.key != "" {
				refused(t, err, tt.key)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, time.UTC, got.Location())
			assert.Equal(t, tt.want, text(scalar.MarshalDateTime(got)))
		})
	}
}

func TestDate(t *testing.T) {
	got, err := scalar.UnmarshalDate("2026-11-24")
	require.NoError(t, err)
	assert.Equal(t, time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC), got)
	assert.Equal(t, `"2026-11-24"`, text(scalar.MarshalDate(got)))
	assert.Equal(t, `"2026-11-24"`, text(scalar.MarshalDate(got.Add(24*time.Hour-time.Microsecond))))
	assert.Equal(t, "null", text(scalar.MarshalDate(time.Time{})))
	got, err = scalar.UnmarshalDate(nil)
	require.NoError(t, err)
	assert.Zero(t, got)
	for _, in := range []any{"2026-2-3", "2026-02-30", "24.11.2026", "", 20261124, "2026-11-24T00:00:00Z"} {
		_, err := scalar.UnmarshalDate(in)
		refused(t, err, "scalar.bad_date")
	}
	for _, in := range []string{"1899-12-31", "2201-01-01"} {
		_, err := scalar.UnmarshalDate(in)
		refused(t, err, "scalar.year_out_of_range")
	}
}

func TestFacts(t *testing.T) {
	assert.Equal(t, `{"a":1,"b":"x","c":true}`, text( //nolint:testifylint // the order of the names is the point
		scalar.MarshalFacts(act.Facts{"c": true, "b": "x", "a": 1})))
	assert.Equal(t, `{}`, text(scalar.MarshalFacts(nil)))
	_, err := scalar.UnmarshalFacts(map[string]any{})
	refused(t, err, "request.not_offered")
}

// The choices are those of the schema, no more and no fewer.
func TestChoices(t *testing.T) {
	files, err := filepath.Glob("../../schema/*.graphqls")
	require.NoError(t, err)
	enums := map[string][]string{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		doc, err := parser.ParseSchema(&ast.Source{Name: file, Input: string(source)})
		require.NoError(t, err)
		for _, d := range doc.Definitions {
			for _, v := range d.EnumValues {
				enums[d.Name] = append(enums[d.Name], v.Name)
			}
		}
	}
	for name, read := range map[string]func(any) (string, error){
		"Terrain": func(v any) (string, error) {
			t, err := scalar.UnmarshalTerrain(v)
			return text(scalar.MarshalTerrain(t)), err
		},
		"LostReason": func(v any) (string, error) {
			s, err := scalar.UnmarshalLostReason(v)
			return text(scalar.MarshalLostReason(s)), err
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NotEmpty(t, enums[name])
			for _, value := range enums[name] {
				got, err := read(value)
				require.NoError(t, err)
				assert.Equal(t, `"`+value+`"`, got)
			}
			got, err := read(nil)
			require.NoError(t, err)
			assert.Equal(t, "null", got)
			for _, in := range []any{"", "flat", 3} {
				_, err := read(in)
				refused(t, err, "scalar.bad_choice")
				for _, value := range enums[name] {
					assert.True(t, slices.Contains(strings.FieldsFunc(err.Error(), func(r rune) bool { return strings.ContainsRune(" ,.", r) }), value))
				}
			}
		})
	}
}

func TestAnErrorTakesTheInputsPath(t *testing.T) {
	name := "discount"
	ctx := graphql.WithPathContext(context.Background(), graphql.NewPathWithField(name))
	_, err := scalar.UnmarshalWon("5")
	var g *gqlerror.Error
	require.ErrorAs(t, graphql.ErrorOnPath(ctx, err), &g)
	assert.Equal(t, "discount", g.Path.String())
}

func FuzzDateTime(f *testing.F) {
	f.Add("2026-11-24T09:00:00.123456+09:00")
	f.Fuzz(func(t *testing.T, in string) {
		first, err := scalar.UnmarshalDateTime(in)
		if err != nil {
			return
		}
		var out string
		require.NoError(t, json.Unmarshal([]byte(text(scalar.MarshalDateTime(first))), &out))
		again, err := scalar.UnmarshalDateTime(out)
		require.NoError(t, err)
		assert.Equal(t, first, again)
	})
}

func FuzzWon(f *testing.F) {
	f.Add("52300000")
	f.Fuzz(func(t *testing.T, in string) {
		won, err := scalar.UnmarshalWon(json.Number(in))
		if err != nil {
			return
		}
		again, err := scalar.UnmarshalWon(json.Number(text(scalar.MarshalWon(won))))
		require.NoError(t, err)
		assert.Equal(t, won, again)
	})
}

package words

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/iq"
)

func TestPick(t *testing.T) {
	for name, tt := range map[string]struct {
		setting, header string
		want            Language
	}{
		"nobody said anything":                    {want: Ko},
		"the user's setting wins":                 {setting: "en", header: "ko", want: En},
		"an unknown setting does not count":       {setting: "fr", header: "en", want: En},
		"the header's best wins":                  {header: "en-GB,ko;q=0.8", want: En},
		"q-values count, not the order":           {header: "en;q=0.3, ko-KR;q=0.9", want: Ko},
		"an unknown language is passed over":      {header: "fr, en;q=0.5", want: En},
		"only unknown languages fall to Korean":   {header: "fr, th", want: Ko},
		"a refused language is not chosen":        {header: "en;q=0", want: Ko},
		"a first with little weight":              {header: "ko;q=0.1,en;q=0.9", want: En},
		"a script is left to the parser":          {header: "en-Latn-US,ko", want: En},
		"nonsense falls to Korean":                {header: ";;;q=,", want: Ko},
		"a header past its bound is not read":     {header: strings.Repeat("en,", 200), want: Ko},
		"anything goes, so the default is chosen": {header: "*", want: Ko},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, Pick(tt.setting, tt.header)) })
	}
}

func TestLanguageOfAContext(t *testing.T) {
	assert.Equal(t, Ko, From(context.Background()))
	assert.Equal(t, En, From(With(context.Background(), En)))
}

func TestFault(t *testing.T) {
	for name, tt := range map[string]struct {
		language Language
		fault    *fault.Fault
		want     string
	}{
		"numbers are separated":            {Ko, fault.New(fault.Invalid, "money.too_large", int64(1_000_000_000_000)), "금액이 너무 커요. 1,000,000,000,000원까지 적을 수 있어요."},
		"English too":                      {En, fault.New(fault.Invalid, "page.bad_first", 100), "Ask for 1 to 100 at a time."},
		"seconds become hours":             {Ko, fault.New(fault.Invalid, "consultation.bad_seconds", 14_400), "영상 시청은 한 번에 4시간까지 적을 수 있어요."},
		"an ending agrees with its noun":   {Ko, fault.New(fault.NotFound, "quote.not_found"), "찾으시는 견적이 없어요. 목록에서 다시 골라 주세요."},
		"and with another":                 {Ko, fault.New(fault.NotFound, "territory.not_found"), "찾으시는 담당 지역이 없어요. 목록에서 다시 골라 주세요."},
		"and after a vowel":                {Ko, fault.New(fault.NotFound, "session.not_found"), "찾으시는 로그인이 없어요. 목록에서 다시 골라 주세요."},
		"a noun that ends in a vowel":      {Ko, fault.New(fault.Conflict, "device.changed"), "그 사이에 다른 분이 기기를 고쳤어요. 새로 고친 뒤 다시 해 주세요."},
		"an unknown key falls to its code": {Ko, fault.New(fault.Conflict, "nothing.like_it"), "그 사이에 내용이 바뀌었어요. 새로 고친 뒤 다시 해 주세요."},
		"an unknown code is internal":      {En, fault.New("WHAT", "x"), Code(En, fault.Internal)},
		"a missing argument":               {En, fault.New(fault.Invalid, "page.bad_first"), "Ask for 1 to ? at a time."},
		"an unknown language is Korean":    {"fr", fault.New(fault.Unauthenticated, "identity.sign_in_first"), "먼저 로그인해 주세요."},
		"nothing at all":                   {En, nil, Code(En, fault.Internal)},
		"an argument with braces":          {En, fault.New(fault.Invalid, "rulebook.duplicate_key", "{0}{1"), "The rule {0}{1 is there twice. Remove one."},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, Fault(tt.language, tt.fault)) })
	}
}

func TestExplain(t *testing.T) {
	assert.Equal(t, "30점을 받았어요.", Explain(Ko, "iq.earned", map[string]any{"points": 30}))
	assert.Equal(t, "1 point earned.", Explain(En, "iq.earned", map[string]any{"points": float64(1)}))
	assert.Equal(t, "견적을 드리고 50.5시간 만에 연락하셨어요. 48시간 안이면 점수가 있어요.",
		Explain(Ko, "iq.followed_too_late", map[string]any{"have": 50.4999, "want": 48}))
	assert.Equal(t, "규칙에 따라 점수를 매겼어요.", Explain(Ko, "iq.unheard_of", nil))
	assert.Equal(t, "Points by the rules.", Explain(En, "contract.changed", nil), "only explanations explain")
}

func TestAct(t *testing.T) {
	for name, tt := range map[string]struct {
		language Language
		kind     act.Kind
		facts    act.Facts
		want     string
	}{
		"a quote with a discount":     {Ko, act.QuoteIssued, act.Facts{"discountBP": 320, "withinBand": true}, "견적을 보냈어요 (할인 3.2 %)"},
		"a quote without one":         {Ko, act.QuoteIssued, act.Facts{"discountBP": 0.0, "withinBand": true}, "견적을 보냈어요"},
		"a quote that waits":          {En, act.QuoteIssued, act.Facts{"discountBP": 1200, "withinBand": false}, "Quote sent (discount 12 %, waits for approval)"},
		"a video":                     {Ko, act.ProductPresented, act.Facts{"watchedSeconds": 95}, "제품을 보여 드렸어요 (영상 1분 35초)"},
		"a lost deal with its reason": {Ko, act.DealLost, act.Facts{"reason": "PRICE"}, "이번에는 계약하지 않았어요 (가격 때문)"},
		"a lost deal without one":     {En, act.DealLost, act.Facts{"reason": ""}, "No contract this time"},
		"a contract":                  {Ko, act.ContractSigned, act.Facts{"price": int64(52_300_000)}, "태블릿으로 계약했어요 (52,300,000원)"},
		"facts of another kind":       {Ko, act.ContractSigned, act.Facts{"price": "much"}, "태블릿으로 계약했어요"},
		"no facts":                    {En, act.ContractCancelled, nil, "Contract cancelled"},
		"an unknown kind":             {Ko, "field.ploughed", nil, "새로운 일이 있었어요"},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, Act(tt.language, tt.kind, tt.facts)) })
	}
}

func TestParticlesAgreeWithWhatStandsBefore(t *testing.T) {
	for text, want := range map[string]string{
		"{x}{은/는}:쌀": "쌀은", "{x}{은/는}:보리": "보리는", "{x}{이/가}:3": "3이", "{x}{이/가}:2": "2가",
		"{x}{을/를}:100": "100을", "{x}{으로/로}:서울": "서울로", "{x}{으로/로}:부산": "부산으로", "{x}{으로/로}:7": "7로",
		"{x}{과/와}:DR50": "DR50과", "{x}{이/가}:3.2 %": "3.2 %가", "{x}{은/는}:견적(가)": "견적(가)는", "{x}{을/를}:": "를",
		"{x}{을/를}:1,000,000,000,000": "1,000,000,000,000를", "{x}{을/를}:1,000,000,000": "1,000,000,000을", "{x}{이/가}:PTO": "PTO가", "{x}{이/가}:GPS M": "GPS M이",
	} {
		text, x, _ := strings.Cut(text, ":")
		assert.Equal(t, want, fill(Ko, text, map[string]any{"x": x}))
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[any]string{
		0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", 1.25: "1.3", -0.01: "0", 1e18: "1000000000000000000", uint8(7): "7",
	} {
		assert.Equal(t, want, fill(En, "{n}", map[string]any{"n": n}))
	}
	assert.Equal(t, "0초", span(Ko, 0))
	assert.Equal(t, "1 h 1 s", span(En, 3601))
}

func FuzzFill(f *testing.F) {
	f.Add("{0}{은/는} {a|b|c} {n:bp", "쌀")
	f.Fuzz(func(t *testing.T, text, arg string) {
		for _, l := range Languages {
			_ = fill(l, text, map[string]any{"0": arg, "n": len(arg)})
		}
	})
}

var slot = regexp.MustCompile(`\{([^{}/]*)\}`)

// names returns the arguments that a text asks for, in order.
func names(text string) []string {
	found := map[string]bool{}
	for _, m := range slot.FindAllStringSubmatch(text, -1) {
		name, _, _ := strings.Cut(m[1], "|")
		name, _, _ = strings.Cut(name, ":")
		found[name] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func TestBothLanguagesHoldTheSameKeysAndArguments(t *testing.T) {
	assert.Equal(t, slices.Sorted(maps.Keys(catalogues[Ko])), slices.Sorted(maps.Keys(catalogues[En])))
	for key, text := range catalogues[Ko] {
		assert.Equal(t, names(text), names(catalogues[En][key]), key)
		assert.NotContains(t, text, "니다", "%s: 해요체로 적어요", key)
		assert.Equal(t, strings.Count(text, "{"), strings.Count(text, "}"), key)
	}
}

func TestEveryExplanationHasWordsForItsArguments(t *testing.T) {
	for key, args := range iq.ExplanationKeys {
		require.Contains(t, catalogues[Ko], key)
		assert.Subset(t, args, names(catalogues[Ko][key]), key)
	}
}

func TestEveryActHasWords(t *testing.T) {
	for _, kind := range constants(t, "../../domain/act", "Kind") {
		assert.Contains(t, catalogues[Ko], "act."+kind)
	}
	for kind, facts := range details {
		for _, fact := range facts {
			if fact != "reason" && fact != "status" { // which are worded by their values
				assert.Contains(t, catalogues[Ko], "detail."+fact, kind)
			}
		}
	}
}

func TestAReportSaysWhatItReports(t *testing.T) {
	assert.Equal(t, "배송 소식이 왔어요 (늦어짐)", Act(Ko, act.ShipmentMoved, act.Facts{"status": "DELAYED"}))
	assert.Equal(t, "News from the delivery (arrived)", Act(En, act.ShipmentMoved, act.Facts{"status": "ARRIVED"}))
	assert.Equal(t, "Machine handed over (5 items of training)", Act(En, act.DeliveryProved, act.Facts{"trainingDone": 5}))
}

// A key must stand in the source as a text, or as noun + ".ending".
func TestEveryFaultInTheSourceHasWords(t *testing.T) {
	root := "../.."
	seen := 0
	for _, dir := range []string{"domain", "adapters", "graph", "resolvers", "jobs", "server"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			for _, use := range faultKeys(t, path) {
				seen++
				key := use.key
				if ending, composed := strings.CutPrefix(key, "*"); composed {
					assert.Contains(t, catalogues[Ko], "*"+ending, "%s makes keys that end in %s", path, ending)
					continue
				}
				assert.True(t, has(key), "%s uses %s, which has no words", path, key)
				if strings.HasPrefix(key, "iq.") {
					continue // its arguments have names; another test looks at them
				}
				for _, name := range names(catalogues[Ko][key]) {
					n, err := strconv.Atoi(name)
					assert.True(t, err == nil && (use.args < 0 || n < use.args), "%s gives %s no {%s}", path, key, name)
				}
			}
			return nil
		})
		require.NoError(t, err)
	}
	assert.Greater(t, seen, 50, "the scan finds the faults")
}

// nounTakers are the store's functions that make a key of the noun they are given.
var nounTakers = map[string]string{"found": ".not_found", "changedOne": ".changed", "inserted": ".taken"}

// likeAFault is what keys look like that reach fault.New through a variable.
var likeAFault = regexp.MustCompile(`^"[a-z_]+\.(not_found|not_a_\w+|bad_\w+|no_\w+|unknown_\w+|\w+_missing|too_\w+|\w+_needed|only_for_\w+|none_for_\w+|out_of_range|duplicate_\w+)"$`)

// use is a key where it is used, and how many arguments it is given; -1 when the
// source does not tell.
type use struct {
	key  string
	args int
}

// faultKeys returns the keys of a file's faults: those given to fault.New or that
// look like it, and "*.ending" for those put together from a noun.
func faultKeys(t *testing.T, path string) []use {
	t.Helper()
	source, err := os.ReadFile(path)
	require.NoError(t, err)
	file, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
	if err != nil {
		return nil // somebody else's test says that it does not compile
	}
	var keys []use
	ast.Inspect(file, func(n ast.Node) bool {
		if text, ok := n.(*ast.BasicLit); ok && likeAFault.MatchString(text.Value) {
			keys = append(keys, use{unquote(t, text), -1})
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) < 2 {
			return true
		}
		if name, ok := call.Fun.(*ast.Ident); ok && nounTakers[name.Name] != "" {
			if noun, ok := call.Args[len(call.Args)-1].(*ast.BasicLit); ok {
				keys = append(keys, use{unquote(t, noun) + nounTakers[name.Name], -1})
			}
			return true
		}
		if name, ok := call.Fun.(*ast.SelectorExpr); !ok || name.Sel.Name != "New" {
			return true
		} else if pkg, ok := name.X.(*ast.Ident); !ok || pkg.Name != "fault" {
			return true
		}
		switch key := call.Args[1].(type) {
		case *ast.BasicLit:
			given := len(call.Args) - 2
			if call.Ellipsis.IsValid() {
				given = -1
			}
			keys = append(keys, use{unquote(t, key), given})
		case *ast.BinaryExpr:
			if ending, ok := key.Y.(*ast.BasicLit); ok {
				keys = append(keys, use{"*" + unquote(t, ending), -1})
			}
		}
		return true
	})
	return keys
}

// constants returns the texts of a package's constants of a named type.
func constants(t *testing.T, dir, typeName string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	var texts []string
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if of, ok := spec.Type.(*ast.Ident); ok && of.Name == typeName {
				for _, v := range spec.Values {
					if text, ok := v.(*ast.BasicLit); ok {
						texts = append(texts, unquote(t, text))
					}
				}
			}
			return true
		})
	}
	require.NotEmpty(t, texts)
	return texts
}

func unquote(t *testing.T, literal *ast.BasicLit) string {
	t.Helper()
	text, err := strconv.Unquote(literal.Value)
	require.NoError(t, err)
	return text
}

// has reports whether every language has words for key.
func has(key string) bool {
	for _, l := range Languages {
		if _, _, ok := find(l, key); !ok {
			return false
		}
	}
	return true
}

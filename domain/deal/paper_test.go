package deal_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/kst"
)

func paper() deal.ContractPaper {
	return deal.ContractPaper{
		Number: "C-2026-000001", DraftedAt: monday, Dealer: deal.PaperParty{Name: "김제대리점"}, Customer: deal.PaperParty{Name: "김철수"},
		Lines: []deal.QuoteLine{{Amount: 100}, {Amount: 50}}, ListTotal: 150, Discount: 10, TradeIn: deal.TradeIn{Amount: 40}, Total: 100,
	}
}

func TestAPaperIsCheckedBeforeItIsRendered(t *testing.T) {
	require.NoError(t, paper().Check())
	for name, spoil := range map[string]func(*deal.ContractPaper){
		"without a number":                  func(p *deal.ContractPaper) { p.Number = "" },
		"without a dealer":                  func(p *deal.ContractPaper) { p.Dealer.Name = "" },
		"without a customer":                func(p *deal.ContractPaper) { p.Customer.Name = "" },
		"without a date":                    func(p *deal.ContractPaper) { p.DraftedAt = time.Time{} },
		"without a line":                    func(p *deal.ContractPaper) { p.Lines = nil },
		"a list total that is one won less": func(p *deal.ContractPaper) { p.ListTotal-- },
		"a total that is one won more":      func(p *deal.ContractPaper) { p.Total++ },
		"a discount that was left out":      func(p *deal.ContractPaper) { p.Discount = 0 },
		"a trade-in that was left out":      func(p *deal.ContractPaper) { p.TradeIn.Amount = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			p := paper()
			spoil(&p)
			assert.Error(t, p.Check())
		})
	}
}

func drawn(strokes ...[]deal.Point) deal.SignatureMark {
	return deal.SignatureMark{Strokes: strokes, Width: 600, Height: 200, SignerName: "김철수", DeviceID: "tablet-1", SignedAt: monday, ReceivedAt: monday.Add(time.Second)}
}

func TestSignatureMarkCheck(t *testing.T) {
	stroke := []deal.Point{{X: 1, Y: 1}, {X: 2, Y: 2}}
	long := slices.Repeat(stroke, deal.MaxSignaturePoints/2)
	box := func(width, height float64) deal.SignatureMark {
		m := drawn(stroke)
		m.Width, m.Height = width, height
		return m
	}
	for name, tt := range map[string]struct {
		mark deal.SignatureMark
		key  string
	}{
		"a stroke":                        {mark: drawn(stroke)},
		"the corners of the box":          {mark: drawn([]deal.Point{{X: 0, Y: 0}, {X: 600, Y: 200}})},
		"two dots":                        {mark: drawn([]deal.Point{{X: 1, Y: 1}}, []deal.Point{{X: 1, Y: 2}})},
		"empty strokes beside a real one": {mark: drawn(nil, stroke, []deal.Point{})},
		"as many points as may be":        {mark: drawn(long)},
		"as many strokes as may be":       {mark: drawn(slices.Repeat([][]deal.Point{stroke}, deal.MaxSignatureStrokes)...)},
		"nothing":                         {drawn(), "contract.signature_missing"},
		"empty strokes":                   {drawn(nil, []deal.Point{}), "contract.signature_missing"},
		"one dot":                         {drawn([]deal.Point{{X: 1, Y: 1}}), "contract.signature_missing"},
		"the same dot a thousand times":   {drawn(slices.Repeat([]deal.Point{{X: 1, Y: 1}}, 1_000)), "contract.signature_missing"},
		"a point too many":                {drawn(long, stroke), "contract.signature_bad"},
		"a stroke too many":               {drawn(slices.Repeat([][]deal.Point{stroke}, deal.MaxSignatureStrokes+1)...), "contract.signature_bad"},
		"left of the box":                 {drawn([]deal.Point{{X: -0.01, Y: 1}, {X: 2, Y: 2}}), "contract.signature_bad"},
		"below the box":                   {drawn([]deal.Point{{X: 1, Y: 200.01}, {X: 2, Y: 2}}), "contract.signature_bad"},
		"a point that is no number":       {drawn([]deal.Point{{X: math.NaN(), Y: 1}, {X: 2, Y: 2}}), "contract.signature_bad"},
		"a point without end":             {drawn([]deal.Point{{X: 1, Y: math.Inf(1)}, {X: 2, Y: 2}}), "contract.signature_bad"},
		"a point before time":             {drawn([]deal.Point{{X: 1, Y: 1, T: -1}, {X: 2, Y: 2}}), "contract.signature_bad"},
		"a box of no width":               {box(0, 200), "contract.signature_bad"},
		"a box that is no number":         {box(math.NaN(), 200), "contract.signature_bad"},
		"a box that is too high":          {box(600, deal.MaxSignatureSide+1), "contract.signature_bad"},
		"a box without end":               {box(math.Inf(1), 200), "contract.signature_bad"},
	} {
		t.Run(name, func(t *testing.T) {
			err := tt.mark.Check()
			if tt.key == "" {
				assert.NoError(t, err)
				return
			}
			about(t, err, fault.Invalid, tt.key, "signature")
		})
	}
}

var anyMark = rapid.Custom(func(t *rapid.T) deal.SignatureMark {
	place := rapid.Float64Range(0, 200)
	point := rapid.Custom(func(t *rapid.T) deal.Point {
		return deal.Point{X: place.Draw(t, "x"), Y: place.Draw(t, "y"), T: rapid.Int64Range(0, 60_000).Draw(t, "t")}
	})
	return drawn(rapid.SliceOfN(rapid.SliceOfN(point, 0, 5), 1, 4).Draw(t, "strokes")...)
})

// The hash that people sign survives being written and read as JSON.
func TestASignaturesHashSurvivesJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMark.Draw(t, "mark")
		text, err := json.Marshal(m)
		require.NoError(t, err)
		var read deal.SignatureMark
		require.NoError(t, json.Unmarshal(text, &read))
		assert.Equal(t, m.SHA256(), read.SHA256())
	})
}

func TestASignaturesHashTellsStrokesApart(t *testing.T) {
	a, b := deal.Point{X: 1, Y: 2, T: 3}, deal.Point{X: 4, Y: 5, T: 6}
	base := drawn([]deal.Point{a, b})
	narrow := base
	narrow.Width = 599
	other := map[string]deal.SignatureMark{
		"as drawn": base, "in two strokes": drawn([]deal.Point{a}, []deal.Point{b}), "the other way round": drawn([]deal.Point{b, a}),
		"a hundredth to the right": drawn([]deal.Point{{X: 1.01, Y: 2, T: 3}, b}), "a millisecond later": drawn([]deal.Point{{X: 1, Y: 2, T: 4}, b}),
		"in a narrower box": narrow, "with an empty stroke": drawn([]deal.Point{a, b}, nil),
	}
	hashes := map[string]string{}
	for name, m := range other {
		hash := m.SHA256()
		assert.Empty(t, hashes[hash], "%s hashes like another", name)
		hashes[hash] = name
	}
	fine := drawn([]deal.Point{{X: 1.001, Y: 2, T: 3}, b})
	assert.Equal(t, base.SHA256(), fine.SHA256(), "less than a hundredth is no difference")
}

// evidence is a chain of events as a contract's life makes it.
func evidence(t *rapid.T) []deal.EvidenceEvent {
	words := rapid.StringMatching(`[a-zA-Z가-힣0-9=\x00]{0,6}`)
	var events []deal.EvidenceEvent
	var last *deal.EvidenceEvent
	for range rapid.IntRange(1, 6).Draw(t, "events") {
		next := deal.EvidenceEvent{
			Kind: words.Draw(t, "kind"), ActorID: words.Draw(t, "actor"),
			At:     monday.Add(time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "after"))),
			Detail: rapid.MapOfN(words, words, 0, 3).Draw(t, "detail"),
		}.Follow(last)
		events = append(events, next)
		last = &next
	}
	return events
}

func TestEvidenceHolds(t *testing.T) {
	require.NoError(t, deal.VerifyEvidence(nil))
	rapid.Check(t, func(t *rapid.T) {
		events := evidence(t)
		require.NoError(t, deal.VerifyEvidence(events))
		for i := range events {
			assert.Equal(t, i+1, events[i].Seq)
			assert.Equal(t, events[i].At, events[i].At.Truncate(time.Microsecond), "as databases keep it")
			events[i].At = events[i].At.In(kst.Zone)
		}
		require.NoError(t, deal.VerifyEvidence(events), "the zone that a time is told in is no difference")

		text, err := json.Marshal(events)
		require.NoError(t, err)
		var read []deal.EvidenceEvent
		require.NoError(t, json.Unmarshal(text, &read))
		require.NoError(t, deal.VerifyEvidence(read), "nor is JSON")
	})
}

func TestEvidenceThatWasTouchedDoesNotHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := evidence(t)
		i := rapid.IntRange(0, len(events)-1).Draw(t, "which")
		e := &events[i]
		switch rapid.SampledFrom([]string{"kind", "actor", "at", "detail", "hash", "number", "gone", "twice"}).Draw(t, "how") {
		case "kind":
			e.Kind += "x"
		case "actor":
			e.ActorID += "x"
		case "at":
			e.At = e.At.Add(time.Microsecond)
		case "detail":
			e.Detail = map[string]string{"one more": ""}
			for name, value := range events[i].Detail {
				e.Detail[name] = value
			}
		case "hash":
			e.Hash = strings.Repeat("0", 64)
		case "number":
			e.Seq++
		case "gone":
			if i == len(events)-1 {
				return // the end of a chain is held by what quotes its last hash
			}
			events = slices.Delete(events, i, i+1)
		case "twice":
			events = slices.Insert(events, i, *e)
		}
		assert.Error(t, deal.VerifyEvidence(events))
	})
}

// A detail cannot be moved into its name, nor a name into its detail.
func TestDetailsAreToldApart(t *testing.T) {
	hash := func(detail map[string]string) string {
		return deal.EvidenceEvent{Kind: "k", At: monday, Detail: detail}.Follow(nil).Hash
	}
	assert.NotEqual(t, hash(map[string]string{"ab": "c"}), hash(map[string]string{"a": "bc"}))
	assert.NotEqual(t, hash(map[string]string{"a": "b", "c": "d"}), hash(map[string]string{"a": "d", "c": "b"}))
	assert.NotEqual(t, hash(nil), hash(map[string]string{"": ""}))
	assert.Equal(t, hash(nil), hash(map[string]string{}))
}

func TestSignedEvidenceBindsThePaperAndTheMark(t *testing.T) {
	m := drawn([]deal.Point{{X: 1, Y: 1}, {X: 2, Y: 2}})
	m.ReceivedAt = monday.Add(1_500 * time.Nanosecond).In(kst.Zone)
	e := deal.SignedEvidence(m, "usr_1", "abc")
	assert.Equal(t, deal.EvidenceEvent{Kind: deal.EvidenceSigned, At: monday, ActorID: "usr_1", Detail: map[string]string{
		deal.DetailPaper: "abc", deal.DetailSignature: m.SHA256(), deal.DetailDevice: "tablet-1",
		deal.DetailReceived: "2026-11-23T01:00:00.000001Z",
	}}, e)
}

package deal_test

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/kst"
	"dure/domain/money"
)

var monday = kst.Date(2026, time.November, 23).Add(10 * time.Hour)

// about asserts that err is one fault with a code, a key and a field.
func about(t *testing.T, err error, code fault.Code, key, field string) {
	t.Helper()
	faults, only := fault.All(err)
	require.True(t, only, "%v", err)
	require.Len(t, faults, 1)
	assert.Equal(t, fault.New(code, key).On(field).Error(), faults[0].Error())
}

func line(unit money.Won, quantity int, options ...money.Won) deal.QuoteLine {
	l := deal.QuoteLine{ProductID: "prd_1", UnitPrice: unit, Quantity: quantity}
	for _, price := range options {
		l.Options = append(l.Options, deal.QuoteOption{Price: price})
	}
	return l
}

func TestPrice(t *testing.T) {
	q := deal.Quote{
		Lines:    []deal.QuoteLine{line(50_000_000, 2, 3_000_000, 2_000_000), line(80_000_000, 1)},
		Discount: 5_700_000, TradeIn: deal.TradeIn{Amount: 10_000_000}, BandBP: 300,
	}
	require.NoError(t, q.Price())
	assert.Equal(t, money.Won(110_000_000), q.Lines[0].Amount)
	assert.Equal(t, money.Won(80_000_000), q.Lines[1].Amount)
	assert.Equal(t, money.Won(190_000_000), q.ListTotal)
	assert.Equal(t, money.Won(174_300_000), q.Total)
	assert.Equal(t, 300, q.DiscountBP)
	assert.True(t, q.WithinBand())
}

func TestPriceRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		q          deal.Quote
		key, field string
	}{
		"no lines":                          {deal.Quote{}, "quote.no_lines", "lines"},
		"no machine":                        {deal.Quote{Lines: []deal.QuoteLine{line(1, 0)}}, "quote.bad_quantity", "lines"},
		"fewer than no machine":             {deal.Quote{Lines: []deal.QuoteLine{line(1, -1)}}, "quote.bad_quantity", "lines"},
		"101 machines":                      {deal.Quote{Lines: []deal.QuoteLine{line(1, 101)}}, "quote.bad_quantity", "lines"},
		"the largest number of machines":    {deal.Quote{Lines: []deal.QuoteLine{line(1, math.MaxInt)}}, "quote.bad_quantity", "lines"},
		"a negative unit price":             {deal.Quote{Lines: []deal.QuoteLine{line(-1, 1)}}, "money.negative", "lines"},
		"a line past the largest price":     {deal.Quote{Lines: []deal.QuoteLine{line(money.Max/2+1, 2)}}, "money.too_large", "lines"},
		"lines past it together":            {deal.Quote{Lines: []deal.QuoteLine{line(money.Max, 1), line(1, 1)}}, "money.too_large", "lines"},
		"a unit price that would overflow":  {deal.Quote{Lines: []deal.QuoteLine{line(math.MaxInt64, 1, 1)}}, "money.too_large", "lines"},
		"an option that would overflow":     {deal.Quote{Lines: []deal.QuoteLine{line(1, 1, math.MaxInt64)}}, "money.too_large", "lines"},
		"a negative discount":               {deal.Quote{Lines: []deal.QuoteLine{line(10, 1)}, Discount: -1}, "money.negative", "discount"},
		"a discount that would overflow":    {deal.Quote{Lines: []deal.QuoteLine{line(10, 1)}, Discount: math.MinInt64}, "money.negative", "discount"},
		"a discount over the total":         {deal.Quote{Lines: []deal.QuoteLine{line(10, 1)}, Discount: 11}, "quote.discount_over_total", "discount"},
		"a negative trade-in":               {deal.Quote{Lines: []deal.QuoteLine{line(10, 1)}, TradeIn: deal.TradeIn{Amount: -1}}, "money.negative", "tradeIn.amount"},
		"a trade-in over what is left":      {deal.Quote{Lines: []deal.QuoteLine{line(10, 1)}, Discount: 5, TradeIn: deal.TradeIn{Amount: 6}}, "quote.trade_in_over_total", "tradeIn.amount"},
		"a trade-in past the largest price": {deal.Quote{Lines: []deal.QuoteLine{line(10, 1)}, TradeIn: deal.TradeIn{Amount: money.Max + 1}}, "money.too_large", "tradeIn.amount"},
	} {
		t.Run(name, func(t *testing.T) {
			about(t, tt.q.Price(), fault.Invalid, tt.key, tt.field)
			assert.Zero(t, tt.q.ListTotal)
			assert.Zero(t, tt.q.Total)
		})
	}
}

// Whatever the amounts are, either they are refused or they add up exactly, and
// nobody pays less than nothing.
func TestPricesAddUp(t *testing.T) {
	amount := rapid.OneOf(
		rapid.Int64Range(0, 200_000_000), rapid.Int64Range(0, int64(money.Max)),
		rapid.SampledFrom([]int64{math.MinInt64, -1, 0, 1, int64(money.Max), int64(money.Max) + 1, math.MaxInt64}),
	)
	rapid.Check(t, func(t *rapid.T) {
		q := deal.Quote{Discount: money.Won(amount.Draw(t, "discount")), TradeIn: deal.TradeIn{Amount: money.Won(amount.Draw(t, "tradeIn"))}}
		list := new(big.Int)
		for range rapid.IntRange(0, 5).Draw(t, "lines") {
			l := line(money.Won(amount.Draw(t, "unit")), rapid.IntRange(-1, 101).Draw(t, "quantity"))
			unit := big.NewInt(int64(l.UnitPrice))
			for range rapid.IntRange(0, 3).Draw(t, "options") {
				price := money.Won(amount.Draw(t, "option"))
				l.Options = append(l.Options, deal.QuoteOption{Price: price})
				unit.Add(unit, big.NewInt(int64(price)))
			}
			list.Add(list, unit.Mul(unit, big.NewInt(int64(l.Quantity))))
			q.Lines = append(q.Lines, l)
		}
		if err := q.Price(); err != nil {
			assert.Equal(t, fault.Invalid, fault.CodeOf(err))
			return
		}
		require.True(t, list.IsInt64())
		assert.Equal(t, list.Int64(), int64(q.ListTotal))
		assert.Equal(t, q.ListTotal, q.Discount+q.TradeIn.Amount+q.Total)
		for _, part := range []money.Won{q.ListTotal, q.Discount, q.TradeIn.Amount, q.Total} {
			assert.GreaterOrEqual(t, part, money.Won(0))
			assert.LessOrEqual(t, part, money.Max)
		}
	})
}

func TestWithinBandIsJudgedToTheWon(t *testing.T) {
	for name, tt := range map[string]struct {
		discount, list money.Won
		band           int
		within         bool
	}{
		"exactly the band":                      {3_000_000, 100_000_000, 300, true},
		"one won beyond it":                     {3_000_001, 100_000_000, 300, false},
		"beyond it by what rounding would hide": {3_004_999, 100_000_000, 300, false},
		"no discount where none is allowed":     {0, 100_000_000, 0, true},
		"one won where none is allowed":         {1, 100_000_000, 0, false},
		"all of the largest price":              {money.Max, money.Max, 10_000, true},
		"all of it in a band of nearly all":     {money.Max, money.Max, 9_999, false},
	} {
		t.Run(name, func(t *testing.T) {
			q := deal.Quote{Lines: []deal.QuoteLine{line(tt.list, 1)}, Discount: tt.discount, BandBP: tt.band}
			require.NoError(t, q.Price())
			assert.Equal(t, tt.within, q.WithinBand())
		})
	}
}

func TestPriceOnly(t *testing.T) {
	for name, tt := range map[string]struct {
		discount     money.Won
		consultation string
		points       []string
		want         bool
	}{
		"within the band it is never":         {3, "", nil, false},
		"beyond it without a consultation":    {4, "", []string{"연비"}, true},
		"beyond it without value points":      {4, "con_1", nil, true},
		"beyond it with both, it is argued":   {4, "con_1", []string{"연비"}, false},
		"beyond it with neither":              {4, "", nil, true},
		"an empty list of points is no point": {4, "con_1", []string{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			q := deal.Quote{Discount: tt.discount, ListTotal: 100, BandBP: 300, ConsultationID: tt.consultation, ValuePoints: tt.points}
			assert.Equal(t, tt.want, q.PriceOnly())
		})
	}
}

func TestAQuoteExpiresAtItsLastMoment(t *testing.T) {
	until := monday.Add(deal.QuoteValidity)
	for name, tt := range map[string]struct {
		status, want deal.QuoteStatus
		at           time.Time
	}{
		"the moment before":         {deal.QuoteIssued, deal.QuoteIssued, until.Add(-time.Microsecond)},
		"the moment itself":         {deal.QuoteIssued, deal.QuoteExpired, until},
		"the same moment in Korea":  {deal.QuoteIssued, deal.QuoteExpired, until.In(kst.Zone)},
		"an accepted one does not":  {deal.QuoteAccepted, deal.QuoteAccepted, until},
		"one that waits still does": {deal.QuoteAwaiting, deal.QuoteAwaiting, until},
		"a refused one stays so":    {deal.QuoteRefused, deal.QuoteRefused, until},
	} {
		t.Run(name, func(t *testing.T) {
			q := deal.Quote{Status: tt.status, ValidUntil: until}
			assert.Equal(t, tt.want, q.StatusAt(tt.at))
		})
	}
}

func TestAccept(t *testing.T) {
	until := monday.Add(deal.QuoteValidity)
	for name, tt := range map[string]struct {
		status deal.QuoteStatus
		at     time.Time
		key    string
	}{
		"an issued one":                 {status: deal.QuoteIssued, at: until.Add(-1)},
		"one that expired":              {deal.QuoteIssued, until, "quote.expired"},
		"one that waits for approval":   {deal.QuoteAwaiting, monday, "quote.awaiting_approval"},
		"a refused one":                 {deal.QuoteRefused, monday, "quote.refused"},
		"one that a newer one replaced": {deal.QuoteSuperseded, monday, "quote.superseded"},
		"an accepted one":               {deal.QuoteAccepted, monday, "quote.already_accepted"},
	} {
		t.Run(name, func(t *testing.T) {
			q := deal.Quote{Status: tt.status, ValidUntil: until}
			err := q.Accept(tt.at)
			if tt.key == "" {
				require.NoError(t, err)
				assert.Equal(t, deal.QuoteAccepted, q.Status)
				return
			}
			about(t, err, fault.Conflict, tt.key, "quoteId")
			assert.Equal(t, tt.status, q.Status, "and nothing changed")
		})
	}
}

var everyStatus = []deal.QuoteStatus{
	deal.QuoteIssued, deal.QuoteAwaiting, deal.QuoteRefused, deal.QuoteSuperseded, deal.QuoteAccepted,
}

func TestDecideIsForWaitingQuotes(t *testing.T) {
	for _, status := range everyStatus {
		for _, approve := range []bool{true, false} {
			q := deal.Quote{Status: status}
			err := q.Decide(approve, "usr_rep", "이번만요", monday)
			if status != deal.QuoteAwaiting {
				about(t, err, fault.Conflict, "quote.not_awaiting", "")
				assert.Equal(t, deal.Quote{Status: status}, q)
				continue
			}
			require.NoError(t, err)
			want := deal.QuoteRefused
			if approve {
				want = deal.QuoteIssued
			}
			assert.Equal(t, deal.Quote{Status: want, DecidedBy: "usr_rep", DecidedAt: monday, DecisionNote: "이번만요"}, q)
		}
	}
}

func TestRevisable(t *testing.T) {
	for _, status := range everyStatus {
		err := (&deal.Quote{Status: status}).Revisable()
		if status == deal.QuoteAccepted || status == deal.QuoteSuperseded {
			about(t, err, fault.Conflict, "quote.not_revisable", "")
		} else {
			assert.NoError(t, err)
		}
	}
}

func TestReleaseAcceptance(t *testing.T) {
	inside := deal.Quote{Discount: 3, ListTotal: 100, BandBP: 300}
	outside := deal.Quote{Discount: 4, ListTotal: 100, BandBP: 300}
	for name, tt := range map[string]struct {
		quote   deal.Quote
		from    deal.QuoteStatus
		channel deal.ContractChannel
		want    deal.QuoteStatus
	}{
		"signed on the tablet":                                {inside, deal.QuoteAccepted, deal.Digital, deal.QuoteIssued},
		"signed on the tablet, so its discount was approved":  {outside, deal.QuoteAccepted, deal.Digital, deal.QuoteIssued},
		"signed on paper within the band":                     {inside, deal.QuoteAccepted, deal.Paper, deal.QuoteIssued},
		"signed on paper outside the band, which asks nobody": {outside, deal.QuoteAccepted, deal.Paper, deal.QuoteAwaiting},
		"a superseded one stays":                              {inside, deal.QuoteSuperseded, deal.Digital, deal.QuoteSuperseded},
		"a refused one stays":                                 {outside, deal.QuoteRefused, deal.Paper, deal.QuoteRefused},
	} {
		t.Run(name, func(t *testing.T) {
			q := tt.quote
			q.Status = tt.from
			q.ReleaseAcceptance(tt.channel)
			assert.Equal(t, tt.want, q.Status)
		})
	}
}

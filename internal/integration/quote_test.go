package integration_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/money"
)

func TestAQuoteAddsUp(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := offer(w.consult(w.gimje).ID)
		in.Lines = []deal.QuoteLineInput{
			{ProductID: "prd_55", OptionIDs: []string{"opt_cabin", "opt_loader"}, Quantity: ptr(2)}, {ProductID: "prd_50", Quantity: ptr(1)},
		}
		in.Discount, in.TradeIn = 2_000_000, &deal.TradeInInput{Description: "옛 트랙터", Amount: 7_000_000}
		in.Finance = &deal.FinanceInput{ProgrammeID: "fin_now", Months: 60, DownPayment: 60_000_000}
		in.ValuePoints = []string{"  논에 알맞아요 ", "   ", "고장이 적어요"}
		q := w.issue(w.gimje, in)
		got, err := w.deals.Quote(w.gimje, q.ID)
		require.NoError(w, err)

		each := price55 + priceCabin + priceLoader
		assert.Equal(w, 2*each, got.Lines[0].Amount, "unit price and options, times the quantity")
		assert.Equal(w, price50, got.Lines[1].Amount)
		assert.Equal(w, []string{"opt_cabin", "opt_loader"}, []string{got.Lines[0].Options[0].OptionID, got.Lines[0].Options[1].OptionID})
		list := 2*each + price50
		assert.Equal(w, list, got.ListTotal)
		assert.Equal(w, list-2_000_000-7_000_000, got.Total, "list total less discount and trade-in")
		assert.Equal(w, []string{"논에 알맞아요", "고장이 적어요"}, got.ValuePoints, "empty ones are left out")
		assert.Equal(w, money.Won(60_000_000), got.DownPayment)
		assert.True(w, repays(got.Monthly, got.Total-got.DownPayment, 450, 60), "%d a month", got.Monthly)
		assert.True(w, got.ValidUntil.Equal(w.now().Add(deal.QuoteValidity)))

		in.Finance = &deal.FinanceInput{ProgrammeID: "fin_free", Months: 12}
		free := w.issue(w.gimje, in)
		assert.Equal(w, (free.Total+11)/12, free.Monthly, "without interest it is shared out, rounded up")
	})
}

// repays reports whether so many won a month are the least whole won that repay
// a loan, walking through it month by month.
func repays(monthly, loan money.Won, rateBP, months int) bool {
	left := func(payment money.Won) float64 {
		rest := float64(loan)
		for range months {
			rest = rest*(1+float64(rateBP)/10_000/12) - float64(payment)
		}
		return rest
	}
	return left(monthly) <= 1e-3 && left(monthly-1) > 0
}

func TestADiscountBeyondTheBandWaitsForApproval(t *testing.T) {
	eachWorld(t, func(w *world) {
		band := price55 * bandBP / 10_000
		for name, tt := range map[string]struct {
			discount money.Won
			want     deal.QuoteStatus
		}{
			"none":                    {0, deal.QuoteIssued},
			"the whole band":          {band, deal.QuoteIssued},
			"one won beyond the band": {band + 1, deal.QuoteAwaiting},
			"far beyond":              {price55, deal.QuoteAwaiting},
		} {
			in := offer(w.consult(w.gimje).ID)
			in.Discount = tt.discount
			q := w.issue(w.gimje, in)
			assert.Equal(w, tt.want, q.Status, name)
			assert.Equal(w, tt.want == deal.QuoteIssued, q.WithinBand(), name)
			points := w.entries(q.ID)
			require.NotEmpty(w, points, name)
			if tt.want == deal.QuoteIssued {
				assert.Equal(w, 10, points[0].Points, name)
			} else {
				assert.Equal(w, "iq.outside_band", points[0].Explanation, name)
				assert.Zero(w, points[0].Points, name)
			}
		}
	})
}

// waiting issues a quote whose discount lies beyond the band.
func (w *world) waiting() *deal.Quote {
	w.Helper()
	in := offer(w.consult(w.gimje).ID)
	in.Discount = 3_000_000
	return w.issue(w.gimje, in)
}

func TestWhoDecidesOnADiscount(t *testing.T) {
	eachWorld(t, func(w *world) {
		q := w.waiting()
		decide := func(q *deal.Quote, approve bool) deal.DecideDiscountInput {
			return deal.DecideDiscountInput{QuoteID: q.ID, ExpectedVersion: q.Version, Approve: approve, Note: "이번만요"}
		}
		w.unchanged("refusals", func() {
			_, err := w.deals.DraftContract(w.gimje, deal.DraftContractInput{QuoteID: q.ID})
			w.refused("while it waits", err, fault.Conflict, "quote.awaiting_approval", "quoteId")
			_, err = w.deals.DecideDiscount(w.gimje, decide(q, true))
			w.refused("the dealer", err, fault.Forbidden, "identity.not_allowed", "")
			_, err = w.deals.DecideDiscount(w.otherRep, decide(q, true))
			w.refused("a rep of another territory", err, fault.NotFound, "quote.not_found", "quoteId")
			stale := decide(q, true)
			stale.ExpectedVersion++
			_, err = w.deals.DecideDiscount(w.rep, stale)
			w.refused("a stale version", err, fault.Conflict, "quote.changed", "expectedVersion")
		})
		approved, err := w.deals.DecideDiscount(w.rep, decide(q, true))
		require.NoError(w, err)
		assert.Equal(w, deal.QuoteIssued, approved.Status)
		assert.Equal(w, "usr_rep", approved.DecidedBy)
		_, err = w.deals.DecideDiscount(w.hq, decide(approved, false))
		w.refused("a second decision", err, fault.Conflict, "quote.not_awaiting", "")
		w.sign(w.gimje, w.draftOf(w.gimje, q.ID))

		refused, err := w.deals.DecideDiscount(w.hq, decide(w.waiting(), false))
		require.NoError(w, err)
		_, err = w.deals.DraftContract(w.gimje, deal.DraftContractInput{QuoteID: refused.ID})
		w.refused("after the refusal", err, fault.Conflict, "quote.refused", "quoteId")
		less, err := w.deals.ReviseQuote(w.gimje, deal.ReviseQuoteInput{QuoteID: refused.ID, ExpectedVersion: refused.Version, Discount: ptr(money.Won(1_000_000))})
		require.NoError(w, err, "what was refused may be revised")
		assert.Equal(w, deal.QuoteIssued, less.Status)
		assert.Zero(w, less.DecidedAt)

		now := w.waiting()
		for i, err := range atOnce(4, func(i int) error {
			_, err := w.deals.DecideDiscount(w.hq, decide(now, i%2 == 0))
			return err
		}) {
			if err != nil {
				assert.Equal(w, fault.Conflict, fault.CodeOf(err), i)
			}
		}
		assert.Equal(w, 1, w.count("acts", "subject_id = ? AND kind LIKE 'discount.%'", now.ID), "of those who decide together one does")
	})
}

func TestRevisingAQuote(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := offer(w.consult(w.gimje).ID)
		in.Lines = []deal.QuoteLineInput{{ProductID: "prd_55", OptionIDs: []string{"opt_cabin"}, Quantity: ptr(2)}}
		in.TradeIn, in.Delivery = &deal.TradeInInput{Description: "옛 트랙터", Amount: 5_000_000}, "3월 초"
		in.Finance = &deal.FinanceInput{ProgrammeID: "fin_now", Months: 36, DownPayment: 30_000_000}
		first := w.issue(w.gimje, in)
		w.pass(time.Hour)
		second, err := w.deals.ReviseQuote(w.gimje, deal.ReviseQuoteInput{QuoteID: first.ID, ExpectedVersion: first.Version, Discount: ptr(money.Won(1_500_000))})
		require.NoError(w, err)
		want := *first
		want.ID, want.Number, want.PreviousID, want.Revision = second.ID, second.Number, first.ID, 2
		want.Discount, want.DiscountBP, want.Total = 1_500_000, second.DiscountBP, first.Total-500_000
		want.IssuedAt, want.ValidUntil, want.Monthly = w.now(), w.now().Add(deal.QuoteValidity), second.Monthly
		assert.Equal(w, want, *second, "what is left out is taken over")
		assert.Less(w, second.Monthly, first.Monthly)
		old, err := w.deals.Quote(w.rep, first.ID)
		require.NoError(w, err)
		assert.Equal(w, deal.QuoteSuperseded, old.Status)
		assert.Empty(w, w.entries(second.ID), "the first version alone earns")

		third, err := w.deals.ReviseQuote(w.gimje, deal.ReviseQuoteInput{
			QuoteID: second.ID, ExpectedVersion: second.Version, Lines: tractor(), TradeIn: &deal.TradeInInput{}, ValuePoints: []string{}, Delivery: ptr(""),
		})
		require.NoError(w, err)
		assert.Equal(w, price55-1_500_000, third.Total)
		assert.Empty(w, third.Delivery)
		assert.Empty(w, third.ValuePoints)
		assert.Equal(w, deal.QuoteAwaiting, third.Status, "the same discount is more of a smaller list total")

		w.unchanged("refusals", func() {
			_, err := w.deals.ReviseQuote(w.gimje, deal.ReviseQuoteInput{QuoteID: first.ID, ExpectedVersion: old.Version})
			w.refused("a superseded one", err, fault.Conflict, "quote.not_revisable", "")
			_, err = w.deals.DraftContract(w.gimje, deal.DraftContractInput{QuoteID: first.ID})
			w.refused("a contract of it", err, fault.Conflict, "quote.superseded", "quoteId")
			_, err = w.deals.ReviseQuote(w.gimje, deal.ReviseQuoteInput{QuoteID: third.ID, ExpectedVersion: third.Version + 1})
			w.refused("a stale version", err, fault.Conflict, "quote.changed", "expectedVersion")
			_, err = w.deals.ReviseQuote(w.iksan, deal.ReviseQuoteInput{QuoteID: third.ID, ExpectedVersion: third.Version})
			w.refused("another dealer", err, fault.NotFound, "quote.not_found", "quoteId")
		})
		w.withdraw(w.gimje, third.CustomerID)
		_, err = w.deals.ReviseQuote(w.gimje, deal.ReviseQuoteInput{QuoteID: third.ID, ExpectedVersion: third.Version})
		w.refused("without consent", err, fault.Conflict, "customer.no_consent", "customerId")
	})
}

func TestAQuoteExpires(t *testing.T) {
	eachWorld(t, func(w *world) {
		q := w.quote(w.gimje)
		ids := func(status deal.QuoteStatus) []string {
			list, err := w.deals.Quotes(w.gimje, &deal.QuoteFilter{Status: status}, nil, nil)
			require.NoError(w, err)
			assert.Len(w, list.Nodes, list.TotalCount)
			var found []string
			for _, q := range list.Nodes {
				found = append(found, q.ID)
			}
			return found
		}
		w.pass(deal.QuoteValidity - time.Microsecond)
		assert.Equal(w, []string{q.ID}, ids(deal.QuoteIssued), "it binds until the last moment")
		assert.Empty(w, ids(deal.QuoteExpired))
		w.pass(time.Microsecond)
		assert.Equal(w, []string{q.ID}, ids(deal.QuoteExpired))
		assert.Empty(w, ids(deal.QuoteIssued))
		w.unchanged("a draft", func() {
			_, err := w.deals.DraftContract(w.gimje, deal.DraftContractInput{QuoteID: q.ID})
			w.refused("an expired quote", err, fault.Conflict, "quote.expired", "quoteId")
		})
		again, err := w.deals.ReviseQuote(w.gimje, deal.ReviseQuoteInput{QuoteID: q.ID, ExpectedVersion: q.Version})
		require.NoError(w, err, "it may be renewed")
		w.draftOf(w.gimje, again.ID)
	})
}

func TestFollowingAQuoteUp(t *testing.T) {
	eachWorld(t, func(w *world) {
		q := w.quote(w.gimje)
		follow := func() int {
			_, err := w.deals.FollowUpQuote(w.gimje, deal.FollowUpQuoteInput{QuoteID: q.ID, Note: "전화했어요"})
			require.NoError(w, err)
			entries := w.entries(q.ID)
			return entries[len(entries)-1].Points
		}
		w.pass(20 * time.Hour)
		first := w.now()
		assert.Equal(w, 4, follow())
		w.pass(28 * time.Hour)
		assert.Equal(w, 4, follow(), "48 hours are in time")
		w.pass(time.Minute)
		assert.Equal(w, 0, follow(), "later is late")
		got, err := w.deals.Quote(w.gimje, q.ID)
		require.NoError(w, err)
		assert.True(w, first.Equal(got.FollowedAt), "the first time is kept")
		assert.Equal(w, q.Version, got.Version)

		require.NoError(w, w.deals.Store.SaveQuote(w.gimje, q), "as it was read before")
		got, err = w.deals.Quote(w.gimje, q.ID)
		require.NoError(w, err)
		assert.True(w, first.Equal(got.FollowedAt), "and a later save does not lose it")
		_, err = w.deals.FollowUpQuote(w.gimje, deal.FollowUpQuoteInput{QuoteID: q.ID, OccurredAt: ptr(q.IssuedAt.Add(-time.Hour))})
		w.refused("before the quote", err, fault.Invalid, "act.before_deal", "occurredAt")
		slow, err := w.deals.FollowUpQuote(w.gimje, deal.FollowUpQuoteInput{QuoteID: q.ID, Note: "내일 들르기로 했어요", OccurredAt: ptr(q.IssuedAt.Add(-time.Second))})
		require.NoError(w, err, "a slow clock is put right")
		said, err := w.deals.FollowUpsOf(w.gimje, []string{q.ID})
		require.NoError(w, err)
		require.NotEmpty(w, said[q.ID])
		assert.Equal(w, "내일 들르기로 했어요", said[q.ID][0].Note)
		assert.True(w, slow.IssuedAt.Equal(said[q.ID][0].OccurredAt))
	})
}

func TestABadQuoteIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		talk := w.consult(w.gimje)
		over := w.consult(w.gimje)
		_, err := w.deals.CloseConsultation(w.gimje, deal.CloseConsultationInput{ConsultationID: over.ID})
		require.NoError(w, err)
		silent := w.consult(w.gimje)
		w.withdraw(w.gimje, silent.CustomerID)
		others := w.consult(w.iksan)
		long := strings.Repeat("가", 10_000)

		for name, tt := range map[string]struct {
			change     func(in *deal.IssueQuoteInput)
			code       fault.Code
			key, field string
		}{
			"an unknown consultation":        {func(in *deal.IssueQuoteInput) { in.ConsultationID = "con_unknown" }, fault.NotFound, "consultation.not_found", "consultationId"},
			"an id that is no id":            {func(in *deal.IssueQuoteInput) { in.ConsultationID = "' OR 1=1 --" }, fault.NotFound, "consultation.not_found", "consultationId"},
			"another dealer's consultation":  {func(in *deal.IssueQuoteInput) { in.ConsultationID = others.ID }, fault.NotFound, "consultation.not_found", "consultationId"},
			"a consultation that is over":    {func(in *deal.IssueQuoteInput) { in.ConsultationID = over.ID }, fault.Conflict, "consultation.not_open", "consultationId"},
			"a customer without consent":     {func(in *deal.IssueQuoteInput) { in.ConsultationID = silent.ID }, fault.Conflict, "customer.no_consent", "customerId"},
			"nobody to offer it to":          {func(in *deal.IssueQuoteInput) { in.ConsultationID = "" }, fault.Invalid, "quote.consultation_or_customer", "consultationId"},
			"both consultation and customer": {func(in *deal.IssueQuoteInput) { in.CustomerID = talk.CustomerID }, fault.Invalid, "quote.consultation_or_customer", "consultationId"},
			"another dealer's customer":      {func(in *deal.IssueQuoteInput) { in.ConsultationID, in.CustomerID = "", others.CustomerID }, fault.NotFound, "customer.not_found", "customerId"},
			"no lines":                       {func(in *deal.IssueQuoteInput) { in.Lines = nil }, fault.Invalid, "quote.no_lines", "lines"},
			"far too many lines":             {func(in *deal.IssueQuoteInput) { in.Lines = slices.Repeat(tractor(), deal.MaxLines+1) }, fault.Invalid, "quote.too_many_lines", "lines"},
			"an unknown product":             {func(in *deal.IssueQuoteInput) { in.Lines[0].ProductID = "prd_unknown" }, fault.NotFound, "catalogue.unknown_product", "lines"},
			"a product off sale":             {func(in *deal.IssueQuoteInput) { in.Lines[0].ProductID = "prd_old" }, fault.Conflict, "catalogue.discontinued", "lines"},
			"an option of nothing":           {func(in *deal.IssueQuoteInput) { in.Lines[0].OptionIDs = []string{"opt_unknown"} }, fault.NotFound, "catalogue.unknown_option", "lines"},
			"an option twice":                {func(in *deal.IssueQuoteInput) { in.Lines[0].OptionIDs = []string{"opt_cabin", "opt_cabin"} }, fault.Invalid, "catalogue.option_twice", "lines"},
			"none of a machine":              {func(in *deal.IssueQuoteInput) { in.Lines[0].Quantity = ptr(0) }, fault.Invalid, "quote.bad_quantity", "lines"},
			"less than none":                 {func(in *deal.IssueQuoteInput) { in.Lines[0].Quantity = ptr(-1) }, fault.Invalid, "quote.bad_quantity", "lines"},
			"a price that overflows": {func(in *deal.IssueQuoteInput) {
				in.Lines = []deal.QuoteLineInput{{ProductID: "prd_dear", Quantity: ptr(100)}}
			}, fault.Invalid, "money.too_large", "lines"},
			"lines that overflow together": {func(in *deal.IssueQuoteInput) {
				in.Lines = slices.Repeat([]deal.QuoteLineInput{{ProductID: "prd_dear"}}, 11)
			}, fault.Invalid, "money.too_large", "lines"},
			"a negative discount":              {func(in *deal.IssueQuoteInput) { in.Discount = -1 }, fault.Invalid, "money.negative", "discount"},
			"the largest number as a discount": {func(in *deal.IssueQuoteInput) { in.Discount = math.MaxInt64 }, fault.Invalid, "money.too_large", "discount"},
			"the smallest number":              {func(in *deal.IssueQuoteInput) { in.Discount = math.MinInt64 }, fault.Invalid, "money.negative", "discount"},
			"a discount over the total":        {func(in *deal.IssueQuoteInput) { in.Discount = price55 + 1 }, fault.Invalid, "quote.discount_over_total", "discount"},
			"a negative trade-in":              {func(in *deal.IssueQuoteInput) { in.TradeIn = &deal.TradeInInput{Amount: -1} }, fault.Invalid, "money.negative", "tradeIn.amount"},
			"a trade-in over what is left":     {func(in *deal.IssueQuoteInput) { in.TradeIn = &deal.TradeInInput{Amount: price55 - in.Discount + 1} }, fault.Invalid, "quote.trade_in_over_total", "tradeIn.amount"},
			"a long trade-in":                  {func(in *deal.IssueQuoteInput) { in.TradeIn = &deal.TradeInInput{Description: long} }, fault.Invalid, "text.too_long", "tradeIn.description"},
			"a long value point":               {func(in *deal.IssueQuoteInput) { in.ValuePoints = []string{long} }, fault.Invalid, "text.too_long", "valuePoints.0"},
			"too many value points": {func(in *deal.IssueQuoteInput) {
				in.ValuePoints = slices.Repeat([]string{"좋아요"}, deal.MaxValuePoints+1)
			}, fault.Invalid, "text.too_many", "valuePoints"},
			"long delivery terms":         {func(in *deal.IssueQuoteInput) { in.Delivery = long }, fault.Invalid, "text.too_long", "delivery"},
			"an unknown programme":        {func(in *deal.IssueQuoteInput) { in.Finance = &deal.FinanceInput{ProgrammeID: "fin_x", Months: 60} }, fault.NotFound, "finance.not_found", "finance.programmeId"},
			"a programme that is over":    {func(in *deal.IssueQuoteInput) { in.Finance = &deal.FinanceInput{ProgrammeID: "fin_over", Months: 12} }, fault.Conflict, "finance.not_on_offer", "finance.programmeId"},
			"a term that is not on offer": {func(in *deal.IssueQuoteInput) { in.Finance = &deal.FinanceInput{ProgrammeID: "fin_now", Months: 48} }, fault.Invalid, "finance.bad_term", "finance.months"},
			"a negative down payment": {func(in *deal.IssueQuoteInput) {
				in.Finance = &deal.FinanceInput{ProgrammeID: "fin_now", Months: 60, DownPayment: -1}
			}, fault.Invalid, "money.negative", "finance.downPayment"},
			"a down payment over the total": {func(in *deal.IssueQuoteInput) {
				in.Finance = &deal.FinanceInput{ProgrammeID: "fin_now", Months: 60, DownPayment: price55}
			}, fault.Invalid, "finance.down_over_total", "finance.downPayment"},
			"more credit than is on offer": {func(in *deal.IssueQuoteInput) {
				in.Finance = &deal.FinanceInput{ProgrammeID: "fin_now", Months: 60, DownPayment: 7_799_999}
			}, fault.Invalid, "finance.share_too_large", "finance.downPayment"},
			"a time to come":                 {func(in *deal.IssueQuoteInput) { in.OccurredAt = w.ago(-time.Hour) }, fault.Invalid, "act.in_future", "occurredAt"},
			"a time before the consultation": {func(in *deal.IssueQuoteInput) { in.OccurredAt = w.ago(time.Hour) }, fault.Invalid, "act.before_deal", "occurredAt"},
		} {
			in := offer(talk.ID)
			tt.change(&in)
			w.unchanged(name, func() {
				_, err := w.deals.IssueQuote(w.gimje, in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			})
		}
		in := offer(talk.ID)
		in.Finance = &deal.FinanceInput{ProgrammeID: "fin_now", Months: 60, DownPayment: 7_800_000}
		w.issue(w.gimje, in) // exactly as much credit as is on offer
	})
}

package integration_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/money"
)

// A tablet that lost the answers sends its whole day again.
func TestADealSentAgainIsOneDeal(t *testing.T) {
	eachWorld(t, func(w *world) {
		farmer := w.farmer(w.gimje)
		again := func() []any {
			talk, err := w.deals.OpenConsultation(w.gimje, deal.OpenConsultationInput{IdempotencyKey: "1", CustomerID: farmer.ID, Needs: deal.NeedsInput{Budget: 1}})
			require.NoError(w, err)
			shown, err := w.deals.PresentProduct(w.gimje, deal.PresentProductInput{IdempotencyKey: "2", ConsultationID: talk.ID, ProductID: "prd_55", MediaID: "med_1", WatchedSeconds: 45})
			require.NoError(w, err)
			in := offer(talk.ID)
			in.IdempotencyKey, in.Discount = "3", 3_000_000
			first, err := w.deals.IssueQuote(w.gimje, in)
			require.NoError(w, err)
			decided, err := w.deals.DecideDiscount(w.rep, deal.DecideDiscountInput{IdempotencyKey: "4", QuoteID: first.ID, ExpectedVersion: first.Version})
			require.NoError(w, err)
			revised, err := w.deals.ReviseQuote(w.gimje, deal.ReviseQuoteInput{IdempotencyKey: "5", QuoteID: first.ID, ExpectedVersion: decided.Version, Discount: ptr(money.Won(0))})
			require.NoError(w, err)
			followed, err := w.deals.FollowUpQuote(w.gimje, deal.FollowUpQuoteInput{IdempotencyKey: "6", QuoteID: revised.ID})
			require.NoError(w, err)
			draft, err := w.deals.DraftContract(w.gimje, deal.DraftContractInput{IdempotencyKey: "7", QuoteID: revised.ID})
			require.NoError(w, err)
			sign := signing(draft)
			sign.IdempotencyKey = "8"
			signed, err := w.deals.SignContract(w.gimje, sign)
			require.NoError(w, err)
			cancelled, err := w.deals.CancelContract(w.gimje, deal.CancelContractInput{IdempotencyKey: "9", ContractID: signed.ID, ExpectedVersion: signed.Version, Reason: "마음이 바뀌었어요"})
			require.NoError(w, err)
			paper, err := w.deals.RecordPaperContract(w.gimje, deal.RecordPaperContractInput{IdempotencyKey: "10", CustomerID: farmer.ID, Lines: tractor()})
			require.NoError(w, err)
			closed, err := w.deals.CloseConsultation(w.gimje, deal.CloseConsultationInput{IdempotencyKey: "11", ConsultationID: talk.ID, LostReason: "PRICE"})
			require.NoError(w, err)
			return []any{*talk, *shown, *first, *decided, *revised, *followed, *draft, *signed, *cancelled, *paper, *closed}
		}
		first := again()
		w.pass(3 * 24 * time.Hour)
		w.unchanged("the same again", func() {
			for i, row := range again() {
				assert.EqualExportedValues(w, first[i], row, "answer %d is the first one", i+1)
			}
		})
	})
}

func TestAKeyStandsForOneInput(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := offer(w.consult(w.gimje).ID)
		in.IdempotencyKey = "key"
		q := w.issue(w.gimje, in)
		w.unchanged("the same key for something else", func() {
			other := in
			other.Discount++
			_, err := w.deals.IssueQuote(w.gimje, other)
			w.refused("another input", err, fault.Conflict, "idempotency.other_input", "idempotencyKey")
			_, err = w.deals.DraftContract(w.gimje, deal.DraftContractInput{IdempotencyKey: "key", QuoteID: q.ID})
			w.refused("another operation", err, fault.Conflict, "idempotency.other_input", "idempotencyKey")
			other.IdempotencyKey = strings.Repeat("k", 201)
			_, err = w.deals.IssueQuote(w.gimje, other)
			w.refused("a key without end", err, fault.Invalid, "idempotency.too_long", "idempotencyKey")
			other.IdempotencyKey = "a\x00b"
			_, err = w.deals.IssueQuote(w.gimje, other)
			w.refused("a key that is no text", err, fault.Invalid, "text.control_character", "idempotencyKey")
		})
		theirs := offer(w.consult(w.iksan).ID)
		theirs.IdempotencyKey = "key"
		w.issue(w.iksan, theirs) // another person's key is another key
	})
}

func TestAKeyIsFreeAgainAfterAFailure(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := offer(w.consult(w.gimje).ID)
		in.IdempotencyKey, in.Lines = "key", []deal.QuoteLineInput{{ProductID: "prd_unknown"}}
		_, err := w.deals.IssueQuote(w.gimje, in)
		require.Equal(w, fault.NotFound, fault.CodeOf(err))
		in.Lines = tractor()
		w.issue(w.gimje, in)
	})
}

func TestTwinsThatComeTogetherRunOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		draft := w.draft(w.gimje)
		in := signing(draft)
		in.IdempotencyKey = "twin"
		answers := make([]*deal.Contract, 8)
		for _, err := range atOnce(len(answers), func(i int) (err error) {
			answers[i], err = w.deals.SignContract(w.gimje, in)
			return err
		}) {
			require.NoError(w, err, "a twin gets the first answer")
		}
		for _, c := range answers {
			assert.EqualExportedValues(w, *answers[0], *c)
		}
		assert.Equal(w, 1, w.acts(act.ContractSigned))
		assert.Len(w, w.entries(draft.ID), 1)

		offered := offer(w.consult(w.gimje).ID)
		offered.IdempotencyKey = "other twin"
		quotes := make([]*deal.Quote, 8)
		for _, err := range atOnce(len(quotes), func(i int) (err error) {
			quotes[i], err = w.deals.IssueQuote(w.gimje, offered)
			return err
		}) {
			require.NoError(w, err)
		}
		for _, q := range quotes {
			assert.Equal(w, quotes[0].Number, q.Number)
		}
		assert.Equal(w, 1, w.count("quotes", "deal_id = ?", quotes[0].DealID))
	})
}

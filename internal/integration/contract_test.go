package integration_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/deal"
	"dure/domain/fault"
)

func TestABadSignatureIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		draft, others := w.draft(w.gimje), w.draft(w.iksan)
		dot := deal.PointInput{X: 5, Y: 5}
		for name, tt := range map[string]struct {
			change     func(in *deal.SignContractInput)
			code       fault.Code
			key, field string
		}{
			"an unknown contract":       {func(in *deal.SignContractInput) { in.ContractID = "ctr_unknown" }, fault.NotFound, "contract.not_found", "contractId"},
			"another dealer's contract": {func(in *deal.SignContractInput) { in.ContractID = others.ID }, fault.NotFound, "contract.not_found", "contractId"},
			"a stale version":           {func(in *deal.SignContractInput) { in.ExpectedVersion-- }, fault.Conflict, "contract.changed", "expectedVersion"},
			"a version to come":         {func(in *deal.SignContractInput) { in.ExpectedVersion++ }, fault.Conflict, "contract.changed", "expectedVersion"},
			"another paper":             {func(in *deal.SignContractInput) { in.ReadSha256 = others.PaperSHA256 }, fault.Conflict, "contract.other_paper", "readSha256"},
			"nothing read":              {func(in *deal.SignContractInput) { in.ReadSha256 = "" }, fault.Conflict, "contract.other_paper", "readSha256"},
			"no signature":              {func(in *deal.SignContractInput) { in.Signature.Strokes = nil }, fault.Invalid, "contract.signature_missing", "signature"},
			"an empty stroke":           {func(in *deal.SignContractInput) { in.Signature.Strokes = [][]deal.PointInput{{}} }, fault.Invalid, "contract.signature_missing", "signature"},
			"a dot":                     {func(in *deal.SignContractInput) { in.Signature.Strokes = [][]deal.PointInput{{dot, dot}} }, fault.Invalid, "contract.signature_missing", "signature"},
			"a stroke beside the box":   {func(in *deal.SignContractInput) { in.Signature.Strokes[0][1].X = 301 }, fault.Invalid, "contract.signature_bad", "signature"},
			"a stroke without a place":  {func(in *deal.SignContractInput) { in.Signature.Strokes[0][1].X = math.NaN() }, fault.Invalid, "contract.signature_bad", "signature"},
			"a box without a side":      {func(in *deal.SignContractInput) { in.Signature.Width = 0 }, fault.Invalid, "contract.signature_bad", "signature"},
			"a box without end":         {func(in *deal.SignContractInput) { in.Signature.Height = math.Inf(1) }, fault.Invalid, "contract.signature_bad", "signature"},
			"a stroke without end": {func(in *deal.SignContractInput) {
				in.Signature.Strokes = [][]deal.PointInput{slices.Repeat([]deal.PointInput{dot}, deal.MaxSignaturePoints+1)}
			}, fault.Invalid, "contract.signature_bad", "signature"},
			"no name":                {func(in *deal.SignContractInput) { in.Signature.SignerName = " " }, fault.Invalid, "contract.signer_missing", "signature.signerName"},
			"a name without end":     {func(in *deal.SignContractInput) { in.Signature.SignerName = strings.Repeat("가", 10_000) }, fault.Invalid, "text.too_long", "signature.signerName"},
			"terms not agreed to":    {func(in *deal.SignContractInput) { in.ConsentTextIDs = []string{"personal-data@2"} }, fault.Invalid, "contract.terms_not_agreed", "consentTextIds"},
			"nothing agreed to":      {func(in *deal.SignContractInput) { in.ConsentTextIDs = nil }, fault.Invalid, "contract.terms_not_agreed", "consentTextIds"},
			"unknown terms":          {func(in *deal.SignContractInput) { in.ConsentTextIDs = []string{"contract@99"} }, fault.NotFound, "consent.unknown_text", "consentTextIds"},
			"terms to come":          {func(in *deal.SignContractInput) { in.ConsentTextIDs = []string{"contract@4"} }, fault.NotFound, "consent.unknown_text", "consentTextIds"},
			"a time to come":         {func(in *deal.SignContractInput) { in.OccurredAt = w.ago(-time.Hour) }, fault.Invalid, "act.in_future", "occurredAt"},
			"a time before the text": {func(in *deal.SignContractInput) { in.OccurredAt = w.ago(time.Hour) }, fault.Invalid, "act.before_deal", "occurredAt"},
		} {
			in := signing(draft)
			tt.change(&in)
			w.unchanged(name, func() {
				_, err := w.deals.SignContract(w.gimje, in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			})
		}
		w.withdraw(w.gimje, draft.CustomerID)
		w.unchanged("without consent", func() {
			_, err := w.deals.SignContract(w.gimje, signing(draft))
			w.refused("without consent", err, fault.Conflict, "customer.no_consent", "customerId")
		})
	})
}

func TestAContractIsSignedOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		draft := w.draft(w.gimje)
		in := signing(draft)
		failed := 0
		for _, err := range atOnce(8, func(int) error { _, err := w.deals.SignContract(w.gimje, in); return err }) {
			if err != nil {
				failed++
				assert.Equal(w, fault.Conflict, fault.CodeOf(err), err)
			}
		}
		assert.Equal(w, 7, failed, "of those who sign together one does")
		assert.Equal(w, 1, w.acts(act.ContractSigned))
		assert.Len(w, w.entries(draft.ID), 1)
		assert.Equal(w, 1, w.count("evidence_events", "contract_id = ? AND kind = ?", draft.ID, deal.EvidenceSigned))
		assert.Equal(w, 1, w.count("river_job", "kind = 'contract.seal'"))

		signed, err := w.deals.Contract(w.gimje, draft.ID)
		require.NoError(w, err)
		w.unchanged("a second signature", func() {
			_, err := w.deals.SignContract(w.gimje, signing(signed))
			w.refused("a second signature", err, fault.Conflict, "contract.already_signed", "")
		})
		cancelled := w.cancel(w.gimje, signed)
		w.unchanged("after the cancellation", func() {
			_, err := w.deals.SignContract(w.gimje, signing(cancelled))
			w.refused("a cancelled contract", err, fault.Conflict, "contract.not_signable", "")
			_, err = w.deals.CancelContract(w.gimje, deal.CancelContractInput{ContractID: cancelled.ID, ExpectedVersion: cancelled.Version, Reason: "또"})
			w.refused("a second cancellation", err, fault.Conflict, "contract.already_cancelled", "")
		})
	})
}

func TestAQuoteGivesOneContract(t *testing.T) {
	eachWorld(t, func(w *world) {
		q := w.quote(w.gimje)
		made := make(chan string, 6)
		for _, err := range atOnce(cap(made), func(i int) error {
			if i%2 == 0 {
				c, err := w.deals.DraftContract(w.gimje, deal.DraftContractInput{QuoteID: q.ID})
				if err == nil {
					made <- c.ID
				}
				return err
			}
			c, err := w.deals.RecordPaperContract(w.gimje, deal.RecordPaperContractInput{QuoteID: q.ID})
			if err == nil {
				made <- c.ID
			}
			return err
		}) {
			if err != nil {
				assert.Equal(w, fault.Conflict, fault.CodeOf(err), err)
			}
		}
		assert.Len(w, made, 1, "drafts and papers of one quote that come together make one contract")
		assert.Equal(w, 1, w.count("contracts", "quote_id = ?", q.ID))
		w.unchanged("another", func() {
			_, err := w.deals.DraftContract(w.gimje, deal.DraftContractInput{QuoteID: q.ID})
			w.refused("another draft", err, fault.Conflict, "quote.already_accepted", "quoteId")
			_, err = w.deals.RecordPaperContract(w.gimje, deal.RecordPaperContractInput{QuoteID: q.ID})
			w.refused("another paper", err, fault.Conflict, "quote.already_accepted", "quoteId")
		})
	})
}

func TestABadDraftIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		others, silent := w.quote(w.iksan), w.quote(w.gimje)
		w.withdraw(w.gimje, silent.CustomerID)
		for name, tt := range map[string]struct {
			quote      string
			code       fault.Code
			key, field string
		}{
			"no quote":                   {"", fault.NotFound, "quote.not_found", "quoteId"},
			"an unknown quote":           {"quo_unknown", fault.NotFound, "quote.not_found", "quoteId"},
			"another dealer's quote":     {others.ID, fault.NotFound, "quote.not_found", "quoteId"},
			"a customer without consent": {silent.ID, fault.Conflict, "customer.no_consent", "customerId"},
		} {
			w.unchanged(name, func() {
				_, err := w.deals.DraftContract(w.gimje, deal.DraftContractInput{QuoteID: tt.quote})
				w.refused(name, err, tt.code, tt.key, tt.field)
			})
		}
	})
}

func TestABadPaperContractIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		mine, others := w.farmer(w.gimje), w.farmer(w.iksan)
		q, theirs := w.quote(w.gimje), w.quote(w.iksan)
		for name, tt := range map[string]struct {
			in         deal.RecordPaperContractInput
			code       fault.Code
			key, field string
		}{
			"nothing":                      {deal.RecordPaperContractInput{}, fault.Invalid, "contract.quote_or_lines", "quoteId"},
			"lines of nobody":              {deal.RecordPaperContractInput{Lines: tractor()}, fault.Invalid, "contract.quote_or_lines", "quoteId"},
			"a quote and a customer":       {deal.RecordPaperContractInput{QuoteID: q.ID, CustomerID: mine.ID}, fault.Invalid, "contract.quote_or_lines", "quoteId"},
			"a quote and lines":            {deal.RecordPaperContractInput{QuoteID: q.ID, Lines: tractor()}, fault.Invalid, "contract.quote_or_lines", "quoteId"},
			"a quote and a discount":       {deal.RecordPaperContractInput{QuoteID: q.ID, Discount: 1}, fault.Invalid, "contract.quote_or_lines", "quoteId"},
			"a quote and a trade-in":       {deal.RecordPaperContractInput{QuoteID: q.ID, TradeIn: &deal.TradeInInput{}}, fault.Invalid, "contract.quote_or_lines", "quoteId"},
			"another dealer's quote":       {deal.RecordPaperContractInput{QuoteID: theirs.ID}, fault.NotFound, "quote.not_found", "quoteId"},
			"another dealer's customer":    {deal.RecordPaperContractInput{CustomerID: others.ID, Lines: tractor()}, fault.NotFound, "customer.not_found", "customerId"},
			"no machines":                  {deal.RecordPaperContractInput{CustomerID: mine.ID}, fault.Invalid, "quote.no_lines", "lines"},
			"a negative discount":          {deal.RecordPaperContractInput{CustomerID: mine.ID, Lines: tractor(), Discount: -1}, fault.Invalid, "money.negative", "discount"},
			"a time to come":               {deal.RecordPaperContractInput{QuoteID: q.ID, OccurredAt: w.ago(-time.Hour)}, fault.Invalid, "act.in_future", "occurredAt"},
			"a signature before the quote": {deal.RecordPaperContractInput{QuoteID: q.ID, OccurredAt: w.ago(time.Hour)}, fault.Invalid, "act.before_deal", "occurredAt"},
		} {
			w.unchanged(name, func() {
				_, err := w.deals.RecordPaperContract(w.gimje, tt.in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			})
		}
		w.withdraw(w.gimje, mine.ID)
		w.unchanged("without consent", func() {
			_, err := w.deals.RecordPaperContract(w.gimje, deal.RecordPaperContractInput{CustomerID: mine.ID, Lines: tractor()})
			w.refused("without consent", err, fault.Conflict, "customer.no_consent", "customerId")
		})
	})
}

func TestABadCancellationIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		c, others := w.sign(w.gimje, w.draft(w.gimje)), w.draft(w.iksan)
		cancelling := func(change func(in *deal.CancelContractInput)) deal.CancelContractInput {
			in := deal.CancelContractInput{ContractID: c.ID, ExpectedVersion: c.Version, Reason: "마음이 바뀌었어요"}
			change(&in)
			return in
		}
		for name, tt := range map[string]struct {
			in         deal.CancelContractInput
			by         context.Context
			code       fault.Code
			key, field string
		}{
			"without a reason":               {cancelling(func(in *deal.CancelContractInput) { in.Reason = "" }), w.gimje, fault.Invalid, "contract.reason_missing", "reason"},
			"for a blank reason":             {cancelling(func(in *deal.CancelContractInput) { in.Reason = "  \n" }), w.gimje, fault.Invalid, "contract.reason_missing", "reason"},
			"for a reason without end":       {cancelling(func(in *deal.CancelContractInput) { in.Reason = strings.Repeat("가", 10_000) }), w.gimje, fault.Invalid, "text.too_long", "reason"},
			"of a stale version":             {cancelling(func(in *deal.CancelContractInput) { in.ExpectedVersion-- }), w.gimje, fault.Conflict, "contract.changed", "expectedVersion"},
			"of another dealer's":            {cancelling(func(in *deal.CancelContractInput) { in.ContractID = others.ID }), w.gimje, fault.NotFound, "contract.not_found", "contractId"},
			"by a rep":                       {cancelling(func(*deal.CancelContractInput) {}), w.rep, fault.Forbidden, "identity.not_allowed", ""},
			"at a time to come":              {cancelling(func(in *deal.CancelContractInput) { in.OccurredAt = w.ago(-time.Hour) }), w.hq, fault.Invalid, "act.in_future", "occurredAt"},
			"at a time before it was signed": {cancelling(func(in *deal.CancelContractInput) { in.OccurredAt = w.ago(time.Hour) }), w.hq, fault.Invalid, "act.before_deal", "occurredAt"},
		} {
			w.unchanged(name, func() {
				_, err := w.deals.CancelContract(tt.by, tt.in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			})
		}
		w.withdraw(w.gimje, c.CustomerID)
		w.cancel(w.hq, c) // needs nobody's consent
	})
}

func TestAnUnapprovedDiscountCosts(t *testing.T) {
	eachWorld(t, func(w *world) {
		lost := func(c *deal.Contract) int {
			sum := 0
			for _, e := range w.entries(c.ID) {
				if e.RuleKey == "discount.unapproved" {
					sum += e.Points
				}
			}
			return sum
		}
		paper := func(in deal.RecordPaperContractInput) *deal.Contract {
			c, err := w.deals.RecordPaperContract(w.gimje, in)
			require.NoError(w, err)
			return c
		}
		decided := func(approve bool) string {
			q := w.waiting()
			_, err := w.deals.DecideDiscount(w.rep, deal.DecideDiscountInput{QuoteID: q.ID, ExpectedVersion: q.Version, Approve: approve})
			require.NoError(w, err)
			return q.ID
		}
		approved, refused, waiting := decided(true), decided(false), w.waiting().ID
		assert.Zero(w, lost(w.sign(w.gimje, w.draftOf(w.gimje, decided(true)))), "an approved discount on the tablet")
		assert.Zero(w, lost(paper(deal.RecordPaperContractInput{QuoteID: approved})), "and on paper")
		assert.Zero(w, lost(paper(deal.RecordPaperContractInput{QuoteID: w.quote(w.gimje).ID})), "one within the band")
		assert.Equal(w, -10, lost(paper(deal.RecordPaperContractInput{QuoteID: waiting})), "one that nobody decided on")
		second := paper(deal.RecordPaperContractInput{QuoteID: refused})
		assert.Equal(w, -10, lost(second), "one that was refused")
		assert.Equal(w, -10, lost(paper(deal.RecordPaperContractInput{CustomerID: w.farmer(w.gimje).ID, Lines: tractor(), Discount: 3_000_000})), "one that nobody was asked about")

		w.cancel(w.gimje, second)
		_, err := w.deals.DraftContract(w.gimje, deal.DraftContractInput{QuoteID: refused})
		w.refused("what was refused", err, fault.Conflict, "quote.awaiting_approval", "quoteId")
		assert.Equal(w, 1, w.count("quotes", "id = ? AND status = ?", refused, deal.QuoteAwaiting), "is not approved by a paper that was cancelled")
	})
}

// acts counts acts of a kind.
func (w *world) acts(kind act.Kind) int {
	w.Helper()
	return w.count("acts", "kind = ?", kind)
}

func TestAConsultationStaysWonWhileAContractOfItHolds(t *testing.T) {
	eachWorld(t, func(w *world) {
		consultation := w.consult(w.gimje)
		first, second := w.issue(w.gimje, offer(consultation.ID)), w.issue(w.gimje, offer(consultation.ID))
		status := func() deal.ConsultationStatus {
			c, err := w.deals.Consultation(w.gimje, consultation.ID)
			require.NoError(w, err)
			return c.Status
		}
		signed := w.sign(w.gimje, w.draftOf(w.gimje, first.ID))
		w.cancel(w.gimje, w.draftOf(w.gimje, second.ID))
		assert.Equal(w, deal.ConsultationWon, status(), "a draft that was never signed had won nothing")

		other := w.sign(w.gimje, w.draftOf(w.gimje, second.ID))
		w.cancel(w.gimje, signed)
		assert.Equal(w, deal.ConsultationWon, status(), "the other contract holds")
		w.cancel(w.gimje, other)
		assert.Equal(w, deal.ConsultationOpen, status(), "none does any more")
	})
}

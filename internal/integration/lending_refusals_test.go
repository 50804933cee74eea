package integration_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/lending"
	"dure/domain/money"
)

func TestApplicationsThatDoNotFitAreRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.sign(w.gimje, w.draft(w.gimje))
		w.agree(c.CustomerID, nil, "org_lender")
		cancelled := w.cancel(w.gimje, w.draft(w.gimje))
		theirs := w.sign(w.iksan, w.draft(w.iksan))
		q := w.quote(w.gimje)
		old := w.quote(w.gimje)
		_, err := w.deals.ReviseQuote(w.gimje, deal.ReviseQuoteInput{QuoteID: old.ID, ExpectedVersion: old.Version, Discount: ptr(money.Won(0))})
		require.NoError(w, err)
		w.unchanged("bad applications", func() {
			for name, tt := range map[string]struct {
				change     func(*lending.ApplyForFinanceInput)
				code       fault.Code
				key, field string
			}{
				"nothing to finance":     {func(in *lending.ApplyForFinanceInput) { in.ContractID = "" }, fault.Invalid, "application.contract_or_quote", "contractId"},
				"two things at once":     {func(in *lending.ApplyForFinanceInput) { in.QuoteID = q.ID }, fault.Invalid, "application.contract_or_quote", "contractId"},
				"an unknown contract":    {func(in *lending.ApplyForFinanceInput) { in.ContractID = "ctr_x" }, fault.NotFound, "contract.not_found", "contractId"},
				"another's contract":     {func(in *lending.ApplyForFinanceInput) { in.ContractID = theirs.ID }, fault.NotFound, "contract.not_found", "contractId"},
				"a cancelled contract":   {func(in *lending.ApplyForFinanceInput) { in.ContractID = cancelled.ID }, fault.Conflict, "contract.already_cancelled", "contractId"},
				"an unknown quote":       {func(in *lending.ApplyForFinanceInput) { in.ContractID, in.QuoteID = "", "quo_x" }, fault.NotFound, "quote.not_found", "quoteId"},
				"a superseded quote":     {func(in *lending.ApplyForFinanceInput) { in.ContractID, in.QuoteID = "", old.ID }, fault.Conflict, "application.quote_not_open", "quoteId"},
				"no lender":              {func(in *lending.ApplyForFinanceInput) { in.LenderIDs = nil }, fault.Invalid, "application.bad_lenders", "lenderIds"},
				"ten thousand lenders":   {func(in *lending.ApplyForFinanceInput) { in.LenderIDs = make([]string, 10_000) }, fault.Invalid, "application.bad_lenders", "lenderIds"},
				"an unknown lender":      {func(in *lending.ApplyForFinanceInput) { in.LenderIDs = []string{"org_x"} }, fault.NotFound, "lender.not_found", "lenderIds.0"},
				"a firm that lends not":  {func(in *lending.ApplyForFinanceInput) { in.LenderIDs = []string{"org_maker"} }, fault.NotFound, "lender.not_found", "lenderIds.0"},
				"a lender twice":         {func(in *lending.ApplyForFinanceInput) { in.LenderIDs = []string{"org_lender", "org_lender"} }, fault.Invalid, "application.lender_twice", "lenderIds.1"},
				"without consent to one": {func(in *lending.ApplyForFinanceInput) { in.LenderIDs = []string{"org_lender", "org_other_lender"} }, fault.Conflict, "application.no_consent", "lenderIds.1"},
				"no amount":              {func(in *lending.ApplyForFinanceInput) { in.Amount = 0 }, fault.Invalid, "application.bad_amount", "amount"},
				"less than nothing":      {func(in *lending.ApplyForFinanceInput) { in.Amount = -1 }, fault.Invalid, "money.negative", "amount"},
				"more than the total":    {func(in *lending.ApplyForFinanceInput) { in.Amount = c.Total + 1 }, fault.Invalid, "application.bad_amount", "amount"},
				"no months":              {func(in *lending.ApplyForFinanceInput) { in.Months = 0 }, fault.Invalid, "application.bad_months", "months"},
				"months without end":     {func(in *lending.ApplyForFinanceInput) { in.Months = 121 }, fault.Invalid, "application.bad_months", "months"},
				"before the contract":    {func(in *lending.ApplyForFinanceInput) { in.OccurredAt = w.ago(time.Hour) }, fault.Invalid, "act.before_deal", "occurredAt"},
			} {
				in := asking(c.ID, "org_lender")
				tt.change(&in)
				_, err := w.lending.ApplyForFinance(w.gimje, in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			}
		})
		w.apply(asking(c.ID, "org_lender"))
		w.unchanged("the same again", func() {
			_, err := w.lending.ApplyForFinance(w.gimje, asking(c.ID, "org_lender"))
			w.refused("the same again", err, fault.Conflict, "application.taken", "")
		})
	})
}

func TestDecisionsThatDoNotFitAreRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		_, all := w.shared("org_lender", "org_other_lender")
		a := all[0]
		good := lending.DecideApplicationInput{ApplicationID: a.ID, ExpectedVersion: a.Version, Decision: lending.Approve}
		w.unchanged("bad decisions", func() {
			for name, tt := range map[string]struct {
				change     func(*lending.DecideApplicationInput)
				code       fault.Code
				key, field string
			}{
				"an unknown application":    {func(in *lending.DecideApplicationInput) { in.ApplicationID = "app_x" }, fault.NotFound, "application.not_found", "applicationId"},
				"another lender's":          {func(in *lending.DecideApplicationInput) { in.ApplicationID = all[1].ID }, fault.NotFound, "application.not_found", "applicationId"},
				"an old version":            {func(in *lending.DecideApplicationInput) { in.ExpectedVersion = 0 }, fault.Conflict, "application.changed", "expectedVersion"},
				"a decision nobody knows":   {func(in *lending.DecideApplicationInput) { in.Decision = "MAYBE" }, fault.Invalid, "application.bad_decision", "decision"},
				"conditional without any":   {func(in *lending.DecideApplicationInput) { in.Decision = lending.Conditioned }, fault.Invalid, "application.conditions", "conditions"},
				"approved under conditions": {func(in *lending.DecideApplicationInput) { in.Conditions = []string{"서류"} }, fault.Invalid, "application.conditions", "conditions"},
				"a blank condition": {func(in *lending.DecideApplicationInput) {
					in.Decision, in.Conditions = lending.Conditioned, []string{" "}
				}, fault.Invalid, "application.blank_line", "conditions"},
				"conditions without end": {func(in *lending.DecideApplicationInput) {
					in.Decision, in.Conditions = lending.Conditioned, strings.Split(strings.Repeat("x,", 20)+"x", ",")
				}, fault.Invalid, "text.too_many", "conditions"},
				"declined without a reason":      {func(in *lending.DecideApplicationInput) { in.Decision = lending.Decline }, fault.Invalid, "application.reasons_missing", "reasons"},
				"a reason of control characters": {func(in *lending.DecideApplicationInput) { in.Reasons = []string{"a\x00"} }, fault.Invalid, "text.control_character", "reasons.0"},
				"more than was asked":            {func(in *lending.DecideApplicationInput) { in.Amount = ptr(a.Amount + 1) }, fault.Invalid, "application.bad_amount", "amount"},
				"nothing at all":                 {func(in *lending.DecideApplicationInput) { in.Amount = ptr(money.Won(0)) }, fault.Invalid, "application.bad_amount", "amount"},
			} {
				in := good
				tt.change(&in)
				_, err := w.lending.DecideApplication(w.lenderA, in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			}
			_, err := w.lending.ConfirmFunding(w.lenderA, lending.ConfirmFundingInput{ApplicationID: a.ID, ExpectedVersion: 1, Amount: 1, FundedOn: w.now()})
			w.refused("funded before it was approved", err, fault.Conflict, "application.not_approved", "")
		})
		_, err := w.lending.DecideApplication(w.lenderA, good)
		require.NoError(w, err)
		withdrawn, err := w.lending.WithdrawApplication(w.gimje, lending.WithdrawApplicationInput{ApplicationID: all[1].ID, ExpectedVersion: 1, Reason: "현금으로 내신대요"})
		require.NoError(w, err)
		assert.Empty(w, w.sees(w.lenderB, deal.ContractFilter{}), "what is taken back is closed")
		w.unchanged("too late", func() {
			_, err := w.lending.DecideApplication(w.lenderA, good)
			w.refused("twice", err, fault.Conflict, "application.already_decided", "")
			_, err = w.lending.DecideApplication(w.lenderB, lending.DecideApplicationInput{ApplicationID: withdrawn.ID, ExpectedVersion: withdrawn.Version, Decision: lending.Approve})
			w.refused("on one that was withdrawn", err, fault.Conflict, "application.withdrawn", "")
			_, err = w.lending.RequestDocuments(w.lenderB, lending.RequestDocumentsInput{ApplicationID: withdrawn.ID})
			w.refused("documents of it", err, fault.Conflict, "application.withdrawn", "")
			_, err = w.lending.ConfirmFunding(w.lenderB, lending.ConfirmFundingInput{ApplicationID: withdrawn.ID})
			w.refused("money for it", err, fault.Conflict, "application.withdrawn", "")
			_, err = w.lending.WithdrawApplication(w.gimje, lending.WithdrawApplicationInput{ApplicationID: withdrawn.ID, ExpectedVersion: withdrawn.Version, Reason: "또"})
			w.refused("withdrawn again", err, fault.Conflict, "application.withdrawn", "")
		})
	})
}

func TestNobodyDecidesOnWhatIsClosed(t *testing.T) {
	eachWorld(t, func(w *world) {
		c, all := w.shared("org_lender")
		w.disagree(c.CustomerID, "org_lender")
		other, others := w.shared("org_lender")
		w.cancel(w.gimje, other)
		w.unchanged("decisions on nothing", func() {
			_, err := w.lending.DecideApplication(w.lenderA, lending.DecideApplicationInput{ApplicationID: all[0].ID, ExpectedVersion: 1, Decision: lending.Approve})
			w.refused("without consent", err, fault.Conflict, "application.no_consent", "applicationId")
			_, err = w.lending.DecideApplication(w.lenderA, lending.DecideApplicationInput{ApplicationID: others[0].ID, ExpectedVersion: 1, Decision: lending.Approve})
			w.refused("without a contract", err, fault.Conflict, "contract.already_cancelled", "applicationId")
		})
	})
}

func TestOfManyDecisionsAtOnceOneCounts(t *testing.T) {
	eachWorld(t, func(w *world) {
		_, all := w.shared("org_lender")
		decided := 0
		for _, err := range atOnce(8, func(int) error {
			return failed(w.lending.DecideApplication(w.lenderA, lending.DecideApplicationInput{ApplicationID: all[0].ID, ExpectedVersion: 1, Decision: lending.Approve}))
		}) {
			if err == nil {
				decided++
				continue
			}
			w.refused("another", err, fault.Conflict, "application.already_decided", "")
		}
		assert.Equal(w, 1, decided)
		assert.Equal(w, 1, w.acts(act.FinanceDecided))
	})
}

func TestAFileThatIsRightTheFirstTimeIsAFact(t *testing.T) {
	eachWorld(t, func(w *world) {
		_, all := w.shared("org_lender", "org_other_lender")
		w.decide(w.lenderA, all[0], lending.Approve)
		_, err := w.lending.RequestDocuments(w.lenderB, lending.RequestDocumentsInput{ApplicationID: all[1].ID, Documents: []lending.DocumentInput{{Title: "소득 증명", DueOn: w.now()}}})
		require.NoError(w, err)
		w.decide(w.lenderB, all[1], lending.Decline)
		assert.Equal(w, 1, w.count("acts", `kind = ? AND subject_id = ? AND facts LIKE '%"completeAtFirstTry":true%' AND dealer_id = 'dlr_gimje'`, act.FinanceDecided, all[0].ID))
		assert.Equal(w, 1, w.count("acts", `kind = ? AND subject_id = ? AND facts LIKE '%"completeAtFirstTry":false%'`, act.FinanceDecided, all[1].ID))
		assert.Zero(w, w.count("acts", "facts LIKE '%소득%' OR facts LIKE '%김논두렁%'"), "acts carry no words of anybody's")
	})
}

func TestDocumentsThatDoNotFitAreRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		_, all := w.shared("org_lender")
		day := w.now()
		wanted := func(documents ...lending.DocumentInput) lending.RequestDocumentsInput {
			return lending.RequestDocumentsInput{ApplicationID: all[0].ID, Documents: documents}
		}
		w.unchanged("bad requests", func() {
			for name, tt := range map[string]struct {
				in         lending.RequestDocumentsInput
				key, field string
			}{
				"none":             {wanted(), "application.bad_documents", "documents"},
				"too many":         {wanted(make([]lending.DocumentInput, 21)...), "application.bad_documents", "documents"},
				"without a title":  {wanted(lending.DocumentInput{DueOn: day}), "application.blank_line", "documents.0.title"},
				"a title too long": {wanted(lending.DocumentInput{Title: strings.Repeat("가", 201), DueOn: day}), "text.too_long", "documents.0.title"},
				"due yesterday":    {wanted(lending.DocumentInput{Title: "서류", DueOn: day.AddDate(0, 0, -1)}), "application.bad_day", "documents.0.dueOn"},
				"due in two years": {wanted(lending.DocumentInput{Title: "서류", DueOn: day.AddDate(2, 0, 0)}), "application.bad_day", "documents.0.dueOn"},
			} {
				_, err := w.lending.RequestDocuments(w.lenderA, tt.in)
				w.refused(name, err, fault.Invalid, tt.key, tt.field)
			}
		})
		_, err := w.lending.RequestDocuments(w.lenderA, wanted(lending.DocumentInput{Title: "서류", DueOn: day}))
		require.NoError(w, err)
		by, err := w.lending.StipulationsOf(w.gimje, []string{all[0].ID})
		require.NoError(w, err)
		id := by[all[0].ID][0].ID
		pdf := base64.StdEncoding.EncodeToString([]byte("%PDF-1.7"))
		w.unchanged("bad answers", func() {
			for name, tt := range map[string]struct {
				in         lending.AnswerStipulationInput
				code       fault.Code
				key, field string
			}{
				"nothing":         {lending.AnswerStipulationInput{StipulationID: id, Answer: " "}, fault.Invalid, "stipulation.nothing", "answer"},
				"to nothing":      {lending.AnswerStipulationInput{StipulationID: "stp_x", Answer: "네"}, fault.NotFound, "stipulation.not_found", "stipulationId"},
				"no base64":       {lending.AnswerStipulationInput{StipulationID: id, File: &lending.FileInput{Name: "a", Content: "!"}}, fault.Invalid, "file.not_base64", "file.content"},
				"a program":       {lending.AnswerStipulationInput{StipulationID: id, File: &lending.FileInput{Name: "a", Content: "TVqQAAMA"}}, fault.Invalid, "file.bad_kind", "file.content"},
				"a huge file":     {lending.AnswerStipulationInput{StipulationID: id, File: &lending.FileInput{Name: "a", Content: strings.Repeat("A", 4*(lending.MaxFile/3+4))}}, fault.Invalid, "file.too_large", "file.content"},
				"a name too long": {lending.AnswerStipulationInput{StipulationID: id, File: &lending.FileInput{Name: strings.Repeat("가", 201), Content: pdf}}, fault.Invalid, "text.too_long", "file.name"},
			} {
				_, err := w.lending.AnswerStipulation(w.gimje, tt.in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			}
			_, err := w.lending.AnswerStipulation(w.iksan, lending.AnswerStipulationInput{StipulationID: id, Answer: "네"})
			w.refused("another dealer", err, fault.NotFound, "stipulation.not_found", "stipulationId")
		})
		answered := lending.AnswerStipulationInput{IdempotencyKey: "once", StipulationID: id, File: &lending.FileInput{Name: "a.pdf", Content: pdf}}
		for range 2 {
			_, err := w.lending.AnswerStipulation(w.gimje, answered)
			require.NoError(w, err, "sent again it gets the first answer")
		}
		answered.IdempotencyKey = ""
		_, err = w.lending.AnswerStipulation(w.gimje, answered)
		w.refused("twice", err, fault.Conflict, "stipulation.already_answered", "stipulationId")
	})
}

func TestFundingThatDoesNotFitIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		draft := w.draft(w.gimje)
		w.agree(draft.CustomerID, nil, "org_lender")
		a := w.decide(w.lenderA, w.apply(asking(draft.ID, "org_lender"))[0], lending.Approve)
		good := lending.ConfirmFundingInput{ApplicationID: a.ID, ExpectedVersion: a.Version, Amount: a.ApprovedAmount, FundedOn: w.now()}
		w.unchanged("bad funding", func() {
			_, err := w.lending.ConfirmFunding(w.lenderA, good)
			w.refused("before the contract is signed", err, fault.Conflict, "application.contract_not_signed", "applicationId")
			for name, tt := range map[string]struct {
				change     func(*lending.ConfirmFundingInput)
				code       fault.Code
				key, field string
			}{
				"more than approved":  {func(in *lending.ConfirmFundingInput) { in.Amount++ }, fault.Invalid, "application.bad_amount", "amount"},
				"nothing":             {func(in *lending.ConfirmFundingInput) { in.Amount = 0 }, fault.Invalid, "application.bad_amount", "amount"},
				"tomorrow":            {func(in *lending.ConfirmFundingInput) { in.FundedOn = in.FundedOn.AddDate(0, 0, 1) }, fault.Invalid, "application.bad_day", "fundedOn"},
				"before it was asked": {func(in *lending.ConfirmFundingInput) { in.FundedOn = in.FundedOn.AddDate(0, 0, -1) }, fault.Invalid, "application.bad_day", "fundedOn"},
				"an old version":      {func(in *lending.ConfirmFundingInput) { in.ExpectedVersion-- }, fault.Conflict, "application.changed", "expectedVersion"},
			} {
				in := good
				tt.change(&in)
				_, err := w.lending.ConfirmFunding(w.lenderA, in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			}
		})
		w.sign(w.gimje, draft)
		_, err := w.lending.ConfirmFunding(w.lenderA, good)
		require.NoError(w, err)
		_, err = w.lending.ConfirmFunding(w.lenderA, good)
		w.refused("twice", err, fault.Conflict, "application.already_funded", "")
		_, err = w.lending.WithdrawApplication(w.gimje, lending.WithdrawApplicationInput{ApplicationID: a.ID, ExpectedVersion: 3, Reason: "늦게"})
		w.refused("withdrawn after that", err, fault.Conflict, "application.closed", "")
	})
}

func TestFiltersThatCannotBeMeantAreRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		now := w.now()
		ids := make([]string, 10_000)
		for i := range ids {
			ids[i] = fmt.Sprintf("ctr_%d", i)
		}
		for name, tt := range map[string]struct {
			f          deal.ContractFilter
			key, field string
		}{
			"signed upside down":  {deal.ContractFilter{SignedFrom: &now, SignedUntil: w.ago(time.Second)}, "filter.upside_down", "filter.signedUntil"},
			"amounts upside down": {deal.ContractFilter{AmountFrom: ptr(money.Won(2)), AmountTo: ptr(money.Won(1))}, "filter.upside_down", "filter.amountTo"},
			"ten thousand ids":    {deal.ContractFilter{IDs: ids}, "filter.too_many_ids", "filter.ids"},
		} {
			for _, ctx := range []context.Context{w.lenderA, w.hq} {
				_, err := w.deals.Contracts(ctx, &tt.f, nil, nil)
				w.refused(name, err, fault.Invalid, tt.key, tt.field)
			}
		}
		_, err := w.deals.Contracts(w.lenderA, nil, ptr(101), nil)
		w.refused("a page without end", err, fault.Invalid, "page.bad_first", "first")
	})
}

func TestALinkOpensForAFewMinutesAndCannotBeMade(t *testing.T) {
	eachWorld(t, func(w *world) {
		c, _ := w.shared("org_lender")
		deals, err := w.lending.SharedOf(w.lenderA, []string{c.ID})
		require.NoError(w, err)
		token := strings.TrimPrefix(deals[c.ID].PaperLink.URL, "/files/shared/")
		for name, bad := range map[string]string{
			"nothing": "", "short": "AAAA", "no base64": "!" + token, "altered": token[:len(token)-1] + "_", "broken": token + "\n", "doubled": token + token,
		} {
			_, err := w.lending.FileByLink(w.nobody, bad)
			w.refused(name, err, fault.NotFound, "file.not_found", "")
		}
		w.pass(lending.LinkValidity - time.Microsecond)
		w.opens(deals[c.ID].PaperLink)
		w.pass(time.Microsecond)
		_, err = w.lending.FileByLink(w.nobody, token)
		w.refused("too late", err, fault.NotFound, "file.not_found", "")
	})
}

func TestADeviceThatAsksAgainAsksOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.sign(w.gimje, w.draft(w.gimje))
		w.agree(c.CustomerID, []customer.ConsentItem{customer.ItemContract}, "org_lender")
		in := asking(c.ID, "org_lender")
		in.IdempotencyKey = "once"
		first := w.apply(in)
		w.unchanged("sent again", func() { assert.Equal(w, first[0].ID, w.apply(in)[0].ID) })
		decide := lending.DecideApplicationInput{IdempotencyKey: "once", ApplicationID: first[0].ID, ExpectedVersion: 1, Decision: lending.Approve}
		decided, err := w.lending.DecideApplication(w.lenderA, decide)
		require.NoError(w, err)
		again, err := w.lending.DecideApplication(w.lenderA, decide)
		require.NoError(w, err)
		assert.Equal(w, decided.Version, again.Version)
	})
}

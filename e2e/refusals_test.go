package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBadInput sends what the platform must refuse: each gets a typed error and
// nothing is written.
func TestBadInput(t *testing.T) {
	s := start(t, engines{name: "embedded"})
	dealer, other, rep, hq := s.signIn("dealer@demo.dure"), s.signIn("dealer2@demo.dure"), s.signIn("rep@demo.dure"), s.signIn("hq@demo.dure")
	contractID, sha, version := draft(dealer)
	customerID := farmer(dealer)
	productID, _, _, _ := product(dealer)
	consultationID, _ := consult(dealer)

	count := func() [3]int {
		a := hq.must(`{ consultations { totalCount } quotes { totalCount } contracts { totalCount } }`, nil)
		return [3]int{a.number(t, "consultations.totalCount"), a.number(t, "quotes.totalCount"), a.number(t, "contracts.totalCount")}
	}
	before := count()

	type refusal struct {
		who              *caller
		field, inputType string
		input            object
		code, key, on    string
	}
	line := []object{{"productId": productID}}
	with := func(o object, more object) object {
		out := object{}
		for k, v := range o {
			out[k] = v
		}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	sign := signing(dealer, contractID, sha, version)
	for name, r := range map[string]refusal{
		"an unknown id":                            {dealer, "signContract", "SignContractInput", with(sign, object{"contractId": "ctr_0"}), "NOT_FOUND", "contract.not_found", "contractId"},
		"another dealer's row":                     {other, "signContract", "SignContractInput", sign, "NOT_FOUND", "contract.not_found", "contractId"},
		"no signature":                             {dealer, "signContract", "SignContractInput", with(sign, object{"signature": with(signature(), object{"strokes": [][]object{}})}), "INVALID", "contract.signature_missing", "signature"},
		"a signature outside its box":              {dealer, "signContract", "SignContractInput", with(sign, object{"signature": with(signature(), object{"width": 5})}), "INVALID", "contract.signature_bad", "signature"},
		"another paper than the one that was read": {dealer, "signContract", "SignContractInput", with(sign, object{"readSha256": strings.Repeat("0", 64)}), "CONFLICT", "contract.other_paper", "readSha256"},
		"terms that nobody agreed to":              {dealer, "signContract", "SignContractInput", with(sign, object{"consentTextIds": []string{}}), "INVALID", "contract.terms_not_agreed", "consentTextIds"},
		"a stale version":                          {dealer, "signContract", "SignContractInput", with(sign, object{"expectedVersion": version + 1}), "CONFLICT", "contract.changed", "expectedVersion"},
		"a signature from the future":              {dealer, "signContract", "SignContractInput", with(sign, object{"occurredAt": "2099-01-01T00:00:00Z"}), "INVALID", "act.in_future", "occurredAt"},
		"a negative discount":                      {dealer, "issueQuote", "IssueQuoteInput", object{"consultationId": consultationID, "lines": line, "discount": -1}, "INVALID", "money.negative", "discount"},
		"an overflowing discount":                  {dealer, "issueQuote", "IssueQuoteInput", object{"consultationId": consultationID, "lines": line, "discount": 1_000_000_000_000}, "INVALID", "quote.discount_over_total", "discount"},
		"too many machines":                        {dealer, "issueQuote", "IssueQuoteInput", object{"consultationId": consultationID, "lines": []object{{"productId": productID, "quantity": 1_000_000}}}, "INVALID", "quote.bad_quantity", "lines"},
		"no machine":                               {dealer, "issueQuote", "IssueQuoteInput", object{"consultationId": consultationID, "lines": []object{}}, "INVALID", "quote.no_lines", "lines"},
		"neither consultation nor customer":        {dealer, "issueQuote", "IssueQuoteInput", object{"lines": line}, "INVALID", "quote.consultation_or_customer", "consultationId"},
		"Korean text of 10,000 characters":         {dealer, "openConsultation", "OpenConsultationInput", object{"customerId": customerID, "needs": object{}, "note": strings.Repeat("논", 10_000)}, "INVALID", "text.too_long", "note"},
		"another dealer's customer":                {other, "openConsultation", "OpenConsultationInput", object{"customerId": customerID, "needs": object{}}, "NOT_FOUND", "customer.not_found", "customerId"},
	} {
		t.Run(name, func(t *testing.T) {
			code, key, on := r.who.refused(r.field, r.inputType, r.input)
			assert.Equal(t, []string{r.code, r.key, r.on}, []string{code, key, on})
		})
	}
	t.Run("a customer without consent", func(t *testing.T) {
		a := dealer.mutate("createCustomer", "CreateCustomerInput", "customer { id }", object{"name": "박동의전"})
		code, key, _ := dealer.refused("openConsultation", "OpenConsultationInput", object{"customerId": a.text(t, "createCustomer.customer.id"), "needs": object{}})
		assert.Equal(t, []string{"CONFLICT", "customer.no_consent"}, []string{code, key})
	})
	assert.Equal(t, before, count(), "a refusal wrote something")

	t.Run("a discount over the band waits, and cannot be drafted", func(t *testing.T) {
		q := dealer.mutate("issueQuote", "IssueQuoteInput", "quote { id status version }", object{
			"consultationId": consultationID, "lines": line, "discount": 9_000_000, "valuePoints": []string{"힘이 좋아요"},
		})
		require.Equal(t, "AWAITING_APPROVAL", q.text(t, "issueQuote.quote.status"))
		quoteID := q.text(t, "issueQuote.quote.id")
		code, key, on := dealer.refused("draftContract", "DraftContractInput", object{"quoteId": quoteID})
		assert.Equal(t, []string{"CONFLICT", "quote.awaiting_approval", "quoteId"}, []string{code, key, on})

		decided := rep.mutate("decideDiscount", "DecideDiscountInput", "quote { status decidedBy }", object{
			"quoteId": quoteID, "expectedVersion": q.number(t, "issueQuote.quote.version"), "approve": true, "note": "괜찮아요",
		})
		assert.Equal(t, "ISSUED", decided.text(t, "decideDiscount.quote.status"))
		assert.NotEmpty(t, decided.text(t, "decideDiscount.quote.decidedBy"))
		dealer.mutate("draftContract", "DraftContractInput", "contract { id }", object{"quoteId": quoteID})
	})
	t.Run("a second signature", func(t *testing.T) {
		dealer.mutate("signContract", "SignContractInput", "contract { id }", sign)
		code, key, _ := dealer.refused("signContract", "SignContractInput", sign)
		assert.Equal(t, []string{"CONFLICT", "contract.already_signed"}, []string{code, key})
	})
	t.Run("a repeated idempotency key", func(t *testing.T) {
		input := object{"customerId": customerID, "needs": object{}, "idempotencyKey": "once"}
		first := dealer.mutate("openConsultation", "OpenConsultationInput", "consultation { id }", input)
		again := dealer.mutate("openConsultation", "OpenConsultationInput", "consultation { id }", input)
		assert.Equal(t, first.Data, again.Data, "a repeat gets the first answer")
		code, key, on := dealer.refused("openConsultation", "OpenConsultationInput", with(input, object{"note": "다른 말"}))
		assert.Equal(t, []string{"CONFLICT", "idempotency.other_input", "idempotencyKey"}, []string{code, key, on})
	})
	t.Run("a cursor that was tampered with", func(t *testing.T) {
		cursor := dealer.must(`{ contracts(first: 1) { pageInfo { endCursor } } }`, nil).text(t, "contracts.pageInfo.endCursor")
		for _, bad := range []string{cursor[:len(cursor)-2] + "AA", "nonsense", dealer.must(`{ quotes(first: 1) { pageInfo { endCursor } } }`, nil).text(t, "quotes.pageInfo.endCursor")} {
			a, err := dealer.do(`query($after: String) { contracts(first: 1, after: $after) { totalCount } }`, object{"after": bad})
			require.NoError(t, err)
			require.Len(t, a.Errors, 1)
			assert.Equal(t, "INVALID", a.Errors[0]["extensions"].(object)["code"])
		}
	})
	t.Run("the wrong persona", func(t *testing.T) {
		// What only dealers do is unknown to a rep's schema.
		a, err := rep.do(mutation("signContract", "SignContractInput", ""), object{"input": sign})
		require.NoError(t, err)
		require.NotEmpty(t, a.Errors)
		assert.Equal(t, "GRAPHQL_VALIDATION_FAILED", a.Errors[0]["extensions"].(object)["code"])
	})
	t.Run("nobody", func(t *testing.T) {
		a, err := s.anonymous().do(`{ contracts { totalCount } }`, nil)
		require.NoError(t, err)
		require.NotEmpty(t, a.Errors)
		assert.Equal(t, "UNAUTHENTICATED", a.Errors[0]["extensions"].(object)["code"])
	})
	t.Run("a bad token", func(t *testing.T) {
		c := s.anonymous()
		c.token = "nonsense"
		a, err := c.do(`{ viewer { persona } }`, nil)
		require.NoError(t, err)
		assert.Equal(t, http.StatusUnauthorized, a.Status)
	})
	t.Run("a row outside the reach does not exist", func(t *testing.T) {
		a := other.must(`query($id: ID!) { contract(id: $id) { id } node(id: $id) { id } }`, object{"id": contractID})
		assert.Nil(t, a.at(t, "contract"))
		assert.Nil(t, a.at(t, "node"))
	})
	t.Run("words come in the caller's language", func(t *testing.T) {
		ko, en := *dealer, *dealer
		ko.language, en.language = "ko", "en"
		input := object{"input": object{"quoteId": "quo_0"}}
		said := func(c *caller) string {
			return c.must(mutation("draftContract", "DraftContractInput", ""), input).text(t, "draftContract.userErrors.0.message")
		}
		assert.NotEqual(t, said(&ko), said(&en))
		assert.Regexp(t, `\p{Hangul}`, said(&ko))
		assert.NotRegexp(t, `\p{Hangul}`, said(&en))
	})
	t.Run("a body of 10 MB", func(t *testing.T) {
		response, err := http.Post(s.url+"/graphql", "application/json", strings.NewReader(`{"query":"`+strings.Repeat("x", 10<<20)+`"}`))
		if err == nil { // the connection may be cut while it still sends
			_ = response.Body.Close()
			assert.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
		}
	})
}

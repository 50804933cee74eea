package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// farmer makes a customer with consent and returns its id.
func farmer(c *caller) string {
	c.s.t.Helper()
	a := c.mutate("createCustomer", "CreateCustomerInput", "customer { id farm { filled pyeong hectares } consents { purpose action } }", object{
		"name": "김논두렁", "phone": "010-0000-4321", "consentTextId": consentText(c, "PERSONAL_DATA"),
		"farm": object{"parcels": []object{{"pyeong": 3000, "crop": "RICE"}}, "crops": []string{"RICE"}, "terrain": "FLAT"},
	})
	require.Equal(c.s.t, 3, a.number(c.s.t, "createCustomer.customer.farm.filled"))
	return a.text(c.s.t, "createCustomer.customer.id")
}

// consentText returns the id of the valid words for a purpose.
func consentText(c *caller, purpose string) string {
	c.s.t.Helper()
	for _, v := range c.must(`{ consentTexts { id purpose } }`, nil).at(c.s.t, "consentTexts").([]any) {
		if text := v.(object); text["purpose"] == purpose {
			return text["id"].(string)
		}
	}
	require.Fail(c.s.t, "no consent text", purpose)
	return ""
}

// product returns a product and a video of it.
func product(c *caller) (id, mediaID, optionID string, price int) {
	c.s.t.Helper()
	a := c.must(`{ products { id listPrice options { id price } media { id kind durationSeconds } } }`, nil)
	return a.text(c.s.t, "products.0.id"), a.text(c.s.t, "products.0.media.0.id"), a.text(c.s.t, "products.0.options.0.id"), a.number(c.s.t, "products.0.listPrice")
}

// consult opens a consultation for a new farmer and shows a video.
func consult(c *caller) (consultationID, productID string) {
	c.s.t.Helper()
	open := c.mutate("openConsultation", "OpenConsultationInput", "consultation { id status }", object{
		"customerId": farmer(c), "needs": object{"crops": []string{"RICE"}, "purpose": "모내기 전에 바꾸고 싶어요", "budget": 50_000_000},
	})
	consultationID = open.text(c.s.t, "openConsultation.consultation.id")
	productID, mediaID, _, _ := product(c)
	c.mutate("presentProduct", "PresentProductInput", "consultation { showings { watchedSeconds product { name } } }", object{
		"consultationId": consultationID, "productId": productID, "mediaId": mediaID, "watchedSeconds": 45,
	})
	return consultationID, productID
}

// offer issues a quote with value points.
func offer(c *caller) (quoteID, consultationID string) {
	c.s.t.Helper()
	consultationID, productID := consult(c)
	q := c.mutate("issueQuote", "IssueQuoteInput", "quote { id status total listTotal withinBand }", object{
		"consultationId": consultationID, "lines": []object{{"productId": productID, "quantity": 1}},
		"discount": 100_000, "valuePoints": []string{"논 3,000평에 알맞은 마력이에요"},
	})
	require.Equal(c.s.t, "ISSUED", q.text(c.s.t, "issueQuote.quote.status"))
	return q.text(c.s.t, "issueQuote.quote.id"), consultationID
}

// draft drafts a contract ready to be signed.
func draft(c *caller) (contractID, sha256 string, version int) {
	c.s.t.Helper()
	quoteID, _ := offer(c)
	d := c.mutate("draftContract", "DraftContractInput", "contract { id status version evidence { sha256 url } }", object{"quoteId": quoteID})
	require.Equal(c.s.t, "DRAFT", d.text(c.s.t, "draftContract.contract.status"))
	return d.text(c.s.t, "draftContract.contract.id"), d.text(c.s.t, "draftContract.contract.evidence.sha256"), d.number(c.s.t, "draftContract.contract.version")
}

func signature() object {
	return object{
		"strokes": [][]object{{{"x": 10, "y": 20}, {"x": 40, "y": 60}, {"x": 90, "y": 30}}},
		"width":   300, "height": 120, "signerName": "김논두렁",
	}
}

func signing(c *caller, contractID, sha256 string, version int) object {
	return object{
		"contractId": contractID, "expectedVersion": version, "readSha256": sha256,
		"signature": signature(), "consentTextIds": []string{consentText(c, "CONTRACT")},
	}
}

const contractSelection = `contract { id status channel version signedAt price total
	evidence { sha256 url sealedUrl events { seq kind hash } }
	ledgerEntries { kind points vestsAt explanation rule { key version title } act { kind occurredAt } } }`

func TestTheDealFromConsultationToTheMovingBoard(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engines) {
		s := start(t, e)
		dealer, rep, hq := s.signIn("dealer@demo.dure"), s.signIn("rep@demo.dure"), s.signIn("hq@demo.dure")

		before := dealer.must(`{ viewer { persona dealer { id name } permissions } rankBanner { rank of points movement toNext stale cause { points explanation } } }`, nil)
		assert.Equal(t, "DEALER", before.text(t, "viewer.persona"))
		assert.Equal(t, false, before.at(t, "rankBanner.stale"))
		dealerID, points := before.text(t, "viewer.dealer.id"), before.number(t, "rankBanner.points")

		banner := dealer.watch(`subscription { rankBannerChanged { rank of points cause { points rule { key } explanation } } }`, nil)
		board := hq.listen(`subscription { leaderboardChanged(scope: NATION) { version moved { dealer { id } fromRank toRank points } top(first: 3) { rank points } } }`)
		await(t, banner, "the banner's first state", func(a answer) bool { return a.number(t, "rankBannerChanged.points") == points })
		await(t, board, "the board's first state", func(a answer) bool { return len(a.at(t, "leaderboardChanged.top").([]any)) == 3 })

		contractID, sha, version := draft(dealer)
		signed := dealer.mutate("signContract", "SignContractInput", contractSelection, signing(dealer, contractID, sha, version))
		assert.Equal(t, "SIGNED", signed.text(t, "signContract.contract.status"))
		assert.Equal(t, "contract.signed", signed.text(t, "signContract.contract.ledgerEntries.0.rule.key"))
		assert.Equal(t, 30, signed.number(t, "signContract.contract.ledgerEntries.0.points"))
		assert.NotEmpty(t, signed.text(t, "signContract.contract.ledgerEntries.0.explanation"))

		deal := dealer.must(`query($id: ID!) { contract(id: $id) { quote { consultation { ledgerEntries { points rule { key } } } } } }`, object{"id": contractID})
		earned, rules := 0, map[string]bool{}
		for _, v := range deal.at(t, "contract.quote.consultation.ledgerEntries").([]any) {
			entry := v.(object)
			earned += int(entry["points"].(float64))
			rules[entry["rule"].(object)["key"].(string)] = true
		}
		assert.Equal(t, map[string]bool{"consultation.shown": true, "quote.value": true, "contract.signed": true}, rules)
		arrived := await(t, banner, "the banner after the signature", func(a answer) bool {
			return a.number(t, "rankBannerChanged.points") == points+earned
		})
		assert.Equal(t, "contract.signed", arrived.text(t, "rankBannerChanged.cause.rule.key"))
		await(t, board, "the board after the signature", func(a answer) bool {
			for _, m := range a.at(t, "leaderboardChanged.moved").([]any) {
				if move := m.(object); move["dealer"].(object)["id"] == dealerID && move["points"] == float64(points+earned) {
					return true
				}
			}
			return false
		})

		t.Run("the rep and HQ see the same deal", func(t *testing.T) {
			for _, c := range []*caller{rep, hq} {
				a := c.must(`query($id: ID!) { contract(id: $id) { status dealer { id } customer { name } quote { consultation { showings { watchedSeconds } } } } }`, object{"id": contractID})
				assert.Equal(t, dealerID, a.text(t, "contract.dealer.id"))
				assert.Equal(t, "SIGNED", a.text(t, "contract.status"))
			}
		})
		t.Run("every point explains itself", func(t *testing.T) {
			a := dealer.must(`{ iqEntries(first: 5) { nodes { points vestsAt rule { key version } act { kind occurredAt } explanation } } }`, nil)
			assert.Equal(t, "contract.signed", a.text(t, "iqEntries.nodes.0.rule.key"))
			assert.Equal(t, "contract.signed", a.text(t, "iqEntries.nodes.0.act.kind"))
		})
		t.Run("points that can still be taken back are pending", func(t *testing.T) {
			a := hq.must(`query($id: ID!) { dealer(id: $id) { iq { points vested pending standing { rank of tiedWith movement toNext } } } }`, object{"id": dealerID})
			assert.Equal(t, points+earned, a.number(t, "dealer.iq.points"))
			assert.GreaterOrEqual(t, a.number(t, "dealer.iq.pending"), 30)
		})
		t.Run("a paper contract earns nothing and is the same contract", func(t *testing.T) {
			quoteID, _ := offer(dealer)
			p := dealer.mutate("recordPaperContract", "RecordPaperContractInput", contractSelection, object{"quoteId": quoteID})
			assert.Equal(t, "PAPER", p.text(t, "recordPaperContract.contract.channel"))
			assert.Equal(t, 0, p.number(t, "recordPaperContract.contract.ledgerEntries.0.points"))
			assert.NotEmpty(t, p.text(t, "recordPaperContract.contract.ledgerEntries.0.explanation"))
		})
		t.Run("the sealed package holds without the server", func(t *testing.T) { packageHolds(t, s, dealer, contractID) })
		t.Run("a cancellation takes the points back by a new entry", func(t *testing.T) {
			c := dealer.mutate("cancelContract", "CancelContractInput", contractSelection, object{
				"contractId": contractID, "expectedVersion": signed.number(t, "signContract.contract.version"), "reason": "마음이 바뀌었어요",
			})
			assert.Equal(t, "CANCELLED", c.text(t, "cancelContract.contract.status"))
			assert.Equal(t, "REVERSED", c.text(t, "cancelContract.contract.ledgerEntries.1.kind"))
			assert.Equal(t, -30, c.number(t, "cancelContract.contract.ledgerEntries.1.points"))
		})
		verifyBoards(t, s)
	})
}

// verifyBoards waits until the boards equal the ledger.
func verifyBoards(t *testing.T, s *server) {
	t.Helper()
	var out string
	require.Eventually(t, func() bool {
		var err error
		out, err = s.dure("verify-boards")
		return err == nil
	}, 15*time.Second, 200*time.Millisecond, "boards differ from the ledger")
	assert.Contains(t, out, "boards equal the ledger")
	assert.NotContains(t, out, "no server runs")
}

package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/kst"
)

// open opens a customer's link in a browser.
func (s *server) open(secret, code, device string) answer {
	s.t.Helper()
	return s.anonymous().must(mutation("openCustomerLink", "OpenCustomerLinkInput", "accessToken expiresAt"),
		object{"input": object{"secret": secret, "code": code, "deviceId": device}})
}

func TestACustomersOwnLink(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engines) {
		s := start(t, e)
		dealer, lender, carrier := s.signIn("dealer@demo.dure"), s.system("lender-a"), s.system("carrier-a")
		firm := lenderID(dealer, "두레캐피탈")
		contractID, sha, version := draft(dealer)
		customerID := dealer.must(`query($id: ID!) { contract(id: $id) { customer { id } } }`, object{"id": contractID}).text(t, "contract.customer.id")

		made := dealer.mutate("createCustomerLink", "CreateCustomerLinkInput", "url code mailed link { id status codeBy expiresAt }", object{"contractId": contractID})
		assert.Equal(t, "WAITING", made.text(t, "createCustomerLink.link.status"))
		assert.Equal(t, false, made.at(t, "createCustomerLink.mailed"))
		_, secret, _ := strings.Cut(made.text(t, "createCustomerLink.url"), "/c/")
		require.True(t, strings.HasPrefix(made.text(t, "createCustomerLink.url"), s.url))
		const phone = "a-phone-of-the-customers-own"
		wrong := s.open(secret, "000000x", phone)
		assert.Equal(t, "link.wrong_code", wrong.text(t, "openCustomerLink.userErrors.0.key"))
		opened := s.open(secret, made.text(t, "createCustomerLink.code"), phone)
		customer := s.anonymous()
		customer.token = opened.text(t, "openCustomerLink.accessToken")
		assert.Equal(t, "link.other_browser", s.open(secret, made.text(t, "createCustomerLink.code"), "somebody-elses-phone").text(t, "openCustomerLink.userErrors.0.key"))
		assert.Equal(t, "link.over", s.open("made-up", "123456", phone).text(t, "openCustomerLink.userErrors.0.key"))

		read := customer.must(`{ viewer { persona } customerContract { id number status total monthly dealerName dealerPhone paperSha256 paperLink { url } version
			lines { productName amount options { name } } consentTexts { id purpose title body } } }`, nil)
		assert.Nil(t, read.at(t, "viewer"), "a customer has no account")
		assert.Equal(t, contractID, read.text(t, "customerContract.id"))
		assert.Equal(t, sha, read.text(t, "customerContract.paperSha256"))
		response, body := s.page("GET", s.url+read.text(t, "customerContract.paperLink.url"), "")
		require.Equal(t, http.StatusOK, response.StatusCode)
		assert.Equal(t, "%PDF-", body[:5])
		for _, query := range []string{`{ contracts { totalCount } }`, `{ customers { totalCount } }`, `{ rankBanner { rank } }`} {
			a, err := customer.do(query, nil)
			require.NoError(t, err)
			assert.NotEmpty(t, a.Errors, "unknown to a customer: %s", query)
		}
		thing, err := customer.do(`query($id: ID!) { node(id: $id) { id } }`, object{"id": contractID})
		require.NoError(t, err)
		assert.Nil(t, thing.Data["node"], "no id leads a customer anywhere")

		sign := signing(dealer, contractID, sha, version)
		delete(sign, "contractId")
		delete(sign, "occurredAt")
		signed := customer.mutate("signContractByLink", "SignContractByLinkInput", "contract { status signedAt }", sign)
		assert.Equal(t, "SIGNED", signed.text(t, "signContractByLink.contract.status"))
		earned := dealer.must(`query($id: ID!) { contract(id: $id) { channel ledgerEntries { points } customerLinks { status openedAt } evidence { events { kind } } } }`, object{"id": contractID})
		assert.Equal(t, "DIGITAL", earned.text(t, "contract.channel"))
		assert.Equal(t, 30, earned.number(t, "contract.ledgerEntries.0.points"))
		assert.Equal(t, "OPENED", earned.text(t, "contract.customerLinks.0.status"))

		carrierID := carrier.must(`{ viewer { organization { id } } }`, nil).text(t, "viewer.organization.id")
		text := consentText(dealer, "THIRD_PARTY")
		for _, recipient := range []string{firm, carrierID} {
			dealer.mutate("recordConsent", "RecordConsentInput", "consent { id }", object{"customerId": customerID, "textId": text, "recipient": recipient})
		}
		dealer.mutate("applyForFinance", "ApplyForFinanceInput", "applications { id }", object{"contractId": contractID, "lenderIds": []string{firm}, "amount": 10_000_000, "months": 36})
		asked := dealer.mutate("requestShipment", "RequestShipmentInput", "shipment { id version }", object{
			"contractId": contractID, "carrierId": carrierID, "wantedOn": kst.Day(time.Now().AddDate(0, 0, 3)),
			"from": object{"name": "창고", "phone": "010-0000-0001", "address": "들길 1"}, "to": object{"name": "김논두렁", "phone": "010-0000-0002", "address": "논길 2"},
		})
		carrier.mutate("acceptShipment", "AcceptShipmentInput", "shipment { id }", object{"shipmentId": asked.text(t, "requestShipment.shipment.id"), "expectedVersion": asked.number(t, "requestShipment.shipment.version")})
		carrier.mutate("recordShipmentEvent", "RecordShipmentEventInput", "shipment { id }", object{"shipmentId": asked.text(t, "requestShipment.shipment.id"), "status": "IN_TRANSIT", "place": "호남고속도로"})
		way := customer.must(`{ customerContract { deliveries { status carrierName wantedOn deliveredAt events { status place } } consents { purpose recipientName action } } }`, nil)
		assert.Equal(t, "IN_TRANSIT", way.text(t, "customerContract.deliveries.0.status"))
		assert.Equal(t, "호남고속도로", way.text(t, "customerContract.deliveries.0.events.0.place"))

		query := `query($id: ID!) { contract(id: $id) { number shared { borrower { name } } } }`
		assert.NotEmpty(t, lender.must(query, object{"id": contractID}).text(t, "contract.shared.borrower.name"))
		customer.mutate("withdrawConsentByLink", "WithdrawConsentByLinkInput", "contract { consents { action method } }", object{"purpose": "THIRD_PARTY", "recipient": firm})
		assert.Nil(t, lender.must(query, object{"id": contractID}).at(t, "contract"), "the lender's fields are closed")

		dealer.mutate("revokeCustomerLink", "RevokeCustomerLinkInput", "link { status }", object{"linkId": made.text(t, "createCustomerLink.link.id")})
		ended, err := customer.do(`{ customerContract { id } }`, nil)
		require.NoError(t, err)
		require.Len(t, ended.Errors, 1)
		assert.Equal(t, "UNAUTHENTICATED", ended.Errors[0]["extensions"].(object)["code"])
		gone, _ := s.page("GET", s.url+read.text(t, "customerContract.paperLink.url"), "")
		assert.Equal(t, http.StatusNotFound, gone.StatusCode)
		assert.Equal(t, "link.over", s.open(secret, "", phone).text(t, "openCustomerLink.userErrors.0.key"))
	})
}

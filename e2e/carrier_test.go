package e2e

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// system lets a demo system ask for its token.
func (s *server) system(name string) *caller {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodPost, s.url+"/oauth/token", strings.NewReader(url.Values{"grant_type": {"client_credentials"}}.Encode()))
	require.NoError(s.t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(name, s.secret(name))
	response, err := http.DefaultClient.Do(request)
	require.NoError(s.t, err)
	defer func() { _ = response.Body.Close() }()
	require.Equal(s.t, http.StatusOK, response.StatusCode)
	var token struct {
		AccessToken string `json:"access_token"`
	}
	require.NoError(s.t, json.NewDecoder(response.Body).Decode(&token))
	c := s.anonymous()
	c.token = token.AccessToken
	return c
}

// file sends bytes to a path, or reads what is there.
func (c *caller) file(method, path string, content []byte) (status int, contentType string, body []byte) {
	t := c.s.t
	t.Helper()
	request, err := http.NewRequest(method, c.s.url+path, bytes.NewReader(content))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	body, err = io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, response.Header.Get("Content-Type"), body
}

// carrierOf reads the organisation of a system's.
func carrierOf(c *caller) string {
	c.s.t.Helper()
	return c.must(`{ viewer { persona organization { id } } }`, nil).text(c.s.t, "viewer.organization.id")
}

const shipmentSelection = `shipment { id status version contractNumber toArea to { name phone address } events { status place } proof { serialMatches trained photoUrl } }`

func TestACarrierDeliversWhatWasSold(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engines) {
		s := start(t, e)
		dealer, carrier := s.signIn("dealer@demo.dure"), s.system("carrier-a")
		carrierID := carrierOf(carrier)
		contractID, sha, version := draft(dealer)
		signed := dealer.mutate("signContract", "SignContractInput", "contract { number customer { id } }", signing(dealer, contractID, sha, version))
		request := object{
			"contractId": contractID, "carrierId": carrierID, "serialNumbers": []string{"DR-0001"}, "wantedOn": time.Now().AddDate(0, 0, 7).Format(time.DateOnly),
			"from": object{"name": "창고", "phone": "010-0000-1111", "address": "창고길 1"},
			"to":   object{"name": "김논두렁", "phone": "010-0000-4321", "address": "들길 1"},
		}
		code, key, field := dealer.refused("requestShipment", "RequestShipmentInput", request)
		assert.Equal(t, []string{"CONFLICT", "shipment.no_consent", "carrierId"}, []string{code, key, field})
		dealer.mutate("recordConsent", "RecordConsentInput", "consent { action }", object{
			"customerId": signed.text(t, "signContract.contract.customer.id"), "textId": consentText(dealer, "THIRD_PARTY"), "recipient": carrierID,
		})
		offered := dealer.mutate("requestShipment", "RequestShipmentInput", shipmentSelection, request)
		id := offered.text(t, "requestShipment.shipment.id")

		list := carrier.must(`{ shipments(filter: {status: OFFERED}) { nodes { id version contractNumber toArea to { phone } } } }`, nil)
		assert.Equal(t, id, list.text(t, "shipments.nodes.0.id"), "the newest first")
		assert.Equal(t, signed.text(t, "signContract.contract.number"), list.text(t, "shipments.nodes.0.contractNumber"))
		assert.Nil(t, list.at(t, "shipments.nodes.0.to"))
		sh := carrier.mutate("acceptShipment", "AcceptShipmentInput", shipmentSelection, object{"shipmentId": id, "expectedVersion": 1})
		assert.Equal(t, "010-0000-4321", sh.text(t, "acceptShipment.shipment.to.phone"))
		sh = carrier.mutate("recordShipmentEvent", "RecordShipmentEventInput", shipmentSelection, object{"shipmentId": id, "status": "LOADED", "place": "창고"})
		assert.Equal(t, "LOADED", sh.text(t, "recordShipmentEvent.shipment.status"))

		proof := carrier.proof(id, sh.number(t, "recordShipmentEvent.shipment.version"))
		done := carrier.mutate("proveDelivery", "ProveDeliveryInput", shipmentSelection, proof)
		assert.Equal(t, "DELIVERED", done.text(t, "proveDelivery.shipment.status"))
		again := carrier.mutate("proveDelivery", "ProveDeliveryInput", shipmentSelection, proof)
		assert.Equal(t, done.Data, again.Data, "a repeat gets the first answer")

		seen := dealer.must(`query($id: ID!) { contract(id: $id) { shipments { status carrier { name } proof { receiver photoUrl }
			ledgerEntries { points rule { key } explanation } } } }`, object{"id": contractID})
		assert.Equal(t, "delivery.proved", seen.text(t, "contract.shipments.0.ledgerEntries.0.rule.key"))
		assert.Equal(t, 10, seen.number(t, "contract.shipments.0.ledgerEntries.0.points"))
		assert.Equal(t, "김논두렁", seen.text(t, "contract.shipments.0.proof.receiver"))
		status, kind, _ := dealer.file(http.MethodGet, seen.text(t, "contract.shipments.0.proof.photoUrl"), nil)
		assert.Equal(t, http.StatusOK, status)
		assert.Equal(t, "image/png", kind)
		stranger := s.signIn("dealer2@demo.dure")
		status, _, _ = stranger.file(http.MethodGet, seen.text(t, "contract.shipments.0.proof.photoUrl"), nil)
		assert.Equal(t, http.StatusNotFound, status, "another dealer's delivery does not exist")
		assert.Nil(t, stranger.must(`query($id: ID!) { shipment(id: $id) { id } }`, object{"id": id}).at(t, "shipment"))
		unknown, err := carrier.do(`{ contracts { totalCount } }`, nil)
		require.NoError(t, err)
		assert.NotEmpty(t, unknown.Errors, "a carrier knows no contracts")
	})
}

// proof hands in a photo and returns the proof that names it.
func (c *caller) proof(shipmentID string, version int) object {
	t := c.s.t
	t.Helper()
	status, _, answer := c.file(http.MethodPost, "/files/photos", []byte("no picture"))
	require.Equal(t, http.StatusBadRequest, status, "%s", answer)
	var photo bytes.Buffer
	require.NoError(t, png.Encode(&photo, image.NewGray(image.Rect(0, 0, 20, 20))))
	status, _, answer = c.file(http.MethodPost, "/files/photos", photo.Bytes())
	require.Equal(t, http.StatusCreated, status, "%s", answer)
	var kept struct{ Sha256 string }
	require.NoError(t, json.Unmarshal(answer, &kept))
	var training []object
	for _, item := range []string{"CONTROLS", "SAFETY", "ATTACHMENTS", "MAINTENANCE", "WARRANTY"} {
		training = append(training, object{"item": item, "done": true})
	}
	return object{
		"idempotencyKey": "proof-1", "shipmentId": shipmentID, "expectedVersion": version, "serialNumbers": []string{"dr-0001"},
		"photoSha256": kept.Sha256, "signature": signature(), "training": training, "trainee": "김논두렁",
	}
}

package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// partner is a lender's own server. It keeps the id of every message that it
// could verify, and its contract's sequences.
type partner struct {
	*httptest.Server
	mutex     sync.Mutex
	secret    string
	ids       []string
	sequences map[string][]int
	refused   []error
	first     func() // called before the first answer
}

func newPartner(t *testing.T) *partner {
	p := &partner{sequences: map[string][]int{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *partner) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.mutex.Lock()
	defer p.mutex.Unlock()
	var message struct {
		ID   string
		Data struct {
			Sequence   int
			ContractID string
		}
	}
	verifier, err := standard.NewWebhook(p.secret)
	if err == nil {
		err = verifier.Verify(body, r.Header)
	}
	if err == nil {
		err = json.Unmarshal(body, &message)
	}
	if err != nil {
		p.refused = append(p.refused, err)
		return
	}
	p.ids = append(p.ids, message.ID)
	p.sequences[message.Data.ContractID] = append(p.sequences[message.Data.ContractID], message.Data.Sequence)
	if p.first != nil {
		first := p.first
		p.first = nil
		first()
	}
}

// heard is every id that came, in order.
func (p *partner) heard() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return append([]string{}, p.ids...)
}

// listen makes an endpoint at p and returns its id.
func (p *partner) listen(c *caller) string {
	c.s.t.Helper()
	p.mutex.Lock() // what comes at once waits for the secret
	defer p.mutex.Unlock()
	made := c.mutate("createWebhookEndpoint", "CreateWebhookEndpointInput", "secret endpoint { id state url kinds organization { kind } }", object{"url": p.URL})
	p.secret = made.text(c.s.t, "createWebhookEndpoint.secret")
	return made.text(c.s.t, "createWebhookEndpoint.endpoint.id")
}

func TestALenderIsCalledAndTriesTheSandbox(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engines) {
		s := start(t, e)
		lender, other := s.system("lender-a"), s.system("lender-b")
		p := newPartner(t)
		id := p.listen(lender)

		t.Run("a replay tells all there ever was, in order for each contract", func(t *testing.T) {
			count := lender.mutate("replayWebhooks", "ReplayWebhooksInput", "count", object{"endpointId": id, "afterSeq": 0}).number(t, "replayWebhooks.count")
			require.Positive(t, count, "the demo has contracts for lenders")
			require.Eventually(t, func() bool { return len(p.heard()) == count }, 30*time.Second, 50*time.Millisecond)
			p.mutex.Lock()
			defer p.mutex.Unlock()
			assert.Empty(t, p.refused)
			for contract, sequences := range p.sequences {
				assert.IsIncreasing(t, append([]int{0}, sequences...), contract)
			}
		})
		t.Run("the log tells it", func(t *testing.T) {
			require.Eventually(t, func() bool {
				a := lender.must(`query($id: ID!) { webhookDeliveries(endpointId: $id, state: PENDING) { totalCount } }`, object{"id": id})
				return a.number(t, "webhookDeliveries.totalCount") == 0
			}, 10*time.Second, 50*time.Millisecond)
			a := lender.must(`query($id: ID!) { webhookDeliveries(endpointId: $id, first: 1) { nodes { kind sequence state attempts { status failure milliseconds } nextAttemptAt } } }`, object{"id": id})
			assert.Equal(t, "DELIVERED", a.text(t, "webhookDeliveries.nodes.0.state"))
			assert.Equal(t, 200, a.number(t, "webhookDeliveries.nodes.0.attempts.0.status"))
			assert.Nil(t, a.at(t, "webhookDeliveries.nodes.0.attempts.0.failure"))
			_, key, _ := other.refused("pauseWebhookEndpoint", "PauseWebhookEndpointInput", object{"endpointId": id})
			assert.Equal(t, "webhook.not_found", key)
		})
		t.Run("a duplicate that was asked for", func(t *testing.T) {
			before := len(p.heard())
			lender.mutate("planSandboxFailure", "PlanSandboxFailureInput", "sandbox { failures { failure times } }", object{"failure": "DUPLICATE_WEBHOOK"})
			sent := lender.mutate("sendTestWebhook", "SendTestWebhookInput", "delivery { messageId kind state }", object{"endpointId": id})
			message := sent.text(t, "sendTestWebhook.delivery.messageId")
			require.Eventually(t, func() bool { return len(p.heard()) == before+2 }, 20*time.Second, 50*time.Millisecond)
			assert.Equal(t, []string{message, message}, p.heard()[before:])
		})
		t.Run("a 500 that was asked for, and nobody else's", func(t *testing.T) {
			lender.mutate("planSandboxFailure", "PlanSandboxFailureInput", "sandbox { now }", object{"failure": "SERVER_ERROR"})
			assert.Equal(t, "LENDER", other.must(`{ sandbox { failures { failure } } viewer { persona } }`, nil).text(t, "viewer.persona"))
			failed, err := lender.do(`{ sandbox { now } }`, nil)
			require.NoError(t, err)
			assert.Equal(t, http.StatusInternalServerError, failed.Status)
			require.Len(t, failed.Errors, 1)
			assert.Equal(t, "INTERNAL", failed.Errors[0]["extensions"].(object)["code"])
			lender.must(`{ sandbox { now } }`, nil)
		})
		t.Run("time that goes by", func(t *testing.T) {
			tomorrow := time.Now().UTC().Add(24 * time.Hour).Truncate(time.Second)
			a := lender.mutate("setSandboxClock", "SetSandboxClockInput", "sandbox { now }", object{"at": tomorrow})
			now, err := time.Parse(time.RFC3339, a.text(t, "setSandboxClock.sandbox.now"))
			require.NoError(t, err)
			assert.WithinDuration(t, tomorrow, now, 10*time.Second)
			_, key, _ := lender.refused("setSandboxClock", "SetSandboxClockInput", object{"at": time.Now()})
			assert.Equal(t, "sandbox.clock_back", key)
			lender.must(`{ viewer { persona } }`, nil) // the token holds on
		})
	})
}

// TestAProcessKilledBetweenSendingAndKeepingSendsAgain kills the server while the
// receiver still thinks about its answer.
func TestAProcessKilledBetweenSendingAndKeepingSendsAgain(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engines) {
		s := start(t, e)
		lender, p := s.system("lender-a"), newPartner(t)
		id := p.listen(lender)
		p.mutex.Lock()
		p.first = s.kill
		p.mutex.Unlock()
		lender.mutate("sendTestWebhook", "SendTestWebhookInput", "delivery { messageId }", object{"endpointId": id})
		<-s.ended
		s.run()
		lender = s.system("lender-a")
		pending := lender.must(`query($id: ID!) { webhookDeliveries(endpointId: $id) { nodes { state messageId attempts { at } } } }`, object{"id": id})
		assert.Equal(t, "PENDING", pending.text(t, "webhookDeliveries.nodes.0.state"), "nothing of it was kept")
		assert.Empty(t, pending.at(t, "webhookDeliveries.nodes.0.attempts"))
		// Another process waits a minute before it takes over what one held.
		lender.mutate("setSandboxClock", "SetSandboxClockInput", "sandbox { now }", object{"at": time.Now().Add(2 * time.Minute)})
		message := pending.text(t, "webhookDeliveries.nodes.0.messageId")
		require.Eventually(t, func() bool { return len(p.heard()) == 2 }, 30*time.Second, 50*time.Millisecond, "it is sent again")
		assert.Equal(t, []string{message, message}, p.heard(), "with the same id")
	})
}

func TestTheSandboxIsUnknownOutsideDemoMode(t *testing.T) {
	s := &server{t: t, data: t.TempDir()}
	for _, persona := range []string{"lender", "carrier", "hq"} {
		plain, err := s.dure("schema", "--persona="+persona)
		require.NoError(t, err, plain)
		assert.NotContains(t, plain, "andbox")
		demo, err := s.dure("schema", "--persona="+persona, "--demo")
		require.NoError(t, err, demo)
		assert.Contains(t, demo, "setSandboxClock")
	}
}

func TestAPausedEndpointIsToldByMail(t *testing.T) {
	address, letters := mailServer(t)
	s := start(t, engines{name: "embedded"}, "--smtp-url=smtp://"+address+"?from=dure@demo.dure")
	lender := s.system("lender-a")
	lender.mutate("setContact", "SetContactInput", "organization { contactMail }", object{"mail": "systems@lender.example"})
	gone := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }))
	t.Cleanup(gone.Close)
	id := lender.mutate("createWebhookEndpoint", "CreateWebhookEndpointInput", "endpoint { id }", object{"url": gone.URL + "/hook"}).text(t, "createWebhookEndpoint.endpoint.id")
	lender.mutate("sendTestWebhook", "SendTestWebhookInput", "delivery { id }", object{"endpointId": id})
	select {
	case letter := <-letters:
		assert.Contains(t, letter, gone.URL+"/hook")
		assert.Contains(t, letter, "410 Gone")
		assert.Contains(t, letter, "resumeWebhookEndpoint")
		assert.Contains(t, letter, "두레캐피탈님")
	case <-time.After(20 * time.Second):
		require.FailNow(t, "no letter came")
	}
	state := lender.must(`query($id: ID!) { node(id: $id) { ... on WebhookEndpoint { state pauseReason organization { contactMail } } } }`, object{"id": id})
	assert.Equal(t, "GONE", state.text(t, "node.pauseReason"))
	assert.Equal(t, "systems@lender.example", state.text(t, "node.organization.contactMail"))
	lender.mutate("pauseWebhookEndpoint", "PauseWebhookEndpointInput", "endpoint { id }",
		object{"endpointId": lender.mutate("createWebhookEndpoint", "CreateWebhookEndpointInput", "endpoint { id }", object{"url": gone.URL}).text(t, "createWebhookEndpoint.endpoint.id")})
	assert.Empty(t, letters, "whoever paused it by hand knows")
}

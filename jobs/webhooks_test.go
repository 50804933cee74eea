package jobs_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/ids"
	"dure/adapters/messages"
	"dure/adapters/store"
	"dure/domain/act"
	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/webhook"
	"dure/domain/work"
	"dure/jobs"
)

// haste is how much faster time goes by where partners are called: a retry
// after five seconds comes after 25 milliseconds.
const haste = 200

// call is a webhook that arrived.
type call struct {
	id       string
	contract string
	sequence int64
}

// receiver is a partner's system. It keeps what it accepts, as it comes.
type receiver struct {
	*httptest.Server
	mutex   sync.Mutex
	secrets []string
	answer  func(n int) int // the status of the n-th call
	calls   int
	got     []call
	bad     []error
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.calls++
	for _, secret := range r.secrets {
		v, err := standard.NewWebhook(secret)
		if err == nil {
			err = v.Verify(body, request.Header)
		}
		if err != nil {
			r.bad = append(r.bad, err)
		}
	}
	if status := r.answer(r.calls); status != http.StatusOK {
		w.WriteHeader(status)
		return
	}
	var m struct {
		ID   string
		Data struct {
			Sequence   int64
			ContractID string
		}
	}
	if err := json.Unmarshal(body, &m); err != nil || m.ID != request.Header.Get("Webhook-Id") {
		r.bad = append(r.bad, fmt.Errorf("message %q: %w", m.ID, err))
	}
	r.got = append(r.got, call{m.ID, m.Data.ContractID, m.Data.Sequence})
}

// read returns what was accepted.
func (r *receiver) read() []call {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return append([]call{}, r.got...)
}

func (r *receiver) set(answer func(n int) int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.answer = answer
}

func always(status int) func(int) int { return func(int) int { return status } }

// office is a scene in which partners are called.
type office struct {
	*scene
	began    time.Time
	ahead    atomic.Int64
	service  *webhook.Service
	work     *jobs.Work
	library  *jobs.Library
	receiver *receiver
	lender   context.Context
	endpoint string
	secret   string
}

// plainSealer keeps secrets in the open; the vault's own tests are its own.
type plainSealer struct{}

func (plainSealer) Seal(_, plain string) (string, error)  { return plain, nil }
func (plainSealer) Open(_, sealed string) (string, error) { return sealed, nil }

func (o *office) now() time.Time {
	return opening.Add(time.Since(o.began)*haste + time.Duration(o.ahead.Load())).UTC()
}

func eachOffice(t *testing.T, test func(o *office)) {
	t.Helper()
	eachScene(t, func(s *scene) { test(newOffice(s)) })
}

func newOffice(s *scene) *office {
	s.Helper()
	o := &office{scene: s, began: time.Now(), receiver: &receiver{answer: always(http.StatusOK)}}
	o.receiver.Server = httptest.NewServer(o.receiver)
	s.Cleanup(o.receiver.Close)
	_, err := rows(s.db).NewInsert().Model(&identity.Organization{ID: "org_lender", Name: "들녘캐피탈", Kind: identity.FinanceCompany}).Exec(context.Background())
	require.NoError(s, err)
	var d diary
	o.library, o.work = s.library(&d)
	secrets := byte('a')
	o.service = &webhook.Service{
		Kit:   work.Kit{Unit: s.db, Now: o.now, NewID: ids.New},
		Store: store.Webhooks{DB: s.db}, Acts: &act.Log{Store: store.Acts{DB: s.db}}, Cursors: page.Codec{Key: []byte("k")},
		Sealer: plainSealer{}, Feed: store.Feed{DB: s.db}, Sender: messages.NewWebhooks(messages.Options{Anywhere: true}),
		Later: o.library, Anywhere: true,
		NewSecret: func() []byte { secrets++; return []byte{secrets, 31: 0} },
	}
	o.work.Deliver = o.service.Deliver
	o.lender = identity.With(context.Background(), identity.Actor{UserID: "cli_lender", Persona: identity.Lender, OrganizationID: "org_lender"})
	made, err := o.service.Create(o.lender, webhook.CreateWebhookEndpointInput{URL: o.receiver.URL})
	require.NoError(s, err)
	o.endpoint, o.secret = made.Endpoint.ID, made.Secret
	o.receiver.secrets = []string{made.Secret}
	return o
}

// open starts what brings changes to receivers.
func (o *office) open() {
	o.Helper()
	o.start(o.library)
	ctx, cancel := context.WithCancel(context.Background())
	courier := jobs.NewCourier(jobs.Courier{
		Feed: store.Feed{DB: o.db}, Progress: store.Progress{DB: o.db}, Webhooks: o.service, Unit: o.db, Holder: "a", Logger: quiet,
		SweepEvery: 20 * time.Millisecond,
	})
	var ended sync.WaitGroup
	ended.Go(func() { courier.Run(ctx) })
	o.Cleanup(func() { cancel(); ended.Wait() })
}

// post posts changes of so many contracts, each in a transaction of its own.
func (o *office) post(changes, contracts int) {
	o.Helper()
	for i := range changes {
		o.postAbout(fmt.Sprintf("ctr_%d", i%contracts))
	}
}

func (o *office) postAbout(contract string) {
	o.Helper()
	require.NoError(o, o.db.Do(context.Background(), func(ctx context.Context) error {
		return store.Feed{DB: o.db}.Post(ctx, feed.Change{
			ID: fmt.Sprintf("chg_%d", o.ids.Add(1)), OrganizationID: "org_lender", ContractID: contract,
			SubjectID: "ctr", Kind: feed.ContractChanged, OccurredAt: opening, PostedAt: o.now(),
		})
	}))
}

// state counts deliveries in a state.
func (o *office) state(s webhook.DeliveryState) int {
	o.Helper()
	page, err := o.service.Deliveries(o.lender, o.endpoint, &s, nil, nil)
	require.NoError(o, err)
	return page.TotalCount
}

func (o *office) eventually(delivered int, why string) {
	o.Helper()
	require.Eventually(o, func() bool { return o.state(webhook.Delivered) == delivered && o.state(webhook.Pending) == 0 }, 2*soon, 20*time.Millisecond, why)
}

// inOrder checks that every change came, each once by its id, and those of one
// contract in their order.
func (o *office) inOrder(changes int) {
	o.Helper()
	seen, last := map[string]bool{}, map[string]int64{}
	for _, c := range o.receiver.read() {
		if seen[c.id] {
			continue // receivers tell duplicates by the id
		}
		seen[c.id] = true
		assert.Greater(o, c.sequence, last[c.contract], "%s came out of order", c.id)
		last[c.contract] = c.sequence
	}
	assert.Len(o, seen, changes)
	assert.Empty(o, o.receiver.bad)
}

func TestAReceiverThatFailsNowAndThenHearsEverythingOnceInOrder(t *testing.T) {
	eachOffice(t, func(o *office) {
		dice := rand.New(rand.NewPCG(1, 2))
		failed := 0
		o.receiver.set(func(int) int {
			if dice.Float64() < 0.3 {
				failed++
				return http.StatusServiceUnavailable
			}
			return http.StatusOK
		})
		const changes, contracts = 80, 10
		o.post(changes/2, contracts)
		o.open()
		o.post(changes/2, contracts) // some while they are called
		o.eventually(changes, "everything arrives in the end")
		o.inOrder(changes)
		assert.Len(o, o.receiver.read(), changes, "nothing came twice")
		assert.Greater(o, failed, changes/10)
		endpoint, err := o.service.Endpoint(o.lender, o.endpoint)
		require.NoError(o, err)
		assert.Equal(o, webhook.Active, endpoint.State)
	})
}

func TestARotationKeepsReceiversThatKnowOnlyTheOldSecret(t *testing.T) {
	eachOffice(t, func(o *office) {
		o.open()
		rotated, err := o.service.RotateSecret(o.lender, webhook.RotateWebhookSecretInput{EndpointID: o.endpoint})
		require.NoError(o, err)
		assert.NotEqual(o, o.secret, rotated.Secret)
		key, err := base64.StdEncoding.DecodeString(rotated.Secret[len("whsec_"):])
		require.NoError(o, err)
		assert.Len(o, key, 32)
		o.receiver.secrets = []string{o.secret, rotated.Secret} // a message must hold for both
		o.post(1, 1)
		o.eventually(1, "within the overlap")
		assert.Empty(o, o.receiver.bad)

		o.ahead.Add(int64(25 * time.Hour))
		o.post(1, 1)
		o.eventually(2, "after the overlap")
		o.receiver.mutex.Lock()
		defer o.receiver.mutex.Unlock()
		require.Len(o, o.receiver.bad, 1, "the old secret is over, the new one holds")
		require.ErrorIs(o, o.receiver.bad[0], standard.ErrNoMatchingSignature)
	})
}

func TestADeadEndpointIsPausedAndGoesOnWhereItStopped(t *testing.T) {
	eachOffice(t, func(o *office) {
		o.open()
		o.post(4, 2)
		o.eventually(4, "while it lives")
		o.receiver.set(always(http.StatusInternalServerError))
		o.post(6, 2)
		paused := func() bool {
			o.ahead.Add(int64(time.Hour)) // time goes by
			e, err := o.service.Endpoint(o.lender, o.endpoint)
			require.NoError(o, err)
			return e.State == webhook.Paused && e.PauseReason == webhook.Dead
		}
		require.Eventually(o, paused, 3*soon, 100*time.Millisecond, "a day of nothing but failures")
		assert.Equal(o, 1, o.acts(act.WebhookPaused))
		o.post(2, 2)
		require.Eventually(o, func() bool { return o.state(webhook.Pending) == 8 }, soon, 10*time.Millisecond, "what comes meanwhile is kept")

		_, err := o.service.SendTest(o.lender, webhook.SendTestWebhookInput{EndpointID: o.endpoint})
		require.Error(o, err)
		o.receiver.set(always(http.StatusOK))
		_, err = o.service.Resume(o.lender, webhook.ResumeWebhookEndpointInput{EndpointID: o.endpoint})
		require.NoError(o, err)
		o.eventually(12, "it goes on")
		o.inOrder(12)
	})
}

// acts counts acts of a kind.
func (o *office) acts(kind act.Kind) int {
	o.Helper()
	n, err := rows(o.db).NewSelect().TableExpr("acts").Where("kind = ?", kind).Count(context.Background())
	require.NoError(o, err)
	return int(n)
}

func TestAReceiverThatIsGoneIsCalledNoMore(t *testing.T) {
	eachOffice(t, func(o *office) {
		o.receiver.set(always(http.StatusGone))
		o.open()
		o.post(3, 1)
		require.Eventually(o, func() bool {
			e, err := o.service.Endpoint(o.lender, o.endpoint)
			return err == nil && e.State == webhook.Paused && e.PauseReason == webhook.Gone
		}, soon, 10*time.Millisecond)
		assert.Equal(o, 1, o.acts(act.WebhookPaused))
		_, err := o.service.Resume(o.lender, webhook.ResumeWebhookEndpointInput{EndpointID: o.endpoint, SkipMissed: true})
		require.NoError(o, err)
		assert.Equal(o, 3, o.state(webhook.Skipped))
		o.receiver.set(always(http.StatusOK))
		o.post(1, 1)
		o.eventually(1, "what comes afterwards arrives")
	})
}

func TestAReplayTellsThePastOnceMoreInOrder(t *testing.T) {
	eachOffice(t, func(o *office) {
		o.post(6, 2)
		o.open()
		o.eventually(6, "the first time")
		first := o.receiver.read()
		sequence := first[0].sequence // of the first change: contracts do not wait for one another, so it may not have come first
		for _, c := range first {
			sequence = min(sequence, c.sequence)
		}
		replayed, err := o.service.Replay(o.lender, webhook.ReplayWebhooksInput{EndpointID: o.endpoint, AfterSeq: int(sequence)})
		require.NoError(o, err)
		require.Eventually(o, func() bool { return len(o.receiver.read()) == 11 }, soon, 10*time.Millisecond, "the second time")
		again := o.receiver.read()[6:]
		assert.Len(o, again, replayed.Count)
		assert.Len(o, again, 5)
		for _, c := range again {
			assert.Contains(o, first, c, "the same id, contract and sequence")
			assert.Greater(o, c.sequence, sequence)
		}

		made, err := o.service.Create(o.lender, webhook.CreateWebhookEndpointInput{URL: o.receiver.URL, Kinds: []string{string(feed.ContractChanged)}})
		require.NoError(o, err)
		o.receiver.secrets = nil // two endpoints, two secrets
		replayed, err = o.service.Replay(o.lender, webhook.ReplayWebhooksInput{EndpointID: made.Endpoint.ID})
		require.NoError(o, err)
		assert.Equal(o, 6, replayed.Count, "an endpoint hears of what was before it")
		require.Eventually(o, func() bool { return len(o.receiver.read()) == 17 }, soon, 10*time.Millisecond)
	})
}

// dying keeps nothing of the first attempts, as a process that is killed after
// the receiver has answered.
type dying struct {
	store.Webhooks
	deaths atomic.Int64
}

var errKilled = errors.New("killed")

func (d *dying) SaveDelivery(ctx context.Context, row *webhook.Delivery) error {
	if d.deaths.Add(-1) >= 0 {
		return errKilled
	}
	return d.Webhooks.SaveDelivery(ctx, row)
}

func TestAProcessThatDiesAfterSendingSendsAgainWithTheSameID(t *testing.T) {
	eachOffice(t, func(o *office) {
		killed := &dying{Webhooks: store.Webhooks{DB: o.db}}
		killed.deaths.Store(2)
		o.service.Store = killed
		o.post(6, 2)
		o.open()
		o.eventually(6, "nothing is lost")
		assert.Len(o, o.receiver.read(), 8, "two came twice")
		o.inOrder(6)
	})
}

func TestADeliveryIsGivenUpAfterThreeDaysAndTheNextGoesOn(t *testing.T) {
	eachOffice(t, func(o *office) {
		o.service.Sender = refusing{o.service.Sender, "chg_1"}
		o.post(2, 1)
		o.open()
		require.Eventually(o, func() bool {
			o.ahead.Add(int64(time.Hour))
			o.postAbout("ctr_other") // which arrives all the while
			return o.state(webhook.Failed) == 1
		}, 3*soon, 100*time.Millisecond)
		require.Eventually(o, func() bool { return o.state(webhook.Pending) == 0 }, soon, 20*time.Millisecond, "what waited behind it goes out")
		e, err := o.service.Endpoint(o.lender, o.endpoint)
		require.NoError(o, err)
		assert.Equal(o, webhook.Active, e.State, "it answered others meanwhile")
	})
}

// refusing fails one message, always.
type refusing struct {
	webhook.Sender
	id string
}

func (r refusing) Send(ctx context.Context, m webhook.Message) webhook.Attempt {
	if m.ID == r.id {
		return webhook.Attempt{Status: http.StatusBadRequest, Failure: webhook.BadStatus}
	}
	return r.Sender.Send(ctx, m)
}

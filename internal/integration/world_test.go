package integration_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/documents"
	"dure/adapters/files"
	"dure/adapters/ids"
	"dure/adapters/live"
	"dure/adapters/messages"
	"dure/adapters/store"
	"dure/adapters/vault"
	"dure/domain/act"
	"dure/domain/agenda"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/inbox"
	"dure/domain/insight"
	"dure/domain/iq"
	"dure/domain/leaderboard"
	"dure/domain/lending"
	"dure/domain/link"
	"dure/domain/logistics"
	"dure/domain/page"
	"dure/domain/sandbox"
	"dure/domain/voc"
	"dure/domain/webhook"
	"dure/domain/work"
	"dure/internal/testservers"
	"dure/jobs"
)

// opening is when every world begins: a Tuesday morning in Korea.
var opening = time.Date(2026, 11, 24, 0, 30, 0, 0, time.UTC)

// world is a small channel with dealers in two territories, their people, one
// line of tractors, and every service on the real adapters.
type world struct {
	*testing.T

	db      *store.DB
	redis   *live.Redis
	library *jobs.Library
	clock   atomic.Int64 // nanoseconds since opening

	people    *identity.Service
	channel   *channel.Service
	catalogue *catalogue.Service
	customers *customer.Service
	deals     *deal.Service
	iq        *iq.Service
	agenda    *agenda.Service
	inbox     *inbox.Service
	insight   *insight.Service
	boards    *leaderboard.Service
	lending   *lending.Service
	logistics *logistics.Service
	webhooks  *webhook.Service
	sandbox   *sandbox.Service
	links     *link.Service
	voc       *voc.Service

	// Contexts that speak for one person each.
	gimje, iksan  context.Context // dealer staff, each of another dealer
	strange       context.Context // staff of gimje on a device that nobody registered
	rep, otherRep context.Context // of the territories of gimje and iksan
	hq            context.Context
	lenderA       context.Context // clients of two lenders
	lenderB       context.Context
	nobody        context.Context
	system        context.Context
}

func (w *world) now() time.Time { return opening.Add(time.Duration(w.clock.Load())) }

// pass lets time go by.
func (w *world) pass(d time.Duration) { w.clock.Add(int64(d)) }

// ago is a moment of the past, for what a device reports later.
func (w *world) ago(d time.Duration) *time.Time { at := w.now().Add(-d); return &at }

func newWorld(t *testing.T, config store.Config) *world {
	w := &world{T: t, nobody: context.Background()}
	var err error
	w.db, err = store.Open(w.nobody, config)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, w.db.Close()) })
	boards := live.Config{Log: quiet, ReadTimeout: 10 * time.Second}
	if w.db.PostgreSQL() {
		boards.URL = testservers.Redis(t)
	}
	w.redis, err = live.Open(w.nobody, boards)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, w.redis.Close()) })
	w.wire()
	w.speak()
	return w
}

func (w *world) wire() {
	v, err := vault.Open(make([]byte, vault.MasterSize))
	require.NoError(w, err)
	kept, err := files.Open(w.TempDir())
	require.NoError(w, err)
	w.Cleanup(func() { assert.NoError(w, kept.Close()) })
	uploads, err := files.Open(w.TempDir())
	require.NoError(w, err)
	w.Cleanup(func() { assert.NoError(w, uploads.Close()) })
	work, cursors := work.Kit{Unit: w.db, Now: w.now, NewID: ids.New}, page.Codec{Key: v.Key(vault.LabelCursor)}

	w.iq = &iq.Service{Kit: work, Store: store.Ledger{DB: w.db}, Cursors: cursors}
	w.insight = &insight.Service{Now: w.now, Figures: store.Sales{DB: w.db}}
	w.inbox = &inbox.Service{Kit: work, Store: store.Inboxes{DB: w.db}, Cursors: cursors, Bell: w.redis.Bell()}
	w.agenda = &agenda.Service{Now: w.now, Store: store.Agenda{DB: w.db}, IQ: w.iq, Standings: store.Standings{DB: w.db}}
	w.lending = &lending.Service{
		Kit: work, Store: store.Lending{DB: w.db}, Feed: store.Feed{DB: w.db}, Changes: store.Feed{DB: w.db}, Cursors: cursors,
		Links: lending.Links{Key: v.Key("link")}, Files: kept, Uploads: uploads,
	}
	w.logistics = &logistics.Service{Kit: work, Store: store.Shipments{DB: w.db}, Feed: store.Feed{DB: w.db}, Cursors: cursors, Sealer: sealer{v}, Files: kept}
	log := &act.Log{Store: store.Acts{DB: w.db}, Followers: []act.Follower{insight.Projection{Store: store.Sales{DB: w.db}}, w.lending, w.logistics, w.iq}}
	w.people = &identity.Service{
		Kit: work, Store: store.People{DB: w.db}, Acts: log,
		Passwords: passwords{}, Tokens: tokens{v}, RefreshTokens: refreshTokens{}, Limiter: w.redis.Limits(),
		Clients: store.People{DB: w.db}, Authorizations: store.People{DB: w.db}, Passes: store.People{DB: w.db}, Keyring: store.People{DB: w.db}, Subjects: store.People{DB: w.db}, Dealerships: store.People{DB: w.db},
		Directory: store.People{DB: w.db}, Cursors: cursors, Ended: &identity.Ended{Store: store.People{DB: w.db}, Now: w.now, Log: slog.Default()},
		Keys: &identity.Keys{Store: store.People{DB: w.db}, Sealer: sealer{v}, Now: w.now, NewID: ids.New},
	}
	w.channel = &channel.Service{Kit: work, Store: store.Channel{DB: w.db}, Acts: log, Cursors: cursors}
	w.catalogue = &catalogue.Service{Kit: work, Store: store.Catalogue{DB: w.db}}
	w.customers = &customer.Service{Kit: work, Store: store.Customers{DB: w.db}, Acts: log, Cursors: cursors, Sealer: sealer{v}, Channel: w.channel}
	jobWork := &jobs.Work{ForgetAnswers: w.db.ForgetAnswers, DrawDivisions: func(context.Context) error { return nil }}
	w.library, err = jobs.OpenLibrary(w.nobody, w.db.SQL(), w.db.PostgreSQL(), store.Tx, jobWork, quiet)
	require.NoError(w, err)
	w.deals = &deal.Service{
		Kit: work, Store: store.Deals{DB: w.db}, Acts: log, Cursors: cursors, Catalogue: w.catalogue, Customers: w.customers,
		Channel: w.channel, Papers: documents.New(shared.signer, w.now), Files: kept, Sealing: w.library,
	}
	w.logistics.Acts, w.logistics.Deals, w.logistics.Customers, w.logistics.Catalogue, w.logistics.Channel = log, w.deals, w.customers, w.catalogue, w.channel
	w.lending.Acts, w.lending.Deals, w.lending.Customers, w.lending.Channel, w.lending.Organizations = log, w.deals, w.customers, w.channel, w.people
	w.deals.Disclosed = w.lending
	jobWork.Seal = w.deals.Seal
	w.sandbox = &sandbox.Service{Kit: work, Clock: &sandbox.Clock{}, On: true}
	w.webhooks = &webhook.Service{
		Kit: work, Store: store.Webhooks{DB: w.db}, Acts: log, Cursors: cursors, Sealer: sealer{v}, NewSecret: func() []byte { return make([]byte, 32) },
		Feed: store.Feed{DB: w.db}, Sender: messages.NewWebhooks(messages.Options{}), Later: w.library,
	}
	w.links = &link.Service{
		Kit: work, Store: store.Links{DB: w.db}, Acts: log, Key: v.Key("customer-link"), Tokens: tokens{v}, Limiter: w.redis.Limits(),
		Files: lending.Links{Key: v.Key("customer-file")}, URL: "https://dure.example", Deals: w.deals, Customers: w.customers, Catalogue: w.catalogue,
		Channel: w.channel, Lending: w.lending, Logistics: w.logistics, People: w.people,
	}
	w.voc = &voc.Service{
		Kit: work, Store: store.Voices{DB: w.db}, Ideas: store.Ideas{DB: w.db}, Acts: log, Cursors: cursors, Files: kept, Bell: w.redis.Bell(),
		Channel: w.channel, Catalogue: w.catalogue, Customers: w.customers, Deals: w.deals, Links: w.links, People: w.people,
	}
	w.boards = &leaderboard.Service{
		Kit: work, Store: store.Standings{DB: w.db}, Boards: w.redis.Boards(), Cursors: cursors,
		Season: func(at time.Time) leaderboard.Season { return boardSeason(iq.SeasonOf(at)) },
		ByKey: func(key string) (leaderboard.Season, error) {
			s, err := iq.SeasonByKey(key)
			return boardSeason(s), err
		},
	}
}

func boardSeason(s iq.Season) leaderboard.Season {
	return leaderboard.Season{Key: s.Key, Start: s.Start, End: s.End}
}

// speak gives each person a context.
func (w *world) speak() {
	for id, at := range map[string]*context.Context{
		"usr_gimje": &w.gimje, "usr_iksan": &w.iksan, "usr_rep": &w.rep, "usr_other_rep": &w.otherRep, "usr_hq": &w.hq,
	} {
		*at = identity.With(w.nobody, actor(id))
	}
	w.lenderA, w.lenderB = client("cli_a", "org_lender"), client("cli_b", "org_other_lender")
	unregistered := actor("usr_gimje")
	unregistered.DeviceID = ""
	w.strange = identity.With(w.nobody, unregistered)
	w.system = identity.With(w.nobody, identity.System)
}

// actor is a person who signed in on a registered device.
func actor(userID string) identity.Actor {
	for _, u := range users() {
		if u.ID == userID {
			return identity.Actor{
				UserID: u.ID, Persona: u.Persona, OrganizationID: u.OrganizationID, DealerID: u.DealerID, SessionID: "ses_1", DeviceID: "tablet",
			}
		}
	}
	panic("nobody is called " + userID)
}

// refused checks that err is one fault with that code, key and field.
func (w *world) refused(name string, err error, code fault.Code, key, field string) {
	w.Helper()
	faults, only := fault.All(err)
	if assert.True(w, only, "%s: %v is no fault", name, err) && assert.Len(w, faults, 1, name) {
		got := fault.Fault{Code: faults[0].Code, Key: faults[0].Key, Field: faults[0].Field}
		assert.Equal(w, fault.Fault{Code: code, Key: key, Field: field}, got, name)
	}
}

// ptr points at a value, for inputs that may be left out.
func ptr[T any](v T) *T { return &v }

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"dure/adapters/documents"
	"dure/adapters/files"
	"dure/adapters/ids"
	"dure/adapters/live"
	"dure/adapters/store"
	"dure/adapters/vault"
	"dure/domain/act"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/insight"
	"dure/domain/iq"
	"dure/domain/leaderboard"
	"dure/domain/lending"
	"dure/domain/page"
	"dure/domain/work"
	"dure/graph/words"
	"dure/jobs"
)

// houseConfig says where a house keeps its things.
type houseConfig struct {
	databaseURL, redisURL string
	key                   string // master key in hex, the same for all processes of a run
	folder                string // of files
	log                   *slog.Logger
}

// house is every service on the production adapters, wired as cmd/dure does: the
// baselines serve it, and the benchmarks that need no HTTP call it.
type house struct {
	db      *store.DB
	redis   *live.Redis
	vault   *vault.Vault
	hub     *live.Hub
	relay   *jobs.Relay
	library *jobs.Library

	people    *identity.Service
	channel   *channel.Service
	catalogue *catalogue.Service
	customers *customer.Service
	deals     *deal.Service
	lending   *lending.Service
	iq        *iq.Service
	boards    *leaderboard.Service

	close []func() error
}

// relayLog joins the two stores that the relay reads.
type relayLog struct {
	store.Standings
	store.Progress
}

// quiet takes the log of what runs inside the bench itself.
var quiet = slog.New(slog.DiscardHandler)

func openHouse(ctx context.Context, c houseConfig) (_ *house, err error) {
	h := &house{}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	if h.db, err = store.Open(ctx, store.Config{URL: c.databaseURL}); err != nil {
		return nil, err
	}
	h.close = append(h.close, h.db.Close)
	if h.redis, err = live.Open(ctx, live.Config{URL: c.redisURL, Log: c.log}); err != nil {
		return nil, err
	}
	h.close = append(h.close, h.redis.Close)
	kept, err := files.Open(filepath.Join(c.folder, "files"))
	if err != nil {
		return nil, err
	}
	h.close = append(h.close, kept.Close)
	master, err := vault.LoadOrCreateMaster("", c.key)
	if err != nil {
		return nil, err
	}
	if h.vault, err = vault.Open(master); err != nil {
		return nil, err
	}
	signer, err := documents.LoadOrCreateSigner(c.folder, "Dure", time.Now())
	if err != nil {
		return nil, err
	}
	return h, h.wire(ctx, kept, signer, c.log)
}

func (h *house) wire(ctx context.Context, kept *files.Store, signer *documents.Signer, log *slog.Logger) error {
	kit := work.Kit{Unit: h.db, Now: time.Now, NewID: ids.New}
	cursors := page.Codec{Key: h.vault.Key(vault.LabelCursor)}

	h.iq = &iq.Service{Kit: kit, Store: store.Ledger{DB: h.db}, Cursors: cursors}
	acts := &act.Log{Store: store.Acts{DB: h.db}, Followers: []act.Follower{insight.Projection{Store: store.Sales{DB: h.db}}, h.iq}}
	h.people = &identity.Service{Kit: kit, Store: store.People{DB: h.db}, Acts: acts, Tokens: tokens{h.vault}, Limiter: h.redis.Limits()}
	h.channel = &channel.Service{Kit: kit, Store: store.Channel{DB: h.db}, Acts: acts, Cursors: cursors}
	h.catalogue = &catalogue.Service{Kit: kit, Store: store.Catalogue{DB: h.db}}
	h.customers = &customer.Service{Kit: kit, Store: store.Customers{DB: h.db}, Acts: acts, Cursors: cursors, Sealer: sealer{h.vault}, Channel: h.channel}

	jobWork := &jobs.Work{ForgetAnswers: h.db.ForgetAnswers, DrawDivisions: func(context.Context) error { return nil }}
	library, err := jobs.OpenLibrary(ctx, h.db.SQL(), h.db.PostgreSQL(), store.Tx, jobWork, log)
	if err != nil {
		return err
	}
	h.library = library
	h.deals = &deal.Service{
		Kit: kit, Store: store.Deals{DB: h.db}, Acts: acts, Cursors: cursors, Catalogue: h.catalogue, Customers: h.customers,
		Channel: h.channel, Papers: documents.New(signer, time.Now), Files: kept, Sealing: library,
	}
	jobWork.Seal = h.deals.Seal
	h.lending = &lending.Service{
		Kit: kit, Store: store.Lending{DB: h.db}, Acts: acts, Feed: store.Feed{DB: h.db}, Changes: store.Feed{DB: h.db}, Cursors: cursors,
		Links: lending.Links{Key: h.vault.Key("link")}, Files: kept, Deals: h.deals, Customers: h.customers, Channel: h.channel, Organizations: h.people,
	}
	h.deals.Disclosed = h.lending

	standings := store.Standings{DB: h.db}
	h.boards = &leaderboard.Service{
		Kit: kit, Store: standings, Boards: h.redis.Boards(), Cursors: cursors,
		Season: func(at time.Time) leaderboard.Season { return boardSeason(iq.SeasonOf(at)) },
		ByKey: func(key string) (leaderboard.Season, error) {
			s, err := iq.SeasonByKey(key)
			return boardSeason(s), err
		},
	}
	h.hub = live.NewHub(h.redis.Signals(), h.boards.Current, live.HubOptions{Log: log})
	h.close = append(h.close, func() error { h.hub.Close(); return nil })
	h.boards.Watcher = h.hub
	h.relay = jobs.NewRelay(jobs.Relay{
		Log: relayLog{standings, store.Progress{DB: h.db}}, Boards: h.redis.Boards(), Holder: ids.New("run"),
		Now: time.Now, Live: h.boards.LiveSeasons, Logger: log,
	})
	return nil
}

func boardSeason(s iq.Season) leaderboard.Season {
	return leaderboard.Season{Key: s.Key, Start: s.Start, End: s.End}
}

// season is the one that runs.
func (h *house) season() leaderboard.Season { return h.boards.Season(time.Now()) }

// Close lets go of everything, the last opened first.
func (h *house) Close() error {
	var failed []error
	for i := len(h.close) - 1; i >= 0; i-- {
		failed = append(failed, h.close[i]())
	}
	h.close = nil
	return errors.Join(failed...)
}

// rows speaks SQL for setting a scene, beside the store.
func (h *house) rows() *bun.DB { return bun.NewDB(h.db.SQL(), pgdialect.New()) }

// users reads everybody of a persona, in the order of their logins.
func (h *house) users(ctx context.Context, persona identity.Persona) ([]identity.User, error) {
	var users []identity.User
	err := h.rows().NewSelect().Model(&users).Where("persona = ? AND active", persona).OrderExpr("login").Scan(ctx)
	if err == nil && len(users) == 0 {
		err = fmt.Errorf("the demo world has nobody of persona %s", persona)
	}
	return users, err
}

// staff reads one user of each dealer.
func (h *house) staff(ctx context.Context) ([]identity.User, error) {
	all, err := h.users(ctx, identity.Dealer)
	seen := map[string]bool{}
	var staff []identity.User
	for _, u := range all {
		if !seen[u.DealerID] {
			seen[u.DealerID] = true
			staff = append(staff, u)
		}
	}
	return staff, err
}

// actor is a user who signed in on a registered device.
func actor(u identity.User) identity.Actor {
	return identity.Actor{
		UserID: u.ID, Persona: u.Persona, OrganizationID: u.OrganizationID, DealerID: u.DealerID,
		SessionID: ids.New("ses"), DeviceID: "tablet",
	}
}

// token signs a user in for as long as a run may last.
func (h *house) token(u identity.User) (string, error) {
	return tokens{h.vault}.Issue(actor(u), time.Now().Add(time.Hour))
}

// authenticate returns ctx speaking for a token's bearer.
func (h *house) authenticate(ctx context.Context, token string) (context.Context, error) {
	who, err := h.people.Authenticate(token)
	if err != nil {
		return nil, err
	}
	if who.Language != "" {
		ctx = words.With(ctx, words.Pick(who.Language, ""))
	}
	return identity.With(ctx, who), nil
}

// The adapters below fit the vault to what the domain asks for.

type tokens struct{ vault *vault.Vault }

func (t tokens) Issue(a identity.Actor, expires time.Time) (string, error) {
	now := time.Now()
	return t.vault.IssueToken(vault.Claims{
		Subject: a.UserID, Persona: string(a.Persona), OrganizationID: a.OrganizationID, DealerID: a.DealerID,
		SessionID: a.SessionID, DeviceID: a.DeviceID, Language: a.Language, IssuedAt: now,
	}, expires.Sub(now))
}

func (t tokens) Verify(token string, now time.Time) (identity.Actor, error) {
	c, err := t.vault.VerifyToken(token, now)
	if err != nil {
		return identity.Actor{}, err
	}
	return identity.Actor{
		UserID: c.Subject, Persona: identity.Persona(c.Persona), OrganizationID: c.OrganizationID, DealerID: c.DealerID,
		SessionID: c.SessionID, DeviceID: c.DeviceID, Language: c.Language, ExpiresAt: c.ExpiresAt,
	}, nil
}

type sealer struct{ vault *vault.Vault }

func (s sealer) Seal(purpose, plain string) (string, error)  { return s.vault.Seal(purpose, plain) }
func (s sealer) Open(purpose, sealed string) (string, error) { return s.vault.Open(purpose, sealed) }

func (s sealer) BlindIndex(purpose, normal string) string    { return s.vault.BlindIndex(purpose, normal) }
func (s sealer) NormalisePhone(phone string) (string, error) { return vault.NormalisePhone(phone) }
func (s sealer) NormaliseMail(mail string) (string, error)   { return vault.NormaliseMail(mail), nil }

// tuneAsServer lets as much garbage pile up as the binary does, so that no
// baseline is slow for that reason.
func tuneAsServer() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

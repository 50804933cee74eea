package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"dure/adapters/documents"
	"dure/adapters/files"
	"dure/adapters/ids"
	"dure/adapters/live"
	"dure/adapters/store"
	"dure/adapters/vault"
	"dure/domain/act"
	"dure/domain/agenda"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
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
	"dure/jobs"
	"dure/server"
)

// platform is everything that runs, wired.
type platform struct {
	settings *Settings
	folder   string // of files and keys
	log      *slog.Logger
	db       *store.DB
	redis    *live.Redis
	vault    *vault.Vault
	files    *files.Store
	uploads  *files.Store // documents that nobody has handed in yet
	hub      *live.Hub
	relay    *jobs.Relay
	library  *jobs.Library
	courier  *jobs.Courier
	clock    sandbox.Clock // the wall clock's moment, unless the sandbox set it

	people    *identity.Service
	channel   *channel.Service
	catalogue *catalogue.Service
	customers *customer.Service
	deals     *deal.Service
	iq        *iq.Service
	agenda    *agenda.Service
	inbox     *inbox.Service
	insight   *insight.Service
	postman   *jobs.Postman
	boards    *leaderboard.Service
	webhooks  *webhook.Service
	sandbox   *sandbox.Service
	lending   *lending.Service
	logistics *logistics.Service
	links     *link.Service
	voc       *voc.Service

	close []func() error
}

// relayLog joins the two stores that the relay reads.
type relayLog struct {
	store.Standings
	store.Progress
}

func (s *Settings) logger() *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	if s.LogFormat == "json" {
		return slog.New(server.LogHandler(slog.NewJSONHandler(os.Stderr, options)))
	}
	return slog.New(server.LogHandler(slog.NewTextHandler(os.Stderr, options)))
}

func (s *Settings) openStore(ctx context.Context) (*store.DB, error) {
	file := filepath.Join(s.Data, "dure.db")
	if s.Data == inMemory {
		file = inMemory
	}
	return store.Open(ctx, store.Config{URL: s.DatabaseURL, Replicas: s.Replicas, File: file})
}

// inMemory is the data folder of a server that keeps nothing.
const inMemory = ":memory:"

// makeFolder makes the data folder; of a server that keeps nothing, one that is
// gone at the end.
func (p *platform) makeFolder() (err error) {
	p.folder = p.settings.Data
	if p.folder != inMemory {
		return os.MkdirAll(p.folder, 0o700)
	}
	if p.folder, err = os.MkdirTemp("", "dure"); err == nil {
		p.close = append(p.close, func() error { return os.RemoveAll(p.folder) })
	}
	return err
}

// open connects and wires everything. Nothing runs yet.
func open(ctx context.Context, s *Settings) (_ *platform, err error) {
	p := &platform{settings: s, log: s.logger()}
	slog.SetDefault(p.log)
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if err := p.makeFolder(); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	if p.db, err = s.openStore(ctx); err != nil {
		return nil, err
	}
	p.close = append(p.close, p.db.Close)
	if err := p.db.Migrate(ctx); err != nil {
		return nil, err
	}
	if p.redis, err = live.Open(ctx, live.Config{URL: s.RedisURL, Log: p.log}); err != nil {
		return nil, fmt.Errorf("open Redis: %w", err)
	}
	p.close = append(p.close, p.redis.Close)
	if p.files, err = files.Open(filepath.Join(p.folder, "files")); err != nil {
		return nil, fmt.Errorf("open files: %w", err)
	}
	p.close = append(p.close, p.files.Close)
	if p.uploads, err = files.Open(filepath.Join(p.folder, "files", "uploads")); err != nil {
		return nil, fmt.Errorf("open uploads: %w", err)
	}
	p.close = append(p.close, p.uploads.Close)
	master, err := vault.LoadOrCreateMaster(filepath.Join(p.folder, "master.key"), s.Key)
	if err != nil {
		return nil, fmt.Errorf("load the master key: %w", err)
	}
	if p.vault, err = vault.Open(master); err != nil {
		return nil, fmt.Errorf("open the vault: %w", err)
	}
	signer, err := documents.LoadOrCreateSigner(p.folder, "Dure", time.Now())
	if err != nil {
		return nil, fmt.Errorf("load the signing key: %w", err)
	}
	return p, p.wire(ctx, signer)
}

func (p *platform) wire(ctx context.Context, signer *documents.Signer) error {
	kit := work.Kit{Unit: p.db, Now: p.clock.Now, NewID: ids.New}
	cursors := page.Codec{Key: p.vault.Key("cursor")}
	ledger, standings := store.Ledger{DB: p.db}, store.Standings{DB: p.db}

	p.iq = &iq.Service{Kit: kit, Store: ledger, Cursors: cursors}
	p.agenda = &agenda.Service{Now: p.clock.Now, Store: store.Agenda{DB: p.db}, IQ: p.iq, Standings: standings}
	p.lending = &lending.Service{
		Kit: kit, Store: store.Lending{DB: p.db}, Feed: store.Feed{DB: p.db}, Changes: store.Feed{DB: p.db}, Cursors: cursors,
		Links: lending.Links{Key: p.vault.Key("link")}, Files: p.files, Uploads: p.uploads,
	}
	p.logistics = &logistics.Service{Kit: kit, Store: store.Shipments{DB: p.db}, Feed: store.Feed{DB: p.db}, Cursors: cursors, Sealer: sealer{p.vault}, Files: p.files}
	log := &act.Log{Store: store.Acts{DB: p.db}, Followers: []act.Follower{insight.Projection{Store: store.Sales{DB: p.db}}, p.lending, p.logistics, p.iq}}

	p.boards = &leaderboard.Service{
		Kit: kit, Store: standings, Boards: p.redis.Boards(), Cursors: cursors,
		Season: func(at time.Time) leaderboard.Season { return boardSeason(iq.SeasonOf(at)) },
		ByKey: func(key string) (leaderboard.Season, error) {
			s, err := iq.SeasonByKey(key)
			return boardSeason(s), err
		},
	}
	p.hub = live.NewHub(p.redis.Signals(), p.boards.Current, live.HubOptions{Log: p.log})
	p.close = append(p.close, func() error { p.hub.Close(); return nil })
	p.boards.Watcher = p.hub

	realTime := kit
	realTime.Now = time.Now // sign-ins keep to it, whatever the sandbox's clock says
	p.people = &identity.Service{
		Kit: realTime, Store: store.People{DB: p.db}, Acts: log,
		Passwords: passwords{}, Tokens: tokens{p.vault}, RefreshTokens: refreshTokens{}, Limiter: p.redis.Limits(),
		Clients: store.People{DB: p.db}, Authorizations: store.People{DB: p.db}, Passes: store.People{DB: p.db}, Keyring: store.People{DB: p.db}, Subjects: store.People{DB: p.db}, Dealerships: store.People{DB: p.db},
		Directory: store.People{DB: p.db}, Cursors: cursors, Ended: &identity.Ended{Store: store.People{DB: p.db}, Now: time.Now, Log: p.log},
		Keys: &identity.Keys{Store: store.People{DB: p.db}, Sealer: sealer{p.vault}, Now: time.Now, NewID: ids.New},
	}
	p.channel = &channel.Service{Kit: kit, Store: store.Channel{DB: p.db}, Acts: log, Cursors: cursors}
	p.catalogue = &catalogue.Service{Kit: kit, Store: store.Catalogue{DB: p.db}, Files: p.files}
	p.customers = &customer.Service{Kit: kit, Store: store.Customers{DB: p.db}, Acts: log, Cursors: cursors, Sealer: sealer{p.vault}, Channel: p.channel}

	jobWork := &jobs.Work{}
	library, err := jobs.OpenLibrary(ctx, p.db.SQL(), p.db.PostgreSQL(), store.Tx, jobWork, p.log)
	if err != nil {
		return err
	}
	p.library = library
	p.deals = &deal.Service{
		Kit: kit, Store: store.Deals{DB: p.db}, Acts: log, Cursors: cursors, Catalogue: p.catalogue, Customers: p.customers,
		Channel: p.channel, Papers: documents.New(signer, p.clock.Now), Files: p.files, Sealing: library,
	}
	p.logistics.Acts, p.logistics.Deals, p.logistics.Customers, p.logistics.Catalogue, p.logistics.Channel = log, p.deals, p.customers, p.catalogue, p.channel
	p.lending.Acts, p.lending.Deals, p.lending.Customers, p.lending.Channel, p.lending.Organizations = log, p.deals, p.customers, p.channel, p.people
	p.deals.Disclosed = p.lending
	jobWork.Seal = p.deals.Seal
	jobWork.SendPass = p.people.SendPass
	jobWork.ForgetAnswers = p.db.ForgetAnswers
	jobWork.DrawDivisions = func(ctx context.Context) error { return p.drawDivisions(ctx, standings, p.clock.Now()) }

	host, _ := os.Hostname()
	p.relay = jobs.NewRelay(jobs.Relay{
		Log: relayLog{standings, store.Progress{DB: p.db}}, Boards: p.redis.Boards(), Holder: fmt.Sprintf("%s/%s", host, ids.New("run")),
		Now: p.clock.Now, Live: p.boards.LiveSeasons, Logger: p.log,
	})
	p.db.OnCommit(p.relay.Wake)
	p.wireInbox(kit, cursors)
	p.insight = &insight.Service{Now: p.clock.Now, Figures: store.Sales{DB: p.db}}
	p.wireWebhooks(kit, cursors, log, jobWork)
	p.wireLinks(realTime, log, jobWork)
	p.voc = &voc.Service{
		Kit: kit, Store: store.Voices{DB: p.db}, Ideas: store.Ideas{DB: p.db}, Acts: log, Cursors: cursors, Files: p.files, Bell: p.redis.Bell(),
		Channel: p.channel, Catalogue: p.catalogue, Customers: p.customers, Deals: p.deals, Links: p.links, People: p.people,
	}
	jobWork.EscalateVoices = p.voc.EscalateVoices
	return nil
}

func boardSeason(s iq.Season) leaderboard.Season {
	return leaderboard.Season{Key: s.Key, Start: s.Start, End: s.End}
}

// drawDivisions draws the running season's divisions once, from the year before
// it.
func (p *platform) drawDivisions(ctx context.Context, standings store.Standings, now time.Time) error {
	season := iq.SeasonOf(now)
	drawn, err := standings.Divisions(ctx, season.Key)
	if err != nil || len(drawn) > 0 {
		return err
	}
	volumes, err := standings.Volumes(ctx, season.Start.AddDate(-1, 0, 0), season.Start)
	if err != nil || len(volumes) == 0 {
		return err
	}
	return standings.SetDivisions(ctx, iq.Divide(season.Key, volumes))
}

// Close lets go of everything, the last opened first.
func (p *platform) Close() error {
	var failed []error
	for i := len(p.close) - 1; i >= 0; i-- {
		failed = append(failed, p.close[i]())
	}
	p.close = nil
	return errors.Join(failed...)
}

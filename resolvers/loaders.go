package resolvers

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vikstrous/dataloadgen"

	"dure/domain/agenda"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/iq"
	"dure/domain/lending"
	"dure/domain/link"
	"dure/domain/logistics"
	"dure/domain/voc"
	"dure/domain/work"
)

// loaders batch what many rows of one answer refer to. They live for one
// response: a subscription's next message reads afresh.
type loaders struct {
	dealers        *dataloadgen.Loader[string, *channel.Dealer]
	regions        *dataloadgen.Loader[string, *channel.Region]
	districts      *dataloadgen.Loader[string, *channel.District]
	districtsOf    *dataloadgen.Loader[string, []channel.District]
	territories    *dataloadgen.Loader[string, *channel.Territory]
	staff          *dataloadgen.Loader[string, []channel.Staff]
	products       *dataloadgen.Loader[string, *catalogue.Product]
	lines          *dataloadgen.Loader[string, *catalogue.ProductLine]
	options        *dataloadgen.Loader[string, []catalogue.Option]
	media          *dataloadgen.Loader[string, []catalogue.Media]
	customers      *dataloadgen.Loader[string, *customer.Customer]
	consents       *dataloadgen.Loader[string, []customer.Consent]
	consultations  *dataloadgen.Loader[string, *deal.Consultation]
	showings       *dataloadgen.Loader[string, []deal.Showing]
	followUps      *dataloadgen.Loader[string, []deal.FollowUp]
	dealQuotes     *dataloadgen.Loader[string, []deal.Quote]
	quotes         *dataloadgen.Loader[string, *deal.Quote]
	contracts      *dataloadgen.Loader[string, []deal.Contract]
	entries        *dataloadgen.Loader[string, []iq.LedgerEntry]
	dealEntries    *dataloadgen.Loader[string, []iq.LedgerEntry]
	dealerDeals    *dataloadgen.Loader[string, *agenda.DealerDeals]
	points         *dataloadgen.Loader[dealerSeason, *iq.Points]
	names          *dataloadgen.Loader[string, *string]
	rulebooks      *dataloadgen.Loader[int, *iq.Rulebook]
	lastSeen       *dataloadgen.Loader[string, *time.Time]
	sessions       *dataloadgen.Loader[string, []identity.Session]
	organizations  *dataloadgen.Loader[string, *identity.Organization]
	contractsByID  *dataloadgen.Loader[string, *deal.Contract]
	shipments      *dataloadgen.Loader[string, []logistics.Shipment]
	shipmentEvents *dataloadgen.Loader[string, []logistics.ShipmentEvent]
	applications   *dataloadgen.Loader[string, *lending.FinanceApplication]
	ofContracts    *dataloadgen.Loader[string, []lending.FinanceApplication]
	stipulations   *dataloadgen.Loader[string, []lending.Stipulation]
	shared         *dataloadgen.Loader[string, *lending.SharedDeal]
	borrowers      *dataloadgen.Loader[string, *lending.Borrower]
	proofs         *dataloadgen.Loader[string, *logistics.DeliveryProof]
	customerLinks  *dataloadgen.Loader[string, []link.CustomerLink]
	voiceAnswers   *dataloadgen.Loader[string, []voc.VoiceAnswer]
	voiceNames     *dataloadgen.Loader[string, *string]
	voices         *dataloadgen.Loader[string, *voc.Voice]
	ideas          *dataloadgen.Loader[string, *voc.Idea]
	ideaSteps      *dataloadgen.Loader[string, []voc.IdeaStep]
	supports       *dataloadgen.Loader[string, *voc.Support]
	notes          *dataloadgen.Loader[string, []voc.ReleaseNote]
	noteAnswers    *dataloadgen.Loader[string, []voc.ReleaseNoteAnswer]
}

// dealerSeason is a dealer in a season.
type dealerSeason struct{ dealer, season string }

// A batch waits this long for more keys, or until it holds that many. On a busy
// machine the hundred rows of a page take longer than a fraction of this to ask,
// and a page that falls into many batches costs several times as much.
const (
	batchWait = time.Millisecond
	batchSize = 500
)

type loadersKey struct{}

// AroundResponse gives every response its own loaders. What follows a write or a
// signal reads what was written.
func (r *Resolver) AroundResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	if !graphql.HasOperationContext(ctx) {
		return next(ctx) // refused before it could run
	}
	if graphql.GetOperationContext(ctx).Operation.Operation != ast.Query {
		ctx = work.Fresh(ctx)
	}
	return next(r.withLoaders(ctx))
}

func (r *Resolver) withLoaders(ctx context.Context) context.Context {
	return context.WithValue(ctx, loadersKey{}, &loaders{
		dealers:        one(r.Channel.DealersByID),
		regions:        one(r.Channel.RegionsByCode),
		districts:      one(r.Channel.DistrictsByCode),
		districtsOf:    many(r.Channel.DistrictsOf),
		territories:    one(r.Channel.TerritoriesByID),
		staff:          many(r.Channel.StaffOf),
		products:       one(r.Catalogue.ProductsByID),
		lines:          one(r.Catalogue.LinesByID),
		options:        many(r.Catalogue.OptionsOf),
		media:          many(r.Catalogue.MediaOf),
		customers:      one(r.Customers.CustomersByID),
		consents:       many(r.Customers.ConsentsOf),
		consultations:  one(first(r.Deals.ConsultationsByID)),
		showings:       many(r.Deals.ShowingsOf),
		followUps:      many(r.Deals.FollowUpsOf),
		dealQuotes:     many(r.Deals.QuotesOfDeals),
		quotes:         one(first(r.Deals.QuotesByID)),
		contracts:      many(r.Deals.ContractsOfQuotes),
		entries:        many(r.IQ.EntriesAbout),
		dealEntries:    many(r.IQ.EntriesOfDeals),
		dealerDeals:    one(r.Agenda.DealsOf),
		points:         one(r.points),
		names:          one(r.People.NamesOf),
		rulebooks:      one(r.IQ.RulebooksByVersion),
		lastSeen:       one(r.People.LastSeenOf),
		sessions:       many(r.People.SessionsOfPeople),
		organizations:  one(r.People.OrganizationsByID),
		contractsByID:  one(r.Deals.ContractsByID),
		shipments:      many(r.Logistics.ShipmentsOfContracts),
		shipmentEvents: many(r.Logistics.EventsOf),
		applications:   one(r.Lending.ApplicationsByID),
		ofContracts:    many(r.Lending.ApplicationsOfContracts),
		stipulations:   many(r.Lending.StipulationsOf),
		shared:         one(r.Lending.SharedOf),
		borrowers:      one(r.Lending.BorrowersOf),
		proofs:         one(r.Logistics.ProofsOf),
		customerLinks:  many(r.Links.LinksOfContracts),
		voiceAnswers:   many(r.Voc.AnswersOf),
		voiceNames:     one(r.Voc.NamesOf),
		voices:         one(r.Voc.VoicesByID),
		ideas:          one(r.Voc.IdeasByID),
		ideaSteps:      many(r.Voc.StepsOf),
		supports:       one(r.Voc.SupportsOf),
		notes:          many(r.Voc.NotesAbout),
		noteAnswers:    many(r.Voc.NamedBy),
	})
}

func load(ctx context.Context) *loaders {
	l, _ := ctx.Value(loadersKey{}).(*loaders)
	return l
}

// points reads the points of dealers, season by season.
func (r *Resolver) points(ctx context.Context, keys []dealerSeason) (map[dealerSeason]iq.Points, error) {
	bySeason := map[string][]string{}
	for _, k := range keys {
		bySeason[k.season] = append(bySeason[k.season], k.dealer)
	}
	out := make(map[dealerSeason]iq.Points, len(keys))
	for season, dealers := range bySeason {
		points, err := r.IQ.PointsOf(ctx, season, dealers)
		if err != nil {
			return nil, err
		}
		for dealer, p := range points {
			out[dealerSeason{dealer, season}] = p
		}
	}
	return out, nil
}

// one loads single rows by key; a key without a row loads nil.
func one[K comparable, V any](read func(context.Context, []K) (map[K]V, error)) *dataloadgen.Loader[K, *V] {
	return dataloadgen.NewLoader(func(ctx context.Context, keys []K) ([]*V, []error) {
		rows, err := calmly(ctx, keys, read)
		if err != nil {
			return nil, []error{err}
		}
		out := make([]*V, len(keys))
		for i, k := range keys {
			if row, ok := rows[k]; ok {
				out[i] = &row
			}
		}
		return out, nil
	}, dataloadgen.WithWait(batchWait), dataloadgen.WithBatchCapacity(batchSize))
}

// many loads the rows that belong to each key; a key without rows loads an
// empty list.
func many[V any](read func(context.Context, []string) (map[string][]V, error)) *dataloadgen.Loader[string, []V] {
	return dataloadgen.NewLoader(func(ctx context.Context, keys []string) ([][]V, []error) {
		rows, err := calmly(ctx, keys, read)
		if err != nil {
			return nil, []error{err}
		}
		out := make([][]V, len(keys))
		for i, k := range keys {
			if out[i] = rows[k]; out[i] == nil {
				out[i] = []V{}
			}
		}
		return out, nil
	}, dataloadgen.WithWait(batchWait), dataloadgen.WithBatchCapacity(batchSize))
}

// calmly reads, and makes a failure of a panic: a batch is read in a goroutine of
// the loader's own, where nobody else would catch it.
func calmly[K comparable, R any](ctx context.Context, keys []K, read func(context.Context, []K) (map[K]R, error)) (rows map[K]R, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			rows, err = nil, fmt.Errorf("panic in a loader: %v\n%s", cause, debug.Stack())
		}
	}()
	return read(ctx, keys)
}

// first turns a reader of lists whose keys are unique into one of single rows.
func first[V any](read func(context.Context, []string) (map[string][]V, error)) func(context.Context, []string) (map[string]V, error) {
	return func(ctx context.Context, keys []string) (map[string]V, error) {
		lists, err := read(ctx, keys)
		out := make(map[string]V, len(lists))
		for k, rows := range lists {
			if len(rows) > 0 {
				out[k] = rows[0]
			}
		}
		return out, err
	}
}

// Package demo makes the demo world: a maker of tractors, its dealers and their
// farmers, with months of deals and the points they earned. Everybody in it is
// invented. One seed gives one world, byte for byte; each feature draws from a
// random stream of its own, so that a new one leaves the rest as it was.
package demo

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"time"

	"dure/domain/act"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/insight"
	"dure/domain/iq"
	"dure/domain/lending"
	"dure/domain/logistics"
	"dure/internal/essentials"
)

// Password opens every sign-in of the demo world.
const Password = "dure-demo"

// The sign-ins that the documentation names. The two dealers stand in the
// territory of the rep.
const (
	DealerLogin      = "dealer@demo.dure"
	OtherDealerLogin = "dealer2@demo.dure"
	RepLogin         = "rep@demo.dure"
	HQLogin          = "hq@demo.dure"
)

// domain ends every login of the demo world.
const domain = "@demo.dure"

// Owns reports whether a login is one of the demo's.
func Owns(login string) bool { return strings.HasSuffix(login, domain) }

// Options say which world to make.
type Options struct {
	Size         string    // "small" or "full"
	Seed         uint64    //
	Now          time.Time // when the world ends
	PasswordHash string    // of Password, for every sign-in
	// NewID returns the id of a row that was made at that moment, with its random
	// bits from random: equal arguments give equal ids, and later moments sort later.
	NewID func(prefix string, at time.Time, random io.Reader) string
}

// World is every row of the demo. Customers carry their phone, mail and address
// as plain text, and shipments and proofs their places and names: whoever loads
// the world seals them.
type World struct {
	Organizations  []identity.Organization
	Users          []identity.User
	Regions        []channel.Region
	Districts      []channel.District
	Territories    []channel.Territory
	Dealers        []channel.Dealer
	Staff          []channel.Staff
	Lines          []catalogue.ProductLine
	Products       []catalogue.Product
	Options        []catalogue.Option
	Prices         []catalogue.Price
	Media          []catalogue.Media
	Programmes     []catalogue.FinanceProgramme
	ConsentTexts   []customer.ConsentText
	Rulebooks      []iq.Rulebook
	Customers      []customer.Customer
	Consents       []customer.Consent
	Consultations  []deal.Consultation
	Showings       []deal.Showing
	Quotes         []deal.Quote    // in the order of their numbers, from 1
	Contracts      []deal.Contract // likewise
	Shipments      []logistics.Shipment
	ShipmentEvents []logistics.ShipmentEvent
	Proofs         []logistics.DeliveryProof
	Applications   []lending.FinanceApplication
	Stipulations   []lending.Stipulation
	Shares         []lending.Share
	Changes        []feed.Change // what lenders heard, in that order; Seq counts from 1
	Acts           []act.Act     // in the order of the log; Seq counts from 1
	Sales          []insight.Sale
	Entries        []iq.LedgerEntry // in the order of posting; Seq counts from 1
	Totals         []iq.Total
	Divisions      []iq.DealerDivision
}

// Essentials returns the rows that a deployment may have already, by kind.
func (w *World) Essentials() []any { return []any{w.Regions, w.Districts, w.ConsentTexts, w.Rulebooks} }

// Tables returns all other rows by kind, those that others refer to first.
func (w *World) Tables() []any {
	return []any{
		w.Organizations, w.Users, w.Territories, w.Dealers, w.Staff, w.Lines, w.Products, w.Options, w.Prices, w.Media, w.Programmes,
		w.Customers, w.Consents, w.Consultations, w.Showings, w.Quotes, w.Contracts,
		w.Shipments, w.ShipmentEvents, w.Proofs, w.Applications, w.Stipulations, w.Shares, w.Changes, w.Acts, w.Sales, w.Entries, w.Totals, w.Divisions,
	}
}

// maker makes one world.
type maker struct {
	Options
	World

	size     size
	begins   time.Time // first day of the history
	change   time.Time // when habits began to change
	longAgo  time.Time // when firms and people were already there
	shops    []*shop
	goods    *goods
	bands    map[string]int // discount band by region
	regionAt map[string]channel.Region
	carriers []identity.Organization
}

// Make returns the world that o describes. It fails for an unknown size.
func Make(o Options) (*World, error) {
	size, ok := sizes[o.Size]
	if !ok {
		return nil, fmt.Errorf("there is no demo world of size %q", o.Size)
	}
	o.Now = o.Now.UTC().Truncate(time.Second)
	m := &maker{Options: o, size: size, begins: monthsBefore(o.Now, size.months)}
	m.longAgo, m.change = m.begins.AddDate(-8, 0, 0), monthsBefore(o.Now, wholeHistory)
	m.makePlaces()
	m.makeGoods()
	m.makePeople()
	m.makeRulebooks()
	m.eachShop((*shop).trade)
	m.eachShop((*shop).deliver)
	m.eachShop((*shop).finance)
	m.leaveOneWaiting()
	m.enliven()
	m.tieAtRankSeven()
	m.gather()
	m.settle()
	m.divide()
	return &m.World, nil
}

// eachShop runs do for every shop, as many at a time as there are processors:
// no shop knows of another.
func (m *maker) eachShop(do func(s *shop)) {
	turns := make(chan *shop)
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for s := range turns {
				do(s)
			}
		})
	}
	for _, s := range m.shops {
		turns <- s
	}
	close(turns)
	all.Wait()
}

func (m *maker) makePlaces() {
	m.Regions, m.Districts, m.ConsentTexts = essentials.Regions(), essentials.Districts(), essentials.ConsentTexts()
	m.bands, m.regionAt = map[string]int{}, map[string]channel.Region{}
	for _, r := range m.Regions {
		m.bands[r.Code] = r.DiscountBandBP
		m.regionAt[r.Code] = r
	}
}

// consentText is the id of the words for a purpose.
func (m *maker) consentText(purpose customer.Purpose) string {
	for _, t := range m.ConsentTexts {
		if t.Purpose == purpose {
			return t.ID
		}
	}
	panic("demo: no consent text for " + string(purpose)) //nolint:forbidigo // the essentials have one for each
}

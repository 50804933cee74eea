package customer

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/batch"
	"dure/domain/channel"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/page"
	"dure/domain/text"
	"dure/domain/work"
)

// TimelineItem is an act that happened with a customer, and who did it.
type TimelineItem struct {
	act.Act `bun:",extend"`

	ActorName string `bun:",scanonly"`
}

// Lookup is a filter whose phone and mail have become blind indexes.
type Lookup struct {
	Search     string
	Initials   bool // Search is initial consonants
	PhoneIndex string
	MailIndex  string
	DealerID   string
}

// Lookalike is what a customer who is about to be added is known by.
type Lookalike struct {
	Name         string
	PhoneIndex   string
	DistrictCode string
}

// Store keeps customers and their consents. Reads see the rows of scope alone.
type Store interface {
	Customers(ctx context.Context, scope identity.Scope, l Lookup, r page.Request) ([]Customer, int, error)
	CustomersByID(ctx context.Context, scope identity.Scope, ids []string) ([]Customer, error)
	// SimilarCustomers reads those with the phone, and those with the name and no
	// other district, in this order.
	SimilarCustomers(ctx context.Context, scope identity.Scope, l Lookalike, limit int) ([]Customer, error)
	AddCustomer(ctx context.Context, c *Customer) error
	SaveCustomer(ctx context.Context, c *Customer) error
	ConsentTexts(ctx context.Context, at time.Time) ([]ConsentText, error)
	AddConsent(ctx context.Context, c *Consent) error
	// ConsentsOf reads the newest entry of each purpose and recipient by customer.
	ConsentsOf(ctx context.Context, scope identity.Scope, customerIDs []string) ([]Consent, error)
	Timeline(ctx context.Context, scope identity.Scope, customerID string, r page.Request) ([]TimelineItem, int, error)
	DealTimeline(ctx context.Context, scope identity.Scope, dealID string, r page.Request) ([]TimelineItem, int, error)
}

// Sealer seals personal data and finds it by blind index.
type Sealer interface {
	Seal(purpose, plain string) (string, error)
	Open(purpose, sealed string) (string, error)
	BlindIndex(purpose, normal string) string
	NormalisePhone(phone string) (string, error)
	NormaliseMail(mail string) (string, error)
}

// Service looks after customers.
type Service struct {
	work.Kit
	Store   Store
	Acts    act.Recorder
	Cursors page.Codec
	Sealer  Sealer
	Channel *channel.Service
}

// What is sealed, for whom it is sealed.
const (
	sealedPhone   = "customer.phone"
	sealedMail    = "customer.mail"
	sealedAddress = "customer.address"
)

// Limits of what is kept of a customer.
const (
	MaxName    = 100
	MaxAddress = 300
	MaxItems   = 100
)

// Customer reads a customer. It fails with fault.NotFound.
func (s *Service) Customer(ctx context.Context, id string) (*Customer, error) {
	rows, err := s.CustomersByID(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	c, ok := rows[id]
	if !ok {
		return nil, fault.New(fault.NotFound, "customer.not_found")
	}
	return &c, nil
}

// CustomersByID reads many customers.
func (s *Service) CustomersByID(ctx context.Context, ids []string) (map[string]Customer, error) {
	scope, err := identity.Allow(ctx, identity.CustomerRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.CustomersByID(ctx, scope, ids)
	if err != nil {
		return nil, err
	}
	if err := s.openAll(rows); err != nil { // before they are copied
		return nil, err
	}
	return batch.By(rows, func(c Customer) string { return c.ID }), nil
}

// openAll opens what is sealed of each row, in place.
func (s *Service) openAll(rows []Customer) error {
	for i := range rows {
		if err := s.open(&rows[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) open(c *Customer) error {
	for _, f := range []struct {
		purpose, sealed string
		plain           *string
	}{{sealedPhone, c.PhoneSealed, &c.Phone}, {sealedMail, c.MailSealed, &c.Mail}, {sealedAddress, c.AddressSealed, &c.Address}} {
		if f.sealed == "" {
			*f.plain = ""
			continue
		}
		plain, err := s.Sealer.Open(f.purpose, f.sealed)
		if err != nil {
			return fmt.Errorf("open %s of %s: %w", f.purpose, c.ID, err)
		}
		*f.plain = plain
	}
	c.Phone = ReadablePhone(c.Phone)
	return nil
}

// Customers lists customers, the newest first.
func (s *Service) Customers(ctx context.Context, f *CustomerFilter, first *int, after *string) (*page.Connection[Customer], error) {
	scope, err := identity.Allow(ctx, identity.CustomerRead)
	if err != nil {
		return nil, err
	}
	const list = "customers"
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	l, err := s.lookup(f)
	if err != nil {
		return nil, err
	}
	rows, total, err := s.Store.Customers(ctx, scope, l, r)
	if err != nil {
		return nil, err
	}
	if err := s.openAll(rows); err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(c Customer) []string { return page.Moment(c.CreatedAt, c.ID) }), nil
}

func (s *Service) lookup(f *CustomerFilter) (l Lookup, err error) {
	if f == nil {
		return l, nil
	}
	l.DealerID, l.Search = f.DealerID, strings.TrimSpace(f.Search)
	if err := text.Check(l.Search, MaxName, "filter.search"); err != nil {
		return l, err
	}
	if l.Initials = OnlyInitials(l.Search); l.Initials {
		l.Search = HangulInitials(l.Search)
	}
	if f.Phone != "" {
		normal, err := s.Sealer.NormalisePhone(f.Phone)
		if err != nil {
			return l, onField(err, "filter.phone")
		}
		l.PhoneIndex = s.Sealer.BlindIndex(sealedPhone, normal)
	}
	if f.Mail != "" {
		normal, err := s.Sealer.NormaliseMail(f.Mail)
		if err != nil {
			return l, onField(err, "filter.mail")
		}
		l.MailIndex = s.Sealer.BlindIndex(sealedMail, normal)
	}
	return l, nil
}

// onField puts faults onto the input field they are about.
func onField(err error, field string) error {
	if fs, only := fault.All(err); only && len(fs) == 1 {
		return fs[0].On(field)
	}
	return err
}

// CreateCustomer adds a customer of the caller's dealership, with the consent to
// keep their data when it was given just now.
func (s *Service) CreateCustomer(ctx context.Context, in CreateCustomerInput) (*Customer, error) {
	if _, err := identity.Allow(ctx, identity.CustomerWrite); err != nil {
		return nil, err
	}
	var c *Customer
	err := s.Once(ctx, in.IdempotencyKey, "createCustomer", in, &c, func(ctx context.Context) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		dealer, err := s.Channel.Dealer(ctx, identity.From(ctx).DealerID)
		if err != nil {
			return err
		}
		id, err := s.IDFor("cus", in.ID)
		if err != nil {
			return err
		}
		now := s.Now().UTC().Truncate(time.Microsecond)
		c = &Customer{
			ID: id, DealerID: dealer.ID, Kind: in.Kind, RegionCode: dealer.RegionCode,
			CreatedAt: at, UpdatedAt: now, Version: 1,
		}
		if c.Kind == "" {
			c.Kind = Person
		}
		if in.RegionCode == "" {
			in.RegionCode = c.RegionCode
		}
		if err := s.change(ctx, c, UpdateCustomerInput{
			Name: &in.Name, BirthYear: &in.BirthYear, Phone: &in.Phone, Mail: &in.Mail, Address: &in.Address,
			RegionCode: &in.RegionCode, DistrictCode: &in.DistrictCode, Farm: in.Farm,
		}, now); err != nil {
			return err
		}
		if err := s.Store.AddCustomer(ctx, c); err != nil {
			return work.IDTaken(err, in.ID)
		}
		if err := s.record(ctx, act.CustomerCreated, c, c.ID, at, nil); err != nil {
			return err
		}
		if in.ConsentTextID == "" {
			return nil
		}
		if _, err := s.consent(ctx, c, RecordConsentInput{TextID: in.ConsentTextID}, PersonalData, at); err != nil {
			return onField(err, "consentTextId")
		}
		return s.profile(ctx, c, at)
	})
	return s.opened(c, err)
}

// opened opens what a first answer, which is kept without it, does not hold.
func (s *Service) opened(c *Customer, err error) (*Customer, error) {
	if c == nil || err != nil {
		return nil, err
	}
	return c, s.open(c)
}

func (s *Service) record(ctx context.Context, kind act.Kind, c *Customer, subjectID string, at time.Time, facts act.Facts) error {
	a := s.Act(ctx, kind, subjectID, at, facts)
	a.DealerID, a.CustomerID = c.DealerID, c.ID
	return s.Acts.Record(ctx, a)
}

// UpdateCustomer changes what is known of a customer. It fails with
// fault.Conflict when somebody changed it since expectedVersion.
func (s *Service) UpdateCustomer(ctx context.Context, in UpdateCustomerInput) (*Customer, error) {
	scope, err := identity.Allow(ctx, identity.CustomerWrite)
	if err != nil {
		return nil, err
	}
	var c *Customer
	err = s.Once(ctx, in.IdempotencyKey, "updateCustomer", in, &c, func(ctx context.Context) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		if c, err = s.find(ctx, scope, in.CustomerID); err != nil {
			return err
		}
		if c.Version != in.ExpectedVersion {
			return fault.New(fault.Conflict, "customer.changed").On("expectedVersion")
		}
		if err := s.change(ctx, c, in, s.Now().UTC().Truncate(time.Microsecond)); err != nil {
			return err
		}
		if err := s.Store.SaveCustomer(ctx, c); err != nil {
			return err
		}
		if err := s.record(ctx, act.CustomerUpdated, c, c.ID, at, act.Facts{"farmFieldsFilled": c.Farm.Filled()}); err != nil {
			return err
		}
		return s.profile(ctx, c, at)
	})
	return s.opened(c, err)
}

func (s *Service) find(ctx context.Context, scope identity.Scope, id string) (*Customer, error) {
	rows, err := s.Store.CustomersByID(ctx, scope, []string{id})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.NotFound, "customer.not_found").On("customerId")
	}
	return &rows[0], nil
}

// profile records, once, that the customer's consent and farm are complete
// enough to be worth points.
func (s *Service) profile(ctx context.Context, c *Customer, at time.Time) error {
	const enough = 6
	if !c.ProfiledAt.IsZero() || c.Farm.Filled() < enough {
		return nil
	}
	ok, err := s.holds(ctx, c.ID, PersonalData)
	if err != nil || !ok {
		return err
	}
	c.ProfiledAt = at
	if err := s.Store.SaveCustomer(ctx, c); err != nil {
		return err
	}
	return s.record(ctx, act.CustomerProfiled, c, c.ID, at, act.Facts{"consentRecorded": true, "farmFieldsFilled": c.Farm.Filled()})
}

// Timeline lists what happened with a customer, the newest first.
func (s *Service) Timeline(ctx context.Context, customerID string, first *int, after *string) (*page.Connection[TimelineItem], error) {
	scope, err := identity.Allow(ctx, identity.CustomerRead)
	if err != nil {
		return nil, err
	}
	return s.timeline(ctx, scope, "timeline/"+customerID, first, after, customerID, s.Store.Timeline)
}

// DealTimeline lists what happened in a deal, the newest first. A deal bears the
// id of the consultation, or of the quote, that it began with.
func (s *Service) DealTimeline(ctx context.Context, dealID string, first *int, after *string) (*page.Connection[TimelineItem], error) {
	scope, err := identity.Allow(ctx, identity.CustomerRead)
	if err != nil {
		return nil, err
	}
	return s.timeline(ctx, scope, "deal timeline/"+dealID, first, after, dealID, s.Store.DealTimeline)
}

func (s *Service) timeline(ctx context.Context, scope identity.Scope, list string, first *int, after *string, id string,
	read func(context.Context, identity.Scope, string, page.Request) ([]TimelineItem, int, error),
) (*page.Connection[TimelineItem], error) {
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	rows, total, err := read(ctx, scope, id, r)
	if err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(t TimelineItem) []string { return page.Moment(t.OccurredAt, t.ID) }), nil
}

// birthYear checks a year of birth; 0 is unknown.
func birthYear(year int, now time.Time) error {
	if year != 0 && (year < 1900 || year > now.In(kst.Zone).Year()) {
		return fault.New(fault.Invalid, "customer.bad_birth_year").On("birthYear")
	}
	return nil
}

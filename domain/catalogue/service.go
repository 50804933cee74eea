package catalogue

import (
	"context"
	"io"
	"slices"
	"time"

	"dure/domain/batch"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/money"
	"dure/domain/text"
	"dure/domain/work"
)

// ProductFilter picks products; zero fields pick all.
type ProductFilter struct {
	Crop          string
	HorsepowerMin *int
	HorsepowerMax *int
	Search        string
}

// LineRequest is a machine to price.
type LineRequest struct {
	ProductID string
	OptionIDs []string
	Quantity  int
}

// PricedLine is a machine with its options, each at the price of the day.
type PricedLine struct {
	Product Product
	Options []Option
}

// Store keeps the catalogue. Prices are those valid at the given moment; what
// has none then is left out.
type Store interface {
	Products(ctx context.Context, f ProductFilter, at time.Time) ([]Product, error)
	ProductsByID(ctx context.Context, ids []string, at time.Time) ([]Product, error)
	OptionsOf(ctx context.Context, productIDs []string, at time.Time) ([]Option, error)
	MediaOf(ctx context.Context, productIDs []string) ([]Media, error)
	Media(ctx context.Context, id string) (*Media, error)
	LinesByID(ctx context.Context, ids []string) ([]ProductLine, error)
	FinanceProgrammes(ctx context.Context, at time.Time) ([]FinanceProgramme, error)
	FinanceProgramme(ctx context.Context, id string) (*FinanceProgramme, error)
}

// Files keeps films by their content.
type Files interface {
	Get(ctx context.Context, sha256 string) (io.ReadCloser, error)
}

// Service reads the catalogue and prices what is asked for.
type Service struct {
	work.Kit
	Store Store
	Files Files
}

// Products lists what is on sale today, by horsepower.
func (s *Service) Products(ctx context.Context, f *ProductFilter) ([]Product, error) {
	if _, err := identity.Allow(ctx, identity.CatalogueRead); err != nil {
		return nil, err
	}
	var filter ProductFilter
	if f != nil {
		filter = *f
	}
	if err := text.Check(filter.Search, 100, "filter.search"); err != nil {
		return nil, err
	}
	return s.Store.Products(ctx, filter, s.Now())
}

// Product reads a product at today's price. It fails with fault.NotFound.
func (s *Service) Product(ctx context.Context, id string) (*Product, error) {
	by, err := s.ProductsByID(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	p, ok := by[id]
	if !ok {
		return nil, fault.New(fault.NotFound, "catalogue.unknown_product")
	}
	return &p, nil
}

// ProductsByID reads many products at today's prices, discontinued ones too.
func (s *Service) ProductsByID(ctx context.Context, ids []string) (map[string]Product, error) {
	if _, err := identity.Allow(ctx, identity.CatalogueRead); err != nil {
		return nil, err
	}
	rows, err := s.Store.ProductsByID(ctx, ids, s.Now())
	return batch.By(rows, func(p Product) string { return p.ID }), err
}

// OptionsOf reads the options of many products at today's prices.
func (s *Service) OptionsOf(ctx context.Context, productIDs []string) (map[string][]Option, error) {
	if _, err := identity.Allow(ctx, identity.CatalogueRead); err != nil {
		return nil, err
	}
	rows, err := s.Store.OptionsOf(ctx, productIDs, s.Now())
	return batch.Group(rows, func(o Option) string { return o.ProductID }), err
}

// MediaOf reads the videos of many products, in order.
func (s *Service) MediaOf(ctx context.Context, productIDs []string) (map[string][]Media, error) {
	if _, err := identity.Allow(ctx, identity.CatalogueRead); err != nil {
		return nil, err
	}
	rows, err := s.Store.MediaOf(ctx, productIDs)
	return batch.Group(rows, func(m Media) string { return m.ProductID }), err
}

// Film opens a film that Dure serves. Anybody may watch: a browser's player
// brings no token, and the films are there to be shown. It fails with
// fault.NotFound for a film that plays elsewhere.
func (s *Service) Film(ctx context.Context, mediaID string) (io.ReadCloser, error) {
	m, err := s.Store.Media(ctx, mediaID)
	if err != nil {
		return nil, err
	}
	if m.FileSHA256 == "" {
		return nil, fault.New(fault.NotFound, "media.not_found")
	}
	return s.Files.Get(ctx, m.FileSHA256)
}

// LinesByID reads many product lines.
func (s *Service) LinesByID(ctx context.Context, ids []string) (map[string]ProductLine, error) {
	if _, err := identity.Allow(ctx, identity.CatalogueRead); err != nil {
		return nil, err
	}
	rows, err := s.Store.LinesByID(ctx, ids)
	return batch.By(rows, func(l ProductLine) string { return l.ID }), err
}

// FinanceProgrammes lists the offers that are valid today.
func (s *Service) FinanceProgrammes(ctx context.Context) ([]FinanceProgramme, error) {
	if _, err := identity.Allow(ctx, identity.CatalogueRead); err != nil {
		return nil, err
	}
	return s.Store.FinanceProgrammes(ctx, s.Now())
}

// FinanceProgramme reads an offer, valid or not. It fails with fault.NotFound.
func (s *Service) FinanceProgramme(ctx context.Context, id string) (*FinanceProgramme, error) {
	if _, err := identity.Allow(ctx, identity.CatalogueRead); err != nil {
		return nil, err
	}
	return s.Store.FinanceProgramme(ctx, id)
}

// MonthlyPayment works out what p asks for a month. It fails with
// fault.Invalid for an amount that is no price and a term that is not on offer.
func (p FinanceProgramme) MonthlyPayment(amount money.Won, months int) (money.Won, error) {
	if err := amount.Price("amount"); err != nil {
		return 0, err
	}
	if !slices.Contains(p.TermMonths, months) {
		return 0, fault.New(fault.Invalid, "finance.bad_term").On("months")
	}
	return money.Monthly(amount, p.RateBP, months), nil
}

// PriceLines prices machines and options on the day of at, in the order of
// lines. It fails with a fault on "lines" for what is unknown, no longer sold,
// of another product, or without a price that day.
func (s *Service) PriceLines(ctx context.Context, lines []LineRequest, at time.Time) ([]PricedLine, error) {
	if _, err := identity.Allow(ctx, identity.CatalogueRead); err != nil {
		return nil, err
	}
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.ProductID
	}
	products, err := s.Store.ProductsByID(ctx, ids, at)
	if err != nil {
		return nil, err
	}
	options, err := s.Store.OptionsOf(ctx, ids, at)
	if err != nil {
		return nil, err
	}
	byID, optionsOf := batch.By(products, func(p Product) string { return p.ID }), batch.Group(options, func(o Option) string { return o.ProductID })
	out := make([]PricedLine, len(lines))
	for i, l := range lines {
		p, ok := byID[l.ProductID]
		switch {
		case !ok:
			return nil, fault.New(fault.NotFound, "catalogue.unknown_product").On("lines")
		case p.Discontinued:
			return nil, fault.New(fault.Conflict, "catalogue.discontinued").On("lines")
		case p.ListPrice == 0:
			return nil, fault.New(fault.Conflict, "catalogue.no_price").On("lines")
		}
		out[i].Product = p
		for n, id := range l.OptionIDs {
			if slices.Contains(l.OptionIDs[:n], id) {
				return nil, fault.New(fault.Invalid, "catalogue.option_twice").On("lines")
			}
			k := slices.IndexFunc(optionsOf[p.ID], func(o Option) bool { return o.ID == id })
			if k < 0 {
				return nil, fault.New(fault.NotFound, "catalogue.unknown_option").On("lines")
			}
			out[i].Options = append(out[i].Options, optionsOf[p.ID][k])
		}
	}
	return out, nil
}

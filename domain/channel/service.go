package channel

import (
	"context"
	"time"

	"dure/domain/act"
	"dure/domain/batch"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/text"
	"dure/domain/work"
)

// DealerFilter picks dealers; zero fields pick all.
type DealerFilter struct {
	RegionCode  string
	TerritoryID string
	Search      string
	Mine        bool // only those whose staff the caller may see
}

// Store keeps the channel.
type Store interface {
	Regions(ctx context.Context, at time.Time) ([]Region, error)
	RegionsByCode(ctx context.Context, codes []string) ([]Region, error)
	DistrictsOf(ctx context.Context, regionCodes []string, at time.Time) ([]District, error)
	DistrictsByCode(ctx context.Context, codes []string) ([]District, error)
	TerritoriesByID(ctx context.Context, ids []string) ([]Territory, error)
	Dealers(ctx context.Context, scope identity.Scope, f DealerFilter, r page.Request) ([]Dealer, int, error)
	DealersByID(ctx context.Context, scope identity.Scope, ids []string) ([]Dealer, error)
	AddVisit(ctx context.Context, v *Visit) error
	Visits(ctx context.Context, scope identity.Scope, dealerID string, r page.Request) ([]Visit, int, error)
	StaffOf(ctx context.Context, scope identity.Scope, dealerIDs []string, at time.Time) ([]Staff, error)
}

// Service reads the channel.
type Service struct {
	work.Kit
	Store   Store
	Acts    act.Recorder
	Cursors page.Codec
}

// Regions lists the provinces that are valid now, by code.
func (s *Service) Regions(ctx context.Context) ([]Region, error) {
	if _, err := identity.Allow(ctx, identity.DealerRead); err != nil {
		return nil, err
	}
	return s.Store.Regions(ctx, s.Now())
}

// Region reads a province, valid or not. It fails with fault.NotFound.
func (s *Service) Region(ctx context.Context, code string) (*Region, error) {
	rows, err := s.RegionsByCode(ctx, []string{code})
	return only(rows, code, "region.not_found", err)
}

// Dealer reads a dealer. It fails with fault.NotFound.
func (s *Service) Dealer(ctx context.Context, id string) (*Dealer, error) {
	rows, err := s.DealersByID(ctx, []string{id})
	return only(rows, id, "dealer.not_found", err)
}

func only[T any](rows map[string]T, key, missing string, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	row, ok := rows[key]
	if !ok {
		return nil, fault.New(fault.NotFound, missing)
	}
	return &row, nil
}

// Dealers lists dealers by name.
func (s *Service) Dealers(ctx context.Context, f *DealerFilter, first *int, after *string) (*page.Connection[Dealer], error) {
	scope, err := identity.Allow(ctx, identity.DealerRead)
	if err != nil {
		return nil, err
	}
	var filter DealerFilter
	if f != nil {
		filter = *f
	}
	if filter.Mine {
		if scope, err = identity.Allow(ctx, identity.StaffRead); err != nil {
			return nil, err
		}
	}
	if err := text.Check(filter.Search, 100, "filter.search"); err != nil {
		return nil, err
	}
	const list = "dealers"
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	rows, total, err := s.Store.Dealers(ctx, scope, filter, r)
	if err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(d Dealer) []string { return []string{d.Name, d.ID} }), nil
}

// DealersByID reads many dealers.
func (s *Service) DealersByID(ctx context.Context, ids []string) (map[string]Dealer, error) {
	scope, err := identity.Allow(ctx, identity.DealerRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.DealersByID(ctx, scope, ids)
	return batch.By(rows, func(d Dealer) string { return d.ID }), err
}

// RegionsByCode reads many provinces.
func (s *Service) RegionsByCode(ctx context.Context, codes []string) (map[string]Region, error) {
	if _, err := identity.Allow(ctx, identity.DealerRead); err != nil {
		return nil, err
	}
	rows, err := s.Store.RegionsByCode(ctx, codes)
	return batch.By(rows, func(r Region) string { return r.Code }), err
}

// DistrictsByCode reads many cities and counties.
func (s *Service) DistrictsByCode(ctx context.Context, codes []string) (map[string]District, error) {
	if _, err := identity.Allow(ctx, identity.DealerRead); err != nil {
		return nil, err
	}
	rows, err := s.Store.DistrictsByCode(ctx, codes)
	return batch.By(rows, func(d District) string { return d.Code }), err
}

// DistrictsOf reads the cities and counties of provinces that are valid now.
func (s *Service) DistrictsOf(ctx context.Context, regionCodes []string) (map[string][]District, error) {
	if _, err := identity.Allow(ctx, identity.DealerRead); err != nil {
		return nil, err
	}
	rows, err := s.Store.DistrictsOf(ctx, regionCodes, s.Now())
	return batch.Group(rows, func(d District) string { return d.RegionCode }), err
}

// TerritoriesByID reads many territories.
func (s *Service) TerritoriesByID(ctx context.Context, ids []string) (map[string]Territory, error) {
	if _, err := identity.Allow(ctx, identity.DealerRead); err != nil {
		return nil, err
	}
	rows, err := s.Store.TerritoriesByID(ctx, ids)
	return batch.By(rows, func(t Territory) string { return t.ID }), err
}

// StaffOf reads the people who work at dealerships now, within the caller's reach.
func (s *Service) StaffOf(ctx context.Context, dealerIDs []string) (map[string][]Staff, error) {
	scope, err := identity.Allow(ctx, identity.StaffRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.StaffOf(ctx, scope, dealerIDs, s.Now())
	return batch.Group(rows, func(p Staff) string { return p.DealerID }), err
}

package resolvers

import (
	"context"

	"dure/domain/channel"
	"dure/domain/fault"
	"dure/domain/page"
	"dure/graph"
	"dure/graph/view"
)

// Region is the resolver for the region field.
func (r *dealerResolver) Region(ctx context.Context, obj *channel.Dealer) (*channel.Region, error) {
	return load(ctx).regions.Load(ctx, obj.RegionCode)
}

// District is the resolver for the district field.
func (r *dealerResolver) District(ctx context.Context, obj *channel.Dealer) (*channel.District, error) {
	return load(ctx).districts.Load(ctx, obj.DistrictCode)
}

// Territory is the resolver for the territory field.
func (r *dealerResolver) Territory(ctx context.Context, obj *channel.Dealer) (*channel.Territory, error) {
	return load(ctx).territories.Load(ctx, obj.TerritoryID)
}

// Staff is the resolver for the staff field.
func (r *dealerResolver) Staff(ctx context.Context, obj *channel.Dealer) ([]channel.Staff, error) {
	return load(ctx).staff.Load(ctx, obj.ID)
}

// Iq is the resolver for the iq field.
func (r *dealerResolver) Iq(ctx context.Context, obj *channel.Dealer, season *string) (*view.DealerIQ, error) {
	in, err := r.IQ.SeasonOrCurrent(season)
	if err != nil {
		return nil, err
	}
	p, err := load(ctx).points.Load(ctx, dealerSeason{obj.ID, in.Key})
	if fault.CodeOf(err) == fault.Forbidden || p == nil {
		return nil, err
	}
	return &view.DealerIQ{DealerID: obj.ID, Season: in, Points: p.Points, Vested: p.Vested, Pending: p.Pending}, err
}

// Regions is the resolver for the regions field.
func (r *queryResolver) Regions(ctx context.Context) ([]channel.Region, error) {
	return r.Channel.Regions(ctx)
}

// Dealers is the resolver for the dealers field.
func (r *queryResolver) Dealers(ctx context.Context, filter *channel.DealerFilter, first *int, after *string) (*page.Connection[channel.Dealer], error) {
	return r.Channel.Dealers(ctx, filter, first, after)
}

// Dealer is the resolver for the dealer field.
func (r *queryResolver) Dealer(ctx context.Context, id string) (*channel.Dealer, error) {
	return graph.OrNull(r.Channel.Dealer(ctx, id))
}

// Districts is the resolver for the districts field.
func (r *regionResolver) Districts(ctx context.Context, obj *channel.Region) ([]channel.District, error) {
	return load(ctx).districtsOf.Load(ctx, obj.Code)
}

// Successor is the resolver for the successor field.
func (r *regionResolver) Successor(ctx context.Context, obj *channel.Region) (*channel.Region, error) {
	if obj.SucceededBy == "" {
		return nil, nil
	}
	return load(ctx).regions.Load(ctx, obj.SucceededBy)
}

// Region is the resolver for the region field.
func (r *territoryResolver) Region(ctx context.Context, obj *channel.Territory) (*channel.Region, error) {
	return load(ctx).regions.Load(ctx, obj.RegionCode)
}

// RepName is the resolver for the repName field.
func (r *territoryResolver) RepName(ctx context.Context, obj *channel.Territory) (string, error) {
	return name(ctx, obj.RepID)
}

func (r *Resolver) Dealer() graph.DealerResolver { return &dealerResolver{r} }

func (r *Resolver) Region() graph.RegionResolver { return &regionResolver{r} }

func (r *Resolver) Territory() graph.TerritoryResolver { return &territoryResolver{r} }

type (
	dealerResolver    struct{ *Resolver }
	regionResolver    struct{ *Resolver }
	territoryResolver struct{ *Resolver }
)

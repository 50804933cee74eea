package resolvers

import (
	"context"

	"dure/domain/channel"
	"dure/domain/insight"
	"dure/graph"
)

func (r *queryResolver) Country(ctx context.Context, season *string) (*insight.Country, error) {
	return r.Insight.Country(ctx, season)
}

func (r *regionSalesResolver) Region(ctx context.Context, obj *insight.RegionSales) (*channel.Region, error) {
	if obj.RegionCode == "" {
		return nil, nil // the whole country
	}
	return load(ctx).regions.Load(ctx, obj.RegionCode)
}

func (r *subscriptionResolver) CountryChanged(ctx context.Context) (<-chan *insight.Country, error) {
	states, err := r.Insight.CountryChanges(ctx)
	if err != nil {
		return nil, err
	}
	return forward(ctx, states, func(c insight.Country) (*insight.Country, error) { return &c, nil }), nil
}

func (r *Resolver) RegionSales() graph.RegionSalesResolver { return &regionSalesResolver{r} }

type regionSalesResolver struct{ *Resolver }

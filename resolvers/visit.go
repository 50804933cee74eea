package resolvers

import (
	"context"

	"dure/domain/channel"
	"dure/domain/page"
	"dure/graph"
)

func (r *mutationResolver) RecordVisit(ctx context.Context, input channel.RecordVisitInput) (*graph.VisitPayload, error) {
	v, err := r.Channel.RecordVisit(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.VisitPayload{Visit: unless(err, v), UserErrors: userErrors}, failed
}

func (r *queryResolver) Visits(ctx context.Context, dealerID string, first *int, after *string) (*page.Connection[channel.Visit], error) {
	return r.Channel.Visits(ctx, dealerID, first, after)
}

func (r *visitResolver) Dealer(ctx context.Context, obj *channel.Visit) (*channel.Dealer, error) {
	return load(ctx).dealers.Load(ctx, obj.DealerID)
}

func (r *visitResolver) Rep(ctx context.Context, obj *channel.Visit) (string, error) {
	return name(ctx, obj.RepID)
}

func (r *Resolver) Visit() graph.VisitResolver { return &visitResolver{r} }

type visitResolver struct{ *Resolver }

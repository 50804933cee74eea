package resolvers

import (
	"context"
	"strings"

	"dure/domain/identity"
	"dure/domain/leaderboard"
	"dure/graph"
	"dure/graph/view"
)

// SignIn is the resolver for the signIn field.
func (r *mutationResolver) SignIn(ctx context.Context, input identity.SignInInput) (*graph.SignInPayload, error) {
	session, err := r.People.SignIn(ctx, input)
	return signedIn(ctx, session, err)
}

// Node is the resolver for the node field.
func (r *queryResolver) Node(ctx context.Context, id string) (view.Node, error) {
	prefix, _, _ := strings.Cut(id, "_")
	read, ok := map[string]func() (view.Node, error){
		"dlr": func() (view.Node, error) { return orNil(graph.OrNull(r.Channel.Dealer(ctx, id))) },
		"prd": func() (view.Node, error) { return orNil(graph.OrNull(r.Catalogue.Product(ctx, id))) },
		"cus": func() (view.Node, error) { return orNil(graph.OrNull(r.Resolver.Customers.Customer(ctx, id))) },
		"con": func() (view.Node, error) { return orNil(graph.OrNull(r.Deals.Consultation(ctx, id))) },
		"quo": func() (view.Node, error) { return orNil(graph.OrNull(r.Deals.Quote(ctx, id))) },
		"shp": func() (view.Node, error) { return orNil(graph.OrNull(r.Logistics.Shipment(ctx, id))) },
		"app": func() (view.Node, error) { return orNil(graph.OrNull(r.Lending.Application(ctx, id))) },
		"usr": func() (view.Node, error) { return orNil(r.self(ctx, id)) },
		"ida": func() (view.Node, error) { return orNil(graph.OrNull(r.Voc.Idea(ctx, id))) },
		"voi": func() (view.Node, error) { return orNil(graph.OrNull(r.Voc.Voice(ctx, id))) },
		"ctr": func() (view.Node, error) { return orNil(graph.OrNull(r.Deals.Contract(ctx, id))) },
		"whe": func() (view.Node, error) { return orNil(graph.OrNull(r.Webhooks.Endpoint(ctx, id))) },
	}[prefix]
	if !ok {
		return nil, nil
	}
	return read()
}

// LeaderboardChanged is the resolver for the leaderboardChanged field.
func (r *subscriptionResolver) LeaderboardChanged(ctx context.Context, scope leaderboard.Scope, key *string) (<-chan *view.LeaderboardChange, error) {
	changes, err := r.Boards.Changes(ctx, scope, key)
	if err != nil {
		return nil, err
	}
	return forward(ctx, changes, func(c leaderboard.Change) (*view.LeaderboardChange, error) {
		return &view.LeaderboardChange{Change: c}, nil
	}), nil
}

// RankBannerChanged is the resolver for the rankBannerChanged field.
func (r *subscriptionResolver) RankBannerChanged(ctx context.Context) (<-chan *view.RankBanner, error) {
	states, err := r.Boards.BannerChanges(ctx)
	if err != nil {
		return nil, err
	}
	return forward(ctx, states, func(s leaderboard.BannerState) (*view.RankBanner, error) {
		return r.banner(s.Place, s.View, s.Ref.Season.Key)
	}), nil
}

func (r *Resolver) Mutation() graph.MutationResolver { return &mutationResolver{r} }

func (r *Resolver) Query() graph.QueryResolver { return &queryResolver{r} }

func (r *Resolver) Subscription() graph.SubscriptionResolver { return &subscriptionResolver{r} }

type (
	mutationResolver     struct{ *Resolver }
	queryResolver        struct{ *Resolver }
	subscriptionResolver struct{ *Resolver }
)

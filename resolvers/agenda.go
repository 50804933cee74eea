package resolvers

import (
	"context"

	"dure/domain/agenda"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/iq"
	"dure/domain/page"
	"dure/graph"
	"dure/graph/view"
	"dure/graph/words"
)

func (r *attentionResolver) Dealer(ctx context.Context, obj *agenda.Attention) (*channel.Dealer, error) {
	return load(ctx).dealers.Load(ctx, obj.DealerID)
}

func (r *attentionResolver) DealID(ctx context.Context, obj *agenda.Attention) (*string, error) {
	return textOrNull(obj.DealID), nil
}

func (r *attentionResolver) Customer(ctx context.Context, obj *agenda.Attention) (*customer.Customer, error) {
	if obj.CustomerID == "" {
		return nil, nil
	}
	return load(ctx).customers.Load(ctx, obj.CustomerID)
}

func (r *attentionResolver) Reason(ctx context.Context, obj *agenda.Attention) (string, error) {
	return attentionReason(ctx, obj, r.Agenda.Now()), nil
}

func (r *dealerResolver) Deals(ctx context.Context, obj *channel.Dealer) (*agenda.DealerDeals, error) {
	return load(ctx).dealerDeals.Load(ctx, obj.ID)
}

func (r *fullCapResolver) Per(ctx context.Context, obj *iq.FullCap) (iq.Period, error) {
	return obj.Cap.Per, nil
}

func (r *fullCapResolver) Limit(ctx context.Context, obj *iq.FullCap) (int, error) {
	return obj.Cap.Limit, nil
}

func (r *fullCapResolver) Explanation(ctx context.Context, obj *iq.FullCap) (string, error) {
	key, arguments := obj.Reason()
	return words.Explain(words.From(ctx), key, arguments), nil
}

func (r *nextStepResolver) DealID(ctx context.Context, obj *agenda.Step) (*string, error) {
	return textOrNull(obj.DealID), nil
}

func (r *nextStepResolver) Customer(ctx context.Context, obj *agenda.Step) (*customer.Customer, error) {
	return load(ctx).customers.Load(ctx, obj.CustomerID)
}

func (r *nextStepResolver) Rule(ctx context.Context, obj *agenda.Step) (*view.RuleReference, error) {
	return &view.RuleReference{Key: obj.RuleKey, Version: obj.Book}, nil
}

func (r *nextStepResolver) Reason(ctx context.Context, obj *agenda.Step) (string, error) {
	return words.Step(words.From(ctx), string(obj.Kind), obj.Points, obj.Arguments), nil
}

func (r *queryResolver) NextSteps(ctx context.Context, first int) ([]agenda.Step, error) {
	return r.Agenda.NextSteps(ctx, first)
}

func (r *queryResolver) NextBestPoints(ctx context.Context) (*agenda.NextBest, error) {
	return r.Agenda.NextBestPoints(ctx)
}

func (r *queryResolver) Attention(ctx context.Context, first int) ([]agenda.Attention, error) {
	return r.Agenda.Attention(ctx, first)
}

func (r *queryResolver) DealTimeline(ctx context.Context, dealID string, first *int, after *string) (*page.Connection[customer.TimelineItem], error) {
	return r.Resolver.Customers.DealTimeline(ctx, dealID, first, after)
}

func (r *Resolver) Attention() graph.AttentionResolver { return &attentionResolver{r} }

func (r *Resolver) FullCap() graph.FullCapResolver { return &fullCapResolver{r} }

func (r *Resolver) NextStep() graph.NextStepResolver { return &nextStepResolver{r} }

type (
	attentionResolver struct{ *Resolver }
	fullCapResolver   struct{ *Resolver }
	nextStepResolver  struct{ *Resolver }
)

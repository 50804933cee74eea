package resolvers

import (
	"context"

	"dure/domain/agenda"
	"dure/domain/customer"
	"dure/domain/iq"
	"dure/graph"
	"dure/graph/view"
	"dure/graph/words"
)

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

func (r *Resolver) FullCap() graph.FullCapResolver { return &fullCapResolver{r} }

func (r *Resolver) NextStep() graph.NextStepResolver { return &nextStepResolver{r} }

type (
	fullCapResolver  struct{ *Resolver }
	nextStepResolver struct{ *Resolver }
)

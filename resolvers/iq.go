package resolvers

import (
	"context"

	"dure/domain/iq"
	"dure/domain/page"
	"dure/graph"
	"dure/graph/view"
	"dure/graph/words"
)

// Standing is the resolver for the standing field.
func (r *dealerIQResolver) Standing(ctx context.Context, obj *view.DealerIQ) (*view.Standing, error) {
	place, board, err := r.Boards.Find(ctx, r.Boards.NationOf(boardSeason(obj.Season)), obj.DealerID)
	return &view.Standing{Place: place, Of: board.Size}, err
}

// Entries is the resolver for the entries field.
func (r *dealerIQResolver) Entries(ctx context.Context, obj *view.DealerIQ, first *int, after *string) (*page.Connection[iq.LedgerEntry], error) {
	return r.IQ.Entries(ctx, obj.DealerID, &obj.Season.Key, first, after)
}

// Rule is the resolver for the rule field.
func (r *ledgerEntryResolver) Rule(ctx context.Context, obj *iq.LedgerEntry) (*view.RuleReference, error) {
	return ruleOf(*obj), nil
}

// Act is the resolver for the act field.
func (r *ledgerEntryResolver) Act(ctx context.Context, obj *iq.LedgerEntry) (*view.ActReference, error) {
	return &view.ActReference{ID: obj.ActID, Kind: string(obj.ActKind), OccurredAt: obj.OccurredAt}, nil
}

// Explanation is the resolver for the explanation field.
func (r *ledgerEntryResolver) Explanation(ctx context.Context, obj *iq.LedgerEntry) (string, error) {
	return words.Explain(words.From(ctx), obj.Explanation, obj.Arguments), nil
}

// IqEntries is the resolver for the iqEntries field.
func (r *queryResolver) IqEntries(ctx context.Context, dealerID *string, season *string, first *int, after *string) (*page.Connection[iq.LedgerEntry], error) {
	id := ""
	if dealerID != nil {
		id = *dealerID
	}
	return r.IQ.Entries(ctx, id, season, first, after)
}

// Rulebook is the resolver for the rulebook field.
func (r *queryResolver) Rulebook(ctx context.Context, version *int) (*iq.Rulebook, error) {
	return r.IQ.Rulebook(ctx, version)
}

// Title is the resolver for the title field.
func (r *ruleResolver) Title(ctx context.Context, obj *iq.Rule) (string, error) {
	return inLanguage(ctx, obj.Title, obj.TitleEn), nil
}

// Behaviour is the resolver for the behaviour field.
func (r *ruleResolver) Behaviour(ctx context.Context, obj *iq.Rule) (string, error) {
	return inLanguage(ctx, obj.Behaviour, obj.BehaviourEn), nil
}

// Evidence is the resolver for the evidence field.
func (r *ruleResolver) Evidence(ctx context.Context, obj *iq.Rule) (string, error) {
	return inLanguage(ctx, obj.Evidence, obj.EvidenceEn), nil
}

// Title is the resolver for the title field.
func (r *ruleReferenceResolver) Title(ctx context.Context, obj *view.RuleReference) (string, error) {
	book, err := load(ctx).rulebooks.Load(ctx, obj.Version)
	if book == nil {
		return obj.Key, err
	}
	if rule := book.Rule(obj.Key); rule != nil {
		return inLanguage(ctx, rule.Title, rule.TitleEn), nil
	}
	return obj.Key, nil
}

// State is the resolver for the state field.
func (r *seasonResolver) State(ctx context.Context, obj *iq.Season) (iq.SeasonState, error) {
	return r.IQ.State(*obj), nil
}

func (r *Resolver) DealerIQ() graph.DealerIQResolver { return &dealerIQResolver{r} }

func (r *Resolver) LedgerEntry() graph.LedgerEntryResolver { return &ledgerEntryResolver{r} }

func (r *Resolver) Rule() graph.RuleResolver { return &ruleResolver{r} }

func (r *Resolver) RuleReference() graph.RuleReferenceResolver { return &ruleReferenceResolver{r} }

func (r *Resolver) Season() graph.SeasonResolver { return &seasonResolver{r} }

type (
	dealerIQResolver      struct{ *Resolver }
	ledgerEntryResolver   struct{ *Resolver }
	ruleResolver          struct{ *Resolver }
	ruleReferenceResolver struct{ *Resolver }
	seasonResolver        struct{ *Resolver }
)

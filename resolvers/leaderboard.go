package resolvers

import (
	"context"
	"time"

	"dure/domain/channel"
	"dure/domain/iq"
	"dure/domain/leaderboard"
	"dure/domain/page"
	"dure/graph"
	"dure/graph/view"
	"dure/graph/words"
)

// Scope is the resolver for the scope field.
func (r *leaderboardResolver) Scope(ctx context.Context, obj *view.Leaderboard) (leaderboard.Scope, error) {
	return obj.Ref.Board.Scope, nil
}

// Key is the resolver for the key field.
func (r *leaderboardResolver) Key(ctx context.Context, obj *view.Leaderboard) (string, error) {
	return obj.Ref.Board.Key, nil
}

// Standings is the resolver for the standings field.
func (r *leaderboardResolver) Standings(ctx context.Context, obj *view.Leaderboard, first *int, after *string) (*page.Connection[view.Standing], error) {
	places, board, err := r.Boards.Places(ctx, obj.Ref, first, after)
	if err != nil {
		return nil, err
	}
	out := &view.StandingConnection{PageInfo: places.PageInfo, TotalCount: places.TotalCount, Nodes: standings(places.Nodes, board.Size)}
	out.Edges = make([]view.StandingEdge, len(places.Edges))
	for i, e := range places.Edges {
		out.Edges[i] = view.StandingEdge{Node: view.Standing{Place: e.Node, Of: board.Size}, Cursor: e.Cursor}
	}
	return out, nil
}

// AroundDealer is the resolver for the aroundDealer field.
func (r *leaderboardResolver) AroundDealer(ctx context.Context, obj *view.Leaderboard, dealerID *string, span int) ([]view.Standing, error) {
	id := ""
	if dealerID != nil {
		id = *dealerID
	}
	around, err := r.Boards.Around(ctx, obj.Ref, id, span)
	return standings(around.Places, around.Size), err
}

// Scope is the resolver for the scope field.
func (r *leaderboardChangeResolver) Scope(ctx context.Context, obj *view.LeaderboardChange) (leaderboard.Scope, error) {
	return obj.Board.Scope, nil
}

// Key is the resolver for the key field.
func (r *leaderboardChangeResolver) Key(ctx context.Context, obj *view.LeaderboardChange) (string, error) {
	return obj.Board.Key, nil
}

// Top is the resolver for the top field.
func (r *leaderboardChangeResolver) Top(ctx context.Context, obj *view.LeaderboardChange, first int) ([]view.Standing, error) {
	return standings(obj.Change.Top[:max(0, min(first, len(obj.Change.Top)))], obj.Size), nil
}

// Dealer is the resolver for the dealer field.
func (r *moveResolver) Dealer(ctx context.Context, obj *leaderboard.Move) (*channel.Dealer, error) {
	return load(ctx).dealers.Load(ctx, obj.DealerID)
}

// FromRank is the resolver for the fromRank field.
func (r *moveResolver) FromRank(ctx context.Context, obj *leaderboard.Move) (*int, error) {
	return view.OrNull(obj.FromRank), nil
}

// ToRank is the resolver for the toRank field.
func (r *moveResolver) ToRank(ctx context.Context, obj *leaderboard.Move) (*int, error) {
	return view.OrNull(obj.ToRank), nil
}

// Leaderboard is the resolver for the leaderboard field.
func (r *queryResolver) Leaderboard(ctx context.Context, scope leaderboard.Scope, key *string, season *string) (*view.Leaderboard, error) {
	ref, err := r.Boards.Board(ctx, scope, key, season)
	if err != nil {
		return nil, err
	}
	head, err := r.Boards.Head(ctx, ref)
	if err != nil {
		return nil, err
	}
	in, err := iq.SeasonByKey(ref.Season.Key)
	return &view.Leaderboard{Ref: ref, Season: in, Version: head.Version, Size: head.Size, Stale: head.Stale}, err
}

// RankBanner is the resolver for the rankBanner field.
func (r *queryResolver) RankBanner(ctx context.Context) (*view.RankBanner, error) {
	place, board, err := r.Boards.Banner(ctx)
	if err != nil {
		return nil, err
	}
	return r.banner(place, board, r.IQ.CurrentSeason().Key)
}

// Dealer is the resolver for the dealer field.
func (r *rankBannerResolver) Dealer(ctx context.Context, obj *view.RankBanner) (*channel.Dealer, error) {
	return load(ctx).dealers.Load(ctx, obj.DealerID)
}

// Rank is the resolver for the rank field.
func (r *rankBannerResolver) Rank(ctx context.Context, obj *view.RankBanner) (*int, error) {
	return view.OrNull(obj.Rank), nil
}

// Movement is the resolver for the movement field.
func (r *rankBannerResolver) Movement(ctx context.Context, obj *view.RankBanner) (*int, error) {
	return view.Movement(obj.Place), nil
}

// Cause is the resolver for the cause field.
func (r *rankBannerResolver) Cause(ctx context.Context, obj *view.RankBanner) (*view.RankCause, error) {
	e, err := r.IQ.LastEntry(ctx)
	if e == nil || err != nil {
		return nil, err
	}
	return &view.RankCause{LedgerEntry: *e}, nil
}

// Rule is the resolver for the rule field.
func (r *rankCauseResolver) Rule(ctx context.Context, obj *view.RankCause) (*view.RuleReference, error) {
	return ruleOf(obj.LedgerEntry), nil
}

// Explanation is the resolver for the explanation field.
func (r *rankCauseResolver) Explanation(ctx context.Context, obj *view.RankCause) (string, error) {
	return words.Explain(words.From(ctx), obj.Explanation, obj.Arguments), nil
}

// At is the resolver for the at field.
func (r *rankCauseResolver) At(ctx context.Context, obj *view.RankCause) (*time.Time, error) {
	return &obj.PostedAt, nil
}

// Dealer is the resolver for the dealer field.
func (r *standingResolver) Dealer(ctx context.Context, obj *view.Standing) (*channel.Dealer, error) {
	return load(ctx).dealers.Load(ctx, obj.DealerID)
}

// Rank is the resolver for the rank field.
func (r *standingResolver) Rank(ctx context.Context, obj *view.Standing) (*int, error) {
	return view.OrNull(obj.Rank), nil
}

// Movement is the resolver for the movement field.
func (r *standingResolver) Movement(ctx context.Context, obj *view.Standing) (*int, error) {
	return view.Movement(obj.Place), nil
}

func (r *Resolver) Leaderboard() graph.LeaderboardResolver { return &leaderboardResolver{r} }

func (r *Resolver) LeaderboardChange() graph.LeaderboardChangeResolver {
	return &leaderboardChangeResolver{r}
}

func (r *Resolver) Move() graph.MoveResolver { return &moveResolver{r} }

func (r *Resolver) RankBanner() graph.RankBannerResolver { return &rankBannerResolver{r} }

func (r *Resolver) RankCause() graph.RankCauseResolver { return &rankCauseResolver{r} }

func (r *Resolver) Standing() graph.StandingResolver { return &standingResolver{r} }

type (
	leaderboardResolver       struct{ *Resolver }
	leaderboardChangeResolver struct{ *Resolver }
	moveResolver              struct{ *Resolver }
	rankBannerResolver        struct{ *Resolver }
	rankCauseResolver         struct{ *Resolver }
	standingResolver          struct{ *Resolver }
)

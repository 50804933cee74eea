package resolvers

import (
	"context"

	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/inbox"
	"dure/domain/page"
	"dure/graph"
	"dure/graph/words"
)

func (r *mutationResolver) MarkNoticesRead(ctx context.Context, input inbox.MarkNoticesReadInput) (*graph.InboxPayload, error) {
	state, err := r.Inboxes.MarkRead(ctx, input)
	return inboxPayload(ctx, state, err)
}

func (r *mutationResolver) MuteNotices(ctx context.Context, input inbox.MuteNoticesInput) (*graph.InboxPayload, error) {
	state, err := r.Inboxes.Mute(ctx, input)
	return inboxPayload(ctx, state, err)
}

func (r *mutationResolver) UnmuteNotices(ctx context.Context, input inbox.MuteNoticesInput) (*graph.InboxPayload, error) {
	state, err := r.Inboxes.Unmute(ctx, input)
	return inboxPayload(ctx, state, err)
}

func (r *noticeResolver) Text(ctx context.Context, obj *inbox.Notice) (string, error) {
	return words.Notice(words.From(ctx), string(obj.Kind), obj.Facts), nil
}

func (r *noticeResolver) DealID(ctx context.Context, obj *inbox.Notice) (*string, error) {
	return textOrNull(obj.DealID), nil
}

func (r *noticeResolver) Dealer(ctx context.Context, obj *inbox.Notice) (*channel.Dealer, error) {
	if obj.DealerID == "" {
		return nil, nil
	}
	return load(ctx).dealers.Load(ctx, obj.DealerID)
}

func (r *noticeResolver) Customer(ctx context.Context, obj *inbox.Notice) (*customer.Customer, error) {
	if obj.CustomerID == "" {
		return nil, nil
	}
	return load(ctx).customers.Load(ctx, obj.CustomerID)
}

func (r *queryResolver) Inbox(ctx context.Context, kinds []inbox.NoticeKind, unreadOnly bool, first *int, after *string) (*page.Connection[inbox.Notice], error) {
	return r.Inboxes.Inbox(ctx, inbox.Filter{Kinds: kinds, UnreadOnly: unreadOnly}, first, after)
}

func (r *queryResolver) InboxState(ctx context.Context) (*inbox.State, error) {
	return r.Inboxes.State(ctx)
}

func (r *subscriptionResolver) InboxChanged(ctx context.Context) (<-chan *inbox.State, error) {
	states, err := r.Inboxes.Changes(ctx)
	if err != nil {
		return nil, err
	}
	return forward(ctx, states, func(s inbox.State) (*inbox.State, error) { return &s, nil }), nil
}

func (r *Resolver) Notice() graph.NoticeResolver { return &noticeResolver{r} }

type noticeResolver struct{ *Resolver }

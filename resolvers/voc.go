package resolvers

import (
	"context"

	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/iq"
	"dure/domain/page"
	"dure/domain/voc"
	"dure/graph"
)

// SendVoice is the resolver for the sendVoice field.
func (r *mutationResolver) SendVoice(ctx context.Context, input voc.SendVoiceInput) (*graph.VoicePayload, error) {
	v, err := r.Voc.SendVoice(ctx, input)
	return voicePayload(ctx, v, err)
}

// AnswerVoice is the resolver for the answerVoice field.
func (r *mutationResolver) AnswerVoice(ctx context.Context, input voc.AnswerVoiceInput) (*graph.VoicePayload, error) {
	v, err := r.Voc.AnswerVoice(ctx, input)
	return voicePayload(ctx, v, err)
}

// AssignVoice is the resolver for the assignVoice field.
func (r *mutationResolver) AssignVoice(ctx context.Context, input voc.AssignVoiceInput) (*graph.VoicePayload, error) {
	v, err := r.Voc.AssignVoice(ctx, input)
	return voicePayload(ctx, v, err)
}

// MarkVoiceUseful is the resolver for the markVoiceUseful field.
func (r *mutationResolver) MarkVoiceUseful(ctx context.Context, input voc.MarkVoiceUsefulInput) (*graph.VoicePayload, error) {
	v, err := r.Voc.MarkVoiceUseful(ctx, input)
	return voicePayload(ctx, v, err)
}

// CloseVoice is the resolver for the closeVoice field.
func (r *mutationResolver) CloseVoice(ctx context.Context, input voc.CloseVoiceInput) (*graph.VoicePayload, error) {
	v, err := r.Voc.CloseVoice(ctx, input)
	return voicePayload(ctx, v, err)
}

// Voices is the resolver for the voices field.
func (r *queryResolver) Voices(ctx context.Context, filter *voc.VoiceFilter, first *int, after *string) (*page.Connection[voc.Voice], error) {
	return r.Voc.Voices(ctx, filter, first, after)
}

// Voice is the resolver for the voice field.
func (r *queryResolver) Voice(ctx context.Context, id string) (*voc.Voice, error) {
	return graph.OrNull(r.Voc.Voice(ctx, id))
}

// VoiceReceived is the resolver for the voiceReceived field.
func (r *subscriptionResolver) VoiceReceived(ctx context.Context) (<-chan *voc.Voice, error) {
	voices, err := r.Voc.VoicesReceived(ctx)
	if err != nil {
		return nil, err
	}
	return forward(ctx, voices, func(v voc.Voice) (*voc.Voice, error) { return &v, nil }), nil
}

// PhotoUrls is the resolver for the photoUrls field.
func (r *voiceResolver) PhotoUrls(ctx context.Context, obj *voc.Voice) ([]string, error) {
	urls := make([]string, len(obj.Photos))
	for i, sha := range obj.Photos {
		urls[i] = voiceFileURL(obj.ID, sha)
	}
	return urls, nil
}

// AudioURL is the resolver for the audioURL field.
func (r *voiceResolver) AudioURL(ctx context.Context, obj *voc.Voice) (*string, error) {
	if obj.Audio == "" {
		return nil, nil
	}
	url := voiceFileURL(obj.ID, obj.Audio)
	return &url, nil
}

// SenderName is the resolver for the senderName field.
func (r *voiceResolver) SenderName(ctx context.Context, obj *voc.Voice) (string, error) {
	return voiceName(ctx, obj.SenderID)
}

// Dealer is the resolver for the dealer field.
func (r *voiceResolver) Dealer(ctx context.Context, obj *voc.Voice) (*channel.Dealer, error) {
	return ifNamed(ctx, obj.DealerID, load(ctx).dealers)
}

// Customer is the resolver for the customer field.
func (r *voiceResolver) Customer(ctx context.Context, obj *voc.Voice) (*customer.Customer, error) {
	return ifNamed(ctx, obj.CustomerID, load(ctx).customers)
}

// Contract is the resolver for the contract field.
func (r *voiceResolver) Contract(ctx context.Context, obj *voc.Voice) (*deal.Contract, error) {
	return ifNamed(ctx, obj.ContractID, load(ctx).contractsByID)
}

// Product is the resolver for the product field.
func (r *voiceResolver) Product(ctx context.Context, obj *voc.Voice) (*catalogue.Product, error) {
	return ifNamed(ctx, obj.ProductID, load(ctx).products)
}

// Region is the resolver for the region field.
func (r *voiceResolver) Region(ctx context.Context, obj *voc.Voice) (*channel.Region, error) {
	return ifNamed(ctx, obj.RegionCode, load(ctx).regions)
}

// AssigneeName is the resolver for the assigneeName field.
func (r *voiceResolver) AssigneeName(ctx context.Context, obj *voc.Voice) (string, error) {
	return voiceName(ctx, obj.AssigneeID)
}

// Overdue is the resolver for the overdue field.
func (r *voiceResolver) Overdue(ctx context.Context, obj *voc.Voice) (bool, error) {
	return obj.Overdue(r.Voc.Now()), nil
}

// EscalationLevel is the resolver for the escalationLevel field.
func (r *voiceResolver) EscalationLevel(ctx context.Context, obj *voc.Voice) (int, error) {
	return obj.Level, nil
}

// Answers is the resolver for the answers field.
func (r *voiceResolver) Answers(ctx context.Context, obj *voc.Voice) ([]voc.VoiceAnswer, error) {
	return load(ctx).voiceAnswers.Load(ctx, obj.ID)
}

// Useful is the resolver for the useful field.
func (r *voiceResolver) Useful(ctx context.Context, obj *voc.Voice) (bool, error) {
	return !obj.UsefulAt.IsZero(), nil
}

// LedgerEntries is the resolver for the ledgerEntries field.
func (r *voiceResolver) LedgerEntries(ctx context.Context, obj *voc.Voice) ([]iq.LedgerEntry, error) {
	return load(ctx).entries.Load(ctx, obj.ID)
}

// StaffName is the resolver for the staffName field.
func (r *voiceAnswerResolver) StaffName(ctx context.Context, obj *voc.VoiceAnswer) (string, error) {
	return voiceName(ctx, obj.ActorID)
}

func (r *Resolver) Voice() graph.VoiceResolver { return &voiceResolver{r} }

func (r *Resolver) VoiceAnswer() graph.VoiceAnswerResolver { return &voiceAnswerResolver{r} }

type (
	voiceResolver       struct{ *Resolver }
	voiceAnswerResolver struct{ *Resolver }
)

package resolvers

import (
	"context"

	"dure/domain/channel"
	"dure/domain/page"
	"dure/domain/voc"
	"dure/graph"
)

// ProposerName is the resolver for the proposerName field.
func (r *ideaResolver) ProposerName(ctx context.Context, obj *voc.Idea) (string, error) {
	return voiceName(ctx, obj.ProposerID)
}

// Dealer is the resolver for the dealer field.
func (r *ideaResolver) Dealer(ctx context.Context, obj *voc.Idea) (*channel.Dealer, error) {
	return ifNamed(ctx, obj.DealerID, load(ctx).dealers)
}

// History is the resolver for the history field.
func (r *ideaResolver) History(ctx context.Context, obj *voc.Idea) ([]voc.IdeaStep, error) {
	return load(ctx).ideaSteps.Load(ctx, obj.ID)
}

// Supporters is the resolver for the supporters field.
func (r *ideaResolver) Supporters(ctx context.Context, obj *voc.Idea) (int, error) {
	support, err := load(ctx).supports.Load(ctx, obj.ID)
	if support == nil {
		return 0, err
	}
	return support.Count, err
}

// SupportedByMe is the resolver for the supportedByMe field.
func (r *ideaResolver) SupportedByMe(ctx context.Context, obj *voc.Idea) (bool, error) {
	support, err := load(ctx).supports.Load(ctx, obj.ID)
	return support != nil && support.Mine, err
}

// ReleaseNotes is the resolver for the releaseNotes field.
func (r *ideaResolver) ReleaseNotes(ctx context.Context, obj *voc.Idea) ([]voc.ReleaseNote, error) {
	return load(ctx).notes.Load(ctx, obj.ID)
}

// StaffName is the resolver for the staffName field.
func (r *ideaStepResolver) StaffName(ctx context.Context, obj *voc.IdeaStep) (string, error) {
	return voiceName(ctx, obj.ActorID)
}

// ProposeIdea is the resolver for the proposeIdea field.
func (r *mutationResolver) ProposeIdea(ctx context.Context, input voc.ProposeIdeaInput) (*graph.IdeaPayload, error) {
	i, err := r.Voc.ProposeIdea(ctx, input)
	return ideaPayload(ctx, i, err)
}

// SupportIdea is the resolver for the supportIdea field.
func (r *mutationResolver) SupportIdea(ctx context.Context, input voc.SupportIdeaInput) (*graph.IdeaPayload, error) {
	i, err := r.Voc.SupportIdea(ctx, input)
	return ideaPayload(ctx, i, err)
}

// UnsupportIdea is the resolver for the unsupportIdea field.
func (r *mutationResolver) UnsupportIdea(ctx context.Context, input voc.UnsupportIdeaInput) (*graph.IdeaPayload, error) {
	i, err := r.Voc.UnsupportIdea(ctx, input)
	return ideaPayload(ctx, i, err)
}

// MoveIdea is the resolver for the moveIdea field.
func (r *mutationResolver) MoveIdea(ctx context.Context, input voc.MoveIdeaInput) (*graph.IdeaPayload, error) {
	i, err := r.Voc.MoveIdea(ctx, input)
	return ideaPayload(ctx, i, err)
}

// PublishReleaseNote is the resolver for the publishReleaseNote field.
func (r *mutationResolver) PublishReleaseNote(ctx context.Context, input voc.PublishReleaseNoteInput) (*graph.ReleaseNotePayload, error) {
	n, err := r.Voc.PublishReleaseNote(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.ReleaseNotePayload{ReleaseNote: unless(err, n), UserErrors: userErrors}, failed
}

// Ideas is the resolver for the ideas field.
func (r *queryResolver) Ideas(ctx context.Context, filter *voc.IdeaFilter, first *int, after *string) (*page.Connection[voc.Idea], error) {
	return r.Voc.ListIdeas(ctx, filter, first, after)
}

// Idea is the resolver for the idea field.
func (r *queryResolver) Idea(ctx context.Context, id string) (*voc.Idea, error) {
	return graph.OrNull(r.Voc.Idea(ctx, id))
}

// ReleaseNotes is the resolver for the releaseNotes field.
func (r *queryResolver) ReleaseNotes(ctx context.Context, first *int, after *string) (*page.Connection[voc.ReleaseNote], error) {
	return r.Voc.ReleaseNotes(ctx, first, after)
}

// PublisherName is the resolver for the publisherName field.
func (r *releaseNoteResolver) PublisherName(ctx context.Context, obj *voc.ReleaseNote) (string, error) {
	return voiceName(ctx, obj.PublisherID)
}

// Voices is the resolver for the voices field.
func (r *releaseNoteResolver) Voices(ctx context.Context, obj *voc.ReleaseNote) ([]voc.Voice, error) {
	return namedBy(ctx, obj.ID, load(ctx).voices)
}

// Ideas is the resolver for the ideas field.
func (r *releaseNoteResolver) Ideas(ctx context.Context, obj *voc.ReleaseNote) ([]voc.Idea, error) {
	return namedBy(ctx, obj.ID, load(ctx).ideas)
}

// ReleaseNotes is the resolver for the releaseNotes field.
func (r *voiceResolver) ReleaseNotes(ctx context.Context, obj *voc.Voice) ([]voc.ReleaseNote, error) {
	return load(ctx).notes.Load(ctx, obj.ID)
}

func (r *Resolver) Idea() graph.IdeaResolver { return &ideaResolver{r} }

func (r *Resolver) IdeaStep() graph.IdeaStepResolver { return &ideaStepResolver{r} }

func (r *Resolver) ReleaseNote() graph.ReleaseNoteResolver { return &releaseNoteResolver{r} }

type (
	ideaResolver        struct{ *Resolver }
	ideaStepResolver    struct{ *Resolver }
	releaseNoteResolver struct{ *Resolver }
)

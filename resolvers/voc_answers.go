package resolvers

import (
	"context"

	"github.com/vikstrous/dataloadgen"

	"dure/domain/voc"
	"dure/graph"
)

func voicePayload(ctx context.Context, v *voc.Voice, err error) (*graph.VoicePayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	return &graph.VoicePayload{Voice: unless(err, v), UserErrors: userErrors}, failed
}

func ideaPayload(ctx context.Context, i *voc.Idea, err error) (*graph.IdeaPayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	return &graph.IdeaPayload{Idea: unless(err, i), UserErrors: userErrors}, failed
}

// namedBy loads the rows of one kind that a release note answers, those of them
// that the caller may read.
func namedBy[V any](ctx context.Context, noteID string, from *dataloadgen.Loader[string, *V]) ([]V, error) {
	answers, err := load(ctx).noteAnswers.Load(ctx, noteID)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(answers))
	for i, a := range answers {
		ids[i] = a.SubjectID
	}
	rows, err := from.LoadAll(ctx, ids)
	out := []V{}
	for _, row := range rows {
		if row != nil {
			out = append(out, *row)
		}
	}
	return out, err
}

// voiceFileURL is where a photo or a recording of a voice is.
func voiceFileURL(voiceID, sha256 string) string { return "/files/voices/" + voiceID + "/" + sha256 }

// voiceName reads the name of somebody who has to do with voices; "" for nobody.
func voiceName(ctx context.Context, id string) (string, error) {
	n, err := ifNamed(ctx, id, load(ctx).voiceNames)
	if n == nil {
		return "", err
	}
	return *n, err
}

// ifNamed loads what a row refers to; nil where it refers to nothing.
func ifNamed[V any](ctx context.Context, key string, from *dataloadgen.Loader[string, *V]) (*V, error) {
	if key == "" {
		return nil, nil
	}
	return from.Load(ctx, key)
}

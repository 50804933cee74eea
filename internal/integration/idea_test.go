package integration_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/voc"
)

func proposal() voc.ProposeIdeaInput {
	return voc.ProposeIdeaInput{
		Title: "견적을 하루 안에", Text: "견적을 하루 안에 드리면 더 많이 계약해요",
		Figure: voc.IdeaFigureInput{Metric: "계약률", Value: "31 %", Source: "김제대리점의 견적"},
	}
}

func (w *world) propose(ctx context.Context) *voc.Idea {
	w.Helper()
	i, err := w.voc.ProposeIdea(ctx, proposal())
	require.NoError(w, err)
	return i
}

func TestAnIdeaFromTheProposalToWhatIsNew(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := proposal()
		in.IdempotencyKey = "i-1"
		i, err := w.voc.ProposeIdea(w.gimje, in)
		require.NoError(w, err)
		again, err := w.voc.ProposeIdea(w.gimje, in)
		require.NoError(w, err)
		assert.Equal(w, i.ID, again.ID)
		assert.Equal(w, "dlr_gimje", i.DealerID)
		for _, ctx := range []context.Context{w.rep, w.rep, w.iksan, w.hq} {
			_, err := w.voc.SupportIdea(ctx, voc.SupportIdeaInput{IdeaID: i.ID})
			require.NoError(w, err)
		}
		_, err = w.voc.UnsupportIdea(w.hq, voc.UnsupportIdeaInput{IdeaID: i.ID})
		require.NoError(w, err)
		_, err = w.voc.UnsupportIdea(w.hq, voc.UnsupportIdeaInput{IdeaID: i.ID})
		require.NoError(w, err)
		for ctx, mine := range map[context.Context]bool{w.rep: true, w.gimje: false} {
			supports, err := w.voc.SupportsOf(ctx, []string{i.ID})
			require.NoError(w, err)
			assert.Equal(w, voc.Support{IdeaID: i.ID, Count: 2, Mine: mine}, supports[i.ID], "one for each person")
		}
		assert.Equal(w, 3, w.count("acts", "kind = ?", act.IdeaSupported), "twice is once")

		version := i.Version
		for _, step := range []voc.IdeaStatus{voc.IdeaUnderReview, voc.IdeaAccepted, voc.IdeaDone} {
			moved, err := w.voc.MoveIdea(w.hq, voc.MoveIdeaInput{IdeaID: i.ID, ExpectedVersion: version, Status: step, Reason: "숫자가 말해 줘요"})
			require.NoError(w, err)
			version = moved.Version
		}
		steps, err := w.voc.StepsOf(w.iksan, []string{i.ID})
		require.NoError(w, err)
		var way []voc.IdeaStatus
		for _, st := range steps[i.ID] {
			way = append(way, st.Status)
		}
		assert.Equal(w, []voc.IdeaStatus{voc.IdeaProposed, voc.IdeaUnderReview, voc.IdeaAccepted, voc.IdeaDone}, way, "everybody sees its way")

		v := w.say(w.iksan, voc.Feedback, "글씨가 작아요")
		note, err := w.voc.PublishReleaseNote(w.hq, voc.PublishReleaseNoteInput{Title: "큰 글씨", Text: "글씨를 키울 수 있어요", VoiceIDs: []string{v.ID, v.ID}, IdeaIDs: []string{i.ID}})
		require.NoError(w, err)
		notes, err := w.voc.ReleaseNotes(w.gimje, nil, nil)
		require.NoError(w, err)
		assert.Equal(w, 1, notes.TotalCount)
		named, err := w.voc.NamedBy(w.gimje, []string{note.ID})
		require.NoError(w, err)
		assert.Len(w, named[note.ID], 2)
		about, err := w.voc.NotesAbout(w.iksan, []string{v.ID, i.ID})
		require.NoError(w, err)
		assert.Equal(w, []string{note.ID, note.ID}, []string{about[v.ID][0].ID, about[i.ID][0].ID}, "the sender learns of it")
	})
}

func TestIdeasAndNotesThatAreRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		i := w.propose(w.rep)
		w.unchanged("what is refused", func() {
			for name, tt := range map[string]struct {
				change func(in *voc.ProposeIdeaInput)
				key    string
				field  string
			}{
				"no heading":            {func(in *voc.ProposeIdeaInput) { in.Title = " " }, "voice.nothing_said", "title"},
				"no figure":             {func(in *voc.ProposeIdeaInput) { in.Figure = voc.IdeaFigureInput{} }, "voice.nothing_said", "figure.metric"},
				"a figure from nowhere": {func(in *voc.ProposeIdeaInput) { in.Figure.Source = "" }, "voice.nothing_said", "figure.source"},
				"words without end":     {func(in *voc.ProposeIdeaInput) { in.Text = strings.Repeat("가", voc.MaxText+1) }, "text.too_long", "text"},
			} {
				in := proposal()
				tt.change(&in)
				_, err := w.voc.ProposeIdea(w.gimje, in)
				w.refused(name, err, fault.Invalid, tt.key, tt.field)
			}
			move := func(to voc.IdeaStatus, reason string, version int) error {
				_, err := w.voc.MoveIdea(w.hq, voc.MoveIdeaInput{IdeaID: i.ID, ExpectedVersion: version, Status: to, Reason: reason})
				return err
			}
			w.refused("a decision before the review", move(voc.IdeaAccepted, "네", i.Version), fault.Conflict, "idea.no_way", "status")
			w.refused("the way back", move(voc.IdeaProposed, "", i.Version), fault.Conflict, "idea.no_way", "status")
			w.refused("a decision without a reason", move(voc.IdeaDeclined, " ", i.Version), fault.Invalid, "voice.nothing_said", "reason")
			w.refused("a version to come", move(voc.IdeaUnderReview, "", i.Version+1), fault.Conflict, "idea.changed", "expectedVersion")
			_, err := w.voc.SupportIdea(w.gimje, voc.SupportIdeaInput{IdeaID: "ida_unknown"})
			w.refused("an unknown idea", err, fault.NotFound, "idea.not_found", "ideaId")
			_, err = w.voc.PublishReleaseNote(w.hq, voc.PublishReleaseNoteInput{Title: "새 소식", Text: "x", VoiceIDs: []string{"voi_unknown"}})
			w.refused("an unknown voice", err, fault.NotFound, "voice.not_found", "voiceIds")
			_, err = w.voc.PublishReleaseNote(w.hq, voc.PublishReleaseNoteInput{Title: "새 소식", Text: "x", IdeaIDs: []string{"ida_unknown"}})
			w.refused("an unknown idea", err, fault.NotFound, "idea.not_found", "ideaIds")
		})
	})
}

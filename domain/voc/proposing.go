package voc

import (
	"context"
	"slices"
	"strings"

	"dure/domain/act"
	"dure/domain/batch"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/text"
	"dure/domain/work"
)

// IdeaStore keeps ideas and release notes, which everybody on the channel reads.
type IdeaStore interface {
	Ideas(ctx context.Context, f IdeaFilter, userID string, r page.Request) ([]Idea, int, error)
	IdeasByID(ctx context.Context, ids []string) ([]Idea, error)
	AddIdea(ctx context.Context, i *Idea) error
	SaveIdea(ctx context.Context, i *Idea) error
	AddStep(ctx context.Context, s *IdeaStep) error
	StepsOf(ctx context.Context, ideaIDs []string) ([]IdeaStep, error)
	// Support reports false when the person is for the idea already, and
	// Unsupport when they are not.
	Support(ctx context.Context, s *IdeaSupport) (changed bool, err error)
	Unsupport(ctx context.Context, ideaID, userID string) (changed bool, err error)
	SupportsOf(ctx context.Context, ideaIDs []string, userID string) ([]Support, error)

	AddNote(ctx context.Context, n *ReleaseNote, answers []ReleaseNoteAnswer) error
	Notes(ctx context.Context, r page.Request) ([]ReleaseNote, int, error)
	NotesByID(ctx context.Context, ids []string) ([]ReleaseNote, error)
	AnsweredBy(ctx context.Context, noteIDs []string) ([]ReleaseNoteAnswer, error)
	AnswersTo(ctx context.Context, subjectIDs []string) ([]ReleaseNoteAnswer, error)
}

// Limits of what is kept of an idea.
const (
	MaxTitle  = 200
	MaxFigure = 200
	MaxNamed  = 100 // voices, and ideas, that one release note names
)

// line fails unless there is a line of text that can be kept.
func line(words string, limit int, field string) error {
	if strings.TrimSpace(words) == "" {
		return fault.New(fault.Invalid, "voice.nothing_said").On(field)
	}
	return text.Check(words, limit, field)
}

func (in ProposeIdeaInput) check() error {
	for _, l := range []struct {
		words string
		limit int
		field string
	}{
		{in.Title, MaxTitle, "title"},
		{in.Text, MaxText, "text"},
		{in.Figure.Metric, MaxFigure, "figure.metric"},
		{in.Figure.Value, MaxFigure, "figure.value"},
		{in.Figure.Source, MaxFigure, "figure.source"},
	} {
		if err := line(l.words, l.limit, l.field); err != nil {
			return err
		}
	}
	return nil
}

// ProposeIdea puts an idea before everybody, with a figure as its argument.
func (s *Service) ProposeIdea(ctx context.Context, in ProposeIdeaInput) (*Idea, error) {
	if _, err := identity.Allow(ctx, identity.IdeaPropose); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	var i *Idea
	err := s.Once(ctx, in.IdempotencyKey, "proposeIdea", in, &i, func(ctx context.Context) error {
		id, err := s.IDFor("ida", in.ID)
		if err != nil {
			return err
		}
		who := identity.From(ctx)
		i = &Idea{
			ID: id, Title: strings.TrimSpace(in.Title), Text: strings.TrimSpace(in.Text), Figure: IdeaFigure(in.Figure),
			ProposerID: who.UserID, ProposerPersona: who.Persona, DealerID: who.DealerID, Status: IdeaProposed, ProposedAt: s.now(), Version: 1,
		}
		if err := s.Ideas.AddIdea(ctx, i); err != nil {
			return work.IDTaken(err, in.ID)
		}
		return s.step(ctx, i, "", act.IdeaProposed)
	})
	return i, err
}

// step keeps where an idea stands now, and records it.
func (s *Service) step(ctx context.Context, i *Idea, reason string, kind act.Kind) error {
	at := s.now()
	st := &IdeaStep{ID: s.NewID("ist"), IdeaID: i.ID, Status: i.Status, Reason: reason, ActorID: identity.From(ctx).UserID, TakenAt: at}
	if err := s.Ideas.AddStep(ctx, st); err != nil {
		return err
	}
	return s.Acts.Record(ctx, s.Act(ctx, kind, i.ID, at, act.Facts{"status": string(i.Status)}))
}

// idea reads an idea. It fails with fault.NotFound.
func (s *Service) idea(ctx context.Context, id string) (*Idea, error) {
	rows, err := s.Ideas.IdeasByID(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.NotFound, "idea.not_found")
	}
	return &rows[0], nil
}

// SupportIdea is for an idea. Being for it twice is once.
func (s *Service) SupportIdea(ctx context.Context, in SupportIdeaInput) (*Idea, error) {
	if _, err := identity.Allow(ctx, identity.IdeaPropose); err != nil {
		return nil, err
	}
	return s.weigh(ctx, in.IdempotencyKey, "supportIdea", in, in.IdeaID, act.IdeaSupported, func(ctx context.Context, i *Idea) (bool, error) {
		return s.Ideas.Support(ctx, &IdeaSupport{IdeaID: i.ID, UserID: identity.From(ctx).UserID, SupportedAt: s.now()})
	})
}

// UnsupportIdea is no longer for an idea.
func (s *Service) UnsupportIdea(ctx context.Context, in UnsupportIdeaInput) (*Idea, error) {
	if _, err := identity.Allow(ctx, identity.IdeaPropose); err != nil {
		return nil, err
	}
	return s.weigh(ctx, in.IdempotencyKey, "unsupportIdea", in, in.IdeaID, act.IdeaUnsupported, func(ctx context.Context, i *Idea) (bool, error) {
		return s.Ideas.Unsupport(ctx, i.ID, identity.From(ctx).UserID)
	})
}

// weigh changes who is for an idea, and records what changed.
func (s *Service) weigh(ctx context.Context, key, operation string, in any, id string, kind act.Kind, do func(context.Context, *Idea) (bool, error)) (*Idea, error) {
	var i *Idea
	err := s.Once(ctx, key, operation, in, &i, func(ctx context.Context) error {
		var err error
		if i, err = s.idea(ctx, id); err != nil {
			return fault.Refer(err, "ideaId")
		}
		changed, err := do(ctx, i)
		if err != nil || !changed {
			return err
		}
		return s.Acts.Record(ctx, s.Act(ctx, kind, i.ID, s.now(), nil))
	})
	return i, err
}

// MoveIdea takes the next step of an idea's way, which everybody sees. A decision
// says why.
func (s *Service) MoveIdea(ctx context.Context, in MoveIdeaInput) (*Idea, error) {
	if _, err := identity.Allow(ctx, identity.IdeaDecide); err != nil {
		return nil, err
	}
	if in.Status == IdeaAccepted || in.Status == IdeaDeclined {
		if err := line(in.Reason, MaxText, "reason"); err != nil {
			return nil, err
		}
	}
	if err := text.Check(in.Reason, MaxText, "reason"); err != nil {
		return nil, err
	}
	var i *Idea
	err := s.Once(ctx, in.IdempotencyKey, "moveIdea", in, &i, func(ctx context.Context) error {
		var err error
		if i, err = s.idea(ctx, in.IdeaID); err != nil {
			return fault.Refer(err, "ideaId")
		}
		if err := i.Move(in.Status, in.ExpectedVersion); err != nil {
			return err
		}
		if err := s.Ideas.SaveIdea(ctx, i); err != nil {
			return err
		}
		return s.step(ctx, i, strings.TrimSpace(in.Reason), act.IdeaMoved)
	})
	return i, err
}

// Idea reads an idea by id. It fails with fault.NotFound.
func (s *Service) Idea(ctx context.Context, id string) (*Idea, error) {
	if _, err := identity.Allow(ctx, identity.IdeaRead); err != nil {
		return nil, err
	}
	return s.idea(ctx, id)
}

// IdeasByID reads many ideas.
func (s *Service) IdeasByID(ctx context.Context, ids []string) (map[string]Idea, error) {
	if _, err := identity.Allow(ctx, identity.IdeaRead); err != nil {
		return nil, err
	}
	rows, err := s.Ideas.IdeasByID(ctx, ids)
	return batch.By(rows, func(i Idea) string { return i.ID }), err
}

// ListIdeas lists ideas, the newest first.
func (s *Service) ListIdeas(ctx context.Context, f *IdeaFilter, first *int, after *string) (*IdeaConnection, error) {
	scope, err := identity.Allow(ctx, identity.IdeaRead)
	if err != nil {
		return nil, err
	}
	const list = "ideas"
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	if f == nil {
		f = &IdeaFilter{}
	}
	rows, total, err := s.Ideas.Ideas(ctx, *f, scope.UserID, r)
	if err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(i Idea) []string { return page.Moment(i.ProposedAt, i.ID) }), nil
}

// StepsOf reads the ways of many ideas, in their order.
func (s *Service) StepsOf(ctx context.Context, ideaIDs []string) (map[string][]IdeaStep, error) {
	if _, err := identity.Allow(ctx, identity.IdeaRead); err != nil {
		return nil, err
	}
	rows, err := s.Ideas.StepsOf(ctx, ideaIDs)
	return batch.Group(rows, func(st IdeaStep) string { return st.IdeaID }), err
}

// SupportsOf reads how many are for many ideas.
func (s *Service) SupportsOf(ctx context.Context, ideaIDs []string) (map[string]Support, error) {
	scope, err := identity.Allow(ctx, identity.IdeaRead)
	if err != nil {
		return nil, err
	}
	rows, err := s.Ideas.SupportsOf(ctx, ideaIDs, scope.UserID)
	return batch.By(rows, func(p Support) string { return p.IdeaID }), err
}

// PublishReleaseNote tells everybody what is new, and the senders of the voices
// and ideas that it names that it answers them.
func (s *Service) PublishReleaseNote(ctx context.Context, in PublishReleaseNoteInput) (*ReleaseNote, error) {
	scope, err := identity.Allow(ctx, identity.NotePublish)
	if err != nil {
		return nil, err
	}
	if err := line(in.Title, MaxTitle, "title"); err != nil {
		return nil, err
	}
	if err := line(in.Text, MaxText, "text"); err != nil {
		return nil, err
	}
	var n *ReleaseNote
	err = s.Once(ctx, in.IdempotencyKey, "publishReleaseNote", in, &n, func(ctx context.Context) error {
		named, err := s.named(ctx, scope, in)
		if err != nil {
			return err
		}
		n = &ReleaseNote{ID: s.NewID("rln"), Title: strings.TrimSpace(in.Title), Text: strings.TrimSpace(in.Text), PublisherID: scope.UserID, PublishedAt: s.now()}
		answers := make([]ReleaseNoteAnswer, len(named))
		for i, id := range named {
			answers[i] = ReleaseNoteAnswer{NoteID: n.ID, SubjectID: id}
		}
		if err := s.Ideas.AddNote(ctx, n, answers); err != nil {
			return err
		}
		return s.Acts.Record(ctx, s.Act(ctx, act.ReleasePublished, n.ID, n.PublishedAt, act.Facts{"answers": len(answers)}))
	})
	return n, err
}

// named are the voices and ideas that a note answers, each once. It fails unless
// all of them are there.
func (s *Service) named(ctx context.Context, scope identity.Scope, in PublishReleaseNoteInput) ([]string, error) {
	voices, ideas := once(in.VoiceIDs), once(in.IdeaIDs)
	if len(voices) > MaxNamed {
		return nil, fault.New(fault.Invalid, "text.too_many", MaxNamed).On("voiceIds")
	}
	if len(ideas) > MaxNamed {
		return nil, fault.New(fault.Invalid, "text.too_many", MaxNamed).On("ideaIds")
	}
	there, err := s.Store.VoicesByID(ctx, scope, voices)
	if err != nil {
		return nil, err
	}
	if len(there) != len(voices) {
		return nil, fault.New(fault.NotFound, "voice.not_found").On("voiceIds")
	}
	known, err := s.Ideas.IdeasByID(ctx, ideas)
	if err != nil {
		return nil, err
	}
	if len(known) != len(ideas) {
		return nil, fault.New(fault.NotFound, "idea.not_found").On("ideaIds")
	}
	return append(voices, ideas...), nil
}

func once(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// ReleaseNotes lists what is new, the newest first.
func (s *Service) ReleaseNotes(ctx context.Context, first *int, after *string) (*ReleaseNoteConnection, error) {
	if _, err := identity.Allow(ctx, identity.NoteRead); err != nil {
		return nil, err
	}
	const list = "releaseNotes"
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	rows, total, err := s.Ideas.Notes(ctx, r)
	if err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(n ReleaseNote) []string { return page.Moment(n.PublishedAt, n.ID) }), nil
}

// NotesAbout reads the release notes that answer many voices and ideas.
func (s *Service) NotesAbout(ctx context.Context, subjectIDs []string) (map[string][]ReleaseNote, error) {
	if _, err := identity.Allow(ctx, identity.VoiceRead); err != nil {
		return nil, err
	}
	answers, err := s.Ideas.AnswersTo(ctx, subjectIDs)
	if err != nil || len(answers) == 0 {
		return nil, err
	}
	ids := make([]string, len(answers))
	for i, a := range answers {
		ids[i] = a.NoteID
	}
	rows, err := s.Ideas.NotesByID(ctx, once(ids))
	notes, about := batch.By(rows, func(n ReleaseNote) string { return n.ID }), map[string][]ReleaseNote{}
	for _, a := range answers {
		about[a.SubjectID] = append(about[a.SubjectID], notes[a.NoteID])
	}
	return about, err
}

// NamedBy reads the ids of the voices and ideas that many release notes answer.
func (s *Service) NamedBy(ctx context.Context, noteIDs []string) (map[string][]ReleaseNoteAnswer, error) {
	if _, err := identity.Allow(ctx, identity.NoteRead); err != nil {
		return nil, err
	}
	rows, err := s.Ideas.AnsweredBy(ctx, noteIDs)
	return batch.Group(rows, func(a ReleaseNoteAnswer) string { return a.NoteID }), err
}

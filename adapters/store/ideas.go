package store

import (
	"context"

	"github.com/uptrace/bun"

	"dure/domain/page"
	"dure/domain/voc"
)

// Ideas keeps ideas and release notes.
type Ideas struct{ *DB }

// byMoment reads one page of a list by time, the newest first, and counts it.
func byMoment[T any](ctx context.Context, d *DB, r page.Request, column string, filter func(*bun.SelectQuery) *bun.SelectQuery) ([]T, int, error) {
	var rows []T
	list := func() *bun.SelectQuery { return filter(d.read(ctx).NewSelect().Model(&rows)) }
	total, err := list().Count(ctx)
	if err != nil {
		return nil, 0, wrap(err, "count list")
	}
	q := list().OrderExpr("? DESC, id DESC", bun.Ident(column)).Limit(int64(r.Limit) + 1)
	if at, id, ok := r.BeforeMoment(); ok {
		q = q.Where("(? < ? OR (? = ? AND id < ?))", bun.Ident(column), at, bun.Ident(column), at, id)
	}
	return rows, int(total), wrap(q.Scan(ctx), "read page")
}

// Ideas implements voc.IdeaStore.
func (s Ideas) Ideas(ctx context.Context, f voc.IdeaFilter, userID string, r page.Request) ([]voc.Idea, int, error) {
	return byMoment[voc.Idea](ctx, s.DB, r, "proposed_at", func(q *bun.SelectQuery) *bun.SelectQuery {
		q = equal(q, "status", string(f.Status))
		if f.Mine {
			q = q.Where("proposer_id = ?", userID)
		}
		return q
	})
}

// IdeasByID implements voc.IdeaStore.
func (s Ideas) IdeasByID(ctx context.Context, ids []string) ([]voc.Idea, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []voc.Idea
	return rows, wrap(s.read(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx), "read ideas")
}

// AddIdea implements voc.IdeaStore.
func (s Ideas) AddIdea(ctx context.Context, i *voc.Idea) error {
	_, err := s.write(ctx).NewInsert().Model(i).Exec(ctx)
	return inserted(err, "idea")
}

// SaveIdea implements voc.IdeaStore.
func (s Ideas) SaveIdea(ctx context.Context, i *voc.Idea) error {
	next := *i
	next.Version++
	res, err := s.write(ctx).NewUpdate().Model(&next).WherePK().Where("version = ?", i.Version).Exec(ctx)
	if err := changedOne(res, err, "idea"); err != nil {
		return err
	}
	*i = next
	return nil
}

// AddStep implements voc.IdeaStore.
func (s Ideas) AddStep(ctx context.Context, st *voc.IdeaStep) error {
	_, err := s.write(ctx).NewInsert().Model(st).Exec(ctx)
	return inserted(err, "idea")
}

// StepsOf implements voc.IdeaStore.
func (s Ideas) StepsOf(ctx context.Context, ideaIDs []string) ([]voc.IdeaStep, error) {
	var rows []voc.IdeaStep
	err := s.read(ctx).NewSelect().Model(&rows).Where("idea_id IN (?)", bun.List(ideaIDs)).OrderExpr("taken_at, id").Scan(ctx)
	return rows, wrap(err, "read steps")
}

// Support implements voc.IdeaStore.
func (s Ideas) Support(ctx context.Context, p *voc.IdeaSupport) (bool, error) {
	res, err := s.write(ctx).NewInsert().Model(p).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return false, wrap(err, "support idea")
	}
	n, err := res.RowsAffected()
	return n > 0, wrap(err, "support idea")
}

// Unsupport implements voc.IdeaStore.
func (s Ideas) Unsupport(ctx context.Context, ideaID, userID string) (bool, error) {
	res, err := s.write(ctx).NewDelete().Model((*voc.IdeaSupport)(nil)).Where("idea_id = ? AND user_id = ?", ideaID, userID).Exec(ctx)
	if err != nil {
		return false, wrap(err, "unsupport idea")
	}
	n, err := res.RowsAffected()
	return n > 0, wrap(err, "unsupport idea")
}

// SupportsOf implements voc.IdeaStore.
func (s Ideas) SupportsOf(ctx context.Context, ideaIDs []string, userID string) ([]voc.Support, error) {
	var rows []struct {
		IdeaID string
		Count  int
		Mine   int
	}
	err := s.read(ctx).NewSelect().Model((*voc.IdeaSupport)(nil)).ColumnExpr("idea_id, COUNT(*) AS count").
		ColumnExpr("SUM(CASE WHEN user_id = ? THEN 1 ELSE 0 END) AS mine", userID).
		Where("idea_id IN (?)", bun.List(ideaIDs)).GroupExpr("idea_id").Scan(ctx, &rows)
	out := make([]voc.Support, len(rows))
	for i, r := range rows {
		out[i] = voc.Support{IdeaID: r.IdeaID, Count: r.Count, Mine: r.Mine > 0}
	}
	return out, wrap(err, "read supports")
}

// AddNote implements voc.IdeaStore.
func (s Ideas) AddNote(ctx context.Context, n *voc.ReleaseNote, answers []voc.ReleaseNoteAnswer) error {
	if _, err := s.write(ctx).NewInsert().Model(n).Exec(ctx); err != nil {
		return inserted(err, "note")
	}
	return insertAll(ctx, s.write(ctx), answers)
}

// Notes implements voc.IdeaStore.
func (s Ideas) Notes(ctx context.Context, r page.Request) ([]voc.ReleaseNote, int, error) {
	return byMoment[voc.ReleaseNote](ctx, s.DB, r, "published_at", func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}

// NotesByID implements voc.IdeaStore.
func (s Ideas) NotesByID(ctx context.Context, ids []string) ([]voc.ReleaseNote, error) {
	var rows []voc.ReleaseNote
	return rows, wrap(s.read(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx), "read release notes")
}

// AnsweredBy implements voc.IdeaStore.
func (s Ideas) AnsweredBy(ctx context.Context, noteIDs []string) ([]voc.ReleaseNoteAnswer, error) {
	var rows []voc.ReleaseNoteAnswer
	err := s.read(ctx).NewSelect().Model(&rows).Where("note_id IN (?)", bun.List(noteIDs)).OrderExpr("subject_id").Scan(ctx)
	return rows, wrap(err, "read what notes answer")
}

// AnswersTo implements voc.IdeaStore.
func (s Ideas) AnswersTo(ctx context.Context, subjectIDs []string) ([]voc.ReleaseNoteAnswer, error) {
	var rows []voc.ReleaseNoteAnswer
	err := s.read(ctx).NewSelect().Model(&rows).Where("subject_id IN (?)", bun.List(subjectIDs)).OrderExpr("note_id DESC").Scan(ctx)
	return rows, wrap(err, "read what answers")
}

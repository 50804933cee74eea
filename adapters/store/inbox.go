package store

import (
	"context"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/act"
	"dure/domain/identity"
	"dure/domain/inbox"
	"dure/domain/page"
)

// Inboxes keeps what people were told.
type Inboxes struct{ *DB }

// mutedNotice is a kind that a person does not want to hear of.
type mutedNotice struct {
	PersonID string           `bun:",pk"`
	Kind     inbox.NoticeKind `bun:",pk"`
}

// ActsAfter reads acts of some kinds after a place in the log, in its order, and
// never past a transaction that may still commit before one of them.
func (s Inboxes) ActsAfter(ctx context.Context, kinds []act.Kind, tx, seq int64, limit int) ([]act.Act, error) {
	var rows []act.Act
	q := s.write(ctx).NewSelect().Model(&rows).ColumnExpr("?TableColumns, tx").
		Where("(tx, seq) > (?, ?) AND kind IN (?)", tx, seq, bun.List(kinds)).OrderExpr("tx, seq").Limit(int64(limit))
	return rows, wrap(s.settled(q).Scan(ctx), "read the log")
}

// PeopleOf implements inbox.Store.
func (s Inboxes) PeopleOf(ctx context.Context, dealerIDs, subjectIDs []string) (*inbox.People, error) {
	people := &inbox.People{Staff: map[string][]string{}, Reps: map[string]string{}, Issuer: map[string]string{}, Muted: map[string][]inbox.NoticeKind{}}
	var users []struct {
		ID, DealerID string
		Persona      identity.Persona
	}
	if err := s.write(ctx).NewSelect().TableExpr("users AS u").ColumnExpr("u.id, COALESCE(u.dealer_id, '') AS dealer_id, u.persona").
		Where("u.active = ? AND (u.persona = ? OR u.dealer_id IN (?))", true, identity.HQ, bun.List(dealerIDs)).Scan(ctx, &users); err != nil {
		return nil, wrap(err, "read whom it concerns")
	}
	for _, u := range users {
		if u.Persona == identity.HQ {
			people.HQ = append(people.HQ, u.ID)
		} else {
			people.Staff[u.DealerID] = append(people.Staff[u.DealerID], u.ID)
		}
	}
	var pairs []struct{ About, Person string }
	if err := s.write(ctx).NewSelect().TableExpr("dealers AS d").ColumnExpr("d.id AS about, t.rep_id AS person").
		Join("JOIN territories AS t ON t.id = d.territory_id").Where("d.id IN (?) AND t.rep_id IS NOT NULL", bun.List(dealerIDs)).Scan(ctx, &pairs); err != nil {
		return nil, wrap(err, "read reps")
	}
	for _, p := range pairs {
		people.Reps[p.About] = p.Person
	}
	pairs = nil
	if err := s.write(ctx).NewSelect().TableExpr("quotes AS q").ColumnExpr("q.id AS about, q.staff_id AS person").
		Where("q.id IN (?)", bun.List(subjectIDs)).Scan(ctx, &pairs); err != nil {
		return nil, wrap(err, "read who issued quotes")
	}
	for _, p := range pairs {
		people.Issuer[p.About] = p.Person
	}
	var muted []mutedNotice
	if err := s.write(ctx).NewSelect().Model(&muted).Scan(ctx); err != nil {
		return nil, wrap(err, "read what is muted")
	}
	for _, m := range muted {
		people.Muted[m.PersonID] = append(people.Muted[m.PersonID], m.Kind)
	}
	return people, nil
}

// AddNotices implements inbox.Store.
func (s Inboxes) AddNotices(ctx context.Context, notices []inbox.Notice) error {
	_, err := s.write(ctx).NewInsert().Model(&notices).On("CONFLICT (person_id, act_id, kind) DO NOTHING").Exec(ctx)
	return wrap(err, "add notices")
}

// Notices implements inbox.Store.
func (s Inboxes) Notices(ctx context.Context, personID string, f inbox.Filter, r page.Request) ([]inbox.Notice, int, error) {
	var rows []inbox.Notice
	list := func() *bun.SelectQuery {
		q := s.read(ctx).NewSelect().Model(&rows).Where("person_id = ?", personID)
		if len(f.Kinds) > 0 {
			q = q.Where("kind IN (?)", bun.List(f.Kinds))
		}
		if f.UnreadOnly {
			q = q.Where("read_at IS NULL")
		}
		return q
	}
	total, err := list().Count(ctx)
	if err != nil {
		return nil, 0, wrap(err, "count notices")
	}
	q := list().OrderExpr("seq DESC").Limit(int64(r.Limit) + 1)
	if r.After != nil {
		seq, err := strconv.ParseInt(r.After[0], 10, 64)
		if err != nil {
			return nil, 0, wrap(err, "read cursor")
		}
		q = q.Where("seq < ?", seq)
	}
	return rows, int(total), wrap(q.Scan(ctx), "read notices")
}

// State implements inbox.Store.
func (s Inboxes) State(ctx context.Context, personID string) (inbox.State, error) {
	state := inbox.State{Muted: []inbox.NoticeKind{}}
	unread, err := s.read(ctx).NewSelect().Model((*inbox.Notice)(nil)).Where("person_id = ? AND read_at IS NULL", personID).Count(ctx)
	if err != nil {
		return state, wrap(err, "count unread notices")
	}
	state.Unread = int(unread)
	var newest []inbox.Notice
	if err := s.read(ctx).NewSelect().Model(&newest).Where("person_id = ?", personID).OrderExpr("seq DESC").Limit(1).Scan(ctx); err != nil {
		return state, wrap(err, "read the newest notice")
	}
	if len(newest) > 0 {
		state.Newest = &newest[0]
	}
	err = s.read(ctx).NewSelect().Model((*mutedNotice)(nil)).Column("kind").Where("person_id = ?", personID).OrderExpr("kind").Scan(ctx, &state.Muted)
	return state, wrap(err, "read what is muted")
}

// MarkRead implements inbox.Store.
func (s Inboxes) MarkRead(ctx context.Context, personID string, ids []string, at time.Time) error {
	q := s.write(ctx).NewUpdate().Model((*inbox.Notice)(nil)).Set("read_at = ?", at).Where("person_id = ? AND read_at IS NULL", personID)
	if len(ids) > 0 {
		q = q.Where("id IN (?)", bun.List(ids))
	}
	_, err := q.Exec(ctx)
	return wrap(err, "mark notices")
}

// Mute implements inbox.Store.
func (s Inboxes) Mute(ctx context.Context, personID string, kind inbox.NoticeKind) error {
	_, err := s.write(ctx).NewInsert().Model(&mutedNotice{PersonID: personID, Kind: kind}).On("CONFLICT DO NOTHING").Exec(ctx)
	return wrap(err, "mute notices")
}

// Unmute implements inbox.Store.
func (s Inboxes) Unmute(ctx context.Context, personID string, kind inbox.NoticeKind) error {
	_, err := s.write(ctx).NewDelete().Model(&mutedNotice{PersonID: personID, Kind: kind}).WherePK().Exec(ctx)
	return wrap(err, "let notices in")
}

package store

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/voc"
)

// Voices keeps what people said.
type Voices struct{ *DB }

// heard limits q to the voices of a scope: a rep's own beside those of its
// dealers; of a dealership what its staff sent, and not what a customer says of
// it; of a customer their own.
func heard(q *bun.SelectQuery, scope identity.Scope) *bun.SelectQuery {
	switch scope.Reach {
	case identity.OwnTerritory:
		return q.Where("(sender_id = ? OR dealer_id IN (SELECT d.id FROM dealers AS d JOIN territories AS t ON t.id = d.territory_id WHERE t.rep_id = ?))", scope.UserID, scope.UserID)
	case identity.OwnDealership:
		return within(q, scope, "dealer_id").Where("sender_persona = ?", identity.Dealer)
	case identity.OwnContract:
		return q.Where("sender_id = ? AND sender_persona = ?", scope.UserID, identity.Customer)
	default:
		return within(q, scope, "dealer_id")
	}
}

// Voice implements voc.Store.
func (s Voices) Voice(ctx context.Context, scope identity.Scope, id string) (*voc.Voice, error) {
	var v voc.Voice
	if err := found(heard(s.read(ctx).NewSelect().Model(&v).Where("id = ?", id), scope).Scan(ctx), "voice"); err != nil {
		return nil, err
	}
	return &v, nil
}

// VoicesByID implements voc.Store.
func (s Voices) VoicesByID(ctx context.Context, scope identity.Scope, ids []string) ([]voc.Voice, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []voc.Voice
	q := s.read(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids))
	return rows, wrap(heard(q, scope).Scan(ctx), "read voices")
}

// Voices implements voc.Store.
func (s Voices) Voices(ctx context.Context, scope identity.Scope, f voc.VoiceFilter, now time.Time, r page.Request) ([]voc.Voice, int, error) {
	var rows []voc.Voice
	list := func() *bun.SelectQuery {
		q := heard(s.read(ctx).NewSelect().Model(&rows), scope)
		for column, value := range map[string]string{
			"kind": string(f.Kind), "status": string(f.Status), "team": string(f.Team), "region_code": f.RegionCode, "dealer_id": f.DealerID,
			"customer_id": f.CustomerID, "product_id": f.ProductID, "contract_id": f.ContractID, "assignee_id": f.AssigneeID,
		} {
			q = equal(q, column, value)
		}
		if f.Mine {
			q = q.Where("sender_id = ?", scope.UserID)
		}
		if f.Overdue {
			q = q.Where("status = ? AND due_at <= ?", voc.VoiceReceived, now)
		}
		if f.Escalated {
			q = q.Where("level > 0 AND status = ?", voc.VoiceReceived)
		}
		return q
	}
	total, err := list().Count(ctx)
	if err != nil {
		return nil, 0, wrap(err, "count voices")
	}
	q := list().OrderExpr("received_at DESC, id DESC").Limit(int64(r.Limit) + 1)
	if at, id, ok := r.BeforeMoment(); ok {
		q = q.Where("(received_at < ? OR (received_at = ? AND id < ?))", at, at, id)
	}
	return rows, int(total), wrap(q.Scan(ctx), "read voices")
}

// VoicesSince implements voc.Store: of too many the newest.
func (s Voices) VoicesSince(ctx context.Context, scope identity.Scope, since time.Time, limit int) ([]voc.Voice, error) {
	var rows []voc.Voice
	q := s.read(ctx).NewSelect().Model(&rows).Where("received_at >= ?", since).OrderExpr("received_at DESC, id DESC").Limit(int64(limit))
	err := heard(q, scope).Scan(ctx)
	slices.Reverse(rows)
	return rows, wrap(err, "read new voices")
}

// VoicesToEscalate implements voc.Store.
func (s Voices) VoicesToEscalate(ctx context.Context, now time.Time, limit int) ([]string, error) {
	var ids []string
	err := s.write(ctx).NewSelect().Model((*voc.Voice)(nil)).Column("id").Where("escalate_at <= ?", now).OrderExpr("escalate_at, id").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, wrap(err, "read voices to escalate")
}

// AddVoice implements voc.Store.
func (s Voices) AddVoice(ctx context.Context, v *voc.Voice) error {
	_, err := s.write(ctx).NewInsert().Model(v).Exec(ctx)
	return inserted(err, "voice")
}

// SaveVoice implements voc.Store.
func (s Voices) SaveVoice(ctx context.Context, v *voc.Voice) error {
	next := *v
	next.Version++
	res, err := s.write(ctx).NewUpdate().Model(&next).WherePK().Where("version = ?", v.Version).Exec(ctx)
	if err := changedOne(res, err, "voice"); err != nil {
		return err
	}
	*v = next
	return nil
}

// AddAnswer implements voc.Store.
func (s Voices) AddAnswer(ctx context.Context, a *voc.VoiceAnswer) error {
	_, err := s.write(ctx).NewInsert().Model(a).Exec(ctx)
	return inserted(err, "voice")
}

// AnswersOf implements voc.Store.
func (s Voices) AnswersOf(ctx context.Context, voiceIDs []string) ([]voc.VoiceAnswer, error) {
	var rows []voc.VoiceAnswer
	err := s.read(ctx).NewSelect().Model(&rows).Where("voice_id IN (?)", bun.List(voiceIDs)).OrderExpr("answered_at, id").Scan(ctx)
	return rows, wrap(err, "read answers")
}

// AddFile implements voc.Store. One that is there already stays.
func (s Voices) AddFile(ctx context.Context, f *voc.VoiceFile) error {
	_, err := s.write(ctx).NewInsert().Model(f).On("CONFLICT DO NOTHING").Exec(ctx)
	return wrap(err, "insert voice file")
}

// File implements voc.Store.
func (s Voices) File(ctx context.Context, sha256, keptBy string) (*voc.VoiceFile, error) {
	var f voc.VoiceFile
	if err := found(s.write(ctx).NewSelect().Model(&f).Where("sha256 = ? AND kept_by = ?", sha256, keptBy).Scan(ctx), "file"); err != nil {
		return nil, err
	}
	return &f, nil
}

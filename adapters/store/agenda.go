package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/agenda"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/logistics"
)

// Agenda reads what is worth doing from what other features keep.
type Agenda struct{ *DB }

// Candidates implements agenda.Store: one statement for each thing that can wait.
func (s Agenda) Candidates(ctx context.Context, dealerID string, now time.Time) ([]agenda.Candidate, error) {
	var all []agenda.Candidate
	for what, read := range map[string]func(context.Context, string, time.Time) ([]agenda.Candidate, error){
		"consultations": s.openTalks, "quotes": s.unfollowed, "contracts": s.waitingContracts, "farms": s.unfilledFarms,
	} {
		found, err := read(ctx, dealerID, now)
		if err != nil {
			return nil, wrap(err, "read what could be done about "+what)
		}
		all = append(all, found...)
	}
	return all, nil
}

// openTalks are open consultations and what each still lacks.
func (s Agenda) openTalks(ctx context.Context, dealerID string, now time.Time) ([]agenda.Candidate, error) {
	var rows []struct {
		ID, CustomerID string
		OpenedAt       time.Time
		Needs          deal.Needs `bun:",type:text"`
		Shown, Quoted  bool
		Quiet          bool
	}
	err := s.read(ctx).NewSelect().TableExpr("consultations AS c").ColumnExpr("c.id, c.customer_id, c.opened_at, c.needs").
		ColumnExpr("EXISTS (SELECT 1 FROM showings AS w WHERE w.consultation_id = c.id) AS shown").
		ColumnExpr("EXISTS (SELECT 1 FROM quotes AS q WHERE q.deal_id = c.id) AS quoted").
		ColumnExpr("NOT EXISTS (SELECT 1 FROM acts AS a WHERE a.deal_id = c.id AND a.occurred_at >= ?) AS quiet", kst.AddDays(now, -agenda.QuietAfterDays)).
		Where("c.dealer_id = ? AND c.status = ?", dealerID, deal.ConsultationOpen).
		OrderExpr("c.opened_at DESC, c.id").Limit(agenda.MaxCandidates).Scan(ctx, &rows)
	var found []agenda.Candidate
	for _, r := range rows {
		c := agenda.Candidate{SubjectID: r.ID, CustomerID: r.CustomerID, DealID: r.ID, Since: r.OpenedAt, Count: r.Needs.Count()}
		if !r.Shown && kst.SameDay(r.OpenedAt, now) {
			c.Kind = agenda.ShowProduct
			found = append(found, c)
		}
		switch {
		case r.Quiet:
			c.Kind = agenda.CloseConsultation
		case !r.Quoted:
			c.Kind = agenda.IssueQuote
		default:
			continue
		}
		found = append(found, c)
	}
	return found, err
}

// unfollowed are quotes that hold and that nobody got back about.
func (s Agenda) unfollowed(ctx context.Context, dealerID string, now time.Time) ([]agenda.Candidate, error) {
	var rows []agenda.Candidate
	err := s.read(ctx).NewSelect().TableExpr("quotes AS q").
		ColumnExpr("? AS kind, q.id AS subject_id, q.customer_id, q.deal_id, q.issued_at AS since", agenda.FollowUpQuote).
		Where("q.dealer_id = ? AND q.status = ? AND q.followed_at IS NULL AND q.valid_until > ?", dealerID, deal.QuoteIssued, now).
		OrderExpr("q.issued_at DESC, q.id").Limit(agenda.MaxCandidates).Scan(ctx, &rows)
	return rows, err
}

// waitingContracts are drafts without a signature, and what was signed on the
// tablet within a season and is not on its way.
func (s Agenda) waitingContracts(ctx context.Context, dealerID string, now time.Time) ([]agenda.Candidate, error) {
	const season = 92 * 24 * time.Hour
	var rows []struct {
		ID, CustomerID, DealID string
		Status                 deal.ContractStatus
		DraftedAt              time.Time
	}
	err := s.read(ctx).NewSelect().TableExpr("contracts AS c").ColumnExpr("c.id, c.customer_id, c.deal_id, c.status, c.drafted_at").
		Where("c.dealer_id = ? AND c.channel = ? AND c.drafted_at >= ?", dealerID, deal.Digital, now.Add(-season)).
		Where("(c.status = ? OR c.status = ? AND NOT EXISTS (SELECT 1 FROM shipments AS s WHERE s.contract_id = c.id AND s.status NOT IN (?, ?)))",
			deal.ContractDraft, deal.ContractSigned, logistics.ShipmentDeclined, logistics.ShipmentCancelled).
		OrderExpr("c.drafted_at DESC, c.id").Limit(agenda.MaxCandidates).Scan(ctx, &rows)
	found := make([]agenda.Candidate, len(rows))
	for i, r := range rows {
		found[i] = agenda.Candidate{Kind: agenda.SignContract, SubjectID: r.ID, CustomerID: r.CustomerID, DealID: r.DealID, Since: r.DraftedAt}
		if r.Status == deal.ContractSigned {
			found[i].Kind = agenda.RequestDelivery
		}
	}
	return found, err
}

// unfilledFarms are the customers who were looked after last.
func (s Agenda) unfilledFarms(ctx context.Context, dealerID string, _ time.Time) ([]agenda.Candidate, error) {
	var rows []struct {
		ID        string
		Farm      customer.Farm `bun:",type:text"`
		UpdatedAt time.Time
	}
	err := s.read(ctx).NewSelect().TableExpr("customers AS c").ColumnExpr("c.id, c.farm, c.updated_at").
		Where("c.dealer_id = ? AND c.profiled_at IS NULL", dealerID).
		OrderExpr("c.updated_at DESC, c.id").Limit(agenda.MaxCandidates).Scan(ctx, &rows)
	found := make([]agenda.Candidate, len(rows))
	for i, r := range rows {
		found[i] = agenda.Candidate{Kind: agenda.FillFarm, SubjectID: r.ID, CustomerID: r.ID, Since: r.UpdatedAt, Count: r.Farm.Filled()}
	}
	return found, err
}

// Waiting implements agenda.Store.
func (s Agenda) Waiting(ctx context.Context, scope identity.Scope, now, quietSince, oldest time.Time) ([]agenda.Attention, error) {
	var waiting, stalled []agenda.Attention
	q := s.read(ctx).NewSelect().TableExpr("quotes AS q").
		ColumnExpr("? AS kind, q.dealer_id, q.id AS subject_id, q.deal_id, q.customer_id, q.issued_at AS since, q.discount_bp", agenda.ApprovalWanted).
		Where("q.status = ? AND q.valid_until > ?", deal.QuoteAwaiting, now).OrderExpr("q.issued_at, q.id").Limit(agenda.MaxAttention)
	if err := within(q, scope, "q.dealer_id").Scan(ctx, &waiting); err != nil {
		return nil, wrap(err, "read what waits for approval")
	}
	q = s.read(ctx).NewSelect().TableExpr("consultations AS c").
		ColumnExpr("? AS kind, c.dealer_id, c.id AS subject_id, c.id AS deal_id, c.customer_id, a.occurred_at AS since", agenda.StalledDeal).
		Join("JOIN acts AS a ON a.id = (SELECT l.id FROM acts AS l WHERE l.deal_id = c.id ORDER BY l.occurred_at DESC, l.id DESC LIMIT 1)").
		Where("c.status = ? AND a.occurred_at < ? AND a.occurred_at >= ?", deal.ConsultationOpen, quietSince, oldest).
		OrderExpr("a.occurred_at, c.id").Limit(agenda.MaxAttention)
	if err := within(q, scope, "c.dealer_id").Scan(ctx, &stalled); err != nil {
		return nil, wrap(err, "read stalled deals")
	}
	return append(waiting, stalled...), nil
}

// DealersWithin implements agenda.Store.
func (s Agenda) DealersWithin(ctx context.Context, scope identity.Scope) ([]string, error) {
	var ids []string
	q := s.read(ctx).NewSelect().TableExpr("dealers AS d").ColumnExpr("d.id").Where("d.closed_on IS NULL")
	return ids, wrap(within(q, scope, "d.id").Scan(ctx, &ids), "read dealers")
}

// DealsOf implements agenda.Store.
func (s Agenda) DealsOf(ctx context.Context, scope identity.Scope, dealerIDs []string, now, month time.Time) ([]agenda.DealerDeals, error) {
	var rows []agenda.DealerDeals
	q := s.read(ctx).NewSelect().TableExpr("dealers AS d").ColumnExpr("d.id AS dealer_id, a.occurred_at AS last_act_at").
		ColumnExpr("(SELECT COUNT(*) FROM consultations AS c WHERE c.dealer_id = d.id AND c.status = ?) AS open_consultations", deal.ConsultationOpen).
		ColumnExpr("(SELECT COUNT(*) FROM quotes AS q WHERE q.dealer_id = d.id AND q.status = ? AND q.valid_until > ?) AS quotes_waiting", deal.QuoteAwaiting, now).
		ColumnExpr("(SELECT COUNT(*) FROM contracts AS k WHERE k.dealer_id = d.id AND k.status = ? AND k.signed_at >= ?) AS contracts_this_month", deal.ContractSigned, month).
		Join("LEFT JOIN acts AS a ON a.id = (SELECT l.id FROM acts AS l WHERE l.dealer_id = d.id ORDER BY l.occurred_at DESC LIMIT 1)").
		Where("d.id IN (?)", bun.List(dealerIDs))
	return rows, wrap(within(q, scope, "d.id").Scan(ctx, &rows), "read what goes on at dealers")
}

package store

import (
	"context"
	"time"

	"dure/domain/agenda"
	"dure/domain/customer"
	"dure/domain/deal"
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

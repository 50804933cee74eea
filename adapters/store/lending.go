package store

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"dure/domain/chain"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/lending"
	"dure/domain/page"
)

// Lending keeps applications, what is shared with lenders, and who looked at it.
type Lending struct{ *DB }

// Application implements lending.Store.
func (s Lending) Application(ctx context.Context, scope identity.Scope, id string) (*lending.FinanceApplication, error) {
	rows, err := s.ApplicationsByID(ctx, scope, []string{id})
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "application.not_found")
	}
	if err != nil {
		return nil, err
	}
	return &rows[0], nil
}

// Applications implements lending.Store.
func (s Lending) Applications(ctx context.Context, scope identity.Scope, f lending.ApplicationFilter, r page.Request) ([]lending.FinanceApplication, int, error) {
	var rows []lending.FinanceApplication
	list := func() *bun.SelectQuery {
		q := handed(s.read(ctx).NewSelect().Model(&rows), scope, "dealer_id", "lender_id")
		for column, value := range map[string]string{
			"status": string(f.Status), "contract_id": f.ContractID, "customer_id": f.CustomerID, "dealer_id": f.DealerID, "lender_id": f.LenderID,
		} {
			q = equal(q, column, value)
		}
		return q
	}
	total, err := list().Count(ctx)
	if err != nil {
		return nil, 0, wrap(err, "count applications")
	}
	q := list().OrderExpr("id DESC").Limit(int64(r.Limit) + 1)
	if r.After != nil {
		q = q.Where("id < ?", r.After[0])
	}
	return rows, int(total), wrap(q.Scan(ctx), "page applications")
}

// ApplicationsByID implements lending.Store.
func (s Lending) ApplicationsByID(ctx context.Context, scope identity.Scope, ids []string) ([]lending.FinanceApplication, error) {
	return partnerRows[lending.FinanceApplication](ctx, s.DB, scope, "id", ids)
}

// ApplicationsOfContracts implements lending.Store.
func (s Lending) ApplicationsOfContracts(ctx context.Context, scope identity.Scope, contractIDs []string) ([]lending.FinanceApplication, error) {
	return partnerRows[lending.FinanceApplication](ctx, s.DB, scope, "contract_id", contractIDs)
}

// partnerRows reads rows that were handed to lenders, within scope, by a column.
func partnerRows[T any](ctx context.Context, d *DB, scope identity.Scope, column string, keys []string) ([]T, error) {
	var rows []T
	q := d.read(ctx).NewSelect().Model(&rows).Where("? IN (?)", bun.Ident(column), bun.List(append(slices.Clone(keys), ""))).OrderExpr("id DESC")
	return rows, wrap(handed(q, scope, "dealer_id", "lender_id").Scan(ctx), "read what lenders were handed")
}

// OpenApplications implements lending.Store.
func (s Lending) OpenApplications(ctx context.Context, customerID string) ([]lending.FinanceApplication, error) {
	var rows []lending.FinanceApplication
	err := s.write(ctx).NewSelect().Model(&rows).Where("customer_id = ?", customerID).
		Where("status NOT IN (?, ?)", lending.Withdrawn, lending.Declined).OrderExpr("id").Scan(ctx)
	return rows, wrap(err, "read open applications")
}

// AddApplications implements lending.Store.
func (s Lending) AddApplications(ctx context.Context, applications []lending.FinanceApplication) error {
	_, err := s.write(ctx).NewInsert().Model(&applications).Exec(ctx)
	return inserted(err, "application")
}

// SaveApplication implements lending.Store.
func (s Lending) SaveApplication(ctx context.Context, a *lending.FinanceApplication) error {
	next := *a
	next.Version++
	res, err := s.write(ctx).NewUpdate().Model(&next).WherePK().Where("version = ?", a.Version).Exec(ctx)
	if err := changedOne(res, err, "application"); err != nil {
		return err
	}
	*a = next
	return nil
}

// MoveToContract implements lending.Store.
func (s Lending) MoveToContract(ctx context.Context, quoteID, contractID string) error {
	_, err := s.write(ctx).NewUpdate().Model((*lending.FinanceApplication)(nil)).Set("contract_id = ?", contractID).
		Where("quote_id = ?", quoteID).Where("status NOT IN (?, ?, ?)", lending.Withdrawn, lending.Declined, lending.Funded).Exec(ctx)
	return wrap(err, "move applications to their contract")
}

// Stipulation implements lending.Store.
func (s Lending) Stipulation(ctx context.Context, scope identity.Scope, id string) (*lending.Stipulation, error) {
	rows, err := partnerRows[lending.Stipulation](ctx, s.DB, scope, "id", []string{id})
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "stipulation.not_found")
	}
	if err != nil {
		return nil, err
	}
	return &rows[0], nil
}

// StipulationsOf implements lending.Store.
func (s Lending) StipulationsOf(ctx context.Context, scope identity.Scope, applicationIDs []string) ([]lending.Stipulation, error) {
	rows, err := partnerRows[lending.Stipulation](ctx, s.DB, scope, "application_id", applicationIDs)
	slices.Reverse(rows) // in the order they were asked for
	return rows, err
}

// AddStipulations implements lending.Store.
func (s Lending) AddStipulations(ctx context.Context, wanted []lending.Stipulation) error {
	_, err := s.write(ctx).NewInsert().Model(&wanted).Exec(ctx)
	return inserted(err, "stipulation")
}

// SaveAnswer implements lending.Store.
func (s Lending) SaveAnswer(ctx context.Context, w *lending.Stipulation) error {
	res, err := s.write(ctx).NewUpdate().Model(w).WherePK().Where("status = ?", lending.Wanted).Exec(ctx)
	return changedOne(res, err, "stipulation")
}

// AddDocument implements lending.Store.
func (s Lending) AddDocument(ctx context.Context, d *lending.Document) error {
	_, err := s.write(ctx).NewInsert().Model(d).On("CONFLICT (sha256, dealer_id) DO UPDATE").Set("kept_at = EXCLUDED.kept_at").Exec(ctx)
	return wrap(err, "insert document")
}

// Document implements lending.Store.
func (s Lending) Document(ctx context.Context, sha256, dealerID string) (*lending.Document, error) {
	var rows []lending.Document
	err := s.write(ctx).NewSelect().Model(&rows).Where("sha256 = ? AND dealer_id = ?", sha256, dealerID).Scan(ctx)
	if err == nil && len(rows) == 0 {
		return nil, fault.New(fault.NotFound, "document.not_uploaded")
	}
	if err != nil {
		return nil, wrap(err, "read document")
	}
	return &rows[0], nil
}

// DropDocuments implements lending.Store.
func (s Lending) DropDocuments(ctx context.Context, before time.Time) (gone []string, err error) {
	var dropped []lending.Document
	if _, err := s.write(ctx).NewDelete().Model(&dropped).Where("kept_at < ?", before).Returning("sha256").Exec(ctx); err != nil {
		return nil, wrap(err, "drop documents")
	}
	for _, d := range dropped {
		still, err := s.write(ctx).NewSelect().Model((*lending.Document)(nil)).Where("sha256 = ?", d.SHA256).Exists(ctx)
		if err != nil {
			return nil, wrap(err, "find document")
		}
		if !still {
			gone = append(gone, d.SHA256)
		}
	}
	return gone, nil
}

// sharedCustomer is what sharing locks, and the end of a customer's access log.
type sharedCustomer struct {
	CustomerID string `bun:",pk"`
	Seq        int64
	Hash       string
}

// LockCustomers implements lending.Store.
func (s Lending) LockCustomers(ctx context.Context, customerIDs []string) (map[string]lending.AccessEntry, error) {
	rows := make([]sharedCustomer, len(customerIDs))
	for i, id := range customerIDs {
		rows[i] = sharedCustomer{CustomerID: id, Hash: chain.Genesis}
	}
	slices.SortFunc(rows, func(a, b sharedCustomer) int { return strings.Compare(a.CustomerID, b.CustomerID) })
	_, err := s.write(ctx).NewInsert().Model(&rows).On("CONFLICT (customer_id) DO UPDATE").
		Set("customer_id = EXCLUDED.customer_id").Returning("customer_id, seq, hash").Exec(ctx)
	ends := make(map[string]lending.AccessEntry, len(rows))
	for _, r := range rows {
		ends[r.CustomerID] = lending.AccessEntry{CustomerID: r.CustomerID, Seq: r.Seq, Hash: r.Hash}
	}
	return ends, wrap(err, "lock customers")
}

// SharesOfCustomer implements lending.Store.
func (s Lending) SharesOfCustomer(ctx context.Context, customerID string) ([]lending.Share, error) {
	var rows []lending.Share
	err := s.write(ctx).NewSelect().Model(&rows).Where("customer_id = ?", customerID).OrderExpr("organization_id, row_id").Scan(ctx)
	return rows, wrap(err, "read shares")
}

// SharesOfRows implements lending.Store.
func (s Lending) SharesOfRows(ctx context.Context, organizationID string, rowIDs []string) ([]lending.Share, error) {
	var rows []lending.Share
	err := s.write(ctx).NewSelect().Model(&rows).Where("organization_id = ?", organizationID).
		Where("row_id IN (?)", bun.List(append(slices.Clone(rowIDs), ""))).OrderExpr("row_id").Scan(ctx)
	return rows, wrap(err, "read shares")
}

// PutShares implements lending.Store.
func (s Lending) PutShares(ctx context.Context, shares []lending.Share) error {
	if len(shares) == 0 {
		return nil
	}
	_, err := s.write(ctx).NewInsert().Model(&shares).On("CONFLICT (organization_id, row_id) DO UPDATE").
		Set("items = EXCLUDED.items, contract_id = EXCLUDED.contract_id").Exec(ctx)
	return wrap(err, "share")
}

// DropShares implements lending.Store.
func (s Lending) DropShares(ctx context.Context, shares []lending.Share) error {
	for _, h := range shares {
		_, err := s.write(ctx).NewDelete().Model((*lending.Share)(nil)).
			Where("organization_id = ? AND row_id = ?", h.OrganizationID, h.RowID).Exec(ctx)
		if err != nil {
			return wrap(err, "stop sharing")
		}
	}
	return nil
}

// AppendAccess implements lending.Store.
func (s Lending) AppendAccess(ctx context.Context, entries []lending.AccessEntry, ends map[string]lending.AccessEntry) error {
	if err := insertAll(ctx, s.write(ctx), entries); err != nil {
		return err
	}
	rows := make([]sharedCustomer, 0, len(ends))
	for _, e := range ends {
		rows = append(rows, sharedCustomer{CustomerID: e.CustomerID, Seq: e.Seq, Hash: e.Hash})
	}
	_, err := s.write(ctx).NewInsert().Model(&rows).On("CONFLICT (customer_id) DO UPDATE").
		Set("seq = EXCLUDED.seq, hash = EXCLUDED.hash").Exec(ctx)
	return wrap(err, "move the ends of access logs")
}

// AccessOf implements lending.Store.
func (s Lending) AccessOf(ctx context.Context, customerID string, r page.Request) ([]lending.AccessEntry, int, error) {
	var rows []lending.AccessEntry
	total, err := s.read(ctx).NewSelect().Model(&rows).Where("customer_id = ?", customerID).Count(ctx)
	if err != nil {
		return nil, 0, wrap(err, "count access")
	}
	q := s.read(ctx).NewSelect().Model(&rows).Where("customer_id = ?", customerID).OrderExpr("seq DESC").Limit(int64(r.Limit) + 1)
	if r.After != nil {
		seq, err := strconv.ParseInt(r.After[0], 10, 64)
		if err != nil {
			return nil, 0, wrap(err, "read cursor")
		}
		q = q.Where("seq < ?", seq)
	}
	return rows, int(total), wrap(q.Scan(ctx), "page access")
}

// AccessChain implements lending.Store.
func (s Lending) AccessChain(ctx context.Context, customerID string) (entries []lending.AccessEntry, end lending.AccessEntry, err error) {
	end.Hash = chain.Genesis
	err = s.Do(ctx, func(ctx context.Context) error {
		ends, err := s.LockCustomers(ctx, []string{customerID})
		if err != nil {
			return err
		}
		end = ends[customerID]
		return s.write(ctx).NewSelect().Model(&entries).Where("customer_id = ?", customerID).OrderExpr("seq").Scan(ctx)
	})
	return entries, end, wrap(err, "read access log")
}

// Histories implements lending.Store.
func (s Lending) Histories(ctx context.Context, customerIDs []string) (map[string]lending.History, error) {
	var rows []struct {
		CustomerID string
		Bought     int
		Cancelled  int
	}
	err := s.read(ctx).NewSelect().TableExpr("contracts").ColumnExpr("customer_id").
		ColumnExpr("COALESCE(SUM(CASE WHEN status = ? THEN quantity ELSE 0 END), 0) AS bought", deal.ContractSigned).
		ColumnExpr("COALESCE(SUM(CASE WHEN status = ? THEN 1 ELSE 0 END), 0) AS cancelled", deal.ContractCancelled).
		Where("customer_id IN (?)", bun.List(append(slices.Clone(customerIDs), ""))).GroupExpr("customer_id").Scan(ctx, &rows)
	out := make(map[string]lending.History, len(rows))
	for _, r := range rows {
		out[r.CustomerID] = lending.History{MachinesBought: r.Bought, ContractsCancelled: r.Cancelled}
	}
	return out, wrap(err, "read histories")
}

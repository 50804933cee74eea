package insight

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"dure/domain/act"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/work"
)

// Limits of one file of past sales.
const (
	MaxImportBytes = 64 << 20
	MaxImportRows  = 500_000
)

// recordTogether is how many acts go to the log at a time.
const recordTogether = 2_000

// ImportStore reads what the rows of a file may name.
type ImportStore interface {
	// ImportDealers reads every dealer, closed ones too.
	ImportDealers(ctx context.Context) ([]channel.Dealer, error)
	// ImportProducts reads every product, discontinued ones too.
	ImportProducts(ctx context.Context) ([]catalogue.Product, error)
	// KnownSales tells which of the sales are there already.
	KnownSales(ctx context.Context, ids []string) (map[string]bool, error)
}

// Importer brings past sales in: each row becomes an act that feeds figures and
// earns nothing.
type Importer struct {
	work.Kit
	Store ImportStore
	Acts  act.Recorder
	// IDAt returns an id that carries at and takes its other bits from source:
	// equal arguments give equal ids.
	IDAt func(prefix string, at time.Time, source io.Reader) string
}

// ImportResult counts the rows of a file.
type ImportResult struct {
	Added int
	Known int // rows that an earlier import brought in
}

// BadLine is what is wrong with a line of a file. Its fault's Field is the
// column, "" when it is about the line as a whole.
type BadLine struct {
	Line  int // from 1
	Fault *fault.Fault
}

// BadLines is everything that is wrong with a file, in the order of its lines.
type BadLines []BadLine

// Error counts the lines; it is not the text that people read.
func (b BadLines) Error() string {
	return fmt.Sprintf("%d things are wrong, the first in line %d: %v", len(b), b[0].Line, b[0].Fault)
}

// Unwrap returns the faults, for fault.All.
func (b BadLines) Unwrap() []error {
	faults := make([]error, len(b))
	for i, l := range b {
		faults[i] = l.Fault
	}
	return faults
}

// Import reads sales as CSV and brings in all of them or, when any line is bad,
// none; it then fails with BadLines. A row's id follows from what it says, so a
// file that comes again, or a longer one that contains it, adds nothing twice;
// rows of one file that say the same are that many sales.
//
// The first line names the columns in any order, in English or Korean, and
// others than these are passed over:
//
//	dealer   대리점    business number or id
//	product  제품      model code, name or id; empty when the catalogue never had it
//	quantity 수량      machines
//	amount   금액      whole won, VAT included
//	sold_at  판매일    2024-03-02, a business day
//	channel  계약방식  DIGITAL or PAPER, 전자 or 종이
func (s *Importer) Import(ctx context.Context, file io.Reader) (*ImportResult, error) {
	if _, err := identity.Allow(ctx, identity.SalesImport); err != nil {
		return nil, err
	}
	var result *ImportResult
	err := s.Do(ctx, func(ctx context.Context) error {
		names, err := s.names(ctx)
		if err != nil {
			return err
		}
		rows, err := parseSales(file, names, s.Now())
		if err != nil {
			return err
		}
		result, err = s.bringIn(ctx, s.acts(ctx, rows))
		return err
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

// names reads what rows may name.
func (s *Importer) names(ctx context.Context) (*importNames, error) {
	dealers, err := s.Store.ImportDealers(ctx)
	if err != nil {
		return nil, err
	}
	products, err := s.Store.ImportProducts(ctx)
	if err != nil {
		return nil, err
	}
	n := &importNames{dealers: map[string]*channel.Dealer{}, products: map[string]string{"": ""}}
	for i := range dealers {
		d := &dealers[i]
		n.dealers[d.ID], n.dealers[d.BusinessNumber] = d, d
	}
	for _, p := range products {
		for _, name := range []string{p.ID, p.ModelCode, p.Name} {
			n.products[productKey(name)] = p.ID
		}
	}
	return n, nil
}

// acts returns the act of each row, in the order of their days.
func (s *Importer) acts(ctx context.Context, rows []saleRow) []act.Act {
	slices.SortStableFunc(rows, func(a, b saleRow) int { return cmp.Compare(a.soldAt.Unix(), b.soldAt.Unix()) })
	alike := map[string]int{}
	acts := make([]act.Act, len(rows))
	for i, r := range rows {
		content := r.content()
		alike[content]++
		a := s.Act(ctx, act.SaleImported, "", r.soldAt, act.Facts{
			"regionCode": r.dealer.RegionCode, "productId": r.productID, "quantity": r.quantity, "price": int64(r.amount), "channel": r.channel,
		})
		a.ID = s.IDAt("act", r.soldAt, contentBits(content, alike[content]))
		a.SubjectID, a.DealerID = a.ID, r.dealer.ID
		acts[i] = a
	}
	return acts
}

// bringIn records the acts that are not there yet.
func (s *Importer) bringIn(ctx context.Context, acts []act.Act) (*ImportResult, error) {
	result := &ImportResult{}
	for part := range slices.Chunk(acts, recordTogether) {
		ids := make([]string, len(part))
		for i, a := range part {
			ids[i] = a.ID
		}
		known, err := s.Store.KnownSales(ctx, ids)
		if err != nil {
			return nil, err
		}
		part = slices.DeleteFunc(part, func(a act.Act) bool { return known[a.ID] })
		result.Known += len(known)
		result.Added += len(part)
		if len(part) == 0 {
			continue
		}
		if err := s.Acts.Record(ctx, part...); err != nil {
			return nil, err
		}
	}
	return result, nil
}

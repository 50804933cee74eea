// Package insight holds the figures that people talk over. They are projections
// of acts; nobody compiles them.
package insight

import (
	"context"
	"time"

	"dure/domain/act"
	"dure/domain/money"
)

// SaleSource tells where a sale became known.
type SaleSource string

// The sources of a sale.
const (
	FromContract SaleSource = "CONTRACT"
	FromImport   SaleSource = "IMPORT"
)

// Sale is one contract's or one imported line's machines, as figures count them.
type Sale struct {
	ID          string `bun:",pk"` // the contract's id, or the imported line's act id
	Source      SaleSource
	DealerID    string
	RegionCode  string
	ProductID   string `bun:",nullzero"`
	Quantity    int
	Amount      money.Won
	Channel     string // DIGITAL or PAPER
	SoldAt      time.Time
	CancelledAt time.Time `bun:",nullzero"`
}

// Store keeps sales.
type Store interface {
	AddSales(ctx context.Context, sales ...Sale) error
	CancelSale(ctx context.Context, id string, at time.Time) error
}

// Projection follows the log and keeps sales in step with it, in the same
// transaction.
type Projection struct{ Store Store }

// Follow implements act.Follower.
func (p Projection) Follow(ctx context.Context, acts []act.Act) error {
	var sales []Sale
	for _, a := range acts {
		switch a.Kind {
		case act.ContractSigned, act.PaperRecorded, act.SaleImported:
			sales = append(sales, SaleOf(a))
		case act.ContractCancelled:
			if err := p.Store.CancelSale(ctx, a.SubjectID, a.OccurredAt); err != nil {
				return err
			}
		}
	}
	if len(sales) == 0 {
		return nil
	}
	return p.Store.AddSales(ctx, sales...)
}

// SaleOf reads a sale from the facts of a signed contract or an imported line:
// regionCode, productId, quantity, price and channel.
func SaleOf(a act.Act) Sale {
	s := Sale{
		ID: a.SubjectID, Source: FromContract, DealerID: a.DealerID, SoldAt: a.OccurredAt,
		RegionCode: a.Facts.Text("regionCode"), ProductID: a.Facts.Text("productId"),
		Quantity: int(a.Facts.Number("quantity")), Amount: money.Won(a.Facts.Number("price")),
		Channel: a.Facts.Text("channel"),
	}
	if a.Kind == act.SaleImported {
		s.Source = FromImport
	}
	return s
}

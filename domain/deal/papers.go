package deal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"dure/domain/customer"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/work"
)

// paper is what the contract's PDF says.
func (s *Service) paper(ctx context.Context, c *Contract, q *Quote) (ContractPaper, error) {
	p := ContractPaper{
		Number: c.Number, Language: "ko", DraftedAt: c.DraftedAt, Lines: q.Lines, ListTotal: q.ListTotal,
		Discount: q.Discount, TradeIn: q.TradeIn, Total: q.Total, Delivery: PaperDelivery{Due: q.Delivery},
	}
	d, err := s.Channel.Dealer(ctx, c.DealerID)
	if err != nil {
		return p, err
	}
	p.Dealer = PaperParty{Name: d.Name, BusinessNumber: d.BusinessNumber, Representative: d.OwnerName, Phone: d.Phone}
	who, err := s.Customers.Customer(ctx, c.CustomerID)
	if err != nil {
		return p, err
	}
	p.Customer = PaperParty{Name: who.Name, Phone: who.Phone, Address: who.Address}
	p.Payment = PaperPayment{Method: "일시불"}
	if q.FinanceProgrammeID != "" {
		f, err := s.Catalogue.FinanceProgramme(ctx, q.FinanceProgrammeID)
		if err != nil {
			return p, err
		}
		p.Payment = PaperPayment{
			Method: "할부 금융", Programme: f.Name, RateBP: q.FinanceRateBP, Months: q.FinanceMonths,
			DownPayment: q.DownPayment, Financed: q.Total - q.DownPayment, Monthly: q.Monthly,
		}
	}
	texts, err := s.Customers.ConsentTextsAt(ctx, c.DraftedAt)
	if err != nil {
		return p, err
	}
	for _, t := range texts {
		item := PaperText{Key: t.ID, Version: strconv.Itoa(t.Version), Title: t.Title, Text: t.Body, Optional: t.Purpose != customer.Contract && t.Purpose != customer.PersonalData}
		if t.Purpose == customer.Contract {
			p.Clauses = append(p.Clauses, item)
		} else {
			p.Consents = append(p.Consents, item)
		}
	}
	return p, nil
}

// EvidenceOf reads a contract's evidence: empty for one on paper. It fails with
// fault.NotFound outside the caller's reach.
func (s *Service) EvidenceOf(ctx context.Context, contractID string) ([]EvidenceEvent, error) {
	c, err := s.own(ctx, contractID)
	if err != nil {
		return nil, err
	}
	return s.Store.Evidence(ctx, c.ID)
}

// PaperFile reads the PDF that was rendered at the draft, or renders that of an
// old contract. It fails with fault.NotFound when the contract has none or lies
// outside the caller's reach. It is asked for right after the draft.
func (s *Service) PaperFile(ctx context.Context, id string) (io.ReadCloser, error) {
	ctx = work.Fresh(ctx)
	c, err := s.own(ctx, id)
	if err != nil {
		return nil, err
	}
	if c.PaperSHA256 == "" {
		return s.oldPaper(ctx, c)
	}
	return s.Files.Get(ctx, c.PaperSHA256)
}

// PackageFile reads the sealed package.
func (s *Service) PackageFile(ctx context.Context, id string) (io.ReadCloser, error) {
	c, err := s.own(work.Fresh(ctx), id)
	if err != nil {
		return nil, err
	}
	if c.SealedSHA256 == "" {
		return nil, fault.New(fault.NotFound, "contract.no_file")
	}
	return s.Files.Get(ctx, c.SealedSHA256)
}

// Seal makes the sealed package of a signed contract. Running it twice makes
// one package.
func (s *Service) Seal(ctx context.Context, contractID string) error {
	scope, err := identity.Allow(ctx, identity.ContractSeal)
	if err != nil {
		return err
	}
	ctx = work.Fresh(ctx) // a draft that a replica still holds would never be sealed
	c, err := s.Store.Contract(ctx, scope, contractID)
	if err != nil {
		return err
	}
	if c.SealedSHA256 != "" || c.MarkSHA256 == "" {
		return nil
	}
	paper, err := s.read(ctx, c.PaperSHA256)
	if err != nil {
		return fmt.Errorf("read paper: %w", err)
	}
	raw, err := s.read(ctx, c.MarkSHA256)
	if err != nil {
		return fmt.Errorf("read signature: %w", err)
	}
	var mark SignatureMark
	if err := json.Unmarshal(raw, &mark); err != nil {
		return fmt.Errorf("read signature: %w", err)
	}
	events, err := s.Store.Evidence(ctx, c.ID)
	if err != nil {
		return err
	}
	texts, err := s.Customers.ConsentTextsAt(ctx, c.DraftedAt)
	if err != nil {
		return err
	}
	var agreed []PaperText
	for _, e := range events {
		for _, t := range texts {
			if e.Kind == EvidenceConsent && e.Detail[DetailConsent] == t.ID {
				agreed = append(agreed, PaperText{Key: t.ID, Version: strconv.Itoa(t.Version), Title: t.Title})
			}
		}
	}
	sealed, err := s.Papers.Seal(ctx, SealedContract{
		ContractID: c.ID, Number: c.Number, Language: "ko", Paper: paper, Mark: mark, Consents: agreed, Events: events,
	})
	if err != nil {
		return fmt.Errorf("seal %s: %w", c.ID, err)
	}
	sha, _, err := s.Files.Put(ctx, bytes.NewReader(sealed))
	if err != nil {
		return fmt.Errorf("keep package: %w", err)
	}
	return s.Store.SetSealed(ctx, c.ID, sha)
}

func (s *Service) read(ctx context.Context, sha string) ([]byte, error) {
	r, err := s.Files.Get(ctx, sha)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	return io.ReadAll(r)
}

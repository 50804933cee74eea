package deal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/text"
)

// DraftContract makes a contract from an accepted quote and renders the paper
// that will be read and signed.
func (s *Service) DraftContract(ctx context.Context, in DraftContractInput) (*Contract, error) {
	scope, err := identity.Allow(ctx, identity.ContractDraft)
	if err != nil {
		return nil, err
	}
	var c *Contract
	err = s.Once(ctx, in.IdempotencyKey, "draftContract", in, &c, func(ctx context.Context) error {
		q, err := s.Store.Quote(ctx, scope, in.QuoteID)
		if err != nil {
			return fault.Refer(err, "quoteId")
		}
		now := s.Now().UTC().Truncate(time.Microsecond)
		if err := q.Accept(now); err != nil {
			return err
		}
		if err := s.consented(ctx, q.CustomerID); err != nil {
			return err
		}
		if err := s.Store.SaveQuote(ctx, q); err != nil {
			return err
		}
		c = s.contractOf(ctx, q, Digital)
		c.DraftedAt = now
		if err := s.number(ctx, c, now); err != nil {
			return err
		}
		paper, err := s.paper(ctx, c, q)
		if err != nil {
			return err
		}
		pdf, err := s.Papers.Render(paper)
		if err != nil {
			return fmt.Errorf("render contract: %w", err)
		}
		if c.PaperSHA256, _, err = s.Files.Put(ctx, bytes.NewReader(pdf)); err != nil {
			return fmt.Errorf("keep contract paper: %w", err)
		}
		if err := s.Store.AddContract(ctx, c); err != nil {
			return err
		}
		drafted := EvidenceEvent{Kind: EvidenceDrafted, At: now, ActorID: c.StaffID, Detail: map[string]string{DetailPaper: c.PaperSHA256}}
		if err := s.Store.AddEvidence(ctx, c.ID, drafted.Follow(nil)); err != nil {
			return err
		}
		return s.recordContract(ctx, act.ContractDrafted, c, now, nil)
	})
	return c, err
}

func (s *Service) contractOf(ctx context.Context, q *Quote, channel ContractChannel) *Contract {
	c := &Contract{
		ID: s.NewID("ctr"), QuoteID: q.ID, DealID: q.DealID, DealerID: q.DealerID, CustomerID: q.CustomerID,
		StaffID: identity.From(ctx).UserID, Channel: channel, Status: ContractDraft, ProductID: q.Lines[0].ProductID,
		ListTotal: q.ListTotal, Discount: q.Discount, Price: q.ListTotal - q.Discount, Total: q.Total, Version: 1,
	}
	for _, l := range q.Lines {
		c.Quantity += l.Quantity
	}
	return c
}

func (s *Service) number(ctx context.Context, c *Contract, at time.Time) error {
	n, err := s.Store.NextNumber(ctx, "contract", c.ID)
	if err != nil {
		return err
	}
	c.Number = fmt.Sprintf("C-%s-%06d", at.In(kst.Zone).Format("2006"), n)
	return nil
}

// recordContract records an act about c with the facts that figures and rules
// ask for.
func (s *Service) recordContract(ctx context.Context, kind act.Kind, c *Contract, at time.Time, more act.Facts) error {
	d, err := s.Channel.Dealer(ctx, c.DealerID)
	if err != nil {
		return err
	}
	facts := act.Facts{
		"channel": string(c.Channel), "price": int64(c.Price), "listTotal": int64(c.ListTotal), "discountBP": c.DiscountBP(),
		"productId": c.ProductID, "quantity": c.Quantity, "regionCode": d.RegionCode,
	}
	for k, v := range more {
		facts[k] = v
	}
	return s.Acts.Record(ctx, deal(s.Act(ctx, kind, c.ID, at, facts), c.DealerID, c.CustomerID, c.DealID))
}

// SignContract binds a draft with the drawn signature: the contract, its
// evidence, the act and the points hold together or not at all. The sealed
// package follows in a job.
func (s *Service) SignContract(ctx context.Context, in SignContractInput) (*Contract, error) {
	scope, err := identity.Allow(ctx, identity.ContractSign)
	if err != nil {
		return nil, err
	}
	var c *Contract
	err = s.Once(ctx, in.IdempotencyKey, "signContract", in, &c, func(ctx context.Context) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		received := s.Now().UTC().Truncate(time.Microsecond)
		mark := in.Signature.Mark(in.device(identity.From(ctx)), at, received)
		if err := mark.Check(); err != nil {
			return err
		}
		if strings.TrimSpace(mark.SignerName) == "" {
			return fault.New(fault.Invalid, "contract.signer_missing").On("signature.signerName")
		}
		if err := text.Check(mark.SignerName, MaxLine, "signature.signerName"); err != nil {
			return err
		}
		if c, err = s.Store.Contract(ctx, scope, in.ContractID); err != nil {
			return fault.Refer(err, "contractId")
		}
		if c.Status == ContractDraft && c.Version != in.ExpectedVersion {
			return fault.New(fault.Conflict, "contract.changed").On("expectedVersion")
		}
		moment, before := act.After(at, c.DraftedAt)
		if err := c.Sign(in.ReadSha256, moment, received); err != nil {
			return err
		}
		if before != nil {
			return before
		}
		at, mark.SignedAt = moment, moment
		if err := s.consented(ctx, c.CustomerID); err != nil {
			return err
		}
		agreed, err := s.agreed(ctx, in.ConsentTextIDs, c.DraftedAt)
		if err != nil {
			return err
		}
		c.SignatureSHA256 = mark.SHA256()
		if c.MarkSHA256, err = s.keepMark(ctx, mark); err != nil {
			return err
		}
		if err := s.Store.SaveContract(ctx, c); err != nil {
			return err
		}
		if err := s.signedEvidence(ctx, c, mark, agreed, in.ByLink); err != nil {
			return err
		}
		if err := s.win(ctx, scope, c, at); err != nil {
			return err
		}
		if err := s.recordContract(ctx, act.ContractSigned, c, at, in.ByLink.facts()); err != nil {
			return err
		}
		return s.Sealing.SealLater(ctx, c.ID)
	})
	return c, err
}

// device is what the signature was drawn on: the caller's, or the customer's own,
// which is named by the link.
func (in SignContractInput) device(who identity.Actor) string {
	if in.ByLink != nil {
		return in.ByLink.LinkID
	}
	return who.DeviceID
}

// facts are what the act of the signature tells beside the contract.
func (l *ByLink) facts() act.Facts {
	if l == nil {
		return nil
	}
	return act.Facts{"byLink": true, "codeBy": l.CodeBy, "browser": l.BrowserHash}
}

// Mark is the signature as it was drawn on a device at that moment.
func (in SignatureInput) Mark(deviceID string, at, received time.Time) SignatureMark {
	m := SignatureMark{
		Width: in.Width, Height: in.Height, SignerName: in.SignerName, DeviceID: deviceID,
		SignedAt: at, ReceivedAt: received, Strokes: make([][]Point, len(in.Strokes)),
	}
	for i, stroke := range in.Strokes {
		m.Strokes[i] = make([]Point, len(stroke))
		for j, p := range stroke {
			m.Strokes[i][j] = Point{X: p.X, Y: p.Y}
		}
	}
	return m
}

// agreed reads the words that were agreed to, which are those that stood on the
// paper at the draft; the contract's own must be among them.
func (s *Service) agreed(ctx context.Context, ids []string, draftedAt time.Time) ([]customer.ConsentText, error) {
	valid, err := s.Customers.ConsentTextsAt(ctx, draftedAt)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]customer.ConsentText, len(valid))
	for _, t := range valid {
		byID[t.ID] = t
	}
	var agreed []customer.ConsentText
	terms := false
	for i, id := range ids {
		t, ok := byID[id]
		if !ok {
			return nil, fault.New(fault.NotFound, "consent.unknown_text").On("consentTextIds")
		}
		if slices.Contains(ids[:i], id) {
			continue // twice is once
		}
		terms = terms || t.Purpose == customer.Contract
		agreed = append(agreed, t)
	}
	if !terms {
		return nil, fault.New(fault.Invalid, "contract.terms_not_agreed").On("consentTextIds")
	}
	return agreed, nil
}

func (s *Service) keepMark(ctx context.Context, m SignatureMark) (string, error) {
	raw, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("keep signature: %w", err)
	}
	sha, _, err := s.Files.Put(ctx, bytes.NewReader(raw))
	if err != nil {
		return "", fmt.Errorf("keep signature: %w", err)
	}
	return sha, nil
}

// signedEvidence appends what was agreed to and the signature to the chain. Who
// witnessed it is the dealer's staff, or nobody but the customer by their link.
func (s *Service) signedEvidence(ctx context.Context, c *Contract, m SignatureMark, agreed []customer.ConsentText, link *ByLink) error {
	events, err := s.Store.Evidence(ctx, c.ID)
	if err != nil {
		return err
	}
	if len(events) == 0 {
		return fmt.Errorf("contract %s has no evidence of its draft", c.ID)
	}
	last, actorID := events[len(events)-1], c.StaffID
	if link != nil {
		actorID = c.CustomerID
	}
	var next []EvidenceEvent
	for _, t := range agreed {
		e := EvidenceEvent{Kind: EvidenceConsent, At: m.SignedAt, ActorID: actorID, Detail: map[string]string{
			DetailConsent: t.ID, DetailVersion: strconv.Itoa(t.Version),
		}}
		last = e.Follow(&last)
		next = append(next, last)
	}
	signed := SignedEvidence(m, actorID, c.PaperSHA256)
	if link != nil {
		signed.Detail[DetailLink], signed.Detail[DetailCodeBy], signed.Detail[DetailBrowser] = link.LinkID, link.CodeBy, link.BrowserHash
	}
	next = append(next, signed.Follow(&last))
	return s.Store.AddEvidence(ctx, c.ID, next...)
}

// win ends the contract's consultation, if it has one.
func (s *Service) win(ctx context.Context, scope identity.Scope, c *Contract, at time.Time) error {
	return s.withConsultation(ctx, scope, c, func(k *Consultation) bool {
		if k.Status == ConsultationWon {
			return false
		}
		k.Win(at)
		return true
	})
}

func (s *Service) withConsultation(ctx context.Context, scope identity.Scope, c *Contract, change func(*Consultation) bool) error {
	k, err := s.Store.Consultation(ctx, scope, c.DealID)
	if fault.CodeOf(err) == fault.NotFound {
		return nil // a deal that began with a quote or a paper contract
	}
	if err != nil || !change(k) {
		return err
	}
	return s.Store.SaveConsultation(ctx, k)
}

// RecordPaperContract records a contract signed on paper: the same contract in
// every figure, without points.
func (s *Service) RecordPaperContract(ctx context.Context, in RecordPaperContractInput) (*Contract, error) {
	scope, err := identity.Allow(ctx, identity.ContractSign)
	if err != nil {
		return nil, err
	}
	var c *Contract
	err = s.Once(ctx, in.IdempotencyKey, "recordPaperContract", in, &c, func(ctx context.Context) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		q, err := s.quoteForPaper(ctx, scope, in, at)
		if err != nil {
			return err
		}
		if err := s.consented(ctx, q.CustomerID); err != nil {
			return err
		}
		// Paper asks nobody: it is recorded as it was signed, approved or not.
		unapproved := !q.WithinBand() && q.Status != QuoteIssued
		if in.QuoteID != "" {
			q.Status = QuoteAccepted
			if err := s.Store.SaveQuote(ctx, q); err != nil {
				return err
			}
		}
		c = s.contractOf(ctx, q, Paper)
		if in.QuoteID == "" {
			c.QuoteID, c.DealID = "", c.ID
		}
		c.Status, c.DraftedAt, c.SignedAt, c.ReceivedAt = ContractSigned, at, at, s.Now().UTC().Truncate(time.Microsecond)
		if err := s.number(ctx, c, at); err != nil {
			return err
		}
		if err := s.Store.AddContract(ctx, c); err != nil {
			return err
		}
		if err := s.win(ctx, scope, c, at); err != nil {
			return err
		}
		return s.recordContract(ctx, act.PaperRecorded, c, at, act.Facts{"unapprovedDiscount": unapproved})
	})
	return c, err
}

// quoteForPaper is the quote that was signed on paper, or what it would have
// been when there was none.
func (s *Service) quoteForPaper(ctx context.Context, scope identity.Scope, in RecordPaperContractInput, at time.Time) (*Quote, error) {
	if in.QuoteID != "" {
		if in.CustomerID != "" || in.Lines != nil || in.Discount != 0 || in.TradeIn != nil {
			return nil, errQuoteOrLines
		}
		q, err := s.Store.Quote(ctx, scope, in.QuoteID)
		if err != nil {
			return nil, fault.Refer(err, "quoteId")
		}
		switch q.Status {
		case QuoteAccepted:
			return nil, fault.New(fault.Conflict, "quote.already_accepted").On("quoteId")
		case QuoteSuperseded:
			return nil, fault.New(fault.Conflict, "quote.superseded").On("quoteId")
		}
		_, err = act.After(at, q.IssuedAt)
		return q, err
	}
	if in.CustomerID == "" {
		return nil, errQuoteOrLines
	}
	q := &Quote{ID: s.NewID("quo"), Revision: 1}
	if err := s.place(ctx, scope, q, "", in.CustomerID); err != nil {
		return nil, err
	}
	return q, s.fill(ctx, q, offer{lines: in.Lines, discount: in.Discount, tradeIn: in.TradeIn}, at)
}

var errQuoteOrLines = fault.New(fault.Invalid, "contract.quote_or_lines").On("quoteId")

// CancelContract takes a contract back. The points it earned are reversed by a
// new entry, and its quote may be drafted again.
func (s *Service) CancelContract(ctx context.Context, in CancelContractInput) (*Contract, error) {
	scope, err := identity.Allow(ctx, identity.ContractCancel)
	if err != nil {
		return nil, err
	}
	var c *Contract
	err = s.Once(ctx, in.IdempotencyKey, "cancelContract", in, &c, func(ctx context.Context) error {
		if strings.TrimSpace(in.Reason) == "" {
			return fault.New(fault.Invalid, "contract.reason_missing").On("reason")
		}
		if err := text.Check(in.Reason, MaxNote, "reason"); err != nil {
			return err
		}
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		if c, err = s.Store.Contract(ctx, scope, in.ContractID); err != nil {
			return fault.Refer(err, "contractId")
		}
		if c.Version != in.ExpectedVersion {
			return fault.New(fault.Conflict, "contract.changed").On("expectedVersion")
		}
		for _, reference := range []time.Time{c.DraftedAt, c.SignedAt} {
			if at, err = act.After(at, reference); err != nil {
				return err
			}
		}
		if err := c.Cancel(in.Reason, at); err != nil {
			return err
		}
		if err := s.Store.SaveContract(ctx, c); err != nil {
			return err
		}
		if err := s.release(ctx, scope, c); err != nil {
			return err
		}
		return s.recordContract(ctx, act.ContractCancelled, c, at, act.Facts{"wasSigned": !c.SignedAt.IsZero()})
	})
	return c, err
}

// release lets the deal go on after its contract was taken back. Its
// consultation stays won by a draft that was never signed and while another
// contract of the deal holds.
func (s *Service) release(ctx context.Context, scope identity.Scope, c *Contract) error {
	if c.QuoteID != "" {
		q, err := s.Store.Quote(ctx, scope, c.QuoteID)
		if err != nil {
			return err
		}
		q.ReleaseAcceptance(c.Channel)
		if err := s.Store.SaveQuote(ctx, q); err != nil {
			return err
		}
	}
	if won, err := s.signedOf(ctx, scope, c.DealID); err != nil || won || c.SignedAt.IsZero() {
		return err
	}
	return s.withConsultation(ctx, scope, c, func(k *Consultation) bool {
		if k.Status != ConsultationWon {
			return false
		}
		k.Reopen()
		return true
	})
}

// signedOf reports whether a contract of the deal's quotes is signed.
func (s *Service) signedOf(ctx context.Context, scope identity.Scope, dealID string) (bool, error) {
	quotes, err := s.Store.QuotesOfDeals(ctx, scope, []string{dealID})
	if err != nil || len(quotes) == 0 {
		return false, err
	}
	ids := make([]string, len(quotes))
	for i, q := range quotes {
		ids[i] = q.ID
	}
	contracts, err := s.Store.ContractsOfQuotes(ctx, scope, ids)
	return slices.ContainsFunc(contracts, func(c Contract) bool { return c.Status == ContractSigned }), err
}

package lending

import (
	"bytes"
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/text"
)

// DecideApplication enters a lender's decision, once.
func (s *Service) DecideApplication(ctx context.Context, in DecideApplicationInput) (*FinanceApplication, error) {
	scope, err := identity.Allow(ctx, identity.FinanceDecide)
	if err != nil {
		return nil, err
	}
	var a *FinanceApplication
	err = s.Once(ctx, in.IdempotencyKey, "decideApplication", in, &a, func(ctx context.Context) error {
		held, err := s.hold(ctx, scope, in.ApplicationID)
		if err != nil {
			return err
		}
		a = held
		if err := a.undecided(); err != nil {
			return err
		}
		if a.Version != in.ExpectedVersion {
			return errChanged
		}
		if err := s.stillOpen(ctx, a); err != nil {
			return err
		}
		asked, err := s.Store.StipulationsOf(ctx, scope, []string{a.ID})
		if err != nil {
			return err
		}
		at := s.now()
		if err := a.Decide(in, at); err != nil {
			return err
		}
		if err := s.Store.SaveApplication(ctx, a); err != nil {
			return err
		}
		return s.record(ctx, act.FinanceDecided, feed.ApplicationDecided, a, a.ID, at, act.Facts{
			"decision": string(in.Decision), "completeAtFirstTry": len(asked) == 0, "documentsAsked": len(asked),
			"amount": int64(a.Amount), "approvedAmount": int64(a.ApprovedAmount),
		})
	})
	return a, err
}

// stillOpen fails with fault.Conflict once the customer took their consent back
// or the contract was cancelled: there is nothing to decide on.
func (s *Service) stillOpen(ctx context.Context, a *FinanceApplication) error {
	shares, err := s.Store.SharesOfRows(ctx, a.LenderID, []string{a.ID})
	if err != nil {
		return err
	}
	if len(shares) == 0 {
		return fault.New(fault.Conflict, "application.no_consent").On("applicationId")
	}
	if a.ContractID == "" {
		return nil
	}
	c, err := s.Deals.Contract(asPlatform(ctx), a.ContractID)
	if err == nil && c.Status == deal.ContractCancelled {
		return fault.New(fault.Conflict, "contract.already_cancelled").On("applicationId")
	}
	return err
}

// MaxDocuments is how many documents may be asked for at once.
const MaxDocuments = 20

// RequestDocuments asks the dealer for documents, each with a day it is due.
func (s *Service) RequestDocuments(ctx context.Context, in RequestDocumentsInput) (*FinanceApplication, error) {
	scope, err := identity.Allow(ctx, identity.FinanceDecide)
	if err != nil {
		return nil, err
	}
	var a *FinanceApplication
	err = s.Once(ctx, in.IdempotencyKey, "requestDocuments", in, &a, func(ctx context.Context) error {
		held, err := s.hold(ctx, scope, in.ApplicationID)
		if err != nil {
			return err
		}
		a = held
		switch a.Status {
		case Withdrawn:
			return fault.New(fault.Conflict, "application.withdrawn")
		case Declined, Funded:
			return fault.New(fault.Conflict, "application.closed")
		}
		if err := s.stillOpen(ctx, a); err != nil {
			return err
		}
		wanted, err := s.wanted(a, in.Documents)
		if err != nil {
			return err
		}
		if err := s.Store.AddStipulations(ctx, wanted); err != nil {
			return err
		}
		return s.record(ctx, act.DocumentsRequested, feed.DocumentsRequested, a, a.ID, s.now(), act.Facts{"documents": len(wanted)})
	})
	return a, err
}

func (s *Service) wanted(a *FinanceApplication, documents []DocumentInput) ([]Stipulation, error) {
	if len(documents) == 0 || len(documents) > MaxDocuments {
		return nil, fault.New(fault.Invalid, "application.bad_documents", MaxDocuments).On("documents")
	}
	now := s.now()
	out := make([]Stipulation, len(documents))
	for i, d := range documents {
		field := "documents." + strconv.Itoa(i)
		if strings.TrimSpace(d.Title) == "" {
			return nil, fault.New(fault.Invalid, "application.blank_line").On(field + ".title")
		}
		if err := text.Check(d.Title, MaxLine, field+".title"); err != nil {
			return nil, err
		}
		if err := text.Check(d.Note, MaxNote, field+".note"); err != nil {
			return nil, err
		}
		due := kst.StartOfDay(d.DueOn)
		if due.Before(kst.StartOfDay(now)) || due.After(now.AddDate(1, 0, 0)) {
			return nil, fault.New(fault.Invalid, "application.bad_day").On(field + ".dueOn")
		}
		out[i] = Stipulation{
			ID: s.NewID("stp"), ApplicationID: a.ID, LenderID: a.LenderID, DealerID: a.DealerID, Status: Wanted,
			Title: d.Title, Note: d.Note, DueOn: due, RequestedAt: now,
		}
	}
	return out, nil
}

// MaxFile is the largest document, in bytes, that fits into a request.
const MaxFile = 700 << 10

// AnswerStipulation hands in what a lender asked for: words, a file or both.
func (s *Service) AnswerStipulation(ctx context.Context, in AnswerStipulationInput) (*FinanceApplication, error) {
	scope, err := identity.Allow(ctx, identity.FinanceApply)
	if err != nil {
		return nil, err
	}
	var a *FinanceApplication
	err = s.Once(ctx, in.IdempotencyKey, "answerStipulation", in, &a, func(ctx context.Context) error {
		at, err := act.Moment(s.Now(), in.OccurredAt)
		if err != nil {
			return err
		}
		w, err := s.Store.Stipulation(ctx, scope, in.StipulationID)
		if err != nil {
			return fault.Refer(err, "stipulationId")
		}
		if a, err = s.hold(ctx, scope, w.ApplicationID); err != nil {
			return err
		}
		if !a.Open() || a.Status == Funded {
			return fault.New(fault.Conflict, "application.closed").On("stipulationId")
		}
		if w.Status != Wanted {
			return fault.New(fault.Conflict, "stipulation.already_answered").On("stipulationId")
		}
		if at.Before(w.RequestedAt) {
			return fault.New(fault.Invalid, "act.before_deal").On("occurredAt")
		}
		if err := s.fill(ctx, scope, w, in, at); err != nil {
			return err
		}
		if err := s.Store.SaveAnswer(ctx, w); err != nil {
			return err
		}
		return s.record(ctx, act.DocumentProvided, feed.DocumentsProvided, a, w.ID, at, act.Facts{"onTime": !kst.StartOfDay(at).After(w.DueOn)})
	})
	return a, err
}

// fill puts what was handed in onto w.
func (s *Service) fill(ctx context.Context, scope identity.Scope, w *Stipulation, in AnswerStipulationInput, at time.Time) error {
	if strings.TrimSpace(in.Answer) == "" && in.File == nil && in.Uploaded == nil {
		return fault.New(fault.Invalid, "stipulation.nothing").On("answer")
	}
	if in.File != nil && in.Uploaded != nil {
		return fault.New(fault.Invalid, "stipulation.two_files").On("uploaded")
	}
	if err := text.Check(in.Answer, MaxNote, "answer"); err != nil {
		return err
	}
	w.Status, w.Answer, w.ProvidedBy, w.ProvidedAt = Provided, in.Answer, identity.From(ctx).UserID, at
	if in.Uploaded != nil {
		return s.attach(ctx, scope, w, *in.Uploaded)
	}
	if in.File == nil {
		return nil
	}
	if err := text.Check(in.File.Name, MaxLine, "file.name"); err != nil {
		return err
	}
	if base64.StdEncoding.DecodedLen(len(in.File.Content)) > MaxFile+2 {
		return fault.New(fault.Invalid, "file.too_large", MaxFile>>10).On("file.content")
	}
	content, err := base64.StdEncoding.DecodeString(in.File.Content)
	if err != nil {
		return fault.New(fault.Invalid, "file.not_base64").On("file.content")
	}
	kind := kindOf(content)
	switch {
	case len(content) > MaxFile:
		return fault.New(fault.Invalid, "file.too_large", MaxFile>>10).On("file.content")
	case kind == "":
		return fault.New(fault.Invalid, "file.bad_kind").On("file.content")
	}
	sha, size, err := s.Files.Put(ctx, bytes.NewReader(content))
	w.FileName, w.FileType, w.FileSHA256, w.FileSize = in.File.Name, kind, sha, int(size)
	return err
}

// kindOf is the media type that content begins like; "" for what is no document.
func kindOf(content []byte) string {
	for prefix, kind := range map[string]string{"%PDF-": "application/pdf", "\xff\xd8\xff": "image/jpeg", "\x89PNG\r\n\x1a\n": "image/png"} {
		if bytes.HasPrefix(content, []byte(prefix)) {
			return kind
		}
	}
	return ""
}

// ConfirmFunding enters that the money was paid, once. The contract must be
// signed and every document handed in.
func (s *Service) ConfirmFunding(ctx context.Context, in ConfirmFundingInput) (*FinanceApplication, error) {
	scope, err := identity.Allow(ctx, identity.FinanceDecide)
	if err != nil {
		return nil, err
	}
	var a *FinanceApplication
	err = s.Once(ctx, in.IdempotencyKey, "confirmFunding", in, &a, func(ctx context.Context) error {
		held, err := s.hold(ctx, scope, in.ApplicationID)
		if err != nil {
			return err
		}
		a = held
		asked, err := s.Store.StipulationsOf(ctx, scope, []string{a.ID})
		if err != nil {
			return err
		}
		missing := 0
		for _, w := range asked {
			if w.Status == Wanted {
				missing++
			}
		}
		next := *a
		if err := next.Fund(in.Amount, in.FundedOn, missing, s.now()); err != nil {
			return err
		}
		if a.Version != in.ExpectedVersion {
			return errChanged
		}
		if err := s.signed(ctx, a); err != nil {
			return err
		}
		a = &next
		if err := s.Store.SaveApplication(ctx, a); err != nil {
			return err
		}
		return s.record(ctx, act.FinanceFunded, feed.ApplicationFunded, a, a.ID, s.now(), act.Facts{"amount": int64(in.Amount)})
	})
	return a, err
}

// signed fails with fault.Conflict unless the application's contract holds.
func (s *Service) signed(ctx context.Context, a *FinanceApplication) error {
	missing := fault.New(fault.Conflict, "application.contract_not_signed").On("applicationId")
	if a.ContractID == "" {
		return missing
	}
	c, err := s.Deals.Contract(asPlatform(ctx), a.ContractID)
	if err == nil && c.Status != deal.ContractSigned {
		return missing
	}
	return err
}

// itemsOfPaper are those that a contract's PDF shows.
var itemsOfPaper = []customer.ConsentItem{customer.ItemContract, customer.ItemIdentity, customer.ItemContact}

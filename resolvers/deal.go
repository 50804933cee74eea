package resolvers

import (
	"context"

	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/iq"
	"dure/domain/lending"
	"dure/domain/page"
	"dure/graph"
	"dure/graph/view"
)

// Dealer is the resolver for the dealer field.
func (r *consultationResolver) Dealer(ctx context.Context, obj *deal.Consultation) (*channel.Dealer, error) {
	return load(ctx).dealers.Load(ctx, obj.DealerID)
}

// Customer is the resolver for the customer field.
func (r *consultationResolver) Customer(ctx context.Context, obj *deal.Consultation) (*customer.Customer, error) {
	return load(ctx).customers.Load(ctx, obj.CustomerID)
}

// Showings is the resolver for the showings field.
func (r *consultationResolver) Showings(ctx context.Context, obj *deal.Consultation) ([]deal.Showing, error) {
	return load(ctx).showings.Load(ctx, obj.ID)
}

// Quotes is the resolver for the quotes field.
func (r *consultationResolver) Quotes(ctx context.Context, obj *deal.Consultation) ([]deal.Quote, error) {
	return load(ctx).dealQuotes.Load(ctx, obj.ID)
}

// StaffName is the resolver for the staffName field.
func (r *consultationResolver) StaffName(ctx context.Context, obj *deal.Consultation) (string, error) {
	return name(ctx, obj.StaffID)
}

// LedgerEntries is the resolver for the ledgerEntries field.
func (r *consultationResolver) LedgerEntries(ctx context.Context, obj *deal.Consultation) ([]iq.LedgerEntry, error) {
	return load(ctx).dealEntries.Load(ctx, obj.ID)
}

// Dealer is the resolver for the dealer field.
func (r *contractResolver) Dealer(ctx context.Context, obj *deal.Contract) (*channel.Dealer, error) {
	return load(ctx).dealers.Load(ctx, obj.DealerID)
}

// Customer is the resolver for the customer field.
func (r *contractResolver) Customer(ctx context.Context, obj *deal.Contract) (*customer.Customer, error) {
	return load(ctx).customers.Load(ctx, obj.CustomerID)
}

// Quote is the resolver for the quote field.
func (r *contractResolver) Quote(ctx context.Context, obj *deal.Contract) (*deal.Quote, error) {
	if obj.QuoteID == "" {
		return nil, nil
	}
	return load(ctx).quotes.Load(ctx, obj.QuoteID)
}

// Product is the resolver for the product field.
func (r *contractResolver) Product(ctx context.Context, obj *deal.Contract) (*catalogue.Product, error) {
	return load(ctx).products.Load(ctx, obj.ProductID)
}

// StaffName is the resolver for the staffName field.
func (r *contractResolver) StaffName(ctx context.Context, obj *deal.Contract) (string, error) {
	return name(ctx, obj.StaffID)
}

// Evidence is the resolver for the evidence field.
func (r *contractResolver) Evidence(ctx context.Context, obj *deal.Contract) (*view.Evidence, error) {
	if obj.PaperSHA256 == "" {
		return nil, nil
	}
	return &view.Evidence{ContractID: obj.ID, Sha256: obj.PaperSHA256, SealedSha256: obj.SealedSHA256}, nil
}

// Shared is the resolver for the shared field.
func (r *contractResolver) Shared(ctx context.Context, obj *deal.Contract) (*lending.SharedDeal, error) {
	return load(ctx).shared.Load(ctx, obj.ID)
}

// FinanceApplications is the resolver for the financeApplications field.
func (r *contractResolver) FinanceApplications(ctx context.Context, obj *deal.Contract) ([]lending.FinanceApplication, error) {
	return load(ctx).ofContracts.Load(ctx, obj.ID)
}

// LedgerEntries is the resolver for the ledgerEntries field.
func (r *contractResolver) LedgerEntries(ctx context.Context, obj *deal.Contract) ([]iq.LedgerEntry, error) {
	return load(ctx).entries.Load(ctx, obj.ID)
}

// URL is the resolver for the url field.
func (r *evidenceResolver) URL(ctx context.Context, obj *view.Evidence) (string, error) {
	return "/files/contracts/" + obj.ContractID + "/contract.pdf", nil
}

// SealedURL is the resolver for the sealedUrl field.
func (r *evidenceResolver) SealedURL(ctx context.Context, obj *view.Evidence) (string, error) {
	if obj.SealedSha256 == "" {
		return "", nil
	}
	return "/files/contracts/" + obj.ContractID + "/package.zip", nil
}

// Events is the resolver for the events field.
func (r *evidenceResolver) Events(ctx context.Context, obj *view.Evidence) ([]deal.EvidenceEvent, error) {
	return r.Deals.EvidenceOf(ctx, obj.ContractID)
}

// StaffName is the resolver for the staffName field.
func (r *followUpResolver) StaffName(ctx context.Context, obj *deal.FollowUp) (string, error) {
	return name(ctx, obj.StaffID)
}

// OpenConsultation is the resolver for the openConsultation field.
func (r *mutationResolver) OpenConsultation(ctx context.Context, input deal.OpenConsultationInput) (*graph.ConsultationPayload, error) {
	c, err := r.Deals.OpenConsultation(ctx, input)
	return consultationPayload(ctx, c, err)
}

// PresentProduct is the resolver for the presentProduct field.
func (r *mutationResolver) PresentProduct(ctx context.Context, input deal.PresentProductInput) (*graph.ConsultationPayload, error) {
	c, err := r.Deals.PresentProduct(ctx, input)
	return consultationPayload(ctx, c, err)
}

// CloseConsultation is the resolver for the closeConsultation field.
func (r *mutationResolver) CloseConsultation(ctx context.Context, input deal.CloseConsultationInput) (*graph.ConsultationPayload, error) {
	c, err := r.Deals.CloseConsultation(ctx, input)
	return consultationPayload(ctx, c, err)
}

// IssueQuote is the resolver for the issueQuote field.
func (r *mutationResolver) IssueQuote(ctx context.Context, input deal.IssueQuoteInput) (*graph.QuotePayload, error) {
	q, err := r.Deals.IssueQuote(ctx, input)
	return quotePayload(ctx, q, err)
}

// ReviseQuote is the resolver for the reviseQuote field.
func (r *mutationResolver) ReviseQuote(ctx context.Context, input deal.ReviseQuoteInput) (*graph.QuotePayload, error) {
	q, err := r.Deals.ReviseQuote(ctx, input)
	return quotePayload(ctx, q, err)
}

// FollowUpQuote is the resolver for the followUpQuote field.
func (r *mutationResolver) FollowUpQuote(ctx context.Context, input deal.FollowUpQuoteInput) (*graph.QuotePayload, error) {
	q, err := r.Deals.FollowUpQuote(ctx, input)
	return quotePayload(ctx, q, err)
}

// DecideDiscount is the resolver for the decideDiscount field.
func (r *mutationResolver) DecideDiscount(ctx context.Context, input deal.DecideDiscountInput) (*graph.QuotePayload, error) {
	q, err := r.Deals.DecideDiscount(ctx, input)
	return quotePayload(ctx, q, err)
}

// DraftContract is the resolver for the draftContract field.
func (r *mutationResolver) DraftContract(ctx context.Context, input deal.DraftContractInput) (*graph.ContractPayload, error) {
	c, err := r.Deals.DraftContract(ctx, input)
	return contractPayload(ctx, c, err)
}

// SignContract is the resolver for the signContract field.
func (r *mutationResolver) SignContract(ctx context.Context, input deal.SignContractInput) (*graph.ContractPayload, error) {
	c, err := r.Deals.SignContract(ctx, input)
	return contractPayload(ctx, c, err)
}

// RecordPaperContract is the resolver for the recordPaperContract field.
func (r *mutationResolver) RecordPaperContract(ctx context.Context, input deal.RecordPaperContractInput) (*graph.ContractPayload, error) {
	c, err := r.Deals.RecordPaperContract(ctx, input)
	return contractPayload(ctx, c, err)
}

// CancelContract is the resolver for the cancelContract field.
func (r *mutationResolver) CancelContract(ctx context.Context, input deal.CancelContractInput) (*graph.ContractPayload, error) {
	c, err := r.Deals.CancelContract(ctx, input)
	return contractPayload(ctx, c, err)
}

// Consultations is the resolver for the consultations field.
func (r *queryResolver) Consultations(ctx context.Context, filter *deal.ConsultationFilter, first *int, after *string) (*page.Connection[deal.Consultation], error) {
	return r.Deals.Consultations(ctx, filter, first, after)
}

// Consultation is the resolver for the consultation field.
func (r *queryResolver) Consultation(ctx context.Context, id string) (*deal.Consultation, error) {
	return graph.OrNull(r.Deals.Consultation(ctx, id))
}

// Quotes is the resolver for the quotes field.
func (r *queryResolver) Quotes(ctx context.Context, filter *deal.QuoteFilter, first *int, after *string) (*page.Connection[deal.Quote], error) {
	return r.Deals.Quotes(ctx, filter, first, after)
}

// Quote is the resolver for the quote field.
func (r *queryResolver) Quote(ctx context.Context, id string) (*deal.Quote, error) {
	return graph.OrNull(r.Deals.Quote(ctx, id))
}

// Contracts is the resolver for the contracts field.
func (r *queryResolver) Contracts(ctx context.Context, filter *deal.ContractFilter, first *int, after *string) (*page.Connection[deal.Contract], error) {
	return r.Deals.Contracts(ctx, filter, first, after)
}

// Contract is the resolver for the contract field.
func (r *queryResolver) Contract(ctx context.Context, id string) (*deal.Contract, error) {
	return graph.OrNull(r.Deals.Contract(ctx, id))
}

// Status is the resolver for the status field.
func (r *quoteResolver) Status(ctx context.Context, obj *deal.Quote) (deal.QuoteStatus, error) {
	return obj.StatusAt(r.Deals.Now()), nil
}

// Dealer is the resolver for the dealer field.
func (r *quoteResolver) Dealer(ctx context.Context, obj *deal.Quote) (*channel.Dealer, error) {
	return load(ctx).dealers.Load(ctx, obj.DealerID)
}

// Customer is the resolver for the customer field.
func (r *quoteResolver) Customer(ctx context.Context, obj *deal.Quote) (*customer.Customer, error) {
	return load(ctx).customers.Load(ctx, obj.CustomerID)
}

// Consultation is the resolver for the consultation field.
func (r *quoteResolver) Consultation(ctx context.Context, obj *deal.Quote) (*deal.Consultation, error) {
	if obj.ConsultationID == "" {
		return nil, nil
	}
	return load(ctx).consultations.Load(ctx, obj.ConsultationID)
}

// StaffName is the resolver for the staffName field.
func (r *quoteResolver) StaffName(ctx context.Context, obj *deal.Quote) (string, error) {
	return name(ctx, obj.StaffID)
}

// DecidedBy is the resolver for the decidedBy field.
func (r *quoteResolver) DecidedBy(ctx context.Context, obj *deal.Quote) (string, error) {
	return name(ctx, obj.DecidedBy)
}

// FollowUps is the resolver for the followUps field.
func (r *quoteResolver) FollowUps(ctx context.Context, obj *deal.Quote) ([]deal.FollowUp, error) {
	return load(ctx).followUps.Load(ctx, obj.ID)
}

// Contract is the resolver for the contract field.
func (r *quoteResolver) Contract(ctx context.Context, obj *deal.Quote) (*deal.Contract, error) {
	rows, err := load(ctx).contracts.Load(ctx, obj.ID)
	if len(rows) == 0 {
		return nil, err
	}
	return &rows[len(rows)-1], err // the newest; those before it were cancelled
}

// LedgerEntries is the resolver for the ledgerEntries field.
func (r *quoteResolver) LedgerEntries(ctx context.Context, obj *deal.Quote) ([]iq.LedgerEntry, error) {
	return load(ctx).entries.Load(ctx, obj.ID)
}

// Product is the resolver for the product field.
func (r *showingResolver) Product(ctx context.Context, obj *deal.Showing) (*catalogue.Product, error) {
	return load(ctx).products.Load(ctx, obj.ProductID)
}

func (r *Resolver) Consultation() graph.ConsultationResolver { return &consultationResolver{r} }

func (r *Resolver) Contract() graph.ContractResolver { return &contractResolver{r} }

func (r *Resolver) Evidence() graph.EvidenceResolver { return &evidenceResolver{r} }

func (r *Resolver) FollowUp() graph.FollowUpResolver { return &followUpResolver{r} }

func (r *Resolver) Quote() graph.QuoteResolver { return &quoteResolver{r} }

func (r *Resolver) Showing() graph.ShowingResolver { return &showingResolver{r} }

type (
	consultationResolver struct{ *Resolver }
	contractResolver     struct{ *Resolver }
	evidenceResolver     struct{ *Resolver }
	followUpResolver     struct{ *Resolver }
	quoteResolver        struct{ *Resolver }
	showingResolver      struct{ *Resolver }
)

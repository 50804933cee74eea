package resolvers

import (
	"context"

	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/lending"
	"dure/domain/page"
	"dure/graph"
)

// Seq is the resolver for the seq field.
func (r *accessEntryResolver) Seq(ctx context.Context, obj *lending.AccessEntry) (int, error) {
	return int(obj.Seq), nil
}

// Organization is the resolver for the organization field.
func (r *accessEntryResolver) Organization(ctx context.Context, obj *lending.AccessEntry) (*identity.Organization, error) {
	return load(ctx).organizations.Load(ctx, obj.OrganizationID)
}

// Items is the resolver for the items field.
func (r *accessEntryResolver) Items(ctx context.Context, obj *lending.AccessEntry) ([]customer.ConsentItem, error) {
	return obj.ItemList(), nil
}

// Kind is the resolver for the kind field.
func (r *contractChangeResolver) Kind(ctx context.Context, obj *feed.Change) (string, error) {
	return string(obj.Kind), nil
}

// Contract is the resolver for the contract field.
func (r *contractChangeResolver) Contract(ctx context.Context, obj *feed.Change) (*deal.Contract, error) {
	return sharedContract(ctx, obj.ContractID)
}

// Application is the resolver for the application field.
func (r *contractChangeResolver) Application(ctx context.Context, obj *feed.Change) (*lending.FinanceApplication, error) {
	return load(ctx).applications.Load(ctx, obj.SubjectID)
}

// Lender is the resolver for the lender field.
func (r *financeApplicationResolver) Lender(ctx context.Context, obj *lending.FinanceApplication) (*identity.Organization, error) {
	return load(ctx).organizations.Load(ctx, obj.LenderID)
}

// Contract is the resolver for the contract field.
func (r *financeApplicationResolver) Contract(ctx context.Context, obj *lending.FinanceApplication) (*deal.Contract, error) {
	return sharedContract(ctx, obj.ContractID)
}

// Dealer is the resolver for the dealer field.
func (r *financeApplicationResolver) Dealer(ctx context.Context, obj *lending.FinanceApplication) (*channel.Dealer, error) {
	return load(ctx).dealers.Load(ctx, obj.DealerID)
}

// Customer is the resolver for the customer field.
func (r *financeApplicationResolver) Customer(ctx context.Context, obj *lending.FinanceApplication) (*customer.Customer, error) {
	return load(ctx).customers.Load(ctx, obj.CustomerID)
}

// Shared is the resolver for the shared field.
func (r *financeApplicationResolver) Shared(ctx context.Context, obj *lending.FinanceApplication) (*lending.SharedDeal, error) {
	return load(ctx).shared.Load(ctx, obj.ID)
}

// Stipulations is the resolver for the stipulations field.
func (r *financeApplicationResolver) Stipulations(ctx context.Context, obj *lending.FinanceApplication) ([]lending.Stipulation, error) {
	return load(ctx).stipulations.Load(ctx, obj.ID)
}

// ApplyForFinance is the resolver for the applyForFinance field.
func (r *mutationResolver) ApplyForFinance(ctx context.Context, input lending.ApplyForFinanceInput) (*graph.ApplyForFinancePayload, error) {
	all, err := r.Lending.ApplyForFinance(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.ApplyForFinancePayload{Applications: all, UserErrors: userErrors}, failed
}

// WithdrawApplication is the resolver for the withdrawApplication field.
func (r *mutationResolver) WithdrawApplication(ctx context.Context, input lending.WithdrawApplicationInput) (*graph.FinanceApplicationPayload, error) {
	a, err := r.Lending.WithdrawApplication(ctx, input)
	return applicationPayload(ctx, a, err)
}

// DecideApplication is the resolver for the decideApplication field.
func (r *mutationResolver) DecideApplication(ctx context.Context, input lending.DecideApplicationInput) (*graph.FinanceApplicationPayload, error) {
	a, err := r.Lending.DecideApplication(ctx, input)
	return applicationPayload(ctx, a, err)
}

// RequestDocuments is the resolver for the requestDocuments field.
func (r *mutationResolver) RequestDocuments(ctx context.Context, input lending.RequestDocumentsInput) (*graph.FinanceApplicationPayload, error) {
	a, err := r.Lending.RequestDocuments(ctx, input)
	return applicationPayload(ctx, a, err)
}

// AnswerStipulation is the resolver for the answerStipulation field.
func (r *mutationResolver) AnswerStipulation(ctx context.Context, input lending.AnswerStipulationInput) (*graph.FinanceApplicationPayload, error) {
	a, err := r.Lending.AnswerStipulation(ctx, input)
	return applicationPayload(ctx, a, err)
}

// ConfirmFunding is the resolver for the confirmFunding field.
func (r *mutationResolver) ConfirmFunding(ctx context.Context, input lending.ConfirmFundingInput) (*graph.FinanceApplicationPayload, error) {
	a, err := r.Lending.ConfirmFunding(ctx, input)
	return applicationPayload(ctx, a, err)
}

// FinanceApplications is the resolver for the financeApplications field.
func (r *queryResolver) FinanceApplications(ctx context.Context, filter *lending.ApplicationFilter, first *int, after *string) (*page.Connection[lending.FinanceApplication], error) {
	return r.Lending.Applications(ctx, filter, first, after)
}

// FinanceApplication is the resolver for the financeApplication field.
func (r *queryResolver) FinanceApplication(ctx context.Context, id string) (*lending.FinanceApplication, error) {
	return graph.OrNull(r.Lending.Application(ctx, id))
}

// ContractChanges is the resolver for the contractChanges field.
func (r *queryResolver) ContractChanges(ctx context.Context, after *string, first *int) (*lending.ChangeFeed, error) {
	return r.Lending.ContractChanges(ctx, first, after)
}

// AccessLog is the resolver for the accessLog field.
func (r *queryResolver) AccessLog(ctx context.Context, customerID string, first *int, after *string) (*page.Connection[lending.AccessEntry], error) {
	return r.Lending.AccessLog(ctx, customerID, first, after)
}

// VerifyAccessLog is the resolver for the verifyAccessLog field.
func (r *queryResolver) VerifyAccessLog(ctx context.Context, customerID string) (*lending.AccessCheck, error) {
	return r.Lending.VerifyAccessLog(ctx, customerID)
}

// Borrower is the resolver for the borrower field.
func (r *sharedDealResolver) Borrower(ctx context.Context, obj *lending.SharedDeal) (*lending.Borrower, error) {
	return load(ctx).borrowers.Load(ctx, obj.RowID)
}

// Link is the resolver for the link field.
func (r *stipulationResolver) Link(ctx context.Context, obj *lending.Stipulation) (*lending.SignedLink, error) {
	return r.Lending.DocumentLink(ctx, *obj)
}

func (r *Resolver) AccessEntry() graph.AccessEntryResolver { return &accessEntryResolver{r} }

func (r *Resolver) ContractChange() graph.ContractChangeResolver { return &contractChangeResolver{r} }

func (r *Resolver) FinanceApplication() graph.FinanceApplicationResolver {
	return &financeApplicationResolver{r}
}

func (r *Resolver) SharedDeal() graph.SharedDealResolver { return &sharedDealResolver{r} }

func (r *Resolver) Stipulation() graph.StipulationResolver { return &stipulationResolver{r} }

type (
	accessEntryResolver        struct{ *Resolver }
	contractChangeResolver     struct{ *Resolver }
	financeApplicationResolver struct{ *Resolver }
	sharedDealResolver         struct{ *Resolver }
	stipulationResolver        struct{ *Resolver }
)

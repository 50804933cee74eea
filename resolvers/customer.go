package resolvers

import (
	"context"
	"math"

	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/page"
	"dure/graph"
	"dure/graph/view"
	"dure/graph/words"
)

// BirthYear is the resolver for the birthYear field.
func (r *customerResolver) BirthYear(ctx context.Context, obj *customer.Customer) (*int, error) {
	return view.OrNull(obj.BirthYear), nil
}

// Region is the resolver for the region field.
func (r *customerResolver) Region(ctx context.Context, obj *customer.Customer) (*channel.Region, error) {
	return load(ctx).regions.Load(ctx, obj.RegionCode)
}

// District is the resolver for the district field.
func (r *customerResolver) District(ctx context.Context, obj *customer.Customer) (*channel.District, error) {
	if obj.DistrictCode == "" {
		return nil, nil
	}
	return load(ctx).districts.Load(ctx, obj.DistrictCode)
}

// Dealer is the resolver for the dealer field.
func (r *customerResolver) Dealer(ctx context.Context, obj *customer.Customer) (*channel.Dealer, error) {
	return load(ctx).dealers.Load(ctx, obj.DealerID)
}

// Consents is the resolver for the consents field.
func (r *customerResolver) Consents(ctx context.Context, obj *customer.Customer) ([]customer.Consent, error) {
	return load(ctx).consents.Load(ctx, obj.ID)
}

// Timeline is the resolver for the timeline field.
func (r *customerResolver) Timeline(ctx context.Context, obj *customer.Customer, first *int, after *string) (*page.Connection[customer.TimelineItem], error) {
	return r.Customers.Timeline(ctx, obj.ID, first, after)
}

// Hectares is the resolver for the hectares field.
func (r *farmResolver) Hectares(ctx context.Context, obj *customer.Farm) (float64, error) {
	const squareMetresPerHectare = 10_000
	return float64(obj.SquareMetres()) / squareMetresPerHectare, nil
}

// Pyeong is the resolver for the pyeong field.
func (r *farmResolver) Pyeong(ctx context.Context, obj *customer.Farm) (float64, error) {
	const tenths = 10 // what is kept is whole m², a third of a 평
	return math.Round(float64(obj.SquareMetres())/customer.SquareMetresPerPyeong*tenths) / tenths, nil
}

// CreateCustomer is the resolver for the createCustomer field.
func (r *mutationResolver) CreateCustomer(ctx context.Context, input customer.CreateCustomerInput) (*graph.CustomerPayload, error) {
	c, err := r.Customers.CreateCustomer(ctx, input)
	return customerPayload(ctx, c, err)
}

// UpdateCustomer is the resolver for the updateCustomer field.
func (r *mutationResolver) UpdateCustomer(ctx context.Context, input customer.UpdateCustomerInput) (*graph.CustomerPayload, error) {
	c, err := r.Customers.UpdateCustomer(ctx, input)
	return customerPayload(ctx, c, err)
}

// RecordConsent is the resolver for the recordConsent field.
func (r *mutationResolver) RecordConsent(ctx context.Context, input customer.RecordConsentInput) (*graph.ConsentPayload, error) {
	c, err := r.Customers.RecordConsent(ctx, input)
	return r.consentPayload(ctx, c, err)
}

// WithdrawConsent is the resolver for the withdrawConsent field.
func (r *mutationResolver) WithdrawConsent(ctx context.Context, input customer.WithdrawConsentInput) (*graph.ConsentPayload, error) {
	c, err := r.Customers.WithdrawConsent(ctx, input)
	return r.consentPayload(ctx, c, err)
}

// Customers is the resolver for the customers field.
func (r *queryResolver) Customers(ctx context.Context, filter *customer.CustomerFilter, first *int, after *string) (*page.Connection[customer.Customer], error) {
	return r.Resolver.Customers.Customers(ctx, filter, first, after)
}

func (r *queryResolver) SimilarCustomers(ctx context.Context, name string, phone *string, districtCode *string) ([]customer.Similar, error) {
	return r.Resolver.Customers.Similar(ctx, name, text(phone), text(districtCode))
}

// Customer is the resolver for the customer field.
func (r *queryResolver) Customer(ctx context.Context, id string) (*customer.Customer, error) {
	return graph.OrNull(r.Resolver.Customers.Customer(ctx, id))
}

// ConsentTexts is the resolver for the consentTexts field.
func (r *queryResolver) ConsentTexts(ctx context.Context) ([]customer.ConsentText, error) {
	return r.Resolver.Customers.ConsentTexts(ctx)
}

// Kind is the resolver for the kind field.
func (r *timelineItemResolver) Kind(ctx context.Context, obj *customer.TimelineItem) (string, error) {
	return string(obj.Act.Kind), nil
}

// Summary is the resolver for the summary field.
func (r *timelineItemResolver) Summary(ctx context.Context, obj *customer.TimelineItem) (string, error) {
	return words.Act(words.From(ctx), obj.Act.Kind, obj.Facts), nil
}

// Actor is the resolver for the actor field.
func (r *timelineItemResolver) Actor(ctx context.Context, obj *customer.TimelineItem) (string, error) {
	return obj.ActorName, nil
}

func (r *Resolver) Consent() graph.ConsentResolver { return &consentResolver{r} }

func (r *Resolver) Customer() graph.CustomerResolver { return &customerResolver{r} }

func (r *Resolver) Farm() graph.FarmResolver { return &farmResolver{r} }

func (r *Resolver) TimelineItem() graph.TimelineItemResolver { return &timelineItemResolver{r} }

type (
	consentResolver      struct{ *Resolver }
	customerResolver     struct{ *Resolver }
	farmResolver         struct{ *Resolver }
	timelineItemResolver struct{ *Resolver }
)

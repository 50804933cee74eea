package resolvers

import (
	"context"
	"time"

	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/lending"
	"dure/domain/link"
	"dure/domain/logistics"
	"dure/graph"
)

// RecipientName is the resolver for the recipientName field.
func (r *consentResolver) RecipientName(ctx context.Context, obj *customer.Consent) (string, error) {
	return r.organizationName(ctx, obj.Recipient)
}

// CustomerLinks is the resolver for the customerLinks field.
func (r *contractResolver) CustomerLinks(ctx context.Context, obj *deal.Contract) ([]link.CustomerLink, error) {
	return load(ctx).customerLinks.Load(ctx, obj.ID)
}

// PaperLink is the resolver for the paperLink field.
func (r *customerContractResolver) PaperLink(ctx context.Context, obj *link.CustomerContract) (*lending.SignedLink, error) {
	return r.Links.PaperLink(ctx)
}

// Recipients is the resolver for the recipients field.
func (r *customerContractResolver) Recipients(ctx context.Context, obj *link.CustomerContract) ([]identity.Organization, error) {
	return r.Links.Recipients(ctx)
}

// CarrierName is the resolver for the carrierName field.
func (r *customerDeliveryResolver) CarrierName(ctx context.Context, obj *link.CustomerDelivery) (string, error) {
	return r.organizationName(ctx, obj.CarrierID)
}

// DeliveredAt is the resolver for the deliveredAt field.
func (r *customerDeliveryResolver) DeliveredAt(ctx context.Context, obj *link.CustomerDelivery) (*time.Time, error) {
	if obj.Status != logistics.ShipmentDelivered {
		return nil, nil
	}
	return timeOrNull(obj.ClosedAt), nil
}

// Status is the resolver for the status field.
func (r *customerLinkResolver) Status(ctx context.Context, obj *link.CustomerLink) (link.Status, error) {
	return obj.Status(r.Links.Now()), nil
}

// CodeExpiresAt is the resolver for the codeExpiresAt field.
func (r *customerLinkResolver) CodeExpiresAt(ctx context.Context, obj *link.CustomerLink) (*time.Time, error) {
	return timeOrNull(obj.CodeUntil), nil
}

// StaffName is the resolver for the staffName field.
func (r *customerLinkResolver) StaffName(ctx context.Context, obj *link.CustomerLink) (string, error) {
	return name(ctx, obj.StaffID)
}

// CreateCustomerLink is the resolver for the createCustomerLink field.
func (r *mutationResolver) CreateCustomerLink(ctx context.Context, input link.CreateCustomerLinkInput) (*graph.CustomerLinkPayload, error) {
	made, err := r.Links.CreateCustomerLink(ctx, input)
	return customerLinkPayload(ctx, made, err)
}

// RenewCustomerLinkCode is the resolver for the renewCustomerLinkCode field.
func (r *mutationResolver) RenewCustomerLinkCode(ctx context.Context, input link.RenewCustomerLinkCodeInput) (*graph.CustomerLinkPayload, error) {
	made, err := r.Links.RenewCustomerLinkCode(ctx, input)
	return customerLinkPayload(ctx, made, err)
}

// RevokeCustomerLink is the resolver for the revokeCustomerLink field.
func (r *mutationResolver) RevokeCustomerLink(ctx context.Context, input link.RevokeCustomerLinkInput) (*graph.RevokeCustomerLinkPayload, error) {
	l, err := r.Links.RevokeCustomerLink(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.RevokeCustomerLinkPayload{Link: unless(err, l), UserErrors: userErrors}, failed
}

// RequestCustomerLinkCode is the resolver for the requestCustomerLinkCode field.
func (r *mutationResolver) RequestCustomerLinkCode(ctx context.Context, input link.RequestCustomerLinkCodeInput) (*graph.RequestCustomerLinkCodePayload, error) {
	by, err := r.Links.RequestCustomerLinkCode(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.RequestCustomerLinkCodePayload{CodeBy: unless(err, &by), UserErrors: userErrors}, failed
}

// OpenCustomerLink is the resolver for the openCustomerLink field.
func (r *mutationResolver) OpenCustomerLink(ctx context.Context, input link.OpenCustomerLinkInput) (*graph.OpenCustomerLinkPayload, error) {
	entry, err := r.Links.OpenCustomerLink(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	if err != nil {
		return &graph.OpenCustomerLinkPayload{UserErrors: userErrors}, failed
	}
	return &graph.OpenCustomerLinkPayload{AccessToken: &entry.AccessToken, ExpiresAt: &entry.ExpiresAt, UserErrors: userErrors}, nil
}

// SignContractByLink is the resolver for the signContractByLink field.
func (r *mutationResolver) SignContractByLink(ctx context.Context, input link.SignContractByLinkInput) (*graph.CustomerContractPayload, error) {
	c, err := r.Links.SignContractByLink(ctx, input)
	return customerContractPayload(ctx, c, err)
}

// GrantConsentByLink is the resolver for the grantConsentByLink field.
func (r *mutationResolver) GrantConsentByLink(ctx context.Context, input link.GrantConsentByLinkInput) (*graph.CustomerContractPayload, error) {
	c, err := r.Links.GrantConsentByLink(ctx, input)
	return customerContractPayload(ctx, c, err)
}

// WithdrawConsentByLink is the resolver for the withdrawConsentByLink field.
func (r *mutationResolver) WithdrawConsentByLink(ctx context.Context, input link.WithdrawConsentByLinkInput) (*graph.CustomerContractPayload, error) {
	c, err := r.Links.WithdrawConsentByLink(ctx, input)
	return customerContractPayload(ctx, c, err)
}

// CustomerContract is the resolver for the customerContract field.
func (r *queryResolver) CustomerContract(ctx context.Context) (*link.CustomerContract, error) {
	return r.Links.CustomerContract(ctx)
}

func (r *Resolver) CustomerContract() graph.CustomerContractResolver {
	return &customerContractResolver{r}
}

func (r *Resolver) CustomerDelivery() graph.CustomerDeliveryResolver {
	return &customerDeliveryResolver{r}
}

func (r *Resolver) CustomerLink() graph.CustomerLinkResolver { return &customerLinkResolver{r} }

type (
	customerContractResolver struct{ *Resolver }
	customerDeliveryResolver struct{ *Resolver }
	customerLinkResolver     struct{ *Resolver }
)

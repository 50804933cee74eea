package resolvers

import (
	"context"
	"time"

	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/webhook"
	"dure/graph"
	"dure/graph/view"
)

// CreateWebhookEndpoint is the resolver for the createWebhookEndpoint field.
func (r *mutationResolver) CreateWebhookEndpoint(ctx context.Context, input webhook.CreateWebhookEndpointInput) (*graph.WebhookSecretPayload, error) {
	made, err := r.Webhooks.Create(ctx, input)
	return webhookSecret(ctx, made, err)
}

// RotateWebhookSecret is the resolver for the rotateWebhookSecret field.
func (r *mutationResolver) RotateWebhookSecret(ctx context.Context, input webhook.RotateWebhookSecretInput) (*graph.WebhookSecretPayload, error) {
	made, err := r.Webhooks.RotateSecret(ctx, input)
	return webhookSecret(ctx, made, err)
}

// PauseWebhookEndpoint is the resolver for the pauseWebhookEndpoint field.
func (r *mutationResolver) PauseWebhookEndpoint(ctx context.Context, input webhook.PauseWebhookEndpointInput) (*graph.WebhookEndpointPayload, error) {
	e, err := r.Webhooks.Pause(ctx, input)
	return webhookEndpoint(ctx, e, err)
}

// ResumeWebhookEndpoint is the resolver for the resumeWebhookEndpoint field.
func (r *mutationResolver) ResumeWebhookEndpoint(ctx context.Context, input webhook.ResumeWebhookEndpointInput) (*graph.WebhookEndpointPayload, error) {
	e, err := r.Webhooks.Resume(ctx, input)
	return webhookEndpoint(ctx, e, err)
}

// RemoveWebhookEndpoint is the resolver for the removeWebhookEndpoint field.
func (r *mutationResolver) RemoveWebhookEndpoint(ctx context.Context, input webhook.RemoveWebhookEndpointInput) (*graph.RemoveWebhookEndpointPayload, error) {
	id, err := r.Webhooks.Remove(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.RemoveWebhookEndpointPayload{RemovedID: unless(err, &id), UserErrors: userErrors}, failed
}

// ReplayWebhooks is the resolver for the replayWebhooks field.
func (r *mutationResolver) ReplayWebhooks(ctx context.Context, input webhook.ReplayWebhooksInput) (*graph.ReplayWebhooksPayload, error) {
	replayed, err := r.Webhooks.Replay(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.ReplayWebhooksPayload{Endpoint: unless(err, replayed.Endpoint), Count: unless(err, &replayed.Count), UserErrors: userErrors}, failed
}

// SendTestWebhook is the resolver for the sendTestWebhook field.
func (r *mutationResolver) SendTestWebhook(ctx context.Context, input webhook.SendTestWebhookInput) (*graph.SendTestWebhookPayload, error) {
	d, err := r.Webhooks.SendTest(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.SendTestWebhookPayload{Delivery: unless(err, d), UserErrors: userErrors}, failed
}

// WebhookEndpoints is the resolver for the webhookEndpoints field.
func (r *queryResolver) WebhookEndpoints(ctx context.Context) ([]webhook.Endpoint, error) {
	return r.Webhooks.Endpoints(ctx)
}

// WebhookDeliveries is the resolver for the webhookDeliveries field.
func (r *queryResolver) WebhookDeliveries(ctx context.Context, endpointID string, state *webhook.DeliveryState, first *int, after *string) (*page.Connection[webhook.Delivery], error) {
	return r.Webhooks.Deliveries(ctx, endpointID, state, first, after)
}

// Status is the resolver for the status field.
func (r *webhookAttemptResolver) Status(ctx context.Context, obj *webhook.Attempt) (*int, error) {
	return view.OrNull(obj.Status), nil
}

// Failure is the resolver for the failure field.
func (r *webhookAttemptResolver) Failure(ctx context.Context, obj *webhook.Attempt) (*webhook.Failure, error) {
	if obj.OK() {
		return nil, nil
	}
	return &obj.Failure, nil
}

// Milliseconds is the resolver for the milliseconds field.
func (r *webhookAttemptResolver) Milliseconds(ctx context.Context, obj *webhook.Attempt) (int, error) {
	return int(obj.Duration.Milliseconds()), nil
}

// Kind is the resolver for the kind field.
func (r *webhookDeliveryResolver) Kind(ctx context.Context, obj *webhook.Delivery) (string, error) {
	return string(obj.Kind), nil
}

// Sequence is the resolver for the sequence field.
func (r *webhookDeliveryResolver) Sequence(ctx context.Context, obj *webhook.Delivery) (*int, error) {
	if obj.ChangeSeq == nil {
		return nil, nil
	}
	seq := int(*obj.ChangeSeq)
	return &seq, nil
}

// ContractID is the resolver for the contractId field.
func (r *webhookDeliveryResolver) ContractID(ctx context.Context, obj *webhook.Delivery) (*string, error) {
	return textOrNull(obj.ContractID), nil
}

// NextAttemptAt is the resolver for the nextAttemptAt field.
func (r *webhookDeliveryResolver) NextAttemptAt(ctx context.Context, obj *webhook.Delivery) (*time.Time, error) {
	return timeOrNull(obj.NextAt), nil
}

// Kinds is the resolver for the kinds field.
func (r *webhookEndpointResolver) Kinds(ctx context.Context, obj *webhook.Endpoint) ([]string, error) {
	kinds := make([]string, len(obj.Kinds))
	for i, k := range obj.Kinds {
		kinds[i] = string(k)
	}
	return kinds, nil
}

// PauseReason is the resolver for the pauseReason field.
func (r *webhookEndpointResolver) PauseReason(ctx context.Context, obj *webhook.Endpoint) (*webhook.PauseReason, error) {
	if obj.State != webhook.Paused {
		return nil, nil
	}
	return &obj.PauseReason, nil
}

// FailingSince is the resolver for the failingSince field.
func (r *webhookEndpointResolver) FailingSince(ctx context.Context, obj *webhook.Endpoint) (*time.Time, error) {
	return timeOrNull(obj.FailingSince), nil
}

// OverlapUntil is the resolver for the overlapUntil field.
func (r *webhookEndpointResolver) OverlapUntil(ctx context.Context, obj *webhook.Endpoint) (*time.Time, error) {
	return timeOrNull(obj.OverlapUntil(r.Webhooks.Now())), nil
}

// Organization is the resolver for the organization field.
func (r *webhookEndpointResolver) Organization(ctx context.Context, obj *webhook.Endpoint) (*identity.Organization, error) {
	return load(ctx).organizations.Load(ctx, obj.OrganizationID)
}

func (r *Resolver) WebhookAttempt() graph.WebhookAttemptResolver { return &webhookAttemptResolver{r} }

func (r *Resolver) WebhookDelivery() graph.WebhookDeliveryResolver {
	return &webhookDeliveryResolver{r}
}

func (r *Resolver) WebhookEndpoint() graph.WebhookEndpointResolver {
	return &webhookEndpointResolver{r}
}

type (
	webhookAttemptResolver  struct{ *Resolver }
	webhookDeliveryResolver struct{ *Resolver }
	webhookEndpointResolver struct{ *Resolver }
)

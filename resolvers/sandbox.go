package resolvers

import (
	"context"

	"dure/domain/sandbox"
	"dure/graph"
)

// SetSandboxClock is the resolver for the setSandboxClock field.
func (r *mutationResolver) SetSandboxClock(ctx context.Context, input sandbox.SetSandboxClockInput) (*graph.SandboxPayload, error) {
	state, err := r.Resolver.Sandbox.SetClock(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.SandboxPayload{Sandbox: unless(err, state), UserErrors: userErrors}, failed
}

// PlanSandboxFailure is the resolver for the planSandboxFailure field.
func (r *mutationResolver) PlanSandboxFailure(ctx context.Context, input sandbox.PlanSandboxFailureInput) (*graph.SandboxPayload, error) {
	state, err := r.Resolver.Sandbox.Plan(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.SandboxPayload{Sandbox: unless(err, state), UserErrors: userErrors}, failed
}

// Sandbox is the resolver for the sandbox field.
func (r *queryResolver) Sandbox(ctx context.Context) (*sandbox.State, error) {
	return r.Resolver.Sandbox.State(ctx)
}

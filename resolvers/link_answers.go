package resolvers

import (
	"context"

	"dure/domain/link"
	"dure/graph"
)

func customerLinkPayload(ctx context.Context, made *link.Made, err error) (*graph.CustomerLinkPayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	if err != nil {
		return &graph.CustomerLinkPayload{UserErrors: userErrors}, failed
	}
	return &graph.CustomerLinkPayload{Link: made.Link, URL: &made.URL, Code: textOrNull(made.Code), Mailed: made.Mailed, UserErrors: userErrors}, nil
}

func customerContractPayload(ctx context.Context, c *link.CustomerContract, err error) (*graph.CustomerContractPayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	return &graph.CustomerContractPayload{Contract: unless(err, c), UserErrors: userErrors}, failed
}

// organizationName reads a firm's name; "" for none.
func (r *Resolver) organizationName(ctx context.Context, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	o, err := load(ctx).organizations.Load(ctx, id)
	if o == nil {
		return "", err
	}
	return o.Name, err
}

package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"dure/domain/identity"
)

// SignIns has the answers of signIn and refreshSession read as the person who
// signed in, whoever sent the request: with their reach, and with loaders that
// hold nothing of anybody else's.
type SignIns struct{ Resolver *Resolver }

// ExtensionName implements graphql.HandlerExtension.
func (SignIns) ExtensionName() string { return "SignIns" }

// Validate implements graphql.HandlerExtension.
func (SignIns) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptRootField implements graphql.RootFieldInterceptor.
func (s SignIns) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	field := graphql.GetRootFieldContext(ctx)
	if field == nil || field.Field.Name != "signIn" && field.Field.Name != "refreshSession" { // no query is called so
		return next(ctx)
	}
	return next(s.Resolver.withLoaders(identity.Becoming(ctx)))
}

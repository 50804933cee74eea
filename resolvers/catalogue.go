package resolvers

import (
	"context"

	"dure/domain/catalogue"
	"dure/graph"
)

// Line is the resolver for the line field.
func (r *productResolver) Line(ctx context.Context, obj *catalogue.Product) (*catalogue.ProductLine, error) {
	return load(ctx).lines.Load(ctx, obj.LineID)
}

// Options is the resolver for the options field.
func (r *productResolver) Options(ctx context.Context, obj *catalogue.Product) ([]catalogue.Option, error) {
	return load(ctx).options.Load(ctx, obj.ID)
}

// Media is the resolver for the media field.
func (r *productResolver) Media(ctx context.Context, obj *catalogue.Product) ([]catalogue.Media, error) {
	return load(ctx).media.Load(ctx, obj.ID)
}

// Products is the resolver for the products field.
func (r *queryResolver) Products(ctx context.Context, filter *catalogue.ProductFilter) ([]catalogue.Product, error) {
	return r.Catalogue.Products(ctx, filter)
}

// Product is the resolver for the product field.
func (r *queryResolver) Product(ctx context.Context, id string) (*catalogue.Product, error) {
	return graph.OrNull(r.Catalogue.Product(ctx, id))
}

// FinanceProgrammes is the resolver for the financeProgrammes field.
func (r *queryResolver) FinanceProgrammes(ctx context.Context) ([]catalogue.FinanceProgramme, error) {
	return r.Catalogue.FinanceProgrammes(ctx)
}

func (r *Resolver) Product() graph.ProductResolver { return &productResolver{r} }

type productResolver struct{ *Resolver }

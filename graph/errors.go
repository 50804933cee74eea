// Package graph is how the schema is served: what gqlgen generates, and by hand how
// errors look and what fields cost.
package graph

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"dure/domain/fault"
	"dure/graph/words"
)

// Split tells what the caller can mend, as user errors in the caller's language,
// from what goes into the answer's errors: a missing sign-in, a forbidden
// action, and our own failures.
func Split(ctx context.Context, err error) ([]UserError, error) {
	return split(ctx, err, fault.NotFound, fault.Invalid, fault.Conflict, fault.Limited)
}

// SplitSignIn is Split where a wrong password is something to mend, too.
func SplitSignIn(ctx context.Context, err error) ([]UserError, error) {
	return split(ctx, err, fault.NotFound, fault.Invalid, fault.Conflict, fault.Limited, fault.Unauthenticated)
}

func split(ctx context.Context, err error, mend ...fault.Code) ([]UserError, error) {
	out := []UserError{}
	if err == nil {
		return out, nil
	}
	faults, only := fault.All(err)
	if !only {
		return out, err
	}
	language := words.From(ctx)
	for _, f := range faults {
		if !slices.Contains(mend, f.Code) {
			return []UserError{}, err
		}
		u := UserError{Code: f.Code, Key: f.Key, Message: words.Fault(language, f)}
		if f.Field != "" {
			u.Field = &f.Field
		}
		out = append(out, u)
	}
	return out, nil
}

// OrNull turns "no such row within reach" into null: what a query by id answers.
func OrNull[T any](row *T, err error) (*T, error) {
	if fault.CodeOf(err) == fault.NotFound {
		return nil, nil
	}
	return row, err
}

// PresentError is what a resolver's error looks like to the caller. Faults
// become words; anything else is logged and says nothing but that we failed.
func PresentError(ctx context.Context, err error) *gqlerror.Error {
	language := words.From(ctx)
	path := graphql.GetPath(ctx)
	var already *gqlerror.Error
	if errors.As(err, &already) && already.Path != nil {
		path = already.Path // down to the input that could not be read
	}
	if faults, only := fault.All(err); only && len(faults) > 0 {
		f := faults[0]
		extensions := map[string]any{"code": string(f.Code), "key": f.Key}
		if f.Field != "" {
			extensions["field"] = f.Field
		}
		return &gqlerror.Error{Message: words.Fault(language, f), Path: path, Extensions: extensions}
	}
	if already != nil && already.Extensions["code"] != nil {
		return already
	}
	slog.ErrorContext(ctx, "graphql: a resolver failed", "error", err, "path", path.String())
	return &gqlerror.Error{
		Message: words.Code(language, fault.Internal), Path: path,
		Extensions: map[string]any{"code": string(fault.Internal)},
	}
}

package resolvers

import (
	"context"

	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/iq"
	"dure/domain/leaderboard"
	"dure/graph"
	"dure/graph/view"
	"dure/graph/words"
)

// This file wraps what services answer into what the schema shows.

func signedIn(ctx context.Context, s *identity.SignedIn, err error) (*graph.SignInPayload, error) {
	userErrors, err := graph.SplitSignIn(ctx, err)
	if s == nil {
		return &graph.SignInPayload{UserErrors: userErrors}, err
	}
	identity.Become(ctx, s.Actor) // so that the viewer's fields are read as their own
	return &graph.SignInPayload{
		AccessToken: &s.AccessToken, RefreshToken: &s.RefreshToken, ExpiresAt: &s.ExpiresAt,
		Viewer: &view.Viewer{Actor: s.Actor, User: s.User}, UserErrors: userErrors,
	}, err
}

func customerPayload(ctx context.Context, c *customer.Customer, err error) (*graph.CustomerPayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	return &graph.CustomerPayload{Customer: unless(err, c), UserErrors: userErrors}, failed
}

func (r *mutationResolver) consentPayload(ctx context.Context, c *customer.Consent, err error) (*graph.ConsentPayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	payload := &graph.ConsentPayload{Consent: unless(err, c), UserErrors: userErrors}
	if payload.Consent != nil {
		payload.Customer, failed = r.Customers.Customer(ctx, c.CustomerID)
	}
	return payload, failed
}

func consultationPayload(ctx context.Context, c *deal.Consultation, err error) (*graph.ConsultationPayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	return &graph.ConsultationPayload{Consultation: unless(err, c), UserErrors: userErrors}, failed
}

func quotePayload(ctx context.Context, q *deal.Quote, err error) (*graph.QuotePayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	return &graph.QuotePayload{Quote: unless(err, q), UserErrors: userErrors}, failed
}

func contractPayload(ctx context.Context, c *deal.Contract, err error) (*graph.ContractPayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	return &graph.ContractPayload{Contract: unless(err, c), UserErrors: userErrors}, failed
}

// unless is row, or nil when err says that nothing was written: a service may
// leave the row as it had begun to change it.
func unless[T any](err error, row *T) *T {
	if err != nil {
		return nil
	}
	return row
}

// orNil keeps a nil row from becoming a node that is not nil.
func orNil[T any](row *T, err error) (view.Node, error) {
	if row == nil {
		return nil, err
	}
	return row, err
}

// name reads a person's name; "" for nobody.
func name(ctx context.Context, userID string) (string, error) {
	if userID == "" {
		return "", nil
	}
	n, err := load(ctx).names.Load(ctx, userID)
	if n == nil {
		return "", err
	}
	return *n, err
}

// inLanguage picks the text that the caller reads.
func inLanguage(ctx context.Context, ko, en string) string {
	if words.From(ctx) == words.En && en != "" {
		return en
	}
	return ko
}

func boardSeason(s iq.Season) leaderboard.Season {
	return leaderboard.Season{Key: s.Key, Start: s.Start, End: s.End}
}

func ruleOf(e iq.LedgerEntry) *view.RuleReference {
	return &view.RuleReference{Key: e.RuleKey, Version: e.RulebookVersion}
}

func standings(places []leaderboard.Place, of int) []view.Standing {
	out := make([]view.Standing, len(places))
	for i, p := range places {
		out[i] = view.Standing{Place: p, Of: of}
	}
	return out
}

func (r *Resolver) banner(place leaderboard.Place, board leaderboard.View, season string) (*view.RankBanner, error) {
	in, err := iq.SeasonByKey(season)
	if err != nil {
		return nil, err
	}
	return &view.RankBanner{Place: place, Season: in, Of: board.Size, Version: board.Version, Stale: board.Stale}, nil
}

// forward turns what a service delivers into what the schema shows, until the
// service stops or ctx ends. What cannot be shown ends the stream: the client
// subscribes again and begins with the state of then.
func forward[From, To any](ctx context.Context, from <-chan From, turn func(From) (*To, error)) <-chan *To {
	to := make(chan *To)
	go func() {
		defer close(to)
		for f := range from {
			t, err := turn(f)
			if err != nil {
				return
			}
			select {
			case to <- t:
			case <-ctx.Done():
				return
			}
		}
	}()
	return to
}

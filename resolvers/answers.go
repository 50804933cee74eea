package resolvers

import (
	"context"
	"time"

	"dure/domain/agenda"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/identity"
	"dure/domain/inbox"
	"dure/domain/iq"
	"dure/domain/kst"
	"dure/domain/leaderboard"
	"dure/domain/lending"
	"dure/domain/logistics"
	"dure/domain/webhook"
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

func beginPasskeyPayload(ctx context.Context, c *identity.Challenge, err error) (*graph.BeginPasskeyPayload, error) {
	userErrors, err := graph.Split(ctx, err)
	if c == nil {
		return &graph.BeginPasskeyPayload{UserErrors: userErrors}, err
	}
	return &graph.BeginPasskeyPayload{ChallengeID: &c.ID, Options: &c.Options, ExpiresAt: &c.ExpiresAt, UserErrors: userErrors}, err
}

func personPayload(ctx context.Context, u *identity.User, err error) (*graph.PersonPayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	return &graph.PersonPayload{Person: unless(err, u), UserErrors: userErrors}, failed
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

func webhookSecret(ctx context.Context, made *webhook.WithSecret, err error) (*graph.WebhookSecretPayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	if err != nil {
		return &graph.WebhookSecretPayload{UserErrors: userErrors}, failed
	}
	return &graph.WebhookSecretPayload{Endpoint: made.Endpoint, Secret: &made.Secret, UserErrors: userErrors}, nil
}

func webhookEndpoint(ctx context.Context, e *webhook.Endpoint, err error) (*graph.WebhookEndpointPayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	return &graph.WebhookEndpointPayload{Endpoint: unless(err, e), UserErrors: userErrors}, failed
}

// text is what an argument says, "" when it was left out.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func shipmentPayload(ctx context.Context, sh *logistics.Shipment, err error) (*graph.ShipmentPayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	return &graph.ShipmentPayload{Shipment: unless(err, sh), UserErrors: userErrors}, failed
}

func applicationPayload(ctx context.Context, a *lending.FinanceApplication, err error) (*graph.FinanceApplicationPayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	return &graph.FinanceApplicationPayload{Application: unless(err, a), UserErrors: userErrors}, failed
}

// sharedContract reads a contract as it is now; nil when there is none yet, or it
// is not open to the caller.
func sharedContract(ctx context.Context, id string) (*deal.Contract, error) {
	if id == "" {
		return nil, nil
	}
	return load(ctx).contractsByID.Load(ctx, id)
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

// self is the person who is signed in, under their own id; others' are nobody's
// business.
func (r *Resolver) self(ctx context.Context, id string) (*identity.User, error) {
	if id != identity.From(ctx).UserID {
		return nil, nil
	}
	return r.People.Viewer(ctx)
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

// attentionReason says why something needs the caller.
func attentionReason(ctx context.Context, a *agenda.Attention, now time.Time) string {
	days, variant := kst.DaysBetween(a.Since, now), ""
	if a.Kind == agenda.ApprovalWanted && days == 0 {
		variant = "_TODAY"
	}
	return words.Attention(words.From(ctx), string(a.Kind), variant, map[string]any{
		"days": days, "discountBP": a.DiscountBP, "from": a.FromRank, "to": a.ToRank,
	})
}

func inboxPayload(ctx context.Context, state *inbox.State, err error) (*graph.InboxPayload, error) {
	userErrors, failed := graph.Split(ctx, err)
	return &graph.InboxPayload{Inbox: unless(err, state), UserErrors: userErrors}, failed
}

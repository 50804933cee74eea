package resolvers

import (
	"context"
	"time"

	"dure/domain/channel"
	"dure/domain/identity"
	"dure/domain/page"
	"dure/graph"
	"dure/graph/view"
)

// RefreshSession is the resolver for the refreshSession field.
func (r *mutationResolver) RefreshSession(ctx context.Context, input identity.RefreshSessionInput) (*graph.SignInPayload, error) {
	session, err := r.People.RefreshSession(ctx, input)
	return signedIn(ctx, session, err)
}

// InvitePerson is the resolver for the invitePerson field.
func (r *mutationResolver) InvitePerson(ctx context.Context, input identity.InvitePersonInput) (*graph.InvitePersonPayload, error) {
	user, err := r.People.InvitePerson(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.InvitePersonPayload{User: unless(err, user), UserErrors: userErrors}, failed
}

// DeactivatePerson is the resolver for the deactivatePerson field.
func (r *mutationResolver) DeactivatePerson(ctx context.Context, input identity.DeactivatePersonInput) (*graph.PersonPayload, error) {
	user, err := r.People.DeactivatePerson(ctx, input)
	return personPayload(ctx, user, err)
}

// ReactivatePerson is the resolver for the reactivatePerson field.
func (r *mutationResolver) ReactivatePerson(ctx context.Context, input identity.ReactivatePersonInput) (*graph.PersonPayload, error) {
	user, err := r.People.ReactivatePerson(ctx, input)
	return personPayload(ctx, user, err)
}

// EndSessionOf is the resolver for the endSessionOf field.
func (r *mutationResolver) EndSessionOf(ctx context.Context, input identity.EndSessionOfInput) (*graph.EndSessionPayload, error) {
	id, err := r.People.EndSessionOf(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.EndSessionPayload{SessionID: unless(err, &id), UserErrors: userErrors}, failed
}

// SetContact is the resolver for the setContact field.
func (r *mutationResolver) SetContact(ctx context.Context, input identity.SetContactInput) (*graph.SetContactPayload, error) {
	organization, err := r.People.SetContact(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.SetContactPayload{Organization: organization, UserErrors: userErrors}, failed
}

// EndSession is the resolver for the endSession field.
func (r *mutationResolver) EndSession(ctx context.Context, input identity.EndSessionInput) (*graph.EndSessionPayload, error) {
	id, err := r.People.EndSession(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.EndSessionPayload{SessionID: unless(err, &id), UserErrors: userErrors}, failed
}

// BeginPasskey is the resolver for the beginPasskey field.
func (r *mutationResolver) BeginPasskey(ctx context.Context, input *identity.BeginPasskeyInput) (*graph.BeginPasskeyPayload, error) {
	if input == nil {
		input = &identity.BeginPasskeyInput{}
	}
	c, err := r.People.BeginPasskey(ctx, *input)
	return beginPasskeyPayload(ctx, c, err)
}

// FinishPasskey is the resolver for the finishPasskey field.
func (r *mutationResolver) FinishPasskey(ctx context.Context, input identity.FinishPasskeyInput) (*graph.FinishPasskeyPayload, error) {
	p, err := r.People.FinishPasskey(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.FinishPasskeyPayload{Passkey: unless(err, p), UserErrors: userErrors}, failed
}

// RemovePasskey is the resolver for the removePasskey field.
func (r *mutationResolver) RemovePasskey(ctx context.Context, input identity.RemovePasskeyInput) (*graph.RemovePasskeyPayload, error) {
	id, err := r.People.RemovePasskey(ctx, input)
	userErrors, failed := graph.Split(ctx, err)
	return &graph.RemovePasskeyPayload{PasskeyID: unless(err, &id), UserErrors: userErrors}, failed
}

// SignOut is the resolver for the signOut field.
func (r *mutationResolver) SignOut(ctx context.Context, input *identity.SignOutInput) (*graph.SignOutPayload, error) {
	userErrors, err := graph.Split(ctx, r.People.SignOut(ctx))
	return &graph.SignOutPayload{SignedOut: err == nil && len(userErrors) == 0, UserErrors: userErrors}, err
}

// Organization is the resolver for the organization field.
func (r *personResolver) Organization(ctx context.Context, obj *identity.User) (*identity.Organization, error) {
	return load(ctx).organizations.Load(ctx, obj.OrganizationID)
}

// Dealer is the resolver for the dealer field.
func (r *personResolver) Dealer(ctx context.Context, obj *identity.User) (*channel.Dealer, error) {
	if obj.DealerID == "" {
		return nil, nil
	}
	return load(ctx).dealers.Load(ctx, obj.DealerID)
}

// LastSeenAt is the resolver for the lastSeenAt field.
func (r *personResolver) LastSeenAt(ctx context.Context, obj *identity.User) (*time.Time, error) {
	return load(ctx).lastSeen.Load(ctx, obj.ID)
}

// Sessions is the resolver for the sessions field.
func (r *personResolver) Sessions(ctx context.Context, obj *identity.User) ([]view.Session, error) {
	rows, err := load(ctx).sessions.Load(ctx, obj.ID)
	return view.Sessions(rows, identity.From(ctx).SessionID), err
}

// People is the resolver for the people field.
func (r *queryResolver) People(ctx context.Context, filter *identity.PeopleFilter, first *int, after *string) (*page.Connection[identity.User], error) {
	return r.Resolver.People.People(ctx, filter, first, after)
}

// Viewer is the resolver for the viewer field.
func (r *queryResolver) Viewer(ctx context.Context) (*view.Viewer, error) {
	user, err := r.Resolver.People.Viewer(ctx)
	if user == nil || err != nil {
		return nil, err
	}
	return &view.Viewer{Actor: identity.From(ctx), User: user}, nil
}

// Persona is the resolver for the persona field.
func (r *viewerResolver) Persona(ctx context.Context, obj *view.Viewer) (identity.Persona, error) {
	return obj.Actor.Persona, nil
}

// Organization is the resolver for the organization field.
func (r *viewerResolver) Organization(ctx context.Context, obj *view.Viewer) (*identity.Organization, error) {
	rows, err := r.People.OrganizationsByID(ctx, []string{obj.Actor.OrganizationID})
	o := rows[obj.Actor.OrganizationID]
	return &o, err
}

// Dealer is the resolver for the dealer field.
func (r *viewerResolver) Dealer(ctx context.Context, obj *view.Viewer) (*channel.Dealer, error) {
	if obj.Actor.DealerID == "" {
		return nil, nil
	}
	return r.Channel.Dealer(ctx, obj.Actor.DealerID)
}

// Permissions is the resolver for the permissions field.
func (r *viewerResolver) Permissions(ctx context.Context, obj *view.Viewer) ([]string, error) {
	return identity.Permissions(obj.Actor.Persona), nil
}

// Sessions is the resolver for the sessions field.
func (r *viewerResolver) Sessions(ctx context.Context, obj *view.Viewer) ([]view.Session, error) {
	rows, err := r.People.Sessions(identity.With(ctx, obj.Actor))
	return view.Sessions(rows, obj.Actor.SessionID), err
}

// Passkeys is the resolver for the passkeys field.
func (r *viewerResolver) Passkeys(ctx context.Context, obj *view.Viewer) ([]identity.Passkey, error) {
	return r.People.Passkeys(identity.With(ctx, obj.Actor))
}

func (r *Resolver) Person() graph.PersonResolver { return &personResolver{r} }

func (r *Resolver) Viewer() graph.ViewerResolver { return &viewerResolver{r} }

type (
	personResolver struct{ *Resolver }
	viewerResolver struct{ *Resolver }
)

package identity

import (
	"context"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/text"
)

// DealershipStore keeps which firm runs a dealer, and who works there.
type DealershipStore interface {
	// OrganizationOfDealer returns the firm that runs a dealer. One that has none is
	// given one, by the id newID makes. It fails with fault.NotFound for a dealer
	// that does not exist or has closed.
	OrganizationOfDealer(ctx context.Context, dealerID string, newID func() string) (*Organization, error)
	// RoleAt is what a person does at a dealer at that moment; "" is nothing.
	RoleAt(ctx context.Context, dealerID, userID string, at time.Time) (StaffRole, error)
	// AddStaff lets a person work at their dealer from a moment on.
	AddStaff(ctx context.Context, id string, u *User, role StaffRole, from time.Time) error
}

// InvitePersonInput names somebody new at the maker or at a dealership.
type InvitePersonInput struct {
	Login          string
	Name           string
	Persona        Persona
	DealerID       string    // of dealer staff
	Role           StaffRole // of dealer staff; Sales when left out
	IdempotencyKey string
}

// check puts the input into the form that is kept.
func (in *InvitePersonInput) check() error {
	in.Login = normalLogin(in.Login)
	if !strings.Contains(in.Login, "@") || strings.ContainsAny(in.Login, " \r\n<>,;") || len(in.Login) > longestInput {
		return fault.New(fault.Invalid, "person.bad_login").On("login")
	}
	if err := text.Check(in.Name, 100, "name"); err != nil {
		return err
	}
	if in.Name = strings.TrimSpace(in.Name); in.Name == "" {
		return fault.New(fault.Invalid, "person.name_missing").On("name")
	}
	switch in.Persona {
	case Rep, HQ:
		if in.DealerID != "" || in.Role != "" {
			return fault.New(fault.Invalid, "person.no_dealer").On("dealerId")
		}
	case Dealer:
		if in.DealerID == "" {
			return fault.New(fault.Invalid, "person.dealer_missing").On("dealerId")
		}
		if in.Role == "" {
			in.Role = Sales
		}
	default:
		return fault.New(fault.Invalid, "person.bad_persona").On("persona")
	}
	return nil
}

// InvitePerson lets somebody in: they are mailed a pass. Headquarters invites its
// own people, reps and the staff of every dealership; a dealership's owner invites
// its staff.
func (s *Service) InvitePerson(ctx context.Context, in InvitePersonInput) (*User, error) {
	scope, err := Allow(ctx, PersonInvite)
	if err != nil {
		return nil, err
	}
	asked := in
	if err := in.check(); err != nil {
		return nil, err
	}
	if s.Post == nil && s.Issuer == nil {
		return nil, fault.New(fault.Conflict, "person.no_mail")
	}
	var user *User
	err = s.Once(ctx, in.IdempotencyKey, "invitePerson", asked, &user, func(ctx context.Context) error {
		if err := s.mayInvite(ctx, scope, in); err != nil {
			return err
		}
		user, err = s.invite(ctx, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return user, nil
}

// mayInvite holds an owner to staff of their own dealership. Another dealership's
// is answered as one that does not exist.
func (s *Service) mayInvite(ctx context.Context, scope Scope, in InvitePersonInput) error {
	if scope.Reach == Everything {
		return nil
	}
	role, err := s.Dealerships.RoleAt(ctx, scope.DealerID, scope.UserID, s.Now())
	switch {
	case err != nil:
		return err
	case role != Owner:
		return fault.New(fault.Forbidden, "person.owners_only")
	case in.Persona != Dealer:
		return fault.New(fault.Forbidden, "identity.not_allowed")
	case in.DealerID != scope.DealerID:
		return fault.New(fault.NotFound, "dealer.not_found").On("dealerId")
	default:
		return nil
	}
}

func (s *Service) invite(ctx context.Context, in InvitePersonInput) (*User, error) {
	now := s.Now().UTC().Truncate(time.Microsecond)
	user := &User{
		ID: s.NewID("usr"), Login: in.Login, Name: in.Name, Persona: in.Persona, OrganizationID: From(ctx).OrganizationID, DealerID: in.DealerID,
		Active: true, CreatedAt: now,
	}
	if in.Persona == Dealer {
		firm, err := s.Dealerships.OrganizationOfDealer(ctx, in.DealerID, func() string { return s.NewID("org") })
		if err != nil {
			return nil, fault.Refer(err, "dealerId")
		}
		user.OrganizationID = firm.ID
	}
	if err := s.Passes.AddUser(ctx, user); err != nil {
		return nil, err
	}
	if in.Persona == Dealer {
		if err := s.Dealerships.AddStaff(ctx, s.NewID("stf"), user, in.Role, now); err != nil {
			return nil, err
		}
	}
	if s.Issuer == nil { // another issuer's people choose no password here
		if err := s.Post.PassLater(ctx, Invitation, user.ID); err != nil {
			return nil, err
		}
	}
	facts := act.Facts{"persona": string(user.Persona)}
	if in.Persona == Dealer {
		facts["dealerId"], facts["role"] = in.DealerID, string(in.Role)
	}
	return user, s.Acts.Record(ctx, s.Act(ctx, act.PersonInvited, user.ID, now, facts))
}

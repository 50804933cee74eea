// Package identity says who acts, in which persona, and how far they reach.
package identity

import (
	"context"
	"time"

	"dure/domain/act"
	"dure/domain/fault"
)

// Persona is the role that a token speaks for. It comes from the token alone.
type Persona string

// The personas of the public contract.
const (
	Dealer   Persona = "DEALER"
	Rep      Persona = "REP"
	HQ       Persona = "HQ"
	Lender   Persona = "LENDER"
	Carrier  Persona = "CARRIER"
	Customer Persona = "CUSTOMER"
)

// Personas lists every persona in the order of the documentation.
var Personas = []Persona{Dealer, Rep, HQ, Lender, Carrier, Customer}

// User is a person who can sign in.
type User struct {
	ID             string `bun:",pk"`
	Login          string // lower case
	PasswordHash   string `json:"-"` // argon2id; "" cannot sign in
	Name           string
	Persona        Persona
	OrganizationID string
	DealerID       string `bun:",nullzero"` // dealer staff only
	Language       string `bun:",nullzero"` // "ko", "en", or "" for what the device asks
	Active         bool
	CreatedAt      time.Time
	DeactivatedAt  time.Time `bun:",nullzero"` // when headquarters closed their access
}

// OrganizationKind tells what an organisation is to the maker.
type OrganizationKind string

// The kinds of organisation.
const (
	Maker          OrganizationKind = "MAKER"
	Dealership     OrganizationKind = "DEALERSHIP"
	FinanceCompany OrganizationKind = "FINANCE_COMPANY"
	DeliveryFirm   OrganizationKind = "DELIVERY_COMPANY"
)

// Organization is a firm whose people or systems use Dure.
type Organization struct {
	ID       string `bun:",pk"`
	Name     string
	Kind     OrganizationKind
	DealerID string `bun:",nullzero"` // the dealer that a dealership runs

	ContactMail string `bun:",nullzero"` // whom letters about its systems go to
}

// StaffRole is what someone does at a dealership.
type StaffRole string

// The roles at a dealership.
const (
	Owner      StaffRole = "OWNER"
	Sales      StaffRole = "SALES"
	Technician StaffRole = "TECHNICIAN"
)

// Actor is who a request speaks for. The zero Actor is nobody.
type Actor struct {
	UserID         string
	Persona        Persona
	OrganizationID string
	DealerID       string // the dealership of dealer staff
	SessionID      string
	DeviceID       string // the registered device that the session began on, if any
	Language       string // the user's own setting, "" for what the device asks
	App            string // the client_id of the provider's token; "" for a token of signIn
	TokenID        string // of the provider's token
	Scopes         string // of the provider's token, with spaces between
	IssuedAt       time.Time
	ExpiresAt      time.Time
	System         bool // the platform itself: jobs and imports
}

// System is the actor of jobs, imports and schedules.
var System = Actor{System: true}

type actorKey struct{}

// With returns a context that speaks for a.
func With(ctx context.Context, a Actor) context.Context {
	ctx = act.DoneBy(ctx, act.By{UserID: a.UserID, DealerID: a.DealerID, DeviceID: a.DeviceID, System: a.System})
	return context.WithValue(ctx, actorKey{}, a)
}

// From returns who ctx speaks for; the zero Actor is nobody.
func From(ctx context.Context) Actor {
	switch a := ctx.Value(actorKey{}).(type) {
	case Actor:
		return a
	case *Actor:
		return *a
	}
	return Actor{}
}

// Becoming returns a context that speaks for whom ctx does, and from Become on
// for somebody else: the answer of a sign-in is read as the person it signed in.
func Becoming(ctx context.Context) context.Context {
	a := From(ctx)
	return context.WithValue(ctx, actorKey{}, &a)
}

// Become lets a context of Becoming speak for a. Nothing may read the context at
// that moment. Any other context stays as it is.
func Become(ctx context.Context, a Actor) {
	if held, ok := ctx.Value(actorKey{}).(*Actor); ok {
		*held = a
	}
}

// OnBehalf returns ctx in which the platform acts for whom ctx speaks: under
// their name, and with every reach. It is for a service that has looked itself at
// what its caller may touch.
func OnBehalf(ctx context.Context) context.Context {
	a := From(ctx)
	a.System = true
	return With(ctx, a)
}

// Reach is how many rows an action may touch.
type Reach int

// Reaches, from nothing to everything.
const (
	None            Reach = iota
	Own                   // rows of the person
	OwnDealership         // rows of the person's dealership
	OwnTerritory          // rows of the dealers that the rep looks after
	OwnOrganization       // rows that were handed to the partner's organisation
	OwnContract           // what the customer's link leads to; the link's own service reads it
	Everything            // all rows
)

// Scope limits rows to a reach. Stores apply it in one place.
type Scope struct {
	Reach          Reach
	UserID         string
	DealerID       string
	OrganizationID string
}

// Allow returns how far the caller may carry out action. It fails with
// fault.Unauthenticated when nobody is signed in and fault.Forbidden when the
// persona may not do it at all.
func Allow(ctx context.Context, action Action) (Scope, error) {
	a := From(ctx)
	if a.System {
		return Scope{Reach: Everything}, nil
	}
	if a.Persona == "" {
		return Scope{}, fault.New(fault.Unauthenticated, "identity.sign_in_first")
	}
	reach := policy[action][a.Persona]
	if reach == None {
		return Scope{}, fault.New(fault.Forbidden, "identity.not_allowed")
	}
	return Scope{Reach: reach, UserID: a.UserID, DealerID: a.DealerID, OrganizationID: a.OrganizationID}, nil
}

// Caller returns who is signed in. It fails with fault.Unauthenticated for nobody.
func Caller(ctx context.Context) (Actor, error) {
	a := From(ctx)
	if a.Persona == "" && !a.System {
		return a, fault.New(fault.Unauthenticated, "identity.sign_in_first")
	}
	return a, nil
}

package demo

import "dure/domain/identity"

// Client is a partner's system that the demo lets in.
type Client struct {
	Name         string // its client_id
	Persona      identity.Persona
	Organization string // the name of a firm of the demo world's
}

// Clients are all of them. Their secrets are each deployment's own.
var Clients = []Client{
	{"lender-a", identity.Lender, "두레캐피탈"},
	{"lender-b", identity.Lender, "들녘저축은행"},
	{"carrier-a", identity.Carrier, "한길농기계운송"},
}

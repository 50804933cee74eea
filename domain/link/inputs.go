package link

import (
	"dure/domain/customer"
	"dure/domain/deal"
)

// CreateCustomerLinkInput makes a link for a contract. Without CodeBy the code
// goes by mail where the customer has an address, else by voice.
type CreateCustomerLinkInput struct {
	IdempotencyKey string
	ContractID     string
	ValidDays      *int // DefaultDays when nil
	CodeBy         CodeBy
}

// RenewCustomerLinkCodeInput makes a new code to tell by voice.
type RenewCustomerLinkCodeInput struct {
	IdempotencyKey string
	LinkID         string
}

// RevokeCustomerLinkInput takes a link back.
type RevokeCustomerLinkInput struct {
	IdempotencyKey string
	LinkID         string
}

// RequestCustomerLinkCodeInput asks for a code as the holder of a link.
type RequestCustomerLinkCodeInput struct{ Secret string }

// OpenCustomerLinkInput opens a link in a browser.
type OpenCustomerLinkInput struct {
	Secret   string
	Code     string
	DeviceID string
}

// SignContractByLinkInput signs the contract of the link.
type SignContractByLinkInput struct {
	IdempotencyKey  string
	ExpectedVersion int
	ReadSha256      string
	Signature       deal.SignatureInput
	ConsentTextIDs  []string
}

// GrantConsentByLinkInput is a consent that the customer gives.
type GrantConsentByLinkInput struct {
	IdempotencyKey string
	TextID         string
	Recipient      string
	Items          []customer.ConsentItem
	RetentionDays  *int
}

// WithdrawConsentByLinkInput is a consent that the customer takes back.
type WithdrawConsentByLinkInput struct {
	IdempotencyKey string
	Purpose        customer.Purpose
	Recipient      string
}

package customer

import (
	"slices"
	"time"

	"dure/domain/fault"
)

// ConsentItem is a group of fields that a third party may be shown.
type ConsentItem string

// The items of a third party's consent.
const (
	ItemContract ConsentItem = "CONTRACT" // the contract: its machines, prices and dealer; without it nothing is open
	ItemIdentity ConsentItem = "IDENTITY" // name, kind and year of birth
	ItemContact  ConsentItem = "CONTACT"  // phone, mail and address
	ItemFarm     ConsentItem = "FARM"     // the farm, its crops and machines
	ItemCredit   ConsentItem = "CREDIT"   // how long they have been a customer, and what they bought
)

// ConsentItems lists every item in the order of the documentation.
var ConsentItems = []ConsentItem{ItemContract, ItemIdentity, ItemContact, ItemFarm, ItemCredit}

// ItemsOfWords are those that the words of a third party's consent name, for
// consents that were given to the words as a whole.
var ItemsOfWords = []ConsentItem{ItemContract, ItemIdentity, ItemContact}

// How long a third party may keep what it was shown, in days.
const (
	DefaultRetention = 5 * 365
	MaxRetention     = 10 * 365
)

// Opens lists the items that c opens to its recipient: none once it is
// withdrawn, and none for other purposes.
func (c Consent) Opens() []ConsentItem {
	switch {
	case c.Purpose != ThirdParty || c.Action != Granted:
		return nil
	case len(c.Items) == 0:
		return ItemsOfWords
	}
	return c.Items
}

// RetainUntil is until when the recipient may keep what it was shown; nil when
// there is no recipient.
func (c Consent) RetainUntil() *time.Time {
	if c.RetentionDays == 0 {
		return nil
	}
	until := c.OccurredAt.AddDate(0, 0, c.RetentionDays)
	return &until
}

// WithdrawnAt is when the consent was taken back; nil while it holds.
func (c Consent) WithdrawnAt() *time.Time {
	if c.Action != Withdrawn {
		return nil
	}
	return &c.OccurredAt
}

// sharing checks which items are opened, and for how many days.
func (in RecordConsentInput) sharing(purpose Purpose) (items []ConsentItem, days int, err error) {
	if purpose != ThirdParty {
		if len(in.Items) > 0 {
			return nil, 0, fault.New(fault.Invalid, "consent.items").On("items")
		}
		if in.RetentionDays != nil {
			return nil, 0, fault.New(fault.Invalid, "consent.retention", MaxRetention).On("retentionDays")
		}
		return nil, 0, nil
	}
	for _, item := range ConsentItems {
		if slices.Contains(in.Items, item) {
			items = append(items, item)
		}
	}
	switch {
	case len(in.Items) == 0:
		items = ItemsOfWords
	case len(items) != len(in.Items) || items[0] != ItemContract: // unknown, named twice, or nothing to look at
		return nil, 0, fault.New(fault.Invalid, "consent.items").On("items")
	}
	days = DefaultRetention
	if in.RetentionDays != nil {
		days = *in.RetentionDays
	}
	if days < 1 || days > MaxRetention {
		return nil, 0, fault.New(fault.Invalid, "consent.retention", MaxRetention).On("retentionDays")
	}
	return items, days, nil
}

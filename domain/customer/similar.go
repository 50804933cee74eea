package customer

import (
	"context"
	"strings"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/text"
)

// Similarity is why a customer may be the one who is about to be added.
type Similarity string

// The reasons, the stronger first.
const (
	SamePhone Similarity = "SAME_PHONE"
	SameName  Similarity = "SAME_NAME" // and no other city or county
)

// Similar is a customer who may be the one who is about to be added.
type Similar struct {
	Customer Customer
	Because  Similarity
}

// MaxSimilar is how many are shown before a customer is added.
const MaxSimilar = 10

// Similar looks for customers within the caller's reach who may be the one with
// that name, phone and city or county, the surest first. A name alone is enough
// while either's city or county is unknown.
func (s *Service) Similar(ctx context.Context, name, phone, districtCode string) ([]Similar, error) {
	scope, err := identity.Allow(ctx, identity.CustomerRead)
	if err != nil {
		return nil, err
	}
	name = strings.Join(strings.Fields(name), " ")
	if name == "" && phone == "" {
		return nil, fault.New(fault.Invalid, "customer.name_missing").On("name")
	}
	if err := text.Check(name, MaxName, "name"); err != nil {
		return nil, err
	}
	l := Lookalike{Name: name, DistrictCode: districtCode}
	if phone != "" {
		normal, err := s.Sealer.NormalisePhone(phone)
		if err != nil {
			return nil, err
		}
		l.PhoneIndex = s.Sealer.BlindIndex(sealedPhone, normal)
	}
	rows, err := s.Store.SimilarCustomers(ctx, scope, l, MaxSimilar)
	if err != nil {
		return nil, err
	}
	if err := s.openAll(rows); err != nil {
		return nil, err
	}
	found := make([]Similar, len(rows))
	for i, c := range rows {
		found[i] = Similar{Customer: c, Because: SameName}
		if l.PhoneIndex != "" && c.PhoneIndex == l.PhoneIndex {
			found[i].Because = SamePhone
		}
	}
	return found, nil
}

package identity

import (
	"context"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/fault"
)

// SetContactInput says whom letters to a partner go to.
type SetContactInput struct {
	IdempotencyKey string
	Mail           string
}

// SetContact says whom letters about the partner's systems go to; "" for nobody.
func (s *Service) SetContact(ctx context.Context, in SetContactInput) (*Organization, error) {
	scope, err := Allow(ctx, ContactWrite)
	if err != nil {
		return nil, err
	}
	address := strings.TrimSpace(in.Mail)
	if address != "" && !mailable(address) {
		return nil, fault.New(fault.Invalid, "contact.bad_mail").On("mail")
	}
	var organization *Organization
	err = s.Once(ctx, in.IdempotencyKey, "setContact", in, &organization, func(ctx context.Context) error {
		if err := s.Store.SetContact(ctx, scope.OrganizationID, address); err != nil {
			return err
		}
		rows, err := s.Store.OrganizationsByID(ctx, []string{scope.OrganizationID})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return fault.New(fault.NotFound, "organization.not_found")
		}
		organization = &rows[0]
		return s.Acts.Record(ctx, s.Act(ctx, act.ContactSet, scope.OrganizationID, s.Now().UTC().Truncate(time.Microsecond), act.Facts{"known": address != ""}))
	})
	if err != nil {
		return nil, err
	}
	return organization, nil
}

// mailable reports whether letters can go to an address.
func mailable(address string) bool {
	name, host, ok := strings.Cut(address, "@")
	return ok && name != "" && host != "" && !strings.ContainsAny(address, " \t\r\n<>,;") && len(address) <= longestInput
}

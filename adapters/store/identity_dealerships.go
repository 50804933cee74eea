package store

import (
	"context"
	"time"

	"dure/domain/channel"
	"dure/domain/fault"
	"dure/domain/identity"
)

// OrganizationOfDealer implements identity.DealershipStore. It locks the dealer, so
// that two who invite at once find one firm.
func (s People) OrganizationOfDealer(ctx context.Context, dealerID string, newID func() string) (*identity.Organization, error) {
	var dealer channel.Dealer
	err := s.forUpdate(s.write(ctx).NewSelect().Model(&dealer).Where("id = ? AND closed_on IS NULL", dealerID)).Scan(ctx)
	if err := found(err, "dealer"); err != nil {
		return nil, err
	}
	var firm identity.Organization
	err = found(s.write(ctx).NewSelect().Model(&firm).Where("dealer_id = ?", dealerID).Scan(ctx), "organization")
	if fault.CodeOf(err) != fault.NotFound {
		return &firm, err
	}
	firm = identity.Organization{ID: newID(), Name: dealer.Name, Kind: identity.Dealership, DealerID: dealerID}
	_, err = s.write(ctx).NewInsert().Model(&firm).Exec(ctx)
	return &firm, inserted(err, "organization")
}

// RoleAt implements identity.DealershipStore.
func (s People) RoleAt(ctx context.Context, dealerID, userID string, at time.Time) (identity.StaffRole, error) {
	var row channel.Staff
	err := s.write(ctx).NewSelect().Model(&row).
		Where("dealer_id = ? AND user_id = ? AND joined_on <= ? AND (left_on IS NULL OR left_on > ?)", dealerID, userID, at, at).
		OrderExpr("CASE role WHEN 'OWNER' THEN 0 ELSE 1 END, id").Limit(1).Scan(ctx)
	if err := found(err, "staff"); fault.CodeOf(err) == fault.NotFound {
		return "", nil
	} else if err != nil {
		return "", err
	}
	return row.Role, nil
}

// AddStaff implements identity.DealershipStore.
func (s People) AddStaff(ctx context.Context, id string, u *identity.User, role identity.StaffRole, from time.Time) error {
	_, err := s.write(ctx).NewInsert().Model(&channel.Staff{ID: id, DealerID: u.DealerID, UserID: u.ID, Name: u.Name, Role: role, JoinedOn: from}).Exec(ctx)
	return inserted(err, "staff")
}

package store

import (
	"context"

	"dure/domain/identity"
)

// SubjectOf implements identity.SubjectStore.
func (s People) SubjectOf(ctx context.Context, issuer, subject string) (*identity.Subject, error) {
	var row identity.Subject
	err := s.write(ctx).NewSelect().Model(&row).Where("issuer = ? AND subject = ?", issuer, subject).Scan(ctx)
	if err := found(err, "subject"); err != nil {
		return nil, err
	}
	return &row, nil
}

// AddSubject implements identity.SubjectStore.
func (s People) AddSubject(ctx context.Context, row *identity.Subject) error {
	_, err := s.write(ctx).NewInsert().Model(row).Exec(ctx)
	return inserted(err, "subject")
}

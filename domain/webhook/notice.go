package webhook

import (
	"context"
	"time"

	"dure/domain/identity"
)

// Notices leaves telling a partner of its paused endpoint to a job of the
// running transaction.
type Notices interface {
	PausedLater(ctx context.Context, endpointID string) error
}

// Organizations knows whom letters to a partner go to.
type Organizations interface {
	OrganizationsByID(ctx context.Context, ids []string) (map[string]identity.Organization, error)
}

// Notice tells a partner that one of its endpoints is not called any more.
type Notice struct {
	To           string
	Organization string
	URL          string
	Reason       PauseReason
	Since        time.Time // when the failing began
}

// Mailer sends notices.
type Mailer interface {
	DeliverNotice(ctx context.Context, n Notice) error
}

// SendPaused tells the organisation's contact that an endpoint was paused, in a
// job. Nobody is told of one that is called again, was removed, or whose
// organisation named nobody.
func (s *Service) SendPaused(ctx context.Context, endpointID string) error {
	scope, err := identity.Allow(ctx, identity.WebhookDeliver)
	if err != nil {
		return err
	}
	endpoints, err := s.Store.EndpointsByID(ctx, scope, []string{endpointID})
	if err != nil || len(endpoints) == 0 || endpoints[0].State != Paused {
		return err
	}
	e := endpoints[0]
	organizations, err := s.Organizations.OrganizationsByID(ctx, []string{e.OrganizationID})
	if err != nil {
		return err
	}
	o := organizations[e.OrganizationID]
	if o.ContactMail == "" {
		return nil
	}
	return s.Mailer.DeliverNotice(ctx, Notice{To: o.ContactMail, Organization: o.Name, URL: e.URL, Reason: e.PauseReason, Since: e.FailingSince})
}

package demo_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/customer"
	"dure/domain/feed"
	"dure/domain/identity"
	"dure/domain/lending"
	"dure/internal/demo"
)

func TestLendersFinanceWhatWasSoldOnCredit(t *testing.T) {
	w := full(t)
	names := map[string]string{}
	for _, o := range w.Organizations {
		names[o.ID] = o.Name
	}
	byStatus, byLender, applications := map[lending.ApplicationStatus]int{}, map[string]int{}, map[string]lending.FinanceApplication{}
	for _, a := range w.Applications {
		byStatus[a.Status]++
		byLender[names[a.LenderID]]++
		applications[a.ID] = a
		require.Positive(t, a.Amount)
		require.False(t, a.UpdatedAt.After(today))
	}
	assert.Greater(t, byStatus[lending.Funded], 50)
	for _, status := range []lending.ApplicationStatus{lending.Submitted, lending.Approved, lending.Declined} {
		assert.Positive(t, byStatus[status], status)
	}
	for _, c := range demo.Clients {
		if c.Persona == identity.Lender {
			assert.Positive(t, byLender[c.Organization], "%s has something to read", c.Name)
		}
	}
	open := map[string]bool{}
	for _, c := range w.Changes {
		switch c.Kind {
		case feed.ContractShared:
			open[c.OrganizationID+c.SubjectID] = true
		case feed.ContractClosed:
			delete(open, c.OrganizationID+c.SubjectID)
		}
	}
	agreed := map[string]customer.ConsentAction{} // the newest
	for _, c := range w.Consents {
		if c.Purpose == customer.ThirdParty {
			agreed[c.CustomerID+c.Recipient] = c.Action
		}
	}
	shared := map[string]bool{}
	for _, h := range w.Shares {
		if h.RowID == h.ContractID {
			shared[h.OrganizationID+h.RowID] = true
		}
		require.Equal(t, customer.Granted, agreed[h.CustomerID+h.OrganizationID], "nothing is shared without consent")
	}
	assert.Equal(t, open, shared, "the feed from the beginning is what is open now")
	regretted := 0
	for _, a := range applications {
		if a.Status == lending.Funded && !shared[a.LenderID+a.ContractID] {
			regretted++
		}
	}
	assert.Positive(t, regretted, "somebody took their consent back in the middle of a loan")
}

func TestOneLenderIsSlowWithDocuments(t *testing.T) {
	w := full(t)
	names := map[string]string{}
	for _, o := range w.Organizations {
		names[o.ID] = o.Name
	}
	type wait struct{ days, files float64 }
	waits := map[bool]wait{}
	for _, a := range w.Applications {
		if a.DecidedAt.IsZero() {
			continue
		}
		slow := names[a.LenderID] == "한마을상호금융"
		of := waits[slow]
		waits[slow] = wait{of.days + a.DecidedAt.Sub(a.SubmittedAt).Hours()/24, of.files + 1}
	}
	require.Positive(t, waits[true].files)
	assert.Greater(t, waits[true].days/waits[true].files, 2*waits[false].days/waits[false].files)
}

func TestTheFirstLenderHasSomethingToDecideOnAnyDay(t *testing.T) {
	for name, now := range anyDay {
		t.Run(name, func(t *testing.T) {
			w := world(t, "small", 20260101, now)
			var lender string
			for _, o := range w.Organizations {
				if o.Name == demo.Clients[0].Organization {
					lender = o.ID
				}
			}
			shared := map[string]bool{}
			for _, h := range w.Shares {
				shared[h.OrganizationID+h.RowID] = true
			}
			waiting := 0
			for _, a := range w.Applications {
				if a.LenderID == lender && a.Status == lending.Submitted {
					waiting++
					assert.True(t, shared[lender+a.ID] && shared[lender+a.ContractID], "what is to be decided can be read")
				}
			}
			assert.Positive(t, waiting)
		})
	}
}

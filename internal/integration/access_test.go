package integration_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/fault"
	"dure/domain/lending"
)

func TestEveryLookIsWrittenDown(t *testing.T) {
	eachWorld(t, func(w *world) {
		c, applications := w.shared("org_lender", "org_other_lender")
		_, err := w.deals.Contract(w.lenderA, c.ID)
		require.NoError(w, err)
		_, err = w.lending.BorrowersOf(w.lenderB, []string{c.ID})
		require.NoError(w, err)
		deals, err := w.lending.SharedOf(w.lenderA, []string{applications[0].ID})
		require.NoError(w, err)
		w.opens(deals[applications[0].ID].PaperLink)
		_, err = w.lending.BorrowersOf(w.lenderA, []string{applications[1].ID, "ctr_nothing"})
		require.NoError(w, err, "what is another's is not there, and nobody looked")

		log, err := w.lending.AccessLog(w.gimje, c.CustomerID, ptr(2), nil)
		require.NoError(w, err)
		assert.Equal(w, 4, log.TotalCount)
		rest, err := w.lending.AccessLog(w.hq, c.CustomerID, nil, log.PageInfo.EndCursor)
		require.NoError(w, err)
		var looks []string
		for _, e := range append(log.Nodes, rest.Nodes...) {
			looks = append([]string{e.ActorID + " " + e.What + " " + e.Items}, looks...)
		}
		assert.Equal(w, []string{
			"cli_a contract CONTRACT", "cli_b borrower IDENTITY,CONTACT,FARM,CREDIT", "cli_a terms CONTRACT", "cli_a paper CONTRACT,IDENTITY,CONTACT",
		}, looks)
		check := func() lending.AccessCheck {
			got, err := w.lending.VerifyAccessLog(w.gimje, c.CustomerID)
			require.NoError(w, err)
			return *got
		}
		assert.Equal(w, lending.AccessCheck{Entries: 4, Intact: true}, check())
		_, err = w.lending.AccessLog(w.iksan, c.CustomerID, nil, nil)
		w.refused("another dealer", err, fault.NotFound, "customer.not_found", "customerId")

		for name, tamper := range map[string]string{
			"an entry was changed":     "UPDATE access_entries SET actor_id = 'cli_x' WHERE seq = 2 AND customer_id = ?",
			"the last one was dropped": "DELETE FROM access_entries WHERE seq = 4 AND customer_id = ?",
		} {
			_, err := rows(w.db).NewRaw(tamper, c.CustomerID).Exec(w.nobody)
			require.NoError(w, err)
			assert.False(w, check().Intact, name)
		}
	})
}

// logless is a store that cannot write down who looked.
type logless struct{ lending.Store }

func (logless) AppendAccess(context.Context, []lending.AccessEntry, map[string]lending.AccessEntry) error {
	return context.DeadlineExceeded
}

func TestWhatCannotBeWrittenDownIsNotShown(t *testing.T) {
	eachWorld(t, func(w *world) {
		c, _ := w.shared("org_lender")
		deals, err := w.lending.SharedOf(w.lenderA, []string{c.ID})
		require.NoError(w, err)
		w.lending.Store = logless{w.lending.Store}
		_, err = w.deals.Contract(w.lenderA, c.ID)
		require.ErrorIs(w, err, context.DeadlineExceeded)
		_, err = w.deals.Contracts(w.lenderA, nil, nil, nil)
		require.ErrorIs(w, err, context.DeadlineExceeded)
		_, err = w.deals.ContractsByID(w.lenderA, []string{c.ID})
		require.ErrorIs(w, err, context.DeadlineExceeded)
		_, err = w.lending.SharedOf(w.lenderA, []string{c.ID})
		require.ErrorIs(w, err, context.DeadlineExceeded)
		_, err = w.lending.BorrowersOf(w.lenderA, []string{c.ID})
		require.ErrorIs(w, err, context.DeadlineExceeded)
		_, err = w.lending.FileByLink(w.nobody, strings.TrimPrefix(deals[c.ID].PaperLink.URL, "/files/shared/"))
		require.ErrorIs(w, err, context.DeadlineExceeded)
		_, err = w.deals.Contract(w.gimje, c.ID)
		require.NoError(w, err, "the dealer's own are not others' looks")
	})
}

func TestTwoWhoLookAtOnceMakeOneChain(t *testing.T) {
	eachWorld(t, func(w *world) {
		c, _ := w.shared("org_lender", "org_other_lender")
		for _, err := range atOnce(12, func(i int) error {
			ctx := []context.Context{w.lenderA, w.lenderB}[i%2]
			_, err := w.deals.Contract(ctx, c.ID)
			return err
		}) {
			require.NoError(w, err)
		}
		got, err := w.lending.VerifyAccessLog(w.hq, c.CustomerID)
		require.NoError(w, err)
		assert.Equal(w, lending.AccessCheck{Entries: 12, Intact: true}, *got)
	})
}

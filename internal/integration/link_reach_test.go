package integration_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/link"
)

// A customer's answers name nothing of anybody else's, whatever was done by
// whom: not another customer of the same dealer's, and not another contract of
// their own.
func TestNothingLeadsACustomerToAnotherRow(t *testing.T) {
	eachWorld(t, func(w *world) {
		type door struct {
			contract *deal.Contract
			link     *link.CustomerLink
			ids      []string // what belongs to this contract alone
		}
		var doors []door
		open := func(c *deal.Contract) {
			l := w.opened(c)
			doors = append(doors, door{c, l, []string{c.ID, c.QuoteID, c.DealID, c.PaperSHA256, l.ID}})
		}
		open(w.draft(w.gimje))
		open(w.draft(w.gimje))
		open(w.draft(w.iksan))
		second := w.issue(w.gimje, deal.IssueQuoteInput{CustomerID: doors[0].contract.CustomerID, Lines: tractor()})
		open(w.draftOf(w.gimje, second.ID)) // of the first customer's own

		rapid.Check(t, func(r *rapid.T) {
			mine := rapid.IntRange(0, len(doors)-1).Draw(r, "whose")
			own := w.owner(doors[mine].link)
			switch rapid.IntRange(0, 3).Draw(r, "what") {
			case 0:
				_, err := w.links.SignContractByLink(own, signingByLink(doors[rapid.IntRange(0, len(doors)-1).Draw(r, "paper")].contract))
				if code := fault.CodeOf(err); code != "" {
					assert.Equal(w, fault.Conflict, code)
				}
			case 1:
				_, err := w.links.WithdrawConsentByLink(own, link.WithdrawConsentByLinkInput{Purpose: customer.Marketing})
				assert.NotEqual(w, fault.Internal, fault.CodeOf(err))
			case 2:
				_, err := w.links.GrantConsentByLink(own, link.GrantConsentByLinkInput{TextID: "marketing@1"})
				require.NoError(w, err)
			}
			read, err := w.links.CustomerContract(own)
			require.NoError(w, err)
			firms, err := w.links.Recipients(own)
			require.NoError(w, err)
			answer, err := json.Marshal([]any{read, firms})
			require.NoError(w, err)
			for i, d := range doors {
				for _, id := range d.ids {
					if i != mine && id != "" {
						assert.NotContains(w, string(answer), id, "%s leads to %s", doors[mine].contract.ID, id)
					}
				}
			}
			for _, c := range read.Consents {
				assert.Equal(w, doors[mine].contract.CustomerID, c.CustomerID)
			}
		})
		signed := w.count("contracts", "status = ?", deal.ContractSigned)
		assert.Equal(w, signed, w.count("acts", "kind = 'contract.signed'"), "each signature signed its own contract, once")
	})
}

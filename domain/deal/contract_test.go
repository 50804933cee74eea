package deal_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
)

func TestSign(t *testing.T) {
	at, received := monday, monday.Add(time.Hour)
	for name, tt := range map[string]struct {
		from       deal.ContractStatus
		read       string
		key, field string
	}{
		"a draft is signed":                              {from: deal.ContractDraft, read: "abc"},
		"a draft that was read in another version":       {deal.ContractDraft, "abd", "contract.other_paper", "readSha256"},
		"a draft that nobody read":                       {deal.ContractDraft, "", "contract.other_paper", "readSha256"},
		"the hash in capitals is another text":           {deal.ContractDraft, "ABC", "contract.other_paper", "readSha256"},
		"a signed one is not signed again":               {deal.ContractSigned, "abc", "contract.already_signed", ""},
		"a cancelled one cannot be signed":               {deal.ContractCancelled, "abc", "contract.not_signable", ""},
		"a cancelled one, whatever was read, says which": {deal.ContractCancelled, "", "contract.not_signable", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := deal.Contract{Status: tt.from, PaperSHA256: "abc"}
			before := c
			err := c.Sign(tt.read, at, received)
			if tt.key == "" {
				require.NoError(t, err)
				assert.Equal(t, deal.ContractSigned, c.Status)
				assert.Equal(t, at, c.SignedAt)
				assert.Equal(t, received, c.ReceivedAt)
				return
			}
			about(t, err, fault.Conflict, tt.key, tt.field)
			assert.Equal(t, before, c, "and nothing changed")
		})
	}
}

func TestCancel(t *testing.T) {
	for _, from := range []deal.ContractStatus{deal.ContractDraft, deal.ContractSigned} {
		c := deal.Contract{Status: from}
		require.NoError(t, c.Cancel("마음이 바뀜", monday))
		assert.Equal(t, deal.Contract{Status: deal.ContractCancelled, CancelReason: "마음이 바뀜", CancelledAt: monday}, c)
		before := c
		about(t, c.Cancel("다시", monday.Add(time.Hour)), fault.Conflict, "contract.already_cancelled", "")
		assert.Equal(t, before, c, "the first reason stays")
	}
}

func TestDiscountBP(t *testing.T) {
	assert.Equal(t, 320, (&deal.Contract{Discount: 1_600_000, ListTotal: 50_000_000}).DiscountBP())
	assert.Zero(t, (&deal.Contract{}).DiscountBP())
}

func TestNeedsCount(t *testing.T) {
	assert.Zero(t, deal.Needs{}.Count())
	assert.Zero(t, deal.Needs{Crops: []string{}, Attachments: []string{"", " "}, Purpose: "\u3000"}.Count(), "blanks say nothing")
	assert.Equal(t, 6, deal.Needs{
		Crops: []string{"", "RICE"}, SquareMetres: 1, Terrain: customer.Flat, Attachments: []string{"LOADER"}, Budget: 1, Purpose: "논 열 마지기",
	}.Count())
}

func TestClose(t *testing.T) {
	for _, reason := range append([]string{""}, deal.LostReasons...) {
		c := deal.Consultation{Status: deal.ConsultationOpen}
		require.NoError(t, c.Close(reason, "메모", monday))
		assert.Equal(t, deal.Consultation{Status: deal.ConsultationLost, LostReason: reason, LostNote: "메모", ClosedAt: monday}, c)
		about(t, c.Close(reason, "", monday), fault.Conflict, "consultation.not_open", "")
	}
	c := deal.Consultation{Status: deal.ConsultationOpen}
	about(t, c.Close("price", "", monday), fault.Invalid, "consultation.bad_reason", "lostReason")
	assert.Equal(t, deal.Consultation{Status: deal.ConsultationOpen}, c)
	won := deal.Consultation{Status: deal.ConsultationWon}
	about(t, won.Close("PRICE", "", monday), fault.Conflict, "consultation.not_open", "")
}

func TestAConsultationIsWonAndReopened(t *testing.T) {
	c := deal.Consultation{Status: deal.ConsultationOpen}
	c.Win(monday)
	assert.Equal(t, deal.Consultation{Status: deal.ConsultationWon, ClosedAt: monday}, c)
	c.Reopen()
	assert.Equal(t, deal.Consultation{Status: deal.ConsultationOpen}, c)

	lost := deal.Consultation{Status: deal.ConsultationLost, LostReason: "PRICE", ClosedAt: monday}
	before := lost
	lost.Reopen()
	assert.Equal(t, before, lost, "a lost one stays lost")
}

package integration_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/ids"
	"dure/domain/act"
	"dure/domain/agenda"
	"dure/domain/channel"
	"dure/domain/deal"
	"dure/domain/fault"
)

func TestARepSeesWhatNeedsThemByUrgency(t *testing.T) {
	eachWorld(t, func(w *world) {
		stalled := w.consult(w.gimje)
		w.consult(w.iksan) // of another territory
		w.give("dlr_gimje", 30)
		w.give("dlr_buan", 20)
		w.pass(8 * 24 * time.Hour)
		waits := w.waiting()
		w.give("dlr_gimje", 30) // scoring took back what no act had earned
		w.give("dlr_buan", 50)

		found, err := w.agenda.Attention(w.rep, 20)
		require.NoError(w, err)
		require.Len(w, found, 3)
		assert.Equal(w, agenda.ApprovalWanted, found[0].Kind)
		assert.Equal(w, waits.ID, found[0].SubjectID)
		assert.Equal(w, waits.DiscountBP, found[0].DiscountBP)
		assert.Equal(w, agenda.FallingRank, found[1].Kind)
		assert.Equal(w, "dlr_gimje", found[1].SubjectID)
		assert.Equal(w, [2]int{1, 2}, [2]int{found[1].FromRank, found[1].ToRank})
		assert.Equal(w, agenda.StalledDeal, found[2].Kind)
		assert.Equal(w, stalled.ID, found[2].DealID)
		assert.True(w, stalled.OpenedAt.Equal(found[2].Since), "since something last happened")

		one, err := w.agenda.Attention(w.rep, 1)
		require.NoError(w, err)
		assert.Equal(w, found[:1], one)
		all, err := w.agenda.Attention(w.hq, 100)
		require.NoError(w, err)
		assert.Len(w, all, 4, "HQ sees the other territory's stalled deal too")

		deals, err := w.agenda.DealsOf(w.rep, []string{"dlr_gimje", "dlr_iksan", "dlr_buan"})
		require.NoError(w, err)
		assert.Len(w, deals, 2, "those of the territory")
		assert.Equal(w, 2, deals["dlr_gimje"].OpenConsultations)
		assert.Equal(w, 1, deals["dlr_gimje"].QuotesWaiting)
		assert.True(w, w.now().Equal(deals["dlr_gimje"].LastActAt))

		_, err = w.agenda.Attention(w.rep, 101)
		w.refused("too many", err, fault.Invalid, "page.bad_first", "first")

		w.pass(deal.QuoteValidity)
		later, err := w.agenda.Attention(w.rep, 20)
		require.NoError(w, err)
		assert.NotContains(w, subjects(later), waits.ID, "nobody needs a decision on a quote that no longer holds")
		deals, err = w.agenda.DealsOf(w.rep, []string{"dlr_gimje"})
		require.NoError(w, err)
		assert.Zero(w, deals["dlr_gimje"].QuotesWaiting)
	})
}

func subjects(found []agenda.Attention) []string {
	ids := make([]string, len(found))
	for i, a := range found {
		ids[i] = a.SubjectID
	}
	return ids
}

func TestAVisitIsAnActAndIsNotedOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := channel.RecordVisitInput{
			ID: ids.New("vis"), IdempotencyKey: "k1", DealerID: "dlr_gimje", Kind: channel.InPerson, Note: " 전시장을 새로 꾸미고 있어요 ", OccurredAt: w.ago(2 * time.Hour),
		}
		v, err := w.channel.RecordVisit(w.rep, in)
		require.NoError(w, err)
		assert.Equal(w, in.ID, v.ID)
		assert.Equal(w, "전시장을 새로 꾸미고 있어요", v.Note)
		w.unchanged("the same visit once more", func() {
			again, err := w.channel.RecordVisit(w.rep, in)
			require.NoError(w, err)
			assert.Equal(w, v.ID, again.ID)
		})
		assert.Equal(w, 1, w.acts(act.VisitRecorded))
		phoned, err := w.channel.RecordVisit(w.rep, channel.RecordVisitInput{DealerID: "dlr_gimje", Kind: channel.ByPhone})
		require.NoError(w, err)

		for name, ctx := range map[string]func() ([]channel.Visit, error){
			"the rep": func() ([]channel.Visit, error) {
				c, err := w.channel.Visits(w.rep, "dlr_gimje", nil, nil)
				return c.Nodes, err
			},
			"HQ": func() ([]channel.Visit, error) {
				c, err := w.channel.Visits(w.hq, "dlr_gimje", nil, nil)
				return c.Nodes, err
			},
		} {
			visits, err := ctx()
			require.NoError(w, err)
			require.Len(w, visits, 2, name)
			assert.Equal(w, phoned.ID, visits[0].ID, "the newest first")
		}
		others, err := w.channel.Visits(w.otherRep, "dlr_gimje", nil, nil)
		require.NoError(w, err)
		assert.Empty(w, others.Nodes, "another territory's")

		for name, tt := range map[string]struct {
			in         channel.RecordVisitInput
			code       fault.Code
			key, field string
		}{
			"a dealer of another territory": {channel.RecordVisitInput{DealerID: "dlr_iksan", Kind: channel.InPerson}, fault.NotFound, "dealer.not_found", "dealerId"},
			"no way to meet":                {channel.RecordVisitInput{DealerID: "dlr_gimje", Kind: "LETTER"}, fault.Invalid, "visit.bad_kind", "kind"},
			"a time to come":                {channel.RecordVisitInput{DealerID: "dlr_gimje", Kind: channel.InPerson, OccurredAt: w.ago(-time.Hour)}, fault.Invalid, "act.in_future", "occurredAt"},
			"an id that is taken":           {channel.RecordVisitInput{ID: in.ID, DealerID: "dlr_gimje", Kind: channel.InPerson}, fault.Conflict, "id.taken", "id"},
		} {
			w.unchanged(name, func() {
				_, err := w.channel.RecordVisit(w.rep, tt.in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			})
		}
	})
}

func TestADealTellsItsStory(t *testing.T) {
	eachWorld(t, func(w *world) {
		talk := w.consult(w.gimje)
		w.show(w.gimje, talk.ID, 45)
		w.pass(time.Minute)
		w.issue(w.gimje, offer(talk.ID))
		w.consult(w.gimje) // another deal
		story, err := w.customers.DealTimeline(w.rep, talk.ID, nil, nil)
		require.NoError(w, err)
		var kinds []act.Kind
		for _, item := range story.Nodes {
			kinds = append(kinds, item.Kind)
		}
		require.Len(w, kinds, 3)
		assert.Equal(w, act.QuoteIssued, kinds[0])
		assert.ElementsMatch(w, []act.Kind{act.ProductPresented, act.ConsultationOpened}, kinds[1:])
		others, err := w.customers.DealTimeline(w.iksan, talk.ID, nil, nil)
		require.NoError(w, err)
		assert.Empty(w, others.Nodes)
	})
}

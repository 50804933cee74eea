package integration_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/store"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/inbox"
	"dure/jobs"
)

func (w *world) inboxMethods() map[string]method {
	s := w.inbox
	type c = context.Context
	return map[string]method{
		"inbox.Deliver":  {func(ctx c) error { return s.Deliver(ctx, nil) }, theSystem},
		"inbox.Inbox":    {func(ctx c) error { return failed(s.Inbox(ctx, inbox.Filter{}, nil, nil)) }, theChannel},
		"inbox.State":    {func(ctx c) error { return failed(s.State(ctx)) }, theChannel},
		"inbox.MarkRead": {func(ctx c) error { return failed(s.MarkRead(ctx, inbox.MarkNoticesReadInput{})) }, theChannel},
		"inbox.Mute":     {func(ctx c) error { return failed(s.Mute(ctx, inbox.MuteNoticesInput{})) }, theChannel},
		"inbox.Unmute":   {func(ctx c) error { return failed(s.Unmute(ctx, inbox.MuteNoticesInput{})) }, theChannel},
		"inbox.Changes": {func(ctx c) error {
			over, end := context.WithCancel(ctx)
			end()
			return failed(s.Changes(over))
		}, theChannel},
	}
}

func (w *world) postman() *jobs.Postman {
	return jobs.NewPostman(jobs.Postman{
		Acts: store.Inboxes{DB: w.db}, Progress: store.Progress{DB: w.db}, Kinds: inbox.Kinds, Deliver: w.inbox.Deliver, Holder: "a", Logger: quiet,
	})
}

// told reads the kinds of what somebody was told, the newest first, once there
// are as many as wanted: any transaction of the server, another test's too, may
// hold the log back.
func (w *world) told(ctx context.Context, want int) (kinds []inbox.NoticeKind) {
	w.Helper()
	require.Eventually(w, func() bool {
		require.NoError(w, w.postman().Drain(w.system))
		page, err := w.inbox.Inbox(ctx, inbox.Filter{}, nil, nil)
		require.NoError(w, err)
		kinds = nil
		for _, n := range page.Nodes {
			kinds = append(kinds, n.Kind)
		}
		return len(kinds) == want
	}, 20*time.Second, 10*time.Millisecond)
	return kinds
}

// decideOn approves a discount.
func (w *world) decideOn(q *deal.Quote) {
	w.Helper()
	_, err := w.deals.DecideDiscount(w.rep, deal.DecideDiscountInput{QuoteID: q.ID, ExpectedVersion: q.Version, Approve: true})
	require.NoError(w, err)
}

func TestPeopleAreToldOfWhatConcernsThemOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		q := w.waiting()
		assert.Equal(w, []inbox.NoticeKind{inbox.ApprovalWanted}, w.told(w.rep, 1))
		assert.Equal(w, []inbox.NoticeKind{inbox.ApprovalWanted}, w.told(w.hq, 1))
		assert.Empty(w, w.told(w.otherRep, 0))
		w.decideOn(q)
		assert.Equal(w, []inbox.NoticeKind{inbox.DiscountDecided}, w.told(w.gimje, 1), "who issued the quote hears of it")
		assert.Empty(w, w.told(w.iksan, 0))

		_, err := rows(w.db).NewDelete().TableExpr("cursors").Where("name = ?", "inbox").Exec(w.Context())
		require.NoError(w, err)
		assert.Len(w, w.told(w.hq, 1), 1, "the whole log once more tells nobody twice")
		assert.Equal(w, 3, w.count("notices", "1 = 1"))
	})
}

func TestASaleIsToldToItsDealership(t *testing.T) {
	eachWorld(t, func(w *world) {
		sh := w.underway(w.sold())
		_, err := w.prove(w.proving(sh))
		require.NoError(w, err)
		assert.Contains(w, w.told(w.gimje, 1), inbox.DeliveryProved)
		assert.Empty(w, w.told(w.iksan, 0))
	})
}

func TestAnInboxIsReadAndMuted(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.waiting()
		w.waiting()
		w.told(w.rep, 2)
		page, err := w.inbox.Inbox(w.rep, inbox.Filter{UnreadOnly: true}, ptr(1), nil)
		require.NoError(w, err)
		assert.Equal(w, 2, page.TotalCount)
		next, err := w.inbox.Inbox(w.rep, inbox.Filter{}, nil, page.PageInfo.EndCursor)
		require.NoError(w, err)
		require.Len(w, next.Nodes, 1)

		_, err = w.inbox.MarkRead(w.hq, inbox.MarkNoticesReadInput{Ids: []string{page.Nodes[0].ID}})
		require.NoError(w, err)
		state, err := w.inbox.MarkRead(w.rep, inbox.MarkNoticesReadInput{Ids: []string{next.Nodes[0].ID}})
		require.NoError(w, err)
		assert.Equal(w, 1, state.Unread, "HQ cannot read a rep's for them")
		state, err = w.inbox.MarkRead(w.rep, inbox.MarkNoticesReadInput{})
		require.NoError(w, err)
		assert.Zero(w, state.Unread)

		state, err = w.inbox.Mute(w.rep, inbox.MuteNoticesInput{Kind: inbox.ApprovalWanted})
		require.NoError(w, err)
		assert.Equal(w, []inbox.NoticeKind{inbox.ApprovalWanted}, state.Muted)
		w.waiting()
		w.told(w.hq, 3)
		w.told(w.rep, 2)
		_, err = w.inbox.Unmute(w.rep, inbox.MuteNoticesInput{Kind: inbox.ApprovalWanted})
		require.NoError(w, err)
		w.waiting()
		w.told(w.rep, 3)
		_, err = w.inbox.Mute(w.rep, inbox.MuteNoticesInput{Kind: "WEATHER"})
		w.refused("no kind", err, fault.Invalid, "notice.bad_kind", "kind")
	})
}

func TestAnOpenScreenSeesItsInboxMove(t *testing.T) {
	eachWorld(t, func(w *world) {
		ctx, stop := context.WithCancel(w.rep)
		defer stop()
		states, err := w.inbox.Changes(ctx)
		require.NoError(w, err)
		first := <-states
		assert.Zero(w, first.Unread)
		w.waiting()
		w.told(w.rep, 1)
		second := <-states
		assert.Equal(w, 1, second.Unread)
		require.NotNil(w, second.Newest)
		_, err = w.inbox.MarkRead(w.rep, inbox.MarkNoticesReadInput{})
		require.NoError(w, err)
		assert.Zero(w, (<-states).Unread)
		stop()
		for range states { // until it is closed
		}
	})
}

package integration_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/ids"
	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
)

// queue is a deal that a tablet made without reception, each step under an id and
// a key of the tablet's own.
type queue struct {
	customer customer.CreateCustomerInput
	talk     deal.OpenConsultationInput
	shown    deal.PresentProductInput
	quote    deal.IssueQuoteInput
	revised  deal.ReviseQuoteInput
}

// queued is what a tablet kept that was out of reach from so long ago on.
func (w *world) queued(late time.Duration) queue {
	at := func(minutes int) *time.Time { return w.ago(late - time.Duration(minutes)*time.Minute) }
	q := queue{
		customer: customer.CreateCustomerInput{
			ID: ids.New("cus"), IdempotencyKey: ids.New("key"), Name: "박두둑", Phone: "010-0000-9876", DistrictCode: "52210",
			ConsentTextID: "personal-data@2", OccurredAt: at(0),
		},
		talk: deal.OpenConsultationInput{
			ID: ids.New("con"), IdempotencyKey: ids.New("key"), Needs: deal.NeedsInput{Crops: []string{"RICE"}}, OccurredAt: at(1),
		},
		shown: deal.PresentProductInput{IdempotencyKey: ids.New("key"), ProductID: "prd_55", MediaID: "med_1", WatchedSeconds: 45, OccurredAt: at(2)},
	}
	q.talk.CustomerID, q.shown.ConsultationID = q.customer.ID, q.talk.ID
	q.quote = offer(q.talk.ID)
	q.quote.ID, q.quote.IdempotencyKey, q.quote.OccurredAt = ids.New("quo"), ids.New("key"), at(3)
	q.revised = deal.ReviseQuoteInput{ID: ids.New("quo"), IdempotencyKey: ids.New("key"), QuoteID: q.quote.ID, ExpectedVersion: 1, OccurredAt: at(4)}
	return q
}

// send sends what was queued, in order.
func (w *world) send(ctx context.Context, q queue) {
	w.Helper()
	who, err := w.customers.CreateCustomer(ctx, q.customer)
	require.NoError(w, err)
	assert.Equal(w, q.customer.ID, who.ID)
	talk, err := w.deals.OpenConsultation(ctx, q.talk)
	require.NoError(w, err)
	assert.Equal(w, q.talk.ID, talk.ID)
	_, err = w.deals.PresentProduct(ctx, q.shown)
	require.NoError(w, err)
	quote, err := w.deals.IssueQuote(ctx, q.quote)
	require.NoError(w, err)
	assert.Equal(w, q.quote.ID, quote.ID)
	revised, err := w.deals.ReviseQuote(ctx, q.revised)
	require.NoError(w, err)
	assert.Equal(w, q.revised.ID, revised.ID)
	assert.Equal(w, q.quote.ID, revised.PreviousID)
}

func TestADealMadeWithoutReceptionIsSentInOrderAndOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		q := w.queued(3 * time.Hour)
		w.send(w.gimje, q)
		w.unchanged("the whole queue once more", func() { w.send(w.gimje, q) })

		var kept []act.Act
		require.NoError(w, rows(w.db).NewSelect().Model(&kept).Where("deal_id = ?", q.talk.ID).OrderExpr("seq").Scan(w.Context()))
		require.Len(w, kept, 4)
		for i, a := range kept {
			assert.True(w, w.ago(3*time.Hour-time.Duration(i+1)*time.Minute).Equal(a.OccurredAt), "%s happened when the tablet says", a.Kind)
			assert.True(w, w.now().Equal(a.ReceivedAt), "%s came now", a.Kind)
		}
		assert.Equal(w, 8+10, w.points("dlr_gimje").Points, "shown on the day, and a quote of value")
	})
}

// Lateness is judged for points; what happened is kept in any case.
func TestWhatATabletSendsLateIsKeptAndJudged(t *testing.T) {
	eachWorld(t, func(w *world) {
		for name, tt := range map[string]struct {
			by     context.Context
			late   time.Duration
			points int
		}{
			"within seven days, from a registered tablet": {w.gimje, 6 * 24 * time.Hour, 18},

			"after seven days": {w.gimje, 8 * 24 * time.Hour, 0},

			"from a tablet that nobody registered": {w.strange, time.Hour, 0},
		} {
			before, q := w.points("dlr_gimje").Points, w.queued(tt.late)
			w.send(tt.by, q)
			assert.Equal(w, tt.points, w.points("dlr_gimje").Points-before, name)
			for _, e := range w.entries(q.quote.ID) {
				assert.Equal(w, tt.points == 0, e.Review, "%s: HQ looks at what came too late", name)
			}
		}
	})
}

func TestAnIDThatIsTakenOrNoneIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		theirs := w.queued(time.Minute)
		w.send(w.iksan, theirs)
		for name, tt := range map[string]struct {
			spoil func(q *queue)
			code  fault.Code
			key   string
		}{
			"another dealer's": {func(q *queue) {
				q.customer.ID, q.talk.ID, q.quote.ID, q.revised.ID = theirs.customer.ID, theirs.talk.ID, theirs.quote.ID, theirs.revised.ID
			}, fault.Conflict, "id.taken"},
			"of another kind": {func(q *queue) {
				q.customer.ID, q.talk.ID, q.quote.ID, q.revised.ID = ids.New("con"), ids.New("quo"), ids.New("ctr"), ids.New("cus")
			}, fault.Invalid, "id.malformed"},
			"a word": {func(q *queue) {
				q.customer.ID, q.talk.ID, q.quote.ID, q.revised.ID = "cus_1", "con_1", "quo_1", "x"
			}, fault.Invalid, "id.malformed"},
		} {
			mine := w.queued(time.Minute)
			w.send(w.gimje, mine)
			spoilt := w.queued(time.Minute)
			spoilt.talk.CustomerID, spoilt.quote.ConsultationID, spoilt.revised.QuoteID, spoilt.revised.ExpectedVersion = mine.customer.ID, mine.talk.ID, mine.revised.ID, 1
			tt.spoil(&spoilt)
			w.unchanged(name, func() {
				_, err := w.customers.CreateCustomer(w.gimje, spoilt.customer)
				w.refused(name+", customer", err, tt.code, tt.key, "id")
				_, err = w.deals.OpenConsultation(w.gimje, spoilt.talk)
				w.refused(name+", consultation", err, tt.code, tt.key, "id")
				_, err = w.deals.IssueQuote(w.gimje, spoilt.quote)
				w.refused(name+", quote", err, tt.code, tt.key, "id")
				_, err = w.deals.ReviseQuote(w.gimje, spoilt.revised)
				w.refused(name+", revision", err, tt.code, tt.key, "id")
			})
		}
	})
}

// A tablet whose clock is years ahead may put any time into its ids.
func TestListsGoByWhenThingsHappenedNotByIDs(t *testing.T) {
	eachWorld(t, func(w *world) {
		distant := func(prefix string) string {
			return ids.Of(prefix, uuid.MustParse("ffffffff-ffff-7000-8000-000000000001"))
		}
		first := w.queued(2 * time.Hour)
		first.customer.ID, first.talk.ID, first.quote.ID = distant("cus"), distant("con"), distant("quo")
		first.talk.CustomerID, first.shown.ConsultationID, first.quote.ConsultationID, first.revised.QuoteID = first.customer.ID, first.talk.ID, first.talk.ID, first.quote.ID
		w.send(w.gimje, first)
		second := w.queued(time.Hour)
		w.send(w.gimje, second)

		one := 1
		var after *string
		var people, talks, quotes []string
		for range 2 {
			page, err := w.customers.Customers(w.gimje, nil, &one, after)
			require.NoError(w, err)
			people, after = append(people, page.Nodes[0].ID), page.PageInfo.EndCursor
		}
		after = nil
		for range 2 {
			page, err := w.deals.Consultations(w.gimje, nil, &one, after)
			require.NoError(w, err)
			talks, after = append(talks, page.Nodes[0].ID), page.PageInfo.EndCursor
		}
		after = nil
		for range 4 {
			page, err := w.deals.Quotes(w.gimje, nil, &one, after)
			require.NoError(w, err)
			quotes, after = append(quotes, page.Nodes[0].ID), page.PageInfo.EndCursor
		}
		assert.Equal(w, []string{second.customer.ID, first.customer.ID}, people)
		assert.Equal(w, []string{second.talk.ID, first.talk.ID}, talks)
		assert.Equal(w, []string{second.revised.ID, second.quote.ID, first.revised.ID, first.quote.ID}, quotes)
		of, err := w.deals.QuotesOfDeals(w.gimje, []string{first.talk.ID})
		require.NoError(w, err)
		assert.Equal(w, first.revised.ID, of[first.talk.ID][0].ID, "the newest version comes first")
	})
}

func TestWhoMayBeTheOneIsShownBeforeACustomerIsAdded(t *testing.T) {
	eachWorld(t, func(w *world) {
		add := func(by context.Context, name, phone, district string) string {
			c, err := w.customers.CreateCustomer(by, customer.CreateCustomerInput{Name: name, Phone: phone, DistrictCode: district})
			require.NoError(w, err)
			return c.ID
		}
		phone, near, unknown := add(w.gimje, "다른 이름", "010-0000-1111", ""), add(w.gimje, "박두둑", "", "52210"), add(w.gimje, "박두둑", "", "")
		add(w.iksan, "박두둑", "010-0000-1111", "52210") // another dealer's
		add(w.gimje, "박두렁", "010-0000-2222", "52210")

		because := func(by context.Context, name, number, district string) map[string]customer.Similarity {
			found, err := w.customers.Similar(by, name, number, district)
			require.NoError(w, err)
			reasons := map[string]customer.Similarity{}
			for _, s := range found {
				reasons[s.Customer.ID] = s.Because
			}
			return reasons
		}
		assert.Equal(w, map[string]customer.Similarity{phone: customer.SamePhone, near: customer.SameName, unknown: customer.SameName},
			because(w.gimje, " 박두둑 ", "+82 10 0000 1111", "52210"))
		assert.Equal(w, map[string]customer.Similarity{unknown: customer.SameName}, because(w.gimje, "박두둑", "", "52790"), "who lives elsewhere is somebody else")
		assert.Len(w, because(w.gimje, "박두둑", "", ""), 2, "a name alone is enough where the district is unknown")
		assert.Empty(w, because(w.gimje, "김이랑", "", "52210"))
		assert.Len(w, because(w.hq, "박두둑", "", "52210"), 3, "HQ sees every dealer's")

		found, err := w.customers.Similar(w.gimje, "박두둑", "010-0000-1111", "52210")
		require.NoError(w, err)
		assert.Equal(w, phone, found[0].Customer.ID, "the phone is the surest")
		assert.Equal(w, "010-0000-1111", found[0].Customer.Phone)

		_, err = w.customers.Similar(w.gimje, "박두둑", "전화", "")
		w.refused("no phone number", err, fault.Invalid, "customer.bad_phone", "phone")
		_, err = w.customers.Similar(w.gimje, " ", "", "")
		w.refused("nothing to look for", err, fault.Invalid, "customer.name_missing", "name")
	})
}

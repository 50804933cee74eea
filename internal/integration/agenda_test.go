package integration_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/agenda"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/iq"
)

// next reads what is worth doing, as "what about whom".
func (w *world) next() []agenda.Step {
	w.Helper()
	steps, err := w.agenda.NextSteps(w.gimje, agenda.MaxSteps)
	require.NoError(w, err)
	return steps
}

// worth tells what a step about something would earn; 0 when it is not there.
func worth(steps []agenda.Step, kind agenda.StepKind, subjectID string) int {
	i := slices.IndexFunc(steps, func(s agenda.Step) bool { return s.Kind == kind && s.SubjectID == subjectID })
	if i < 0 {
		return 0
	}
	return steps[i].Points
}

func TestWhatIsWorthDoingFollowsTheDeal(t *testing.T) {
	eachWorld(t, func(w *world) {
		assert.Empty(w, w.next(), "nothing can be done yet")
		talk := w.consult(w.gimje)
		w.consult(w.iksan) // another dealer's
		steps := w.next()
		require.Len(w, steps, 3)
		assert.Equal(w, agenda.IssueQuote, steps[0].Kind, "the most valuable comes first")
		assert.Equal(w, 10, worth(steps, agenda.IssueQuote, talk.ID))
		assert.Equal(w, 8, worth(steps, agenda.ShowProduct, talk.ID))
		assert.Equal(w, 5, worth(steps, agenda.FillFarm, talk.CustomerID))

		w.show(w.gimje, talk.ID, 45)
		q := w.issue(w.gimje, offer(talk.ID))
		w.pass(40*time.Hour + 30*time.Minute)
		steps = w.next()
		assert.Zero(w, worth(steps, agenda.ShowProduct, talk.ID)+worth(steps, agenda.IssueQuote, talk.ID), "that is done")
		assert.Equal(w, 4, worth(steps, agenda.FollowUpQuote, q.ID))
		assert.Equal(w, 8, steps[slices.IndexFunc(steps, func(s agenda.Step) bool { return s.Kind == agenda.FollowUpQuote })].Arguments["hours"], "eight hours are left")

		c := w.draftOf(w.gimje, q.ID)
		assert.Equal(w, 30, worth(w.next(), agenda.SignContract, c.ID))
		before := w.points("dlr_gimje").Points
		signed := w.sign(w.gimje, c)
		assert.Equal(w, 30, w.points("dlr_gimje").Points-before, "what was promised is what it earns")
		assert.Equal(w, 10, worth(w.next(), agenda.RequestDelivery, signed.ID))

		w.pass(8 * time.Hour)
		assert.Zero(w, worth(w.next(), agenda.FollowUpQuote, q.ID), "after 48 hours it earns nothing")
	})
}

func TestAConsultationThatWentQuietIsWorthClosing(t *testing.T) {
	eachWorld(t, func(w *world) {
		talk := w.consult(w.gimje)
		w.pass(agenda.QuietAfterDays*24*time.Hour + time.Hour)
		steps := w.next()
		assert.Equal(w, 3, worth(steps, agenda.CloseConsultation, talk.ID))
		assert.Zero(w, worth(steps, agenda.IssueQuote, talk.ID)+worth(steps, agenda.ShowProduct, talk.ID))
	})
}

// profile fills a farm well enough for points.
func (w *world) profile(c *customer.Customer) {
	w.Helper()
	_, err := w.customers.UpdateCustomer(w.gimje, customer.UpdateCustomerInput{CustomerID: c.ID, ExpectedVersion: c.Version, Farm: &customer.FarmInput{
		Crops: []string{"RICE"}, Terrain: ptr(customer.Flat), Attachments: []string{"로더"}, Operators: ptr(1), Household: ptr("FULL_TIME"), ReplaceYear: ptr(2027),
	}})
	require.NoError(w, err)
}

func TestWhatACapHasNoRoomForIsNotSuggested(t *testing.T) {
	eachWorld(t, func(w *world) {
		for range 7 { // the cap is eight farms a week
			w.profile(w.farmer(w.gimje))
		}
		one, other := w.farmer(w.gimje), w.farmer(w.gimje)
		steps := w.next()
		assert.Equal(w, 5, worth(steps, agenda.FillFarm, one.ID)+worth(steps, agenda.FillFarm, other.ID), "there is room for one of them")
		w.profile(one)
		assert.Empty(w, w.next())
		best, err := w.agenda.NextBestPoints(w.gimje)
		require.NoError(w, err)
		require.Len(w, best.Full, 1)
		assert.Equal(w, iq.PerWeek, best.Full[0].Cap.Per)
		assert.Equal(w, "customer.profiled", best.Full[0].Rule.Key)
		assert.Equal(w, time.Date(2026, 11, 29, 15, 0, 0, 0, time.UTC), best.Full[0].Until, "Monday, in Korea")

		w.pass(7 * 24 * time.Hour)
		assert.Equal(w, 5, worth(w.next(), agenda.FillFarm, other.ID), "next week there is room again")
	})
}

func TestTheNextBestPointsAreAsFewStepsAsAddUpToTen(t *testing.T) {
	eachWorld(t, func(w *world) {
		talk := w.consult(w.gimje)
		w.farmer(w.gimje)
		best, err := w.agenda.NextBestPoints(w.gimje)
		require.NoError(w, err)
		require.Len(w, best.Steps, 1)
		assert.Equal(w, agenda.IssueQuote, best.Steps[0].Kind)
		assert.Equal(w, 10, best.Points)
		w.issue(w.gimje, deal.IssueQuoteInput{ConsultationID: talk.ID, Lines: tractor(), ValuePoints: []string{"논에 좋아요"}})
		best, err = w.agenda.NextBestPoints(w.gimje)
		require.NoError(w, err)
		assert.Equal(w, 8+5, best.Points)
		assert.Empty(w, best.Full)

		_, err = w.agenda.NextSteps(w.gimje, 0)
		w.refused("no steps at all", err, fault.Invalid, "page.bad_first", "first")
	})
}

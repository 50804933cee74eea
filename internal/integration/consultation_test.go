package integration_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"dure/domain/deal"
	"dure/domain/fault"
	"dure/domain/money"
)

func TestABadConsultationIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		mine, silent, others := w.farmer(w.gimje), w.farmer(w.gimje), w.farmer(w.iksan)
		w.withdraw(w.gimje, silent.ID)
		long := strings.Repeat("가", 10_000)
		for name, tt := range map[string]struct {
			in         deal.OpenConsultationInput
			code       fault.Code
			key, field string
		}{
			"nobody":                     {deal.OpenConsultationInput{}, fault.NotFound, "customer.not_found", "customerId"},
			"an unknown customer":        {deal.OpenConsultationInput{CustomerID: "cus_unknown"}, fault.NotFound, "customer.not_found", "customerId"},
			"another dealer's customer":  {deal.OpenConsultationInput{CustomerID: others.ID}, fault.NotFound, "customer.not_found", "customerId"},
			"a customer without consent": {deal.OpenConsultationInput{CustomerID: silent.ID}, fault.Conflict, "customer.no_consent", "customerId"},
			"a note without end":         {deal.OpenConsultationInput{CustomerID: mine.ID, Note: long}, fault.Invalid, "text.too_long", "note"},
			"a purpose without end":      {deal.OpenConsultationInput{CustomerID: mine.ID, Needs: deal.NeedsInput{Purpose: long}}, fault.Invalid, "text.too_long", "needs.purpose"},
			"a crop without end":         {deal.OpenConsultationInput{CustomerID: mine.ID, Needs: deal.NeedsInput{Crops: []string{"RICE", long}}}, fault.Invalid, "text.too_long", "needs.crops.1"},
			"too many attachments":       {deal.OpenConsultationInput{CustomerID: mine.ID, Needs: deal.NeedsInput{Attachments: make([]string, deal.MaxList+1)}}, fault.Invalid, "text.too_many", "needs.attachments"},
			"a negative budget":          {deal.OpenConsultationInput{CustomerID: mine.ID, Needs: deal.NeedsInput{Budget: -1}}, fault.Invalid, "money.negative", "needs.budget"},
			"a budget that overflows":    {deal.OpenConsultationInput{CustomerID: mine.ID, Needs: deal.NeedsInput{Budget: money.Max + 1}}, fault.Invalid, "money.too_large", "needs.budget"},
			"a negative area":            {deal.OpenConsultationInput{CustomerID: mine.ID, Needs: deal.NeedsInput{SquareMetres: -1}}, fault.Invalid, "customer.bad_area", "needs.squareMetres"},
			"a time to come":             {deal.OpenConsultationInput{CustomerID: mine.ID, OccurredAt: w.ago(-time.Hour)}, fault.Invalid, "act.in_future", "occurredAt"},
			"a time long ago":            {deal.OpenConsultationInput{CustomerID: mine.ID, OccurredAt: w.ago(401 * 24 * time.Hour)}, fault.Invalid, "act.too_old", "occurredAt"},
		} {
			w.unchanged(name, func() {
				_, err := w.deals.OpenConsultation(w.gimje, tt.in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			})
		}
	})
}

func TestABadShowingIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		talk, over, others := w.consult(w.gimje), w.consult(w.gimje), w.consult(w.iksan)
		_, err := w.deals.CloseConsultation(w.gimje, deal.CloseConsultationInput{ConsultationID: over.ID})
		require.NoError(w, err)
		for name, tt := range map[string]struct {
			in         deal.PresentProductInput
			code       fault.Code
			key, field string
		}{
			"an unknown consultation":        {deal.PresentProductInput{ConsultationID: "con_unknown", ProductID: "prd_55"}, fault.NotFound, "consultation.not_found", "consultationId"},
			"another dealer's consultation":  {deal.PresentProductInput{ConsultationID: others.ID, ProductID: "prd_55"}, fault.NotFound, "consultation.not_found", "consultationId"},
			"a consultation that is over":    {deal.PresentProductInput{ConsultationID: over.ID, ProductID: "prd_55"}, fault.Conflict, "consultation.not_open", "consultationId"},
			"an unknown product":             {deal.PresentProductInput{ConsultationID: talk.ID, ProductID: "prd_unknown"}, fault.NotFound, "catalogue.unknown_product", "productId"},
			"another product's video":        {deal.PresentProductInput{ConsultationID: talk.ID, ProductID: "prd_55", MediaID: "med_50", WatchedSeconds: 45}, fault.NotFound, "catalogue.unknown_media", "mediaId"},
			"less than nothing watched":      {deal.PresentProductInput{ConsultationID: talk.ID, ProductID: "prd_55", MediaID: "med_1", WatchedSeconds: -1}, fault.Invalid, "consultation.bad_seconds", "watchedSeconds"},
			"longer than anybody watches":    {deal.PresentProductInput{ConsultationID: talk.ID, ProductID: "prd_55", MediaID: "med_1", WatchedSeconds: deal.MaxWatched + 1}, fault.Invalid, "consultation.bad_seconds", "watchedSeconds"},
			"a time before the consultation": {deal.PresentProductInput{ConsultationID: talk.ID, ProductID: "prd_55", OccurredAt: w.ago(time.Hour)}, fault.Invalid, "act.before_deal", "occurredAt"},
		} {
			w.unchanged(name, func() {
				_, err := w.deals.PresentProduct(w.gimje, tt.in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			})
		}
	})
}

func TestABadEndOfAConsultationIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		talk, over, others := w.consult(w.gimje), w.consult(w.gimje), w.consult(w.iksan)
		_, err := w.deals.CloseConsultation(w.gimje, deal.CloseConsultationInput{ConsultationID: over.ID})
		require.NoError(w, err)
		for name, tt := range map[string]struct {
			in         deal.CloseConsultationInput
			code       fault.Code
			key, field string
		}{
			"another dealer's":               {deal.CloseConsultationInput{ConsultationID: others.ID}, fault.NotFound, "consultation.not_found", "consultationId"},
			"one that is over":               {deal.CloseConsultationInput{ConsultationID: over.ID}, fault.Conflict, "consultation.not_open", ""},
			"an unknown reason":              {deal.CloseConsultationInput{ConsultationID: talk.ID, LostReason: "WEATHER"}, fault.Invalid, "consultation.bad_reason", "lostReason"},
			"a note without end":             {deal.CloseConsultationInput{ConsultationID: talk.ID, Note: strings.Repeat("가", 10_000)}, fault.Invalid, "text.too_long", "note"},
			"a time before the consultation": {deal.CloseConsultationInput{ConsultationID: talk.ID, OccurredAt: w.ago(time.Hour)}, fault.Invalid, "act.before_deal", "occurredAt"},
		} {
			w.unchanged(name, func() {
				_, err := w.deals.CloseConsultation(w.gimje, tt.in)
				w.refused(name, err, tt.code, tt.key, tt.field)
			})
		}
	})
}

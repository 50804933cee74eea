package integration_test

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/deal"
	"dure/domain/iq"
	"dure/domain/money"
)

// farmer adds a customer of the caller's dealership who agreed that their data
// is kept.
func (w *world) farmer(ctx context.Context) *customer.Customer {
	w.Helper()
	c, err := w.customers.CreateCustomer(ctx, customer.CreateCustomerInput{
		Name: "김논두렁", Phone: "010-0000-4321", Address: "김제시 들길 1", ConsentTextID: "personal-data@2",
	})
	require.NoError(w, err)
	return c
}

// withdraw takes the consent to keep a customer's data back.
func (w *world) withdraw(ctx context.Context, customerID string) {
	w.Helper()
	_, err := w.customers.WithdrawConsent(ctx, customer.WithdrawConsentInput{CustomerID: customerID, Purpose: customer.PersonalData})
	require.NoError(w, err)
}

// consult opens a consultation with a new farmer.
func (w *world) consult(ctx context.Context) *deal.Consultation {
	w.Helper()
	c, err := w.deals.OpenConsultation(ctx, deal.OpenConsultationInput{
		CustomerID: w.farmer(ctx).ID, Needs: deal.NeedsInput{Crops: []string{"RICE"}, Budget: 50_000_000, Purpose: "모내기 전에 바꾸고 싶어요"},
	})
	require.NoError(w, err)
	return c
}

// show shows a product's video for so long.
func (w *world) show(ctx context.Context, consultationID string, seconds int) {
	w.Helper()
	_, err := w.deals.PresentProduct(ctx, deal.PresentProductInput{
		ConsultationID: consultationID, ProductID: "prd_55", MediaID: "med_1", WatchedSeconds: seconds,
	})
	require.NoError(w, err)
}

// tractor is one DR55 without options.
func tractor() []deal.QuoteLineInput { return []deal.QuoteLineInput{{ProductID: "prd_55"}} }

// offer is a quote in good order: a value point, and a discount within the band.
func offer(consultationID string) deal.IssueQuoteInput {
	return deal.IssueQuoteInput{
		ConsultationID: consultationID, Lines: tractor(), Discount: 1_000_000, ValuePoints: []string{"논 3,000평에 알맞은 마력이에요"},
	}
}

// quote issues a quote in good order within a new consultation.
func (w *world) quote(ctx context.Context) *deal.Quote {
	w.Helper()
	return w.issue(ctx, offer(w.consult(ctx).ID))
}

func (w *world) issue(ctx context.Context, in deal.IssueQuoteInput) *deal.Quote {
	w.Helper()
	q, err := w.deals.IssueQuote(ctx, in)
	require.NoError(w, err)
	return q
}

func (w *world) draftOf(ctx context.Context, quoteID string) *deal.Contract {
	w.Helper()
	c, err := w.deals.DraftContract(ctx, deal.DraftContractInput{QuoteID: quoteID})
	require.NoError(w, err)
	return c
}

// draft drafts a contract of a new deal.
func (w *world) draft(ctx context.Context) *deal.Contract {
	w.Helper()
	return w.draftOf(ctx, w.quote(ctx).ID)
}

// signing is a signature of a draft in good order.
func signing(c *deal.Contract) deal.SignContractInput {
	return deal.SignContractInput{
		ContractID: c.ID, ExpectedVersion: c.Version, ReadSha256: c.PaperSHA256, ConsentTextIDs: []string{"contract@3", "personal-data@2"},
		Signature: deal.SignatureInput{
			Strokes: [][]deal.PointInput{{{X: 10, Y: 20}, {X: 40, Y: 60.25}, {X: 90, Y: 30}}}, Width: 300, Height: 120, SignerName: "김논두렁",
		},
	}
}

func (w *world) sign(ctx context.Context, c *deal.Contract) *deal.Contract {
	w.Helper()
	signed, err := w.deals.SignContract(ctx, signing(c))
	require.NoError(w, err)
	return signed
}

func (w *world) cancel(ctx context.Context, c *deal.Contract) *deal.Contract {
	w.Helper()
	cancelled, err := w.deals.CancelContract(ctx, deal.CancelContractInput{ContractID: c.ID, ExpectedVersion: c.Version, Reason: "마음이 바뀌었어요"})
	require.NoError(w, err)
	return cancelled
}

// entries reads what acts about a row earned, in the order of posting.
func (w *world) entries(subjectID string) []iq.LedgerEntry {
	w.Helper()
	by, err := w.iq.EntriesAbout(w.hq, []string{subjectID})
	require.NoError(w, err)
	return by[subjectID]
}

// points reads a dealer's points of the season that runs.
func (w *world) points(dealerID string) iq.Points {
	w.Helper()
	by, err := w.iq.PointsOf(w.hq, w.iq.CurrentSeason().Key, []string{dealerID})
	require.NoError(w, err)
	return by[dealerID]
}

func TestADealFromConsultationToCancellation(t *testing.T) {
	eachWorld(t, func(w *world) {
		talk := w.consult(w.gimje)
		assert.Equal(w, deal.ConsultationOpen, talk.Status)
		assert.Equal(w, "dlr_gimje", talk.DealerID)
		w.pass(5 * time.Minute)
		w.show(w.gimje, talk.ID, 45)
		w.pass(20 * time.Minute)
		q := w.issue(w.gimje, offer(talk.ID))
		assert.Equal(w, deal.QuoteIssued, q.Status)
		assert.Regexp(w, `^Q-2026-\d{6}$`, q.Number)
		w.pass(time.Hour)
		draft := w.draftOf(w.gimje, q.ID)
		assert.Equal(w, deal.ContractDraft, draft.Status)
		assert.Regexp(w, `^C-2026-\d{6}$`, draft.Number)
		assert.Len(w, draft.PaperSHA256, 64)
		w.pass(time.Minute)
		signed := w.sign(w.gimje, draft)
		assert.Equal(w, deal.ContractSigned, signed.Status)
		assert.Equal(w, draft.Version+1, signed.Version)
		assert.True(w, w.now().Equal(signed.SignedAt))

		read, err := w.deals.Contract(w.rep, signed.ID)
		require.NoError(w, err)
		assert.Equal(w, price55-1_000_000, read.Price)
		assert.Equal(w, deal.Digital, read.Channel)
		won, err := w.deals.Consultation(w.hq, talk.ID)
		require.NoError(w, err)
		assert.Equal(w, deal.ConsultationWon, won.Status)
		accepted, err := w.deals.Quote(w.hq, q.ID)
		require.NoError(w, err)
		assert.Equal(w, deal.QuoteAccepted, accepted.Status)
		assert.Equal(w, iq.Points{Points: 8 + 10 + 30, Vested: 18, Pending: 30}, w.points("dlr_gimje"))

		w.pass(24 * time.Hour)
		cancelled := w.cancel(w.gimje, signed)
		assert.Equal(w, deal.ContractCancelled, cancelled.Status)
		open, err := w.deals.Consultation(w.gimje, talk.ID)
		require.NoError(w, err)
		assert.Equal(w, deal.ConsultationOpen, open.Status, "the talk goes on")
		assert.Equal(w, iq.Points{Points: 18, Vested: 18}, w.points("dlr_gimje"), "what was earned by the contract is taken back")
		assert.Equal(w, 1, w.count("sales", "id = ? AND cancelled_at IS NOT NULL", signed.ID), "and the sale counts no more")

		again := w.sign(w.gimje, w.draftOf(w.gimje, q.ID))
		assert.NotEqual(w, signed.Number, again.Number, "another contract may follow from the same quote")
		assert.Equal(w, 48, w.points("dlr_gimje").Points)
	})
}

func TestTheActsOfADealTellItsStory(t *testing.T) {
	eachWorld(t, func(w *world) {
		talk := w.consult(w.gimje)
		w.show(w.gimje, talk.ID, 45)
		c := w.draftOf(w.gimje, w.issue(w.gimje, offer(talk.ID)).ID)
		w.cancel(w.gimje, w.sign(w.gimje, c))
		items, err := w.customers.Timeline(w.rep, talk.CustomerID, nil, nil)
		require.NoError(w, err)
		var story []act.Kind
		for _, item := range items.Nodes {
			story = append([]act.Kind{item.Kind}, story...)
			assert.Equal(w, "dlr_gimje", item.DealerID, item.Kind)
			assert.Equal(w, "tablet", item.DeviceID, item.Kind)
			assert.Equal(w, "사람 usr_gimje", item.ActorName, item.Kind)
		}
		assert.Equal(w, []act.Kind{
			act.CustomerCreated, act.ConsentRecorded, act.ConsultationOpened, act.ProductPresented, act.QuoteIssued,
			act.ContractDrafted, act.ContractSigned, act.ContractCancelled,
		}, story)
		assert.Zero(w, w.count("acts", "facts LIKE '%김논두렁%' OR facts LIKE '%4321%' OR facts LIKE '%모내기%'"), "acts carry no personal data")
	})
}

func TestWatchedSecondsCountUpToTheVideosLength(t *testing.T) {
	eachWorld(t, func(w *world) {
		for name, tt := range map[string]struct {
			media         string
			watched, want int
			points        int
		}{
			"as long as it was watched":         {"med_1", 45, 45, 8},
			"exactly long enough":               {"med_1", 30, 30, 8},
			"too short to earn":                 {"med_1", 29, 29, 0},
			"never longer than the video":       {"med_1", deal.MaxWatched, 90, 8},
			"nothing without a video":           {"", 45, 0, 0},
			"nothing when nothing was played":   {"med_1", 0, 0, 0},
			"the whole of a video that just is": {"med_1", 90, 90, 8},
		} {
			talk := w.consult(w.iksan)
			_, err := w.deals.PresentProduct(w.iksan, deal.PresentProductInput{
				ConsultationID: talk.ID, ProductID: "prd_55", MediaID: tt.media, WatchedSeconds: tt.watched,
			})
			require.NoError(w, err, name)
			shown, err := w.deals.ShowingsOf(w.rep, []string{talk.ID})
			require.NoError(w, err)
			assert.Empty(w, shown[talk.ID], "out of the other rep's reach")
			shown, err = w.deals.ShowingsOf(w.otherRep, []string{talk.ID})
			require.NoError(w, err)
			require.Len(w, shown[talk.ID], 1, name)
			assert.Equal(w, tt.want, shown[talk.ID][0].WatchedSeconds, name)
			entries := w.entries(shown[talk.ID][0].ID)
			require.Len(w, entries, 1, name)
			assert.Equal(w, tt.points, entries[0].Points, name)
		}
	})
}

func TestALostDealSaysWhy(t *testing.T) {
	eachWorld(t, func(w *world) {
		talk := w.consult(w.gimje)
		w.pass(time.Hour)
		lost, err := w.deals.CloseConsultation(w.gimje, deal.CloseConsultationInput{ConsultationID: talk.ID, LostReason: "PRICE", Note: "다른 곳이 더 쌌어요"})
		require.NoError(w, err)
		assert.Equal(w, deal.ConsultationLost, lost.Status)
		assert.True(w, w.now().Equal(lost.ClosedAt))
		_, err = w.deals.CloseConsultation(w.gimje, deal.CloseConsultationInput{ConsultationID: w.consult(w.gimje).ID})
		require.NoError(w, err, "a talk may end without a reason")
		assert.Equal(w, 3, w.points("dlr_gimje").Points, "which earns nothing")
	})
}

func TestAPaperContractIsTheSameContractInEveryFigure(t *testing.T) {
	eachWorld(t, func(w *world) {
		in := offer("")
		in.TradeIn = &deal.TradeInInput{Description: "옛 트랙터", Amount: 7_000_000}
		in.Lines = []deal.QuoteLineInput{{ProductID: "prd_55", OptionIDs: []string{"opt_cabin"}, Quantity: ptr(2)}, {ProductID: "prd_50"}}
		var quotes [2]*deal.Quote
		for i := range quotes {
			in.ConsultationID = w.consult(w.gimje).ID
			quotes[i] = w.issue(w.gimje, in)
		}
		digital := w.sign(w.gimje, w.draftOf(w.gimje, quotes[0].ID))
		paper, err := w.deals.RecordPaperContract(w.gimje, deal.RecordPaperContractInput{QuoteID: quotes[1].ID})
		require.NoError(w, err)
		alone, err := w.deals.RecordPaperContract(w.gimje, deal.RecordPaperContractInput{
			CustomerID: w.farmer(w.gimje).ID, Lines: in.Lines, Discount: in.Discount, TradeIn: in.TradeIn,
		})
		require.NoError(w, err)

		type figures struct {
			list, discount, price, total money.Won
			quantity                     int
			product                      string
			status                       deal.ContractStatus
		}
		of := func(c *deal.Contract) figures {
			return figures{c.ListTotal, c.Discount, c.Price, c.Total, c.Quantity, c.ProductID, c.Status}
		}
		want := figures{2*(price55+priceCabin) + price50, 1_000_000, 2*(price55+priceCabin) + price50 - 1_000_000, 0, 3, "prd_55", deal.ContractSigned}
		want.total = want.price - 7_000_000
		for name, c := range map[string]*deal.Contract{"digital": digital, "paper": paper, "paper without a quote": alone} {
			assert.Equal(w, want, of(c), name)
			assert.Equal(w, 1, w.count("sales", "id = ? AND amount = ? AND quantity = 3 AND dealer_id = 'dlr_gimje' AND channel = ?", c.ID, want.price, c.Channel), name)
		}
		for name, c := range map[string]*deal.Contract{"of a quote": paper, "without a quote": alone} {
			entries := w.entries(c.ID)
			require.Len(w, entries, 1, name)
			assert.Zero(w, entries[0].Points, name)
			assert.Equal(w, "iq.paper_earns_none", entries[0].Explanation, name)
			assert.Equal(w, "contract.signed", entries[0].RuleKey, name)
			events, err := w.deals.EvidenceOf(w.gimje, c.ID)
			require.NoError(w, err)
			assert.Empty(w, events, name)
		}
		assert.Equal(w, 30+2*10, w.points("dlr_gimje").Points)
		cancelled := w.cancel(w.hq, paper)
		assert.Equal(w, deal.ContractCancelled, cancelled.Status)
		assert.Len(w, w.entries(paper.ID), 1, "what earned nothing has nothing to give back")
	})
}

func TestWhatIsReadIsWhatWasRendered(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.draft(w.gimje)
		_, err := w.deals.PackageFile(w.gimje, c.ID)
		w.refused("before it is sealed", err, "NOT_FOUND", "contract.no_file", "")
		r, err := w.deals.PaperFile(w.rep, c.ID)
		require.NoError(w, err)
		pdf, err := io.ReadAll(r)
		require.NoError(w, err)
		require.NoError(w, r.Close())
		assert.Equal(w, c.PaperSHA256, sha256Of(pdf))
		assert.Equal(w, "%PDF-", string(pdf[:5]))
		_, err = w.deals.PaperFile(w.iksan, c.ID)
		w.refused("another dealer", err, "NOT_FOUND", "contract.not_found", "")
	})
}

package integration_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/customer"
	"dure/domain/iq"
)

// fullFarm fills six of a farm's eight fields.
func fullFarm() *customer.FarmInput {
	return &customer.FarmInput{
		Parcels: []customer.ParcelInput{{SquareMetres: ptr(9_900)}}, Crops: []string{"RICE"}, Terrain: ptr(customer.Flat),
		Machines: []customer.MachineInput{{Model: "DR50"}}, Operators: ptr(1), Household: ptr("FULL_TIME"),
	}
}

func TestFiftyAtOnceDoNotPassACap(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, err := range atOnce(50, func(i int) error {
			_, err := w.customers.CreateCustomer(w.gimje, customer.CreateCustomerInput{
				Name: fmt.Sprintf("농부 %d", i), Farm: fullFarm(), ConsentTextID: "personal-data@2",
			})
			return err
		}) {
			require.NoError(w, err)
		}
		entries := w.ledger("2026Q4", "dlr_gimje")
		sum, earned := 0, 0
		byAct := map[string]int{}
		for _, e := range entries {
			sum += e.Points
			byAct[e.ActID] += e.Points
		}
		for _, points := range byAct {
			if points > 0 {
				earned++
			}
		}
		assert.Len(w, byAct, 50, "each act has its entry")
		assert.Equal(w, 8, earned)
		assert.Equal(w, 40, sum)
		assert.Equal(w, 40, w.points("dlr_gimje").Points)
	})
}

// capped is a rulebook whose rules differ in nothing but the window of their cap.
func capped() iq.Rulebook {
	book := iq.Starting()
	book.Version, book.DailyCap, book.Rules = 2, 0, nil
	for key, of := range map[string]struct {
		kind act.Kind
		cap  iq.Cap
	}{
		"capped.day":    {act.DealLost, iq.Cap{Per: iq.PerDay, Limit: 3}},
		"capped.week":   {act.ProductPresented, iq.Cap{Per: iq.PerWeek, Limit: 5}},
		"capped.season": {act.QuoteIssued, iq.Cap{Per: iq.PerSeason, Limit: 11}},
	} {
		rule := *iq.Starting().Rule("deal.lost_reason")
		rule.Key, rule.Triggers, rule.Clauses, rule.Points, rule.Caps = key, []act.Kind{of.kind}, nil, 1, []iq.Cap{of.cap}
		book.Rules = append(book.Rules, rule)
	}
	return book
}

func TestACapHoldsInItsWindow(t *testing.T) {
	eachWorld(t, func(w *world) {
		book := capped()
		require.NoError(w, book.Check())
		w.insert(&book)
		var acts []act.Act
		for _, kind := range []act.Kind{act.DealLost, act.ProductPresented, act.QuoteIssued} {
			for i := range 40 { // two on each of 20 days, from Tuesday of one week to Sunday two weeks later
				at := opening.Add(time.Duration(i/2)*24*time.Hour + time.Duration(i%2)*time.Hour)
				a := profiled("gimje", fmt.Sprintf("act_%s_%02d", kind, i), at, at)
				a.Kind = kind
				acts = append(acts, a)
			}
			for i := range 8 { // and eight more on the first
				at := opening.Add(time.Duration(i) * time.Minute)
				a := profiled("gimje", fmt.Sprintf("act_%s_more_%d", kind, i), at, at)
				a.Kind = kind
				acts = append(acts, a)
			}
		}
		w.pass(20 * 24 * time.Hour)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(acts), func(i, j int) { acts[i], acts[j] = acts[j], acts[i] })
		for _, err := range atOnce(6, func(i int) error {
			for n := i; n < len(acts); n += 6 {
				if err := w.record(acts[n]); err != nil {
					return err
				}
			}
			return nil
		}) {
			require.NoError(w, err)
		}
		sums := map[string]int{}
		for _, e := range w.ledger("2026Q4", "dlr_gimje") {
			sums[e.RuleKey] += e.Points
			assert.Equal(w, 2, e.RulebookVersion)
		}
		assert.Equal(w, map[string]int{"capped.day": 3 + 19*2, "capped.week": 3 * 5, "capped.season": 11}, sums)
	})
}

// busy is three days of a dealership: caps are reached, a contract is cancelled,
// discounts go too far. Its total is the same however its acts arrive.
func busy(dealer string, received time.Time) []act.Act {
	var acts []act.Act
	add := func(kind act.Kind, at time.Duration, of string, facts act.Facts) {
		facts["registeredDevice"] = true
		n := len(acts)
		acts = append(acts, act.Act{
			ID: fmt.Sprintf("act_%02d_%s", n, dealer), Kind: kind, ActorID: fmt.Sprintf("usr_%d", n%2), DealerID: "dlr_" + dealer, CustomerID: "cus_" + of + dealer,
			DealID: "con_" + of + dealer, SubjectID: of + dealer, Facts: facts, OccurredAt: opening.Add(at), ReceivedAt: received,
		})
	}
	for i := range 10 {
		add(act.CustomerProfiled, time.Duration(i)*5*time.Hour, fmt.Sprint("profile", i), act.Facts{"consentRecorded": true, "farmFieldsFilled": 6 + i%3})
		add(act.QuoteIssued, time.Duration(i)*2*time.Hour, fmt.Sprint("quote", i/2), act.Facts{"lines": 1, "valuePoints": 1, "withinBand": true, "priceOnly": false})
	}
	for i := range 4 {
		add(act.ProductPresented, time.Duration(i)*time.Hour, "shown", act.Facts{"sameDay": true, "needs": 1, "watchedSeconds": 20 + 10*i})
		add(act.QuoteFollowed, time.Duration(i)*9*time.Hour, "quote1", act.Facts{"withinHours": 9.0 * float64(i)})
		add(act.QuoteRevised, time.Duration(30+i)*time.Hour, fmt.Sprint("cheap", i), act.Facts{"lines": 1, "valuePoints": 0, "withinBand": false, "priceOnly": true})
	}
	for i := range 3 {
		add(act.ContractSigned, time.Duration(20+i)*time.Hour, fmt.Sprint("contract", i), act.Facts{
			"channel": "DIGITAL", "price": 39_000_000, "quantity": 1, "regionCode": "52", "productId": "prd_55",
		})
	}
	add(act.ContractCancelled, 40*time.Hour, "contract1", act.Facts{})
	add(act.PaperRecorded, 41*time.Hour, "paper", act.Facts{"channel": "PAPER", "unapprovedDiscount": true, "quantity": 1, "price": 1, "regionCode": "52"})
	return acts
}

func TestASeasonsTotalDoesNotDependOnTheOrderOfArrival(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.pass(5 * 24 * time.Hour)
		type outcome struct {
			rules   map[string]int
			reached time.Time
		}
		outcomes := map[string]outcome{}
		for i, dealer := range []string{"gimje", "buan", "iksan", "suwon"} {
			acts := busy(dealer, w.now())
			if i > 0 { // the first arrive as they occurred
				rand.New(rand.NewPCG(7, uint64(i))).Shuffle(len(acts), func(i, j int) { acts[i], acts[j] = acts[j], acts[i] })
			}
			for _, a := range acts {
				require.NoError(w, w.record(a))
			}
			entries := w.ledger("2026Q4", "dlr_"+dealer)
			o := outcome{map[string]int{}, iq.ReachedAt(iq.SeasonOf(opening), "dlr_"+dealer, entries)}
			for _, e := range entries {
				o.rules[e.RuleKey] += e.Points
			}
			outcomes[dealer] = o
			assert.Equal(w, outcomes["gimje"], o, dealer)
		}
		want := outcomes["gimje"].rules
		assert.Equal(w, 60, want["contract.signed"], "one of three contracts was cancelled")
		assert.Equal(w, -15, want["quote.price_only"], "three repeats after the first")
		assert.Equal(w, -10, want["discount.unapproved"])
		assert.Equal(w, 8, want["consultation.shown"], "once a customer in 14 days")
		assert.Equal(w, 12, want["quote.followed"], "three times a deal")
	})
}

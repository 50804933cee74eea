package iq_test

import (
	"fmt"
	"testing"
	"time"

	"dure/domain/act"
	"dure/domain/iq"
)

// busySeason returns n acts as a busy dealer's quarter has them, in order.
func busySeason(n int) []act.Act {
	kinds := []act.Kind{
		act.CustomerProfiled, act.ProductPresented, act.ProductPresented, act.QuoteIssued, act.QuoteRevised,
		act.QuoteFollowed, act.QuoteFollowed, act.ContractSigned, act.PaperRecorded, act.DealLost,
	}
	acts := make([]act.Act, n)
	for i := range acts {
		a := done(fmt.Sprintf("act_%04d", i), kinds[i%len(kinds)], season.Start.Add(time.Duration(i)*4*time.Hour), nil)
		a.CustomerID, a.DealID = fmt.Sprintf("cus_%03d", i%120), fmt.Sprintf("con_%03d", i/10)
		a.ActorID = fmt.Sprintf("usr_%d", i%4)
		if i%97 == 96 {
			a.Kind, a.SubjectID = act.ContractCancelled, acts[i-9].SubjectID
		}
		acts[i] = a
	}
	return acts
}

func BenchmarkScore500(b *testing.B) {
	book, acts := iq.Starting(), busySeason(500)
	b.ReportAllocs()
	for b.Loop() {
		iq.Score(book, iq.Clauses{}, season, acts)
	}
}

func BenchmarkSettle500(b *testing.B) {
	book, now := iq.Starting(), season.End
	awards := iq.Score(book, iq.Clauses{}, season, busySeason(500))
	newID := func() string { return "ent" }
	held := iq.Settle(season, book, "dlr_1", awards[:len(awards)-1], nil, now, newID)
	b.ReportAllocs()
	for b.Loop() {
		iq.Settle(season, book, "dlr_1", awards, held, now, newID)
	}
}

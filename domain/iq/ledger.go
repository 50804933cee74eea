package iq

import (
	"time"
)

// account is one act under one rule: what entries are posted for.
type account struct{ rule, act string }

// balance is what an account holds.
type balance struct {
	points  int
	vestsAt time.Time // of the first entry
	settled bool
}

// Settle returns the entries that bring the ledger to what is due, in the order
// of awards: an act that holds nothing is EARNED, 0 points included; one that
// holds something else is REVERSED when it was taken back and ADJUSTED
// otherwise; an act that is due nothing any more is adjusted to 0. A correction
// vests with the entry it corrects, so that what is pending nets out. Settling
// again posts nothing.
//
// awards are all of the dealer's in the season, and held is everything that the
// ledger holds of them, in the order of posting. Nobody settles a season that
// is frozen.
func Settle(season Season, book Rulebook, dealerID string, awards []Award, held []LedgerEntry, now time.Time, newID func() string) []LedgerEntry {
	balances := make(map[account]balance, len(held))
	total := 0
	for i := range held {
		e := &held[i]
		key := account{e.RuleKey, e.ActID}
		b, ok := balances[key]
		if !ok {
			b.vestsAt = e.VestsAt
		}
		b.points += e.Points
		balances[key] = b
		total += e.Points
	}

	var posted []LedgerEntry
	post := func(e LedgerEntry) {
		total += e.Points
		e.ID, e.Season, e.DealerID = newID(), season.Key, dealerID
		e.RulebookVersion, e.PostedAt, e.TotalAfter = book.Version, now.UTC(), total
		posted = append(posted, e)
	}
	for i := range awards {
		a := &awards[i]
		key := account{a.RuleKey, a.Act.ID}
		b, ok := balances[key]
		e := LedgerEntry{
			RuleKey: a.RuleKey, ActID: a.Act.ID, ActKind: a.Act.Kind, ActorID: a.Act.ActorID,
			Kind: Earned, Points: a.Points - b.points, VestsAt: a.VestsAt, OccurredAt: a.Act.OccurredAt,
			Explanation: a.Explanation, Arguments: a.Arguments, Review: a.Review,
		}
		if ok {
			b.settled = true
			balances[key] = b
			if e.Points == 0 {
				continue
			}
			e.Kind, e.VestsAt = Adjusted, b.vestsAt
			if a.Cancelled {
				e.Kind = Reversed
			}
		}
		post(e)
	}
	for i := range held {
		h := &held[i]
		key := account{h.RuleKey, h.ActID}
		b := balances[key]
		if b.settled || b.points == 0 {
			continue
		}
		b.settled = true
		balances[key] = b
		post(LedgerEntry{
			RuleKey: h.RuleKey, ActID: h.ActID, ActKind: h.ActKind, ActorID: h.ActorID,
			Kind: Adjusted, Points: -b.points, VestsAt: b.vestsAt, OccurredAt: h.OccurredAt, Explanation: explainNoLonger,
		})
	}
	return posted
}

// Sum splits the points of entries by whether they have vested by now.
func Sum(entries []LedgerEntry, now time.Time) Points {
	var p Points
	for i := range entries {
		p.Points += entries[i].Points
		if !entries[i].VestsAt.After(now) {
			p.Vested += entries[i].Points
		}
	}
	p.Pending = p.Points - p.Vested
	return p
}

// TotalOf sums up what the ledger holds of a dealer in a season; entries of
// others are passed over.
func TotalOf(season Season, dealerID string, entries []LedgerEntry) Total {
	t := Total{Season: season.Key, DealerID: dealerID}
	for i := range entries {
		e := &entries[i]
		if e.Season != season.Key || e.DealerID != dealerID {
			continue
		}
		t.Points += e.Points
		t.EntrySeq = max(t.EntrySeq, e.Seq)
	}
	t.ReachedAt = ReachedAt(season, dealerID, entries)
	return t
}

// ReachedAt returns when a dealer got to its points: the latest OccurredAt of
// the acts that earned or cost something, zero without one. An act whose
// entries cancel out says nothing, so the answer does not depend on whether it
// or what took it back arrived first.
func ReachedAt(season Season, dealerID string, entries []LedgerEntry) time.Time {
	nets := make(map[account]int, len(entries))
	mine := func(e *LedgerEntry) bool { return e.Season == season.Key && e.DealerID == dealerID }
	for i := range entries {
		if e := &entries[i]; mine(e) {
			nets[account{e.RuleKey, e.ActID}] += e.Points
		}
	}
	var reached time.Time
	for i := range entries {
		e := &entries[i]
		if mine(e) && nets[account{e.RuleKey, e.ActID}] != 0 && e.OccurredAt.After(reached) {
			reached = e.OccurredAt
		}
	}
	return reached
}

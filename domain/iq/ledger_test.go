package iq_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/act"
	"dure/domain/iq"
)

// ledger keeps one dealer's entries in memory, as the store does in its rows.
type ledger struct {
	season  iq.Season
	acts    []act.Act
	entries []iq.LedgerEntry
}

// record takes an act in and posts what follows from it.
func (l *ledger) record(acts ...act.Act) []iq.LedgerEntry {
	l.acts = append(l.acts, acts...)
	awards := iq.Score(iq.Starting(), nil, l.season, l.acts)
	posted := iq.Settle(l.season, iq.Starting(), "dlr_1", awards, l.entries, at("2026-12-01 12:00:00"), func() string {
		return fmt.Sprintf("ent_%d", len(l.entries)+1)
	})
	for _, e := range posted {
		e.Seq = int64(len(l.entries) + 1)
		l.entries = append(l.entries, e)
	}
	return posted
}

func (l *ledger) total() iq.Total { return iq.TotalOf(l.season, "dlr_1", l.entries) }

func TestSettle(t *testing.T) {
	signed := at("2026-11-24 12:00:00")
	cancel := done("c", act.ContractCancelled, signed.Add(time.Hour), nil)
	cancel.SubjectID = "row_1"

	t.Run("an act that earns is posted with its rule, version and reason", func(t *testing.T) {
		l := &ledger{season: season}
		assert.Equal(t, []iq.LedgerEntry{{
			ID: "ent_1", Season: "2026Q4", DealerID: "dlr_1", RuleKey: "contract.signed", RulebookVersion: 1,
			ActID: "1", ActKind: act.ContractSigned, ActorID: "usr_1", Kind: iq.Earned, Points: 30,
			VestsAt: at("2026-12-08 12:00:00"), OccurredAt: signed, PostedAt: at("2026-12-01 12:00:00"),
			Explanation: "iq.earned", Arguments: map[string]any{"points": 30}, TotalAfter: 30,
		}}, l.record(done("1", act.ContractSigned, signed, nil)))
	})
	t.Run("an act that earns nothing is posted too, with the reason", func(t *testing.T) {
		l := &ledger{season: season}
		posted := l.record(done("1", act.PaperRecorded, signed, nil))
		require.Len(t, posted, 1)
		assert.Equal(t, iq.Earned, posted[0].Kind)
		assert.Equal(t, "iq.paper_earns_none", posted[0].Explanation)
		assert.Zero(t, l.total().ReachedAt)
	})
	t.Run("a review is carried over", func(t *testing.T) {
		l := &ledger{season: season}
		posted := l.record(done("1", act.QuoteRevised, signed, act.Facts{"priceOnly": true}))
		require.Len(t, posted, 1)
		assert.True(t, posted[0].Review)
	})
	t.Run("a cancelled contract is reversed by a new entry that vests with the first", func(t *testing.T) {
		l := &ledger{season: season}
		l.record(done("0", act.QuoteIssued, signed.Add(-time.Hour), nil))
		first := l.record(done("1", act.ContractSigned, signed, nil))[0]
		posted := l.record(cancel)
		require.Len(t, posted, 1)
		assert.Equal(t, iq.Reversed, posted[0].Kind)
		assert.Equal(t, -30, posted[0].Points)
		assert.Equal(t, "iq.cancelled", posted[0].Explanation)
		assert.Equal(t, first.VestsAt, posted[0].VestsAt)
		assert.Equal(t, 10, posted[0].TotalAfter)
		assert.Equal(t, iq.Points{Points: 10, Vested: 10}, iq.Sum(l.entries, signed))
		assert.Equal(t, iq.Points{Points: 10, Vested: 10}, iq.Sum(l.entries, first.VestsAt))
		assert.Equal(t, iq.Total{
			Season: "2026Q4", DealerID: "dlr_1", Points: 10, EntrySeq: 3, ReachedAt: signed.Add(-time.Hour),
		}, l.total())
	})
	t.Run("a contract whose cancellation came first is posted once, with nothing", func(t *testing.T) {
		l := &ledger{season: season}
		assert.Empty(t, l.record(cancel))
		posted := l.record(done("1", act.ContractSigned, signed, nil))
		require.Len(t, posted, 1)
		assert.Equal(t, iq.Earned, posted[0].Kind)
		assert.Equal(t, 0, posted[0].Points)
		assert.Equal(t, "iq.cancelled", posted[0].Explanation)
	})
	t.Run("a late act that takes a place in a cap moves the points of another", func(t *testing.T) {
		l := &ledger{season: season}
		l.record(series(8, act.CustomerProfiled, "2026-11-24 12:00:00", nil)...)
		posted := l.record(done("early", act.CustomerProfiled, at("2026-11-23 09:00:00"), nil))
		require.Len(t, posted, 2)
		assert.Equal(t, []any{"early", iq.Earned, 5, 45}, []any{posted[0].ActID, posted[0].Kind, posted[0].Points, posted[0].TotalAfter})
		assert.Equal(t, []any{"8", iq.Adjusted, -5, 40}, []any{posted[1].ActID, posted[1].Kind, posted[1].Points, posted[1].TotalAfter})
		assert.Equal(t, "iq.cap_week", posted[1].Explanation)
	})
	t.Run("an act that is due nothing any more is adjusted to nothing, once", func(t *testing.T) {
		l := &ledger{season: season}
		l.record(done("1", act.ContractSigned, signed, nil))
		newID := func() string { return "ent_2" }
		posted := iq.Settle(season, iq.Starting(), "dlr_1", nil, l.entries, signed, newID)
		require.Len(t, posted, 1)
		assert.Equal(t, []any{iq.Adjusted, -30, 0, "iq.no_longer_counts", l.entries[0].VestsAt},
			[]any{posted[0].Kind, posted[0].Points, posted[0].TotalAfter, posted[0].Explanation, posted[0].VestsAt})
		assert.Empty(t, iq.Settle(season, iq.Starting(), "dlr_1", nil, append(l.entries, posted...), signed, newID))
	})
	t.Run("settling again posts nothing", func(t *testing.T) {
		l := &ledger{season: season}
		l.record(done("1", act.ContractSigned, signed, nil), cancel, done("2", act.PaperRecorded, signed, nil))
		assert.Empty(t, l.record())
	})
}

func TestSum(t *testing.T) {
	vests := at("2026-12-08 12:00:00")
	entries := []iq.LedgerEntry{{Points: 30, VestsAt: vests}, {Points: 10, VestsAt: vests.AddDate(0, 0, -14)}, {Points: -5, VestsAt: vests.AddDate(0, 0, -14)}}
	assert.Equal(t, iq.Points{Points: 35, Vested: 5, Pending: 30}, iq.Sum(entries, vests.Add(-time.Second)), "pending to the last second")
	assert.Equal(t, iq.Points{Points: 35, Vested: 35}, iq.Sum(entries, vests), "vested from the very instant")
	assert.Equal(t, iq.Points{}, iq.Sum(nil, vests))
}

func TestTotalOfPassesOthersOver(t *testing.T) {
	entries := []iq.LedgerEntry{
		{Seq: 1, Season: "2026Q4", DealerID: "dlr_1", RuleKey: "r", ActID: "1", Points: 5, OccurredAt: at("2026-11-02 00:00:00")},
		{Seq: 2, Season: "2026Q4", DealerID: "dlr_2", RuleKey: "r", ActID: "2", Points: 5, OccurredAt: at("2026-11-03 00:00:00")},
		{Seq: 3, Season: "2026Q3", DealerID: "dlr_1", RuleKey: "r", ActID: "3", Points: 5, OccurredAt: at("2026-11-04 00:00:00")},
		{Seq: 4, Season: "2026Q4", DealerID: "dlr_1", RuleKey: "r", ActID: "4", OccurredAt: at("2026-11-05 00:00:00")},
		{Seq: 5, Season: "2026Q4", DealerID: "dlr_1", RuleKey: "r", ActID: "5", Points: -2, OccurredAt: at("2026-11-01 00:00:00")},
	}
	assert.Equal(t, iq.Total{
		Season: "2026Q4", DealerID: "dlr_1", Points: 3, EntrySeq: 5, ReachedAt: at("2026-11-02 00:00:00"),
	}, iq.TotalOf(season, "dlr_1", entries))
}

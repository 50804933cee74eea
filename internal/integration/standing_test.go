package integration_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/live"
	"dure/adapters/store"
	"dure/domain/act"
	"dure/domain/channel"
	"dure/domain/identity"
	"dure/domain/iq"
	"dure/domain/leaderboard"
	"dure/jobs"
)

// give posts points to a dealer now, as if an act had earned them.
func (w *world) give(dealer string, points int) {
	w.Helper()
	require.NoError(w, w.db.Do(w.nobody, func(ctx context.Context) error {
		ledger, season := store.Ledger{DB: w.db}, iq.SeasonOf(w.now())
		a := act.Act{ID: w.deals.NewID("act"), Kind: act.DealerMoved, DealerID: dealer, SubjectID: dealer, Facts: act.Facts{}, OccurredAt: w.now(), ReceivedAt: w.now()}
		if err := w.deals.Acts.Record(ctx, a); err != nil {
			return err
		}
		total, err := ledger.LockTotal(ctx, season.Key, dealer)
		if err != nil {
			return err
		}
		entries := []iq.LedgerEntry{{
			ID: w.deals.NewID("led"), Season: season.Key, DealerID: dealer, RuleKey: "contract.signed", RulebookVersion: 1, ActID: a.ID, ActKind: a.Kind, Kind: iq.Earned,
			Points: points, VestsAt: w.now(), OccurredAt: w.now(), PostedAt: w.now(), Explanation: "iq.earned", TotalAfter: total.Points + points,
		}}
		if err := ledger.Post(ctx, entries); err != nil {
			return err
		}
		total.Points, total.EntrySeq, total.ReachedAt = total.Points+points, entries[0].Seq, w.now()
		return ledger.SaveTotal(ctx, total)
	}))
}

// relayLog joins the two stores that a relay reads.
type relayLog struct {
	store.Standings
	store.Progress
}

func (w *world) relay() *jobs.Relay {
	return jobs.NewRelay(jobs.Relay{
		Log: relayLog{store.Standings{DB: w.db}, store.Progress{DB: w.db}}, Boards: w.redis.Boards(), Holder: w.deals.NewID("run"),
		Now: w.now, Live: w.boards.LiveSeasons, Logger: quiet,
	})
}

// fill brings the boards up to the ledger, and yesterday's standings with them.
func (w *world) fill() {
	w.Helper()
	for _, season := range w.boards.LiveSeasons(w.now()) {
		require.NoError(w, w.redis.Boards().Drop(w.nobody, season))
	}
	require.NoError(w, w.relay().Heal(w.nobody))
}

// away is a service whose boards are out of reach.
func (w *world) away() *leaderboard.Service {
	w.Helper()
	redis, err := live.Open(w.nobody, live.Config{URL: "redis://127.0.0.1:1", Log: quiet})
	require.NoError(w, err)
	w.Cleanup(func() { assert.NoError(w, redis.Close()) })
	s := *w.boards
	s.Boards = redis.Boards()
	return &s
}

func (w *world) board(ctx context.Context, scope leaderboard.Scope, key string) *leaderboard.Ref {
	w.Helper()
	ref, err := w.boards.Board(ctx, scope, &key, nil)
	require.NoError(w, err)
	return ref
}

// line tells a place in a line.
func line(p leaderboard.Place) string {
	return fmt.Sprintf("%d %s %d tied %d next %d", p.Rank, p.DealerID, p.Points, p.TiedWith, p.ToNext)
}

func lines(places []leaderboard.Place) (all []string) {
	for _, p := range places {
		all = append(all, line(p))
	}
	return all
}

func TestDealersWithEqualPointsShareARank(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, d := range []struct {
			dealer string
			points int
		}{{"dlr_suwon", 40}, {"dlr_iksan", 70}, {"dlr_buan", 70}, {"dlr_gimje", 90}} {
			w.pass(time.Minute)
			w.give(d.dealer, d.points)
		}
		w.fill()
		want := []string{"1 dlr_gimje 90 tied 0 next 0", "2 dlr_iksan 70 tied 1 next 20", "2 dlr_buan 70 tied 1 next 20", "4 dlr_suwon 40 tied 0 next 30"}
		for name, s := range map[string]*leaderboard.Service{"the boards": w.boards, "the totals": w.away()} {
			places, view, err := s.Places(w.hq, w.boards.Nation(), nil, nil)
			require.NoError(w, err, name)
			assert.Equal(w, want, lines(places.Nodes), "%s: who got there first stands first in a tie", name)
			assert.Equal(w, 4, view.Size, name)
			assert.Equal(w, name == "the totals", view.Stale, "%s say where they come from", name)
			banner, view, err := s.Banner(w.iksan)
			require.NoError(w, err, name)
			assert.Equal(w, want[1], line(banner), name)
			assert.Equal(w, name == "the totals", view.Stale, name)
		}
	})
}

// crowd adds 26 dealers, dlr_00 to dlr_25, to the scene's west and gives them
// points that tie, cancel out and fall below zero; three of the scene's own have
// total 0, less than 0, and none.
func (w *world) crowd() {
	w.Helper()
	var more []channel.Dealer
	var divisions []iq.DealerDivision
	for i := range 26 {
		id := fmt.Sprintf("dlr_%02d", i)
		more = append(more, channel.Dealer{
			ID: id, Name: id, BusinessNumber: fmt.Sprintf("10000000%02d", i), OwnerName: "주인", RegionCode: "52", DistrictCode: "52210", TerritoryID: "ter_west", OpenedOn: since, Version: 1,
		})
		divisions = append(divisions, iq.DealerDivision{Season: "2026Q4", DealerID: id, Division: 1 + i%4})
	}
	w.insert(&more)
	w.insert(&divisions)
	for i := range 26 {
		w.give(fmt.Sprintf("dlr_%02d", i), 10+(i*7)%13)
	}
	w.give("dlr_buan", 5)
	w.give("dlr_buan", -5)
	w.give("dlr_iksan", -15)
	w.pass(24 * time.Hour)
	for i := range 9 {
		w.give(fmt.Sprintf("dlr_%02d", i*3), 4*i-6)
	}
	w.fill()
}

func TestTheTotalsAnswerAsTheBoardsDo(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.crowd()
		away := w.away()
		same := func(name string, boards, totals leaderboard.View, err error) {
			require.NoError(w, err, name)
			assert.True(w, totals.Stale, name)
			assert.False(w, boards.Stale, name)
			boards.Version, boards.Stale, totals.Stale = 0, false, false
			assert.Equal(w, boards, totals, name)
		}
		dealers := []string{"dlr_00", "dlr_07", "dlr_25", "dlr_gimje", "dlr_buan", "dlr_iksan", "dlr_suwon"}
		for _, ref := range []*leaderboard.Ref{
			w.boards.Nation(), w.board(w.hq, leaderboard.Region, "52"), w.board(w.hq, leaderboard.Region, "41"),
			w.board(w.hq, leaderboard.Territory, "ter_west"), w.board(w.hq, leaderboard.Division, "2"),
		} {
			name := fmt.Sprint(ref.Board)
			boards, err := w.boards.Current(w.nobody, ref.Board)
			require.NoError(w, err, name)
			totals, err := away.Current(w.nobody, ref.Board)
			same(name, boards, totals, err)
			for _, dealer := range dealers {
				for _, span := range []int{1, 20} {
					boards, err := w.boards.Around(w.hq, ref, dealer, span)
					require.NoError(w, err, name)
					totals, err := away.Around(w.hq, ref, dealer, span)
					same(fmt.Sprintf("%s around %s by %d", name, dealer, span), boards, totals, err)
				}
				place, boards, err := w.boards.Find(w.hq, ref, dealer)
				require.NoError(w, err, name)
				asTotals, totals, err := away.Find(w.hq, ref, dealer)
				same(name+" finding "+dealer, boards, totals, err)
				assert.Equal(w, place, asTotals, "%s: %s", name, dealer)
			}
		}
		place, _, err := w.boards.Find(w.hq, w.boards.Nation(), "dlr_iksan")
		require.NoError(w, err)
		assert.Zero(w, place.Rank)
		assert.Equal(w, -15, place.Points)
		place, _, err = w.boards.Find(w.hq, w.boards.Nation(), "dlr_gimje")
		require.NoError(w, err)
		last, err := w.boards.Current(w.nobody, w.boards.Nation().Board)
		require.NoError(w, err)
		assert.Equal(w, last.Places[last.Size-1].Points, place.ToNext, "a dealer without an entry hears what the last place has")
	})
}

func TestMovementIsCountedFromTheStartOfTheDay(t *testing.T) {
	eachWorld(t, func(w *world) {
		midnight := time.Date(2026, 11, 25, 15, 0, 0, 0, time.UTC)
		w.give("dlr_gimje", 10)
		w.give("dlr_iksan", 20)
		w.clock.Store(int64(midnight.Add(-time.Microsecond).Sub(opening)))
		w.give("dlr_gimje", 5) // the day's last moment
		w.pass(time.Microsecond)
		w.give("dlr_suwon", 12)
		w.give("dlr_gimje", 30)
		w.fill()
		moved := func(s *leaderboard.Service) map[string]string {
			view, err := s.Current(w.nobody, w.boards.Nation().Board)
			require.NoError(w, err)
			by := map[string]string{}
			for _, p := range view.Places {
				by[p.DealerID] = fmt.Sprintf("%d moved %d known %t", p.Rank, p.Movement, p.HasBefore)
			}
			return by
		}
		want := map[string]string{"dlr_gimje": "1 moved 1 known true", "dlr_iksan": "2 moved -1 known true", "dlr_suwon": "3 moved 0 known false"}
		assert.Equal(w, want, moved(w.boards))
		assert.Equal(w, want, moved(w.away()))
		w.pass(24 * time.Hour)
		w.fill()
		assert.Equal(w, map[string]string{"dlr_gimje": "1 moved 0 known true", "dlr_iksan": "2 moved 0 known true", "dlr_suwon": "3 moved 0 known true"}, moved(w.boards))
	})
}

func TestADealerSeesTheTopAndItsSurroundings(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.crowd()
		nation := w.boards.Nation()
		all := func(ctx context.Context, s *leaderboard.Service) (ids []string, total int) {
			var after *string
			for {
				places, view, err := s.Places(ctx, nation, ptr(8), after)
				require.NoError(w, err)
				assert.Equal(w, 26, view.Size)
				for _, p := range places.Nodes {
					ids = append(ids, p.DealerID)
				}
				if after, total = places.PageInfo.EndCursor, places.TotalCount; !places.PageInfo.HasNextPage {
					return ids, total
				}
			}
		}
		last := identity.With(w.nobody, identity.Actor{UserID: "usr_25", Persona: identity.Dealer, DealerID: "dlr_25"})
		for name, s := range map[string]*leaderboard.Service{"the boards": w.boards, "the totals": w.away()} {
			whole, total := all(w.hq, s)
			assert.Len(w, whole, 26, name)
			assert.Equal(w, 26, total, name)
			top, total := all(last, s)
			assert.Equal(w, whole[:leaderboard.PublicTop], top, "%s: a dealer sees the top", name)
			assert.Equal(w, leaderboard.PublicTop, total, name)
			reps, _ := all(w.rep, s)
			assert.Equal(w, whole, reps, name)
			at := slices.Index(whole, "dlr_25")
			for by, ctx := range map[string]context.Context{"itself": last, "HQ": w.hq} {
				around, err := s.Around(ctx, nation, "dlr_25", 2)
				require.NoError(w, err, name)
				var ids []string
				for _, p := range around.Places {
					ids = append(ids, p.DealerID)
				}
				assert.Equal(w, whole[max(0, at-2):min(26, at+3)], ids, "%s: the surroundings, seen by %s", name, by)
			}
			others, err := s.Around(last, nation, "dlr_00", 2)
			require.NoError(w, err, name)
			assert.Empty(w, others.Places, "%s: another's surroundings are not a dealer's to see", name)
			for _, span := range []int{-1, 0, leaderboard.MaxSpan + 1} {
				_, err := s.Around(w.hq, nation, "dlr_00", span)
				w.refused(name, err, "INVALID", "leaderboard.bad_span", "span")
			}
		}
		_, _, err := w.boards.Places(w.hq, nation, nil, ptr("bm8gY3Vyc29y"))
		w.refused("a cursor that was tampered with", err, "INVALID", "page.bad_cursor", "after")
	})
}

func TestBoardsByPlaceAndDivision(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.insert(&[]iq.DealerDivision{
			{Season: "2026Q4", DealerID: "dlr_gimje", Division: 3}, {Season: "2026Q4", DealerID: "dlr_suwon", Division: 3}, {Season: "2026Q4", DealerID: "dlr_iksan", Division: 1},
		})
		for i, dealer := range []string{"dlr_gimje", "dlr_buan", "dlr_iksan", "dlr_suwon"} {
			w.give(dealer, 10*(i+1))
		}
		w.fill()
		on := func(ref *leaderboard.Ref) (ids []string) {
			for _, s := range []*leaderboard.Service{w.boards, w.away()} {
				places, _, err := s.Places(w.hq, ref, nil, nil)
				require.NoError(w, err)
				ids = nil
				for _, p := range places.Nodes {
					ids = append(ids, p.DealerID)
				}
			}
			return ids
		}
		for key, want := range map[string][]string{
			"REGION 52": {"dlr_iksan", "dlr_buan", "dlr_gimje"}, "REGION 41": {"dlr_suwon"}, "TERRITORY ter_west": {"dlr_buan", "dlr_gimje"},
			"TERRITORY ter_north": {"dlr_iksan"}, "DIVISION 3": {"dlr_suwon", "dlr_gimje"}, "DIVISION 1": {"dlr_iksan"}, "DIVISION 4": nil,
		} {
			var scope, of string
			_, err := fmt.Sscan(key, &scope, &of)
			require.NoError(w, err)
			assert.Equal(w, want, on(w.board(w.hq, leaderboard.Scope(scope), of)), key)
		}
		for scope, want := range map[leaderboard.Scope]string{leaderboard.Nation: "", leaderboard.Region: "52", leaderboard.Territory: "ter_west", leaderboard.Division: "3"} {
			ref, err := w.boards.Board(w.gimje, scope, nil, nil)
			require.NoError(w, err)
			assert.Equal(w, want, ref.Board.Key, "a dealer's own %s", scope)
		}
		for name, tt := range map[string]struct {
			scope       leaderboard.Scope
			key, season *string
			want, field string
		}{
			"a nation with a key":            {leaderboard.Nation, ptr("52"), nil, "leaderboard.nation_has_no_key", "key"},
			"a region that nobody named":     {leaderboard.Region, nil, nil, "leaderboard.key_needed", "key"},
			"a province that does not exist": {leaderboard.Region, ptr("99"), nil, "leaderboard.unknown_board", "key"},
			"a territory of nowhere":         {leaderboard.Territory, ptr("ter_x"), nil, "leaderboard.unknown_board", "key"},
			"a fifth division":               {leaderboard.Division, ptr("5"), nil, "leaderboard.unknown_board", "key"},
			"a season that never was":        {leaderboard.Nation, nil, ptr("2026Q9"), "season.bad_key", ""},
		} {
			_, err := w.boards.Board(w.hq, tt.scope, tt.key, tt.season)
			w.refused(name, err, "INVALID", tt.want, tt.field)
		}
	})
}

func TestAnOldSeasonIsAnsweredFromTheLedger(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.give("dlr_gimje", 30)
		w.pass(200 * 24 * time.Hour)
		w.fill()
		ref, err := w.boards.Board(w.hq, leaderboard.Nation, nil, ptr("2026Q4"))
		require.NoError(w, err)
		places, view, err := w.boards.Places(w.hq, ref, nil, nil)
		require.NoError(w, err)
		assert.Equal(w, []string{"1 dlr_gimje 30 tied 0 next 0"}, lines(places.Nodes))
		assert.False(w, view.Stale, "which is no makeshift")
	})
}

func TestWatchersHearWhatIsTheirsToHear(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.crowd()
		hub := live.NewHub(w.redis.Signals(), w.boards.Current, live.HubOptions{Log: quiet, Interval: time.Millisecond})
		w.Cleanup(hub.Close)
		w.boards.Watcher = hub
		before, err := w.boards.Current(w.nobody, w.boards.Nation().Board)
		require.NoError(w, err)
		below, bottom := before.Places[22].DealerID, before.Places[25].DealerID
		ctx, end := context.WithCancel(w.nobody)
		defer end()
		as := func(dealer string) context.Context {
			return identity.With(ctx, identity.Actor{UserID: "usr_" + dealer, Persona: identity.Dealer, DealerID: dealer})
		}
		hears := func(ctx context.Context) <-chan leaderboard.Change {
			changes, err := w.boards.Changes(ctx, leaderboard.Nation, nil)
			require.NoError(w, err)
			first := <-changes
			assert.Empty(w, first.Moved, "the first state has nothing moved")
			assert.Len(w, first.Top, leaderboard.PublicTop)
			return changes
		}
		hq, top, own := hears(identity.With(ctx, actor("usr_hq"))), hears(as(before.Places[0].DealerID)), hears(as(bottom))
		banners, err := w.boards.BannerChanges(as(bottom))
		require.NoError(w, err)
		banner := <-banners
		assert.Equal(w, before.Places[25].Rank, banner.Rank)

		w.give(bottom, before.Places[22].Points-before.Places[25].Points+1) // past those below the public top, not into it
		totals, err := store.Standings{DB: w.db}.TotalsOf(w.nobody, "2026Q4", []string{bottom})
		require.NoError(w, err)
		_, err = w.redis.Boards().Apply(w.nobody, w.boards.Nation().Season, totals)
		require.NoError(w, err)
		moved := func(c leaderboard.Change) (ids []string) {
			for _, m := range c.Moved {
				ids = append(ids, m.DealerID)
			}
			return ids
		}
		c := <-hq
		assert.Contains(w, moved(c), bottom)
		assert.Contains(w, moved(c), below, "HQ hears of everybody")
		assert.Equal(w, []string{bottom}, moved(<-own), "a dealer below the top hears of itself")
		assert.Empty(w, moved(<-top), "and another of nobody")
		banner = <-banners
		assert.Less(w, banner.Rank, before.Places[25].Rank)
		assert.Equal(w, totals[0].Points, banner.Points)
	})
}

func TestABannerThatIsWatchedSaysWhatOneThatIsAskedForDoes(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.crowd()
		hub := live.NewHub(w.redis.Signals(), w.boards.Current, live.HubOptions{Log: quiet, Interval: time.Millisecond})
		w.Cleanup(hub.Close)
		w.boards.Watcher = hub
		w.give("dlr_gimje", -w.points("dlr_gimje").Points-5)
		totals, err := store.Standings{DB: w.db}.TotalsOf(w.nobody, "2026Q4", []string{"dlr_gimje"})
		require.NoError(w, err)
		_, err = w.redis.Boards().Apply(w.nobody, w.boards.Nation().Season, totals)
		require.NoError(w, err)

		asked, view, err := w.boards.Banner(w.gimje)
		require.NoError(w, err)
		require.Equal(w, -5, asked.Points)
		require.Positive(w, asked.ToNext)
		ctx, end := context.WithCancel(w.gimje)
		defer end()
		banners, err := w.boards.BannerChanges(ctx)
		require.NoError(w, err)
		watched := <-banners
		assert.Equal(w, asked, watched.Place)
		assert.Equal(w, view.Size, watched.View.Size)
	})
}

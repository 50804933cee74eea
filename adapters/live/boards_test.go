package live_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/live"
	"dure/domain/leaderboard"
)

func TestBoards(t *testing.T) {
	onEachEngine(t, func(t *testing.T, r *live.Redis) {
		for name, test := range map[string]func(*testing.T, *live.Redis){
			"equal points share a rank and stand in order of who got there first": testTies,
			"equal moments stand in order of id":                                  testSameMoment,
			"a dealer without points has a place without a rank":                  testWithoutRank,
			"a dealer who moves leaves the old territory's board":                 testMovedDealer,
			"the older total of a dealer is ignored":                              testOlderTotal,
			"a total is put on boards that were drawn later":                      testLateDivision,
			"rows can be read from anywhere":                                      testRange,
			"movement counts from the start of the day":                           testMovement,
			"many dealers are applied and stored in parts":                        testManyDealers,
			"all returns what the boards hold":                                    testAll,
			"dropped boards are away":                                             testDrop,
			"points beyond what a score can hold stand first":                     testLargestPoints,
			"only boards that changed get a new version":                          testVersions,
			"seasons do not touch each other":                                     testSeasons,
		} {
			t.Run(name, func(t *testing.T) { test(t, r) })
		}
	})
}

func testTies(t *testing.T, r *live.Redis) {
	s := newSeason()
	boards := filled(t, r, s, total(s, "d", 1, 10, 0), total(s, "c", 2, 20, 9), total(s, "b", 3, 20, 5), total(s, "a", 4, 30, 0))
	view := whole(t, boards, s, nation(s))
	assert.Equal(t, 4, view.Size)
	assert.Equal(t, []leaderboard.Place{
		{DealerID: "a", Points: 30, Rank: 1},
		{DealerID: "b", Points: 20, Rank: 2, TiedWith: 1, ToNext: 10},
		{DealerID: "c", Points: 20, Rank: 2, TiedWith: 1, ToNext: 10},
		{DealerID: "d", Points: 10, Rank: 4, ToNext: 10},
	}, view.Places)
	for _, place := range view.Places {
		found, err := boards.Find(context.Background(), s, nation(s), day, place.DealerID)
		require.NoError(t, err)
		assert.Equal(t, []leaderboard.Place{place}, found.Places)
		assert.Equal(t, view.Version, found.Version)
		assert.Equal(t, view.Size, found.Size)
	}
}

func testSameMoment(t *testing.T, r *live.Redis) {
	s := newSeason()
	boards := filled(t, r, s, total(s, "b", 1, 10, 0), total(s, "c", 2, 10, 0), total(s, "a", 3, 10, 0))
	assert.Equal(t, []string{"a", "b", "c"}, dealers(whole(t, boards, s, nation(s))))
}

func testWithoutRank(t *testing.T, r *live.Redis) {
	ctx, s := context.Background(), newSeason()
	empty, err := filled(t, r, s, total(s, "negative", 1, -5, 0)).Find(ctx, s, nation(s), day, "negative")
	require.NoError(t, err)
	assert.Equal(t, []leaderboard.Place{{DealerID: "negative", Points: -5}}, empty.Places)

	boards := filled(t, r, s, total(s, "a", 2, 30, 0), total(s, "b", 3, 20, 0), total(s, "zero", 4, 0, 0))
	for dealer, toNext := range map[string]int{"negative": 25, "zero": 20} {
		view, err := boards.Find(ctx, s, nation(s), day, dealer)
		require.NoError(t, err)
		require.Len(t, view.Places, 1)
		assert.Equal(t, 2, view.Size)
		assert.Equal(t, 0, view.Places[0].Rank)
		assert.Equal(t, toNext, view.Places[0].ToNext)
	}
	around, err := boards.Around(ctx, s, nation(s), day, "zero", 1)
	require.NoError(t, err)
	assert.Equal(t, []string{"b", "zero"}, dealers(around))

	unknown, err := boards.Find(ctx, s, nation(s), day, "nobody")
	require.NoError(t, err)
	assert.Empty(t, unknown.Places)
	elsewhere, err := boards.Find(ctx, s, leaderboard.Board{Season: s.Key, Scope: leaderboard.Region, Key: "11"}, day, "zero")
	require.NoError(t, err)
	assert.Empty(t, elsewhere.Places, "zero stands in another region")

	_, err = boards.Apply(ctx, s, []leaderboard.Total{total(s, "a", 5, -1, 0)})
	require.NoError(t, err)
	assert.Equal(t, []string{"b"}, dealers(whole(t, boards, s, nation(s))), "reversed points take a dealer off the board")
}

func testMovedDealer(t *testing.T, r *live.Redis) {
	ctx, s := context.Background(), newSeason()
	boards := filled(t, r, s, total(s, "a", 1, 30, 0), total(s, "b", 2, 20, 0))
	moved := total(s, "a", 3, 30, 0)
	moved.Territory, moved.Region = "ter_2", ""
	changed, err := boards.Apply(ctx, s, []leaderboard.Total{moved})
	require.NoError(t, err)
	assert.Equal(t, 1, changed)
	for board, want := range map[leaderboard.Board][]string{
		{Season: s.Key, Scope: leaderboard.Territory, Key: "ter_1"}: {"b"},
		{Season: s.Key, Scope: leaderboard.Territory, Key: "ter_2"}: {"a"},
		{Season: s.Key, Scope: leaderboard.Region, Key: "41"}:       {"b"},
		{Season: s.Key, Scope: leaderboard.Division, Key: "1"}:      {"a", "b"},
		nation(s): {"a", "b"},
	} {
		assert.Equal(t, want, dealers(whole(t, boards, s, board)), board)
	}
}

func testOlderTotal(t *testing.T, r *live.Redis) {
	ctx, s := context.Background(), newSeason()
	boards := filled(t, r, s, total(s, "a", 5, 30, 0))
	before := whole(t, boards, s, nation(s))
	for _, seq := range []int64{4, 5} {
		changed, err := boards.Apply(ctx, s, []leaderboard.Total{total(s, "a", seq, 99, 0)})
		require.NoError(t, err)
		assert.Zero(t, changed)
	}
	assert.Equal(t, before, whole(t, boards, s, nation(s)))
}

func testRange(t *testing.T, r *live.Redis) {
	ctx, s := context.Background(), newSeason()
	var totals []leaderboard.Total
	for i := range 9 { // three dealers on each of 30, 20 and 10 points
		totals = append(totals, total(s, fmt.Sprint("d", i), int64(i+1), 30-10*(i/3), i))
	}
	boards, want := filled(t, r, s, totals...), leaderboard.Rank(totals, nil)
	for _, cut := range []struct{ offset, limit, first, last int }{
		{0, 3, 0, 3}, {1, 3, 1, 4}, {4, 1, 4, 5}, {5, 100, 5, 9}, {9, 3, 9, 9}, {100, 3, 9, 9}, {0, 0, 0, 0}, {-2, 2, 0, 2},
	} {
		view, err := boards.Read(ctx, s, nation(s), day, leaderboard.Range{Offset: cut.offset, Limit: cut.limit})
		require.NoError(t, err)
		assert.Equal(t, 9, view.Size)
		assert.Equal(t, want[cut.first:cut.last], view.Places, cut)
	}
	around, err := boards.Around(ctx, s, nation(s), day, "d4", 2)
	require.NoError(t, err)
	assert.Equal(t, want[2:7], around.Places)
	around, err = boards.Around(ctx, s, nation(s), day, "d0", 2)
	require.NoError(t, err)
	assert.Equal(t, want[0:3], around.Places)
}

func testMovement(t *testing.T, r *live.Redis) {
	ctx, s := context.Background(), newSeason()
	boards := filled(t, r, s, total(s, "a", 1, 30, 0), total(s, "b", 2, 20, 0), total(s, "c", 3, 10, 0))
	known, err := boards.HasBefore(ctx, s, day)
	require.NoError(t, err)
	assert.False(t, known)
	version := whole(t, boards, s, nation(s)).Version
	require.NoError(t, boards.SetBefore(ctx, s, day, []leaderboard.Total{
		total(s, "a", 1, 30, 0), total(s, "b", 2, 20, 0), total(s, "c", 3, 10, 0), total(s, "zero", 4, 0, 0),
	}))
	known, err = boards.HasBefore(ctx, s, day)
	require.NoError(t, err)
	assert.True(t, known)
	assert.Greater(t, whole(t, boards, s, nation(s)).Version, version)

	_, err = boards.Apply(ctx, s, []leaderboard.Total{total(s, "c", 5, 40, 5), total(s, "new", 6, 25, 5), total(s, "b", 7, -2, 5)})
	require.NoError(t, err)
	assert.Equal(t, []leaderboard.Place{
		{DealerID: "c", Points: 40, Rank: 1, Movement: 2, HasBefore: true},
		{DealerID: "a", Points: 30, Rank: 2, ToNext: 10, Movement: -1, HasBefore: true},
		{DealerID: "new", Points: 25, Rank: 3, ToNext: 5},
	}, whole(t, boards, s, nation(s)).Places)
	view, err := boards.Find(ctx, s, nation(s), day, "c")
	require.NoError(t, err)
	assert.Equal(t, 2, view.Places[0].Movement)
	view, err = boards.Find(ctx, s, nation(s), day, "b")
	require.NoError(t, err)
	assert.Equal(t, []leaderboard.Place{{DealerID: "b", Points: -2, ToNext: 27, HasBefore: true}}, view.Places)
	view, err = boards.Find(ctx, s, nation(s), "2026-11-25", "c")
	require.NoError(t, err)
	assert.False(t, view.Places[0].HasBefore, "another day knows nothing of it")

	require.NoError(t, boards.SetBefore(ctx, s, day, nil))
	view, err = boards.Find(ctx, s, nation(s), day, "c")
	require.NoError(t, err)
	assert.False(t, view.Places[0].HasBefore, "the second call replaces the first")
	left, err := r.Client().TTL(ctx, "dure:{"+s.Key+"}:before:"+day).Result()
	require.NoError(t, err)
	assert.InDelta(t, (3 * 24 * time.Hour).Hours(), left.Hours(), 1)
}

func testManyDealers(t *testing.T, r *live.Redis) {
	ctx, s := context.Background(), newSeason()
	var totals []leaderboard.Total
	for i := range 1201 {
		one := total(s, fmt.Sprintf("d%04d", i), int64(i+1), 1+i%100, i)
		one.Territory = fmt.Sprint("ter_", i)
		totals = append(totals, one)
	}
	boards := r.Boards()
	changed, err := boards.Apply(ctx, s, totals)
	require.NoError(t, err)
	assert.Equal(t, 1201, changed)
	require.NoError(t, boards.SetBefore(ctx, s, day, totals))
	require.NoError(t, boards.Refill(ctx, s, "filled"))
	before := map[string]int{}
	for _, place := range leaderboard.Rank(totals, nil) {
		before[place.DealerID] = place.Rank
	}
	view, err := boards.Read(ctx, s, nation(s), day, leaderboard.Range{Limit: 2000})
	require.NoError(t, err)
	assert.Equal(t, leaderboard.Rank(totals, before), view.Places)
	all, err := boards.All(ctx, s, nation(s))
	require.NoError(t, err)
	assert.Len(t, all, 1201)
}

func testAll(t *testing.T, r *live.Redis) {
	ctx, s := context.Background(), newSeason()
	a, b := total(s, "a", 1, 30, 7), total(s, "b", 2, 20, 0)
	a.ReachedAt = a.ReachedAt.Add(1234 * time.Microsecond)
	boards := filled(t, r, s, a, b, total(s, "zero", 3, 0, 0))
	all, err := boards.All(ctx, s, nation(s))
	require.NoError(t, err)
	assert.Equal(t, map[string]leaderboard.Total{"a": a, "b": b}, all)

	require.NoError(t, r.Client().ZIncrBy(ctx, "dure:{"+s.Key+"}:board:NATION:", -1<<33, "b").Err())
	all, err = boards.All(ctx, s, nation(s))
	require.NoError(t, err)
	assert.Equal(t, 21, all["b"].Points, "what the board holds, not what was applied")
}

func testDrop(t *testing.T, r *live.Redis) {
	ctx, s := context.Background(), newSeason()
	boards := filled(t, r, s, total(s, "a", 1, 30, 0))
	require.NoError(t, boards.SetBefore(ctx, s, day, []leaderboard.Total{total(s, "a", 1, 30, 0)}))
	version := whole(t, boards, s, nation(s)).Version
	marker, err := boards.Filled(ctx, s)
	require.NoError(t, err)
	assert.Equal(t, "filled", marker)

	require.NoError(t, boards.Drop(ctx, s))
	marker, err = boards.Filled(ctx, s)
	require.NoError(t, err)
	assert.Empty(t, marker)
	_, err = boards.Find(ctx, s, nation(s), day, "a")
	assert.ErrorIs(t, err, leaderboard.ErrAway)
	known, err := boards.HasBefore(ctx, s, day)
	require.NoError(t, err)
	assert.False(t, known)

	require.NoError(t, boards.Refill(ctx, s, "again"))
	view := whole(t, boards, s, nation(s))
	assert.Empty(t, view.Places)
	assert.Greater(t, view.Version, version)
}

func testLargestPoints(t *testing.T, r *live.Redis) {
	s := newSeason()
	boards := filled(t, r, s, total(s, "huge", 1, 1<<30, 0), total(s, "large", 2, 1<<20-2, 0), total(s, "small", 3, 1, 200*24*60))
	assert.Equal(t, []leaderboard.Place{
		{DealerID: "huge", Points: 1<<20 - 1, Rank: 1},
		{DealerID: "large", Points: 1<<20 - 2, Rank: 2, ToNext: 1},
		{DealerID: "small", Points: 1, Rank: 3, ToNext: 1<<20 - 3},
	}, whole(t, boards, s, nation(s)).Places)
}

func testLateDivision(t *testing.T, r *live.Redis) {
	ctx, s := context.Background(), newSeason()
	undrawn := total(s, "a", 7, 30, 0)
	undrawn.Division = ""
	boards := filled(t, r, s, undrawn)
	drawn := total(s, "a", 7, 30, 0)
	drawn.Division = "2"
	board := leaderboard.Board{Season: s.Key, Scope: leaderboard.Division, Key: "2"}
	assert.Empty(t, whole(t, boards, s, board).Places)

	changed, err := boards.Apply(ctx, s, []leaderboard.Total{drawn})
	require.NoError(t, err)
	assert.Equal(t, 1, changed)
	assert.Equal(t, []string{"a"}, dealers(whole(t, boards, s, board)))
	changed, err = boards.Apply(ctx, s, []leaderboard.Total{drawn})
	require.NoError(t, err)
	assert.Zero(t, changed, "the same again changes nothing")
}

func testVersions(t *testing.T, r *live.Redis) {
	ctx, s := context.Background(), newSeason()
	other := total(s, "b", 2, 20, 0)
	other.Territory = "ter_2"
	boards := filled(t, r, s, total(s, "a", 1, 30, 0), other)
	first := leaderboard.Board{Season: s.Key, Scope: leaderboard.Territory, Key: "ter_1"}
	second := leaderboard.Board{Season: s.Key, Scope: leaderboard.Territory, Key: "ter_2"}
	firstVersion, secondVersion := whole(t, boards, s, first).Version, whole(t, boards, s, second).Version
	for i := range 5 { // several in one millisecond
		_, err := boards.Apply(ctx, s, []leaderboard.Total{total(s, "a", int64(10+i), 31+i, 0)})
		require.NoError(t, err)
		version := whole(t, boards, s, first).Version
		assert.Greater(t, version, firstVersion)
		firstVersion = version
	}
	assert.Equal(t, secondVersion, whole(t, boards, s, second).Version)
}

func testSeasons(t *testing.T, r *live.Redis) {
	first, second := newSeason(), newSeason()
	boards := filled(t, r, first, total(first, "a", 1, 30, 0))
	filled(t, r, second, total(second, "b", 2, 20, 0))
	require.NoError(t, boards.Drop(context.Background(), first))
	assert.Equal(t, []string{"b"}, dealers(whole(t, boards, second, nation(second))))
}

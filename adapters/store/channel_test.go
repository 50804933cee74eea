package store_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/channel"
	"dure/domain/fault"
)

func TestRegions(t *testing.T) {
	eachWorld(t, func(w *world) {
		regions, err := w.channel.Regions(w.gimje)
		require.NoError(w, err)
		require.Len(w, regions, 2, "a province whose code changed is listed once")
		assert.Equal(w, "41", regions[0].Code)
		assert.Equal(w, "52", regions[1].Code)
		assert.Equal(w, 300, regions[1].DiscountBandBP)

		old, err := w.channel.Region(w.gimje, "45")
		require.NoError(w, err, "the old code is still read by rows that carry it")
		assert.Equal(w, "52", old.SucceededBy)
		_, err = w.channel.Region(w.gimje, "99")
		w.refused(err, fault.NotFound, "region.not_found", "")

		districts, err := w.channel.DistrictsOf(w.gimje, []string{"52", "41"})
		require.NoError(w, err)
		assert.Len(w, districts["52"], 2)
		assert.Equal(w, "수원시", districts["41"][0].Name)
		named, err := w.channel.DistrictsByCode(w.gimje, []string{"52210", "nope"})
		require.NoError(w, err)
		assert.Equal(w, "김제시", named["52210"].Name)
		assert.Len(w, named, 1)
		territories, err := w.channel.TerritoriesByID(w.gimje, []string{"ter_west"})
		require.NoError(w, err)
		assert.Equal(w, "usr_rep", territories["ter_west"].RepID)
	})
}

func TestDealers(t *testing.T) {
	eachWorld(t, func(w *world) {
		for name, tt := range map[string]struct {
			filter *channel.DealerFilter
			want   string
		}{
			"all of them by name":              {nil, "김제 100% 대리점 부안대리점 익산_대리점"},
			"those of a territory":             {&channel.DealerFilter{TerritoryID: "ter_west"}, "김제 100% 대리점 부안대리점"},
			"those of a province":              {&channel.DealerFilter{RegionCode: "41"}, ""},
			"those whose name holds a text":    {&channel.DealerFilter{Search: "대리"}, "김제 100% 대리점 부안대리점 익산_대리점"},
			"a per cent sign stands for one":   {&channel.DealerFilter{Search: "%"}, "김제 100% 대리점"},
			"an underscore stands for one":     {&channel.DealerFilter{Search: "_"}, "익산_대리점"},
			"a backslash stands for itself":    {&channel.DealerFilter{Search: `\`}, ""},
			"a quote stands for itself":        {&channel.DealerFilter{Search: `'`}, ""},
			"a placeholder stands for itself":  {&channel.DealerFilter{Search: `?`}, ""},
			"a territory that does not exist":  {&channel.DealerFilter{TerritoryID: "ter_x"}, ""},
			"a territory and a text, together": {&channel.DealerFilter{TerritoryID: "ter_west", Search: "부안"}, "부안대리점"},
		} {
			got, err := w.channel.Dealers(w.gimje, tt.filter, nil, nil)
			require.NoError(w, err, name)
			names := make([]string, len(got.Nodes))
			for i, d := range got.Nodes {
				names[i] = d.Name
			}
			assert.Equal(w, tt.want, strings.Join(names, " "), name)
			assert.Equal(w, len(names), got.TotalCount, name)
		}
	})
}

func TestDealersOfOnesOwn(t *testing.T) {
	eachWorld(t, func(w *world) {
		for name, tt := range map[string]struct {
			caller context.Context
			want   int
		}{
			"a rep's are those of the territory": {w.rep, 2},
			"a dealer's is the own shop":         {w.gimje, 1},
			"HQ's are all":                       {w.hq, 3},
		} {
			got, err := w.channel.Dealers(tt.caller, &channel.DealerFilter{Mine: true}, nil, nil)
			require.NoError(w, err, name)
			assert.Len(w, got.Nodes, tt.want, name)
		}
	})
}

func TestDealersPageByPage(t *testing.T) {
	eachWorld(t, func(w *world) {
		var names []string
		var after *string
		for range 3 {
			page, err := w.channel.Dealers(w.rep, nil, ptr(1), after)
			require.NoError(w, err)
			require.Len(w, page.Nodes, 1)
			assert.Equal(w, 3, page.TotalCount)
			assert.Equal(w, after != nil, page.PageInfo.HasPreviousPage)
			names, after = append(names, page.Nodes[0].ID), page.PageInfo.EndCursor
			assert.Equal(w, len(names) < 3, page.PageInfo.HasNextPage)
		}
		assert.Equal(w, []string{"dlr_gimje", "dlr_buan", "dlr_iksan"}, names)
	})
}

func TestATamperedCursorIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		page, err := w.channel.Dealers(w.hq, nil, ptr(1), nil)
		require.NoError(w, err)
		cursor := *page.PageInfo.EndCursor
		foreign := w.customers.Cursors.Encode("customers", "cus_1")
		for _, bad := range []string{cursor[:len(cursor)-2], cursor + "AA", "x", "한글", foreign, strings.ToUpper(cursor)} {
			_, err := w.channel.Dealers(w.hq, nil, nil, &bad)
			w.refused(err, fault.Invalid, "page.bad_cursor", "after")
		}
		for _, first := range []int{0, -1, 101} {
			_, err := w.channel.Dealers(w.hq, nil, &first, nil)
			w.refused(err, fault.Invalid, "page.bad_first", "first")
		}
	})
}

func TestDealerAndStaff(t *testing.T) {
	eachWorld(t, func(w *world) {
		d, err := w.channel.Dealer(w.gimje, "dlr_iksan")
		require.NoError(w, err, "names and places of other dealers are known to all")
		assert.Equal(w, "익산_대리점", d.Name)
		_, err = w.channel.Dealer(w.hq, "dlr_unknown")
		w.refused(err, fault.NotFound, "dealer.not_found", "")
		_, err = w.channel.Dealer(w.nobody, "dlr_gimje")
		w.refused(err, fault.Unauthenticated, "identity.sign_in_first", "")
		_, err = w.channel.Dealer(w.lender, "dlr_gimje")
		w.refused(err, fault.Forbidden, "identity.not_allowed", "")

		both := []string{"dlr_gimje", "dlr_iksan"}
		staff, err := w.channel.StaffOf(w.gimje, both)
		require.NoError(w, err)
		require.Len(w, staff["dlr_gimje"], 1, "those who left are not there")
		assert.Equal(w, "김대리", staff["dlr_gimje"][0].Name)
		assert.Empty(w, staff["dlr_iksan"], "nor are those of others")
		staff, err = w.channel.StaffOf(w.rep, both)
		require.NoError(w, err)
		assert.Len(w, staff, 1, "a rep sees the territory")
		staff, err = w.channel.StaffOf(w.hq, both)
		require.NoError(w, err)
		assert.Len(w, staff, 2)
	})
}

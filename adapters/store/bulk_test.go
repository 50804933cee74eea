package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/store"
	"dure/domain/act"
	"dure/domain/catalogue"
	"dure/domain/channel"
	"dure/domain/identity"
)

// benchDealers are a dealer and a product, with what they refer to.
func benchDealers() []any {
	long := opening.AddDate(-5, 0, 0)
	return []any{
		[]channel.Region{{Code: "52", Name: "전북", NameEn: "Jeonbuk", ValidFrom: long}},
		[]channel.District{{Code: "52210", RegionCode: "52", Name: "김제시", ValidFrom: long}},
		[]channel.Territory{{ID: "ter_west", Name: "전북 서부", RegionCode: "52"}},
		[]channel.Dealer{{ID: "dlr_gimje", Name: "김제대리점", BusinessNumber: "0000000010", OwnerName: "주인", RegionCode: "52", DistrictCode: "52210", TerritoryID: "ter_west", OpenedOn: long, Version: 1}},
		[]catalogue.ProductLine{{ID: "lin_50", Name: "DR50", HorsepowerMin: 50, HorsepowerMax: 64}},
		[]catalogue.Product{{ID: "prd_55", LineID: "lin_50", Name: "두레 55", ModelCode: "DR55", Horsepower: 55, Crops: []string{"RICE"}}},
	}
}

// manyActs are more rows than one statement takes, with their own places in the log.
func manyActs() []act.Act {
	acts := make([]act.Act, 7_000)
	for i := range acts {
		acts[i] = act.Act{
			Seq: int64(i + 1), ID: string([]rune{'a', rune('가' + i)}), Kind: act.CustomerCreated, SubjectID: "s", Facts: act.Facts{"n": i},
			OccurredAt: opening, ReceivedAt: opening,
		}
	}
	return acts
}

func TestLoadedRowsAreThereAndLogsCountOn(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		// A load that was rolled back before must not leave a trace in the counters.
		undone := errors.New("power cut")
		err := db.Do(ctx, func(ctx context.Context) error {
			require.NoError(t, (store.Acts{DB: db}).Append(ctx, []act.Act{{ID: "act_undone", Kind: act.CustomerCreated, SubjectID: "s", Facts: act.Facts{}, OccurredAt: opening, ReceivedAt: opening}}))
			return undone
		})
		require.ErrorIs(t, err, undone)

		require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
			return errors.Join(
				db.Load(ctx, append(benchDealers(), manyActs(), []channel.Staff{})...),
				db.LoadNumbers(ctx, "quote", []string{"quo_1", "quo_2", "quo_3"}),
				db.ContinueSeries(ctx),
			)
		}))
		var acts []act.Act
		require.NoError(t, db.Read(ctx, &acts))
		require.Len(t, acts, 7_000)
		assert.Equal(t, manyActs()[6_999].ID, acts[6_999].ID)
		assert.InDelta(t, 6_999, acts[6_999].Facts.Number("n"), 0)

		next := []act.Act{{ID: "act_next", Kind: act.CustomerCreated, SubjectID: "s", Facts: act.Facts{}, OccurredAt: opening, ReceivedAt: opening}}
		require.NoError(t, (store.Acts{DB: db}).Append(ctx, next))
		assert.EqualValues(t, 7_001, next[0].Seq)
		for series, want := range map[string]int64{"quote": 4, "contract": 1} {
			n, err := (store.Deals{DB: db}).NextNumber(ctx, series, "new")
			require.NoError(t, err)
			assert.Equal(t, want, n, series)
		}
	})
}

func TestRowsThatAreThereStayAsTheyAre(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		first := []identity.Organization{{ID: "org_1", Name: "먼저", Kind: identity.Maker}}
		more := []identity.Organization{{ID: "org_1", Name: "나중", Kind: identity.Maker}, {ID: "org_2", Name: "새것", Kind: identity.Maker}}
		require.NoError(t, db.LoadMissing(ctx, first))
		require.NoError(t, db.LoadMissing(ctx, more))
		people := store.People{DB: db}
		rows, err := people.OrganizationsByID(ctx, []string{"org_1", "org_2"})
		require.NoError(t, err)
		assert.ElementsMatch(t, []identity.Organization{first[0], more[1]}, rows)
		assert.Error(t, db.Load(ctx, first), "Load itself overwrites nothing and leaves nothing out")
	})
}

func TestLoadTakesSlicesAlone(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *store.DB) {
		assert.Error(t, db.Load(context.Background(), identity.Organization{ID: "org_1"}))
	})
}

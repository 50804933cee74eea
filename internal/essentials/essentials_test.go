package essentials_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/domain/channel"
	"dure/domain/customer"
	"dure/domain/kst"
	"dure/internal/essentials"
)

func TestEveryDistrictLiesInAProvinceThatWasValidWithIt(t *testing.T) {
	regions := map[string]channel.Region{}
	valid := 0
	for _, r := range essentials.Regions() {
		regions[r.Code] = r
		if r.ValidUntil.IsZero() {
			valid++
		}
	}
	assert.Equal(t, 17, valid)
	districts := map[string]channel.District{}
	valid = 0
	for _, d := range essentials.Districts() {
		require.NotContains(t, districts, d.Code, "a code stands twice")
		districts[d.Code] = d
		require.Contains(t, regions, d.RegionCode)
		assert.False(t, d.ValidFrom.Before(regions[d.RegionCode].ValidFrom), d.Code)
		if d.ValidUntil.IsZero() {
			valid++
			assert.True(t, regions[d.RegionCode].ValidUntil.IsZero(), "%s outlives its province", d.Code)
		}
	}
	assert.Equal(t, 229, valid, "226 self-governing ones, Sejong, and the two cities of Jeju")
	for _, d := range districts {
		if d.SucceededBy == "" {
			continue
		}
		next, ok := districts[d.SucceededBy]
		require.True(t, ok, "%s has no successor", d.Code)
		assert.Equal(t, d.Name, next.Name)
		assert.Equal(t, d.ValidUntil, next.ValidFrom, "nobody is without a code in between")
	}
}

func TestCodesThatChanged(t *testing.T) {
	by := map[string]channel.Region{}
	for _, r := range essentials.Regions() {
		by[r.Code] = r
	}
	assert.Equal(t, kst.Date(2023, time.June, 11), by["42"].ValidUntil)
	assert.Equal(t, "51", by["42"].SucceededBy)
	assert.Equal(t, kst.Date(2024, time.January, 18), by["52"].ValidFrom)
	assert.Equal(t, "52", by["45"].SucceededBy)
}

func TestThereAreWordsForEveryPurpose(t *testing.T) {
	purposes := map[customer.Purpose]int{}
	for _, text := range essentials.ConsentTexts() {
		purposes[text.Purpose]++
		assert.NotEmpty(t, text.Title)
		assert.NotEmpty(t, text.Body)
	}
	assert.Equal(t, map[customer.Purpose]int{customer.PersonalData: 1, customer.Marketing: 1, customer.ThirdParty: 1, customer.Contract: 1}, purposes)
	assert.NoError(t, essentials.Rulebook().Check())
}

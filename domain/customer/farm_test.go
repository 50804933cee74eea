package customer

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/domain/fault"
	"dure/domain/kst"
)

// newYear is the first hour of 2027 in Korea, while UTC is still in 2026.
var newYear = kst.Date(2027, time.January, 1).Add(time.Hour)

func pointer[T any](v T) *T { return &v }

func TestFarmInput(t *testing.T) {
	many := make([]string, MaxItems+1)
	parcel := func(p ParcelInput) FarmInput { return FarmInput{Parcels: []ParcelInput{p}} }
	machine := func(m MachineInput) FarmInput { return FarmInput{Machines: []MachineInput{m}} }
	for name, tt := range map[string]struct {
		in         FarmInput
		key, field string
	}{
		"nothing":                              {},
		"every field":                          {in: full()},
		"a field of one square metre":          {in: parcel(ParcelInput{SquareMetres: pointer(1)})},
		"a field of no area":                   {parcel(ParcelInput{SquareMetres: pointer(0)}), "customer.bad_area", "farm.parcels"},
		"a field that says no area":            {parcel(ParcelInput{Name: "앞논"}), "customer.bad_area", "farm.parcels"},
		"a negative field":                     {parcel(ParcelInput{SquareMetres: pointer(-1)}), "customer.bad_area", "farm.parcels"},
		"the largest field":                    {in: parcel(ParcelInput{SquareMetres: pointer(maxSquareMetres)})},
		"a larger field":                       {parcel(ParcelInput{SquareMetres: pointer(maxSquareMetres + 1)}), "customer.bad_area", "farm.parcels"},
		"the largest number there is":          {parcel(ParcelInput{SquareMetres: pointer(math.MaxInt)}), "customer.bad_area", "farm.parcels"},
		"a hundredth of a 평":                   {parcel(ParcelInput{Pyeong: pointer(0.01)}), "customer.bad_area", "farm.parcels"},
		"a 평 that is no number":                {parcel(ParcelInput{Pyeong: pointer(math.NaN())}), "customer.bad_area", "farm.parcels"},
		"endless 평":                            {parcel(ParcelInput{Pyeong: pointer(math.Inf(1))}), "customer.bad_area", "farm.parcels"},
		"fields that are too large together":   {FarmInput{Parcels: []ParcelInput{{SquareMetres: pointer(maxSquareMetres)}, {SquareMetres: pointer(1)}}}, "customer.bad_area", "farm.parcels"},
		"too many fields":                      {FarmInput{Parcels: make([]ParcelInput, MaxItems+1)}, "text.too_many", "farm"},
		"too many machines":                    {FarmInput{Machines: make([]MachineInput, MaxItems+1)}, "text.too_many", "farm"},
		"too many crops":                       {FarmInput{Crops: many}, "text.too_many", "farm.crops"},
		"too many attachments":                 {FarmInput{Attachments: many}, "text.too_many", "farm.attachments"},
		"the first of two mistakes, always":    {FarmInput{Crops: many, Attachments: many}, "text.too_many", "farm.crops"},
		"a crop of 10,000 characters":          {FarmInput{Crops: []string{strings.Repeat("벼", 10_000)}}, "text.too_long", "farm.crops.0"},
		"a field's name of 10,000 characters":  {parcel(ParcelInput{Name: strings.Repeat("논", 10_000), SquareMetres: pointer(1)}), "text.too_long", "farm.parcels"},
		"a field's crop with a NUL":            {parcel(ParcelInput{Crop: "\x00", SquareMetres: pointer(1)}), "text.control_character", "farm.parcels"},
		"a machine's maker that is no text":    {machine(MachineInput{Maker: "\xed\xa0\x80", Model: "X"}), "text.not_utf8", "farm.machines"},
		"a machine of next year by Korea":      {in: machine(MachineInput{Model: "DR50", Year: 2028})},
		"a machine of the year after":          {machine(MachineInput{Model: "DR50", Year: 2029}), "customer.bad_year", "farm.machines"},
		"a machine of 1899":                    {machine(MachineInput{Model: "DR50", Year: 1899}), "customer.bad_year", "farm.machines"},
		"a machine pulled backwards":           {machine(MachineInput{Model: "DR50", Horsepower: -1}), "customer.bad_number", "farm.machines"},
		"a machine of 2,001 horsepower":        {machine(MachineInput{Model: "DR50", Horsepower: 2_001}), "customer.bad_number", "farm.machines"},
		"nobody drives":                        {in: FarmInput{Operators: pointer(0)}},
		"fewer than nobody":                    {FarmInput{Operators: pointer(-1)}, "customer.bad_number", "farm.operators"},
		"more drivers than a village":          {FarmInput{Operators: pointer(maxOperators + 1)}, "customer.bad_number", "farm.operators"},
		"replaced last year by Korea":          {in: FarmInput{ReplaceYear: pointer(2026)}},
		"replaced the year before that":        {FarmInput{ReplaceYear: pointer(2025)}, "customer.bad_year", "farm.replaceYear"},
		"replaced fifty years from now":        {in: FarmInput{ReplaceYear: pointer(2077)}},
		"replaced later still":                 {FarmInput{ReplaceYear: pointer(2078)}, "customer.bad_year", "farm.replaceYear"},
		"a household that is not offered":      {FarmInput{Household: pointer("HOBBY")}, "customer.bad_household", "farm.household"},
		"a household that is taken back":       {in: FarmInput{Household: pointer("")}},
		"a year to replace that is taken back": {in: FarmInput{ReplaceYear: pointer(0)}},
	} {
		t.Run(name, func(t *testing.T) {
			var f Farm
			err := tt.in.over(&f, newYear)
			if tt.key == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, err, fault.New(fault.Invalid, tt.key))
			faults, _ := fault.All(err)
			assert.Equal(t, tt.field, faults[0].Field)
		})
	}
}

func full() FarmInput {
	return FarmInput{
		Parcels: []ParcelInput{{Name: "앞논", SquareMetres: pointer(3_000)}, {Name: "뒷밭", Pyeong: pointer(1_000.0)}},
		Crops:   []string{"RICE"}, Terrain: pointer(Flat), Machines: []MachineInput{{Model: "DR50", Year: 2020, Horsepower: 50}},
		Attachments: []string{"ROTAVATOR"}, Operators: pointer(2), Household: pointer("FULL_TIME"), ReplaceYear: pointer(2028),
	}
}

func TestWhatAFarmInputLeavesOutStays(t *testing.T) {
	var f Farm
	in := full()
	require.NoError(t, in.over(&f, newYear))
	before := f
	require.NoError(t, (&FarmInput{}).over(&f, newYear))
	assert.Equal(t, before, f)
	assert.Equal(t, 8, f.Filled())
	assert.Equal(t, 3_000+3_306, f.SquareMetres())

	require.NoError(t, (&FarmInput{
		Parcels: []ParcelInput{}, Crops: []string{}, Machines: []MachineInput{}, Attachments: []string{},
		Operators: pointer(0), Household: pointer(""), ReplaceYear: pointer(0), Terrain: pointer(Terrain("")),
	}).over(&f, newYear))
	assert.Zero(t, f.Filled(), "what is emptied is empty")
}

// Eight fields are worth points; blanks are not.
func TestBlanksFillNothing(t *testing.T) {
	f := Farm{Crops: []string{"", " "}, Attachments: []string{"\u3000"}, Machines: []Machine{{Model: " "}}}
	assert.Zero(t, f.Filled())
	f.Crops = append(f.Crops, "RICE")
	f.Machines = append(f.Machines, Machine{Model: "DR50"})
	assert.Equal(t, 2, f.Filled())
}

// A 평 is 400/121 m²: going there and back loses less than half a square metre.
func TestPyeongIsRoundedToTheNearestSquareMetre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pyeong := rapid.Float64Range(0.2, maxSquareMetres/SquareMetresPerPyeong).Draw(t, "평")
		p, err := ParcelInput{Pyeong: &pyeong}.parcel()
		require.NoError(t, err)
		assert.InDelta(t, pyeong*400/121, float64(p.SquareMetres), 0.5+1e-6)
	})
}

func TestSquareMetresGoBeforePyeong(t *testing.T) {
	p, err := ParcelInput{SquareMetres: pointer(10), Pyeong: pointer(1_000.0)}.parcel()
	require.NoError(t, err)
	assert.Equal(t, 10, p.SquareMetres)
}

func TestBirthYear(t *testing.T) {
	for year, ok := range map[int]bool{0: true, 1900: true, 1899: false, 2026: true, 2027: true, 2028: false, -1: false} {
		err := birthYear(year, newYear)
		if ok {
			assert.NoError(t, err, year)
		} else {
			assert.ErrorIs(t, err, fault.New(fault.Invalid, "customer.bad_birth_year"), year)
		}
	}
}

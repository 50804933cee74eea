package iq

import (
	"cmp"
	"slices"
)

// DealerDivision is the division a dealer plays in for a season.
type DealerDivision struct {
	Season   string `bun:",pk"`
	DealerID string `bun:",pk"`
	Division int    // 1 sells most
}

// Volume is how many machines a dealer sold in the year before a season.
type Volume struct {
	DealerID string
	Machines int
}

// Divisions is how many divisions there are.
const Divisions = 4

// Divide draws a season's divisions as quartiles of volume: the dealers who
// sold most are in division 1. Equal volumes go by id.
func Divide(season string, volumes []Volume) []DealerDivision {
	ordered := slices.Clone(volumes)
	slices.SortFunc(ordered, func(a, b Volume) int {
		return cmp.Or(cmp.Compare(b.Machines, a.Machines), cmp.Compare(a.DealerID, b.DealerID))
	})
	out := make([]DealerDivision, len(ordered))
	for i, v := range ordered {
		out[i] = DealerDivision{Season: season, DealerID: v.DealerID, Division: 1 + i*Divisions/len(ordered)}
	}
	return out
}

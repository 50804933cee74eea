package main

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// line is one measurement as it is printed.
type line struct {
	Name     string  `json:"name"`
	Value    float64 `json:"value"`    // ours, in Unit
	Unit     string  `json:"unit"`     //
	Baseline float64 `json:"baseline"` // in Unit, measured in the same run
	Ratio    float64 `json:"ratio"`    // Value over Baseline
}

// round is one turn of both sides.
type round struct{ ours, baseline float64 }

func (r round) ratio() float64 { return r.ours / r.baseline }

// middle returns the round whose ratio is the median, the lower one of an even
// number, so that a line's value, baseline and ratio belong to one another.
func middle(rounds []round) round {
	sorted := slices.Clone(rounds)
	slices.SortFunc(sorted, func(a, b round) int { return cmp.Compare(a.ratio(), b.ratio()) })
	return sorted[(len(sorted)-1)/2]
}

// newLine sums rounds up.
func newLine(name, unit string, rounds []round) line {
	m := middle(rounds)
	return line{Name: name, Value: significant(m.ours), Unit: unit, Baseline: significant(m.baseline), Ratio: significant(m.ratio())}
}

// significant rounds to four digits: what follows them is noise.
func significant(x float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64) // reads what was just written
	return rounded
}

// alternate runs both sides in turn, n times. A first round that is slow for
// being the first does not move the median.
func alternate(n int, ours, baseline func() (float64, error)) ([]round, error) {
	rounds := make([]round, n)
	for i := range rounds {
		var err error
		if rounds[i].ours, err = ours(); err != nil {
			return nil, err
		}
		if rounds[i].baseline, err = baseline(); err != nil {
			return nil, err
		}
	}
	return rounds, nil
}

// median returns the middle of durations, which it sorts.
func median(durations []time.Duration) time.Duration {
	slices.Sort(durations)
	return durations[len(durations)/2]
}

func microseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

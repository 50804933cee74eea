package main

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMiddle(t *testing.T) {
	for name, tt := range map[string]struct {
		rounds []round
		want   round
	}{
		"one round is its own median": {[]round{{3, 2}}, round{3, 2}},
		"the round with the median ratio is told whole": {
			[]round{{10, 1}, {4, 2}, {9, 3}}, round{9, 3},
		},
		"of an even number, the lower of the two in the middle": {
			[]round{{4, 1}, {1, 1}, {2, 1}, {3, 1}}, round{2, 1},
		},
		"the largest value need not have the largest ratio": {
			[]round{{100, 100}, {1, 10}, {2, 1}}, round{100, 100},
		},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, middle(tt.rounds)) })
	}
}

func TestALineKeepsFourDigits(t *testing.T) {
	assert.Equal(t, line{Name: "relay", Value: 123_500, Unit: "entries/s", Baseline: 0.001235, Ratio: 1e8},
		newLine("relay", "entries/s", []round{{123_456, 0.00123456}}))
}

func TestAlternate(t *testing.T) {
	t.Run("the sides take turns", func(t *testing.T) {
		var order string
		turn := func(name string, value float64) func() (float64, error) {
			return func() (float64, error) {
				order += name
				return value, nil
			}
		}
		rounds, err := alternate(3, turn("a", 1), turn("b", 2))
		require.NoError(t, err)
		assert.Equal(t, "ababab", order)
		assert.Equal(t, []round{{1, 2}, {1, 2}, {1, 2}}, rounds)
	})
	t.Run("a side that fails ends the measurement", func(t *testing.T) {
		broken := errors.New("broken")
		_, err := alternate(3, func() (float64, error) { return 1, nil }, func() (float64, error) { return 0, broken })
		assert.ErrorIs(t, err, broken)
	})
}

func TestMedian(t *testing.T) {
	assert.Equal(t, 2*time.Second, median([]time.Duration{3 * time.Second, time.Second, 2 * time.Second}))
}

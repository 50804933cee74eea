package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"dure/domain/kst"
)

// dice is a random stream.
type dice struct{ *rand.Rand }

// stream returns the random stream of a feature.
func (m *maker) stream(name string) dice {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d/%s", m.Seed, name))
	return dice{rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])))}
}

// Read fills p with random bytes. It never fails.
func (d dice) Read(p []byte) (int, error) {
	var word [8]byte
	for i := 0; i < len(p); i += 8 {
		binary.BigEndian.PutUint64(word[:], d.Uint64())
		copy(p[i:], word[:])
	}
	return len(p), nil
}

// chance is true with that probability.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between returns a whole number from low to high, both included.
func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

// span returns a duration from low to high, in whole seconds.
func (d dice) span(low, high time.Duration) time.Duration {
	return low + time.Duration(d.Int64N(int64((high-low)/time.Second)+1))*time.Second
}

// poisson returns how often something of that mean happens. Knuth's method,
// for means below about 50.
func (d dice) poisson(mean float64) int {
	limit, product, n := math.Exp(-mean), d.Float64(), 0
	for product > limit {
		product *= d.Float64()
		n++
	}
	return n
}

// pick returns one of the choices.
func pick[T any](d dice, choices []T) T { return choices[d.IntN(len(choices))] }

// weighted returns the place of a weight, more often the larger it is.
func (d dice) weighted(weights []float64) int {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	at := d.Float64() * total
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// identifier makes the ids of one feature.
type identifier struct {
	m *maker
	dice
}

func (m *maker) identifier(name string) identifier { return identifier{m, m.stream("ids/" + name)} }

func (i identifier) at(prefix string, at time.Time) string { return i.m.NewID(prefix, at, i.dice) }

// Shops are open from nine to six, except on Sundays.
const opens, closes = 9, 18

// open returns t, or the next moment after it that a shop is open.
func open(t time.Time, d dice) time.Time {
	local := t.In(kst.Zone)
	switch {
	case local.Hour() >= closes:
		local = morning(local.AddDate(0, 0, 1), d)
	case local.Hour() < opens:
		local = morning(local, d)
	}
	if local.Weekday() == time.Sunday {
		local = morning(local.AddDate(0, 0, 1), d)
	}
	return local.UTC()
}

// morning is soon after the shop opens.
func morning(local time.Time, d dice) time.Time {
	year, month, day := local.Date()
	return time.Date(year, month, day, opens, 0, 0, 0, kst.Zone).Add(d.span(0, 2*time.Hour))
}

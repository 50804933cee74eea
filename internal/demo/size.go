package demo

import (
	"time"

	"dure/domain/kst"
)

// size is how much there is of everything.
type size struct {
	months    int
	customers int
	volume    float64 // machines a year of the median dealer
	hq        int
	provinces []province
}

// province is how many dealers and territories there are in a region.
type province struct {
	code                 string
	dealers, territories int
}

// wholeHistory is the length of the full world in months: the curves of change
// run over it, and a shorter world shows their end.
const wholeHistory = 36

// sizes are the worlds there are. The first territory is that of the documented
// sign-ins.
var sizes = map[string]size{
	"small": {months: 4, customers: 300, volume: 24, hq: 2, provinces: []province{{"52", 3, 1}, {"46", 2, 1}, {"48", 1, 1}}},
	"full": {months: wholeHistory, customers: 24_000, volume: 13, hq: 14, provinces: []province{
		{"52", 16, 4}, {"41", 15, 4}, {"51", 9, 2}, {"43", 9, 2}, {"44", 18, 4}, {"46", 20, 5}, {"47", 18, 5}, {"48", 12, 3}, {"50", 3, 1},
	}},
}

// monthsBefore returns the first instant of the business month that many months ago.
func monthsBefore(t time.Time, months int) time.Time {
	year, month, _ := t.In(kst.Zone).Date()
	return kst.Date(year, month-time.Month(months), 1)
}

// progress is how far the change of habits has come, from 0 to 1: nothing when
// the whole history begins, all of it now.
func (m *maker) progress(at time.Time) float64 {
	return min(1, max(0, float64(at.Sub(m.change))/float64(m.Now.Sub(m.change))))
}

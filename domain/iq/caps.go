package iq

import (
	"slices"

	"dure/domain/act"
	"dure/domain/kst"
)

// usage counts the places that acts have taken in the windows of caps.
type usage struct {
	counts map[place]int
	recent map[place][]int64 // business days of the acts that earned, for CUSTOMER_DAYS
}

// place is one window of one cap.
type place struct {
	rule, cap int
	window    int64  // number of the day, week or month
	id        string // of the customer, deal or subject
}

// reachesBack reports whether the cap also counts acts of the season before.
func (c Cap) reachesBack() bool { return c.Per == PerWeek || c.Per == PerCustomerDays }

// full returns the rule's first cap that leaves no room for a, or nil. Before
// the season only caps that reach over its start are looked at.
func (u *usage) full(index int, rule *Rule, a *act.Act, counts bool) *Cap {
	for i := range rule.Caps {
		c := &rule.Caps[i]
		if !counts && !c.reachesBack() {
			continue
		}
		at := placeOf(index, i, c, a)
		taken := u.counts[at]
		if c.Per == PerCustomerDays {
			taken = u.since(at, kst.DayNumber(a.OccurredAt)-int64(c.Days))
		}
		if taken >= c.Limit {
			return c
		}
	}
	return nil
}

// take gives a its place in all caps of the rule.
func (u *usage) take(index int, rule *Rule, a *act.Act, counts bool) {
	for i := range rule.Caps {
		c := &rule.Caps[i]
		if !counts && !c.reachesBack() {
			continue
		}
		at := placeOf(index, i, c, a)
		if c.Per != PerCustomerDays {
			u.counts[at]++
			continue
		}
		if u.recent == nil {
			u.recent = map[place][]int64{}
		}
		u.recent[at] = append(u.recent[at], kst.DayNumber(a.OccurredAt))
	}
}

// since counts the acts that earned later than day.
func (u *usage) since(at place, day int64) int {
	n := 0
	for _, earned := range slices.Backward(u.recent[at]) {
		if earned <= day {
			break
		}
		n++
	}
	return n
}

func placeOf(rule, index int, c *Cap, a *act.Act) place {
	p := place{rule: rule, cap: index}
	switch c.Per {
	case PerDay:
		p.window = kst.DayNumber(a.OccurredAt)
	case PerWeek:
		p.window = kst.WeekNumber(a.OccurredAt)
	case PerMonth:
		p.window = kst.MonthNumber(a.OccurredAt)
	case PerDeal:
		p.id = a.DealID
	case PerCustomer, PerCustomerDays:
		p.id = a.CustomerID
	case PerSubject:
		p.id = a.SubjectID
	case PerSeason: // one window
	}
	return p
}

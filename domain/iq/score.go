package iq

import (
	"slices"
	"time"

	"dure/domain/act"
	"dure/domain/kst"
)

// What an act that reaches the server late must fulfil to earn points.
const (
	LateDays            = 7  // latest arrival, from a registered device
	UnregisteredMinutes = 10 // latest arrival, from any other
)

// registeredDevice is the fact that tells whether the act's device was known.
const registeredDevice = "registeredDevice"

// Score returns what each act of the season is due under each rule that
// concerns it, 0 points included, in the order of acts and then of rules. It
// depends on nothing but its arguments, and not on the order of acts.
//
// acts are one dealer's. They may begin before the season, as book.Window
// tells, so that caps which reach over its start hold; awards are returned for
// the season's own acts alone. nil conditions are Clauses. Awards may share their
// Arguments, which nobody changes.
//
// Acts are judged by (OccurredAt, ID), each in this order:
//
//  1. the conditions; a failed clause with a key earns 0;
//  2. cancellation, which counts until the season freezes;
//  3. lateness (LateDays, UnregisteredMinutes), which is reviewed;
//  4. the rule's caps. An act that earned nothing in the steps before takes no
//     place: a cancelled act gives its place to the next one;
//  5. the person's daily cap; the act that crosses it earns the remainder. An
//     act past it keeps its place in the rule's caps.
//
// A Bad Behaviour is never excused by lateness. Its first FreeTimes in the
// season earn 0 and are reviewed.
func Score(book Rulebook, conditions Conditions, season Season, acts []act.Act) []Award {
	ordered := inOrder(book, season, acts)
	s := newScorer(&book, conditions, season, ordered)
	awards := make([]Award, 0, len(ordered))
	for _, a := range ordered {
		if !a.OccurredAt.Before(season.End) {
			break // only cancellations are left
		}
		awards = s.score(awards, a)
	}
	return awards
}

// scorer holds what earlier acts have used up.
type scorer struct {
	book       *Rulebook
	conditions Conditions
	season     Season
	cancelled  map[subject]latest
	caps       usage
	given      map[personDay]int
	bad        []int            // times in the season, by rule
	earned     []map[string]any // the arguments of what earned in full, by rule
}

func newScorer(book *Rulebook, conditions Conditions, season Season, ordered []*act.Act) *scorer {
	if conditions == nil {
		conditions = Clauses{}
	}
	return &scorer{
		book:       book,
		conditions: conditions,
		season:     season,
		cancelled:  cancellations(*book, ordered),
		caps:       usage{counts: map[place]int{}},
		given:      map[personDay]int{},
		bad:        make([]int, len(book.Rules)),
		earned:     make([]map[string]any, len(book.Rules)),
	}
}

// score judges the next act and appends what it is due to awards: nothing for
// an act before the season, which only takes its places.
func (s *scorer) score(awards []Award, a *act.Act) []Award {
	counts := !a.OccurredAt.Before(s.season.Start)
	for i := range s.book.Rules {
		rule := &s.book.Rules[i]
		if !slices.Contains(rule.Triggers, a.Kind) {
			continue
		}
		missing, concerns := s.conditions.Judge(*rule, a.Facts)
		if !concerns {
			continue
		}
		d := s.judge(i, rule, a, missing, counts)
		if !counts {
			continue
		}
		awards = append(awards, Award{
			RuleKey:     rule.Key,
			Act:         *a,
			Points:      d.points,
			VestsAt:     kst.AddDays(a.OccurredAt, rule.VestAfterDays).UTC(),
			Explanation: d.explanation,
			Arguments:   d.arguments,
			Review:      d.review,
			Cancelled:   d.cancelled,
		})
	}
	return awards
}

type personDay struct {
	person string
	day    int64
}

// due is the outcome for one act under one rule.
type due struct {
	points      int
	explanation string
	arguments   map[string]any
	review      bool
	cancelled   bool
}

// judge takes an act that a rule concerns through the steps of Score. counts
// is false for an act before the season.
func (s *scorer) judge(index int, rule *Rule, a *act.Act, missing string, counts bool) due {
	if missing != "" {
		return due{explanation: missing, arguments: shortfall(rule, a.Facts, missing)}
	}
	if s.isCancelled(rule, a) {
		return due{cancelled: true, explanation: explainCancelled, arguments: map[string]any{"points": rule.Points}}
	}
	if rule.Points > 0 {
		if d, late := lateness(a); late {
			return d
		}
	}
	if c := s.caps.full(index, rule, a, counts); c != nil {
		d := due{explanation: capKeys[c.Per], arguments: map[string]any{"limit": c.Limit}}
		if c.Per == PerCustomerDays {
			d.arguments["days"] = c.Days
		}
		return d
	}
	s.caps.take(index, rule, a, counts)
	if !counts {
		return due{}
	}
	if rule.Character == Bad {
		return s.penalise(index, rule)
	}
	return s.daily(index, rule, a)
}

func (s *scorer) penalise(index int, rule *Rule) due {
	keys, ok := badKeys[rule.Key]
	if !ok {
		keys = [2]string{explainBadReview, explainBad}
	}
	s.bad[index]++
	if s.bad[index] <= rule.FreeTimes {
		return due{explanation: keys[0], arguments: map[string]any{"free": rule.FreeTimes}, review: true}
	}
	return due{points: rule.Points, explanation: keys[1], arguments: map[string]any{"lost": -rule.Points}}
}

func (s *scorer) daily(index int, rule *Rule, a *act.Act) due {
	points := rule.Points
	if s.book.DailyCap > 0 && !rule.DailyExempt && points > 0 {
		day := personDay{a.ActorID, kst.DayNumber(a.OccurredAt)}
		left := s.book.DailyCap - s.given[day]
		s.given[day] += min(points, left)
		if left < points {
			return due{
				points: left, explanation: explainDailyCap,
				arguments: map[string]any{"limit": s.book.DailyCap, "given": left},
			}
		}
	}
	if s.earned[index] == nil {
		s.earned[index] = map[string]any{"points": points}
	}
	return due{points: points, explanation: explainEarned, arguments: s.earned[index]}
}

// lateness returns what an act is due that came too late to earn.
func lateness(a *act.Act) (due, bool) {
	delay := a.ReceivedAt.Sub(a.OccurredAt)
	if delay > LateDays*24*time.Hour {
		return due{explanation: explainTooLate, review: true, arguments: map[string]any{
			"days": roundUp(delay, 24*time.Hour), "limit": LateDays,
		}}, true
	}
	if delay > UnregisteredMinutes*time.Minute && !same(a.Facts[registeredDevice], true) {
		return due{explanation: explainUnregistered, review: true, arguments: map[string]any{
			"minutes": roundUp(delay, time.Minute), "limit": UnregisteredMinutes,
		}}, true
	}
	return due{}, false
}

func roundUp(d, unit time.Duration) int { return int((d + unit - 1) / unit) }

// shortfall returns what the facts have and what the failed clause wants, when
// those are numbers.
func shortfall(rule *Rule, facts act.Facts, missing string) map[string]any {
	for i := range rule.Clauses {
		c := &rule.Clauses[i]
		if c.Key != missing || c.holds(facts) {
			continue
		}
		want, ok := number(c.Want)
		if !ok {
			return nil
		}
		have, _ := number(facts[c.Fact])
		return map[string]any{"have": figure(have, want), "want": figure(want, want)}
	}
	return nil
}

// subject is something that an act of a cancelling kind was about.
type subject struct {
	kind act.Kind
	id   string
}

// latest is when a subject was cancelled last, by either clock.
type latest struct{ occurred, received time.Time }

func cancellations(book Rulebook, ordered []*act.Act) map[subject]latest {
	var found map[subject]latest
	for _, a := range ordered {
		if !book.Cancels(a.Kind) {
			continue
		}
		if found == nil {
			found = map[subject]latest{}
		}
		key := subject{a.Kind, a.SubjectID}
		l := found[key]
		if a.OccurredAt.After(l.occurred) {
			l.occurred = a.OccurredAt
		}
		if a.ReceivedAt.After(l.received) {
			l.received = a.ReceivedAt
		}
		found[key] = l
	}
	return found
}

// isCancelled reports whether a later act took a back: later by the clock of
// the device or by that of the server, for the two may differ.
func (s *scorer) isCancelled(rule *Rule, a *act.Act) bool {
	if len(s.cancelled) == 0 {
		return false
	}
	for _, kind := range rule.CancelledBy {
		l, ok := s.cancelled[subject{kind, a.SubjectID}]
		if ok && (!l.occurred.Before(a.OccurredAt) || !l.received.Before(a.ReceivedAt)) {
			return true
		}
	}
	return false
}

// inOrder returns the acts within the book's window, each once, in the order of
// scoring.
func inOrder(book Rulebook, season Season, acts []act.Act) []*act.Act {
	from, to := book.Window(season)
	ordered := make([]*act.Act, 0, len(acts))
	for i := range acts {
		if a := &acts[i]; !a.OccurredAt.Before(from) && a.OccurredAt.Before(to) {
			ordered = append(ordered, a)
		}
	}
	byOrder := func(a, b *act.Act) int {
		switch {
		case a.Before(*b):
			return -1
		case b.Before(*a):
			return 1
		default:
			return 0
		}
	}
	if !slices.IsSortedFunc(ordered, byOrder) {
		slices.SortFunc(ordered, byOrder)
	}
	return slices.CompactFunc(ordered, func(a, b *act.Act) bool { return a.ID == b.ID && a.OccurredAt.Equal(b.OccurredAt) })
}

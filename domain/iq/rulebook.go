package iq

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/kst"
)

// What Check holds a rulebook to.
const (
	maxPoints   = 100 // of one rule, either way
	maxDailyCap = 1000
	maxFree     = 100
	maxLimit    = 1000
	maxCapDays  = 92 // a season
	basisPoints = 10_000
)

// windowsBack is how many of its windows a CUSTOMER_DAYS cap looks back over
// the start of a season. Whether an act before the season earned depends on the
// one before it, and so on; after a few windows that no longer matters.
const windowsBack = 4

// Window returns which acts, by OccurredAt in [from, to), the book needs to
// score a season: from the windows that reach over the season's start, to the
// cancellations until it freezes. Score ignores acts outside it.
func (b Rulebook) Window(season Season) (from, to time.Time) {
	from = season.Start
	for _, r := range b.Rules {
		for _, c := range r.Caps {
			start := season.Start
			switch c.Per {
			case PerWeek:
				start = kst.StartOfWeek(season.Start)
			case PerCustomerDays:
				start = kst.AddDays(season.Start, -windowsBack*c.Days)
			}
			if start.Before(from) {
				from = start
			}
		}
	}
	return from, season.FreezesAt()
}

// Cancels reports whether acts of the kind take points back under any rule.
func (b Rulebook) Cancels(kind act.Kind) bool {
	for i := range b.Rules {
		if slices.Contains(b.Rules[i].CancelledBy, kind) {
			return true
		}
	}
	return false
}

// Kinds returns the acts that the book judges or that take points back, each once.
func (b Rulebook) Kinds() []act.Kind {
	var kinds []act.Kind
	for _, r := range b.Rules {
		kinds = append(append(kinds, r.Triggers...), r.CancelledBy...)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// Affects reports whether a may change what a season's acts are due. Besides
// its own season an act may touch the one before, by taking an act of it back,
// or the one after, through a window that reaches over its start. One that was
// received before a season began finds nothing there to change.
func (b Rulebook) Affects(season Season, a act.Act) bool {
	if a.OccurredAt.Before(season.Start) && a.ReceivedAt.Before(season.Start) {
		return false
	}
	from, to := b.Window(season)
	if a.OccurredAt.Before(from) || !a.OccurredAt.Before(to) {
		return false
	}
	if b.Cancels(a.Kind) {
		return true
	}
	for _, r := range b.Rules {
		if !slices.Contains(r.Triggers, a.Kind) {
			continue
		}
		if season.Contains(a.OccurredAt) ||
			a.OccurredAt.Before(season.Start) && slices.ContainsFunc(r.Caps, Cap.reachesBack) {
			return true
		}
	}
	return false
}

// BookFor returns the version that judges a season: of those in effect at its
// start the newest. It fails with fault.NotFound when there is none.
func BookFor(season Season, books []Rulebook) (Rulebook, error) {
	var found Rulebook
	for _, b := range books {
		if !b.EffectiveFrom.After(season.Start) && b.Version > found.Version {
			found = b
		}
	}
	if found.Version == 0 {
		return found, fault.New(fault.NotFound, "rulebook.none_for_season", season.Key)
	}
	return found, nil
}

// Rule returns the book's rule with the key, or nil.
func (b Rulebook) Rule(key string) *Rule {
	for i := range b.Rules {
		if b.Rules[i].Key == key {
			return &b.Rules[i]
		}
	}
	return nil
}

var ruleKey = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)

// Check fails with one fault.Invalid for each thing that is wrong with the book
// as data, joined, each on its field.
func (b Rulebook) Check() error {
	var c checker
	c.want(b.Version >= 1, "version", "rulebook.bad_version")
	c.want(SeasonOf(b.EffectiveFrom).Start.Equal(b.EffectiveFrom), "effectiveFrom", "rulebook.not_a_season_start")
	c.want(b.DailyCap >= 0 && b.DailyCap <= maxDailyCap, "dailyCap", "rulebook.out_of_range", 0, maxDailyCap)
	c.want(b.SeasonShareBP >= 1 && b.SeasonShareBP <= basisPoints, "seasonShareBP", "rulebook.out_of_range", 1, basisPoints)
	c.want(len(b.Rules) > 0, "rules", "rulebook.no_rules")
	seen := map[string]bool{}
	for i, r := range b.Rules {
		c.path = fmt.Sprintf("rules.%d.", i)
		c.want(!seen[r.Key], "key", "rulebook.duplicate_key", r.Key)
		seen[r.Key] = true
		c.rule(r)
	}
	return errors.Join(c.faults...)
}

type checker struct {
	path   string
	faults []error
}

func (c *checker) want(ok bool, field, key string, args ...any) {
	if !ok {
		c.faults = append(c.faults, fault.New(fault.Invalid, key, args...).On(c.path+field))
	}
}

func (c *checker) rule(r Rule) {
	c.want(ruleKey.MatchString(r.Key), "key", "rulebook.bad_key")
	for field, text := range r.texts() {
		c.want(text != "", field, "rulebook.text_missing")
	}
	switch r.Character {
	case Right:
		c.want(r.Points >= 1 && r.Points <= maxPoints, "points", "rulebook.out_of_range", 1, maxPoints)
		c.want(r.FreeTimes == 0, "freeTimes", "rulebook.only_for_bad")
	case Bad:
		c.want(r.Points <= 0 && r.Points >= -maxPoints, "points", "rulebook.out_of_range", -maxPoints, 0)
		c.want(r.FreeTimes >= 0 && r.FreeTimes <= maxFree, "freeTimes", "rulebook.out_of_range", 0, maxFree)
	default:
		c.want(false, "character", "rulebook.bad_character")
	}
	c.want(r.VestAfterDays >= 0 && r.VestAfterDays <= FreezeAfterDays, "vestAfterDays", "rulebook.out_of_range", 0, FreezeAfterDays)
	c.want(len(r.Triggers) > 0, "triggers", "rulebook.no_trigger")
	for i, kind := range r.Triggers {
		c.want(kind != "" && !slices.Contains(r.Triggers[:i], kind), fmt.Sprintf("triggers.%d", i), "rulebook.bad_trigger")
	}
	for i, kind := range r.CancelledBy {
		c.want(kind != "" && !slices.Contains(r.Triggers, kind), fmt.Sprintf("cancelledBy.%d", i), "rulebook.bad_trigger")
	}
	for i, clause := range r.Clauses {
		c.clause(fmt.Sprintf("clauses.%d.", i), r, clause)
	}
	for i, limit := range r.Caps {
		c.cap(fmt.Sprintf("caps.%d.", i), limit)
	}
}

func (c *checker) clause(at string, r Rule, clause Clause) {
	c.want(clause.Fact != "", at+"fact", "rulebook.fact_missing")
	_, isNumber := number(clause.Want)
	switch clause.Op {
	case equal, unequal:
		c.want(isNumber || same(clause.Want, clause.Want), at+"want", "rulebook.bad_want")
	case atLeast, atMost, moreThan, lessThan:
		c.want(isNumber, at+"want", "rulebook.bad_want")
	default:
		c.want(false, at+"op", "rulebook.bad_op")
	}
	if clause.Key == "" {
		return
	}
	c.want(r.Character != Bad, at+"key", "rulebook.only_for_right")
	arguments, known := ExplanationKeys[clause.Key]
	// A clause can only say what it knows: nothing, or what it has and wants.
	c.want(known && (len(arguments) == 0 || isNumber && slices.Equal(arguments, []string{"have", "want"})), at+"key", "rulebook.bad_explanation")
}

func (c *checker) cap(at string, limit Cap) {
	_, known := capKeys[limit.Per]
	c.want(known, at+"per", "rulebook.bad_period")
	c.want(limit.Limit >= 1 && limit.Limit <= maxLimit, at+"limit", "rulebook.out_of_range", 1, maxLimit)
	if limit.Per == PerCustomerDays {
		c.want(limit.Days >= 1 && limit.Days <= maxCapDays, at+"days", "rulebook.out_of_range", 1, maxCapDays)
	} else {
		c.want(limit.Days == 0, at+"days", "rulebook.only_for_customer_days")
	}
}

// texts yields the words of a rule by field, in order.
func (r Rule) texts() func(yield func(field, text string) bool) {
	return func(yield func(field, text string) bool) {
		_ = yield("title", r.Title) && yield("titleEn", r.TitleEn) &&
			yield("behaviour", r.Behaviour) && yield("behaviourEn", r.BehaviourEn) &&
			yield("evidence", r.Evidence) && yield("evidenceEn", r.EvidenceEn)
	}
}

package iq

import (
	"context"
	"slices"
	"time"

	"dure/domain/act"
	"dure/domain/identity"
	"dure/domain/kst"
)

// FullCap is a cap that leaves no room for anything more until a moment.
type FullCap struct {
	Rule  *Rule // nil: the person's daily cap, which counts points
	Cap   Cap
	Until time.Time
}

// Reason is what to say of a full cap: a message key and its arguments.
func (f FullCap) Reason() (key string, arguments map[string]any) {
	if f.Rule == nil {
		return explainDailyFull, map[string]any{"limit": f.Cap.Limit}
	}
	return capKeys[f.Cap.Per], map[string]any{"limit": f.Cap.Limit}
}

// Outlook is what acts that have not happened yet would earn.
type Outlook struct {
	Book   Rulebook
	Awards []Award // of each possible act those under each rule, in the order of acts
	Full   []FullCap
}

// Foresee returns what possible acts would be due if they happened now, one
// after the other, on top of the season's acts: one that leaves no room under a
// cap earns 0. Possible acts are the season's, by one person, at one moment
// after all that did happen.
func Foresee(book Rulebook, conditions Conditions, season Season, acts, possible []act.Act, person string, now time.Time) Outlook {
	ordered := inOrder(book, season, acts)
	s := newScorer(&book, conditions, season, ordered)
	var past []Award
	for _, a := range ordered {
		if a.OccurredAt.Before(season.End) {
			past = s.score(past[:0], a)
		}
	}
	o := Outlook{Book: book, Full: s.full(person, now)}
	for i := range possible {
		o.Awards = s.score(o.Awards, &possible[i])
	}
	return o
}

// full returns the caps over time that leave no room at that moment.
func (s *scorer) full(person string, now time.Time) (full []FullCap) {
	at := &act.Act{OccurredAt: now}
	for i := range s.book.Rules {
		rule := &s.book.Rules[i]
		for j := range rule.Caps {
			c := &rule.Caps[j]
			until := c.reopens(now, s.season)
			if !until.IsZero() && s.caps.counts[placeOf(i, j, c, at)] >= c.Limit {
				full = append(full, FullCap{Rule: rule, Cap: *c, Until: until})
			}
		}
	}
	if limit := s.book.DailyCap; limit > 0 && s.given[personDay{person, kst.DayNumber(now)}] >= limit {
		full = append(full, FullCap{Cap: Cap{Per: PerDay, Limit: limit}, Until: tomorrow(now)})
	}
	return full
}

// reopens returns when a window of c that holds now is over; zero for caps that
// are not over time alone.
func (c Cap) reopens(now time.Time, season Season) time.Time {
	switch c.Per {
	case PerDay:
		return tomorrow(now)
	case PerWeek:
		return kst.AddDays(kst.StartOfWeek(now), 7)
	case PerMonth:
		return kst.StartOfMonth(kst.AddDays(kst.StartOfMonth(now), 31))
	case PerSeason:
		return season.End
	case PerDeal, PerCustomer, PerCustomerDays, PerSubject:
	}
	return time.Time{}
}

func tomorrow(now time.Time) time.Time { return kst.AddDays(kst.StartOfDay(now), 1) }

// Ideal returns facts that satisfy every right rule that judges acts of a kind:
// what an act should be like that earns.
func (b Rulebook) Ideal(kind act.Kind) act.Facts {
	facts := act.Facts{registeredDevice: true}
	for _, rule := range b.Rules {
		if rule.Character != Right || !slices.Contains(rule.Triggers, kind) {
			continue
		}
		for _, c := range rule.Clauses {
			want, _ := number(c.Want)
			switch c.Op {
			case moreThan:
				facts[c.Fact] = want + 1
			case lessThan:
				facts[c.Fact] = want - 1
			case unequal: // whatever the act brings
			default:
				facts[c.Fact] = c.Want
			}
		}
	}
	return facts
}

// Asks returns the number that a right rule wants of a fact of acts of a kind, 0
// when none does.
func (b Rulebook) Asks(kind act.Kind, fact string) float64 {
	for _, rule := range b.Rules {
		if rule.Character != Right || !slices.Contains(rule.Triggers, kind) {
			continue
		}
		for _, c := range rule.Clauses {
			if want, ok := number(c.Want); ok && c.Fact == fact {
				return want
			}
		}
	}
	return 0
}

// Worth returns what an act of a kind earns where every right rule holds.
func (b Rulebook) Worth(kind act.Kind) (points int) {
	for _, rule := range b.Rules {
		if rule.Character == Right && slices.Contains(rule.Triggers, kind) {
			points += rule.Points
		}
	}
	return points
}

// Foresee returns what acts of the caller's would earn if they happened now, in
// the order in which possible gives them for the book that judges today.
func (s *Service) Foresee(ctx context.Context, possible func(book Rulebook) []act.Act) (*Outlook, error) {
	if _, err := identity.Allow(ctx, identity.BannerRead); err != nil {
		return nil, err
	}
	who, now := identity.From(ctx), s.Now()
	season := SeasonOf(now)
	books, err := s.Store.Rulebooks(ctx)
	if err != nil {
		return nil, err
	}
	book, err := BookFor(season, books)
	if err != nil {
		return nil, err
	}
	from, to := book.Window(season)
	acts, err := s.Store.Acts(ctx, who.DealerID, book.Kinds(), from, to)
	if err != nil {
		return nil, err
	}
	o := Foresee(book, s.Conditions, season, acts, possible(book), who.UserID, now)
	return &o, nil
}

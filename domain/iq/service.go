package iq

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dure/domain/act"
	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/work"
)

// Store keeps rulebooks, the ledger and its running totals.
type Store interface {
	Rulebooks(ctx context.Context) ([]Rulebook, error)
	// LockTotal holds the dealer's running total until the transaction ends,
	// making a zero one first when there is none.
	LockTotal(ctx context.Context, season, dealerID string) (Total, error)
	SaveTotal(ctx context.Context, t Total) error
	// Acts reads the dealer's acts of the kinds by OccurredAt in [from, to).
	Acts(ctx context.Context, dealerID string, kinds []act.Kind, from, to time.Time) ([]act.Act, error)
	// Entries reads everything that the ledger holds of a dealer's season, in
	// the order of posting.
	Entries(ctx context.Context, season, dealerID string) ([]LedgerEntry, error)
	// Post appends entries and sets their Seq.
	Post(ctx context.Context, entries []LedgerEntry) error

	PageEntries(ctx context.Context, scope identity.Scope, dealerID, season string, r page.Request) ([]LedgerEntry, int, error)
	PointsOf(ctx context.Context, scope identity.Scope, season string, dealerIDs []string, now time.Time) (map[string]Points, error)
	// EntriesAbout reads the entries of acts about each subject, and EntriesOfDeals
	// those of each deal's acts, in the order of posting.
	EntriesAbout(ctx context.Context, scope identity.Scope, subjectIDs []string) (map[string][]LedgerEntry, error)
	EntriesOfDeals(ctx context.Context, scope identity.Scope, dealIDs []string) (map[string][]LedgerEntry, error)
	// LastEntry reads the dealer's newest entry with points; nil when there is none.
	LastEntry(ctx context.Context, season, dealerID string) (*LedgerEntry, error)
}

// Service keeps the ledger in step with the log and reads it.
type Service struct {
	work.Kit
	Store      Store
	Conditions Conditions // nil: Clauses
	Cursors    page.Codec
}

// Follow implements act.Follower: it scores the seasons that the acts may have
// changed and posts what is due, under a lock on each dealer's total.
func (s *Service) Follow(ctx context.Context, acts []act.Act) error {
	if !slices.ContainsFunc(acts, func(a act.Act) bool { return a.DealerID != "" }) {
		return nil
	}
	books, err := s.Store.Rulebooks(ctx)
	if err != nil {
		return err
	}
	type account struct{ season, dealer string }
	var due []account
	now := s.Now()
	judged := map[string]Rulebook{}
	for _, a := range acts {
		if a.DealerID == "" {
			continue
		}
		own := SeasonOf(a.OccurredAt)
		for _, season := range []Season{own.Previous(), own, own.Next()} {
			book, err := BookFor(season, books)
			if err != nil || !book.Affects(season, a) || season.State(now) == SeasonFrozen || season.State(now) == SeasonCertified {
				continue // before the first rulebook, unconcerned, or beyond change
			}
			judged[season.Key] = book
			if k := (account{season.Key, a.DealerID}); !slices.Contains(due, k) {
				due = append(due, k)
			}
		}
	}
	// One order for every transaction, so that two never wait for each other.
	slices.SortFunc(due, func(a, b account) int {
		return cmp.Or(strings.Compare(a.dealer, b.dealer), strings.Compare(a.season, b.season))
	})
	for _, k := range due {
		if err := s.settle(ctx, judged[k.season], k.season, k.dealer, now); err != nil {
			return fmt.Errorf("settle %s of %s: %w", k.season, k.dealer, err)
		}
	}
	return nil
}

func (s *Service) settle(ctx context.Context, book Rulebook, seasonKey, dealerID string, now time.Time) error {
	season, err := SeasonByKey(seasonKey)
	if err != nil {
		return err
	}
	total, err := s.Store.LockTotal(ctx, season.Key, dealerID)
	if err != nil {
		return err
	}
	from, to := book.Window(season)
	acts, err := s.Store.Acts(ctx, dealerID, book.Kinds(), from, to)
	if err != nil {
		return err
	}
	held, err := s.Store.Entries(ctx, season.Key, dealerID)
	if err != nil {
		return err
	}
	posted := Settle(season, book, dealerID, Score(book, s.Conditions, season, acts), held, now, func() string { return s.NewID("led") })
	if len(posted) == 0 {
		return nil
	}
	if err := s.Store.Post(ctx, posted); err != nil {
		return err
	}
	next := TotalOf(season, dealerID, append(held, posted...))
	if next.ReachedAt.IsZero() {
		next.ReachedAt = season.Start
	}
	if next == total {
		return nil
	}
	return s.Store.SaveTotal(ctx, next)
}

// CurrentSeason is the season that runs now.
func (s *Service) CurrentSeason() Season { return SeasonOf(s.Now()) }

// SeasonOrCurrent reads a season's key; nil or "" is the running one.
func (s *Service) SeasonOrCurrent(key *string) (Season, error) {
	if key == nil || *key == "" {
		return s.CurrentSeason(), nil
	}
	return SeasonByKey(*key)
}

// Entries lists a dealer's entries of a season, the newest first; the caller's
// own dealer when dealerID is "".
func (s *Service) Entries(ctx context.Context, dealerID string, season *string, first *int, after *string) (*page.Connection[LedgerEntry], error) {
	scope, err := identity.Allow(ctx, identity.IQRead)
	if err != nil {
		return nil, err
	}
	if dealerID == "" {
		dealerID = identity.From(ctx).DealerID
	}
	in, err := s.SeasonOrCurrent(season)
	if err != nil {
		return nil, err
	}
	list := "ledger/" + in.Key + "/" + dealerID
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	rows, total, err := s.Store.PageEntries(ctx, scope, dealerID, in.Key, r)
	if err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(e LedgerEntry) []string { return []string{strconv.FormatInt(e.Seq, 10)} }), nil
}

// PointsOf reads the points of dealers in a season. Dealers outside the
// caller's reach are left out; those without entries have zero points.
func (s *Service) PointsOf(ctx context.Context, season string, dealerIDs []string) (map[string]Points, error) {
	scope, err := identity.Allow(ctx, identity.IQRead)
	if err != nil {
		return nil, err
	}
	return s.Store.PointsOf(ctx, scope, season, dealerIDs, s.Now())
}

// EntriesAbout reads what the acts about each subject earned.
func (s *Service) EntriesAbout(ctx context.Context, subjectIDs []string) (map[string][]LedgerEntry, error) {
	scope, err := identity.Allow(ctx, identity.IQRead)
	if err != nil {
		return nil, err
	}
	return s.Store.EntriesAbout(ctx, scope, subjectIDs)
}

// EntriesOfDeals reads what the acts of each deal earned.
func (s *Service) EntriesOfDeals(ctx context.Context, dealIDs []string) (map[string][]LedgerEntry, error) {
	scope, err := identity.Allow(ctx, identity.IQRead)
	if err != nil {
		return nil, err
	}
	return s.Store.EntriesOfDeals(ctx, scope, dealIDs)
}

// LastEntry reads the newest entry with points of the caller's own dealership
// in the running season; nil when there is none.
func (s *Service) LastEntry(ctx context.Context) (*LedgerEntry, error) {
	if _, err := identity.Allow(ctx, identity.BannerRead); err != nil {
		return nil, err
	}
	return s.Store.LastEntry(ctx, s.CurrentSeason().Key, identity.From(ctx).DealerID)
}

// Rulebook reads a version of the rules, the one that judges today when version
// is nil; nil when there is no such version.
func (s *Service) Rulebook(ctx context.Context, version *int) (*Rulebook, error) {
	if _, err := identity.Allow(ctx, identity.RulebookRead); err != nil {
		return nil, err
	}
	books, err := s.Store.Rulebooks(ctx)
	if err != nil {
		return nil, err
	}
	if version == nil {
		book, err := BookFor(s.CurrentSeason(), books)
		if err != nil {
			return nil, err
		}
		return &book, nil
	}
	for _, b := range books {
		if b.Version == *version {
			return &b, nil
		}
	}
	return nil, nil
}

// RulebooksByVersion reads many versions of the rules.
func (s *Service) RulebooksByVersion(ctx context.Context, versions []int) (map[int]Rulebook, error) {
	if _, err := identity.Allow(ctx, identity.RulebookRead); err != nil {
		return nil, err
	}
	books, err := s.Store.Rulebooks(ctx)
	if err != nil {
		return nil, err
	}
	asked := make(map[int]Rulebook, len(versions))
	for _, b := range books {
		if slices.Contains(versions, b.Version) {
			asked[b.Version] = b
		}
	}
	return asked, nil
}

// State is where the season stands now, for the schema.
func (s *Service) State(season Season) SeasonState { return season.State(s.Now()) }

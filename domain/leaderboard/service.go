package leaderboard

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/domain/page"
	"dure/domain/work"
)

// Limits of what is shown.
const (
	PublicTop = 20 // places that every dealer sees
	MaxSpan   = 20 // places on either side in aroundDealer
)

// Keys are the boards a dealer stands on in a season, besides the nation's.
type Keys struct {
	DealerID  string
	Region    string
	Territory string
	Division  string
}

// Store reads the truth that boards are derived from.
type Store interface {
	// Totals reads every dealer's total of a season with its boards' keys.
	Totals(ctx context.Context, season string) ([]Total, error)
	// TotalsAt reads them as they were from entries posted before then.
	TotalsAt(ctx context.Context, season string, before time.Time) ([]Total, error)
	KeysOf(ctx context.Context, season, dealerID string) (Keys, error)
	// MayWatch reports whether a board exists and, for a territory, lies within scope.
	MayWatch(ctx context.Context, b Board) (bool, error)
}

// Service answers where dealers stand: from the boards, or from the totals in
// SQL while the boards are away.
type Service struct {
	work.Kit
	Store   Store
	Boards  Boards
	Watcher Watcher // how boards move; nil where nobody watches
	Cursors page.Codec
	Season  func(at time.Time) Season
	ByKey   func(key string) (Season, error)
}

// Ref is a board that a caller may look at.
type Ref struct {
	Board  Board
	Season Season
}

// Today is the business day that movement is counted in.
func (s *Service) Today() string { return kst.Day(s.Now()) }

// Board resolves what the caller asks to see. A missing key is the nation's, or
// the caller's own region, territory or division. It fails with fault.Invalid
// on "key" for a board that does not exist.
func (s *Service) Board(ctx context.Context, scope Scope, key, seasonKey *string) (*Ref, error) {
	if _, err := identity.Allow(ctx, identity.BoardRead); err != nil {
		return nil, err
	}
	ref := &Ref{Season: s.Season(s.Now())}
	if seasonKey != nil && *seasonKey != "" {
		var err error
		if ref.Season, err = s.ByKey(*seasonKey); err != nil {
			return nil, err
		}
	}
	ref.Board = Board{Season: ref.Season.Key, Scope: scope}
	if key != nil {
		ref.Board.Key = *key
	}
	if scope == Nation {
		if ref.Board.Key != "" {
			return nil, fault.New(fault.Invalid, "leaderboard.nation_has_no_key").On("key")
		}
		return ref, nil
	}
	if ref.Board.Key == "" {
		keys, err := s.ownKeys(ctx, ref.Season.Key)
		if err != nil {
			return nil, err
		}
		ref.Board.Key = map[Scope]string{Region: keys.Region, Territory: keys.Territory, Division: keys.Division}[scope]
	}
	if ref.Board.Key == "" {
		return nil, fault.New(fault.Invalid, "leaderboard.key_needed").On("key")
	}
	ok, err := s.Store.MayWatch(ctx, ref.Board)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.New(fault.Invalid, "leaderboard.unknown_board").On("key")
	}
	return ref, nil
}

func (s *Service) ownKeys(ctx context.Context, season string) (Keys, error) {
	if dealer := identity.From(ctx).DealerID; dealer != "" {
		return s.Store.KeysOf(ctx, season, dealer)
	}
	return Keys{}, nil
}

// Head reads a board's version and size.
func (s *Service) Head(ctx context.Context, ref *Ref) (View, error) {
	if _, err := identity.Allow(ctx, identity.BoardRead); err != nil {
		return View{}, err
	}
	return s.read(ctx, ref, Range{Limit: 0})
}

// Places pages through a board. Dealers see the first PublicTop places.
func (s *Service) Places(ctx context.Context, ref *Ref, first *int, after *string) (*page.Connection[Place], View, error) {
	if _, err := identity.Allow(ctx, identity.BoardRead); err != nil {
		return nil, View{}, err
	}
	list := "standings/" + ref.Board.Season + "/" + string(ref.Board.Scope) + "/" + ref.Board.Key
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, View{}, err
	}
	offset := 0
	if r.After != nil {
		if offset, err = strconv.Atoi(r.After[0]); err != nil {
			return nil, View{}, fault.New(fault.Invalid, "page.bad_cursor").On("after")
		}
	}
	limit := r.Limit + 1
	dealer := identity.From(ctx).Persona == identity.Dealer
	if dealer {
		limit = max(0, min(limit, PublicTop-offset))
	}
	view, err := s.read(ctx, ref, Range{Offset: offset, Limit: limit})
	if err != nil {
		return nil, View{}, err
	}
	total := view.Size
	if dealer {
		total = min(total, PublicTop)
	}
	at := offset
	conn := page.Build(s.Cursors, list, r, view.Places, total, func(Place) []string {
		at++
		return []string{strconv.Itoa(at)}
	})
	return conn, view, nil
}

// Around reads the places around a dealer, the caller's own when dealerID is
// "". A dealer who asks for another's surroundings sees none.
func (s *Service) Around(ctx context.Context, ref *Ref, dealerID string, span int) (View, error) {
	if _, err := identity.Allow(ctx, identity.BoardRead); err != nil {
		return View{}, err
	}
	if span < 1 || span > MaxSpan {
		return View{}, fault.New(fault.Invalid, "leaderboard.bad_span", MaxSpan).On("span")
	}
	actor := identity.From(ctx)
	if dealerID == "" {
		dealerID = actor.DealerID
	}
	if dealerID == "" || actor.Persona == identity.Dealer && dealerID != actor.DealerID {
		return View{Board: ref.Board}, nil
	}
	v, err := s.Boards.Around(ctx, ref.Season, ref.Board, s.Today(), dealerID, span)
	if !errors.Is(err, ErrAway) {
		return v, err
	}
	return s.fromTotals(ctx, ref, func(t table) []Place {
		n := len(t.places)
		i := t.index(dealerID)
		if i < 0 { // the end of the board is next to a dealer without a rank
			return append(slices.Clone(t.places[max(0, n-span):]), t.unranked(dealerID)...)
		}
		return t.places[max(0, i-span):min(n, i+span+1)]
	})
}

// Find reads one dealer's place on a board; its Rank is 0 without points.
func (s *Service) Find(ctx context.Context, ref *Ref, dealerID string) (Place, View, error) {
	if _, err := identity.Allow(ctx, identity.BoardRead); err != nil {
		return Place{}, View{}, err
	}
	v, err := s.Boards.Find(ctx, ref.Season, ref.Board, s.Today(), dealerID)
	if errors.Is(err, ErrAway) {
		v, err = s.fromTotals(ctx, ref, func(t table) []Place {
			if i := t.index(dealerID); i >= 0 {
				return t.places[i : i+1]
			}
			return t.unranked(dealerID)
		})
	}
	if err != nil {
		return Place{}, View{}, err
	}
	if len(v.Places) > 0 {
		return v.Places[0], v, nil
	}
	p := Place{DealerID: dealerID}
	if v.Size > 0 { // no entry yet: what the last place has is what is missing
		last, err := s.read(ctx, ref, Range{Offset: v.Size - 1, Limit: 1})
		if err != nil {
			return Place{}, View{}, err
		}
		for _, l := range last.Places {
			p.ToNext = l.Points
		}
	}
	return p, v, nil
}

// Nation is the running season's national board.
func (s *Service) Nation() *Ref { return s.NationOf(s.Season(s.Now())) }

// NationOf is a season's national board.
func (s *Service) NationOf(season Season) *Ref {
	return &Ref{Season: season, Board: Board{Season: season.Key, Scope: Nation}}
}

// Banner reads the caller's place in the nation.
func (s *Service) Banner(ctx context.Context) (Place, View, error) {
	if _, err := identity.Allow(ctx, identity.BannerRead); err != nil {
		return Place{}, View{}, err
	}
	return s.Find(ctx, s.Nation(), identity.From(ctx).DealerID)
}

func (s *Service) read(ctx context.Context, ref *Ref, r Range) (View, error) {
	v, err := s.Boards.Read(ctx, ref.Season, ref.Board, s.Today(), r)
	if !errors.Is(err, ErrAway) {
		return v, err
	}
	return s.fromTotals(ctx, ref, func(t table) []Place {
		from := min(r.Offset, len(t.places))
		return t.places[from:min(len(t.places), from+r.Limit)]
	})
}

// table is a whole board as the ledger's totals have it.
type table struct {
	totals []Total // of every dealer on the board
	places []Place // of those with a rank
	before map[string]int
}

func (t table) index(dealerID string) int {
	return slices.IndexFunc(t.places, func(p Place) bool { return p.DealerID == dealerID })
}

// unranked is the place of a dealer on the board whose total gives it no rank;
// none when it has no total there.
func (t table) unranked(dealerID string) []Place {
	i := slices.IndexFunc(t.totals, func(o Total) bool { return o.DealerID == dealerID })
	if i < 0 {
		return nil
	}
	p := Place{DealerID: dealerID, Points: t.totals[i].Points}
	_, p.HasBefore = t.before[dealerID]
	if n := len(t.places); n > 0 {
		p.ToNext = t.places[n-1].Points - p.Points
	}
	return []Place{p}
}

// fromTotals answers from the ledger's totals, and says so.
func (s *Service) fromTotals(ctx context.Context, ref *Ref, pick func(table) []Place) (View, error) {
	totals, err := s.Store.Totals(ctx, ref.Board.Season)
	if err != nil {
		return View{}, err
	}
	before, err := s.Store.TotalsAt(ctx, ref.Board.Season, kst.StartOfDay(s.Now()))
	if err != nil {
		return View{}, err
	}
	t := table{totals: On(totals, ref.Board), before: map[string]int{}}
	for _, p := range Rank(On(before, ref.Board), nil) {
		t.before[p.DealerID] = p.Rank
	}
	t.places = Rank(t.totals, t.before)
	return View{Board: ref.Board, Size: len(t.places), Places: pick(t), Stale: s.Live(ref.Season)}, nil
}

// liveFor is how long a season's boards are kept after its end: as long as
// points still vest.
const liveFor = 22 * 24 * time.Hour

// Live reports whether the season has boards. Older ones are answered from the
// ledger, which is then no makeshift.
func (s *Service) Live(season Season) bool {
	now := s.Now()
	return !now.Before(season.Start) && now.Before(season.End.Add(liveFor))
}

// LiveSeasons are the seasons that have boards now: the running one, and the one
// before while its points vest.
func (s *Service) LiveSeasons(now time.Time) []Season {
	current := s.Season(now)
	live := []Season{current}
	if last := s.Season(current.Start.Add(-time.Second)); now.Before(last.End.Add(liveFor)) {
		live = append(live, last)
	}
	return live
}

// On returns the totals that stand on a board.
func On(totals []Total, b Board) []Total {
	if b.Scope == Nation {
		return totals
	}
	var on []Total
	for _, t := range totals {
		if slices.Contains(t.Boards(), b) {
			on = append(on, t)
		}
	}
	return on
}

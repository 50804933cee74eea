package leaderboard

import (
	"context"
	"time"

	"dure/domain/fault"
	"dure/domain/identity"
)

// watchedPlaces is how many places of a board its watchers hear of. What moves
// behind them alone wakes nobody.
const watchedPlaces = 1_000

// Current reads a board for its watchers, whoever they are.
func (s *Service) Current(ctx context.Context, b Board) (View, error) {
	season, err := s.ByKey(b.Season)
	if err != nil {
		return View{}, err
	}
	return s.read(ctx, &Ref{Board: b, Season: season}, Range{Limit: watchedPlaces})
}

// Changes delivers a board's state and then each change, as the caller may see
// it, until ctx ends. When a season ends it goes on with the next one.
func (s *Service) Changes(ctx context.Context, scope Scope, key *string) (<-chan Change, error) {
	ref, err := s.Board(ctx, scope, key, nil)
	if err != nil {
		return nil, err
	}
	actor := identity.From(ctx)
	out := make(chan Change, 1)
	go func() {
		defer close(out)
		s.follow(ctx, ref, func(c Change) bool {
			select {
			case out <- c.For(actor):
				return true
			case <-ctx.Done():
				return false
			}
		})
	}()
	return out, nil
}

// follow calls tell with each change of ref's board in the season that runs.
func (s *Service) follow(ctx context.Context, ref *Ref, tell func(Change) bool) {
	for ctx.Err() == nil {
		season, end := context.WithTimeout(ctx, max(time.Second, ref.Season.End.Sub(s.Now())))
		for c := range s.Watcher.Watch(season, ref.Board) {
			if !tell(c) {
				end()
				return
			}
		}
		over := season.Err() != nil
		end()
		if !over {
			return // the watcher itself is closing
		}
		next := s.Season(s.Now())
		ref = &Ref{Season: next, Board: Board{Season: next.Key, Scope: ref.Board.Scope, Key: ref.Board.Key}}
	}
}

// For is c as actor may see it: a dealer sees the moves that touch the top
// PublicTop places or itself.
func (c Change) For(actor identity.Actor) Change {
	c.Top = c.Top[:min(len(c.Top), PublicTop)]
	if actor.Persona != identity.Dealer {
		return c
	}
	var moved []Move
	for _, m := range c.Moved {
		top := m.ToRank > 0 && m.ToRank <= PublicTop || m.FromRank > 0 && m.FromRank <= PublicTop
		if top || m.DealerID == actor.DealerID {
			moved = append(moved, m)
		}
	}
	c.Moved, c.Places = moved, nil
	return c
}

// BannerState is a dealer's place in the nation and the board it was read from.
type BannerState struct {
	Place
	View View // without its places
	Ref  *Ref
}

// BannerChanges delivers the caller's place in the nation and then each change
// of it, until ctx ends.
func (s *Service) BannerChanges(ctx context.Context) (<-chan BannerState, error) {
	if _, err := identity.Allow(ctx, identity.BannerRead); err != nil {
		return nil, err
	}
	dealer := identity.From(ctx).DealerID
	if dealer == "" {
		return nil, fault.New(fault.Forbidden, "identity.not_allowed")
	}
	out := make(chan BannerState, 1)
	go func() {
		defer close(out)
		var last *BannerState
		s.follow(ctx, s.Nation(), func(c Change) bool {
			season, err := s.ByKey(c.Board.Season)
			if err != nil {
				return false
			}
			ref := &Ref{Board: c.Board, Season: season}
			place, err := s.placeIn(ctx, c, ref, dealer)
			if err != nil {
				return false // the client subscribes again and begins with the state of then
			}
			b := BannerState{
				Place: place, Ref: ref,
				View: View{Board: c.Board, Version: c.Version, Size: c.Size, Stale: c.Stale},
			}
			if last != nil && last.Place == b.Place && last.View.Size == b.View.Size && last.View.Stale == b.View.Stale {
				return true
			}
			last = &b
			select {
			case out <- b:
				return true
			case <-ctx.Done():
				return false
			}
		})
	}()
	return out, nil
}

// placeIn finds a dealer among a change's places. One who is not among them, being
// without a rank or behind the last that watchers hear of, is read by itself.
func (s *Service) placeIn(ctx context.Context, c Change, ref *Ref, dealerID string) (Place, error) {
	for _, p := range c.Places {
		if p.DealerID == dealerID {
			return p, nil
		}
	}
	place, _, err := s.Find(ctx, ref, dealerID)
	return place, err
}

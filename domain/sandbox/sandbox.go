// Package sandbox lets partners try what is hard to wait for: time that goes by,
// and failures. It is there in demo mode alone, and lives as long as the process.
package sandbox

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/work"
)

// Clock is the moment that services live in. The zero Clock shows the wall
// clock's.
type Clock struct{ ahead atomic.Int64 }

// Now is the wall clock's moment, and what the clock was set ahead.
func (c *Clock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// Failure is what happens to an organisation's calls, or to calls of it.
type Failure string

// The failures that can be asked for.
const (
	Slow             Failure = "SLOW"              // the API answers late
	ServerError      Failure = "SERVER_ERROR"      // the API answers 500
	DuplicateWebhook Failure = "DUPLICATE_WEBHOOK" // a webhook arrives twice
)

// Limits of what can be asked for.
const (
	MaxTimes   = 100
	MaxDelay   = 30 // seconds
	maxForward = 400
)

// State is the sandbox as one organisation meets it.
type State struct {
	Now      time.Time
	Failures []Planned
}

// Planned is a failure that is still to happen.
type Planned struct {
	Failure      Failure
	Times        int // how often
	DelaySeconds int // of SLOW; 0 for the others
}

// Service plays tricks on partners that ask for them.
type Service struct {
	work.Kit
	Clock *Clock
	On    bool // in demo mode

	mutex   sync.Mutex
	planned map[string]map[Failure]Planned // by organisation
}

// SetSandboxClockInput says what time it should be.
type SetSandboxClockInput struct {
	At             time.Time
	IdempotencyKey string
}

// PlanSandboxFailureInput says what should go wrong.
type PlanSandboxFailureInput struct {
	Failure        Failure
	Times          *int
	DelaySeconds   *int
	IdempotencyKey string
}

// allow is line one of every method. It fails with fault.NotFound outside demo
// mode: there is no sandbox.
func (s *Service) allow(ctx context.Context) (organizationID string, err error) {
	if _, err := identity.Allow(ctx, identity.SandboxUse); err != nil {
		return "", err
	}
	if !s.On {
		return "", fault.New(fault.NotFound, "sandbox.off")
	}
	return identity.From(ctx).OrganizationID, nil
}

// State tells what time it is and what is still to go wrong.
func (s *Service) State(ctx context.Context) (*State, error) {
	organization, err := s.allow(ctx)
	if err != nil {
		return nil, err
	}
	return s.state(organization), nil
}

func (s *Service) state(organization string) *State {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	out := &State{Now: s.Now().UTC(), Failures: []Planned{}}
	for _, f := range []Failure{Slow, ServerError, DuplicateWebhook} {
		if p, ok := s.planned[organization][f]; ok {
			out.Failures = append(out.Failures, p)
		}
	}
	return out
}

// SetClock sets the clock of the whole sandbox ahead. It never goes back: what
// was done would lie in the future. It runs on from there.
func (s *Service) SetClock(ctx context.Context, in SetSandboxClockInput) (*State, error) {
	organization, err := s.allow(ctx)
	if err != nil {
		return nil, err
	}
	var state State
	err = s.Once(ctx, in.IdempotencyKey, "setSandboxClock", in, &state, func(context.Context) error {
		forward := in.At.Sub(s.Now())
		if forward < 0 || forward > maxForward*24*time.Hour {
			return fault.New(fault.Invalid, "sandbox.clock_back", maxForward).On("at")
		}
		s.Clock.ahead.Add(int64(forward))
		state = *s.state(organization)
		return nil
	})
	return &state, err
}

// Plan makes something go wrong with the next calls of the caller's
// organisation, or to it. It takes the place of what was planned of the kind.
func (s *Service) Plan(ctx context.Context, in PlanSandboxFailureInput) (*State, error) {
	organization, err := s.allow(ctx)
	if err != nil {
		return nil, err
	}
	p := Planned{Failure: in.Failure, Times: 1}
	if in.Times != nil {
		p.Times = *in.Times
	}
	if p.Times < 1 || p.Times > MaxTimes {
		return nil, fault.New(fault.Invalid, "sandbox.bad_times", MaxTimes).On("times")
	}
	if in.Failure == Slow {
		p.DelaySeconds = 5
		if in.DelaySeconds != nil {
			p.DelaySeconds = *in.DelaySeconds
		}
		if p.DelaySeconds < 1 || p.DelaySeconds > MaxDelay {
			return nil, fault.New(fault.Invalid, "sandbox.bad_delay", MaxDelay).On("delaySeconds")
		}
	}
	var state State
	err = s.Once(ctx, in.IdempotencyKey, "planSandboxFailure", in, &state, func(context.Context) error {
		s.mutex.Lock()
		if s.planned == nil {
			s.planned = map[string]map[Failure]Planned{}
		}
		if s.planned[organization] == nil {
			s.planned[organization] = map[Failure]Planned{}
		}
		s.planned[organization][p.Failure] = p
		s.mutex.Unlock()
		state = *s.state(organization)
		return nil
	})
	return &state, err
}

// take uses up one time of a failure that an organisation asked for.
func (s *Service) take(organization string, f Failure) (Planned, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	p, ok := s.planned[organization][f]
	if !ok {
		return p, false
	}
	if p.Times--; p.Times > 0 {
		s.planned[organization][f] = p
	} else {
		delete(s.planned[organization], f)
	}
	return p, true
}

// ErrPlanned is the failure that was asked for. It is no fault, so that it
// becomes a 500.
var ErrPlanned = errors.New("a failure that the sandbox was asked for")

// Meet lets what was planned happen to a call of whoever ctx speaks for.
func (s *Service) Meet(ctx context.Context) error {
	organization := identity.From(ctx).OrganizationID
	if !s.On || organization == "" {
		return nil
	}
	if p, ok := s.take(organization, Slow); ok {
		wait := time.NewTimer(time.Duration(p.DelaySeconds) * time.Second)
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-ctx.Done():
		}
	}
	if _, ok := s.take(organization, ServerError); ok {
		return ErrPlanned
	}
	return nil
}

// Twice reports whether the next webhook of an organisation is sent twice.
func (s *Service) Twice(organizationID string) bool {
	if !s.On {
		return false
	}
	_, ok := s.take(organizationID, DuplicateWebhook)
	return ok
}

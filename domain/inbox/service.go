package inbox

import (
	"context"
	"slices"
	"strconv"
	"time"

	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/page"
	"dure/domain/work"
)

// People are those whom acts concern.
type People struct {
	Staff  map[string][]string // user ids by dealer
	Reps   map[string]string   // user id by dealer
	Issuer map[string]string   // user id by quote
	HQ     []string
	Muted  map[string][]NoticeKind // by user
}

// Filter picks notices; zero fields pick all.
type Filter struct {
	Kinds      []NoticeKind
	UnreadOnly bool
}

// Store keeps notices. What it reads and writes is one person's own.
type Store interface {
	// PeopleOf reads whom acts at the dealers, and about the subjects, may concern.
	PeopleOf(ctx context.Context, dealerIDs, subjectIDs []string) (*People, error)
	// AddNotices adds notices and passes over what a person was told already.
	AddNotices(ctx context.Context, notices []Notice) error
	Notices(ctx context.Context, personID string, f Filter, r page.Request) ([]Notice, int, error)
	State(ctx context.Context, personID string) (State, error)
	// MarkRead marks the person's notices with one of the ids, or all for none.
	MarkRead(ctx context.Context, personID string, ids []string, at time.Time) error
	Mute(ctx context.Context, personID string, kind NoticeKind) error
	Unmute(ctx context.Context, personID string, kind NoticeKind) error
}

// Bell tells every node that an inbox changed. A ring may be lost.
type Bell interface {
	Ring(ctx context.Context, topic string)
	Listen(ctx context.Context, topic string) <-chan struct{}
}

// Service keeps inboxes.
type Service struct {
	work.Kit
	Store   Store
	Cursors page.Codec
	Bell    Bell
}

const (
	oldNews   = 14 * 24 * time.Hour // an act received before is no news any more
	lookEvery = 5 * time.Second     // how late a lost ring is made up for
	maxMarked = 500
	topic     = "inbox:"
)

// Deliver makes notices of acts, each once, however often it is called.
func (s *Service) Deliver(ctx context.Context, acts []act.Act) error {
	if _, err := identity.Allow(ctx, identity.NoticeDeliver); err != nil {
		return err
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	var fresh []act.Act
	var dealers, subjects []string
	for _, a := range acts {
		if _, _, told := concerns(a); told && a.ReceivedAt.After(now.Add(-oldNews)) {
			fresh, dealers, subjects = append(fresh, a), append(dealers, a.DealerID), append(subjects, a.SubjectID)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	people, err := s.Store.PeopleOf(ctx, dealers, subjects)
	if err != nil {
		return err
	}
	var notices []Notice
	for _, a := range fresh {
		kind, whom, _ := concerns(a)
		for _, person := range people.of(a, whom) {
			if person == a.ActorID || slices.Contains(people.Muted[person], kind) {
				continue
			}
			notices = append(notices, Notice{
				ID: s.NewID("ntc"), PersonID: person, Kind: kind, ActID: a.ID, DealerID: a.DealerID, CustomerID: a.CustomerID, DealID: a.DealID,
				SubjectID: a.SubjectID, Facts: a.Facts, OccurredAt: a.OccurredAt, PostedAt: now,
			})
		}
	}
	if len(notices) == 0 {
		return nil
	}
	if err := s.Store.AddNotices(ctx, notices); err != nil {
		return err
	}
	rung := map[string]bool{}
	for _, n := range notices {
		if !rung[n.PersonID] {
			rung[n.PersonID] = true
			s.Bell.Ring(ctx, topic+n.PersonID)
		}
	}
	return nil
}

// of lists whom of p an act concerns, each once.
func (p *People) of(a act.Act, whom audience) []string {
	var found []string
	switch whom {
	case theDealership:
		found = slices.Clone(p.Staff[a.DealerID])
	case theIssuer:
		found = []string{p.Issuer[a.SubjectID]}
	case theDeciders:
		found = append([]string{p.Reps[a.DealerID]}, p.HQ...)
	}
	slices.Sort(found)
	return slices.DeleteFunc(slices.Compact(found), func(id string) bool { return id == "" })
}

// Inbox lists the caller's notices, the newest first.
func (s *Service) Inbox(ctx context.Context, f Filter, first *int, after *string) (*page.Connection[Notice], error) {
	if _, err := identity.Allow(ctx, identity.NoticeRead); err != nil {
		return nil, err
	}
	const list = "inbox"
	r, err := s.Cursors.Request(list, first, after)
	if err != nil {
		return nil, err
	}
	rows, total, err := s.Store.Notices(ctx, identity.From(ctx).UserID, f, r)
	if err != nil {
		return nil, err
	}
	return page.Build(s.Cursors, list, r, rows, total, func(n Notice) []string { return []string{strconv.FormatInt(n.Seq, 10)} }), nil
}

// State is what the caller's inbox looks like now.
func (s *Service) State(ctx context.Context) (*State, error) {
	if _, err := identity.Allow(ctx, identity.NoticeRead); err != nil {
		return nil, err
	}
	state, err := s.Store.State(ctx, identity.From(ctx).UserID)
	return &state, err
}

// MarkNoticesReadInput names the notices that were read; none means all.
type MarkNoticesReadInput struct {
	IdempotencyKey string
	Ids            []string
}

// MarkRead marks notices of the caller's as read. Others' are passed over.
func (s *Service) MarkRead(ctx context.Context, in MarkNoticesReadInput) (*State, error) {
	return s.change(ctx, in.IdempotencyKey, "markNoticesRead", in, func(ctx context.Context, person string) error {
		if len(in.Ids) > maxMarked {
			return fault.New(fault.Invalid, "text.too_many", maxMarked).On("ids")
		}
		return s.Store.MarkRead(ctx, person, in.Ids, s.Now().UTC().Truncate(time.Microsecond))
	})
}

// MuteNoticesInput names a kind that the caller does, or does not, want to hear of.
type MuteNoticesInput struct {
	IdempotencyKey string
	Kind           NoticeKind
}

// Mute keeps notices of a kind out of the caller's inbox from now on.
func (s *Service) Mute(ctx context.Context, in MuteNoticesInput) (*State, error) {
	return s.change(ctx, in.IdempotencyKey, "muteNotices", in, func(ctx context.Context, person string) error {
		if err := in.Kind.check(); err != nil {
			return err
		}
		return s.Store.Mute(ctx, person, in.Kind)
	})
}

// Unmute lets notices of a kind in again.
func (s *Service) Unmute(ctx context.Context, in MuteNoticesInput) (*State, error) {
	return s.change(ctx, in.IdempotencyKey, "unmuteNotices", in, func(ctx context.Context, person string) error {
		if err := in.Kind.check(); err != nil {
			return err
		}
		return s.Store.Unmute(ctx, person, in.Kind)
	})
}

func (k NoticeKind) check() error {
	if !slices.Contains(NoticeKinds, k) {
		return fault.New(fault.Invalid, "notice.bad_kind").On("kind")
	}
	return nil
}

// change changes the caller's inbox, tells its other screens, and returns what
// it looks like then.
func (s *Service) change(ctx context.Context, key, operation string, in any, do func(ctx context.Context, person string) error) (*State, error) {
	if _, err := identity.Allow(ctx, identity.NoticeRead); err != nil {
		return nil, err
	}
	person := identity.From(ctx).UserID
	var state State
	err := s.Once(ctx, key, operation, in, &state, func(ctx context.Context) error {
		if err := do(ctx, person); err != nil {
			return err
		}
		var err error
		state, err = s.Store.State(ctx, person)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.Bell.Ring(ctx, topic+person)
	return &state, nil
}

// Changes delivers what the caller's inbox looks like, now and whenever that
// changed, until ctx ends.
func (s *Service) Changes(ctx context.Context) (<-chan State, error) {
	if _, err := identity.Allow(ctx, identity.NoticeRead); err != nil {
		return nil, err
	}
	ctx = work.Fresh(ctx)
	person := identity.From(ctx).UserID
	rings, out := s.Bell.Listen(ctx, topic+person), make(chan State)
	go func() {
		defer close(out)
		poll := time.NewTicker(lookEvery)
		defer poll.Stop()
		var told *State
		for {
			state, err := s.Store.State(ctx, person)
			if err == nil && (told == nil || !told.same(state)) {
				select {
				case out <- state:
				case <-ctx.Done():
					return
				}
				told = &state
			}
			select {
			case <-ctx.Done():
				return
			case <-rings:
			case <-poll.C:
			}
		}
	}()
	return out, nil
}

func (s State) same(other State) bool {
	if (s.Newest == nil) != (other.Newest == nil) || s.Newest != nil && s.Newest.Seq != other.Newest.Seq {
		return false
	}
	return s.Unread == other.Unread && slices.Equal(s.Muted, other.Muted)
}

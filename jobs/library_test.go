package jobs_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/store"
	"dure/domain/identity"
	"dure/jobs"
)

// atOnce calls do n times at the same moment and returns what each returned.
func atOnce(n int, do func() error) []error {
	failed := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			failed[i] = do()
		})
	}
	close(start)
	all.Wait()
	return failed
}

// diary notes what workers did.
type diary struct {
	mutex sync.Mutex
	notes []string
}

func (d *diary) note(what string) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.notes = append(d.notes, what)
}

func (d *diary) read() []string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return append([]string{}, d.notes...)
}

// library opens the job library with workers that write into d.
func (s *scene) library(d *diary) (*jobs.Library, *jobs.Work) {
	s.Helper()
	work := &jobs.Work{
		EscalateVoices: func(context.Context) error { return nil },
		Seal:           func(_ context.Context, id string) error { d.note("seal " + id); return nil },
		ForgetAnswers:  func(context.Context, time.Time) error { d.note("forget"); return nil },
		DrawDivisions:  func(context.Context) error { d.note("divide"); return nil },
	}
	l, err := jobs.OpenLibrary(context.Background(), s.db.SQL(), s.db.PostgreSQL(), store.Tx, work, quiet)
	require.NoError(s, err)
	return l, work
}

func (s *scene) start(l *jobs.Library) {
	s.Helper()
	require.NoError(s, l.Start(context.Background()))
	s.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), soon)
		defer cancel()
		assert.NoError(s, l.Stop(ctx))
	})
}

// seal leaves sealing to a job in a transaction that ends as err says.
func (s *scene) seal(l *jobs.Library, id string, err error) error {
	return s.db.Do(context.Background(), func(ctx context.Context) error { return errors.Join(l.SealLater(ctx, id), err) })
}

var errRolledBack = errors.New("rolled back")

func TestAJobExistsWhenItsTransactionCommitted(t *testing.T) {
	eachScene(t, func(s *scene) {
		var d diary
		l, _ := s.library(&d)
		require.NoError(s, s.seal(l, "ctr_before", nil))
		require.ErrorIs(s, s.seal(l, "ctr_never", errRolledBack), errRolledBack)
		require.Error(s, l.SealLater(context.Background(), "ctr_alone"), "a job needs a transaction")
		s.start(l)
		require.ErrorIs(s, s.seal(l, "ctr_never", errRolledBack), errRolledBack)
		require.NoError(s, s.seal(l, "ctr_after", nil))
		require.Eventually(s, func() bool { return count(d.read(), "seal ") == 2 }, soon, 10*time.Millisecond)
		assert.Contains(s, d.read(), "seal ctr_before")
		assert.Contains(s, d.read(), "seal ctr_after")
		require.Eventually(s, func() bool { return s.jobs("finalized_at IS NULL") == 0 }, soon, 10*time.Millisecond, "nothing is left to be done")
		assert.Equal(s, 2, s.jobs("1 = 1"), "what was rolled back never was")
	})
}

// jobs counts the jobs that seal and match a condition.
func (s *scene) jobs(where string) int {
	s.Helper()
	n, err := rows(s.db).NewSelect().TableExpr("river_job").Where("kind = 'contract.seal'").Where(where).Count(context.Background())
	require.NoError(s, err)
	return int(n)
}

func count(notes []string, prefix string) (n int) {
	for _, note := range notes {
		if len(note) >= len(prefix) && note[:len(prefix)] == prefix {
			n++
		}
	}
	return n
}

func TestAJobThatFailsIsTriedAgainByThePlatformItself(t *testing.T) {
	eachScene(t, func(s *scene) {
		var d diary
		l, work := s.library(&d)
		work.Seal = func(ctx context.Context, id string) error {
			if !identity.From(ctx).System {
				d.note("by somebody")
			}
			d.note("seal " + id)
			if count(d.read(), "seal ") == 1 {
				return errors.New("the disk is full")
			}
			return nil
		}
		require.NoError(s, s.seal(l, "ctr_1", nil))
		s.start(l)
		require.Eventually(s, func() bool { return count(d.read(), "seal ctr_1") == 2 }, soon, 10*time.Millisecond)
		assert.NotContains(s, d.read(), "by somebody")
	})
}

func TestSchedulesRunFromTheStart(t *testing.T) {
	eachScene(t, func(s *scene) {
		var d diary
		l, _ := s.library(&d)
		s.start(l)
		require.Eventually(s, func() bool { return count(d.read(), "divide") == 1 && count(d.read(), "forget") == 1 }, soon, 10*time.Millisecond,
			"a process that is restarted every day would never do what is only due a day after its start")
	})
}

func TestStoppingWaitsForRunningJobs(t *testing.T) {
	eachScene(t, func(s *scene) {
		var d diary
		l, work := s.library(&d)
		running, release := make(chan struct{}), make(chan struct{})
		work.Seal = func(ctx context.Context, id string) error {
			close(running)
			<-release
			d.note("done " + id)
			return ctx.Err()
		}
		require.NoError(s, s.seal(l, "ctr_1", nil))
		require.NoError(s, l.Start(context.Background()))
		<-running
		stopped := make(chan error, 1)
		go func() { stopped <- l.Stop(context.Background()) }()
		select {
		case err := <-stopped:
			require.Fail(s, "it stopped in the middle of a job", err)
		case <-time.After(50 * time.Millisecond):
		}
		close(release)
		require.NoError(s, <-stopped)
		assert.Equal(s, 1, count(d.read(), "done ctr_1"))
	})
}

func TestStoppingTakesTheContextAwayInTheEnd(t *testing.T) {
	eachScene(t, func(s *scene) {
		var d diary
		l, work := s.library(&d)
		running := make(chan struct{})
		work.Seal = func(ctx context.Context, _ string) error {
			close(running)
			<-ctx.Done() // a job that would never end
			return ctx.Err()
		}
		require.NoError(s, s.seal(l, "ctr_1", nil))
		require.NoError(s, l.Start(context.Background()))
		<-running
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		require.NoError(s, l.Stop(ctx))
		assert.Equal(s, 1, s.jobs("finalized_at IS NULL"), "the job is left for the next start")
	})
}

func TestCopiesThatStartTogetherPrepareTheJobTablesOnce(t *testing.T) {
	t.Parallel()
	s := newScene(t, postgres(t), nil)
	for _, err := range atOnce(4, func() error {
		_, err := jobs.OpenLibrary(context.Background(), s.db.SQL(), true, store.Tx, &jobs.Work{}, quiet)
		return err
	}) {
		require.NoError(t, err)
	}
}

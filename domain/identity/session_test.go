package identity

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/domain/fault"
	"dure/domain/kst"
)

var morning = kst.Date(2026, time.November, 24).Add(9 * time.Hour)

// refreshed is a session whose token "t0" was traded for "t1" at morning.
func refreshed(t require.TestingT) *Session {
	s := &Session{RefreshHash: "t0", SpentHashes: []string{}, RefreshedAt: morning.Add(-time.Hour)}
	require.False(t, s.Spend("t0", "t1", morning))
	return s
}

func TestSpend(t *testing.T) {
	for name, tt := range map[string]struct {
		hash    string
		after   time.Duration
		reused  bool
		refresh string
	}{
		"the newest token is traded":                           {"t1", time.Hour, false, "t2"},
		"the token that was just spent, whose answer was lost": {"t0", 0, false, "t2"},
		"the last moment at which it may come again":           {"t0", flaky - 1, false, "t2"},
		"ten seconds later it is somebody else's":              {"t0", flaky, true, "t1"},
		"a week later still":                                   {"t0", 7 * 24 * time.Hour, true, "t1"},
		"a token that was never this session's says nothing":   {"x", 0, false, "t1"},
		"nor does none at all":                                 {"", 0, false, "t1"},
		"a clock that runs behind on another node is no reuse": {"t0", -time.Minute, false, "t2"},
	} {
		t.Run(name, func(t *testing.T) {
			s := refreshed(t)
			assert.Equal(t, tt.reused, s.Spend(tt.hash, "t2", morning.Add(tt.after)))
			assert.Equal(t, tt.refresh, s.RefreshHash)
		})
	}
}

func TestATokenMayComeAgainMoreThanOnceButNotForever(t *testing.T) {
	s := refreshed(t)
	for second := range 10 {
		require.False(t, s.Spend("t0", fmt.Sprint("again", second), morning.Add(time.Duration(second)*time.Second)))
	}
	assert.True(t, s.Spend("t0", "late", morning.Add(flaky)), "coming again does not make the time longer")
}

// Who took the answer that was thought lost holds a token that nobody else may
// hold: both come, so there are two.
func TestATokenWhoseAnswerWasLostIsNobodys(t *testing.T) {
	s := refreshed(t)
	require.False(t, s.Spend("t0", "t2", morning.Add(time.Second)))
	assert.True(t, s.Spend("t1", "t3", morning.Add(2*time.Second)))
	assert.Equal(t, "t2", s.RefreshHash)
}

func TestOnlyTheNewestSpentTokenMayComeAgain(t *testing.T) {
	s := refreshed(t)
	require.False(t, s.Spend("t1", "t2", morning.Add(time.Second)))
	assert.True(t, s.Spend("t0", "t3", morning.Add(2*time.Second)), "two trades ago, though only two seconds")
}

func TestASessionRemembersItsLastFiftyTokens(t *testing.T) {
	s := &Session{RefreshHash: "t0"}
	now := morning
	for i := range 60 {
		now = now.Add(AccessFor)
		require.False(t, s.Spend(fmt.Sprint("t", i), fmt.Sprint("t", i+1), now))
	}
	assert.Len(t, s.SpentHashes, maxSpent)
	assert.True(t, s.Spend("t10", "x", now.Add(time.Hour)))
	assert.False(t, s.Spend("t9", "x", now.Add(time.Hour)), "what is older is unknown, and refused as such")
	assert.Equal(t, "t60", s.RefreshHash)
}

// Whatever comes in whatever order, a token buys at most one successor outside
// the ten seconds, and every one that was handed out and is no longer good is
// told from one that never was.
func TestSpendTellsReuseFromNonsense(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &Session{RefreshHash: "t0", RefreshedAt: morning}
		handed, now := []string{"t0"}, morning
		newest, justSpent := "t0", ""
		var tradedAt time.Time
		for i := range rapid.IntRange(1, 40).Draw(t, "refreshes") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(15*time.Second)).Draw(t, "pause")))
			comes := rapid.SampledFrom(append([]string{"never"}, handed...)).Draw(t, "comes")
			next := fmt.Sprint("t", i+1)
			reused := s.Spend(comes, next, now)
			switch {
			case comes == newest:
				assert.False(t, reused)
				assert.Equal(t, next, s.RefreshHash)
				newest, justSpent, tradedAt = next, comes, now
				handed = append(handed, next)
			case comes == justSpent && now.Sub(tradedAt) < flaky:
				assert.False(t, reused)
				assert.Equal(t, next, s.RefreshHash)
				newest = next
				handed = append(handed, next)
			default:
				assert.Equal(t, comes != "never", reused)
				assert.Equal(t, newest, s.RefreshHash)
			}
			assert.LessOrEqual(t, len(s.SpentHashes), maxSpent)
		}
	})
}

func TestOver(t *testing.T) {
	s := Session{ExpiresAt: morning.Add(SessionFor)}
	assert.False(t, s.Over(morning))
	assert.False(t, s.Over(morning.Add(SessionFor-1)))
	assert.True(t, s.Over(morning.Add(SessionFor)), "the last moment is the first that is over")
	s.EndedAt = morning
	assert.True(t, s.Over(morning), "one that was ended is over, whatever the time")
}

func TestNormalLogin(t *testing.T) {
	assert.Equal(t, "dealer@demo.dure", normalLogin("\t Dealer@DEMO.dure\n"))
	assert.Equal(t, normalLogin("Ärzte@demo.dure"), normalLogin("ärzte@demo.dure"))
	assert.Empty(t, normalLogin("\u3000 "))
}

func TestSplitRefresh(t *testing.T) {
	for token, want := range map[string][2]string{
		"ses_1.secret": {"ses_1", "secret"}, "ses_1.": {"ses_1", ""}, ".secret": {"", "secret"}, "ses_1.a.b": {"ses_1", "a.b"},
	} {
		id, secret, err := splitRefresh(token)
		require.NoError(t, err)
		assert.Equal(t, want, [2]string{id, secret})
	}
	for _, token := range []string{"", "ses_1", "ses_1secret"} {
		_, _, err := splitRefresh(token)
		assert.ErrorIs(t, err, fault.New(fault.Unauthenticated, "identity.session_over"))
	}
}

package demo_test

import (
	"crypto/sha256"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/ids"
	"dure/domain/act"
	"dure/domain/channel"
	"dure/domain/identity"
	"dure/domain/kst"
	"dure/internal/demo"
)

// today is a Tuesday morning in Korea, in the middle of a season.
var today = time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC)

func world(t testing.TB, size string, seed uint64, now time.Time) *demo.World {
	t.Helper()
	w, err := demo.Make(demo.Options{Size: size, Seed: seed, Now: now, PasswordHash: "hash", NewID: ids.At})
	require.NoError(t, err)
	return w
}

var madeFull = sync.OnceValues(func() (*demo.World, error) {
	return demo.Make(demo.Options{Size: "full", Seed: 20260101, Now: today, PasswordHash: "hash", NewID: ids.At})
})

// full is the full world, made once for all tests. Nobody changes it.
func full(t *testing.T) *demo.World {
	t.Helper()
	w, err := madeFull()
	require.NoError(t, err)
	return w
}

func fingerprint(t *testing.T, w *demo.World) [32]byte {
	t.Helper()
	raw, err := json.Marshal(w)
	require.NoError(t, err)
	return sha256.Sum256(raw)
}

func TestOneSeedGivesOneWorld(t *testing.T) {
	first := fingerprint(t, world(t, "small", 1, today))
	assert.Equal(t, first, fingerprint(t, world(t, "small", 1, today)))
	assert.NotEqual(t, first, fingerprint(t, world(t, "small", 2, today)))
}

func TestAnUnknownSizeIsRefused(t *testing.T) {
	_, err := demo.Make(demo.Options{Size: "huge", Now: today, NewID: ids.At})
	assert.ErrorContains(t, err, "huge")
}

func TestTheFullWorldHasTheScaleOfTheCountry(t *testing.T) {
	w := full(t)
	provinces := map[string]int{}
	for _, d := range w.Dealers {
		provinces[d.RegionCode]++
	}
	assert.Equal(t, map[string]int{"41": 15, "51": 9, "43": 9, "44": 18, "52": 16, "46": 20, "47": 18, "48": 12, "50": 3}, provinces)
	assert.Len(t, w.Territories, 30)
	assert.InDelta(t, 420, len(w.Staff), 25)
	assert.InEpsilon(t, 24_000, len(w.Customers), 0.03)
	reps := map[string]bool{}
	for _, territory := range w.Territories {
		reps[territory.RepID] = true
	}
	assert.Len(t, reps, 30)
}

// anyDay are moments at which the world may be asked to end.
var anyDay = map[string]time.Time{
	"a working morning":             today,
	"the first instant of a season": kst.Date(2027, time.January, 1),
	"minutes into a season":         kst.Date(2027, time.April, 1).Add(7 * time.Minute),
	"the second day of a season":    kst.Date(2026, time.July, 2).Add(9 * time.Hour),
	"a season's last second":        kst.Date(2026, time.October, 1).Add(-time.Second),
	"a leap day":                    kst.Date(2028, time.February, 29).Add(23 * time.Hour),
	"a Sunday night":                kst.Date(2026, time.November, 22).Add(23*time.Hour + 59*time.Minute),
}

func TestTheSmallWorldHoldsOnAnyDay(t *testing.T) {
	for name, now := range anyDay {
		t.Run(name, func(t *testing.T) {
			w := world(t, "small", 20260101, now)
			assertSignIns(t, w)
			assertEndsBy(t, w, now)
			assertLedger(t, w, now)
			assertReferences(t, w)
			standing := 0
			for _, total := range w.Totals {
				if total.Season == seasonOf(now) && total.Points > 0 {
					standing++
				}
			}
			assert.GreaterOrEqual(t, standing, 4, "somebody stands on the board of the season that has just begun")
		})
	}
}

// assertSignIns checks that the documented people are there, and leave the
// visitor's day to the visitor.
func assertSignIns(t *testing.T, w *demo.World) {
	t.Helper()
	by := map[string]identity.User{}
	for _, u := range w.Users {
		assert.NotContains(t, by, u.Login, "a login is there twice")
		assert.Equal(t, "hash", u.PasswordHash)
		by[u.Login] = u
	}
	rep, dealers := by[demo.RepLogin], map[string]channel.Dealer{}
	assert.Equal(t, identity.Rep, rep.Persona)
	assert.Equal(t, identity.HQ, by[demo.HQLogin].Persona)
	for _, d := range w.Dealers {
		dealers[d.ID] = d
	}
	for _, login := range []string{demo.DealerLogin, demo.OtherDealerLogin} {
		u := by[login]
		assert.Equal(t, identity.Dealer, u.Persona)
		require.Contains(t, dealers, u.DealerID)
		for _, territory := range w.Territories {
			if territory.ID == dealers[u.DealerID].TerritoryID {
				assert.Equal(t, rep.ID, territory.RepID, "the rep looks after both dealers")
			}
		}
	}
	assert.NotEqual(t, by[demo.DealerLogin].DealerID, by[demo.OtherDealerLogin].DealerID)
}

// assertEndsBy checks that nothing happened after now.
func assertEndsBy(t *testing.T, w *demo.World, now time.Time) {
	t.Helper()
	guests := map[string]bool{}
	for _, u := range w.Users {
		guests[u.ID] = u.Login == demo.DealerLogin || u.Login == demo.OtherDealerLogin
	}
	for i, a := range w.Acts {
		require.False(t, a.ReceivedAt.After(now), "%s after the end of the world", a.Kind)
		require.False(t, a.OccurredAt.After(a.ReceivedAt))
		require.EqualValues(t, i+1, a.Seq)
		if guests[a.ActorID] {
			require.True(t, a.OccurredAt.Before(kst.StartOfDay(now)), "the visitor's day is theirs")
		}
	}
	for _, q := range w.Quotes {
		require.False(t, q.IssuedAt.After(now))
	}
}

// assertReferences checks that rows refer to rows that are there, and that acts
// are about them.
func assertReferences(t *testing.T, w *demo.World) {
	t.Helper()
	subjects := map[string]bool{}
	add := func(id string) {
		require.NotContains(t, subjects, id, "an id is there twice")
		subjects[id] = true
	}
	for _, d := range w.Dealers {
		add(d.ID)
	}
	for _, c := range w.Customers {
		add(c.ID)
	}
	for _, c := range w.Consents {
		add(c.ID)
	}
	for _, c := range w.Consultations {
		add(c.ID)
	}
	for _, s := range w.Showings {
		add(s.ID)
	}
	for _, q := range w.Quotes {
		add(q.ID)
	}
	for _, c := range w.Contracts {
		add(c.ID)
	}
	for _, s := range w.Shipments {
		add(s.ID)
	}
	for _, a := range w.Applications {
		add(a.ID)
	}
	for _, p := range w.Stipulations {
		add(p.ID)
	}
	for _, a := range w.Acts {
		if a.Kind == act.RulebookIntroduced {
			continue
		}
		for _, id := range []string{a.SubjectID, a.DealerID, a.CustomerID, a.DealID} {
			require.True(t, id == "" || subjects[id], "%s is about %q, which is not there", a.Kind, id)
		}
	}
}

func BenchmarkMake(b *testing.B) {
	for _, size := range []string{"small", "full"} {
		b.Run(size, func(b *testing.B) {
			for b.Loop() {
				world(b, size, 20260101, today)
			}
		})
	}
}

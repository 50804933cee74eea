package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestHeadOfficeShutsSomebodyOut closes the access of somebody whose streams are open
// on another node, and of nobody else.
func TestHeadOfficeShutsSomebodyOut(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engines) {
		s := start(t, e)
		there := s
		if e.databaseURL != "" { // two nodes share a database
			there = startOn(t, e, s.data)
		}
		hq, dealer, other := s.signIn("hq@demo.dure"), there.signIn("dealer@demo.dure"), there.signIn("dealer2@demo.dure")
		socket, events := dealer.watch(`subscription { rankBannerChanged { rank } }`, nil), dealer.listen(`subscription { rankBannerChanged { rank } }`)
		theirs := other.watch(`subscription { rankBannerChanged { rank } }`, nil)
		for _, stream := range []<-chan object{socket, events, theirs} {
			await(t, stream, "the first banner", func(answer) bool { return true })
		}

		people := hq.must(`{ people(filter: {search: "dealer@demo"}) { nodes { id login persona active lastSeenAt dealer { name } organization { name } sessions { id } } } }`, nil)
		id := people.text(t, "people.nodes.0.id")
		require.NotEmpty(t, people.text(t, "people.nodes.0.lastSeenAt"))
		require.NotEmpty(t, people.text(t, "people.nodes.0.sessions.0.id"))
		require.Equal(t, people.text(t, "people.nodes.0.dealer.name"), people.text(t, "people.nodes.0.organization.name"))
		began := time.Now()
		hq.mutate("deactivatePerson", "DeactivatePersonInput", "person { active }", object{"userId": id})
		for _, stream := range []<-chan object{socket, events} {
			require.Eventually(t, func() bool {
				select {
				case _, open := <-stream:
					return !open
				default:
					return false
				}
			}, 5*time.Second, 5*time.Millisecond, "a stream goes on")
		}
		t.Logf("%s: streams on the other node ended after %s", e.name, time.Since(began).Round(time.Millisecond))
		a, err := dealer.do(`{ viewer { user { id } } }`, nil)
		require.NoError(t, err)
		require.Equal(t, 401, a.Status)
		other.must(`{ viewer { user { id } } }`, nil)
		select {
		case _, open := <-theirs:
			require.True(t, open, "somebody else's stream ended")
		default:
		}
		hq.mutate("reactivatePerson", "ReactivatePersonInput", "person { active }", object{"userId": id})
		there.signIn("dealer@demo.dure").must(`{ viewer { user { id } } }`, nil)
	})
}

package store_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/passkeys"
	"dure/domain/fault"
	"dure/domain/identity"
)

// phone is a person's device: a software authenticator with one key.
type phone struct {
	party virtualwebauthn.RelyingParty
	maker virtualwebauthn.Authenticator
	key   virtualwebauthn.Credential
}

// atHome is where the world's passkeys belong.
var atHome = virtualwebauthn.RelyingParty{ID: "dure.example", Name: "Dure", Origin: "https://dure.example"}

// fullKey is how long a public key is whose coordinates have 32 bytes, as real
// devices write them. The software authenticator drops leading zeros.
const fullKey = 77

func newPhone(userID string) *phone {
	key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	for len(key.Key.AttestationData()) != fullKey {
		key = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	return &phone{
		party: atHome, key: key,
		maker: virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: []byte(userID)}),
	}
}

// make answers the options of a new passkey.
func (p *phone) make(w *world, options string) string {
	w.Helper()
	asked, err := virtualwebauthn.ParseAttestationOptions(options)
	require.NoError(w, err)
	return virtualwebauthn.CreateAttestationResponse(p.party, p.maker, p.key, *asked)
}

// sign answers the options of a sign-in, as a device does that counts.
func (p *phone) sign(w *world, options string) string {
	w.Helper()
	asked, err := virtualwebauthn.ParseAssertionOptions(options)
	require.NoError(w, err)
	p.key.Counter++
	return virtualwebauthn.CreateAssertionResponse(p.party, p.maker, p.key, *asked)
}

// takesPasskeys lets the world take them.
func (w *world) takesPasskeys() {
	w.Helper()
	devices, err := passkeys.Open("https://dure.example")
	require.NoError(w, err)
	w.people.Devices = devices
}

// enrolled is gimje's phone with a passkey.
func (w *world) enrolled() (*phone, *identity.Passkey) {
	w.Helper()
	p := newPhone("usr_gimje")
	c, err := w.people.BeginPasskey(w.gimje, identity.BeginPasskeyInput{})
	require.NoError(w, err)
	made, err := w.people.FinishPasskey(w.gimje, identity.FinishPasskeyInput{ChallengeID: c.ID, Answer: p.make(w, c.Options), Name: " 가게 태블릿 "})
	require.NoError(w, err)
	return p, made
}

// asked is a sign-in's page of the app, and a challenge on it.
func (w *world) asked(app string) (request string, c *identity.Challenge) {
	w.Helper()
	a, err := w.people.Authorize(w.nobody, identity.Authorization{App: app, RedirectURI: "http://127.0.0.1/callback", Challenge: "c", Scopes: []string{"openid"}})
	require.NoError(w, err)
	c, err = w.people.AskPasskey(w.nobody, a.ID)
	require.NoError(w, err)
	return a.ID, c
}

func TestAPasskeySignsItsOwnerIn(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.takesPasskeys()
		p, made := w.enrolled()
		assert.Equal(w, "가게 태블릿", made.Name)
		request, c := w.asked("dealer-app")
		require.NoError(w, w.people.SignInByPasskey(w.nobody, request, c.ID, p.sign(w, c.Options)))
		require.NoError(w, w.people.GrantCode(w.nobody, request, "code"))
		signedIn, err := w.people.Exchange(w.nobody, request, true)
		require.NoError(w, err)
		assert.Equal(w, "usr_gimje", signedIn.Actor.UserID)
		assert.Equal(w, "dlr_gimje", signedIn.Actor.DealerID)

		have, err := w.people.Passkeys(w.gimje)
		require.NoError(w, err)
		require.Len(w, have, 1)
		assert.WithinDuration(w, w.now(), have[0].LastUsedAt, 0)
		others, err := w.people.Passkeys(w.iksan)
		require.NoError(w, err)
		assert.Empty(w, others)
		assert.Equal(w, 1, w.count("acts", "kind = ? AND subject_id = ? AND actor_id = ?", "passkey.added", made.ID, "usr_gimje"))
		assert.Zero(w, w.count("challenges", "1 = 1"), "challenges are gone once they were answered")
	})
}

func TestAnAnswerThatProvesNothingSignsNobodyIn(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.takesPasskeys()
		p, _ := w.enrolled()
		refused := func(name string, answer func(options string) string) {
			request, c := w.asked("dealer-app")
			text := answer(c.Options)
			w.refused(w.people.SignInByPasskey(w.nobody, request, c.ID, text), fault.Unauthenticated, "passkey.refused", "")
			again := w.people.SignInByPasskey(w.nobody, request, c.ID, p.sign(w, c.Options))
			w.refused(again, fault.NotFound, "passkey.too_late", "") // the challenge was spent
			w.refused(w.people.GrantCode(w.nobody, request, name), fault.Unauthenticated, "authorization.bad_code", "")
		}
		_, earlier := w.asked("dealer-app")
		refused("the answer to another challenge", func(string) string { return p.sign(w, earlier.Options) })
		refused("a page of another site", func(options string) string {
			evil := *p
			evil.party.Origin = "https://dure.example.evil"
			return evil.sign(w, options)
		})
		refused("a page of the same name, without TLS", func(options string) string {
			plain := *p
			plain.party.Origin = "http://dure.example"
			return plain.sign(w, options)
		})
		refused("a key for another site", func(options string) string {
			other := *p
			other.party.ID = "evil.example"
			return other.sign(w, options)
		})
		refused("a device that did not look who holds it", func(options string) string {
			careless := *p
			careless.maker.Options.UserNotVerified = true
			return careless.sign(w, options)
		})
		refused("somebody else's name on the key", func(options string) string {
			posing := *p
			posing.maker.Options.UserHandle = []byte("usr_hq")
			return posing.sign(w, options)
		})
		refused("a key that nobody registered", func(options string) string { return newPhone("usr_gimje").sign(w, options) })
		refused("another key under the passkey's name", func(options string) string {
			forged := newPhone("usr_gimje")
			forged.key.ID = p.key.ID
			forged.key.Counter = 1_000
			return forged.sign(w, options)
		})
		refused("the answer of another ceremony", func(options string) string {
			var asked map[string]any
			require.NoError(w, json.Unmarshal([]byte(options), &asked))
			return `{"type":"public-key","id":"` + base64.RawURLEncoding.EncodeToString(p.key.ID) + `","rawId":"` + base64.RawURLEncoding.EncodeToString(p.key.ID) + `","response":{"clientDataJSON":"e30","authenticatorData":"","signature":"","userHandle":""}}`
		})
		refused("no JSON", func(string) string { return "\x00" })
		refused("nothing", func(string) string { return "" })

		request, c := w.asked("dealer-app")
		require.NoError(w, w.people.SignInByPasskey(w.nobody, request, c.ID, p.sign(w, c.Options)), "and the passkey is as good as before")
	})
}

func TestAPasskeysChallengeIsGoodOnceAndForItsPageAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.takesPasskeys()
		p, _ := w.enrolled()
		request, c := w.asked("dealer-app")
		answer := p.sign(w, c.Options)
		other, _ := w.asked("dealer-app")
		w.refused(w.people.SignInByPasskey(w.nobody, other, c.ID, answer), fault.NotFound, "passkey.too_late", "") // another page took nothing
		errs := atOnce(8, func(int) error { return w.people.SignInByPasskey(w.nobody, request, c.ID, answer) })
		good := 0
		for _, err := range errs {
			if err == nil {
				good++
				continue
			}
			w.refused(err, fault.NotFound, "passkey.too_late", "")
		}
		assert.Equal(w, 1, good, "one of those who come at once")

		request, c = w.asked("dealer-app")
		w.pass(identity.ChallengeFor)
		w.refused(w.people.SignInByPasskey(w.nobody, request, c.ID, p.sign(w, c.Options)), fault.NotFound, "passkey.too_late", "")

		request, c = w.asked("hq-app")
		w.refused(w.people.SignInByPasskey(w.nobody, request, c.ID, p.sign(w, c.Options)), fault.Forbidden, "authorization.other_app", "")
		request, _ = w.asked("dealer-app")
		w.refused(w.people.SignInByPasskey(w.nobody, request, strings.Repeat("x", 1_000), ""), fault.NotFound, "passkey.too_late", "")
		begun, err := w.people.BeginPasskey(w.gimje, identity.BeginPasskeyInput{})
		require.NoError(w, err)
		w.refused(w.people.SignInByPasskey(w.nobody, request, begun.ID, p.sign(w, begun.Options)), fault.NotFound, "passkey.too_late", "")
		_, err = w.people.AskPasskey(w.nobody, "aut_none")
		w.refused(err, fault.NotFound, "authorization.over", "")
	})
}

func TestAPasskeyThatTwoDevicesHoldIsClosed(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.takesPasskeys()
		p, made := w.enrolled()
		copied := *p
		for range 2 {
			request, c := w.asked("dealer-app")
			require.NoError(w, w.people.SignInByPasskey(w.nobody, request, c.ID, p.sign(w, c.Options)))
		}
		request, c := w.asked("dealer-app")
		w.refused(w.people.SignInByPasskey(w.nobody, request, c.ID, copied.sign(w, c.Options)), fault.Forbidden, "passkey.suspended", "")
		request, c = w.asked("dealer-app")
		w.refused(w.people.SignInByPasskey(w.nobody, request, c.ID, p.sign(w, c.Options)), fault.Forbidden, "passkey.suspended", "") // nobody knows which is its owner's
		have, err := w.people.Passkeys(w.gimje)
		require.NoError(w, err)
		assert.False(w, have[0].SuspendedAt.IsZero())
		assert.Equal(w, 1, w.count("acts", "kind = ? AND subject_id = ?", "passkey.suspended", made.ID))
	})
}

func TestAPasskeyOpensNothingForThoseWhoLeft(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.takesPasskeys()
		p, made := w.enrolled()
		_, err := w.db.SQL().Exec("UPDATE users SET active = FALSE WHERE id = 'usr_gimje'")
		require.NoError(w, err)
		request, c := w.asked("dealer-app")
		w.refused(w.people.SignInByPasskey(w.nobody, request, c.ID, p.sign(w, c.Options)), fault.Unauthenticated, "passkey.refused", "")
		_, err = w.people.BeginPasskey(w.gimje, identity.BeginPasskeyInput{})
		w.refused(err, fault.Unauthenticated, "identity.session_over", "")

		_, err = w.db.SQL().Exec("UPDATE users SET active = TRUE WHERE id = 'usr_gimje'")
		require.NoError(w, err)
		_, err = w.people.RemovePasskey(w.iksan, identity.RemovePasskeyInput{ID: made.ID})
		w.refused(err, fault.NotFound, "passkey.not_found", "")
		id, err := w.people.RemovePasskey(w.gimje, identity.RemovePasskeyInput{ID: made.ID, IdempotencyKey: "k"})
		require.NoError(w, err)
		again, err := w.people.RemovePasskey(w.gimje, identity.RemovePasskeyInput{ID: made.ID, IdempotencyKey: "k"})
		require.NoError(w, err, "a repeat gets the first answer")
		assert.Equal(w, id, again)
		request, c = w.asked("dealer-app")
		w.refused(w.people.SignInByPasskey(w.nobody, request, c.ID, p.sign(w, c.Options)), fault.Unauthenticated, "passkey.refused", "")
	})
}

func TestAPasskeyIsMadeByWhomItWasBegunFor(t *testing.T) {
	eachWorld(t, func(w *world) {
		_, err := w.people.BeginPasskey(w.gimje, identity.BeginPasskeyInput{})
		w.refused(err, fault.Conflict, "passkey.not_here", "")
		w.takesPasskeys()
		p, _ := w.enrolled()
		begin := func() *identity.Challenge {
			c, err := w.people.BeginPasskey(w.gimje, identity.BeginPasskeyInput{})
			require.NoError(w, err)
			return c
		}
		finish := func(c *identity.Challenge, answer string) error {
			_, err := w.people.FinishPasskey(w.gimje, identity.FinishPasskeyInput{ChallengeID: c.ID, Answer: answer})
			return err
		}
		c := begin()
		_, err = w.people.FinishPasskey(w.iksan, identity.FinishPasskeyInput{ChallengeID: c.ID, Answer: newPhone("usr_iksan").make(w, c.Options)})
		w.refused(err, fault.NotFound, "passkey.too_late", "")
		require.NoError(w, finish(c, newPhone("usr_gimje").make(w, c.Options)), "and it still waits for its own")
		w.refused(finish(c, newPhone("usr_gimje").make(w, c.Options)), fault.NotFound, "passkey.too_late", "")
		c = begin()
		w.refused(finish(c, p.make(w, c.Options)), fault.Conflict, "passkey.taken", "")
		w.refused(finish(c, newPhone("usr_gimje").make(w, c.Options)), fault.NotFound, "passkey.too_late", "")
		for name, change := range map[string]func(p *phone){
			"another site":   func(p *phone) { p.party.Origin = "https://evil.example" },
			"another name":   func(p *phone) { p.party.ID = "evil.example" },
			"not looked who": func(p *phone) { p.maker.Options.UserNotVerified = true },
		} {
			c, bad := begin(), newPhone("usr_gimje")
			change(bad)
			w.refused(finish(c, bad.make(w, c.Options)), fault.Invalid, "passkey.bad_answer", "answer")
			require.Error(w, finish(c, newPhone("usr_gimje").make(w, c.Options)), name)
		}
		w.refused(finish(begin(), "no JSON"), fault.Invalid, "passkey.bad_answer", "answer")
		c = begin()
		w.pass(identity.ChallengeFor)
		w.refused(finish(c, newPhone("usr_gimje").make(w, c.Options)), fault.NotFound, "passkey.too_late", "")
		_, err = w.people.FinishPasskey(w.gimje, identity.FinishPasskeyInput{Name: strings.Repeat("가", 101)})
		w.refused(err, fault.Invalid, "text.too_long", "name")

		for range identity.MaxPasskeys - 2 {
			c := begin()
			require.NoError(w, finish(c, newPhone("usr_gimje").make(w, c.Options)))
		}
		_, err = w.people.BeginPasskey(w.gimje, identity.BeginPasskeyInput{})
		w.refused(err, fault.Conflict, "passkey.too_many", "")
		w.pass(time.Hour)
		_, err = w.people.BeginPasskey(w.iksan, identity.BeginPasskeyInput{})
		require.NoError(w, err)
		assert.Equal(w, 1, w.count("challenges", "1 = 1"), "old ones are forgotten")
	})
}

func TestPasskeysBelongToAName(t *testing.T) {
	for _, address := range []string{"http://127.0.0.1:8080", "https://[::1]", "https://", "https://10.0.0.1"} {
		_, err := passkeys.Open(address)
		assert.ErrorIs(t, err, passkeys.ErrNoName, address)
	}
	for _, address := range []string{"http://localhost:8080", "https://dure.example", "https://dure.example:8443"} {
		_, err := passkeys.Open(address)
		assert.NoError(t, err, address)
	}
}

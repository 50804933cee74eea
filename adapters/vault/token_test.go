package vault_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/adapters/vault"
	"dure/domain/fault"
)

var morning = time.Date(2026, time.November, 24, 0, 0, 0, 0, time.UTC)

func claims() vault.Claims {
	return vault.Claims{
		Subject: "usr_1", Persona: "DEALER", OrganizationID: "org_1", DealerID: "dlr_1", SessionID: "ses_1",
		Language: "ko", DeviceID: "tablet-1", IssuedAt: morning,
	}
}

func issue(t testing.TB, v *vault.Vault) string {
	t.Helper()
	token, err := v.IssueToken(claims(), 10*time.Minute)
	require.NoError(t, err)
	return token
}

func refused(t testing.TB, v *vault.Vault, token string, at time.Time, key, why string) {
	t.Helper()
	got, err := v.VerifyToken(token, at)
	assert.Equal(t, vault.Claims{}, got, why)
	assert.ErrorIs(t, err, fault.New(fault.Unauthenticated, key), why)
}

func TestATokenSaysWhoIsSignedIn(t *testing.T) {
	v := open(t, master(1))
	want := claims()
	want.ExpiresAt = morning.Add(10 * time.Minute)
	for range 2 { // the second answer is a remembered one
		got, err := v.VerifyToken(issue(t, v), morning)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	bare, err := v.IssueToken(vault.Claims{Subject: "usr_2", Persona: "HQ", IssuedAt: morning}, time.Minute)
	require.NoError(t, err)
	got, err := v.VerifyToken(bare, morning)
	require.NoError(t, err)
	assert.Equal(t, vault.Claims{Subject: "usr_2", Persona: "HQ", IssuedAt: morning, ExpiresAt: morning.Add(time.Minute)}, got)
}

func TestATokensTimesAreJudgedAtEveryCall(t *testing.T) {
	for name, tt := range map[string]struct {
		at  time.Time
		key string
	}{
		"when it was issued": {at: morning},
		"at its last moment": {at: morning.Add(10*time.Minute - 1)},
		"when it is over":    {morning.Add(10 * time.Minute), "session.expired"},
		"a year later":       {morning.AddDate(1, 0, 0), "session.expired"},
		"on a node whose clock is half a minute late": {at: morning.Add(-30 * time.Second)},
		"on a node whose clock is a minute late":      {at: morning.Add(-time.Minute)},
		"long before it was issued":                   {morning.Add(-time.Minute - 1), "session.bad_token"},
	} {
		t.Run(name, func(t *testing.T) {
			fresh, known := open(t, master(1)), open(t, master(1))
			token := issue(t, known)
			_, err := known.VerifyToken(token, morning)
			require.NoError(t, err)
			for _, v := range []*vault.Vault{fresh, known} { // remembered or not, the answer is the same
				if tt.key == "" {
					_, err := v.VerifyToken(token, tt.at)
					assert.NoError(t, err)
				} else {
					refused(t, v, token, tt.at, tt.key, name)
				}
			}
		})
	}
}

func TestForgedTokens(t *testing.T) {
	v := open(t, master(1))
	good := issue(t, v)
	parts := strings.Split(good, ".")
	part := func(json string) string { return base64.RawURLEncoding.EncodeToString([]byte(json)) }
	say := jwt.MapClaims{"iss": "dure", "aud": []string{"dure"}, "sub": "usr_1", "persona": "HQ", "sid": "ses_1", "iat": morning.Unix(), "exp": morning.Add(time.Hour).Unix()}
	with := func(key string, value any) jwt.MapClaims {
		changed := jwt.MapClaims{}
		for k, v := range say {
			changed[k] = v
		}
		if changed[key] = value; value == nil {
			delete(changed, key)
		}
		return changed
	}
	sign := func(method jwt.SigningMethod, key any, c jwt.MapClaims) string {
		token, err := jwt.NewWithClaims(method, c).SignedString(key)
		require.NoError(t, err)
		return token
	}
	key := v.Key(vault.LabelToken)
	_, err := v.VerifyToken(sign(jwt.SigningMethodHS256, key, say), morning)
	require.NoError(t, err, "what the cases below change is right before")
	pair, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)

	for name, token := range map[string]string{
		"nothing":                         "",
		"dots":                            "..",
		"two parts":                       parts[0] + "." + parts[1],
		"four parts":                      good + "." + parts[2],
		"without its signature":           parts[0] + "." + parts[1] + ".",
		"with a line break behind":        good + "\n",
		"with spaces around":              " " + good,
		"with padding":                    good + "=",
		"longer than any token":           good + strings.Repeat("A", 4096),
		"signed with nothing":             sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, say),
		"no algorithm, our signature":     part(`{"alg":"none","typ":"JWT"}`) + "." + parts[1] + "." + parts[2],
		"no algorithm in capitals":        part(`{"alg":"NONE"}`) + "." + parts[1] + ".",
		"another length of hash":          sign(jwt.SigningMethodHS512, key, say),
		"signed with a key of two halves": sign(jwt.SigningMethodES256, pair, say),
		"a header that lies about it":     part(`{"alg":"ES256","typ":"JWT"}`) + "." + parts[1] + "." + parts[2],
		"another persona, old signature":  parts[0] + "." + part(`{"sub":"usr_1","persona":"HQ"}`) + "." + parts[2],
		"signed with the master":          sign(jwt.SigningMethodHS256, master(1), say),
		"signed with the cursors' key":    sign(jwt.SigningMethodHS256, v.Key(vault.LabelCursor), say),
		"signed with no key":              sign(jwt.SigningMethodHS256, []byte{}, say),
		"another deployment's":            issue(t, open(t, master(2))),
		"another issuer's":                sign(jwt.SigningMethodHS256, key, with("iss", "else")),
		"no issuer's":                     sign(jwt.SigningMethodHS256, key, with("iss", nil)),
		"for another audience":            sign(jwt.SigningMethodHS256, key, with("aud", "else")),
		"for us among others":             sign(jwt.SigningMethodHS256, key, with("aud", []string{"dure", "else"})),
		"for nobody":                      sign(jwt.SigningMethodHS256, key, with("aud", nil)),
		"about nobody":                    sign(jwt.SigningMethodHS256, key, with("sub", "")),
		"without an end":                  sign(jwt.SigningMethodHS256, key, with("exp", nil)),
		"with an end that is no time":     sign(jwt.SigningMethodHS256, key, with("exp", "tomorrow")),
		"without a beginning":             sign(jwt.SigningMethodHS256, key, with("iat", nil)),
		"issued tomorrow":                 sign(jwt.SigningMethodHS256, key, with("iat", morning.AddDate(0, 0, 1).Unix())),
	} {
		t.Run(name, func(t *testing.T) { refused(t, v, token, morning, "session.bad_token", name) })
	}
}

// No other spelling of a token is one.
func TestAChangedTokenIsNone(t *testing.T) {
	v := open(t, master(1))
	good := issue(t, v)
	_, err := v.VerifyToken(good, morning)
	require.NoError(t, err)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
	rapid.Check(t, func(rt *rapid.T) {
		i := rapid.IntRange(0, len(good)-1).Draw(rt, "place")
		letter := rapid.SampledFrom([]byte(alphabet)).Draw(rt, "letter")
		if changed := good[:i] + string(letter) + good[i+1:]; changed != good {
			refused(t, v, changed, morning, "session.bad_token", changed)
		}
	})
	last := good[len(good)-1:]
	for _, letter := range alphabet {
		if string(letter) != last {
			refused(t, v, good[:len(good)-1]+string(letter), morning, "session.bad_token", "the bits that base64 leaves over")
		}
	}
}

func TestARotationSignsPeopleOut(t *testing.T) {
	token := issue(t, open(t, master(1)))
	refused(t, open(t, master(2), master(1)), token, morning, "session.bad_token", "tokens are read by the newest master alone")
}

// More tokens than are remembered, from many callers at once.
func TestManyTokensAtOnce(t *testing.T) {
	v := open(t, master(1))
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for j := range 3_000 {
				c := claims()
				c.SessionID = string(rune('a'+i)) + string(rune(0xac00+j))
				token, err := v.IssueToken(c, time.Minute)
				assert.NoError(t, err)
				for range 2 {
					got, err := v.VerifyToken(token, morning)
					assert.NoError(t, err)
					assert.Equal(t, c.SessionID, got.SessionID)
				}
			}
		})
	}
	all.Wait()
	assert.LessOrEqual(t, v.Remembered(), 2*4096)
}

func FuzzVerifyToken(f *testing.F) {
	v := open(f, master(1))
	good := issue(f, v)
	f.Add(good)
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		if token != good {
			refused(t, v, token, morning, "session.bad_token", "only what was issued")
		}
	})
}

func TestRefreshTokens(t *testing.T) {
	seen := map[string]bool{}
	for range 1_000 {
		token, hash := vault.NewRefreshToken()
		assert.Len(t, token, 43)
		assert.Regexp(t, `^[0-9a-f]{64}$`, hash)
		assert.Equal(t, hash, vault.HashRefreshToken(token))
		assert.NotContains(t, token, ".", "a dot parts it from the session's id")
		assert.False(t, seen[token])
		seen[token] = true
	}
}

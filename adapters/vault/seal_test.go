package vault_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"dure/adapters/vault"
)

func master(b byte) []byte { return bytes.Repeat([]byte{b}, vault.MasterSize) }

func open(t testing.TB, newest []byte, older ...[]byte) *vault.Vault {
	t.Helper()
	v, err := vault.Open(newest, older...)
	require.NoError(t, err)
	return v
}

const phone, purpose = "+821012345678", "customer.phone/cus_1"

func TestOpenVaultRefusesMastersOfAnotherSize(t *testing.T) {
	for _, size := range []int{0, 16, 31, 33, 64} {
		_, err := vault.Open(make([]byte, size))
		assert.ErrorContains(t, err, "master 1 has")
		_, err = vault.Open(master(1), make([]byte, size))
		assert.ErrorContains(t, err, "master 2 has")
	}
}

// RFC 5869 by hand: extract with a salt of zeros, expand one block.
func TestKeysAreDerivedAsHKDFSays(t *testing.T) {
	sum := func(key []byte, parts ...[]byte) []byte {
		mac := hmac.New(sha256.New, key)
		for _, p := range parts {
			mac.Write(p)
		}
		return mac.Sum(nil)
	}
	want := sum(sum(make([]byte, sha256.Size), master(7)), []byte("dure/"+vault.LabelCursor), []byte{1})
	assert.Equal(t, want, open(t, master(7)).Key(vault.LabelCursor))
}

func TestEveryLabelAndMasterHasItsOwnKey(t *testing.T) {
	seen := map[string]string{}
	for name, v := range map[string]*vault.Vault{"1": open(t, master(1)), "2": open(t, master(2)), "3": open(t, master(3), master(1))} {
		for _, label := range []string{vault.LabelToken, vault.LabelCursor, vault.LabelSeal, vault.LabelBlindIndex, vault.LabelEvidence, ""} {
			key := string(v.Key(label))
			assert.Len(t, key, 32)
			assert.Empty(t, seen[key], "%s of %s is the key of %s", label, name, seen[key])
			seen[key] = label + " of " + name
			assert.Equal(t, key, string(v.Key(label)), "always the same")
		}
	}
}

func TestWhatIsSealedOpens(t *testing.T) {
	v := open(t, master(1))
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{phone, strings.Repeat("논", 10_000), "\x00", "\xff\xfe", "s1.00000000.AAAA"}))
	rapid.Check(t, func(t *rapid.T) {
		plain, purpose := text.Draw(t, "plain"), rapid.String().Draw(t, "purpose")
		sealed, err := v.Seal(purpose, plain)
		require.NoError(t, err)
		opened, err := v.Open(purpose, sealed)
		require.NoError(t, err)
		assert.Equal(t, plain, opened)
		assert.True(t, v.SealedByNewest(sealed))
		if plain == "" {
			assert.Empty(t, sealed)
			return
		}
		assert.Regexp(t, `^s1\.[0-9a-f]{8}\.[A-Za-z0-9_-]+$`, sealed)
		again, err := v.Seal(purpose, plain)
		require.NoError(t, err)
		assert.NotEqual(t, sealed, again, "equal texts are not seen to be equal")
	})
}

func TestWhatWasTouchedDoesNotOpen(t *testing.T) {
	v := open(t, master(1))
	sealed, err := v.Seal(purpose, phone)
	require.NoError(t, err)
	head, text, _ := strings.Cut(sealed[3:], ".")
	box, err := base64.RawURLEncoding.DecodeString(text)
	require.NoError(t, err)
	again := func(box []byte) string { return "s1." + head + "." + base64.RawURLEncoding.EncodeToString(box) }

	bad := map[string]string{
		"another version":   "s2" + sealed[2:],
		"another key":       "s1.00000000." + text,
		"no key":            "s1.." + text,
		"no box":            "s1." + head + ".",
		"plain text":        phone,
		"a word and dots":   "a.b.c.d",
		"a box of one byte": again(box[:1]),
		"a nonce alone":     again(box[:12]),
		"a byte more":       again(append(append([]byte{}, box...), 0)),
		"a byte less":       again(box[:len(box)-1]),
		"not base64":        "s1." + head + ".논",
	}
	for i := range box {
		changed := bytes.Clone(box)
		changed[i] ^= 0x10
		bad["a bit of byte "+string(rune('a'+i))] = again(changed)
	}
	for name, text := range bad {
		plain, err := v.Open(purpose, text)
		assert.Empty(t, plain, name)
		if assert.Error(t, err, name) {
			assert.NotContains(t, err.Error(), "cus_1", "errors name no row")
			assert.NotContains(t, err.Error(), phone)
		}
	}
}

func TestASealedTextIsBoundToItsPurpose(t *testing.T) {
	v := open(t, master(1))
	sealed, err := v.Seal(purpose, phone)
	require.NoError(t, err)
	for _, other := range []string{"customer.phone/cus_2", "customer.mail/cus_1", "customer.phone", ""} {
		_, err := v.Open(other, sealed)
		assert.Error(t, err, other)
	}
}

func TestRotation(t *testing.T) {
	before := open(t, master(1))
	old, err := before.Seal(purpose, phone)
	require.NoError(t, err)

	during := open(t, master(2), master(1))
	plain, err := during.Open(purpose, old)
	require.NoError(t, err)
	assert.Equal(t, phone, plain, "old rows open")
	assert.False(t, during.SealedByNewest(old))
	anew, err := during.Seal(purpose, phone)
	require.NoError(t, err)
	assert.True(t, during.SealedByNewest(anew))
	assert.Equal(t, []string{during.BlindIndex(purpose, phone), before.BlindIndex(purpose, phone)}, during.BlindIndexes(purpose, phone))

	after := open(t, master(2))
	_, err = after.Open(purpose, old)
	assert.ErrorContains(t, err, "no key")
	plain, err = after.Open(purpose, anew)
	require.NoError(t, err)
	assert.Equal(t, phone, plain)
	_, err = before.Open(purpose, anew)
	assert.Error(t, err, "the old master tells nothing of what came after it")
}

func TestBlindIndex(t *testing.T) {
	v := open(t, master(1))
	index := v.BlindIndex("customer.phone", phone)
	assert.Regexp(t, `^[0-9a-f]{32}$`, index)
	assert.Equal(t, index, v.BlindIndex("customer.phone", phone))
	assert.Equal(t, index, open(t, master(1), master(2)).BlindIndex("customer.phone", phone))
	for name, other := range map[string]string{
		"another number":     v.BlindIndex("customer.phone", "+821012345679"),
		"another purpose":    v.BlindIndex("customer.mail", phone),
		"another master":     open(t, master(2)).BlindIndex("customer.phone", phone),
		"a moved border":     v.BlindIndex("customer.phon", "e"+phone),
		"a plain hash of it": hashed(phone),
	} {
		assert.NotEqual(t, index, other, name)
	}
	assert.Empty(t, v.BlindIndex("customer.phone", ""))
	assert.Equal(t, []string{""}, v.BlindIndexes("customer.phone", ""))
}

func hashed(s string) string {
	sum := sha256.Sum256([]byte(s))
	return string(sum[:16])
}

func FuzzOpen(f *testing.F) {
	v := open(f, master(1))
	sealed, err := v.Seal(purpose, phone)
	require.NoError(f, err)
	f.Add(sealed)
	f.Add("s1..")
	f.Fuzz(func(t *testing.T, text string) {
		plain, err := v.Open(purpose, text)
		if err == nil && text != "" {
			assert.Equal(t, phone, plain)
		}
	})
}

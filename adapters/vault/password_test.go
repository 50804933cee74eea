package vault_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/vault"
)

func TestPasswords(t *testing.T) {
	for name, password := range map[string]string{
		"a word": "dure-demo", "nothing": "", "Korean": "비밀번호 열두 자", "the longest": strings.Repeat("x", vault.MaxPassword), "a NUL inside": "a\x00b",
	} {
		t.Run(name, func(t *testing.T) {
			hash, err := vault.HashPassword(password)
			require.NoError(t, err)
			assert.True(t, strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$"), hash)
			ok, err := vault.VerifyPassword(hash, password)
			require.NoError(t, err)
			assert.True(t, ok)
			for _, wrong := range []string{password + " ", "x" + password, strings.ToUpper(password) + "?"} {
				ok, err := vault.VerifyPassword(hash, wrong)
				require.NoError(t, err)
				assert.False(t, ok)
			}
		})
	}
}

func TestAPasswordIsSalted(t *testing.T) {
	first, err := vault.HashPassword("dure-demo")
	require.NoError(t, err)
	second, err := vault.HashPassword("dure-demo")
	require.NoError(t, err)
	assert.NotEqual(t, first, second)
}

func TestAPasswordThatIsTooLongNeverMatches(t *testing.T) {
	long := strings.Repeat("x", vault.MaxPassword+1)
	_, err := vault.HashPassword(long)
	assert.Error(t, err)
	hash, err := vault.HashPassword(long[:vault.MaxPassword])
	require.NoError(t, err)
	ok, err := vault.VerifyPassword(hash, long)
	require.NoError(t, err)
	assert.False(t, ok, "it is not cut to what may be")
	vault.SpendPassword(strings.Repeat("x", 1<<20)) // comes back
}

func TestAHashThatIsNoneFails(t *testing.T) {
	for _, hash := range []string{
		"", "dure-demo", "$2a$10$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA",
	} {
		ok, err := vault.VerifyPassword(hash, "dure-demo")
		assert.False(t, ok)
		assert.ErrorContains(t, err, "verify password", "%q", hash)
	}
}

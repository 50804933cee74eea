package vault_test

import (
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/vault"
)

func TestAMasterIsMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "master.key")
	made, err := vault.LoadOrCreateMaster(path, "")
	require.NoError(t, err)
	assert.Len(t, made, vault.MasterSize)
	again, err := vault.LoadOrCreateMaster(path, "")
	require.NoError(t, err)
	assert.Equal(t, made, again)

	file, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), file.Mode().Perm(), "its owner alone reads it")
	folder, err := os.Stat(filepath.Dir(path))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), folder.Mode().Perm())
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, left, 1, "nothing else is left behind")

	other, err := vault.LoadOrCreateMaster(filepath.Join(t.TempDir(), "master.key"), "")
	require.NoError(t, err)
	assert.NotEqual(t, made, other)
}

func TestThoseWhoRaceForAMasterGetTheSame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	var all sync.WaitGroup
	start, got := make(chan struct{}), make([][]byte, 32)
	for i := range got {
		all.Go(func() {
			<-start
			m, err := vault.LoadOrCreateMaster(path, "")
			assert.NoError(t, err)
			got[i] = m
		})
	}
	close(start)
	all.Wait()
	for _, m := range got {
		assert.Equal(t, got[0], m)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, left, 1)
}

func TestTheEnvironmentsMasterGoesFirst(t *testing.T) {
	want := []byte("\xfb\xff\xbe a master of thirty-two bytes..")[:vault.MasterSize]
	path := filepath.Join(t.TempDir(), "master.key")
	for name, value := range map[string]string{
		"hex":                       hex.EncodeToString(want),
		"hex in capitals":           strings.ToUpper(hex.EncodeToString(want)),
		"base64":                    base64.StdEncoding.EncodeToString(want),
		"base64 without padding":    base64.RawStdEncoding.EncodeToString(want),
		"base64 for addresses":      base64.URLEncoding.EncodeToString(want),
		"with a line break behind":  hex.EncodeToString(want) + "\n",
		"with spaces on both sides": "  " + base64.StdEncoding.EncodeToString(want) + " ",
	} {
		got, err := vault.LoadOrCreateMaster(path, value)
		require.NoError(t, err, name)
		assert.Equal(t, want, got, name)
	}
	assert.NoFileExists(t, path, "no file is made beside it")
}

func TestAMasterThatIsNoneIsRefusedAndNotTold(t *testing.T) {
	for name, text := range map[string]string{
		"too short":       strings.Repeat("ab", 31),
		"too long":        strings.Repeat("ab", 33),
		"no hex":          strings.Repeat("zz", 32) + "!",
		"a pass phrase":   "correct horse battery staple",
		"spaces":          "   ",
		"32 bytes as are": "an unencoded key of 32 bytes....",
	} {
		_, err := vault.LoadOrCreateMaster(filepath.Join(t.TempDir(), "unused"), text)
		assert.ErrorContains(t, err, "master of the environment", name)
		assert.NotContains(t, err.Error(), text, name)

		path := filepath.Join(t.TempDir(), "master.key")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err = vault.LoadOrCreateMaster(path, "")
		assert.ErrorContains(t, err, path, name)
		assert.NotContains(t, strings.ReplaceAll(err.Error(), path, ""), text, name)
		kept, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, text, string(kept), "a file that is there is never written over")
	}
}

func TestAnEmptyMasterFileIsNoMaster(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	_, err := vault.LoadOrCreateMaster(path, "")
	assert.ErrorContains(t, err, path)
	_, err = vault.LoadOrCreateMaster(t.TempDir(), "")
	assert.Error(t, err, "a folder is none either")
}

package files_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/files"
	"dure/domain/fault"
)

const shaOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

func open(t *testing.T) (*files.Store, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := files.Open(dir)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s, dir
}

// stored lists every regular file below dir.
func stored(t *testing.T, dir string) (names []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			names = append(names, d.Name())
		}
		return err
	}))
	return names
}

func TestWhatIsPutComesBack(t *testing.T) {
	s, dir := open(t)
	sha, size, err := s.Put(t.Context(), strings.NewReader("abc"))
	require.NoError(t, err)
	assert.Equal(t, shaOfAbc, sha)
	assert.EqualValues(t, 3, size)

	file, err := s.Get(t.Context(), sha)
	require.NoError(t, err)
	content, err := io.ReadAll(file)
	require.NoError(t, errors.Join(err, file.Close()))
	assert.Equal(t, "abc", string(content))
	assert.Equal(t, []string{shaOfAbc}, stored(t, dir))
}

func TestTheSameContentIsStoredOnceByManyWriters(t *testing.T) {
	s, dir := open(t)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			sha, _, err := s.Put(t.Context(), strings.NewReader("abc"))
			assert.NoError(t, err)
			assert.Equal(t, shaOfAbc, sha)
		})
	}
	group.Wait()
	assert.Equal(t, []string{shaOfAbc}, stored(t, dir))
}

func TestDeletedIsNotFoundAndDeletingAgainIsNoError(t *testing.T) {
	s, _ := open(t)
	sha, _, err := s.Put(t.Context(), strings.NewReader("abc"))
	require.NoError(t, err)
	require.NoError(t, s.Delete(t.Context(), sha))
	require.NoError(t, s.Delete(t.Context(), sha))
	_, err = s.Get(t.Context(), sha)
	assert.Equal(t, fault.NotFound, fault.CodeOf(err))
}

func TestABrokenReaderLeavesNothing(t *testing.T) {
	s, dir := open(t)
	_, _, err := s.Put(t.Context(), io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(io.ErrUnexpectedEOF)))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Empty(t, stored(t, dir))
}

func TestAnEndedContextLeavesNothing(t *testing.T) {
	s, dir := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := s.Put(ctx, strings.NewReader("abc"))
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, stored(t, dir))
}

func TestWhatIsNoHashIsNotFound(t *testing.T) {
	s, dir := open(t)
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(dir), "secret"), []byte("x"), 0o600))
	for name, sha := range map[string]string{
		"nothing":            "",
		"a path":             "../secret",
		"a padded path":      strings.Repeat("../", 19) + "secret!",
		"an upper-case hash": strings.ToUpper(shaOfAbc),
		"a short hash":       shaOfAbc[:63],
		"a hash and a byte":  shaOfAbc + "0",
		"a null byte":        shaOfAbc[:63] + "\x00",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.Get(t.Context(), sha)
			assert.Equal(t, fault.NotFound, fault.CodeOf(err))
			assert.Equal(t, fault.NotFound, fault.CodeOf(s.Delete(t.Context(), sha)))
		})
	}
}

func TestALinkOutOfTheStoreIsNotFollowed(t *testing.T) {
	s, dir := open(t)
	outside := filepath.Join(t.TempDir(), "outside")
	require.NoError(t, os.WriteFile(outside, []byte("x"), 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "ba"), 0o700))
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "ba", shaOfAbc)))
	_, err := s.Get(t.Context(), shaOfAbc)
	assert.Error(t, err)
}

// Package files keeps photos, videos and sealed packages on disk by the SHA-256
// of their content. A file is written before the commit that names it; one that
// no row names does no harm.
package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"dure/domain/fault"
)

// incoming is the folder of files that are not whole yet.
const incoming = "incoming"

// Store is a folder of files named by their content. It is safe for concurrent
// use, by several processes too.
type Store struct{ root *os.Root }

// Open returns the store in dir and makes the folder if it is missing. What a
// crash left half written is not found and may be removed at any time.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(filepath.Join(dir, incoming), 0o700); err != nil {
		return nil, fmt.Errorf("open file store: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open file store: %w", err)
	}
	return &Store{root: root}, nil
}

// Close gives the folder back.
func (s *Store) Close() error { return s.root.Close() }

// Put stores what r holds and returns its SHA-256 in hex and its size in bytes.
// When it returns, the file is on disk. The same content is stored once. On an
// error, or when ctx ends first, nothing is stored.
func (s *Store) Put(ctx context.Context, r io.Reader) (sha string, size int64, err error) {
	file, err := os.CreateTemp(filepath.Join(s.root.Name(), incoming), "file-*")
	if err != nil {
		return "", 0, fmt.Errorf("store file: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }() // gone already when all went well
	h := sha256.New()
	size, err = io.Copy(io.MultiWriter(file, h), contextReader{ctx, r})
	if err == nil {
		err = file.Sync()
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return "", 0, fmt.Errorf("store file: %w", err)
	}
	sha = hex.EncodeToString(h.Sum(nil))
	if err := s.place(filepath.Base(file.Name()), sha); err != nil {
		return "", 0, fmt.Errorf("store file: %w", err)
	}
	return sha, size, nil
}

// place moves a whole file to its name and makes the move last.
func (s *Store) place(name, sha string) error {
	dir := sha[:2]
	made := false
	if err := s.root.Mkdir(dir, 0o700); err == nil {
		made = true
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := s.root.Rename(incoming+"/"+name, path(sha)); err != nil {
		return err
	}
	if err := s.sync(dir); err != nil || !made {
		return err
	}
	return s.sync(".")
}

func (s *Store) sync(dir string) error {
	d, err := s.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Get opens the file with that hash; the caller closes it. It fails with
// fault.NotFound when there is none, or when sha is no hash.
func (s *Store) Get(_ context.Context, sha string) (io.ReadCloser, error) {
	if !isHash(sha) {
		return nil, errNotFound
	}
	file, err := s.root.Open(path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	return file, nil
}

// Delete removes the file with that hash. One that is not there is no error; a
// text that is no hash is fault.NotFound.
func (s *Store) Delete(_ context.Context, sha string) error {
	if !isHash(sha) {
		return errNotFound
	}
	if err := s.root.Remove(path(sha)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete file: %w", err)
	}
	return nil
}

var errNotFound = fault.New(fault.NotFound, "file.not_found")

func path(sha string) string { return sha[:2] + "/" + sha }

// isHash reports whether sha is 64 lower-case hex digits: nothing else ever
// becomes part of a path.
func isHash(sha string) bool {
	if len(sha) != hex.EncodedLen(sha256.Size) {
		return false
	}
	for _, c := range []byte(sha) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// contextReader stops reading when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

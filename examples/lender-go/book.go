package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"example.com/lender/api"
)

// Book is what this system knows, and how far it has read. Both are kept in one
// file that is replaced as a whole: after a power cut either a part of the feed
// is in the book and behind the cursor, or it is read again. A real system keeps
// the cursor in the database transaction that applies the changes.
type Book struct {
	Cursor       string                     `json:"cursor"` // empty before the first part
	Changes      int                        `json:"changes"`
	Applications map[string]api.Application `json:"applications"` // as they are now
	Open         map[string]bool            `json:"open"`         // ids of contracts, and of applications without one, that customers show us
}

// openBook reads a book; one that is not there yet is empty.
func openBook(path string) (*Book, error) {
	b := &Book{Applications: map[string]api.Application{}, Open: map[string]bool{}}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return nil, err
	}
	return b, json.Unmarshal(raw, b)
}

// save replaces the file, or leaves it as it was.
func (b *Book) save(path string) error {
	raw, err := json.MarshalIndent(b, "", "\t")
	if err != nil {
		return err
	}
	next, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(next.Name()) }()
	_, err = next.Write(raw)
	if err = errors.Join(err, next.Sync(), next.Close()); err != nil {
		return err
	}
	return os.Rename(next.Name(), path)
}

// change is one node of the feed.
type change = api.ReadChangesContractChangesContractChangeFeedNodesContractChange

// note applies a change. Applying it twice does no harm: the feed tells ids, and
// what they name is read as it is now.
func (b *Book) note(c change) {
	b.Changes++
	switch c.Kind {
	case "contract.shared":
		b.Open[c.SubjectId] = true
	case "contract.closed":
		delete(b.Open, c.SubjectId)
	}
	if c.Application != nil {
		b.Applications[c.Application.Id] = *c.Application
	}
}

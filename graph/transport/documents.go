package transport

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Documents are trusted documents: GraphQL text by id. An id that is a SHA-256
// in hexadecimal, with or without "sha256:" before it, is the text's own.
type Documents map[string]string

// LoadDocuments reads a JSON object of texts by id. It fails when a text does
// not parse or is not the one that its hash names.
func LoadDocuments(path string) (Documents, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read trusted documents: %w", err)
	}
	documents := Documents{}
	if err := json.Unmarshal(file, &documents); err != nil {
		return nil, fmt.Errorf("read trusted documents in %s: %w", path, err)
	}
	for _, id := range slices.Sorted(maps.Keys(documents)) {
		text := documents[id]
		if hash, is := asHash(id); is && hash != sha256Hex(text) {
			return nil, fmt.Errorf("read trusted documents in %s: the text of %s has another SHA-256", path, id)
		}
		if _, err := parser.ParseQuery(&ast.Source{Name: id, Input: text}); err != nil {
			return nil, fmt.Errorf("read trusted documents in %s: %w", path, err)
		}
	}
	return documents, nil
}

// Names lists the names of the operations in the documents.
func (d Documents) Names() []string {
	names := map[string]bool{}
	for _, text := range d {
		doc, err := parser.ParseQuery(&ast.Source{Input: text})
		if err != nil {
			continue // LoadDocuments lets none through
		}
		for _, op := range doc.Operations {
			if op.Name != "" {
				names[op.Name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// find returns the text that r means. A text that is sent in full is trusted
// when it is one of the documents.
func (d Documents) find(r *request) (text string, ok bool) {
	switch {
	case r.documentID != "":
		text, ok = d[r.documentID]
		if hash, is := asHash(r.documentID); !ok && is {
			text, ok = d.byHash(hash)
		}
	case r.hash != "":
		text, ok = d.byHash(r.hash)
	default:
		text = r.query
		for _, known := range d {
			ok = ok || known == text
		}
	}
	return text, ok
}

func (d Documents) byHash(hash string) (text string, ok bool) {
	if text, ok = d[hash]; ok {
		return text, ok
	}
	text, ok = d["sha256:"+hash]
	return text, ok
}

func asHash(id string) (hash string, is bool) {
	hash = strings.TrimPrefix(id, "sha256:")
	_, err := hex.DecodeString(hash)
	return hash, err == nil && len(hash) == 2*sha256.Size
}

func sha256Hex(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// How much is remembered of each persona's documents. A parsed document takes up
// to a hundred times the bytes of its text.
const (
	rememberedDocuments = 1_000
	rememberedText      = 512 << 10 // bytes of all texts
	rememberedLongest   = 32 << 10  // bytes of one text; longer ones are parsed each time
)

// memory remembers the newest used values, bounded by number and by the bytes of
// the texts they stand for. It is safe for concurrent use.
type memory[V any] struct {
	mu    sync.Mutex
	least *simplelru.LRU[string, remembered[V]]
	bytes int
}

type remembered[V any] struct {
	value V
	bytes int
}

func newMemory[V any]() *memory[V] {
	m := &memory[V]{}
	// It fails only for a size that is not positive.
	m.least, _ = simplelru.NewLRU(rememberedDocuments, func(_ string, r remembered[V]) { m.bytes -= r.bytes })
	return m
}

func (m *memory[V]) get(key string) (value V, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.least.Get(key)
	return r.value, ok
}

// put remembers value, which stands for a text of that many bytes.
func (m *memory[V]) put(key string, value V, bytes int) {
	if bytes > rememberedLongest {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.least.Remove(key)
	m.bytes += bytes
	m.least.Add(key, remembered[V]{value, bytes})
	for m.bytes > rememberedText {
		m.least.RemoveOldest()
	}
}

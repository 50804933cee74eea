package demo_test

import (
	"crypto/sha256"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"dure/adapters/ids"
	"dure/internal/demo"
)

// today is a Tuesday morning in Korea, in the middle of a season.
var today = time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC)

func world(t testing.TB, size string, seed uint64, now time.Time) *demo.World {
	t.Helper()
	w, err := demo.Make(demo.Options{Size: size, Seed: seed, Now: now, PasswordHash: "hash", NewID: ids.At})
	require.NoError(t, err)
	return w
}

func fingerprint(t *testing.T, w *demo.World) [32]byte {
	t.Helper()
	raw, err := json.Marshal(w)
	require.NoError(t, err)
	return sha256.Sum256(raw)
}

func TestOneSeedGivesOneWorld(t *testing.T) {
	first := fingerprint(t, world(t, "small", 1, today))
	assert.Equal(t, first, fingerprint(t, world(t, "small", 1, today)))
	assert.NotEqual(t, first, fingerprint(t, world(t, "small", 2, today)))
}

func BenchmarkFull(b *testing.B) {
	for b.Loop() {
		world(b, "full", 20260101, today)
	}
}

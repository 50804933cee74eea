package ids_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"dure/adapters/ids"
)

func TestNew(t *testing.T) {
	a, b := ids.New("ctr"), ids.New("ctr")
	assert.Len(t, a, len("ctr_")+26)
	assert.NotEqual(t, a, b)
}

func TestAt(t *testing.T) {
	at := time.Date(2024, 3, 2, 9, 0, 0, 0, time.UTC)
	source := func() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{1}) }
	first := ids.At("ctr", at, source())

	assert.Equal(t, first, ids.At("ctr", at, source()), "the same source gives the same id")
	assert.Less(t, first, ids.At("ctr", at.Add(time.Millisecond), source()), "ids sort by time")
	assert.Less(t, first, ids.New("ctr"), "an id of the past sorts before one of today")
}

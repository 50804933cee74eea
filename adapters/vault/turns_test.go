package vault

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestACrowdHashesInTurn(t *testing.T) {
	for range cap(turns()) { // others hash
		turns() <- struct{}{}
	}
	var hashed atomic.Int32
	for _, hash := range []func(){
		func() { SpendPassword("dure-demo") },
		func() { _, _ = HashPassword("dure-demo") },
		func() { _, _ = VerifyPassword(nobody(), "dure-demo") },
	} {
		go func() { hash(); hashed.Add(1) }()
	}
	assert.Never(t, func() bool { return hashed.Load() > 0 }, 200*time.Millisecond, 20*time.Millisecond, "a hash takes a tenth of that")
	for range cap(turns()) {
		<-turns()
	}
	require.Eventually(t, func() bool { return hashed.Load() == 3 }, 10*time.Second, time.Millisecond)
	assert.Empty(t, turns(), "everybody gave the turn back")
}

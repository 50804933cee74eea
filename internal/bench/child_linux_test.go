package main

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCPUIn(t *testing.T) {
	t.Run("user and system time follow the name, whatever it holds", func(t *testing.T) {
		spent, err := cpuIn("42 (a ) b (c) S 1 2 3 4 5 6 7 8 9 10 150 25 0 0 20 0 9 0 100\n")
		require.NoError(t, err)
		assert.Equal(t, 1750*time.Millisecond, spent)
	})
	t.Run("what is no process status is refused", func(t *testing.T) {
		for _, stat := range []string{"", "42 (dure) S 1", "42 (dure) S 1 2 3 4 5 6 7 8 9 10 x 25 0", "42 (dure) S 1 2 3 4 5 6 7 8 9 10 150 y 0"} {
			_, err := cpuIn(stat)
			assert.Error(t, err, "%q", stat)
		}
	})
}

func TestCPUOfThisProcessGrows(t *testing.T) {
	before, err := cpuOf(os.Getpid())
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		for n := range 1_000_000 { // work, to be seen
			_ = significant(float64(n))
		}
		after, err := cpuOf(os.Getpid())
		return err == nil && after > before
	}, 10*time.Second, time.Millisecond)
}

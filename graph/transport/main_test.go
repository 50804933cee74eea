package transport_test

import (
	"testing"

	"go.uber.org/goleak"
)

// Every test of this package ends with nothing left running.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

//go:build race

package limit_test

// slower is how much the race detector slows things down.
const slower = 10

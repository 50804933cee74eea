package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// endWithParent has the kernel end the child when this process dies.
func endWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGKILL }

// tick is the unit of the times in /proc, USER_HZ, on every architecture that
// Go runs on.
const tick = 10 * time.Millisecond

// cpuOf reads the user and system time of a process, all of its threads.
func cpuOf(process int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", process))
	if err != nil {
		return 0, err
	}
	return cpuIn(string(text))
}

// cpuIn reads the times from the text of /proc/PID/stat. A program's name, in
// parentheses, may hold anything; what counts follows the last of them.
func cpuIn(stat string) (time.Duration, error) {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	const user, system = 11, 12
	if len(fields) <= system {
		return 0, fmt.Errorf("unexpected process status %q", stat)
	}
	u, err := strconv.ParseInt(fields[user], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read process status: %w", err)
	}
	s, err := strconv.ParseInt(fields[system], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read process status: %w", err)
	}
	return time.Duration(u+s) * tick, nil
}

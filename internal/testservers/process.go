// Package testservers starts private PostgreSQL and Redis servers from the
// binaries of this machine, on free loopback ports and in temporary folders,
// for tests and for the bench. It never touches a server that already runs.
package testservers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrMissing tells that a server's binaries are not on this machine.
var ErrMissing = errors.New("not installed")

// startTimeout bounds how long a server may take until it answers.
const startTimeout = 30 * time.Second

// Server is a running private server.
type Server struct {
	// URL is how a client reaches the server; of a Redis cluster a comma list.
	URL string

	folder    string
	processes []*process
}

// Stop ends the server and removes its folder. Stopping twice does no harm.
func (s *Server) Stop() {
	for _, p := range s.processes {
		p.stop()
	}
	_ = os.RemoveAll(s.folder)
}

// Kill ends the server at once, as a crash would, and keeps its folder until Stop.
func (s *Server) Kill() {
	for _, p := range s.processes {
		_ = p.command.Process.Kill()
		<-p.ended
	}
}

// Pause freezes the server: connections stay open and nothing answers.
func (s *Server) Pause() { s.signal(syscall.SIGSTOP) }

// Resume ends a Pause.
func (s *Server) Resume() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(signal os.Signal) {
	for _, p := range s.processes {
		_ = p.command.Process.Signal(signal)
	}
}

// process is one child that dies with us.
type process struct {
	command *exec.Cmd
	quit    os.Signal // ends it in good order
	ended   chan struct{}
	err     error // why it ended; read it after ended is closed
	log     string
}

// launch starts command with its output in the file log.
func launch(command *exec.Cmd, quit os.Signal, log string) (*process, error) {
	output, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer output.Close()
	command.Stdout, command.Stderr = output, output
	if command.SysProcAttr == nil {
		command.SysProcAttr = &syscall.SysProcAttr{}
	}
	endWithParent(command.SysProcAttr)
	p := &process{command: command, quit: quit, ended: make(chan struct{}), log: log}
	started := make(chan error)
	go p.keep(started)
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// keep starts the process and waits for it on one thread: Linux sends the
// parent's death signal when the thread that started the child ends.
func (p *process) keep(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(p.ended)
	err := p.command.Start()
	started <- err
	if err == nil {
		p.err = p.command.Wait()
	}
}

// stop ends the process, by force when it does not go in good order.
func (p *process) stop() {
	_ = p.command.Process.Signal(syscall.SIGCONT)
	_ = p.command.Process.Signal(p.quit)
	select {
	case <-p.ended:
	case <-time.After(5 * time.Second):
		_ = p.command.Process.Kill()
		<-p.ended
	}
}

// await calls answers until it succeeds, the process ends, or time is up.
func (p *process) await(ctx context.Context, answers func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := answers(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.ended:
			return fmt.Errorf("%s ended while starting (%v): %s", filepath.Base(p.command.Path), p.err, p.tail())
		case <-ctx.Done():
			p.stop()
			return fmt.Errorf("%s does not answer (%w): %s", filepath.Base(p.command.Path), err, p.tail())
		case <-tick.C:
		}
	}
}

// tail returns the end of what the process wrote.
func (p *process) tail() string {
	text, _ := os.ReadFile(p.log)
	return strings.TrimSpace(string(text[max(0, len(text)-2000):]))
}

// folderPrefix begins the name of every folder made here; the process id follows.
const folderPrefix = "dure-test-servers-"

// newFolder makes a temporary folder, and removes those that processes left
// behind that were killed before they could.
func newFolder() (string, error) {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), folderPrefix+"*"))
	for _, folder := range left {
		id, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(folder), folderPrefix), "-")
		if pid, err := strconv.Atoi(id); err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(folder)
		}
	}
	return os.MkdirTemp("", fmt.Sprintf("%s%d-", folderPrefix, os.Getpid()))
}

// freePort returns a loopback port that nobody listens on now.
func freePort() (int, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// portAttempts is how often a start is tried again, since a free port can be
// taken between choosing it and listening on it.
const portAttempts = 3

// again calls start until it succeeds, at most portAttempts times.
func again(start func() (*Server, error)) (*Server, error) {
	var failed error
	for range portAttempts {
		server, err := start()
		if err == nil || errors.Is(err, ErrMissing) {
			return server, err
		}
		failed = err
	}
	return nil, failed
}

// findBinary returns the path of a program, from PATH or else the newest match of the patterns.
func findBinary(name string, patterns ...string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	newest := ""
	for _, pattern := range patterns {
		found, _ := filepath.Glob(pattern)
		for _, path := range found {
			if len(path) > len(newest) || len(path) == len(newest) && path > newest {
				newest = path
			}
		}
	}
	if newest == "" {
		return "", fmt.Errorf("%s is %w", name, ErrMissing)
	}
	return newest, nil
}

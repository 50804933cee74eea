package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// readyTimeout bounds how long a server may take to seed its data and answer.
const readyTimeout = 2 * time.Minute

// child is a server in a process of its own.
type child struct {
	name    string
	address string // host:port it listens on
	command *exec.Cmd
	log     string
	ended   chan struct{}
	err     error // why it ended; read it after ended is closed
}

// startChild runs command, whose server shall listen on address, with its output
// in a file of folder, and waits until path answers 200.
func startChild(ctx context.Context, name, folder, address, path string, command *exec.Cmd) (*child, error) {
	c := &child{name: name, address: address, command: command, log: filepath.Join(folder, name+".log"), ended: make(chan struct{})}
	output, err := os.Create(c.log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = output.Close() }()
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = &syscall.SysProcAttr{}
	endWithParent(command.SysProcAttr)
	started := make(chan error)
	go c.keep(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	if err := c.await(ctx, "http://"+address+path); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

// keep starts the process and waits for it on one thread: Linux sends the
// parent's death signal when the thread that started the child ends.
func (c *child) keep(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(c.ended)
	err := c.command.Start()
	started <- err
	if err == nil {
		c.err = c.command.Wait()
	}
}

// await asks url until it answers 200.
func (c *child) await(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if answers(ctx, url) {
			return nil
		}
		select {
		case <-c.ended:
			return fmt.Errorf("%s ended while starting (%w): %s", c.name, c.err, c.tail())
		case <-ctx.Done():
			return fmt.Errorf("%s does not get ready (%w): %s", c.name, ctx.Err(), c.tail())
		case <-tick.C:
		}
	}
}

func answers(ctx context.Context, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// tail returns the end of what the process wrote.
func (c *child) tail() string {
	text, _ := os.ReadFile(c.log)
	return string(text[max(0, len(text)-2000):])
}

// stop asks the process to end, by force when it does not. Stopping nothing
// does no harm.
func (c *child) stop() {
	if c == nil {
		return
	}
	_ = c.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.ended:
	case <-time.After(15 * time.Second):
		_ = c.command.Process.Kill()
		<-c.ended
	}
}

// spent returns how much CPU the process has used so far, system calls included.
func (c *child) spent() (time.Duration, error) {
	select {
	case <-c.ended:
		return 0, fmt.Errorf("%s ended: %s", c.name, c.tail())
	default:
		return cpuOf(c.command.Process.Pid)
	}
}

// freeAddress returns a loopback address that nobody listens on now.
func freeAddress(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

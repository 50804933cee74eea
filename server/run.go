package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Run answers on addr until ctx ends; see Serve.
func Run(ctx context.Context, addr string, handler http.Handler, drain time.Duration, stop ...func()) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	return Serve(ctx, listener, handler, drain, stop...)
}

// Serve answers on listener until ctx ends. Then it takes no new connections,
// calls each stop (which should end streams in good order), gives requests that
// run up to drain to finish, and cuts what is left. It returns nil when
// everything had finished.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler, drain time.Duration, stop ...func()) error {
	// Requests outlive ctx by the drain: they end with base.
	base, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	s := &http.Server{
		Handler:           handler,
		BaseContext:       func(net.Listener) context.Context { return base },
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		// No ReadTimeout and WriteTimeout, which would cut streams: see deadlines.
	}
	for _, f := range stop {
		s.RegisterOnShutdown(f)
	}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}

	patience, done := context.WithTimeout(base, drain)
	defer done()
	err := s.Shutdown(patience)
	cut()
	if err != nil {
		_ = s.Close()
		err = fmt.Errorf("drain: %w", err)
	}
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// Command bench measures the spine of Dure against baselines that run beside
// it, and prints one JSON object a line on standard output and nothing else
// there. docs/measurements/README.md says what each line means.
//
//	go run ./internal/bench [-only PATTERN]
//
// It starts private servers and processes of its own, and stops them. Called by
// itself with a role (stock, bare, said) it is one of the baselines.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
	_ "time/tzdata" // the business day, wherever this runs
)

// benchmark measures one or more lines whose names begin with name.
type benchmark struct {
	name string
	run  func(context.Context, *stage) ([]line, error)
}

// benchmarks are in the order that they run in: first those that ask servers in
// processes of their own, then those that have the machine to themselves.
var benchmarks = []benchmark{
	{"rank-banner/32", func(ctx context.Context, s *stage) ([]line, error) { return rankBanner(ctx, s, 32) }},
	{"rank-banner/256", func(ctx context.Context, s *stage) ([]line, error) { return rankBanner(ctx, s, 256) }},
	{"page/contracts-100", pageOfContracts},
	{"page/lender-100", pageOfLender},
	{"feed", feeding},
	{"fanout/5000", func(ctx context.Context, s *stage) ([]line, error) { return fanout(ctx, s, 5000) }},
	{"sign/16", func(ctx context.Context, s *stage) ([]line, error) { return signing(ctx, s, 16) }},
	{"relay", relaying},
	{"standing", standing},
}

// roles are what the bench does as a child of itself.
var roles = map[string]func(ctx context.Context, arguments []string) error{
	"stock": serveStock,
	"bare":  serveBare,
	"said":  serveSaid,
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string) error {
	if len(arguments) > 0 && roles[arguments[0]] != nil {
		tuneAsServer()
		return roles[arguments[0]](ctx, arguments[1:])
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	only := flags.String("only", "", "regular expression of the benchmarks to run; all when empty")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	chosen, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	return measure(ctx, os.Stdout, chosen)
}

// measure runs the benchmarks that chosen names and writes their lines to out.
func measure(ctx context.Context, out io.Writer, chosen *regexp.Regexp) (err error) {
	s, err := openStage()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if chosen.MatchString("standing") {
		s.fillStandings(ctx)
	}
	for _, b := range benchmarks {
		if !chosen.MatchString(b.name) {
			continue
		}
		began := time.Now()
		lines, err := b.run(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		s.say("%s took %.1f s", b.name, time.Since(began).Seconds())
		for _, l := range lines {
			if err := json.NewEncoder(out).Encode(l); err != nil {
				return err
			}
		}
	}
	return nil
}

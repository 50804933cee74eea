// Command lender is a finance company's system in small: it follows what
// customers agreed to show it, decides on applications, asks for documents,
// confirms that the money was paid, and is called by webhooks. README.md walks
// through it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/Khan/genqlient/graphql"
)

// settings come from the environment, as a secret should.
type settings struct {
	url      string // of Dure
	clientID string
	secret   string // of the client; or
	keyFile  string // a private JSON Web Key, for private_key_jwt
	bookFile string // where the book is kept
	webhook  string // the endpoint's secret
}

func fromEnvironment() settings {
	or := func(name, fallback string) string {
		if v := os.Getenv(name); v != "" {
			return v
		}
		return fallback
	}
	return settings{
		url: strings.TrimSuffix(or("LENDER_DURE_URL", "http://127.0.0.1:8080"), "/"), clientID: or("LENDER_CLIENT_ID", "lender-a"),
		secret: os.Getenv("LENDER_CLIENT_SECRET"), keyFile: os.Getenv("LENDER_CLIENT_KEY"), bookFile: or("LENDER_BOOK", "book.json"),
		webhook: os.Getenv("LENDER_WEBHOOK_SECRET"),
	}
}

// command is one of the things that this system can be told to do.
type command struct {
	name, does string
	run        func(ctx context.Context, s settings, dure graphql.Client, args []string) error
}

var commands = []command{
	{"follow", "keep the book of applications up to date", follow},
	{"decide", "decide on an application", decide},
	{"request", "ask the dealer for a document", request},
	{"fund", "confirm that the money was paid", fund},
	{"endpoint", "have webhooks sent to an address", endpoint},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		slog.Error("lender", "failed", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	for _, c := range commands {
		if len(args) > 0 && args[0] == c.name {
			s := fromEnvironment()
			authorized, err := signIn(ctx, s)
			if err != nil {
				return err
			}
			return c.run(ctx, s, graphql.NewClient(s.url+"/graphql", authorized), args[1:])
		}
	}
	for _, c := range commands {
		fmt.Fprintf(os.Stderr, "lender %-9s %s\n", c.name, c.does)
	}
	return errors.New("tell it what to do")
}

package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"time"

	"github.com/Khan/genqlient/graphql"

	"example.com/lender/api"
)

// follower reads the feed into the book.
type follower struct {
	dure graphql.Client
	book *Book
	path string
	page int
}

// follow keeps the book up to date: once, or until it is stopped. It looks when
// a webhook says that something is there, and every half a minute in case one
// was lost.
func follow(ctx context.Context, s settings, dure graphql.Client, args []string) error {
	flags := flag.NewFlagSet("follow", flag.ContinueOnError)
	once := flags.Bool("once", false, "stop when nothing more is there")
	page := flags.Int("page", 100, "changes to read at a time, 1 to 100")
	every := flags.Duration("every", 30*time.Second, "how often to look without being called")
	address := flags.String("listen", "", "where webhooks come in, such as 127.0.0.1:9090")
	if err := flags.Parse(args); err != nil {
		return err
	}
	book, err := openBook(s.bookFile)
	if err != nil {
		return err
	}
	f := &follower{dure: dure, book: book, path: s.bookFile, page: *page}
	if *once {
		return f.catchUp(ctx)
	}
	called := make(chan struct{}, 1)
	if *address != "" {
		stop, err := listen(*address, s.webhook, called)
		if err != nil {
			return err
		}
		defer stop()
	}
	const longest = time.Minute
	wait := time.Second
	for {
		next := *every
		if err := f.catchUp(ctx); ctx.Err() != nil {
			return nil // told to stop; what was not saved is read again
		} else if err != nil {
			slog.WarnContext(ctx, "will try again", "in", wait, "failed", err)
			next, wait = wait, min(2*wait, longest)
		} else {
			wait = time.Second
		}
		select {
		case <-ctx.Done():
			return nil
		case <-called:
		case <-time.After(next):
		}
	}
}

// catchUp reads until nothing more is there, and saves after each part.
func (f *follower) catchUp(ctx context.Context) error {
	for {
		var after *string
		if f.book.Cursor != "" {
			after = &f.book.Cursor
		}
		answer, err := api.ReadChanges(ctx, f.dure, after, &f.page)
		if err != nil {
			return err
		}
		part := answer.ContractChanges
		for _, c := range part.Nodes {
			f.book.note(c)
		}
		f.book.Cursor = part.Cursor
		if len(part.Nodes) > 0 {
			if err := f.book.save(f.path); err != nil {
				return err
			}
		}
		for _, c := range part.Nodes {
			fmt.Println(told(c))
		}
		if !part.HasMore {
			return nil
		}
	}
}

// told is a change in one line.
func told(c change) string {
	line := c.OccurredAt.Format(time.DateTime) + " " + c.Kind + " " + c.SubjectId
	if a := c.Application; a != nil {
		line += fmt.Sprintf(" %s, %d won over %d months", a.Status, a.Amount, a.Months)
	}
	return line
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"dure/adapters/ids"
	"dure/adapters/store"
	"dure/domain/act"
	"dure/domain/fault"
	"dure/domain/identity"
	"dure/domain/insight"
	"dure/domain/iq"
	"dure/domain/work"
	"dure/graph/words"
)

// importCommand brings past results in.
type importCommand struct {
	Sales importSalesCommand `cmd:"" help:"Bring past sales in from a CSV file, all of them or none."`
}

type importSalesCommand struct {
	File string `arg:"" type:"existingfile" help:"CSV in UTF-8 with the columns dealer (business number or id), product (model code or name), quantity, amount (won), sold_at (2024-03-02) and channel (DIGITAL or PAPER)."`
}

// Run implements the command.
func (c importSalesCommand) Run(ctx context.Context, s *Settings) (err error) {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	db, err := s.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	result, err := salesImporter(db, time.Now).Import(identity.With(ctx, identity.System), file)
	if err != nil {
		return told(os.Stderr, c.File, err, terminalLanguage())
	}
	fmt.Printf("%s: %d sales brought in, %d were there already\n", c.File, result.Added, result.Known)
	return nil
}

// salesImporter brings sales into db through the log, which figures and Sales IQ
// follow as they do any other act.
func salesImporter(db *store.DB, now func() time.Time) *insight.Importer {
	kit, sales := work.Kit{Unit: db, Now: now, NewID: ids.New}, store.Sales{DB: db}
	followers := []act.Follower{insight.Projection{Store: sales}, &iq.Service{Kit: kit, Store: store.Ledger{DB: db}}}
	return &insight.Importer{
		Kit: kit, Store: sales, IDAt: ids.At, Acts: &act.Log{Store: store.Acts{DB: db}, Followers: followers},
	}
}

// told prints every bad line of a file, and returns what to say of them all;
// another error goes through, in words if it has any.
func told(out io.Writer, file string, err error, l words.Language) error {
	if bad := insight.BadLines(nil); errors.As(err, &bad) {
		for _, b := range bad {
			column := b.Fault.Field
			if column != "" {
				column += ": "
			}
			if _, err := fmt.Fprintf(out, "%s:%d: %s%s\n", file, b.Line, column, words.Fault(l, b.Fault)); err != nil {
				return err
			}
		}
		return fmt.Errorf("nothing was brought in: %d things to mend in %s", len(bad), file)
	}
	if faults, only := fault.All(err); only && len(faults) == 1 {
		return errors.New(words.Fault(l, faults[0]))
	}
	return err
}

// terminalLanguage is the language that the terminal is set to.
func terminalLanguage() words.Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if set := os.Getenv(name); set != "" {
			tag, _, _ := strings.Cut(set, ".")
			return words.Pick("", strings.ReplaceAll(tag, "_", "-"))
		}
	}
	return words.Pick("", "")
}

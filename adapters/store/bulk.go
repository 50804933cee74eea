package store

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/uptrace/bun"
)

// Load inserts rows that something else has made, many at a time. Each table is
// a slice of one kind of row; those that others refer to come first. Rows of a
// log bring their own Seq, counted from 1 in an empty database: call
// ContinueSeries after the last of them, in the same transaction.
func (d *DB) Load(ctx context.Context, tables ...any) error {
	return d.load(ctx, "", tables)
}

// LoadMissing is Load for rows of which some may be there already: those stay
// as they are.
func (d *DB) LoadMissing(ctx context.Context, tables ...any) error {
	return d.load(ctx, "CONFLICT DO NOTHING", tables)
}

// load inserts tables; while the database works on a statement, another processor
// writes out the next.
func (d *DB) load(ctx context.Context, on string, tables []any) error {
	ctx, stop := context.WithCancel(ctx)
	statements := make(chan statement, 1)
	var writing sync.WaitGroup
	defer writing.Wait()
	defer stop()
	writing.Go(func() {
		defer close(statements)
		for _, table := range tables {
			if !d.writeOut(ctx, table, on, statements) {
				return
			}
		}
	})
	for s := range statements {
		if s.err != nil {
			return s.err
		}
		if _, err := d.write(ctx).ExecContext(ctx, s.text); err != nil {
			return wrap(err, "load "+s.rows)
		}
	}
	return ctx.Err()
}

// statement is SQL that was written out, or why it could not be.
type statement struct {
	text string
	rows string // what it inserts, for errors
	err  error
}

// writeOut sends the statements that insert a table. It reports false when it
// failed or nobody waits for more.
func (d *DB) writeOut(ctx context.Context, table any, on string, to chan<- statement) bool {
	send := func(s statement) bool {
		s.rows = fmt.Sprintf("%T", table)
		select {
		case to <- s:
			return s.err == nil
		case <-ctx.Done():
			return false
		}
	}
	rows := reflect.ValueOf(table)
	if rows.Kind() != reflect.Slice {
		return send(statement{err: fmt.Errorf("load %T: not a slice of rows", table)})
	}
	chunk := chunkOf(rows.Type().Elem())
	for rows.Len() > 0 {
		part := reflect.New(rows.Type())
		part.Elem().Set(rows.Slice(0, min(chunk, rows.Len())))
		insert := d.write(ctx).NewInsert().Model(part.Interface()).Returning("NULL")
		if on != "" {
			insert = insert.On(on)
		}
		text, err := insert.AppendQuery(d.writer.QueryGen(), nil)
		if !send(statement{text: string(text), err: wrap(err, "write out rows")}) {
			return false
		}
		rows = rows.Slice(part.Elem().Len(), rows.Len())
	}
	return true
}

// LoadNumbers gives the rows with those ids the numbers 1, 2, 3 … of a series,
// "quote" or "contract", which NextNumber goes on from after ContinueSeries.
func (d *DB) LoadNumbers(ctx context.Context, series string, ids []string) error {
	rows := make([]number, len(ids))
	for i, id := range ids {
		rows[i] = number{Seq: int64(i + 1), ID: id}
	}
	chunk := chunkOf(reflect.TypeFor[number]())
	for len(rows) > 0 {
		part := rows[:min(chunk, len(rows))]
		if _, err := d.write(ctx).NewInsert().Model(&part).ModelTableExpr("?", bun.Ident(series+"_numbers")).Exec(ctx); err != nil {
			return wrap(err, "load numbers")
		}
		rows = rows[len(part):]
	}
	return nil
}

// ContinueSeries lets the logs and series count on from their last row.
func (d *DB) ContinueSeries(ctx context.Context) error {
	for _, table := range []string{"acts", "ledger_entries", "partner_changes", "quote_numbers", "contract_numbers"} {
		if err := d.continueAfterLast(ctx, table); err != nil {
			return wrap(err, "continue "+table)
		}
	}
	return nil
}

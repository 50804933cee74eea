// Package store keeps the truth in SQL: PostgreSQL in production, SQLite as the
// embedded default, through bun with one SQL text.
package store

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"sync"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"
	"github.com/uptrace/bun/schema"

	"dure/domain/identity"
	"dure/domain/work"
	"dure/migrations"
)

// DB is an open database: one writer, and readers that may be replicas.
type DB struct {
	writer     *bun.DB
	reader     *bun.DB // the writer itself where one pool serves both
	dialect    engine
	replicated bool // the reader may be behind the writer

	committed []func() // told after each commit
}

// OnCommit has told called after every transaction that commits. Call it before
// the database is in use.
func (d *DB) OnCommit(told func()) { d.committed = append(d.committed, told) }

// Config says where the truth is.
type Config struct {
	URL      string   // postgres://…, or "" for SQLite
	Replicas []string // postgres://… of read replicas; reads outside transactions go there
	File     string   // SQLite's file; ":memory:" keeps nothing
}

var nameTables = sync.OnceFunc(func() {
	names := map[string]string{ // struct names whose plural is not the table's name
		"staff": "staff", "media": "media", "total": "dealer_totals", "dealer_division": "dealer_divisions", "evidence_event": "evidence_events",
		"change": "partner_changes", "endpoint": "webhook_endpoints", "delivery": "webhook_deliveries",
	}
	schema.SetTableNameInflector(func(name string) string {
		if table, ok := names[name]; ok {
			return table
		}
		return inflect(name)
	})
})

// inflect pluralises the names of our structs.
func inflect(name string) string {
	n := len(name)
	switch {
	case n > 1 && name[n-1] == 'y' && !isVowel(name[n-2]):
		return name[:n-1] + "ies"
	case n > 0 && name[n-1] == 's':
		return name + "es"
	default:
		return name + "s"
	}
}

func isVowel(c byte) bool {
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'
}

// Open connects. It does not migrate.
func Open(ctx context.Context, c Config) (*DB, error) {
	nameTables()
	open := openSQLite
	if c.URL != "" {
		open = openPostgreSQL
	}
	db, err := open(c)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := db.Ping(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("reach database: %w", err)
	}
	return db, nil
}

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.writer.PingContext(ctx) }

// Close lets go of every connection.
func (d *DB) Close() error {
	if d.reader != d.writer {
		if err := d.reader.Close(); err != nil {
			return err
		}
	}
	return d.writer.Close()
}

// SQL returns the writer's pool, for the job library.
func (d *DB) SQL() *sql.DB { return d.writer.DB }

// PostgreSQL reports which engine this is, for wiring the job library's driver.
func (d *DB) PostgreSQL() bool { return d.dialect == postgreSQL }

// Migrate brings the schema up to date. Copies that start at the same moment
// wait for one another.
func (d *DB) Migrate(ctx context.Context) error {
	unlock, err := d.lockMigrations(ctx)
	if err != nil {
		return fmt.Errorf("lock migrations: %w", err)
	}
	defer unlock()
	all := migrate.NewMigrations()
	if err := all.Discover(migrations.Files); err != nil {
		return fmt.Errorf("discover migrations: %w", err)
	}
	m := migrate.NewMigrator(d.writer, all, migrate.WithTemplateData(d.words()), migrate.WithMarkAppliedOnSuccess(true))
	if err := m.Init(ctx); err != nil {
		return fmt.Errorf("prepare migrations: %w", err)
	}
	if _, err := m.Migrate(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

type txKey struct{}

// Do runs do in one transaction; inside another it joins it.
func (d *DB) Do(ctx context.Context, do func(ctx context.Context) error) error {
	if _, ok := ctx.Value(txKey{}).(bun.Tx); ok {
		return do(ctx)
	}
	err := d.writer.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return do(context.WithValue(ctx, txKey{}, tx))
	})
	if err == nil {
		for _, told := range d.committed {
			told()
		}
	}
	return err
}

// Tx returns the running transaction, for inserting jobs in it.
func Tx(ctx context.Context) (*sql.Tx, bool) {
	tx, ok := ctx.Value(txKey{}).(bun.Tx)
	return tx.Tx, ok
}

// write is the running transaction, or the writer outside one.
func (d *DB) write(ctx context.Context) bun.IDB {
	if tx, ok := ctx.Value(txKey{}).(bun.Tx); ok {
		return tx
	}
	return d.writer
}

// read is the running transaction; outside one the readers, or the writer for
// what must be fresh where the readers are replicas.
func (d *DB) read(ctx context.Context) bun.IDB {
	if tx, ok := ctx.Value(txKey{}).(bun.Tx); ok {
		return tx
	}
	if d.replicated && work.IsFresh(ctx) {
		return d.writer
	}
	return d.reader
}

// within limits q to the rows of scope: the one place where reach meets SQL.
// column names the dealer's id. A partner's organisation reaches what is shared
// with it. No row here is a single person's own.
func within(q *bun.SelectQuery, scope identity.Scope, column string) *bun.SelectQuery {
	switch scope.Reach {
	case identity.Everything:
		return q
	case identity.OwnTerritory:
		return q.Where("? IN (SELECT d.id FROM dealers AS d JOIN territories AS t ON t.id = d.territory_id WHERE t.rep_id = ?)", bun.Ident(column), scope.UserID)
	case identity.OwnDealership:
		if scope.DealerID != "" {
			return q.Where("? = ?", bun.Ident(column), scope.DealerID)
		}
	case identity.OwnOrganization:
		if scope.OrganizationID != "" {
			return q.Where("?TableAlias.id IN (SELECT s.row_id FROM shares AS s WHERE s.organization_id = ?)", scope.OrganizationID)
		}
	}
	return q.Where("1 = 0")
}

// handed is within for rows that were handed to one partner: partner names the
// column of its organisation.
func handed(q *bun.SelectQuery, scope identity.Scope, column, partner string) *bun.SelectQuery {
	if scope.Reach == identity.OwnOrganization && scope.OrganizationID != "" {
		return q.Where("? = ?", bun.Ident(partner), scope.OrganizationID)
	}
	return within(q, scope, column)
}

// chunkOf is how many rows of a type go into one statement.
func chunkOf(row reflect.Type) int {
	const cells = 30_000 // both engines take more; texts stay a few megabytes
	return max(1, cells/max(1, row.NumField()))
}

// insertAll inserts rows in as few statements as the engine takes.
func insertAll[T any](ctx context.Context, db bun.IDB, rows []T) error {
	chunk := chunkOf(reflect.TypeFor[T]())
	for len(rows) > 0 {
		n := min(chunk, len(rows))
		part := rows[:n]
		if _, err := db.NewInsert().Model(&part).Exec(ctx); err != nil {
			return wrap(err, fmt.Sprintf("insert %T", part))
		}
		rows = rows[n:]
	}
	return nil
}

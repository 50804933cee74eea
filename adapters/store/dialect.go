package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"dure/migrations"
)

// engine is one of the two databases. Every difference between them is in this
// file.
type engine int

const (
	sqLite engine = iota
	postgreSQL
)

func (d *DB) words() migrations.Words {
	if d.dialect == postgreSQL {
		return migrations.PostgreSQL
	}
	return migrations.SQLite
}

// forUpdate locks the rows that q reads until the transaction ends, against all
// but references to them: a row that somebody else inserts may go on referring
// to one that is locked, or the two would wait for one another. SQLite has one
// writer, so that a transaction holds every row already.
func (d *DB) forUpdate(q *bun.SelectQuery) *bun.SelectQuery {
	if d.dialect == postgreSQL {
		return q.For("NO KEY UPDATE")
	}
	return q
}

// passLocked locks the rows that q reads until the transaction ends, and passes
// over those that another has locked.
func (d *DB) passLocked(q *bun.SelectQuery) *bun.SelectQuery {
	if d.dialect == postgreSQL {
		return q.For("UPDATE SKIP LOCKED")
	}
	return q
}

// settled limits a log to transactions that no earlier one can still join: on
// PostgreSQL those below the oldest that is running. SQLite's one writer commits
// in order.
func (d *DB) settled(q *bun.SelectQuery) *bun.SelectQuery {
	if d.dialect == postgreSQL {
		return q.Where("tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
	}
	return q
}

// continueAfterLast lets a table whose rows brought their own seq count on from
// the last of them. SQLite does so by itself.
func (d *DB) continueAfterLast(ctx context.Context, table string) error {
	if d.dialect != postgreSQL {
		return nil
	}
	_, err := d.write(ctx).ExecContext(ctx, "SELECT setval(pg_get_serial_sequence(?, 'seq'), COALESCE(MAX(seq), 0) + 1, false) FROM ?", table, bun.Ident(table))
	return err
}

// feedLock is the number of the advisory lock that placing changes holds.
const feedLock = 0x64757266

// alone runs do in a short transaction of its own that nobody else runs at the
// same time, whatever transaction the caller is in: on PostgreSQL behind an
// advisory lock. SQLite's one writer is alone already, and joins the caller's.
func (d *DB) alone(ctx context.Context, lock int64, do func(ctx context.Context, db bun.IDB) error) error {
	if d.dialect != postgreSQL {
		return d.Do(ctx, func(ctx context.Context) error { return do(ctx, d.write(ctx)) })
	}
	return d.writer.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", lock); err != nil {
			return err
		}
		return do(ctx, tx)
	})
}

// migrationLock is the number of the advisory lock that migrating holds.
const migrationLock = 0x64757265 // "dure"

func (d *DB) lockMigrations(ctx context.Context) (unlock func(), err error) {
	if d.dialect != postgreSQL {
		return func() {}, nil
	}
	conn, err := d.writer.DB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrationLock)
		_ = conn.Close()
	}, nil
}

func openPostgreSQL(c Config) (*DB, error) {
	writer, err := pool(c.URL)
	if err != nil {
		return nil, err
	}
	db := &DB{dialect: postgreSQL, writer: bun.NewDB(writer, pgdialect.New())}
	db.reader = db.writer
	if len(c.Replicas) > 0 {
		replicas := make([]*sql.DB, len(c.Replicas))
		for i, u := range c.Replicas {
			if replicas[i], err = pool(u); err != nil {
				return nil, err
			}
		}
		db.reader = bun.NewDB(writer, pgdialect.New(), bun.WithConnResolver(newReplicas(replicas)))
		db.replicated = true
	}
	return db, nil
}

func pool(address string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeExec // bun inlines arguments, so preparing each text would only cost
	config.RuntimeParams["timezone"] = "UTC"
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(32)
	db.SetMaxIdleConns(32)
	return db, nil
}

func openSQLite(c Config) (*DB, error) {
	pragmas := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)"}}
	name := "file:" + c.File
	if c.File == "" || c.File == ":memory:" {
		db, err := sql.Open("sqlite", "file::memory:?_txlock=immediate&"+pragmas.Encode())
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(1) // a second connection would be a second, empty database
		db.SetConnMaxLifetime(0)
		both := bun.NewDB(db, sqlitedialect.New())
		return &DB{dialect: sqLite, writer: both, reader: both}, nil
	}
	if err := os.MkdirAll(filepath.Dir(c.File), 0o700); err != nil {
		return nil, err
	}
	writer, err := sql.Open("sqlite", name+"?_txlock=immediate&"+pragmas.Encode())
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	if err := writer.PingContext(context.Background()); err != nil { // creates the file, which readers may not
		return nil, fmt.Errorf("open %s: %w", c.File, err)
	}
	pragmas.Add("_pragma", "query_only(1)")
	reader, err := sql.Open("sqlite", name+"?"+pragmas.Encode())
	if err != nil {
		return nil, err
	}
	reader.SetMaxOpenConns(8)
	reader.SetMaxIdleConns(8)
	return &DB{dialect: sqLite, writer: bun.NewDB(writer, sqlitedialect.New()), reader: bun.NewDB(reader, sqlitedialect.New())}, nil
}

// isUnique reports whether err says that a unique key is taken.
func isUnique(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlitelib.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlitelib.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// isForeignKey reports whether err says that a row refers to one that is not there.
func isForeignKey(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23503"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code() == sqlitelib.SQLITE_CONSTRAINT_FOREIGNKEY
}

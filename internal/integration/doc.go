// Package integration holds the tests of the domain's services on the real
// store, documents, files and boards, on both pairs of engines: SQLite with the
// embedded boards, and PostgreSQL with Redis.
package integration

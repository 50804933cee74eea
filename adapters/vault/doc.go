// Package vault keeps the deployment's secrets: it derives every key from one
// master, hashes passwords, seals and blind-indexes personal data, and issues
// access tokens.
//
// One master of 32 bytes is the only secret to keep safe and to back up. Keys for
// different purposes come from it by HKDF-SHA256 with a label each, so that one
// does not betray another.
//
// Rotation: Open takes the newest master and any number of older ones. What is
// sealed names the key that sealed it, so that old rows still open; new rows are
// sealed by the newest. Tokens, cursors and blind indexes use the newest alone:
// after a rotation people sign in again, and blind indexes are computed anew
// (BlindIndexes gives those of the older masters for searching meanwhile). An
// older master may be dropped when no row is sealed by it any more (SealedByNewest).
package vault

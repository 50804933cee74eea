-- Who may use the platform, and the keys that make a repeat harmless. Times are UTC.
CREATE TABLE organizations (
  id   {{.ID}} PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL -- MAKER, DEALERSHIP, FINANCE_COMPANY or DELIVERY_COMPANY
);

--bun:split
CREATE TABLE users (
  id              {{.ID}} PRIMARY KEY,
  login           TEXT NOT NULL UNIQUE, -- lower case
  password_hash   TEXT NOT NULL,        -- argon2id; '' cannot sign in
  name            TEXT NOT NULL,
  persona         TEXT NOT NULL,
  organization_id {{.ID}} NOT NULL REFERENCES organizations (id),
  dealer_id       {{.ID}},
  language        TEXT,
  active          BOOLEAN NOT NULL,
  created_at      {{.Time}} NOT NULL
);

--bun:split
-- A signed-in device. Its refresh token changes at each use; one that is used
-- again after that ends the session.
CREATE TABLE sessions (
  id            {{.ID}} PRIMARY KEY,
  user_id       {{.ID}} NOT NULL REFERENCES users (id),
  refresh_hash  TEXT NOT NULL, -- SHA-256 of the newest refresh token
  spent_hashes  TEXT NOT NULL, -- JSON list of the ones before it
  device_id     TEXT,
  created_at    {{.Time}} NOT NULL,
  refreshed_at  {{.Time}} NOT NULL,
  expires_at    {{.Time}} NOT NULL,
  ended_at      {{.Time}}
);

--bun:split
CREATE INDEX sessions_user ON sessions (user_id);

--bun:split
-- A device that a signed-in person uses. Acts made offline on a registered one
-- are judged by its time.
CREATE TABLE devices (
  id            TEXT NOT NULL,
  user_id       {{.ID}} NOT NULL REFERENCES users (id),
  registered_at {{.Time}} NOT NULL,
  PRIMARY KEY (user_id, id)
);

--bun:split
-- The first answer to a mutation, kept in the mutation's own transaction.
CREATE TABLE idempotency_keys (
  actor_id   {{.ID}} NOT NULL,
  key        TEXT NOT NULL,
  operation  TEXT NOT NULL,
  input_hash TEXT NOT NULL, -- SHA-256 of the input
  answer     TEXT NOT NULL, -- JSON
  created_at {{.Time}} NOT NULL,
  PRIMARY KEY (actor_id, key)
);

--bun:split
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

--bun:split
-- Who does a job that only one process may do at a time.
CREATE TABLE leases (
  name       TEXT PRIMARY KEY,
  holder     TEXT NOT NULL,
  expires_at {{.Time}} NOT NULL
);

--bun:split
-- How far a reader of a log has come: the transaction and the sequence within.
CREATE TABLE cursors (
  name TEXT PRIMARY KEY,
  tx   BIGINT NOT NULL,
  seq  BIGINT NOT NULL
);

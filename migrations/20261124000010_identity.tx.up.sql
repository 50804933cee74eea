-- Systems and people at the OpenID provider. Times are UTC.

-- A system that asks for tokens of its own: a lender's or a carrier's.
CREATE TABLE clients (
  id              {{.ID}} PRIMARY KEY,
  name            {{.ID}} NOT NULL UNIQUE, -- its client_id
  persona         TEXT NOT NULL,
  organization_id {{.ID}} NOT NULL REFERENCES organizations (id),
  secret_hash     TEXT NOT NULL, -- SHA-256 of a random secret; '' has none
  keys            TEXT NOT NULL, -- JSON Web Key Set for private_key_jwt; '' has none
  active          BOOLEAN NOT NULL,
  created_at      {{.Time}} NOT NULL
);

--bun:split
-- What tokens are signed with. A key is published before it signs and after.
CREATE TABLE signing_keys (
  id         {{.ID}} PRIMARY KEY,
  sealed     TEXT NOT NULL, -- PKCS #8, sealed by the master key
  created_at {{.Time}} NOT NULL
);

--bun:split
-- A client's signed assertion is good once.
CREATE TABLE spent_assertions (
  client_id  {{.ID}} NOT NULL REFERENCES clients (id),
  jti        {{.ID}} NOT NULL,
  expires_at {{.Time}} NOT NULL,
  PRIMARY KEY (client_id, jti)
);

--bun:split
CREATE INDEX spent_assertions_age ON spent_assertions (expires_at);

--bun:split
-- Access tokens that were taken back before their end.
CREATE TABLE revoked_tokens (
  id         {{.ID}} PRIMARY KEY,
  expires_at {{.Time}} NOT NULL
);

--bun:split
-- An app's request to sign somebody in: from its redirect to its code's exchange.
CREATE TABLE authorizations (
  id             {{.ID}} PRIMARY KEY,
  app            TEXT NOT NULL,
  redirect_uri   TEXT NOT NULL,
  state          TEXT NOT NULL,
  nonce          TEXT NOT NULL,
  challenge      TEXT NOT NULL, -- PKCE, S256
  scopes         TEXT NOT NULL, -- JSON list
  device_id      TEXT,
  user_id        {{.ID}} REFERENCES users (id), -- who signed in
  code_hash      TEXT UNIQUE,
  session_id     {{.ID}} REFERENCES sessions (id), -- what the code bought
  created_at     {{.Time}} NOT NULL,
  expires_at     {{.Time}} NOT NULL,
  signed_in_at   {{.Time}}
);

--bun:split
CREATE INDEX authorizations_age ON authorizations (expires_at);

--bun:split
-- The app that a session belongs to; none for one that GraphQL's signIn began.
ALTER TABLE sessions ADD COLUMN app TEXT;

--bun:split
ALTER TABLE sessions ADD COLUMN scopes TEXT; -- JSON list

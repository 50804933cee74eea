-- A mailed link that lets somebody set a password, once. Times are UTC.
CREATE TABLE passes (
  hash       {{.ID}} PRIMARY KEY, -- SHA-256 of the link's token
  kind       TEXT NOT NULL,       -- RESET or INVITATION
  user_id    {{.ID}} NOT NULL REFERENCES users (id),
  created_at {{.Time}} NOT NULL,
  expires_at {{.Time}} NOT NULL
);

--bun:split
CREATE INDEX passes_user ON passes (user_id);

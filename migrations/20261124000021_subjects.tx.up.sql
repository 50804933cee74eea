-- Whom another issuer's tokens speak for. Times are UTC.
CREATE TABLE subjects (
  issuer    TEXT NOT NULL,
  subject   {{.ID}} NOT NULL, -- what the issuer calls the person
  user_id   {{.ID}} NOT NULL REFERENCES users (id),
  linked_at {{.Time}} NOT NULL,
  PRIMARY KEY (issuer, subject),
  UNIQUE (issuer, user_id)
);

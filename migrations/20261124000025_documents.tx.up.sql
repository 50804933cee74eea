-- Documents that dealerships uploaded and nobody has handed in yet.
CREATE TABLE documents (
  sha256    TEXT NOT NULL,
  dealer_id {{.ID}} NOT NULL REFERENCES dealers (id),
  type      TEXT NOT NULL,
  size      BIGINT NOT NULL,
  kept_at   {{.Time}} NOT NULL,
  PRIMARY KEY (sha256, dealer_id)
);

--bun:split
CREATE INDEX documents_kept_at ON documents (kept_at);

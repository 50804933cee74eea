-- Links by which customers reach their own contract. Neither the secret in a
-- link nor a code is kept: both follow from the id and a key. Times are UTC.
CREATE TABLE customer_links (
  id            {{.ID}} PRIMARY KEY,
  secret_hash   {{.ID}} NOT NULL UNIQUE, -- SHA-256
  contract_id   {{.ID}} NOT NULL REFERENCES contracts (id),
  customer_id   {{.ID}} NOT NULL REFERENCES customers (id),
  dealer_id     {{.ID}} NOT NULL REFERENCES dealers (id),
  staff_id      {{.ID}} NOT NULL,        -- who made it
  code_by       TEXT NOT NULL,           -- MAIL or VOICE
  code_number   INTEGER NOT NULL,        -- codes that were made
  code_until    {{.Time}},               -- while the newest code is good
  missed        INTEGER NOT NULL,        -- wrong codes since the newest was made
  missed_in_all INTEGER NOT NULL,
  browser_hash  TEXT,                    -- SHA-256 of the id of the browser that opened it
  made_at       {{.Time}} NOT NULL,
  expires_at    {{.Time}} NOT NULL,
  opened_at     {{.Time}},
  revoked_at    {{.Time}}
);

--bun:split
CREATE INDEX customer_links_contract ON customer_links (contract_id, id);

-- Farmers. Phone, mail and street address are sealed; *_index finds them exactly.
CREATE TABLE customers (
  id             {{.ID}} PRIMARY KEY,
  dealer_id      {{.ID}} NOT NULL REFERENCES dealers (id),
  name           TEXT NOT NULL,
  name_initials  TEXT NOT NULL, -- 초성
  kind           TEXT NOT NULL,
  birth_year     INTEGER,
  region_code    TEXT NOT NULL REFERENCES regions (code),
  district_code  TEXT,
  phone_sealed   TEXT,
  phone_index    TEXT,
  mail_sealed    TEXT,
  mail_index     TEXT,
  address_sealed TEXT,
  farm           TEXT NOT NULL, -- JSON
  profiled_at    {{.Time}},
  created_at     {{.Time}} NOT NULL,
  updated_at     {{.Time}} NOT NULL,
  version        INTEGER NOT NULL
);

--bun:split
CREATE INDEX customers_dealer ON customers (dealer_id, id);

--bun:split
CREATE INDEX customers_name ON customers (dealer_id, name);

--bun:split
CREATE INDEX customers_phone ON customers (phone_index);

--bun:split
CREATE INDEX customers_mail ON customers (mail_index);

--bun:split
CREATE TABLE consent_texts (
  id         TEXT PRIMARY KEY, -- key@version
  purpose    TEXT NOT NULL,
  version    INTEGER NOT NULL,
  title      TEXT NOT NULL,
  body       TEXT NOT NULL,
  valid_from {{.Time}} NOT NULL
);

--bun:split
-- A ledger: the newest entry of a purpose and recipient is what holds.
CREATE TABLE consents (
  id          {{.ID}} PRIMARY KEY,
  customer_id {{.ID}} NOT NULL REFERENCES customers (id),
  dealer_id   {{.ID}} NOT NULL REFERENCES dealers (id),
  purpose     TEXT NOT NULL,
  recipient   TEXT,
  text_id     TEXT NOT NULL REFERENCES consent_texts (id),
  action      TEXT NOT NULL,
  method      TEXT NOT NULL,
  actor_id    {{.ID}} NOT NULL,
  occurred_at {{.Time}} NOT NULL,
  received_at {{.Time}} NOT NULL
);

--bun:split
CREATE INDEX consents_customer ON consents (customer_id, id);

--bun:split
-- The log. Every act is recorded once, in the transaction of what it changed.
-- Facts hold ids, numbers and codes, never personal data.
CREATE TABLE acts (
  seq         {{.Serial}},
  id          {{.ID}} NOT NULL UNIQUE,
  kind        TEXT NOT NULL,
  actor_id    {{.ID}},
  dealer_id   {{.ID}},
  customer_id {{.ID}},
  deal_id     {{.ID}},
  subject_id  {{.ID}} NOT NULL,
  device_id   TEXT,
  facts       TEXT NOT NULL, -- JSON
  occurred_at {{.Time}} NOT NULL,
  received_at {{.Time}} NOT NULL,
  tx          BIGINT NOT NULL DEFAULT {{.Transaction}}
);

--bun:split
CREATE INDEX acts_dealer ON acts (dealer_id, occurred_at);

--bun:split
CREATE INDEX acts_customer ON acts (customer_id, occurred_at, id);

--bun:split
CREATE INDEX acts_subject ON acts (subject_id);

--bun:split
CREATE INDEX acts_deal ON acts (deal_id);

--bun:split
CREATE INDEX acts_log ON acts (tx, seq);

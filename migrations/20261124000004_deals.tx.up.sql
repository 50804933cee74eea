-- The procedure: consultation, quote, contract. Amounts are whole won, VAT included.

-- Numbers that people read: the row's place is the number. A rolled back draft
-- leaves a gap and holds nobody up.
CREATE TABLE quote_numbers (
  seq {{.Serial}},
  id  {{.ID}} NOT NULL
);

--bun:split
CREATE TABLE contract_numbers (
  seq {{.Serial}},
  id  {{.ID}} NOT NULL
);

--bun:split
CREATE TABLE consultations (
  id          {{.ID}} PRIMARY KEY,
  dealer_id   {{.ID}} NOT NULL REFERENCES dealers (id),
  customer_id {{.ID}} NOT NULL REFERENCES customers (id),
  staff_id    {{.ID}} NOT NULL,
  status      TEXT NOT NULL,
  needs       TEXT NOT NULL, -- JSON
  note        TEXT,
  lost_reason TEXT,
  lost_note   TEXT,
  opened_at   {{.Time}} NOT NULL,
  closed_at   {{.Time}},
  version     INTEGER NOT NULL
);

--bun:split
CREATE INDEX consultations_dealer ON consultations (dealer_id, id);

--bun:split
CREATE INDEX consultations_customer ON consultations (customer_id, id);

--bun:split
CREATE TABLE showings (
  id              {{.ID}} PRIMARY KEY,
  consultation_id {{.ID}} NOT NULL REFERENCES consultations (id),
  dealer_id       {{.ID}} NOT NULL,
  product_id      {{.ID}} NOT NULL REFERENCES products (id),
  media_id        {{.ID}},
  watched_seconds INTEGER NOT NULL,
  occurred_at     {{.Time}} NOT NULL
);

--bun:split
CREATE INDEX showings_consultation ON showings (consultation_id, id);

--bun:split
CREATE TABLE quotes (
  id                   {{.ID}} PRIMARY KEY,
  number               TEXT NOT NULL UNIQUE,
  deal_id              {{.ID}} NOT NULL,
  consultation_id      {{.ID}} REFERENCES consultations (id),
  dealer_id            {{.ID}} NOT NULL REFERENCES dealers (id),
  customer_id          {{.ID}} NOT NULL REFERENCES customers (id),
  staff_id             {{.ID}} NOT NULL,
  previous_id          {{.ID}} UNIQUE REFERENCES quotes (id),
  revision             INTEGER NOT NULL,
  status               TEXT NOT NULL,
  lines                TEXT NOT NULL, -- JSON, priced on the day
  list_total           BIGINT NOT NULL,
  discount             BIGINT NOT NULL,
  discount_bp          INTEGER NOT NULL,
  band_bp              INTEGER NOT NULL,
  trade_in             TEXT NOT NULL, -- JSON
  total                BIGINT NOT NULL,
  value_points         TEXT NOT NULL, -- JSON
  finance_programme_id {{.ID}},
  finance_rate_bp      INTEGER NOT NULL,
  finance_months       INTEGER NOT NULL,
  down_payment         BIGINT NOT NULL,
  monthly              BIGINT NOT NULL,
  delivery             TEXT,
  decided_by           {{.ID}},
  decided_at           {{.Time}},
  decision_note        TEXT,
  followed_at          {{.Time}},
  issued_at            {{.Time}} NOT NULL,
  valid_until          {{.Time}} NOT NULL,
  version              INTEGER NOT NULL
);

--bun:split
CREATE INDEX quotes_dealer ON quotes (dealer_id, id);

--bun:split
CREATE INDEX quotes_deal ON quotes (deal_id, id);

--bun:split
CREATE INDEX quotes_customer ON quotes (customer_id, id);

--bun:split
CREATE INDEX quotes_status ON quotes (status, id);

--bun:split
CREATE TABLE contracts (
  id               {{.ID}} PRIMARY KEY,
  number           TEXT NOT NULL UNIQUE,
  quote_id         {{.ID}} REFERENCES quotes (id),
  deal_id          {{.ID}} NOT NULL,
  dealer_id        {{.ID}} NOT NULL REFERENCES dealers (id),
  customer_id      {{.ID}} NOT NULL REFERENCES customers (id),
  staff_id         {{.ID}} NOT NULL,
  channel          TEXT NOT NULL,
  status           TEXT NOT NULL,
  product_id       {{.ID}} NOT NULL REFERENCES products (id),
  quantity         INTEGER NOT NULL,
  list_total       BIGINT NOT NULL,
  discount         BIGINT NOT NULL,
  price            BIGINT NOT NULL,
  total            BIGINT NOT NULL,
  paper_sha256     TEXT,
  sealed_sha256    TEXT,
  signature_sha256 TEXT, -- of the strokes, as the evidence binds them
  mark_sha256      TEXT, -- the file that holds the strokes until the package is sealed
  drafted_at       {{.Time}} NOT NULL,
  signed_at        {{.Time}},
  received_at      {{.Time}},
  cancelled_at     {{.Time}},
  cancel_reason    TEXT,
  version          INTEGER NOT NULL
);

--bun:split
CREATE INDEX contracts_dealer ON contracts (dealer_id, id);

--bun:split
CREATE INDEX contracts_deal ON contracts (deal_id);

--bun:split
CREATE INDEX contracts_customer ON contracts (customer_id, id);

--bun:split
-- One contract that holds for each quote, whatever happens at the same time.
CREATE UNIQUE INDEX contracts_quote ON contracts (quote_id) WHERE status <> 'CANCELLED';

--bun:split
-- What happened to a contract's paper, each step's hash over the one before.
CREATE TABLE evidence_events (
  contract_id {{.ID}} NOT NULL REFERENCES contracts (id),
  seq         INTEGER NOT NULL, -- from 1
  kind        TEXT NOT NULL,
  at          {{.Time}} NOT NULL,
  actor_id    {{.ID}} NOT NULL,
  detail      TEXT NOT NULL, -- JSON
  hash        TEXT NOT NULL,
  PRIMARY KEY (contract_id, seq)
);

--bun:split
-- Past results and contracts alike: what figures count.
CREATE TABLE sales (
  id           {{.ID}} PRIMARY KEY,
  source       TEXT NOT NULL,
  dealer_id    {{.ID}} NOT NULL REFERENCES dealers (id),
  region_code  TEXT NOT NULL,
  product_id   {{.ID}},
  quantity     INTEGER NOT NULL,
  amount       BIGINT NOT NULL,
  channel      TEXT NOT NULL,
  sold_at      {{.Time}} NOT NULL,
  cancelled_at {{.Time}}
);

--bun:split
CREATE INDEX sales_dealer ON sales (dealer_id, sold_at);

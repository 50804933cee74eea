-- The voice of the customer and of the field. Times are UTC.
CREATE TABLE voices (
  id             {{.ID}} PRIMARY KEY,
  kind           TEXT NOT NULL,
  status         TEXT NOT NULL,
  team           TEXT NOT NULL,
  text           TEXT NOT NULL,
  photos         TEXT NOT NULL, -- JSON, SHA-256 of each
  audio          TEXT,          -- SHA-256
  sender_id      {{.ID}} NOT NULL,
  sender_persona TEXT NOT NULL,
  dealer_id      {{.ID}} REFERENCES dealers (id),
  region_code    {{.ID}},
  customer_id    {{.ID}} REFERENCES customers (id),
  product_id     {{.ID}} REFERENCES products (id),
  serial_number  TEXT,
  contract_id    {{.ID}} REFERENCES contracts (id),
  screen         TEXT,
  assignee_id    {{.ID}},
  due_at         {{.Time}} NOT NULL,
  level          INTEGER NOT NULL, -- how often it was escalated
  escalate_at    {{.Time}},
  outcome        TEXT,             -- what changed because of it
  useful_at      {{.Time}},
  answered_at    {{.Time}},
  closed_at      {{.Time}},
  occurred_at    {{.Time}} NOT NULL,
  received_at    {{.Time}} NOT NULL,
  version        INTEGER NOT NULL
);

--bun:split
CREATE INDEX voices_received ON voices (received_at, id);

--bun:split
CREATE INDEX voices_dealer ON voices (dealer_id, received_at);

--bun:split
CREATE INDEX voices_sender ON voices (sender_id, received_at);

--bun:split
CREATE INDEX voices_escalate ON voices (escalate_at) WHERE escalate_at IS NOT NULL;

--bun:split
CREATE TABLE voice_answers (
  id          {{.ID}} PRIMARY KEY,
  voice_id    {{.ID}} NOT NULL REFERENCES voices (id),
  actor_id    {{.ID}} NOT NULL,
  text        TEXT NOT NULL,
  answered_at {{.Time}} NOT NULL
);

--bun:split
CREATE INDEX voice_answers_voice ON voice_answers (voice_id, answered_at, id);

--bun:split
-- Photos and recordings that were handed in: a voice names only its sender's.
CREATE TABLE voice_files (
  sha256  TEXT NOT NULL,
  kept_by {{.ID}} NOT NULL,
  type    TEXT NOT NULL,
  kept_at {{.Time}} NOT NULL,
  PRIMARY KEY (sha256, kept_by)
);

-- Where partners' systems want to be called.
CREATE TABLE webhook_endpoints (
  id              {{.ID}} PRIMARY KEY,
  organization_id {{.ID}} NOT NULL REFERENCES organizations (id),
  url             TEXT NOT NULL,
  kinds           TEXT NOT NULL, -- JSON; none: every kind
  secret_sealed   TEXT NOT NULL,
  previous_sealed TEXT,          -- the secret before the last rotation
  previous_until  {{.Time}},
  state           TEXT NOT NULL, -- ACTIVE or PAUSED
  pause_reason    TEXT,          -- BY_HAND, DEAD or GONE
  failures        INTEGER NOT NULL,
  failing_since   {{.Time}},
  created_by      {{.ID}} NOT NULL,
  created_at      {{.Time}} NOT NULL
);

--bun:split
CREATE INDEX webhook_endpoints_organization ON webhook_endpoints (organization_id);

--bun:split
-- What one endpoint should hear of one contract; '' is what is about none. One
-- process at a time holds a queue.
CREATE TABLE webhook_queues (
  endpoint_id {{.ID}} NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  contract_id {{.ID}} NOT NULL,
  due_at      {{.Time}}, -- of its first pending delivery; null: none is
  holder      TEXT,
  held_until  {{.Time}},
  PRIMARY KEY (endpoint_id, contract_id)
);

--bun:split
CREATE INDEX webhook_queues_due ON webhook_queues (due_at) WHERE due_at IS NOT NULL;

--bun:split
-- Messages to endpoints: one for each endpoint and change, and test messages.
CREATE TABLE webhook_deliveries (
  seq         {{.Serial}},
  id          {{.ID}} NOT NULL UNIQUE,
  endpoint_id {{.ID}} NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  message_id  {{.ID}} NOT NULL, -- the change's own id
  contract_id {{.ID}} NOT NULL,
  subject_id  {{.ID}} NOT NULL,
  kind        TEXT NOT NULL,
  change_tx   BIGINT NOT NULL,
  change_seq  BIGINT,           -- null: a test message
  occurred_at {{.Time}} NOT NULL,
  state       TEXT NOT NULL,    -- PENDING, DELIVERED, FAILED or SKIPPED
  attempts    TEXT NOT NULL,    -- JSON, the newest last
  tries       INTEGER NOT NULL,
  trying_from {{.Time}},
  next_at     {{.Time}},
  done_at     {{.Time}},
  created_at  {{.Time}} NOT NULL
);

--bun:split
CREATE UNIQUE INDEX webhook_deliveries_change ON webhook_deliveries (endpoint_id, change_seq);

--bun:split
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (endpoint_id, contract_id, change_tx, change_seq) WHERE state = 'PENDING';

--bun:split
CREATE INDEX webhook_deliveries_log ON webhook_deliveries (endpoint_id, seq);

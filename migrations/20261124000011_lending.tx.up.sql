-- What partners' systems hear of, never edited: a log like the ledger's.
CREATE TABLE partner_changes (
  seq             {{.Serial}},
  id              {{.ID}} NOT NULL UNIQUE,
  organization_id {{.ID}} NOT NULL REFERENCES organizations (id),
  contract_id     {{.ID}},
  subject_id      {{.ID}} NOT NULL,
  kind            TEXT NOT NULL,
  act_id          {{.ID}},
  occurred_at     {{.Time}} NOT NULL,
  posted_at       {{.Time}} NOT NULL,
  batch           BIGINT NOT NULL DEFAULT 0 -- in which batch it was placed; 0 until a reader looks
);

--bun:split
CREATE INDEX partner_changes_log ON partner_changes (batch, seq);

--bun:split
CREATE INDEX partner_changes_organization ON partner_changes (organization_id, batch, seq);

--bun:split
CREATE INDEX partner_changes_contract ON partner_changes (organization_id, contract_id);

--bun:split
-- What a third party may see, and for how long it may keep it.
ALTER TABLE consents ADD COLUMN items TEXT; -- JSON; NULL: what the words name

--bun:split
ALTER TABLE consents ADD COLUMN retention_days INTEGER;

--bun:split
-- Requests for finance, one for each lender that is asked.
CREATE TABLE finance_applications (
  id              {{.ID}} PRIMARY KEY,
  lender_id       {{.ID}} NOT NULL REFERENCES organizations (id),
  contract_id     {{.ID}} REFERENCES contracts (id),
  quote_id        {{.ID}} REFERENCES quotes (id),
  deal_id         {{.ID}} NOT NULL,
  dealer_id       {{.ID}} NOT NULL REFERENCES dealers (id),
  customer_id     {{.ID}} NOT NULL REFERENCES customers (id),
  staff_id        {{.ID}} NOT NULL,
  status          TEXT NOT NULL,
  amount          BIGINT NOT NULL,
  months          INTEGER NOT NULL,
  approved_amount BIGINT NOT NULL,
  conditions      TEXT NOT NULL, -- JSON
  reasons         TEXT NOT NULL, -- JSON
  decided_at      {{.Time}},
  withdraw_reason TEXT,
  withdrawn_at    {{.Time}},
  funded_amount   BIGINT NOT NULL,
  funded_on       {{.Time}},
  submitted_at    {{.Time}} NOT NULL,
  updated_at      {{.Time}} NOT NULL,
  version         INTEGER NOT NULL
);

--bun:split
-- One open application of a deal at each lender, whatever happens at the same time.
CREATE UNIQUE INDEX finance_applications_open ON finance_applications (lender_id, deal_id) WHERE status NOT IN ('WITHDRAWN', 'DECLINED');

--bun:split
CREATE INDEX finance_applications_lender ON finance_applications (lender_id, id);

--bun:split
CREATE INDEX finance_applications_dealer ON finance_applications (dealer_id, id);

--bun:split
CREATE INDEX finance_applications_customer ON finance_applications (customer_id, lender_id);

--bun:split
CREATE INDEX finance_applications_contract ON finance_applications (contract_id);

--bun:split
-- Documents that a lender asks for.
CREATE TABLE stipulations (
  id             {{.ID}} PRIMARY KEY,
  application_id {{.ID}} NOT NULL REFERENCES finance_applications (id),
  lender_id      {{.ID}} NOT NULL REFERENCES organizations (id),
  dealer_id      {{.ID}} NOT NULL REFERENCES dealers (id),
  status         TEXT NOT NULL,
  title          TEXT NOT NULL,
  note           TEXT,
  due_on         {{.Time}} NOT NULL,
  answer         TEXT,
  file_name      TEXT,
  file_type      TEXT,
  file_sha256    TEXT,
  file_size      BIGINT NOT NULL,
  provided_by    {{.ID}},
  provided_at    {{.Time}},
  requested_at   {{.Time}} NOT NULL
);

--bun:split
CREATE INDEX stipulations_application ON stipulations (application_id, id);

--bun:split
-- What is open to a partner now, by the customers' consents: a row for each
-- contract and each application. It follows consents in their own transaction.
CREATE TABLE shares (
  organization_id {{.ID}} NOT NULL REFERENCES organizations (id),
  row_id          {{.ID}} NOT NULL, -- a contract or an application
  contract_id     {{.ID}},
  customer_id     {{.ID}} NOT NULL REFERENCES customers (id),
  items           TEXT NOT NULL, -- JSON
  shared_at       {{.Time}} NOT NULL,
  PRIMARY KEY (organization_id, row_id)
);

--bun:split
CREATE INDEX shares_customer ON shares (customer_id, organization_id);

--bun:split
CREATE INDEX shares_contract ON shares (contract_id);

--bun:split
-- A customer whose data partners may meet: what sharing locks, and the end of
-- the chain below.
CREATE TABLE shared_customers (
  customer_id {{.ID}} PRIMARY KEY,
  seq         BIGINT NOT NULL,
  hash        TEXT NOT NULL
);

--bun:split
-- Who looked at which of a customer's data, each entry's hash over the one before.
CREATE TABLE access_entries (
  customer_id     {{.ID}} NOT NULL,
  seq             BIGINT NOT NULL, -- from 1
  at              {{.Time}} NOT NULL,
  organization_id {{.ID}} NOT NULL,
  actor_id        {{.ID}} NOT NULL,
  subject_id      {{.ID}} NOT NULL,
  what            TEXT NOT NULL,
  items           TEXT NOT NULL, -- with commas
  hash            TEXT NOT NULL,
  PRIMARY KEY (customer_id, seq)
);

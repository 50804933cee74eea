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
  tx              BIGINT NOT NULL DEFAULT {{.Transaction}}
);

--bun:split
CREATE INDEX partner_changes_log ON partner_changes (tx, seq);

--bun:split
CREATE INDEX partner_changes_organization ON partner_changes (organization_id, tx, seq);

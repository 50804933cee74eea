-- The rules, never edited: a change is a new version.
CREATE TABLE rulebooks (
  version         INTEGER PRIMARY KEY,
  effective_from  {{.Time}} NOT NULL,
  published_at    {{.Time}} NOT NULL,
  daily_cap       INTEGER NOT NULL,
  season_share_bp INTEGER NOT NULL,
  rules           TEXT NOT NULL -- JSON
);

--bun:split
-- Points earned, never edited: corrections are new rows.
CREATE TABLE ledger_entries (
  seq              {{.Serial}},
  id               {{.ID}} NOT NULL UNIQUE,
  season           TEXT NOT NULL,
  dealer_id        {{.ID}} NOT NULL REFERENCES dealers (id),
  rule_key         TEXT NOT NULL,
  rulebook_version INTEGER NOT NULL,
  act_id           {{.ID}} NOT NULL REFERENCES acts (id),
  act_kind         TEXT NOT NULL,
  actor_id         {{.ID}},
  kind             TEXT NOT NULL, -- EARNED, ADJUSTED or REVERSED
  points           INTEGER NOT NULL,
  vests_at         {{.Time}} NOT NULL,
  occurred_at      {{.Time}} NOT NULL,
  posted_at        {{.Time}} NOT NULL,
  explanation      TEXT NOT NULL,
  arguments        TEXT NOT NULL, -- JSON
  review           BOOLEAN NOT NULL,
  total_after      INTEGER NOT NULL,
  tx               BIGINT NOT NULL DEFAULT {{.Transaction}}
);

--bun:split
CREATE INDEX ledger_entries_dealer ON ledger_entries (dealer_id, season, seq);

--bun:split
CREATE INDEX ledger_entries_act ON ledger_entries (act_id);

--bun:split
CREATE INDEX ledger_entries_log ON ledger_entries (tx, seq);

--bun:split
CREATE INDEX ledger_entries_posted ON ledger_entries (season, posted_at);

--bun:split
-- A dealer's running total of a season: the row that scoring locks.
CREATE TABLE dealer_totals (
  season     TEXT NOT NULL,
  dealer_id  {{.ID}} NOT NULL REFERENCES dealers (id),
  points     INTEGER NOT NULL,
  entry_seq  BIGINT NOT NULL,
  reached_at {{.Time}} NOT NULL,
  PRIMARY KEY (season, dealer_id)
);

--bun:split
-- Quartiles of the year's volume before the season.
CREATE TABLE dealer_divisions (
  season    TEXT NOT NULL,
  dealer_id {{.ID}} NOT NULL REFERENCES dealers (id),
  division  INTEGER NOT NULL, -- 1 sells most
  PRIMARY KEY (season, dealer_id)
);

-- What people are told, made of acts: each person hears of an act once.
CREATE TABLE notices (
  seq         {{.Serial}},
  id          {{.ID}} NOT NULL UNIQUE,
  person_id   {{.ID}} NOT NULL REFERENCES users (id),
  kind        TEXT NOT NULL,
  act_id      {{.ID}} NOT NULL,
  dealer_id   {{.ID}},
  customer_id {{.ID}},
  deal_id     {{.ID}},
  subject_id  {{.ID}} NOT NULL,
  facts       TEXT NOT NULL, -- JSON, of the act
  occurred_at {{.Time}} NOT NULL,
  posted_at   {{.Time}} NOT NULL,
  read_at     {{.Time}},
  UNIQUE (person_id, act_id, kind)
);

--bun:split
CREATE INDEX notices_person ON notices (person_id, seq);

--bun:split
CREATE INDEX notices_unread ON notices (person_id) WHERE read_at IS NULL;

--bun:split
-- The kinds that a person does not want to hear of.
CREATE TABLE muted_notices (
  person_id {{.ID}} NOT NULL REFERENCES users (id),
  kind      TEXT NOT NULL,
  PRIMARY KEY (person_id, kind)
);

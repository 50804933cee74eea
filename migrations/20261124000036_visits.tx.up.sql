-- What reps did with their dealers, noted on the road.
CREATE TABLE visits (
  id          {{.ID}} PRIMARY KEY,
  dealer_id   {{.ID}} NOT NULL REFERENCES dealers (id),
  rep_id      {{.ID}} NOT NULL REFERENCES users (id),
  kind        TEXT NOT NULL,
  note        TEXT NOT NULL,
  occurred_at {{.Time}} NOT NULL,
  received_at {{.Time}} NOT NULL
);

--bun:split
CREATE INDEX visits_dealer ON visits (dealer_id, occurred_at, id);

--bun:split
-- When something last happened at a dealership, and in a deal.
CREATE INDEX acts_deal_when ON acts (deal_id, occurred_at, id);

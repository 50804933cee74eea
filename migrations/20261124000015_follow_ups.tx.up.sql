-- Who got back to the customer about a quote, and what was said.
CREATE TABLE follow_ups (
  id          {{.ID}} PRIMARY KEY,
  quote_id    {{.ID}} NOT NULL REFERENCES quotes (id),
  dealer_id   {{.ID}} NOT NULL,
  staff_id    {{.ID}} NOT NULL,
  note        TEXT,
  occurred_at {{.Time}} NOT NULL
);

--bun:split
CREATE INDEX follow_ups_quote ON follow_ups (quote_id, occurred_at);

-- Deliveries: one carrier's shipment of one contract. Who is at either end, and
-- where, is sealed; areas are provinces and districts.
CREATE TABLE shipments (
  id              {{.ID}} PRIMARY KEY,
  contract_id     {{.ID}} NOT NULL REFERENCES contracts (id),
  contract_number TEXT NOT NULL,
  deal_id         {{.ID}} NOT NULL,
  dealer_id       {{.ID}} NOT NULL REFERENCES dealers (id),
  customer_id     {{.ID}} NOT NULL REFERENCES customers (id),
  carrier_id      {{.ID}} NOT NULL REFERENCES organizations (id),
  requested_by    {{.ID}} NOT NULL,
  machines        TEXT NOT NULL, -- JSON
  quantity        INTEGER NOT NULL,
  serial_numbers  TEXT NOT NULL, -- JSON, [] when nobody knew them
  wanted_on       {{.Time}} NOT NULL,
  from_area       TEXT NOT NULL,
  to_area         TEXT NOT NULL,
  status          TEXT NOT NULL,
  reason          TEXT,
  contact_sealed  TEXT NOT NULL,
  requested_at    {{.Time}} NOT NULL,
  answered_at     {{.Time}},
  moved_at        {{.Time}}, -- the latest report, by the device
  closed_at       {{.Time}},
  version         INTEGER NOT NULL
);

--bun:split
-- A contract has one shipment at a time.
CREATE UNIQUE INDEX shipments_standing ON shipments (contract_id) WHERE status NOT IN ('DECLINED', 'CANCELLED');

--bun:split
CREATE INDEX shipments_contract ON shipments (contract_id, id);

--bun:split
CREATE INDEX shipments_carrier ON shipments (carrier_id, id);

--bun:split
CREATE INDEX shipments_dealer ON shipments (dealer_id, id);

--bun:split
-- What carriers report. The same status at the same moment is the same report.
CREATE TABLE shipment_events (
  id          {{.ID}} PRIMARY KEY,
  shipment_id {{.ID}} NOT NULL REFERENCES shipments (id),
  status      TEXT NOT NULL,
  place       TEXT,
  message     TEXT,
  occurred_at {{.Time}} NOT NULL,
  received_at {{.Time}} NOT NULL,
  UNIQUE (shipment_id, occurred_at, status)
);

--bun:split
-- Pictures that carriers handed in: a proof names only one of its own carrier's.
CREATE TABLE photos (
  sha256          TEXT NOT NULL,
  organization_id {{.ID}} NOT NULL REFERENCES organizations (id),
  kept_at         {{.Time}} NOT NULL,
  PRIMARY KEY (sha256, organization_id)
);

--bun:split
-- One proof for each delivery, never edited. Names are sealed, and so is the
-- file that holds the strokes of the signature.
CREATE TABLE delivery_proofs (
  shipment_id      {{.ID}} PRIMARY KEY REFERENCES shipments (id),
  serial_numbers   TEXT NOT NULL, -- JSON
  serial_matches   BOOLEAN NOT NULL,
  training         TEXT NOT NULL, -- JSON
  trained          BOOLEAN NOT NULL,
  photo_sha256     TEXT NOT NULL,
  signature_sha256 TEXT NOT NULL, -- of the strokes
  mark_sha256      TEXT NOT NULL,
  names_sealed     TEXT NOT NULL,
  actor_id         {{.ID}} NOT NULL,
  proved_at        {{.Time}} NOT NULL,
  received_at      {{.Time}} NOT NULL
);

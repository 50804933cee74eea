-- Where the maker sells, and what.
CREATE TABLE regions (
  code             TEXT PRIMARY KEY,
  name             TEXT NOT NULL,
  name_en          TEXT NOT NULL,
  valid_from       {{.Time}} NOT NULL,
  valid_until      {{.Time}},
  succeeded_by     TEXT,
  discount_band_bp INTEGER NOT NULL
);

--bun:split
CREATE TABLE districts (
  code         TEXT PRIMARY KEY,
  region_code  TEXT NOT NULL REFERENCES regions (code),
  name         TEXT NOT NULL,
  valid_from   {{.Time}} NOT NULL,
  valid_until  {{.Time}},
  succeeded_by TEXT
);

--bun:split
CREATE TABLE territories (
  id          {{.ID}} PRIMARY KEY,
  name        TEXT NOT NULL,
  region_code TEXT NOT NULL REFERENCES regions (code),
  rep_id      {{.ID}} REFERENCES users (id)
);

--bun:split
CREATE INDEX territories_rep ON territories (rep_id);

--bun:split
CREATE TABLE dealers (
  id              {{.ID}} PRIMARY KEY,
  name            TEXT NOT NULL,
  business_number TEXT NOT NULL UNIQUE,
  owner_name      TEXT NOT NULL,
  region_code     TEXT NOT NULL REFERENCES regions (code),
  district_code   TEXT NOT NULL REFERENCES districts (code),
  territory_id    {{.ID}} NOT NULL REFERENCES territories (id),
  phone           TEXT,
  opened_on       {{.Time}} NOT NULL,
  closed_on       {{.Time}},
  version         INTEGER NOT NULL
);

--bun:split
CREATE INDEX dealers_territory ON dealers (territory_id);

--bun:split
CREATE TABLE staff (
  id        {{.ID}} PRIMARY KEY,
  dealer_id {{.ID}} NOT NULL REFERENCES dealers (id),
  user_id   {{.ID}} REFERENCES users (id),
  name      TEXT NOT NULL,
  role      TEXT NOT NULL,
  joined_on {{.Time}} NOT NULL,
  left_on   {{.Time}}
);

--bun:split
CREATE INDEX staff_dealer ON staff (dealer_id);

--bun:split
CREATE TABLE product_lines (
  id             {{.ID}} PRIMARY KEY,
  name           TEXT NOT NULL,
  horsepower_min INTEGER NOT NULL,
  horsepower_max INTEGER NOT NULL
);

--bun:split
CREATE TABLE products (
  id           {{.ID}} PRIMARY KEY,
  line_id      {{.ID}} NOT NULL REFERENCES product_lines (id),
  name         TEXT NOT NULL,
  model_code   TEXT NOT NULL UNIQUE,
  horsepower   INTEGER NOT NULL,
  summary      TEXT NOT NULL,
  summary_en   TEXT NOT NULL,
  crops        TEXT NOT NULL, -- JSON list of crop codes
  discontinued BOOLEAN NOT NULL
);

--bun:split
CREATE TABLE options (
  id         {{.ID}} PRIMARY KEY,
  product_id {{.ID}} NOT NULL REFERENCES products (id),
  name       TEXT NOT NULL,
  name_en    TEXT NOT NULL
);

--bun:split
CREATE INDEX options_product ON options (product_id);

--bun:split
-- Whole won, VAT included. Exactly one of product_id and option_id is set.
CREATE TABLE prices (
  id          {{.ID}} PRIMARY KEY,
  product_id  {{.ID}} REFERENCES products (id),
  option_id   {{.ID}} REFERENCES options (id),
  amount      BIGINT NOT NULL,
  valid_from  {{.Time}} NOT NULL,
  valid_until {{.Time}} -- exclusive
);

--bun:split
CREATE INDEX prices_product ON prices (product_id, valid_from);

--bun:split
CREATE INDEX prices_option ON prices (option_id, valid_from);

--bun:split
CREATE TABLE media (
  id               {{.ID}} PRIMARY KEY,
  product_id       {{.ID}} NOT NULL REFERENCES products (id),
  kind             TEXT NOT NULL,
  url              TEXT NOT NULL,
  title            TEXT NOT NULL,
  duration_seconds INTEGER NOT NULL,
  chapters         TEXT NOT NULL, -- JSON
  position         INTEGER NOT NULL
);

--bun:split
CREATE INDEX media_product ON media (product_id, position);

--bun:split
CREATE TABLE finance_programmes (
  id              {{.ID}} PRIMARY KEY,
  organization_id {{.ID}} NOT NULL REFERENCES organizations (id),
  name            TEXT NOT NULL,
  rate_bp         INTEGER NOT NULL, -- yearly, basis points
  term_months     TEXT NOT NULL,    -- JSON list
  max_share_bp    INTEGER NOT NULL,
  valid_from      {{.Time}} NOT NULL,
  valid_until     {{.Time}}
);

-- Sales of a span of time, by province.
CREATE INDEX sales_when ON sales (sold_at, region_code);

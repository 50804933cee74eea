-- Lists go by when things happened: ids that devices make say nothing of it.
CREATE INDEX customers_recent ON customers (dealer_id, created_at, id);

--bun:split
CREATE INDEX customers_all_recent ON customers (created_at, id);

--bun:split
CREATE INDEX consultations_recent ON consultations (dealer_id, opened_at, id);

--bun:split
CREATE INDEX consultations_all_recent ON consultations (opened_at, id);

--bun:split
CREATE INDEX quotes_recent ON quotes (dealer_id, issued_at, id);

--bun:split
CREATE INDEX quotes_all_recent ON quotes (issued_at, id);

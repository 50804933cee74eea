-- A quote's contracts, cancelled ones too: contracts_quote knows only those that hold.
CREATE INDEX contracts_of_quote ON contracts (quote_id, id);

--bun:split
-- Contracts of a span of time.
CREATE INDEX contracts_signed ON contracts (signed_at);

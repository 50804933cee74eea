-- Whom letters about a partner's systems go to, such as when its webhooks are
-- paused.
ALTER TABLE organizations ADD COLUMN contact_mail TEXT;

--bun:split
-- What is pruned once a day is found without reading everything.
CREATE INDEX webhook_deliveries_done ON webhook_deliveries (done_at) WHERE done_at IS NOT NULL;

--bun:split
CREATE INDEX sessions_expiry ON sessions (expires_at);

--bun:split
CREATE INDEX authorizations_session ON authorizations (session_id) WHERE session_id IS NOT NULL;

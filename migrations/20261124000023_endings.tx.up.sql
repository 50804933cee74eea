-- What ended before its tokens did is looked for twice a second. Times are UTC.
CREATE INDEX sessions_ended ON sessions (ended_at);

--bun:split
-- When headquarters closed a person's access; none while it is open.
ALTER TABLE users ADD COLUMN deactivated_at {{.Time}};

--bun:split
CREATE INDEX users_deactivated ON users (deactivated_at);

--bun:split
CREATE INDEX revoked_tokens_age ON revoked_tokens (expires_at);

-- Keys on people's own devices, by which they sign in. Times are UTC.
CREATE TABLE passkeys (
  id            {{.ID}} PRIMARY KEY,
  user_id       {{.ID}} NOT NULL REFERENCES users (id),
  credential_id TEXT NOT NULL UNIQUE, -- base64url, as the device names it
  credential    TEXT NOT NULL,        -- JSON: the public key, the count of signatures, flags
  name          TEXT NOT NULL,
  created_at    {{.Time}} NOT NULL,
  last_used_at  {{.Time}},
  suspended_at  {{.Time}} -- when two devices were seen to hold it
);

--bun:split
CREATE INDEX passkeys_user ON passkeys (user_id);

--bun:split
-- A challenge that a device has yet to answer. It is gone once it was answered.
CREATE TABLE challenges (
  id         {{.ID}} PRIMARY KEY,
  kind       TEXT NOT NULL, -- PASSKEY or SIGN_IN
  about      {{.ID}} NOT NULL, -- whose passkey is made, or the app's request that somebody signs in for
  state      TEXT NOT NULL, -- JSON: what the answer is checked against
  expires_at {{.Time}} NOT NULL
);

--bun:split
CREATE INDEX challenges_age ON challenges (expires_at);

-- Ideas with a figure as their argument, who supports them, and their way to a
-- decision. Times are UTC.
CREATE TABLE ideas (
  id               {{.ID}} PRIMARY KEY,
  title            TEXT NOT NULL,
  text             TEXT NOT NULL,
  figure           TEXT NOT NULL, -- JSON: metric, value, source
  proposer_id      {{.ID}} NOT NULL,
  proposer_persona TEXT NOT NULL,
  dealer_id        {{.ID}} REFERENCES dealers (id),
  status           TEXT NOT NULL,
  proposed_at      {{.Time}} NOT NULL,
  version          INTEGER NOT NULL
);

--bun:split
CREATE INDEX ideas_proposed ON ideas (proposed_at, id);

--bun:split
CREATE TABLE idea_steps (
  id       {{.ID}} PRIMARY KEY,
  idea_id  {{.ID}} NOT NULL REFERENCES ideas (id),
  status   TEXT NOT NULL,
  reason   TEXT,
  actor_id {{.ID}} NOT NULL,
  taken_at {{.Time}} NOT NULL
);

--bun:split
CREATE INDEX idea_steps_idea ON idea_steps (idea_id, taken_at, id);

--bun:split
CREATE TABLE idea_supports (
  idea_id      {{.ID}} NOT NULL REFERENCES ideas (id),
  user_id      {{.ID}} NOT NULL,
  supported_at {{.Time}} NOT NULL,
  PRIMARY KEY (idea_id, user_id)
);

--bun:split
CREATE TABLE release_notes (
  id           {{.ID}} PRIMARY KEY,
  title        TEXT NOT NULL,
  text         TEXT NOT NULL,
  publisher_id {{.ID}} NOT NULL,
  published_at {{.Time}} NOT NULL
);

--bun:split
CREATE INDEX release_notes_published ON release_notes (published_at, id);

--bun:split
-- The voices and ideas that a release note answers.
CREATE TABLE release_note_answers (
  note_id    {{.ID}} NOT NULL REFERENCES release_notes (id),
  subject_id {{.ID}} NOT NULL,
  PRIMARY KEY (note_id, subject_id)
);

--bun:split
CREATE INDEX release_note_answers_subject ON release_note_answers (subject_id);

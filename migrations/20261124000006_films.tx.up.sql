-- A film that Dure serves itself names its file by content.
ALTER TABLE media ADD COLUMN file_sha256 TEXT;

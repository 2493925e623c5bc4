/**
 * The tables, as the first migration makes them. Names and texts are compared byte for byte ("C"), whatever the database's
 * own order is. The index on users is a hash: it takes names of any length.
 */
export const tables = `
CREATE TABLE dewar_sessions (
  family text COLLATE "C" PRIMARY KEY,
  version bigint NOT NULL,
  secret_hash text NOT NULL,
  previous_hash text,
  previous_until_seconds bigint NOT NULL,
  epoch bigint NOT NULL,
  user_name text COLLATE "C",
  content text NOT NULL,
  created_seconds bigint NOT NULL,
  seen_seconds bigint NOT NULL,
  expires_seconds bigint NOT NULL,
  user_agent text NOT NULL,
  address text NOT NULL,
  recent text NOT NULL -- names of the last 8 writes, 8 characters each, the newest first
);
CREATE INDEX dewar_sessions_user ON dewar_sessions USING hash (user_name);
CREATE INDEX dewar_sessions_expires ON dewar_sessions (expires_seconds);

CREATE TABLE dewar_once (
  key text COLLATE "C" PRIMARY KEY,
  fingerprint text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done')),
  owner text NOT NULL,
  lease_until_seconds bigint NOT NULL,
  answer text,
  expires_seconds bigint NOT NULL,
  written text NOT NULL -- name of the last write
);
CREATE INDEX dewar_once_expires ON dewar_once (expires_seconds);
`

-- Accounts of staff, in a file of their own beside the store: a bridge knows its staff without any other computer.
CREATE TABLE accounts (
    id            TEXT PRIMARY KEY,        -- 16 hex digits, in the audit for ever
    name          TEXT NOT NULL,
    key           TEXT NOT NULL UNIQUE,    -- the name as it is looked for: NFKC, small letters, no blanks
    role          TEXT NOT NULL CHECK (role IN ('reception', 'manager', 'auditor')),
    closed        INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
    password      TEXT,                    -- argon2id, PHC string; none before somebody joined
    invitation    BLOB,                    -- SHA-256
    invited_until TEXT,
    secret        BLOB,                    -- of the authenticator (RFC 6238)
    secret_next   BLOB,                    -- one that was not confirmed yet
    last_step     INTEGER,                 -- of the last code that was taken
    seen          TEXT
) STRICT;
CREATE TABLE recovery (
    account TEXT NOT NULL REFERENCES accounts (id),
    hash    BLOB NOT NULL,                 -- SHA-256
    PRIMARY KEY (account, hash)
) STRICT;
-- Wrong tries, by account and by address; nothing of what was typed.
CREATE TABLE delays (
    key   TEXT PRIMARY KEY,
    wrong INTEGER NOT NULL,
    until TEXT,
    at    TEXT NOT NULL
) STRICT;

-- Append-only: a released migration is never changed.
-- No column holds a picture, PIN, number of the card, certificate serial, name or number of an insured person.
CREATE TABLE visits (
    id            INTEGER PRIMARY KEY,
    started_at    TEXT NOT NULL,          -- RFC 3339, +09:00
    identified_by TEXT,
    visual_reason TEXT,
    ended_at      TEXT,
    outcome       TEXT
) STRICT;
CREATE TABLE consents (
    visit      INTEGER NOT NULL REFERENCES visits (id),
    topic      TEXT NOT NULL,
    agreed     INTEGER NOT NULL CHECK (agreed IN (0, 1)),
    given_at   TEXT NOT NULL,
    until      TEXT,                      -- NULL when refused
    PRIMARY KEY (visit, topic)
) STRICT;
-- One line per event; each hash covers the one before it.
CREATE TABLE audit (
    seq      INTEGER PRIMARY KEY,
    line     TEXT NOT NULL,
    hash     BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
-- Result files that could not be written yet; deleted after delivery.
CREATE TABLE outbox (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    content BLOB NOT NULL
) STRICT;

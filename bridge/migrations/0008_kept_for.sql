-- What is kept for a time is deleted after it, and nothing else: the audit begins behind the line that is noted here, and a line
-- of the audit itself says so.
CREATE TABLE audit_start (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    seq  INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
-- Has a row only inside of the transaction that deletes old visits and consents.
CREATE TABLE deleting (one INTEGER PRIMARY KEY CHECK (one = 1)) STRICT;
DROP TRIGGER audit_is_not_deleted;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
    WHEN OLD.seq > (SELECT COALESCE(MAX(seq), 0) FROM audit_start) BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER audit_start_goes_forward BEFORE UPDATE ON audit_start WHEN NEW.seq <= OLD.seq BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
DROP TRIGGER consents_are_not_deleted;
CREATE TRIGGER consents_are_not_deleted BEFORE DELETE ON consents
    WHEN NOT EXISTS (SELECT 1 FROM deleting) BEGIN
    SELECT RAISE(ABORT, 'consents are append-only');
END;
DROP TRIGGER visits_are_not_deleted;
CREATE TRIGGER visits_are_not_deleted BEFORE DELETE ON visits
    WHEN NOT EXISTS (SELECT 1 FROM deleting) BEGIN
    SELECT RAISE(ABORT, 'visits are append-only');
END;
-- A waiting result file may be erased at a person's request.
CREATE TABLE outbox_with_erased (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    visit     INTEGER NOT NULL,              -- 0: queued by a version that did not say
    name      TEXT NOT NULL UNIQUE,
    content   BLOB,                          -- the XML; NULL (and overwritten) when it has served
    queued_at TEXT NOT NULL,                 -- RFC 3339, +09:00; empty: as for visit
    placing   TEXT,                          -- the folder where the complete file is about to get its name
    done      TEXT CHECK (done IN ('delivered', 'by_hand', 'replaced', 'erased')),
    done_at   TEXT,
    CHECK ((done IS NULL) = (content IS NOT NULL))
) STRICT;
INSERT INTO outbox_with_erased SELECT id, visit, name, content, queued_at, placing, done, done_at FROM outbox ORDER BY id;
DROP TABLE outbox;
ALTER TABLE outbox_with_erased RENAME TO outbox;
CREATE INDEX outbox_waits ON outbox (id) WHERE done IS NULL;

-- The outbox as a write-ahead record: a row is there before its file, and stays as a mark when the file was delivered, so
-- that a file that the receipt computer has taken is not written again.
CREATE TABLE outbox_of_visits (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    visit     INTEGER NOT NULL,              -- 0: queued by a version that did not say
    name      TEXT NOT NULL UNIQUE,
    content   BLOB,                          -- the XML; NULL (and overwritten) when it has served
    queued_at TEXT NOT NULL,                 -- RFC 3339, +09:00; empty: as for visit
    placing   TEXT,                          -- the folder where the complete file is about to get its name
    done      TEXT CHECK (done IN ('delivered', 'by_hand', 'replaced')),
    done_at   TEXT,
    CHECK ((done IS NULL) = (content IS NOT NULL))
) STRICT;
INSERT INTO outbox_of_visits (id, visit, name, content, queued_at)
    SELECT id, 0, name, content, '' FROM outbox ORDER BY id;
DROP TABLE outbox;
ALTER TABLE outbox_of_visits RENAME TO outbox;
CREATE INDEX outbox_waits ON outbox (id) WHERE done IS NULL;

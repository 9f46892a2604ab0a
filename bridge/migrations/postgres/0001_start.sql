-- Append-only: a released migration is never changed. The columns are those of SQLite's tables, in the same words; before
-- each key stand the site and the bridge. Nothing here counts by itself: every number comes from the bridge whose row it is.
CREATE TABLE sites (
    site   TEXT PRIMARY KEY,
    starts BIGINT NOT NULL                -- of its bridges; its row is the lock under which they introduce themselves
);
CREATE TABLE bridges (
    site         TEXT NOT NULL,
    bridge       TEXT NOT NULL,
    store        TEXT NOT NULL,           -- identity of its store
    run          TEXT NOT NULL,           -- who sends now; changes with each start
    first_number BIGINT NOT NULL,         -- its reception numbers
    last_number  BIGINT NOT NULL,
    sent         BIGINT NOT NULL,         -- up to here its journal is in these tables
    sent_at      TEXT NOT NULL,           -- RFC 3339, +09:00
    PRIMARY KEY (site, bridge)
);
CREATE TABLE visits (
    site          TEXT NOT NULL,
    bridge        TEXT NOT NULL,
    id            BIGINT NOT NULL,
    started_at    TEXT NOT NULL,
    identified_by TEXT,
    visual_reason TEXT,
    ended_at      TEXT,
    outcome       TEXT,
    PRIMARY KEY (site, bridge, id)
) PARTITION BY HASH (site);
CREATE TABLE consents (
    site     TEXT NOT NULL,
    bridge   TEXT NOT NULL,
    visit    BIGINT NOT NULL,
    topic    TEXT NOT NULL,
    agreed   BOOLEAN NOT NULL,
    given_at TEXT NOT NULL,
    until    TEXT,
    PRIMARY KEY (site, bridge, visit, topic)
) PARTITION BY HASH (site);
-- Each bridge has a chain of its own.
CREATE TABLE audit (
    site   TEXT NOT NULL,
    bridge TEXT NOT NULL,
    seq    BIGINT NOT NULL,
    line   TEXT NOT NULL,
    hash   BYTEA NOT NULL,
    PRIMARY KEY (site, bridge, seq)
) PARTITION BY HASH (site);
-- Lines up to this one were deleted because their time was over; a line of the chain says so.
CREATE TABLE audit_start (
    site   TEXT NOT NULL,
    bridge TEXT NOT NULL,
    one    BIGINT NOT NULL,
    seq    BIGINT NOT NULL,
    hash   BYTEA NOT NULL,
    PRIMARY KEY (site, bridge, one)
) PARTITION BY HASH (site);
CREATE TABLE receptions (
    site   TEXT NOT NULL,
    bridge TEXT NOT NULL,
    day    TEXT NOT NULL,
    number BIGINT NOT NULL,
    visit  BIGINT NOT NULL,
    PRIMARY KEY (site, bridge, day, number)
) PARTITION BY HASH (site);
-- Without the files themselves: only the bridge's own folder needs them.
CREATE TABLE outbox (
    site      TEXT NOT NULL,
    bridge    TEXT NOT NULL,
    id        BIGINT NOT NULL,
    visit     BIGINT NOT NULL,
    name      TEXT NOT NULL,
    queued_at TEXT NOT NULL,
    "placing" TEXT,
    done      TEXT,
    done_at   TEXT,
    PRIMARY KEY (site, bridge, id)
) PARTITION BY HASH (site);
-- Names people, and loses its rows when the bridge's own table does.
CREATE TABLE board (
    site    TEXT NOT NULL,
    bridge  TEXT NOT NULL,
    visit   BIGINT NOT NULL,
    version BIGINT NOT NULL,
    day     TEXT NOT NULL,
    row     BYTEA NOT NULL,               -- JSON; bytes, because a damaged one is kept as it is
    by_hand BOOLEAN NOT NULL,
    PRIMARY KEY (site, bridge, visit, version)
) PARTITION BY HASH (site);

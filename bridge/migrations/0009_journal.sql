-- What the site's database does not have yet, in order. Keys only: what a row says is read when it is sent, so that nobody's name
-- lies here, and what was deleted meanwhile is not sent any more. Triggers that write it are made when there is such a database.
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    tbl TEXT NOT NULL,                    -- empty: what is there of this bridge is outdated, all is sent anew
    key TEXT NOT NULL                     -- JSON array of the key's columns
) STRICT;
-- For which database the journal is; no row: there is none.
CREATE TABLE journal_for (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    site   TEXT NOT NULL,
    bridge TEXT NOT NULL,
    form   INTEGER NOT NULL,              -- which tables are sent, and how
    sent   INTEGER NOT NULL,              -- up to here the database has said that it has it
    -- The reception numbers that this bridge gives, and no other one of the site.
    first_number INTEGER NOT NULL,
    last_number  INTEGER NOT NULL
) STRICT;
-- By what the site's database knows this store again, whatever its bridge is called.
CREATE TABLE identity (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id  TEXT NOT NULL
) STRICT;
INSERT INTO identity (one, id) VALUES (1, lower(hex(randomblob(16))));

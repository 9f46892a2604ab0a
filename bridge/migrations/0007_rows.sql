-- Rows of the staff board say in which version of their form they are. One that a program cannot read stays beside those that it
-- writes itself, and nothing is written over it. Version 0 is what was written before; below 0 lie damaged ones.
CREATE TABLE board_of_versions (
    visit   INTEGER NOT NULL,
    version INTEGER NOT NULL,
    day     TEXT NOT NULL,                -- YYYY-MM-DD in Japan
    row     TEXT NOT NULL,                -- JSON
    by_hand INTEGER NOT NULL CHECK (by_hand IN (0, 1)),
    PRIMARY KEY (visit, version)
) STRICT;
INSERT INTO board_of_versions (visit, version, day, row, by_hand)
    SELECT visit, 0, day, row, by_hand FROM board;
DROP TABLE board;
ALTER TABLE board_of_versions RENAME TO board;

-- Reception numbers count from 1 at each day in Japan.
CREATE TABLE receptions (
    day    TEXT NOT NULL,                 -- YYYY-MM-DD in Japan
    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 9999),
    visit  INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (day, number)
) STRICT;

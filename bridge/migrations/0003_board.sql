-- The staff board of the day, which a restart must not lose. Unlike the other tables its rows name people, as the
-- outbox does: a row is deleted (and overwritten) with its day, or later, when staff have entered what no file could take.
-- Never in a row: certificate serials, PINs, numbers of the card, pictures.
CREATE TABLE board (
    visit   INTEGER PRIMARY KEY,
    day     TEXT NOT NULL,                -- YYYY-MM-DD in Japan
    row     TEXT NOT NULL,                -- JSON, as on the staff board
    by_hand INTEGER NOT NULL CHECK (by_hand IN (0, 1))
) STRICT;

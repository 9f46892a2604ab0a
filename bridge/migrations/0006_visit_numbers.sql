-- The number that was given to a visit last. Each is given once, whatever became of its visit.
CREATE TABLE visit_numbers (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    last INTEGER NOT NULL
) STRICT;
INSERT INTO visit_numbers (one, last) VALUES (1, 0);

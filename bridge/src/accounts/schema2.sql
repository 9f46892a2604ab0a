-- Which names that no account has share their waits: known to nobody outside, and the same after a restart.
CREATE TABLE salt (one INTEGER PRIMARY KEY CHECK (one = 1), salt BLOB NOT NULL);
INSERT INTO salt VALUES (1, randomblob(16));

-- REPLACE deletes without firing triggers on DELETE: what is there already is refused at the door.
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
    WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit) BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER consents_are_not_changed BEFORE UPDATE ON consents BEGIN
    SELECT RAISE(ABORT, 'consents are append-only');
END;
CREATE TRIGGER consents_are_not_deleted BEFORE DELETE ON consents BEGIN
    SELECT RAISE(ABORT, 'consents are append-only');
END;
CREATE TRIGGER consents_are_not_replaced BEFORE INSERT ON consents
    WHEN EXISTS (SELECT 1 FROM consents WHERE visit = NEW.visit AND topic = NEW.topic) BEGIN
    SELECT RAISE(ABORT, 'consents are append-only');
END;
CREATE TRIGGER visits_are_not_deleted BEFORE DELETE ON visits BEGIN
    SELECT RAISE(ABORT, 'visits are append-only');
END;
CREATE TRIGGER visits_are_not_replaced BEFORE INSERT ON visits
    WHEN EXISTS (SELECT 1 FROM visits WHERE id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'visits are append-only');
END;
-- A visit gets its method and its end once it has them; what began and what ended stays.
CREATE TRIGGER visits_are_not_changed BEFORE UPDATE ON visits
    WHEN NEW.id <> OLD.id OR NEW.started_at <> OLD.started_at OR OLD.ended_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'visits are append-only');
END;
-- What this store is for: a kiosk that serves patients, or practice. They are never mixed.
CREATE TABLE store (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    practice INTEGER NOT NULL CHECK (practice IN (0, 1))
) STRICT;

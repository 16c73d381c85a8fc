-- Each audit record is chained to all before it; what was kept before that is chained now. `audit_chain` is the program's
-- own function: it reckons a record's hash from the hash before it and from what the record says.

ALTER TABLE audit RENAME TO audit_without_chain;

CREATE TABLE audit_records (
    sequence INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    detail   TEXT NOT NULL,
    hash     BLOB NOT NULL
) STRICT;

WITH RECURSIVE chained (sequence, at, actor, action, subject, detail, hash) AS (
    SELECT 0, 0, '', '', '', '', zeroblob(32)
    UNION ALL
    SELECT next.sequence, next.at, next.actor, next.action, next.subject, next.detail,
        audit_chain(chained.hash, next.sequence, next.at, next.actor, next.action, next.subject, next.detail)
    FROM chained JOIN audit_without_chain AS next ON next.sequence = chained.sequence + 1
)
INSERT INTO audit_records SELECT * FROM chained WHERE sequence > 0;

-- What the journal holds already is not told a second time; the log says from where on it tells.
INSERT INTO audit_records
SELECT (SELECT 1 + coalesce(max(sequence), 0) FROM audit_records), (SELECT max(at) FROM journal), 'tradeport',
    'log begun', 'journal', 'journal=' || (SELECT max(sequence) FROM journal), x''
WHERE EXISTS (SELECT 1 FROM journal);
UPDATE audit_records
SET hash = audit_chain(
    coalesce((SELECT hash FROM audit_records AS before WHERE before.sequence = audit_records.sequence - 1), zeroblob(32)),
    sequence, at, actor, action, subject, detail)
WHERE length(hash) = 0;

DROP TABLE audit_without_chain;
ALTER TABLE audit_records RENAME TO audit;
CREATE TRIGGER audit_keeps_what_it_says BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_keeps_all BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- Where the log ends, kept apart from its records: who cuts off the end must change this row too.
CREATE TABLE audit_head (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    sequence INTEGER NOT NULL,
    hash     BLOB NOT NULL
) STRICT;
INSERT INTO audit_head
SELECT 1, coalesce(max(sequence), 0), coalesce((SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1), zeroblob(32))
FROM audit;

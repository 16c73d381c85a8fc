-- Where replaying the journal may start from: a projection, which can be thrown away and made again. The document carries
-- its own version and checksum.
CREATE TABLE journal_checkpoint (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    sequence INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

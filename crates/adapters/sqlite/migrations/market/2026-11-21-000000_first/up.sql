PRAGMA application_id = 0x54504D31; -- 'TPM1': tradeport market, see src/migrations.rs

CREATE TABLE symbols (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- A decimal is kept as an integer, its digits after the point (0 to 28) in five bits of `scales`; one that does not
-- fit 64 bits is kept as text with a scale of zero.
CREATE TABLE decimal_units (
    scale INTEGER PRIMARY KEY,
    unit  REAL NOT NULL
) STRICT;
WITH RECURSIVE steps(scale, unit) AS (
    SELECT 0, 1.0 UNION ALL SELECT scale + 1, unit * 10.0 FROM steps WHERE scale < 31
) INSERT INTO decimal_units SELECT scale, unit FROM steps;

-- Several ticks may share one moment, so the sequence is the key. Moments are nanoseconds since 1970, UTC.
CREATE TABLE ticks (
    symbol   INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    scales   INTEGER NOT NULL, -- bid, bid_size, ask, ask_size: five bits each, the first lowest
    bid      ANY,
    bid_size ANY,
    ask      ANY,
    ask_size ANY,
    PRIMARY KEY (symbol, sequence)
) STRICT, WITHOUT ROWID;

-- Stretches of sequences with the moments that they span: where to look for a range of time. `recorded_at` is when
-- the first of a stretch was kept; it holds for the others to within ten seconds.
CREATE TABLE tick_blocks (
    first_sequence INTEGER PRIMARY KEY,
    last_sequence  INTEGER NOT NULL,
    first_at       INTEGER NOT NULL,
    last_at        INTEGER NOT NULL,
    recorded_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE tick_gaps (
    id       INTEGER PRIMARY KEY,
    symbol   INTEGER NOT NULL REFERENCES symbols (id),
    start_at INTEGER NOT NULL,
    end_at   INTEGER NOT NULL,
    cause    TEXT NOT NULL
) STRICT;
CREATE INDEX tick_gaps_by_symbol ON tick_gaps (symbol);

CREATE TABLE bars (
    symbol  INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    start   INTEGER NOT NULL,
    scales  INTEGER NOT NULL, -- open, high, low, close, volume
    open    ANY NOT NULL,
    high    ANY NOT NULL,
    low     ANY NOT NULL,
    close   ANY NOT NULL,
    volume  ANY,
    PRIMARY KEY (symbol, seconds, start)
) STRICT, WITHOUT ROWID;

-- What analysts read. The inner query turns numbers, the outer one moments.
CREATE VIEW bid_ask_data AS
WITH numbers AS (
    SELECT t.at, s.name AS symbol, t.sequence,
        CAST(t.bid AS REAL) / (SELECT unit FROM decimal_units WHERE scale = (t.scales & 31)) AS bid_price,
        CAST(t.ask AS REAL) / (SELECT unit FROM decimal_units WHERE scale = (t.scales >> 10 & 31)) AS ask_price,
        CAST(t.bid_size AS REAL) / (SELECT unit FROM decimal_units WHERE scale = (t.scales >> 5 & 31)) AS bid_size,
        CAST(t.ask_size AS REAL) / (SELECT unit FROM decimal_units WHERE scale = (t.scales >> 15 & 31)) AS ask_size,
        (SELECT recorded_at FROM tick_blocks b WHERE b.first_sequence <= t.sequence
         ORDER BY b.first_sequence DESC LIMIT 1) AS recorded_at,
        (t.at % 1000000000 + 1000000000) % 1000000000 AS nanos
    FROM ticks t JOIN symbols s ON s.id = t.symbol
)
SELECT
    strftime('%Y-%m-%dT%H:%M:%S', (at - nanos) / 1000000000, 'unixepoch') || printf('.%09dZ', nanos) AS timestamp,
    symbol, bid_price, ask_price, bid_size, ask_size,
    round(ask_price - bid_price, 12) AS spread,
    round((ask_price + bid_price) / 2, 12) AS mid_price,
    strftime('%Y-%m-%dT%H:%M:%S', (recorded_at - (recorded_at % 1000000000 + 1000000000) % 1000000000) / 1000000000,
        'unixepoch') || printf('.%09dZ', (recorded_at % 1000000000 + 1000000000) % 1000000000) AS created_at
FROM numbers;

CREATE VIEW historical_bars AS
WITH numbers AS (
    SELECT b.start, s.name AS symbol, b.seconds,
        CAST(b.open AS REAL) / (SELECT unit FROM decimal_units WHERE scale = (b.scales & 31)) AS open,
        CAST(b.high AS REAL) / (SELECT unit FROM decimal_units WHERE scale = (b.scales >> 5 & 31)) AS high,
        CAST(b.low AS REAL) / (SELECT unit FROM decimal_units WHERE scale = (b.scales >> 10 & 31)) AS low,
        CAST(b.close AS REAL) / (SELECT unit FROM decimal_units WHERE scale = (b.scales >> 15 & 31)) AS close,
        CAST(b.volume AS REAL) / (SELECT unit FROM decimal_units WHERE scale = (b.scales >> 20 & 31)) AS volume,
        (b.start % 1000000000 + 1000000000) % 1000000000 AS nanos
    FROM bars b JOIN symbols s ON s.id = b.symbol
)
SELECT
    strftime('%Y-%m-%dT%H:%M:%S', (start - nanos) / 1000000000, 'unixepoch') || printf('.%09dZ', nanos) AS timestamp,
    symbol, seconds AS bar_seconds, open, high, low, close, volume
FROM numbers;

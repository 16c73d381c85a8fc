PRAGMA application_id = 0x54504F31; -- 'TPO1': tradeport orders, see src/migrations.rs

-- What happened to orders, for ever. Moments are nanoseconds since 1970, UTC; payloads are JSON.
CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    key      TEXT NOT NULL,
    event    TEXT NOT NULL,
    payload  TEXT NOT NULL
) STRICT;
CREATE INDEX journal_by_key ON journal (key);
CREATE UNIQUE INDEX journal_one_intent ON journal (key) WHERE event = 'intended';
CREATE TRIGGER journal_keeps_what_it_says BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_keeps_all BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Where each order stands: a projection of the journal, which can be made again from it. Decimals are text.
CREATE TABLE order_states (
    key             TEXT PRIMARY KEY,
    sequence        INTEGER NOT NULL, -- of the last journal record taken in
    account         TEXT NOT NULL,
    symbol          TEXT NOT NULL,
    order_type      TEXT NOT NULL,
    action          TEXT NOT NULL,
    quantity        TEXT NOT NULL,
    limit_price     TEXT,
    stop_price      TEXT,
    status          TEXT NOT NULL,
    filled_quantity TEXT NOT NULL,
    avg_fill_price  TEXT,
    commission      TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    detail   TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_keeps_what_it_says BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_keeps_all BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE snapshots (
    account TEXT NOT NULL,
    at      INTEGER NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (account, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE performance (
    account       TEXT NOT NULL,
    at            INTEGER NOT NULL,
    observations  INTEGER NOT NULL,
    total_return  REAL,
    sharpe_ratio  REAL,
    max_drawdown  REAL,
    volatility    REAL,
    omega_ratio   REAL,
    cvar          REAL,
    cvar_money    REAL,
    figures       TEXT NOT NULL, -- observations and the bits of the same seven figures: a REAL loses the sign of zero
    PRIMARY KEY (account, at)
) STRICT, WITHOUT ROWID;

CREATE VIEW orders AS
SELECT key AS id, key, account, symbol, order_type, action,
    CAST(quantity AS REAL) AS quantity,
    CAST(limit_price AS REAL) AS limit_price,
    CAST(stop_price AS REAL) AS stop_price,
    status,
    CAST(filled_quantity AS REAL) AS filled_quantity,
    CAST(avg_fill_price AS REAL) AS avg_fill_price,
    CAST(commission AS REAL) AS commission,
    strftime('%Y-%m-%dT%H:%M:%S', (created_at - (created_at % 1000000000 + 1000000000) % 1000000000) / 1000000000,
        'unixepoch') || printf('.%09dZ', (created_at % 1000000000 + 1000000000) % 1000000000) AS created_at,
    strftime('%Y-%m-%dT%H:%M:%S', (updated_at - (updated_at % 1000000000 + 1000000000) % 1000000000) / 1000000000,
        'unixepoch') || printf('.%09dZ', (updated_at % 1000000000 + 1000000000) % 1000000000) AS updated_at
FROM order_states;

CREATE VIEW portfolio_snapshots AS
SELECT
    strftime('%Y-%m-%dT%H:%M:%S', (at - (at % 1000000000 + 1000000000) % 1000000000) / 1000000000, 'unixepoch')
        || printf('.%09dZ', (at % 1000000000 + 1000000000) % 1000000000) AS timestamp,
    account,
    CAST(payload ->> '$.total_value.amount' AS REAL) AS total_value,
    CAST(payload ->> '$.cash.amount' AS REAL) AS cash,
    CAST(payload ->> '$.total_value.amount' AS REAL) - CAST(payload ->> '$.cash.amount' AS REAL) AS positions_value,
    CAST(payload ->> '$.realized_pnl.amount' AS REAL) AS realized_pnl,
    CAST(payload ->> '$.unrealized_pnl.amount' AS REAL) AS unrealized_pnl,
    CAST(payload ->> '$.commissions.amount' AS REAL) AS commissions,
    payload ->> '$.total_value.currency' AS currency,
    payload -> '$.positions' AS positions
FROM snapshots;

CREATE VIEW performance_metrics AS
SELECT
    strftime('%Y-%m-%dT%H:%M:%S', (at - (at % 1000000000 + 1000000000) % 1000000000) / 1000000000, 'unixepoch')
        || printf('.%09dZ', (at % 1000000000 + 1000000000) % 1000000000) AS timestamp,
    account, observations, total_return, sharpe_ratio, max_drawdown, volatility, omega_ratio, cvar, cvar_money
FROM performance;

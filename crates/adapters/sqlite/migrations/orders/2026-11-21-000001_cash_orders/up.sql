-- Orders for an amount of money: how many units that is stands only when the broker has filled them. The table is a
-- projection, but old files keep what they had: their orders are all sized in units.

DROP VIEW orders;
ALTER TABLE order_states RENAME TO order_states_in_units;

CREATE TABLE order_states (
    key             TEXT PRIMARY KEY,
    sequence        INTEGER NOT NULL, -- of the last journal record taken in
    account         TEXT NOT NULL,
    symbol          TEXT NOT NULL,
    order_type      TEXT NOT NULL,
    action          TEXT NOT NULL,
    quantity        TEXT, -- unknown while only the money is said, or a parent's fills size it
    limit_price     TEXT,
    stop_price      TEXT,
    status          TEXT NOT NULL,
    filled_quantity TEXT NOT NULL,
    avg_fill_price  TEXT,
    commission      TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    cash_quantity   TEXT,
    cash_currency   TEXT
) STRICT, WITHOUT ROWID;

INSERT INTO order_states
SELECT key, sequence, account, symbol, order_type, action, quantity, limit_price, stop_price, status, filled_quantity,
    avg_fill_price, commission, created_at, updated_at, NULL, NULL
FROM order_states_in_units;
DROP TABLE order_states_in_units;

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
        'unixepoch') || printf('.%09dZ', (updated_at % 1000000000 + 1000000000) % 1000000000) AS updated_at,
    CAST(cash_quantity AS REAL) AS cash_quantity,
    cash_currency
FROM order_states;

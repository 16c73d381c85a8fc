//! What analysts see: plain names, numbers and texts, read with another SQLite program than ours.
#![expect(clippy::unwrap_used, reason = "tests may unwrap")]

mod support;

use futures::executor::block_on;
use rusqlite::types::Value;
use std::path::Path;
use support::{charged, executed, happened, intended, key, open, price, second, size, symbol, usd};
use tradeport_kernel::{AccountId, Timestamp};
use tradeport_market_data::{Bar, BarPrices, BarSize, BarStore, Level, Quote, TickStore};
use tradeport_orders::{OrderInput, OrderJournal};
use tradeport_portfolio::{PerformanceRecord, PortfolioSnapshot, PortfolioStore, SnapshotPosition};
use tradeport_trading::{AuditEntry, AuditLog};

fn rows(file: &Path, query: &str) -> (Vec<String>, Vec<Vec<Value>>) {
    let connection = rusqlite::Connection::open(file).unwrap();
    let mut statement = connection.prepare(query).unwrap();
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let width = names.len();
    let rows = statement.query_map([], |row| (0..width).map(|at| row.get(at)).collect()).unwrap();
    let rows = rows.collect::<Result<Vec<Vec<Value>>, _>>().unwrap();
    (names, rows)
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

#[test]
fn quotes_have_the_columns_that_analysts_expect() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    let at = Timestamp::from_nanos(1_600_000_000_123_456_789);
    let bid = Level::new(price("187.20"), Some(size("100")));
    let ask = Level::new(price("187.25"), Some(size("0.5")));
    // Sixteen digits and twelve places do not fit 64 bits once they are scaled together: kept as text.
    let odd = Level::new(price("100000000001.000000000000001"), None);
    let before_1970 = Timestamp::from_nanos(-1);
    let given = [
        Quote::new(symbol("AAPL"), at, Some(bid), Some(ask)).unwrap(),
        Quote::new(symbol("IBM"), before_1970, None, Some(odd)).unwrap(),
    ];
    block_on(stores.ticks().append(&given)).unwrap();
    let (names, rows) = rows(&folder.path().join("market.db"), "SELECT * FROM bid_ask_data ORDER BY symbol");
    let wanted = "timestamp symbol bid_price ask_price bid_size ask_size spread mid_price created_at";
    assert_eq!(names.join(" "), wanted);
    let created = text("2023-11-14T22:13:20.000000000Z");
    let real = Value::Real;
    let first = [
        text("2020-09-13T12:26:40.123456789Z"),
        text("AAPL"),
        real(187.2),
        real(187.25),
        real(100.0),
        real(0.5),
        real(0.05),
        real(187.225),
        created.clone(),
    ];
    assert_eq!(rows[0], first);
    let (none, odd) = (Value::Null, real(100_000_000_001.0));
    let second = [
        text("1969-12-31T23:59:59.999999999Z"),
        text("IBM"),
        none.clone(),
        odd,
        none.clone(),
        none.clone(),
        none.clone(),
        none,
        created,
    ];
    assert_eq!(rows[1], second);
}

#[test]
fn bars_are_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let prices = BarPrices { open: price("10"), high: price("12.5"), low: price("9.75"), close: price("11") };
    let volume = Some("123456789012345678901234.5".parse().unwrap());
    let bar = Bar::new(symbol("AAPL"), BarSize::DAY, second(0), prices, volume).unwrap();
    block_on(open(folder.path()).bars().save(&[bar])).unwrap();
    let (_, rows) = rows(&folder.path().join("market.db"), "SELECT * FROM historical_bars");
    let real = Value::Real;
    let numbers = [real(10.0), real(12.5), real(9.75), real(11.0), real(123_456_789_012_345_678_901_234.5)];
    let mut wanted = vec![text("2020-09-13T12:26:40.000000000Z"), text("AAPL"), Value::Integer(86_400)];
    wanted.extend(numbers);
    assert_eq!(rows, [wanted]);
}

#[test]
fn orders_show_where_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    let entries = [
        intended("a", second(0)),
        happened("a", OrderInput::Sent, second(1)),
        executed("a", "x1", "4", "187", second(2)),
        executed("a", "x2", "6", "187.2", second(3)),
        charged("a", "x1", "0.35", second(4)),
        charged("a", "x2", "0.40", second(5)),
        intended("b", second(6)),
    ];
    block_on(stores.journal().append(&entries)).unwrap();
    let query = "SELECT * FROM orders ORDER BY key";
    let file = folder.path().join("orders.db");
    let (names, before) = rows(&file, query);
    let wanted = "id key account symbol order_type action quantity limit_price stop_price status filled_quantity \
                  avg_fill_price commission created_at updated_at cash_quantity cash_currency";
    assert_eq!(names.join(" "), wanted);
    let real = Value::Real;
    let filled = [
        text("a"),
        text("a"),
        text("DU1"),
        text("AAPL"),
        text("LMT"),
        text("BUY"),
        real(10.0),
        real(187.25),
        Value::Null,
        text("filled"),
        real(10.0),
        real(187.12),
        real(0.75),
        text("2020-09-13T12:26:40.000000000Z"),
        text("2020-09-13T12:26:45.000000000Z"),
        Value::Null,
        Value::Null,
    ];
    assert_eq!(before[0], filled);
    assert_eq!(before[1][9..13], [text("recorded"), real(0.0), Value::Null, Value::Null]);

    // The projection is worth nothing by itself: it comes back from the journal.
    let all = "SELECT * FROM order_states ORDER BY key";
    let (_, kept) = rows(&file, all);
    rusqlite::Connection::open(&file).unwrap().execute_batch("DELETE FROM order_states").unwrap();
    assert_eq!(block_on(stores.journal().rebuild_projections()).unwrap(), 2);
    assert_eq!(rows(&file, all).1, kept);
}

#[test]
fn an_entry_after_reopening_goes_on_with_the_same_order() {
    let folder = tempfile::tempdir().unwrap();
    let entries = [intended("a", second(0)), executed("a", "x1", "4", "187", second(1))];
    block_on(open(folder.path()).journal().append(&entries)).unwrap();
    let rest = [executed("a", "x2", "6", "188", second(2))];
    block_on(open(folder.path()).journal().append(&rest)).unwrap();
    let (_, rows) = rows(&folder.path().join("orders.db"), "SELECT status, filled_quantity FROM orders");
    assert_eq!(rows, [[text("filled"), Value::Real(10.0)]]);
}

#[test]
fn portfolio_and_performance_are_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    let account = AccountId::new("DU1").unwrap();
    let position = SnapshotPosition {
        symbol: symbol("AAPL"),
        quantity: "-3".parse().unwrap(),
        average_price: Some(price("187.5")),
        price: price("200"),
        value: usd("-600"),
    };
    let snapshot = PortfolioSnapshot {
        account: account.clone(),
        at: second(0),
        total_value: usd("1000.25"),
        cash: usd("1600.25"),
        realized_pnl: usd("1"),
        unrealized_pnl: usd("-37.5"),
        commissions: usd("2.10"),
        positions: vec![position],
    };
    let record = PerformanceRecord {
        account,
        at: second(0),
        observations: 12,
        total_return: Some(0.1),
        sharpe_ratio: Some(1.5),
        max_drawdown: Some(-0.2),
        volatility: Some(0.3),
        omega_ratio: Some(f64::INFINITY),
        cvar: Some(-0.0),
        cvar_money: None,
    };
    block_on(stores.portfolio().save_snapshots(&[snapshot])).unwrap();
    block_on(stores.portfolio().save_performance(std::slice::from_ref(&record))).unwrap();
    let file = folder.path().join("orders.db");
    let real = Value::Real;
    let columns = "timestamp, total_value, cash, positions_value, realized_pnl, unrealized_pnl, commissions, \
                   positions ->> '$[0].symbol'";
    let (_, seen) = rows(&file, &format!("SELECT {columns} FROM portfolio_snapshots"));
    let mut wanted = vec![text("2020-09-13T12:26:40.000000000Z")];
    wanted.extend([1000.25, 1600.25, -600.0, 1.0, -37.5, 2.1].map(real));
    wanted.push(text("AAPL"));
    assert_eq!(seen, [wanted]);
    let (_, seen) = rows(&file, "SELECT * FROM performance_metrics");
    assert_eq!(seen[0][3..9], [0.1, 1.5, -0.2, 0.3, f64::INFINITY, 0.0].map(real));
    assert_eq!(seen[0][9], Value::Null);

    // For us, the sign of zero is there too.
    let range = tradeport_kernel::TimeRange::ALL;
    let back = block_on(stores.portfolio().performance(&record.account, range)).unwrap();
    assert_eq!(back[0].cvar.unwrap().to_bits(), (-0.0_f64).to_bits());
}

#[test]
fn journal_and_audit_refuse_to_be_rewritten() {
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path());
    block_on(stores.journal().append(&[intended("a", second(0))])).unwrap();
    let word = || "x".to_owned();
    let entry = AuditEntry { at: second(0), actor: word(), action: word(), subject: word(), detail: word() };
    block_on(stores.audit().append(&[entry])).unwrap();
    let file = rusqlite::Connection::open(folder.path().join("orders.db")).unwrap();
    for table in ["journal", "audit"] {
        for edit in [format!("UPDATE {table} SET at = 0"), format!("DELETE FROM {table}")] {
            let refused = file.execute_batch(&edit).unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{edit}: {refused}");
        }
    }
    assert_eq!(block_on(stores.journal().of(&key("a"))).unwrap().len(), 1);
}

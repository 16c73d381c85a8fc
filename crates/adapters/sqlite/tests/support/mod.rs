//! What the tests of this crate share: a clock that stands still, and small values of every kind.
#![expect(
    dead_code,
    clippy::unwrap_used,
    reason = "each test binary uses its own part of it, and tests may unwrap"
)]

use std::path::Path;
use std::sync::Arc;
use tradeport_kernel::{
    AccountId, Clock, Currency, Decimal, Money, OrderKey, PermId, Price, Quantity, Symbol, Timestamp,
};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{
    Commission, ExecutedPart, Execution, ExecutionId, JournalEntry, OrderDraft, OrderInput, OrderKind, Side,
};
use tradeport_sqlite::{OpenError, SqliteConfig, SqliteStores};

/// 2023-11-14T22:13:20Z, always.
pub(crate) struct StandingClock;

#[async_trait::async_trait]
impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_700_000_000)
    }
    async fn sleep_until(&self, _: Timestamp) {}
}

pub(crate) fn config(folder: &Path) -> SqliteConfig {
    SqliteConfig::in_folder(folder).unwrap()
}

pub(crate) fn try_open(folder: &Path) -> Result<SqliteStores, OpenError> {
    SqliteStores::open(&config(folder), Arc::new(StandingClock))
}

pub(crate) fn open(folder: &Path) -> SqliteStores {
    try_open(folder).unwrap()
}

pub(crate) fn open_read_only(folder: &Path) -> Result<SqliteStores, OpenError> {
    SqliteStores::open_read_only(&config(folder), Arc::new(StandingClock))
}

pub(crate) fn symbol(name: &str) -> Symbol {
    Symbol::new(name).unwrap()
}

pub(crate) fn key(text: &str) -> OrderKey {
    OrderKey::new(text).unwrap()
}

pub(crate) fn price(text: &str) -> Price {
    text.parse().unwrap()
}

pub(crate) fn size(text: &str) -> Quantity {
    text.parse().unwrap()
}

pub(crate) fn usd(text: &str) -> Money {
    Money::new(text.parse::<Decimal>().unwrap(), Currency::USD)
}

pub(crate) fn second(number: i64) -> Timestamp {
    Timestamp::from_seconds(1_600_000_000 + number)
}

/// A quote of AAPL, `number` cents above 100.
pub(crate) fn quote(number: i64) -> Quote {
    let level = |cents| Level::new(Price::new(Decimal::new(10_000 + cents, 2)).unwrap(), Some(size("100")));
    Quote::new(symbol("AAPL"), second(number), Some(level(number)), Some(level(number + 2))).unwrap()
}

pub(crate) fn quotes(numbers: std::ops::Range<i64>) -> Vec<Quote> {
    numbers.map(quote).collect()
}

/// The first entry of an order to buy 10 AAPL at a limit of 187.25.
pub(crate) fn intended(text: &str, at: Timestamp) -> JournalEntry {
    let account = AccountId::new("DU1").unwrap();
    let kind = OrderKind::Limit { limit: price("187.25") };
    let draft = OrderDraft::new(key(text), account, symbol("AAPL"), Side::Buy, size("10"), kind);
    JournalEntry::intended(draft.check().unwrap(), at)
}

pub(crate) fn happened(text: &str, input: OrderInput, at: Timestamp) -> JournalEntry {
    JournalEntry::happened(key(text), input, at)
}

/// Bought `quantity` AAPL for the order of this key.
pub(crate) fn executed(text: &str, id: &str, quantity: &str, at_price: &str, at: Timestamp) -> JournalEntry {
    let execution = Execution {
        id: ExecutionId::new(id, 1),
        key: Some(key(text)),
        perm_id: PermId::new(7),
        account: AccountId::new("DU1").unwrap(),
        symbol: symbol("AAPL"),
        side: Side::Buy,
        quantity: size(quantity),
        price: price(at_price),
        at,
        part: ExecutedPart::Whole,
    };
    happened(text, OrderInput::Executed { execution }, at)
}

pub(crate) fn charged(text: &str, id: &str, amount: &str, at: Timestamp) -> JournalEntry {
    let commission = Commission { execution: ExecutionId::new(id, 1), amount: usd(amount) };
    happened(text, OrderInput::Charged { commission }, at)
}

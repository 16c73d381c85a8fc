//! What the simulated broker lists, and when it trades.

use super::SyntheticMarket;
use crate::config::FakeHours;
use std::time::Duration;
use time::Weekday;
use tradeport_contracts::{Contract, ContractDraft, ContractId, Instrument, Stock, TradingSessions};
use tradeport_files::{us_stock_day, us_stock_session};
use tradeport_kernel::{Currency, Decimal, Timestamp};

/// Sessions are known for so many days around the broker's beginning; later it is closed, and a new one must begin.
const DAYS_BEFORE: u64 = 10;
const DAYS_AFTER: u64 = 400;
const DAY: Duration = Duration::from_secs(86_400);

/// The contracts of a broker that begins at `now`.
pub fn contracts(hours: FakeHours, now: Timestamp) -> anyhow::Result<Vec<Contract>> {
    let sessions = match hours {
        FakeHours::Always => TradingSessions::always(),
        FakeHours::UsStocks => us_stock_sessions(now)?,
    };
    let mut contracts = Vec::new();
    for (number, listing) in (1_001..).zip(SyntheticMarket::listings()) {
        let draft = ContractDraft {
            id: ContractId::new(number),
            symbol: listing.symbol,
            instrument: Instrument::from(Stock::new(listing.symbol.as_str())?),
            name: listing.name.to_owned(),
            currency: Currency::USD,
            price_step: Decimal::new(1, 2),
            lot: Decimal::ONE,
            multiplier: Decimal::ONE,
            sessions: sessions.clone(),
        };
        contracts.push(draft.check()?);
    }
    Ok(contracts)
}

/// Monday to Friday; the simulated exchange keeps no holidays.
fn us_stock_sessions(now: Timestamp) -> anyhow::Result<TradingSessions> {
    let mut day = us_stock_day(now.before(DAY * u32::try_from(DAYS_BEFORE)?));
    let mut sessions = Vec::new();
    for _ in 0..DAYS_BEFORE + DAYS_AFTER {
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            sessions.push(us_stock_session(day)?);
        }
        let Some(next) = day.next_day() else { break };
        day = next;
    }
    Ok(TradingSessions::new(sessions)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_us_market_is_closed_at_night_and_on_sundays() {
        // 2025-06-06 was a Friday.
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let listed = contracts(FakeHours::UsStocks, at("2025-06-06T12:00:00Z")).unwrap();
        let open = |text: &str| listed[0].sessions().is_open(at(text));
        assert!(open("2025-06-06T13:30:00Z") && open("2025-06-06T19:59:59Z"));
        assert!(
            !open("2025-06-06T20:00:00Z") && !open("2025-06-06T13:29:59Z") && !open("2025-06-08T15:00:00Z")
        );
        let always = contracts(FakeHours::Always, at("2025-06-08T15:00:00Z")).unwrap();
        assert!(always.iter().all(|contract| contract.sessions().is_open(at("2025-06-08T15:00:00Z"))));
    }
}

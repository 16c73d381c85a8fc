//! What a run is told to do, in numbers and in words.

use super::data::Market;
use super::origin::Origin;
use super::quotes::{DISPLAYED, QUOTES_A_DAY};
use super::strategy::{BETTER, INVESTED, PATIENT};
use crate::report::{Setting, amount, count};
use anyhow::Context;
use std::time::Duration;
use tradeport_fake_broker::exchange::LiquidityRules;
use tradeport_kernel::{AccountId, Decimal, Symbol};
use tradeport_risk::{PolicyDraft, RiskPolicy};

/// Simulated accounts of the broker begin with these letters.
const ACCOUNT: &str = "DU2000001";
/// The largest part that a target asks for (a third of 95 %), and room for prices that move meanwhile.
const MAX_POSITION_SHARE: Decimal = Decimal::from_parts(35, 0, 0, false, 2);
/// The same for two instruments (a half of 95 %).
const MAX_SHARE_OF_TWO: Decimal = Decimal::from_parts(55, 0, 0, false, 2);
/// So many instruments are named in a caveat.
const NAMED: usize = 10;
const CASH: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

/// What a run is told to do.
#[derive(Clone, Debug)]
pub(super) struct RunSettings {
    /// Where chance begins.
    pub(super) seed: u64,
    /// Who trades.
    pub(super) account: AccountId,
    /// What it begins with, in US dollars.
    pub(super) cash: Decimal,
    /// What no order may exceed.
    pub(super) policy: RiskPolicy,
    /// What riskless money earns in a year.
    pub(super) risk_free_rate: f64,
    /// Clock time between two snapshots.
    pub(super) interval: Duration,
}

impl RunSettings {
    /// The demo's own settings; only the seed and the two figures of performance are the user's. The risk policy has
    /// room for the targets of this market: for one or two instruments a larger part of the portfolio, for very many
    /// more orders a day.
    pub(super) fn new(
        market: &Market,
        seed: u64,
        risk_free_rate: f64,
        interval: Duration,
    ) -> anyhow::Result<Self> {
        let instruments = market.days.iter().map(|day| day.bars.len());
        let (fewest, most) = (instruments.clone().min().unwrap_or(1), instruments.max().unwrap_or(1));
        let share = match fewest {
            0 | 1 => Decimal::ONE,
            2 => MAX_SHARE_OF_TWO,
            _ => MAX_POSITION_SHARE,
        };
        let default = PolicyDraft::default();
        let orders = default.max_daily_trades.max(most.try_into().unwrap_or(u32::MAX));
        let policy = PolicyDraft { max_position_share: share, max_daily_trades: orders, ..default };
        Ok(Self {
            seed,
            account: AccountId::new(ACCOUNT)?,
            cash: CASH,
            policy: policy.check().context("the demo's risk policy")?,
            risk_free_rate,
            interval,
        })
    }
}

/// The settings in words, for the report.
pub(super) fn described(settings: &RunSettings, market: &Market) -> Vec<Setting> {
    let listed: Vec<String> =
        market.instruments().iter().map(|(symbol, (first, _))| format!("{symbol} (from {first})")).collect();
    let period = market.days.first().zip(market.days.last());
    let period = period.map_or_else(String::new, |(first, last)| {
        format!("{} to {}, {} sessions", first.day, last.day, market.days.len())
    });
    let limits = settings.policy.limits();
    let setting = |name: &str, value: String| Setting { name: name.to_owned(), value };
    vec![
        setting("Period", period),
        setting("Instruments", listed.join(", ")),
        setting("Seed", settings.seed.to_string()),
        setting("Account", format!("{}, cash account, {} USD", settings.account, amount(settings.cash))),
        setting(
            "Broker",
            "simulated, IB fixed commissions for US stocks; orders fill against displayed sizes".to_owned(),
        ),
        setting(
            "Strategy",
            format!(
                "equal parts of what trades, {} invested, put right on the first session of each month, sells before \
                 buys; market orders, but trades below {} of the portfolio are day limit orders {} better than the \
                 market",
                percent(INVESTED),
                percent(PATIENT),
                percent(BETTER),
            ),
        ),
        setting(
            "Risk policy",
            format!(
                "at most {} of the portfolio in one position (raised from 10 %), {} orders a \
                 day, quotes at most {} s old",
                percent(limits.max_position_share),
                limits.max_daily_trades,
                limits.max_quote_age_seconds,
            ),
        ),
        setting(
            "Benchmark",
            "equal parts of what trades on the first day, bought at its close, never touched".to_owned(),
        ),
        setting("Quotes", quotes(&market.origin)),
        setting(
            "Snapshots",
            format!(
                "at each quote, {} s of market time after the last or later",
                settings.interval.as_secs()
            ),
        ),
    ]
}

fn percent(share: Decimal) -> String {
    format!("{} %", (share * Decimal::ONE_HUNDRED).normalize())
}

fn quotes(origin: &Origin) -> String {
    match origin {
        Origin::Recording { recording, quotes, .. } => {
            format!("{} from {recording}, as they were recorded", count(*quotes))
        }
        Origin::Bundled | Origin::Files { .. } => format!(
            "{QUOTES_A_DAY} a session and instrument, on a seeded path through open, high, low and close; {} of the \
             volume on display",
            percent(DISPLAYED),
        ),
    }
}

/// What to keep in mind when reading the figures.
pub(super) fn caveats(market: &Market) -> Vec<String> {
    let of_origin = match &market.origin {
        Origin::Bundled => {
            "The five stocks are known today to have lasted: returns are those of survivors, and no forecast."
        }
        origin if origin.has_splits() => {
            "Prices and splits are those of the files, and held against no other source. Returns are no forecast."
        }
        _ => {
            "No splits were given (--splits FILE): prices must be free of them, or a split looks like a loss. Returns \
             are no forecast."
        }
    };
    let mut caveats = vec![DIVIDENDS.to_owned()];
    match &market.origin {
        Origin::Recording { .. } => caveats.extend(of_recording(&market.unpriced)),
        Origin::Bundled | Origin::Files { .. } => caveats.extend(OF_BARS.map(str::to_owned)),
    }
    caveats.push(of_origin.to_owned());
    caveats
}

const DIVIDENDS: &str = "Dividends are not credited, to portfolio and benchmark alike: the data has no amounts. \
     Total returns are understated, by roughly the dividend yield.";
const OF_BARS: [&str; 2] = [
    "Within a day only open, high, low and close are known. The quotes between them follow a seeded path that never \
     leaves the day's range; spreads and sizes are simulated.",
    "Sessions are 09:30 to 16:00 in New York. Half days are not known and count as whole ones.",
];

fn of_recording(unpriced: &[Symbol]) -> Vec<String> {
    let shown = LiquidityRules::default().default_size;
    let mut caveats = vec![
        format!(
            "The day's close is the last middle of bid and ask. Quotes that lack a side, are crossed or came late are \
             recorded, and are no price to trade on. Where no size was recorded, {shown} are on display."
        ),
        "A session is 09:30 to 16:00 in New York where every quote of the day falls into it; else it lasts from the \
         day's first quote to its last. What trades on a day is what had a price on it."
            .to_owned(),
    ];
    if !unpriced.is_empty() {
        let symbols: Vec<_> = unpriced.iter().take(NAMED).map(Symbol::as_str).collect();
        let more = if unpriced.len() > NAMED { " and others" } else { "" };
        caveats
            .push(format!("Recorded and never traded, for want of a price: {}{more}.", symbols.join(", ")));
    }
    caveats
}

#[cfg(test)]
mod tests {
    use super::super::strategy::equal_share;
    use super::*;

    #[test]
    fn the_largest_target_passes_the_policy() {
        let market = Market::bundled().unwrap();
        let settings = RunSettings::new(&market, 1, 0.05, Duration::from_secs(300)).unwrap();
        let fewest = market.days.iter().map(|day| day.bars.len()).min().unwrap();
        assert!(equal_share(fewest).unwrap().fraction() < settings.policy.limits().max_position_share);
    }
}

//! What trading costs: schedules with tiers, a minimum and a maximum per order, and fees passed through; and which
//! schedule holds for what.
//!
//! The schedules are data. Those here are Interactive Brokers' as they stood in 2025 on the pages "Commissions" of
//! interactivebrokers.com (IBKR Pro, North America), in US dollars, each by its own page:
//!
//! | what | rate | least per order | most per order |
//! | --- | --- | --- | --- |
//! | US stocks, ETFs, warrants and CFDs on them, fixed | 0.005 a share | 1.00 | 1 % of trade value |
//! | the same, tiered | 0.0035 a share up to 300,000 a month, 0.002 up to 3 million, 0.0015 up to 20 million, 0.001 up to 100 million, 0.0005 beyond | 0.35 | 1 % of trade value |
//! | currency pairs | 0.20 basis points of trade value up to 1 billion a month, 0.15 up to 2, 0.10 up to 5, 0.08 beyond | 2.00 | |
//! | cryptocurrencies | 0.18 % of trade value up to 100,000 a month, 0.15 % up to 1 million, 0.12 % beyond | 1.75 | 1 % of trade value |
//! | US futures and options on them | 0.85 a contract; 0.25 a micro contract | | |
//! | US stock and index options | 0.65 a contract, 0.50 for premiums below 0.10, 0.25 below 0.05 | 1.00 | |
//! | corporate and municipal bonds | 0.1 % of face value | 1.00 | |
//! | mutual funds | 14.95 an order | 14.95 | 3 % of trade value |
//! | metals at their spot price | 1.5 basis points of trade value | 2.00 | |
//! | event contracts of ForecastEx | none | | |
//!
//! Fees that are passed through: of the tiered schedule clearing at 0.00020 a share, and 0.000175 (NYSE) and 0.00056
//! (FINRA) times the commission; of every schedule of shares FINRA's trading activity fee, 0.000166 a share sold, at most
//! 8.30.
//!
//! When the most per order is less than the least, the most is charged. Minimum and maximum are per *order*, so each
//! fill is charged what the order costs so far less what was charged before.
//!
//! Left out: fees of exchanges and clearing houses, which depend on the venue that a fake one has not; the SEC's fee
//! on sales, whose rate has been zero since 14 May 2025 (either can be added as a [`Fee`]); the lower minimum of the
//! higher tiers of currency pairs; and the lower rate of a bond's face value above 10,000.

use serde::{Deserialize, Serialize};
use tradeport_kernel::Decimal;
use tradeport_orders::Side;

mod tariff;

pub use tariff::{Tariff, Tariffs};

const CHARGED_PLACES: u32 = 6;

/// What the rates of a schedule are for, and what its months count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charged {
    /// Each unit: a share, or a contract.
    #[default]
    Units,
    /// Each unit of money of the trade's value.
    Value,
}

/// A rate for what is traded in a month up to so much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// It holds up to this much a month; `None` for all beyond.
    pub up_to: Option<Decimal>,
    /// Money for each unit, or the share of the value.
    #[serde(alias = "per_share")]
    pub rate: Decimal,
}

/// A lower rate for units of little worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cheap {
    /// It holds for units worth less than this, multiplier included.
    pub worth_below: Decimal,
    /// Money for each unit.
    pub rate: Decimal,
}

/// What a fee is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeBasis {
    /// Of the number of shares.
    Shares,
    /// Of the number of shares sold.
    SharesSold,
    /// Of the value sold.
    ValueSold,
    /// Of the commission itself.
    Commission,
}

/// A fee passed through on top of the commission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// Whose.
    pub name: String,
    /// Of what.
    pub basis: FeeBasis,
    /// How much for each unit of that.
    pub rate: Decimal,
    /// At most so much for an order.
    pub maximum: Option<Decimal>,
}

/// What orders cost, in the account's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommissionSchedule {
    /// Its name.
    pub name: String,
    /// Where its numbers come from.
    pub source: String,
    /// What the rates are for.
    #[serde(default)]
    pub charged: Charged,
    /// The rates, for what one account trades in a calendar month (UTC), the first tier first.
    pub tiers: Vec<Tier>,
    /// Rates that hold instead of the tiers' for units of little worth, the lowest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cheap: Vec<Cheap>,
    /// The least for an order that trades.
    pub minimum: Decimal,
    /// The most for an order, as a share of its trade value; it beats the minimum.
    pub maximum_share: Option<Decimal>,
    /// What is passed through.
    pub fees: Vec<Fee>,
}

const SOURCE: &str = "Interactive Brokers, Commissions: Stocks and ETFs, North America, 2025";

/// A schedule of Interactive Brokers with one rate, or several by the month, and no fees.
fn published(
    name: &str,
    page: &str,
    charged: Charged,
    tiers: Vec<Tier>,
    minimum: Decimal,
) -> CommissionSchedule {
    CommissionSchedule {
        name: format!("IB, {name}"),
        source: format!("Interactive Brokers, Commissions: {page}, North America, 2025"),
        charged,
        tiers,
        cheap: Vec::new(),
        minimum,
        maximum_share: None,
        fees: Vec::new(),
    }
}

const fn flat(rate: Decimal) -> Tier {
    Tier { up_to: None, rate }
}

fn up_to(millions: i64, thousandths: i64, rate: Decimal) -> Tier {
    Tier { up_to: Some(Decimal::from(millions * 1_000_000 + thousandths * 1_000)), rate }
}

fn fee(name: &str, basis: FeeBasis, rate: Decimal, maximum: Option<Decimal>) -> Fee {
    Fee { name: name.to_owned(), basis, rate, maximum }
}

fn trading_activity() -> Fee {
    fee("FINRA trading activity fee", FeeBasis::SharesSold, Decimal::new(166, 6), Some(Decimal::new(830, 2)))
}

impl CommissionSchedule {
    /// Interactive Brokers' fixed schedule for US stocks.
    #[must_use]
    pub fn ib_us_stocks_fixed() -> Self {
        Self {
            name: "IB fixed, US stocks".to_owned(),
            source: SOURCE.to_owned(),
            charged: Charged::Units,
            tiers: vec![flat(Decimal::new(5, 3))],
            cheap: Vec::new(),
            minimum: Decimal::ONE,
            maximum_share: Some(Decimal::new(1, 2)),
            fees: vec![trading_activity()],
        }
    }

    /// Interactive Brokers' tiered schedule for US stocks.
    #[must_use]
    pub fn ib_us_stocks_tiered() -> Self {
        let tier = |up_to: i64, rate: i64| Tier {
            up_to: (up_to > 0).then(|| Decimal::from(up_to)),
            rate: Decimal::new(rate, 4),
        };
        Self {
            name: "IB tiered, US stocks".to_owned(),
            source: SOURCE.to_owned(),
            charged: Charged::Units,
            cheap: Vec::new(),
            tiers: vec![
                tier(300_000, 35),
                tier(3_000_000, 20),
                tier(20_000_000, 15),
                tier(100_000_000, 10),
                tier(0, 5),
            ],
            minimum: Decimal::new(35, 2),
            maximum_share: Some(Decimal::new(1, 2)),
            fees: vec![
                fee("NSCC and DTC clearing", FeeBasis::Shares, Decimal::new(20, 5), None),
                fee("NYSE pass-through", FeeBasis::Commission, Decimal::new(175, 6), None),
                fee("FINRA pass-through", FeeBasis::Commission, Decimal::new(56, 5), None),
                trading_activity(),
            ],
        }
    }

    /// Interactive Brokers' schedule for currency pairs.
    #[must_use]
    pub fn ib_currency_pairs() -> Self {
        let points = |hundredths| Decimal::new(hundredths, 6);
        let tiers = vec![
            up_to(1_000, 0, points(20)),
            up_to(2_000, 0, points(15)),
            up_to(5_000, 0, points(10)),
            flat(points(8)),
        ];
        published("currency pairs", "Spot Currencies", Charged::Value, tiers, Decimal::TWO)
    }

    /// Interactive Brokers' schedule for cryptocurrencies.
    #[must_use]
    pub fn ib_crypto() -> Self {
        let rate = |hundredths_of_percent| Decimal::new(hundredths_of_percent, 4);
        let tiers = vec![up_to(0, 100, rate(18)), up_to(1, 0, rate(15)), flat(rate(12))];
        let schedule =
            published("cryptocurrencies", "Cryptocurrencies", Charged::Value, tiers, Decimal::new(175, 2));
        Self { maximum_share: Some(Decimal::new(1, 2)), ..schedule }
    }

    /// Interactive Brokers' fixed schedule for US futures and options on them: so much a contract.
    #[must_use]
    pub fn ib_us_futures() -> Self {
        let tiers = vec![flat(Decimal::new(85, 2))];
        published("US futures", "Futures and Futures Options", Charged::Units, tiers, Decimal::ZERO)
    }

    /// The same for micro futures.
    #[must_use]
    pub fn ib_us_micro_futures() -> Self {
        let tiers = vec![flat(Decimal::new(25, 2))];
        published("US micro futures", "Futures and Futures Options", Charged::Units, tiers, Decimal::ZERO)
    }

    /// Interactive Brokers' schedule for US options; premiums are those of contracts for a hundred.
    #[must_use]
    pub fn ib_us_options() -> Self {
        let cheap = |below, rate| Cheap { worth_below: Decimal::from(below), rate: Decimal::new(rate, 2) };
        let tiers = vec![flat(Decimal::new(65, 2))];
        let schedule = published("US options", "Options", Charged::Units, tiers, Decimal::ONE);
        Self { cheap: vec![cheap(5, 25), cheap(10, 50)], ..schedule }
    }

    /// Interactive Brokers' schedule for corporate bonds: by their face value, of which one unit is a thousand.
    #[must_use]
    pub fn ib_us_bonds() -> Self {
        let tiers = vec![flat(Decimal::ONE)];
        published("US corporate bonds", "Bonds", Charged::Units, tiers, Decimal::ONE)
    }

    /// Interactive Brokers' schedule for mutual funds: so much an order.
    #[must_use]
    pub fn ib_us_funds() -> Self {
        let schedule =
            published("US mutual funds", "Mutual Funds", Charged::Units, Vec::new(), Decimal::new(1_495, 2));
        Self { maximum_share: Some(Decimal::new(3, 2)), ..schedule }
    }

    /// Interactive Brokers' schedule for metals at their spot price.
    #[must_use]
    pub fn ib_metals() -> Self {
        let tiers = vec![flat(Decimal::new(15, 5))];
        published("metals", "Metals", Charged::Value, tiers, Decimal::TWO)
    }

    /// Trading for nothing.
    #[must_use]
    pub fn free() -> Self {
        Self {
            name: "free".to_owned(),
            source: String::new(),
            charged: Charged::Units,
            tiers: Vec::new(),
            cheap: Vec::new(),
            minimum: Decimal::ZERO,
            maximum_share: None,
            fees: Vec::new(),
        }
    }

    /// What of a trade counts towards its tiers: its units, or its value.
    #[must_use]
    pub fn counted(&self, units: Decimal, value: Decimal) -> Decimal {
        match self.charged {
            Charged::Units => units,
            Charged::Value => value.abs(),
        }
    }

    /// What a trade costs by the tiers, when the account has traded `before` in this month; `None` when that cannot be
    /// computed.
    #[must_use]
    pub fn by_tiers(&self, before: Decimal, units: Decimal, value: Decimal) -> Option<Decimal> {
        for cheap in &self.cheap {
            if value.abs() < cheap.worth_below.checked_mul(units)? {
                return units.checked_mul(cheap.rate);
            }
        }
        let (mut from, mut left, mut sum) = (before, self.counted(units, value), Decimal::ZERO);
        for tier in &self.tiers {
            let room = match tier.up_to {
                Some(up_to) => up_to.checked_sub(from)?.clamp(Decimal::ZERO, left),
                None => left,
            };
            sum = sum.checked_add(room.checked_mul(tier.rate)?)?;
            left -= room;
            if left.is_zero() {
                break;
            }
            from = from.checked_add(room)?;
        }
        Some(sum)
    }

    /// What an order that has traded `units` for `value` owes in all, rounded to 6 places: `by_tiers` within minimum
    /// and maximum, and the fees. `None` when that cannot be computed.
    #[must_use]
    pub fn owed(&self, side: Side, units: Decimal, value: Decimal, by_tiers: Decimal) -> Option<Decimal> {
        let most = match self.maximum_share {
            Some(share) => value.abs().checked_mul(share)?,
            None => Decimal::MAX,
        };
        let commission = by_tiers.max(self.minimum).min(most);
        let mut owed = commission;
        for fee in &self.fees {
            let basis = match fee.basis {
                FeeBasis::Shares => units,
                FeeBasis::SharesSold if side == Side::Sell => units,
                FeeBasis::ValueSold if side == Side::Sell => value,
                FeeBasis::SharesSold | FeeBasis::ValueSold => Decimal::ZERO,
                FeeBasis::Commission => commission,
            };
            let amount = basis.checked_mul(fee.rate)?;
            owed = owed.checked_add(fee.maximum.map_or(amount, |most| amount.min(most)))?;
        }
        Some(owed.round_dp(CHARGED_PLACES))
    }
}

#[cfg(test)]
mod tests;

//! What trading costs: per-share schedules with tiers, a minimum and a maximum per order, and fees passed through.
//!
//! The schedules are data; two of Interactive Brokers' are here as they stood on its page "Commissions: Stocks, ETFs
//! (including US ETFs) and Warrants", North America, in US dollars:
//!
//! | | fixed | tiered |
//! | --- | --- | --- |
//! | per share | 0.005 | 0.0035 up to 300,000 shares a month, 0.002 up to 3 million, 0.0015 up to 20 million, 0.001 up to 100 million, 0.0005 beyond |
//! | least per order | 1.00 | 0.35 |
//! | most per order | 1 % of trade value | 1 % of trade value |
//! | clearing (NSCC, DTC) | included | 0.00020 per share |
//! | passed through | included | NYSE 0.000175 and FINRA 0.00056 times the commission |
//! | FINRA trading activity fee | 0.000166 per share sold, at most 8.30 | the same |
//!
//! When the most per order is less than the least, the most is charged. Minimum and maximum are per *order*, so each
//! fill is charged what the order costs so far less what was charged before.
//!
//! Left out: exchange and ECN fees and rebates, which depend on the venue that a fake one has not, and the SEC's fee
//! on sales, whose rate has been zero since 14 May 2025. Both can be added as [`Fee`]s.

use serde::{Deserialize, Serialize};
use tradeport_kernel::Decimal;
use tradeport_orders::Side;

const CHARGED_PLACES: u32 = 6;

/// A rate for the shares of a month up to a number of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// It holds up to this many shares a month; `None` for all beyond.
    pub up_to: Option<Decimal>,
    /// Money for each share.
    pub per_share: Decimal,
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
    /// The rates, for the shares of a calendar month (UTC) of one account, the first tier first.
    pub tiers: Vec<Tier>,
    /// The least for an order that trades.
    pub minimum: Decimal,
    /// The most for an order, as a share of its trade value; it beats the minimum.
    pub maximum_share: Decimal,
    /// What is passed through.
    pub fees: Vec<Fee>,
}

const SOURCE: &str = "Interactive Brokers, Commissions: Stocks and ETFs, North America, 2025";

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
            tiers: vec![Tier { up_to: None, per_share: Decimal::new(5, 3) }],
            minimum: Decimal::ONE,
            maximum_share: Decimal::new(1, 2),
            fees: vec![trading_activity()],
        }
    }

    /// Interactive Brokers' tiered schedule for US stocks.
    #[must_use]
    pub fn ib_us_stocks_tiered() -> Self {
        let tier = |up_to: i64, rate: i64| Tier {
            up_to: (up_to > 0).then(|| Decimal::from(up_to)),
            per_share: Decimal::new(rate, 4),
        };
        Self {
            name: "IB tiered, US stocks".to_owned(),
            source: SOURCE.to_owned(),
            tiers: vec![
                tier(300_000, 35),
                tier(3_000_000, 20),
                tier(20_000_000, 15),
                tier(100_000_000, 10),
                tier(0, 5),
            ],
            minimum: Decimal::new(35, 2),
            maximum_share: Decimal::new(1, 2),
            fees: vec![
                fee("NSCC and DTC clearing", FeeBasis::Shares, Decimal::new(20, 5), None),
                fee("NYSE pass-through", FeeBasis::Commission, Decimal::new(175, 6), None),
                fee("FINRA pass-through", FeeBasis::Commission, Decimal::new(56, 5), None),
                trading_activity(),
            ],
        }
    }

    /// Trading for nothing.
    #[must_use]
    pub fn free() -> Self {
        Self {
            name: "free".to_owned(),
            source: String::new(),
            tiers: Vec::new(),
            minimum: Decimal::ZERO,
            maximum_share: Decimal::ONE,
            fees: Vec::new(),
        }
    }

    /// What `shares` cost by the tiers, when the account has traded `before` in this month; `None` when that cannot be
    /// computed.
    #[must_use]
    pub fn by_tiers(&self, before: Decimal, shares: Decimal) -> Option<Decimal> {
        let (mut from, mut left, mut sum) = (before, shares, Decimal::ZERO);
        for tier in &self.tiers {
            let room = match tier.up_to {
                Some(up_to) => up_to.checked_sub(from)?.clamp(Decimal::ZERO, left),
                None => left,
            };
            sum = sum.checked_add(room.checked_mul(tier.per_share)?)?;
            left -= room;
            if left.is_zero() {
                break;
            }
            from = from.checked_add(room)?;
        }
        Some(sum)
    }

    /// What an order that has traded `shares` for `value` owes in all, rounded to 6 places: `by_tiers` within minimum
    /// and maximum, and the fees. `None` when that cannot be computed.
    #[must_use]
    pub fn owed(&self, side: Side, shares: Decimal, value: Decimal, by_tiers: Decimal) -> Option<Decimal> {
        let most = value.abs().checked_mul(self.maximum_share)?;
        let commission = by_tiers.max(self.minimum).min(most);
        let mut owed = commission;
        for fee in &self.fees {
            let basis = match fee.basis {
                FeeBasis::Shares => shares,
                FeeBasis::SharesSold if side == Side::Sell => shares,
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
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn owed(schedule: &CommissionSchedule, side: Side, shares: &str, value: &str) -> Decimal {
        let base = schedule.by_tiers(Decimal::ZERO, number(shares)).unwrap();
        schedule.owed(side, number(shares), number(value), base).unwrap()
    }

    #[test]
    fn a_month_of_more_shares_than_there_are_does_not_overflow() {
        for schedule in [CommissionSchedule::ib_us_stocks_fixed(), CommissionSchedule::ib_us_stocks_tiered()]
        {
            let last = schedule.by_tiers(Decimal::MAX, Decimal::ONE_HUNDRED).unwrap();
            assert!(last <= schedule.by_tiers(Decimal::ZERO, Decimal::ONE_HUNDRED).unwrap());
        }
    }

    #[test]
    fn the_examples_of_the_fixed_schedule_come_out() {
        let fixed = CommissionSchedule::ib_us_stocks_fixed();
        assert_eq!(owed(&fixed, Side::Buy, "100", "2500"), number("1.00"));
        assert_eq!(owed(&fixed, Side::Buy, "1000", "25000"), number("5.00"));
        assert_eq!(owed(&fixed, Side::Buy, "1000", "250"), number("2.50"));
        assert_eq!(owed(&fixed, Side::Buy, "10", "2"), number("0.02"), "the most is less than the least");
        assert_eq!(owed(&fixed, Side::Sell, "1000", "25000"), number("5.166"));
        assert_eq!(
            owed(&fixed, Side::Sell, "1000000", "25000000"),
            number("5008.30"),
            "the activity fee is capped"
        );
    }

    #[test]
    fn a_month_climbs_through_the_tiers() {
        let tiered = CommissionSchedule::ib_us_stocks_tiered();
        assert_eq!(tiered.by_tiers(Decimal::ZERO, number("1000")), Some(number("3.5")));
        assert_eq!(tiered.by_tiers(number("299000"), number("2000")), Some(number("5.5")));
        assert_eq!(tiered.by_tiers(number("200000000"), number("1000")), Some(number("0.5")));
        let all = tiered.by_tiers(Decimal::ZERO, number("100000100")).unwrap();
        assert_eq!(all, number("1050") + number("5400") + number("25500") + number("80000") + number("0.05"));
    }

    #[test]
    fn the_tiered_minimum_comes_before_the_fees() {
        let tiered = CommissionSchedule::ib_us_stocks_tiered();
        let expected = number("0.35") + number("0.002") + number("0.35") * number("0.000735");
        assert_eq!(owed(&tiered, Side::Buy, "10", "1000"), expected.round_dp(6));
    }
}

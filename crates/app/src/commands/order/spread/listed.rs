//! What is listed on an underlying: expiries and strikes as they were typed, found in its chains.
//!
//! Left out: which of them a strategy needs (`choose`).

use crate::cli::{ExpiryText, StrikeText};
use crate::fault::Fault;
use crate::wiring::Broker;
use std::collections::BTreeSet;
use time::{Date, Duration};
use tradeport_contracts::{Contract, Expiry, OptionChain, Right};
use tradeport_kernel::{Decimal, Price, Symbol};

/// So many days are named when none fits.
const NAMED: usize = 6;

/// An underlying with its price and its chains.
pub(super) struct Listed<'a> {
    broker: &'a Broker,
    underlying: Contract,
    price: Option<Price>,
    chains: Vec<OptionChain>,
    today: Date,
}

impl<'a> Listed<'a> {
    /// What is listed today. Errors: there are no options on it, or none of that class.
    pub(super) async fn on(
        underlying: Contract,
        class: Option<&str>,
        today: Date,
        broker: &'a Broker,
    ) -> anyhow::Result<Self> {
        let every = broker.option_chains(underlying.instrument()).await?;
        let classes: BTreeSet<&str> = every.iter().map(OptionChain::trading_class).collect();
        let symbol = underlying.symbol();
        if classes.is_empty() {
            let message = format!("there are no options on {symbol}");
            return Err(Fault::failed(message, "tradeport contract chain AAPL, SPY or index:SPX@CBOE").into());
        }
        if let Some(class) = class.filter(|class| !classes.contains(class)) {
            let known = classes.into_iter().collect::<Vec<_>>().join(", ");
            let message = format!("options on {symbol} have no class {class}");
            return Err(Fault::failed(message, format!("--class with one of {known}")).into());
        }
        let price = broker.quote(&underlying).await.and_then(|quote| quote.mid());
        let fits = |chain: &OptionChain| class.is_none_or(|class| class == chain.trading_class());
        let chains = every.into_iter().filter(fits).collect();
        Ok(Self { broker, underlying, price, chains, today })
    }

    pub(super) const fn underlying(&self) -> &Contract {
        &self.underlying
    }

    /// The middle of its quote, if it has one.
    pub(super) const fn price(&self) -> Option<Price> {
        self.price
    }

    /// The one listed day that was meant.
    pub(super) fn expiry(&self, text: ExpiryText) -> Result<Date, Fault> {
        let listed: BTreeSet<Date> =
            self.chains.iter().flat_map(OptionChain::expiries).filter_map(Expiry::day).collect();
        let symbol = self.underlying.symbol();
        match text {
            ExpiryText::Days(days) => {
                let from = self.today + Duration::days(days.into());
                listed.range(from..).next().copied().ok_or_else(|| {
                    let message = format!("no option on {symbol} expires {days} days from now or later");
                    Fault::failed(message, nearest(&listed, from))
                })
            }
            ExpiryText::On(wanted) => {
                let fit: Vec<Date> = listed
                    .iter()
                    .filter(|day| Expiry::try_from(**day).is_ok_and(|expiry| wanted.includes(expiry)))
                    .copied()
                    .collect();
                match fit.as_slice() {
                    [one] => Ok(*one),
                    [] => {
                        let message = format!("no option on {symbol} expires on {}", words(text));
                        Err(Fault::failed(message, nearest(&listed, text.day().unwrap_or(self.today))))
                    }
                    several => {
                        let message =
                            format!("options on {symbol} expire on several days of {}", words(text));
                        Err(Fault::failed(message, format!("one of {}", days(several))))
                    }
                }
            }
        }
    }

    /// The chain with an expiry.
    pub(super) fn chain(&self, expiry: Date) -> Result<&OptionChain, Fault> {
        one_chain(&self.chains, self.underlying.symbol(), expiry)
    }

    /// The strike that was meant, listed for an expiry.
    pub(super) async fn strike(&self, expiry: Date, text: StrikeText) -> anyhow::Result<Price> {
        let chain = self.chain(expiry)?;
        let strikes: Vec<Decimal> = chain.strikes().collect();
        match text {
            StrikeText::At(price) => {
                let known = strikes.contains(&price.as_decimal());
                if known && self.lists(chain, expiry, price.as_decimal()).await {
                    return Ok(price);
                }
                Err(self.no_strike(chain, expiry, price, &strikes).await.into())
            }
            StrikeText::Steps(steps) => self.counted(chain, expiry, steps, &strikes).await,
        }
    }

    /// So many listed strikes from the one nearest to the price. The chain is a grid: not every expiry has every strike.
    async fn counted(
        &self,
        chain: &OptionChain,
        expiry: Date,
        steps: i32,
        strikes: &[Decimal],
    ) -> anyhow::Result<Price> {
        let symbol = self.underlying.symbol();
        let spot = spot(symbol, self.price)?;
        let mut by_distance: Vec<usize> = (0..strikes.len()).collect();
        by_distance.sort_by_key(|at| (strikes[*at] - spot.as_decimal()).abs());
        let mut found = None;
        for at in by_distance {
            if self.lists(chain, expiry, strikes[at]).await {
                found = Some(at);
                break;
            }
        }
        let missing = || {
            let message = format!("{symbol} has no strike {steps} steps from the money for {expiry}");
            Fault::failed(
                message,
                format!("tradeport contract chain {symbol} --expiry {expiry} prints the strikes"),
            )
        };
        let mut at = found.ok_or_else(missing)?;
        let mut left = steps.unsigned_abs();
        while left > 0 {
            let next = if steps > 0 { at.checked_add(1) } else { at.checked_sub(1) };
            at = next.filter(|at| *at < strikes.len()).ok_or_else(missing)?;
            left -= u32::from(self.lists(chain, expiry, strikes[at]).await);
        }
        Ok(Price::new(strikes[at])?)
    }

    async fn lists(&self, chain: &OptionChain, expiry: Date, strike: Decimal) -> bool {
        self.option(chain, expiry, Right::Call, strike).await.is_ok()
    }

    /// An option of a chain, as the broker describes it.
    pub(super) async fn option(
        &self,
        chain: &OptionChain,
        expiry: Date,
        right: Right,
        strike: Decimal,
    ) -> anyhow::Result<Contract> {
        let option = chain.option(Expiry::try_from(expiry)?, strike, right)?;
        self.broker.find(&option.into()).await
    }

    async fn no_strike(
        &self,
        chain: &OptionChain,
        expiry: Date,
        wanted: Price,
        strikes: &[Decimal],
    ) -> Fault {
        let after = strikes.partition_point(|strike| *strike < wanted.as_decimal());
        let mut near = Vec::new();
        for (range, up) in
            [((0..after).rev().collect::<Vec<_>>(), false), ((after..strikes.len()).collect(), true)]
        {
            for at in range {
                if strikes[at] != wanted.as_decimal() && self.lists(chain, expiry, strikes[at]).await {
                    near.insert(if up { near.len() } else { 0 }, strikes[at].normalize().to_string());
                    break;
                }
            }
        }
        let symbol = self.underlying.symbol();
        let message = format!("options on {symbol} that expire on {expiry} have no strike of {wanted}");
        let chain = format!("tradeport contract chain {symbol} --expiry {expiry} prints them");
        Fault::failed(message, format!("the nearest: {}; {chain}", near.join(" and ")))
    }
}

/// Strikes are counted from where the market is.
fn spot(symbol: Symbol, price: Option<Price>) -> Result<Price, Fault> {
    price.ok_or_else(|| {
        let message = format!("{symbol} has no price now to count strikes from");
        Fault::failed(message, "give the strikes as numbers, such as 600")
    })
}

fn words(text: ExpiryText) -> String {
    match (text, text.day()) {
        (_, Some(day)) => day.to_string(),
        (ExpiryText::On(month), None) => {
            format!("{}-{:02}", month.expiry().year(), u8::from(month.expiry().month()))
        }
        (ExpiryText::Days(days), None) => format!("{days}d"),
    }
}

fn days(days: &[Date]) -> String {
    days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The listed days around another.
fn nearest(listed: &BTreeSet<Date>, wanted: Date) -> String {
    let before: Vec<Date> = listed.range(..wanted).rev().take(NAMED / 2).copied().collect();
    let mut around: Vec<Date> = before.into_iter().rev().collect();
    around.extend(listed.range(wanted..).take(NAMED - around.len()));
    format!("one of those near it: {}", days(&around))
}

/// The one chain of these that has an expiry.
fn one_chain(chains: &[OptionChain], symbol: Symbol, expiry: Date) -> Result<&OptionChain, Fault> {
    let fits = |chain: &&OptionChain| chain.expiries().any(|it| it.day() == Some(expiry));
    let found: Vec<&OptionChain> = chains.iter().filter(fits).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Fault::failed(
            format!("no option on {symbol} expires on {expiry}"),
            format!("tradeport contract chain {symbol} prints the expiries"),
        )),
        several => {
            let classes: Vec<&str> = several.iter().map(|chain| chain.trading_class()).collect();
            let message = format!("options on {symbol} of several classes expire on {expiry}");
            Err(Fault::failed(message, format!("--class with one of {}", classes.join(", "))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Report;
    use time::macros::date;
    use tradeport_contracts::OptionChainDraft;
    use tradeport_kernel::Currency;

    fn chain(class: &str, days: &[Date]) -> OptionChain {
        let draft = OptionChainDraft {
            underlying: "SPX".to_owned(),
            exchange: "SMART".to_owned(),
            trading_class: class.to_owned(),
            currency: Currency::USD,
            multiplier: Decimal::ONE_HUNDRED,
            expiries: days.iter().filter_map(|day| Expiry::try_from(*day).ok()).collect(),
            strikes: [Decimal::from(1_500)].into(),
        };
        draft.check().unwrap()
    }

    #[test]
    fn without_a_price_no_strike_is_counted() {
        let (symbol, price) = ("SPX".parse().unwrap(), "600".parse().unwrap());
        assert_eq!(spot(symbol, Some(price)).unwrap(), price);
        let report = Report::of(&spot(symbol, None).unwrap_err().into());
        assert_eq!(report.message, "SPX has no price now to count strikes from");
        assert_eq!(report.advice, "give the strikes as numbers, such as 600");
    }

    #[test]
    fn a_day_of_no_class_or_of_several_says_what_there_is() {
        let (third, weekly) = (date!(2026 - 12 - 18), date!(2026 - 12 - 11));
        let chains = [chain("SPX", &[third]), chain("SPXW", &[weekly, third])];
        let symbol = "SPX".parse().unwrap();
        let said = |day| {
            let report = Report::of(&one_chain(&chains, symbol, day).unwrap_err().into());
            (report.message, report.advice)
        };
        assert_eq!(one_chain(&chains, symbol, weekly).unwrap().trading_class(), "SPXW");
        let (message, advice) = said(third);
        assert_eq!(message, "options on SPX of several classes expire on 2026-12-18");
        assert_eq!(advice, "--class with one of SPX, SPXW");
        let (message, advice) = said(date!(2026 - 12 - 14));
        assert_eq!(message, "no option on SPX expires on 2026-12-14");
        assert_eq!(advice, "tradeport contract chain SPX prints the expiries");
    }
}

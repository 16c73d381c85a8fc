//! A strategy with its prices: those of its legs, and the one at which it is ordered.

use super::choose::Chosen;
use super::listed::Listed;
use crate::cli::{Known, SpreadOptions};
use crate::fault::Fault;
use crate::wiring::Platform;
use tradeport_contracts::Contract;
use tradeport_kernel::{Decimal, Price, Quantity, Symbol};
use tradeport_market_data::Quote;
use tradeport_orders::strategy::{NotPriced, Strategy, StrategyLeg, StrategyRisk};
use tradeport_orders::{OrderKind, Side};

/// A leg, what it trades, and its quote.
pub(super) struct Leg {
    pub(super) leg: StrategyLeg,
    pub(super) contract: Contract,
    pub(super) quote: Option<Quote>,
}

/// A strategy as it is bought, and its price.
pub(super) struct Offer {
    pub(super) strategy: Strategy,
    pub(super) quantity: Quantity,
    /// Which way it was asked for; sold ones are reversed here.
    pub(super) side: Side,
    pub(super) underlying: Contract,
    pub(super) underlying_price: Option<Price>,
    pub(super) legs: Vec<Leg>,
    /// What the legs come to when each is traded at its quote at once: received, and paid.
    pub(super) bid: Option<Price>,
    pub(super) ask: Option<Price>,
    /// In the middle of the legs' quotes.
    pub(super) mid: Option<Price>,
    /// At which it is reckoned: what is paid for one unit, for each share; below zero for a credit.
    pub(super) net: Price,
    /// Was the price given?
    pub(super) given: bool,
    /// Is it ordered at that price, rather than at the market?
    pub(super) limited: bool,
    pub(super) risk: StrategyRisk,
}

impl Offer {
    /// Prices what was chosen. Errors: no price was given, and a leg has no quote.
    pub(super) async fn of(
        options: &SpreadOptions,
        listed: &Listed<'_>,
        chosen: Chosen,
        platform: &Platform,
    ) -> anyhow::Result<Self> {
        let Chosen { strategy, legs } = chosen;
        let legs = quoted(&strategy, legs, platform).await;
        let net = |price: &dyn Fn(&Leg) -> Option<Price>| -> Option<Price> {
            let prices = legs.iter().map(price).collect::<Option<Vec<_>>>()?;
            strategy.net_price(&prices).ok()
        };
        let bid = net(&|leg| leg.price(leg.leg.side() == Side::Sell));
        let ask = net(&|leg| leg.price(leg.leg.side() == Side::Buy));
        let mid = net(&Leg::mid);
        let given = options.price().map(|price| match options.side() {
            Side::Buy => price,
            Side::Sell => negated(price),
        });
        let price = given.or_else(|| mid.map(|mid| on_step(mid, &strategy, &legs)));
        let unquoted = legs.iter().find(|leg| leg.mid().is_none()).map(|leg| leg.contract.symbol());
        let price = price.ok_or_else(|| no_price(unquoted))?;
        let risk = strategy.risk_at(price).map_err(|error| no_risk(&strategy, &error))?;
        Ok(Self {
            quantity: options.quantity,
            side: options.side(),
            underlying: listed.underlying().clone(),
            underlying_price: listed.price(),
            legs,
            bid,
            ask,
            mid,
            net: price,
            given: given.is_some(),
            limited: options.is_limited(),
            risk,
            strategy,
        })
    }

    /// The order kind, at the price of one combo: where ratios have a factor in common, a unit is several combos.
    /// Refuses a price that their number does not divide.
    pub(super) fn kind(&self, options: &SpreadOptions) -> Result<OrderKind, String> {
        let units = Decimal::from(self.strategy.units_in_combo());
        let one =
            self.net.as_decimal().checked_div(units).and_then(|price| Price::new(price.normalize()).ok());
        let one = one.ok_or_else(|| {
            let net = self.net;
            format!("{net} is a price of {units} combos that cannot be divided by {units}: give a multiple of {units} steps")
        })?;
        options.terms(one).order_kind(&Known::default())
    }
}

fn no_price(unquoted: Option<Symbol>) -> Fault {
    let name = unquoted.map_or_else(|| "a leg".to_owned(), |symbol| symbol.to_string());
    Fault::failed(format!("{name} has no quote to reckon a price from"), "give a price: --limit PRICE")
}

fn no_risk(strategy: &Strategy, error: &NotPriced) -> Fault {
    let message = format!("what {strategy} earns and loses cannot be told: {error}");
    Fault::failed(message, "give other strikes or prices")
}

/// Each leg with its quote.
async fn quoted(strategy: &Strategy, contracts: Vec<Contract>, platform: &Platform) -> Vec<Leg> {
    let mut legs = Vec::with_capacity(contracts.len());
    for (leg, contract) in strategy.legs().iter().zip(contracts) {
        legs.push(Leg { leg: *leg, quote: platform.broker().quote(&contract).await, contract });
    }
    legs
}

impl Leg {
    /// Its ask, or its bid; an option that nobody bids for is worth nothing to sell.
    fn price(&self, ask: bool) -> Option<Price> {
        let quote = self.quote?;
        if ask {
            return quote.ask().map(|level| level.price());
        }
        let nobody = || quote.ask().and_then(|_| Price::new(Decimal::ZERO).ok());
        quote.bid().map(|level| level.price()).or_else(nobody)
    }

    /// The middle of its quote.
    pub(super) fn mid(&self) -> Option<Price> {
        let (bid, ask) = (self.price(false)?, self.price(true)?);
        Price::new((bid.as_decimal() + ask.as_decimal()) / Decimal::TWO).ok()
    }
}

fn negated(price: Price) -> Price {
    Price::new(-price.as_decimal()).unwrap_or(price)
}

/// On the smallest step of the legs, asking no more than the middle: it is bought. The step is that of one combo; where
/// ratios have a factor in common, a unit is several combos.
fn on_step(price: Price, strategy: &Strategy, legs: &[Leg]) -> Price {
    let steps = legs.iter().map(|leg| leg.contract.price_step()).filter(|step| *step > Decimal::ZERO);
    let step = steps.min().and_then(|step| step.checked_mul(strategy.units_in_combo().into()));
    let Some(step) = step else { return price };
    let rounded = (price.as_decimal() / step).floor() * step;
    Price::new(rounded.normalize()).unwrap_or(price)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Report;

    #[test]
    fn what_cannot_be_priced_says_what_to_give() {
        let told = |fault: Fault| {
            let report = Report::of(&fault.into());
            (report.message, report.advice)
        };
        let symbol = "AAPL".parse().unwrap();
        let (message, advice) = told(no_price(Some(symbol)));
        assert_eq!(message, "AAPL has no quote to reckon a price from");
        assert_eq!(advice, "give a price: --limit PRICE");
        assert_eq!(told(no_price(None)).0, "a leg has no quote to reckon a price from");

        let (day, strike) = (time::macros::date!(2026 - 12 - 18), "600".parse().unwrap());
        let straddle = Strategy::straddle(symbol, day, strike).unwrap();
        let (message, advice) = told(no_risk(&straddle, &NotPriced::TooLarge));
        assert_eq!(
            message,
            format!("what {straddle} earns and loses cannot be told: {}", NotPriced::TooLarge)
        );
        assert_eq!(advice, "give other strikes or prices");
    }
}

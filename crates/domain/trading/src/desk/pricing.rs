//! Prices that risk works with: fresh quotes, and for combos what their legs come to.
//!
//! A combo may cost nothing or less, since its legs offset each other; what is at stake is what the legs are worth together.

use super::DeskState;
use std::time::Duration;
use tradeport_contracts::{Contract, LegAction};
use tradeport_kernel::{Decimal, Price, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote, QuoteBoard, QuoteUnusable};

/// The last quotes, at a moment.
pub(super) struct Prices<'a> {
    pub(super) board: &'a QuoteBoard,
    pub(super) state: &'a DeskState,
    pub(super) now: Timestamp,
    /// How old a quote may be.
    pub(super) limit: Duration,
}

/// A leg with its quote, and how many times its price counts in the combo's.
struct PricedLeg {
    bought: bool,
    weight: Decimal,
    bid: Decimal,
    ask: Decimal,
    at: Timestamp,
}

impl Prices<'_> {
    /// The quote of an instrument, whose contract this is; of a combo that nobody quotes, that of its legs together.
    pub(super) fn quote(&self, symbol: Symbol, contract: Option<&Contract>) -> Result<Quote, QuoteUnusable> {
        let own = self.board.fresh(symbol, self.now, self.limit).copied();
        match contract.filter(is_combo) {
            Some(combo) if own.is_err() => {
                let legs = self.legs(combo)?;
                sum_of(symbol, &legs).ok_or(QuoteUnusable::Never(symbol))
            }
            _ => own,
        }
    }

    /// The value of one unit that stands for its size: the price, or what the legs of a combo are worth together.
    pub(super) fn size_price(&self, symbol: Symbol) -> Option<Price> {
        match self.combo(symbol) {
            Some(combo) => self.at_stake(combo).and_then(|stake| Price::new(stake).ok()),
            None => self.board.fresh_mid(symbol, self.now, self.limit).ok(),
        }
    }

    /// What the legs of a combo are worth together, each by its size; `None` for what is no combo.
    pub(super) fn at_stake(&self, contract: &Contract) -> Option<Decimal> {
        let legs = self.legs(Some(contract).filter(is_combo)?).ok()?;
        let half = |leg: &PricedLeg| leg.bid.checked_add(leg.ask)?.abs().checked_div(Decimal::TWO);
        let sum = legs
            .iter()
            .try_fold(Decimal::ZERO, |sum, leg| sum.checked_add(half(leg)?.checked_mul(leg.weight)?));
        sum.map(|sum| sum.round_dp(Price::MAX_SCALE))
    }

    /// How old the price is that sizes an instrument: for a combo its legs' oldest; `None` where one was never quoted.
    pub(super) fn oldest(&self, symbol: Symbol) -> Option<Timestamp> {
        match self.state.legs_of(symbol) {
            Some(legs) => {
                let ages = legs.into_iter().map(|leg| self.board.last(leg).map(|quote| quote.at()));
                ages.collect::<Option<Vec<_>>>()?.into_iter().min()
            }
            None => self.board.last(symbol).map(|quote| quote.at()),
        }
    }

    fn combo(&self, symbol: Symbol) -> Option<&Contract> {
        self.state.contract(symbol).filter(is_combo)
    }

    fn legs(&self, combo: &Contract) -> Result<Vec<PricedLeg>, QuoteUnusable> {
        let unknown = || QuoteUnusable::Never(combo.symbol());
        let leg = |leg: &tradeport_contracts::ComboLeg| {
            let contract = self.state.contract_by_id(leg.contract()).ok_or_else(unknown)?;
            let symbol = contract.symbol();
            let quote = self.board.fresh(symbol, self.now, self.limit)?;
            let (Some(bid), Some(ask)) = (quote.bid(), quote.ask()) else {
                return Err(QuoteUnusable::OneSided(symbol));
            };
            let units = contract.multiplier().checked_mul(leg.ratio().into()).ok_or_else(unknown)?;
            Ok(PricedLeg {
                bought: leg.action() == LegAction::Buy,
                weight: units.checked_div(combo.multiplier()).ok_or_else(unknown)?,
                bid: bid.price().as_decimal(),
                ask: ask.price().as_decimal(),
                at: quote.at(),
            })
        };
        combo.instrument().description().legs.iter().map(leg).collect()
    }
}

fn is_combo(contract: &&Contract) -> bool {
    !contract.instrument().description().legs.is_empty()
}

/// Who buys the combo pays the asks of what is bought in it and gets the bids of what is sold; as old as its oldest leg.
fn sum_of(symbol: Symbol, legs: &[PricedLeg]) -> Option<Quote> {
    let total = |buying: bool| {
        let sum = legs.iter().try_fold(Decimal::ZERO, |sum, leg| {
            let price = if leg.bought == buying { leg.ask } else { leg.bid };
            let part = price.checked_mul(leg.weight)?;
            sum.checked_add(if leg.bought { part } else { -part })
        })?;
        Price::new(sum.round_dp(Price::MAX_SCALE)).ok()
    };
    let level = |price| Some(Level::new(price, None));
    let at = legs.iter().map(|leg| leg.at).min()?;
    Quote::new(symbol, at, level(total(false)?), level(total(true)?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(bought: bool, weight: i64, bid: i64, ask: i64) -> PricedLeg {
        let at = Timestamp::from_seconds(weight);
        PricedLeg { bought, weight: weight.into(), bid: Decimal::new(bid, 2), ask: Decimal::new(ask, 2), at }
    }

    #[test]
    fn who_buys_a_combo_pays_the_asks_of_what_is_bought_and_gets_the_bids_of_what_is_sold() {
        let symbol = Symbol::new("A,B").unwrap();
        // Two bought at 4.90 to 5.10, one sold at 2.90 to 3.10.
        let quote = sum_of(symbol, &[leg(true, 2, 490, 510), leg(false, 1, 290, 310)]).unwrap();
        let side = |level: Option<Level>| level.unwrap().price().to_string();
        assert_eq!((side(quote.bid()), side(quote.ask())), ("6.70".to_owned(), "7.30".to_owned()));
        assert_eq!(quote.at(), Timestamp::from_seconds(1), "as old as its oldest leg");
    }
}

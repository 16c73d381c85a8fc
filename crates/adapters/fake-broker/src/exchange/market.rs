//! One instrument's market: what is displayed, and which orders wait for what.

use super::order::{Slot, Stage, Watch};
use serde::{Deserialize, Serialize};
use tradeport_contracts::{Contract, Session};
use tradeport_kernel::{Decimal, Price};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::Side;

/// One displayed side: its price, its size when it was quoted, and what of that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    pub(crate) price: Price,
    pub(crate) size: Decimal,
    pub(crate) left: Decimal,
}

impl Shown {
    /// What a level displays. A price of zero or below is no price of a share, and shows nothing.
    fn of(level: Level, default_size: Decimal) -> Option<Self> {
        let size = level.size().map_or(default_size, |size| size.as_decimal());
        level.price().is_positive().then_some(Self { price: level.price(), size, left: size })
    }
}

/// One leg of a combo: which market, how many units for each unit, and its share in the net price, below zero for what
/// is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MarketLeg {
    pub(crate) market: usize,
    pub(crate) ratio: Decimal,
    pub(crate) weight: Decimal,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Market {
    pub(crate) contract: Contract,
    pub(crate) session: Option<Session>,
    /// Has the open session seen a quote?
    pub(crate) opened: bool,
    pub(crate) bid: Option<Shown>,
    pub(crate) ask: Option<Shown>,
    pub(crate) last_quote: Option<Quote>,
    /// What positions are valued at.
    pub(crate) last_price: Option<Price>,
    /// Counts quotes: what happened "on this quote" carries its number.
    pub(crate) quotes: u64,
    /// Buys, then sells; each sorted by price, best first, then by time.
    pub(crate) working: [Vec<Slot>; 2],
    /// By [`Watch`], each sorted so that the first wakes first.
    pub(crate) asleep: [Vec<Slot>; 4],
    pub(crate) trailing: Vec<Slot>,
    pub(crate) waiting: Vec<Slot>,
    pub(crate) at_open: Vec<Slot>,
    pub(crate) at_close: Vec<Slot>,
    /// How many working orders must trade at once or die.
    pub(crate) immediate: usize,
    /// By side: the limit orders that have come to the book and have not met a displayed price yet, sorted. They follow
    /// from the orders, so they are not written down.
    #[serde(skip)]
    pub(crate) unmet: [Vec<Slot>; 2],
    /// What it is made of, if it is a combo: then nothing is displayed here, it follows from the legs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) legs: Vec<MarketLeg>,
    /// The combos that it is a leg of, in the order in which they were listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) combos: Vec<usize>,
}

pub(crate) const fn side_index(side: Side) -> usize {
    match side {
        Side::Buy => 0,
        Side::Sell => 1,
    }
}

impl Market {
    pub(crate) fn new(contract: Contract) -> Self {
        Self {
            contract,
            session: None,
            opened: false,
            bid: None,
            ask: None,
            last_quote: None,
            last_price: None,
            quotes: 0,
            working: Default::default(),
            asleep: Default::default(),
            trailing: Vec::new(),
            waiting: Vec::new(),
            at_open: Vec::new(),
            at_close: Vec::new(),
            immediate: 0,
            unmet: Default::default(),
            legs: Vec::new(),
            combos: Vec::new(),
        }
    }

    /// Every order on a list, with the stage of that list and, where it is one of two, its side.
    pub(crate) fn listed(&self) -> impl Iterator<Item = ((Stage, Option<usize>), Slot)> {
        let sides = self.working.iter().enumerate();
        let working =
            sides.flat_map(|(side, list)| list.iter().map(move |slot| ((Stage::Working, Some(side)), *slot)));
        let watches = Watch::ALL.into_iter().zip(&self.asleep);
        let asleep = watches
            .flat_map(|(watch, list)| list.iter().map(move |slot| ((Stage::Asleep(watch), None), *slot)));
        let plain = [
            (Stage::Trailing, &self.trailing),
            (Stage::Session, &self.waiting),
            (Stage::OpenAuction, &self.at_open),
            (Stage::CloseAuction, &self.at_close),
        ];
        let plain =
            plain.into_iter().flat_map(|(stage, list)| list.iter().map(move |slot| ((stage, None), *slot)));
        working.chain(asleep).chain(plain)
    }

    /// What an order of this side trades against.
    pub(crate) fn opposite(&self, side: Side) -> Option<Shown> {
        if side == Side::Buy { self.ask } else { self.bid }
    }

    pub(crate) fn take(&mut self, side: Side, quantity: Decimal) {
        let shown = if side == Side::Buy { &mut self.ask } else { &mut self.bid };
        if let Some(shown) = shown {
            shown.left = (shown.left - quantity).max(Decimal::ZERO);
        }
    }

    pub(crate) fn display(&mut self, quote: Quote, default_size: Decimal) {
        self.quotes += 1;
        self.bid = quote.bid().and_then(|level| Shown::of(level, default_size));
        self.ask = quote.ask().and_then(|level| Shown::of(level, default_size));
        self.last_quote = Some(quote);
        if let Some(price) = self.middle() {
            self.last_price = Some(price);
        }
    }

    /// Nobody can be traded with until the next quote.
    pub(crate) fn clear_display(&mut self) {
        (self.bid, self.ask) = (None, None);
    }

    fn middle(&self) -> Option<Price> {
        match (self.bid, self.ask) {
            (Some(bid), Some(ask)) => {
                let sum = bid.price.as_decimal() + ask.price.as_decimal();
                Price::new((sum / Decimal::TWO).round_dp(Price::MAX_SCALE)).ok()
            }
            (Some(one), None) | (None, Some(one)) => Some(one.price),
            (None, None) => None,
        }
    }

    /// The nearest price that is a whole number of steps, halves to the even step.
    pub(crate) fn on_step(&self, price: Decimal) -> Option<Price> {
        let steps = price.checked_div(self.contract.price_step())?.round_dp(0);
        Price::new(steps.checked_mul(self.contract.price_step())?).ok()
    }

    /// The most whole lots in a quantity.
    pub(crate) fn in_lots(&self, quantity: Decimal) -> Decimal {
        let lot = self.contract.lot();
        match quantity.checked_rem(lot) {
            Some(rest) => quantity - rest,
            None => Decimal::ZERO,
        }
    }
}

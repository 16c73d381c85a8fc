//! A strategy as it is printed: legs, price, what it can earn and lose.

use super::super::outcome::Answer;
use super::super::preview::PreviewView;
use super::offer::{Leg, Offer};
use crate::Session;
use crate::output::{Column, Grid};
use serde::Serialize;
use tradeport_kernel::{Decimal, Money, Price, Symbol};
use tradeport_orders::Side;
use tradeport_orders::strategy::Estimate;

/// A strategy, for JSON and for tables.
#[derive(Serialize)]
pub(super) struct SpreadView {
    /// Its notation: what `order spread of` reads.
    strategy: String,
    kind: &'static str,
    /// `buy`; `sell` with `--sell`, every leg the other way.
    side: Side,
    quantity: Decimal,
    underlying: Symbol,
    underlying_price: Option<Price>,
    legs: Vec<LegView>,
    /// Paid for one unit, for each share; below zero for a credit.
    price: Price,
    /// `limit`, or `mid`: the middle of the legs' quotes.
    price_from: &'static str,
    /// Is it ordered at this price, rather than at the market?
    limited: bool,
    bid: Option<Price>,
    ask: Option<Price>,
    mid: Option<Price>,
    /// Of all units, before commissions.
    cost: Money,
    max_profit: EstimateView,
    max_loss: EstimateView,
    /// Prices of the underlying at expiry; nothing when they depend on volatility.
    break_evens: Option<Vec<Decimal>>,
    /// The day for which all of this is told: when the first option expires.
    at: Option<String>,
}

#[derive(Serialize)]
struct LegView {
    side: Side,
    ratio: u32,
    symbol: Symbol,
    bid: Option<Price>,
    ask: Option<Price>,
    mid: Option<Price>,
}

/// The most that is earned or lost.
#[derive(Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum EstimateView {
    /// This much; below zero is a loss.
    Amount {
        /// How much.
        money: Money,
    },
    /// Without end.
    Unbounded,
    /// Later options outlive the first expiry.
    DependsOnVolatility,
}

/// A strategy and what became of its order.
#[derive(Serialize)]
pub(super) struct Ordered<'a> {
    #[serde(flatten)]
    spread: SpreadView,
    #[serde(flatten)]
    answer: Answer<'a>,
}

/// What became of an order of which the strategy is not known now: each of a strategy's keys is there, and nothing is in it.
#[derive(Serialize)]
pub(super) struct Kept<'a> {
    #[serde(flatten)]
    spread: Unknown,
    #[serde(flatten)]
    answer: Answer<'a>,
}

/// The keys of a [`SpreadView`].
#[derive(Default, Serialize)]
struct Unknown {
    strategy: (),
    kind: (),
    side: (),
    quantity: (),
    underlying: (),
    underlying_price: (),
    legs: (),
    price: (),
    price_from: (),
    limited: (),
    bid: (),
    ask: (),
    mid: (),
    cost: (),
    max_profit: (),
    max_loss: (),
    break_evens: (),
    at: (),
}

impl<'a> Kept<'a> {
    pub(super) fn of(answer: Answer<'a>) -> Self {
        Self { spread: Unknown::default(), answer }
    }
}

/// A strategy and what its order would meet.
#[derive(Serialize)]
pub(super) struct Foreseen<'a> {
    #[serde(flatten)]
    spread: SpreadView,
    preview: &'a PreviewView,
}

impl SpreadView {
    pub(super) fn of(offer: &Offer) -> Self {
        let (currency, quantity) = (offer.strategy.currency(), offer.quantity.as_decimal());
        let all = |amount: Decimal| Money::new(amount.checked_mul(quantity).unwrap_or(amount), currency);
        let estimate = |of: Estimate| match of {
            Estimate::Amount(amount) => EstimateView::Amount { money: all(amount) },
            Estimate::Unbounded => EstimateView::Unbounded,
            Estimate::DependsOnVolatility => EstimateView::DependsOnVolatility,
        };
        let risk = &offer.risk;
        Self {
            strategy: offer.strategy.to_string(),
            kind: offer.strategy.kind().name(),
            side: offer.side,
            quantity,
            underlying: offer.underlying.symbol(),
            underlying_price: offer.underlying_price,
            legs: offer.legs.iter().map(LegView::of).collect(),
            price: offer.net,
            price_from: if offer.given { "limit" } else { "mid" },
            limited: offer.limited,
            bid: offer.bid,
            ask: offer.ask,
            mid: offer.mid,
            cost: all(risk.cost),
            max_profit: estimate(risk.max_profit),
            max_loss: estimate(risk.max_loss),
            break_evens: risk.break_evens.clone(),
            at: risk.at.map(|day| day.to_string()),
        }
    }

    pub(super) const fn with_order(self, answer: Answer<'_>) -> Ordered<'_> {
        Ordered { spread: self, answer }
    }

    pub(super) const fn with_preview(self, preview: &PreviewView) -> Foreseen<'_> {
        Foreseen { spread: self, preview }
    }

    /// `buy 5 vertical SPY 2026-12-18 call 600/610 at 2.10`.
    pub(super) fn words(&self) -> String {
        let price = price_text(Some(self.price));
        format!("buy {} {} at {price}", self.quantity.normalize(), self.strategy)
    }

    /// Prints the legs.
    pub(super) fn show_legs(&self, session: &Session) -> anyhow::Result<()> {
        let output = session.output();
        output.text(&format!("{} x {}\n", self.quantity.normalize(), self.strategy))?;
        output.grid(&self.legs())?;
        output.text("")
    }

    fn legs(&self) -> Grid {
        let mut columns = vec![Column::Words("side"), Column::Numbers("ratio"), Column::Words("leg")];
        columns.extend(["bid", "ask", "mid"].map(Column::Numbers));
        let mut grid = Grid::new(columns);
        for leg in &self.legs {
            let [bid, ask, mid] = [leg.bid, leg.ask, leg.mid].map(price_text);
            grid.row([leg.side.to_string(), leg.ratio.to_string(), leg.symbol.to_string(), bid, ask, mid]);
        }
        grid
    }

    /// What it costs, earns and loses, one fact a line.
    pub(super) fn facts(&self) -> Grid {
        let mut grid = Grid::facts();
        grid.fact("underlying", format!("{} {}", self.underlying, price_text(self.underlying_price)));
        let [bid, ask, mid] = [self.bid, self.ask, self.mid].map(price_text);
        grid.fact("all legs", format!("bid {bid}, ask {ask}, mid {mid}"));
        let price = price_text(Some(self.price));
        let whence = match (self.price_from, self.limited) {
            ("limit", _) => "as given",
            (_, true) => "the middle of the legs' quotes: no --limit was given",
            (_, false) => "the middle of the legs' quotes: it is ordered without a limit",
        };
        grid.fact("price", format!("{price} a share, {whence}"));
        let (paid, word) = match self.cost.amount() {
            amount if amount < Decimal::ZERO => (-amount, "received"),
            amount => (amount, "paid"),
        };
        grid.fact("cost", format!("{} {word}", Money::new(paid, self.cost.currency())));
        grid.fact("most profit", self.max_profit.words());
        grid.fact("most loss", self.max_loss.words());
        let break_evens = match self.break_evens.as_deref() {
            None => "depends on volatility".to_owned(),
            Some([]) => "none".to_owned(),
            Some(prices) => prices
                .iter()
                .map(|price| price.round_dp(4).normalize().to_string())
                .collect::<Vec<_>>()
                .join(" and "),
        };
        grid.fact("breaks even at", break_evens);
        if let Some(day) = &self.at {
            grid.fact("on", format!("{day}, before commissions"));
        }
        grid
    }
}

impl LegView {
    fn of(leg: &Leg) -> Self {
        Self {
            side: leg.leg.side(),
            ratio: leg.leg.ratio().get(),
            symbol: leg.contract.symbol(),
            bid: leg.quote.and_then(|quote| quote.bid()).map(|level| level.price()),
            ask: leg.quote.and_then(|quote| quote.ask()).map(|level| level.price()),
            mid: leg.mid(),
        }
    }
}

impl EstimateView {
    fn words(&self) -> String {
        match self {
            Self::Amount { money } => money.to_string(),
            Self::Unbounded => "without end".to_owned(),
            Self::DependsOnVolatility => "depends on volatility".to_owned(),
        }
    }
}

/// With two digits after the point, or as many as it has.
fn price_text(price: Option<Price>) -> String {
    let Some(price) = price else { return "-".to_owned() };
    let mut number = price.as_decimal().normalize();
    number.rescale(number.scale().max(2));
    number.to_string()
}

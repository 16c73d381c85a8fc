//! Orders as they are typed.
//!
//! Simple calls stay simple: what is rarely said is left out of `-h`, and stands in `--help` under headings of its own.
//!
//! Left out: what is asked of the broker about them (`commands::order`).

mod algo;
mod bracket;
mod change;
mod condition;
mod extras;
mod flag;
mod kind;
mod known;
mod number;
mod spread;
mod strike;
mod terms;
mod time;

pub use algo::{AlgoArgs, AlgoName, ParamText};
pub use bracket::{BracketArgs, StopText, TargetText, TrailText};
pub use change::{ChangeArgs, YesNo};
pub use condition::{ConditionArgs, WhenText};
pub use extras::{AttributesText, Extras, FillArgs, GroupArgs, OcaEffectText};
pub use flag::Flag;
pub use kind::{Family, KINDS, Kind, Row};
pub use known::Known;
pub use number::{CashText, LegPriceText, MidOffsetsText, OffsetText, Part, RangeText};
pub use spread::{LegText, SpreadArgs, SpreadCommand, SpreadOptions, StrategyText};
pub use strike::{ExpiryText, StrikeText};
pub use terms::{RareTerms, Terms, VolatilityFrom, VolatilityOf};
pub use time::{RareTime, TifText, TimeArgs, TriggerBy};

use super::Spec;
use clap::{Args, Subcommand, ValueEnum};
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, Quantity, StrategyId, Symbol};
use tradeport_orders::{ComboTerms, OrderDraft, OrderKind, OrderSize, Side, Venue};
use tradeport_portfolio::TargetPercent;

/// What to do with orders.
#[derive(Clone, Debug, Subcommand)]
pub enum OrderCommand {
    /// Buy
    #[command(after_help = SHORT, after_long_help = kind::table())]
    Buy(TradeArgs),
    /// Sell
    #[command(after_help = SHORT, after_long_help = kind::table())]
    Sell(TradeArgs),
    /// Trade an entry with targets that take its profit and stops that end its loss
    Bracket(BracketArgs),
    /// Trade options of several legs as one: vertical, iron-condor, covered-call and so on
    #[command(subcommand)]
    Spread(SpreadArgs),
    /// Trade until an instrument is a share of the portfolio
    TargetPercent(TargetArgs),
    /// Say what an order would cost and whether it would go; nothing is sent
    #[command(after_help = SHORT, after_long_help = kind::table())]
    Preview(PreviewArgs),
    /// Change the price, the size or the time of an order that still works
    Change(ChangeArgs),
    /// Cancel an order
    Cancel {
        /// Its key
        key: OrderKey,
    },
    /// Cancel every order that can still trade
    CancelAll(CancelAllArgs),
    /// Print the orders that can still trade
    List {
        /// Print those that have ended, too
        #[arg(long)]
        all: bool,
    },
    /// Print one order, its life from the beginning, and its executions
    Show {
        /// Its key
        key: OrderKey,
    },
    /// Print the algos that can work an order, or the parameters of one
    Algos {
        /// The algo, such as Vwap or jefferies:VWAP
        #[arg(value_name = "NAME")]
        name: Option<AlgoName>,
    },
}

impl OrderCommand {
    /// Key and account of the order that this places; `None` where it places none.
    pub const fn placing(&mut self) -> Option<&mut OrderOptions> {
        match self {
            Self::Buy(trade) | Self::Sell(trade) if !trade.preview => Some(&mut trade.order.options),
            Self::Bracket(bracket) if !bracket.preview => Some(&mut bracket.options),
            Self::Spread(spread) if !spread.options.preview => Some(&mut spread.options.options),
            Self::TargetPercent(target) => Some(&mut target.options),
            _ => None,
        }
    }

    /// Does it send anything new: an order, or the change of one?
    #[must_use]
    pub const fn sends(&mut self) -> bool {
        matches!(self, Self::Change(_)) || self.placing().is_some()
    }

    /// Is it for a desk: does it place an order, change one, or ask what one would meet?
    #[must_use]
    pub const fn needs_a_desk(&self) -> bool {
        match self {
            Self::Buy(_)
            | Self::Sell(_)
            | Self::Bracket(_)
            | Self::Spread(_)
            | Self::TargetPercent(_)
            | Self::Preview(_)
            | Self::Change(_) => true,
            Self::Cancel { .. }
            | Self::CancelAll(_)
            | Self::List { .. }
            | Self::Show { .. }
            | Self::Algos { .. } => false,
        }
    }
}

const SHORT: &str = "--help says everything: all kinds of orders, conditions, algos, groups.";

/// What every order has besides its terms.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Order")]
pub struct OrderOptions {
    /// The order's name for ever: the same key again sends nothing, and gives the first answer [default: a new one]
    #[arg(long)]
    pub key: Option<OrderKey>,
    /// The account [default: the configured one]
    #[arg(long)]
    pub account: Option<AccountId>,
    /// Whose idea it is: the limits of this strategy count it, too
    // The notation of an option strategy has the plain id.
    #[arg(long = "strategy", id = "whose_idea", value_name = "NAME")]
    pub strategy: Option<StrategyId>,
}

/// An order to buy or to sell.
#[derive(Clone, Debug, Args)]
pub struct OrderArgs {
    /// The instrument, such as AAPL
    pub symbol: Spec,
    /// How much, above zero
    #[arg(allow_negative_numbers = true, required_unless_present = "cash")]
    pub quantity: Option<Quantity>,
    /// Key and account
    #[command(flatten)]
    pub options: OrderOptions,
    /// For so much money in place of a quantity, such as 5000 or 5000EUR
    #[arg(
        long,
        value_name = "MONEY",
        allow_negative_numbers = true,
        conflicts_with = "quantity",
        help_heading = "Order"
    )]
    pub cash: Option<CashText>,
    /// Prices
    #[command(flatten)]
    pub terms: Terms,
    /// Time
    #[command(flatten)]
    pub time: TimeArgs,
    /// Everything else
    #[command(flatten)]
    pub extras: Extras,
}

/// An order to buy or to sell, or a question about it.
#[derive(Clone, Debug, Args)]
pub struct TradeArgs {
    /// The order
    #[command(flatten)]
    pub order: OrderArgs,
    /// Say what it would cost and whether it would go; send nothing
    #[arg(long, help_heading = "Order")]
    pub preview: bool,
}

/// A question about an order.
#[derive(Clone, Debug, Args)]
pub struct PreviewArgs {
    /// Which way
    #[arg(value_enum, ignore_case = true)]
    pub side: SideText,
    /// The order
    #[command(flatten)]
    pub order: OrderArgs,
}

/// Which way, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SideText {
    /// To buy
    Buy,
    /// To sell
    Sell,
}

impl SideText {
    /// As orders have it.
    #[must_use]
    pub const fn side(self) -> Side {
        match self {
            Self::Buy => Side::Buy,
            Self::Sell => Side::Sell,
        }
    }
}

/// Which orders to cancel.
#[derive(Clone, Debug, Args)]
pub struct CancelAllArgs {
    /// Only those for this account
    #[arg(long)]
    pub account: Option<AccountId>,
    /// Only those for this instrument
    #[arg(long, value_name = "SPEC")]
    pub symbol: Option<Spec>,
}

/// Whose order, under which key, of what, which way.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Its key.
    pub key: OrderKey,
    /// Whose.
    pub account: AccountId,
    /// Of what.
    pub symbol: Symbol,
    /// Which way.
    pub side: Side,
    /// The exchange that it goes to, where one was asked for.
    pub route: Option<Venue>,
    /// What it is priced in.
    pub currency: Currency,
}

impl OrderArgs {
    /// The instruments that it names besides its own.
    pub fn specs(&self) -> impl Iterator<Item = &Spec> {
        self.terms.rare.benchmark.iter().chain(self.extras.conditions.specs())
    }

    /// The order, before it is checked.
    pub fn draft(&self, heading: Heading, known: &Known) -> Result<OrderDraft, String> {
        let kind = self.terms.order_kind(known)?;
        let size: OrderSize = match (self.quantity, self.cash) {
            (Some(quantity), _) => quantity.into(),
            (None, Some(cash)) => Money::new(cash.amount, cash.currency.unwrap_or(heading.currency)).into(),
            (None, None) => return Err("give a quantity, or money by --cash".to_owned()),
        };
        let Heading { key, account, symbol, side, route, .. } = heading;
        let mut draft = OrderDraft::new(key, account, symbol, side, size, kind);
        draft.route = route;
        draft.strategy.clone_from(&self.options.strategy);
        self.extras.say(&mut draft, known)?;
        self.time.say(&mut draft)?;
        if kind == OrderKind::LimitPerLeg {
            let leg_prices = self.terms.rare.leg_price.iter().map(|it| it.0).collect();
            let routing = std::mem::take(&mut draft.attributes.combo.routing);
            draft.attributes.combo = ComboTerms { leg_prices, routing };
        }
        Ok(draft)
    }
}

/// A share of the portfolio to reach.
#[derive(Clone, Debug, Args)]
pub struct TargetArgs {
    /// The instrument, such as AAPL
    pub symbol: Spec,
    /// The share: 0.25 or 25% for a quarter, 0 to close, below 0 for a short position
    #[arg(allow_hyphen_values = true, value_parser = share)]
    pub fraction: TargetPercent,
    /// Key and account
    #[command(flatten)]
    pub options: OrderOptions,
}

/// All of the portfolio or more says that it is percent: 10 may be meant as a tenth, and would be ten times as much as there is.
fn share(text: &str) -> Result<TargetPercent, String> {
    let typed = text.parse().map_err(|_| "expected a share such as 0.25 or 25%".to_owned())?;
    let fraction = match typed {
        OffsetText::Percent(percent) => percent / Decimal::ONE_HUNDRED,
        OffsetText::Amount(number) if number.abs() >= Decimal::ONE => {
            let percent = (number * Decimal::ONE_HUNDRED).normalize();
            return Err(format!(
                "expected a fraction below 1, or percent: {number}%, or {percent}% if that is meant"
            ));
        }
        OffsetText::Amount(number) => number,
    };
    TargetPercent::new(fraction.normalize()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod messages;
#[cfg(test)]
mod tests;

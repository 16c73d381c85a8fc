//! Orders as they are typed, and the order kinds that the prices given make.

use super::{Spec, UtcMoment};
use clap::{Args, Subcommand, ValueEnum};
use std::str::FromStr;
use tradeport_kernel::{AccountId, Decimal, OrderKey, Price, Quantity};
use tradeport_orders::{OrderKind, TimeInForce, TrailBy};
use tradeport_portfolio::TargetPercent;

/// What to do with orders.
#[derive(Clone, Debug, Subcommand)]
pub enum OrderCommand {
    /// Buy
    Buy(OrderArgs),
    /// Sell
    Sell(OrderArgs),
    /// Trade until an instrument is a share of the portfolio
    TargetPercent(TargetArgs),
    /// Cancel an order
    Cancel {
        /// Its key
        key: OrderKey,
    },
    /// Print the orders that can still trade
    List {
        /// Print those that have ended, too
        #[arg(long)]
        all: bool,
    },
    /// Print one order with its executions
    Show {
        /// Its key
        key: OrderKey,
    },
}

/// What every order has besides its terms.
#[derive(Clone, Debug, Args)]
pub struct OrderOptions {
    /// The order's name for ever: the same key again sends nothing, and gives the first answer [default: a new one]
    #[arg(long)]
    pub key: Option<OrderKey>,
    /// The account [default: the configured one]
    #[arg(long)]
    pub account: Option<AccountId>,
}

/// An order to buy or to sell.
#[derive(Clone, Debug, Args)]
pub struct OrderArgs {
    /// The instrument, such as AAPL
    pub symbol: Spec,
    /// How much, above zero
    #[arg(allow_negative_numbers = true)]
    pub quantity: Quantity,
    /// Prices and time
    #[command(flatten)]
    pub terms: Terms,
    /// Key and account
    #[command(flatten)]
    pub options: OrderOptions,
}

/// A share of the portfolio to reach.
#[derive(Clone, Debug, Args)]
pub struct TargetArgs {
    /// The instrument, such as AAPL
    pub symbol: Spec,
    /// The share: 0.25 for a quarter, 0 to close, below 0 for a short position
    #[arg(allow_negative_numbers = true, value_parser = fraction)]
    pub fraction: TargetPercent,
    /// Key and account
    #[command(flatten)]
    pub options: OrderOptions,
}

fn fraction(text: &str) -> Result<TargetPercent, String> {
    let number = Decimal::from_str(text).map_err(|_| "expected a fraction such as 0.25".to_owned())?;
    TargetPercent::new(number).map_err(|error| error.to_string())
}

/// Prices and time in force. The prices given make the kind, unless `--type` names it.
#[derive(Clone, Debug, Default, Args)]
pub struct Terms {
    /// The kind [default: by the prices given; mkt without any]
    #[arg(long = "type", value_enum, value_name = "KIND")]
    pub kind: Option<Kind>,
    /// The worst price accepted
    #[arg(long, value_name = "PRICE", allow_negative_numbers = true)]
    pub limit: Option<Price>,
    /// The price that wakes a stop order; where a trail starts
    #[arg(long, value_name = "PRICE", allow_negative_numbers = true)]
    pub stop: Option<Price>,
    /// The price that wakes a mit or lit order
    #[arg(long, value_name = "PRICE", allow_negative_numbers = true)]
    pub trigger: Option<Price>,
    /// How far a trail stays behind the market, in the price's units
    #[arg(long, value_name = "DISTANCE", allow_negative_numbers = true, conflicts_with = "trail_percent")]
    pub trail_amount: Option<Decimal>,
    /// How far a trail stays behind the market, in percent
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true)]
    pub trail_percent: Option<Decimal>,
    /// How far beyond its stop the limit of a trail-limit order lies
    #[arg(long, value_name = "DISTANCE", allow_negative_numbers = true)]
    pub limit_offset: Option<Decimal>,
    /// How long it stands: day, gtc, ioc, fok, or gtd:2025-03-01T20:00:00Z
    #[arg(long, value_name = "TIF", default_value = "day")]
    pub tif: TifText,
}

/// The kinds of orders, as they are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// At the market
    Mkt,
    /// At the limit or better
    Lmt,
    /// At the market, once the stop is touched
    Stp,
    /// At the limit or better, once the stop is touched
    StpLmt,
    /// A stop that follows the market
    Trail,
    /// A trail that becomes a limit order
    TrailLimit,
    /// At the close
    Moc,
    /// At the close, at the limit or better
    Loc,
    /// At the open
    Moo,
    /// At the open, at the limit or better
    Loo,
    /// At the market, once a better price is touched
    Mit,
    /// At the limit or better, once a better price is touched
    Lit,
}

/// A time in force, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TifText(pub TimeInForce);

impl Default for TifText {
    fn default() -> Self {
        Self(TimeInForce::Day)
    }
}

impl FromStr for TifText {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let small = text.to_ascii_lowercase();
        Ok(Self(match small.as_str() {
            "day" => TimeInForce::Day,
            "gtc" => TimeInForce::GoodTillCancelled,
            "ioc" => TimeInForce::ImmediateOrCancel,
            "fok" => TimeInForce::FillOrKill,
            _ => {
                let moment = text.get(4..).filter(|_| small.starts_with("gtd:"));
                let moment = moment.ok_or("expected day, gtc, ioc, fok, or gtd:2025-03-01T20:00:00Z")?;
                let moment = moment.parse::<UtcMoment>().map_err(|error| error.to_string())?;
                TimeInForce::GoodTillDate(moment.timestamp())
            }
        }))
    }
}

impl Terms {
    /// The order kind, with exactly the prices that it has; a missing or a superfluous one is named.
    pub fn order_kind(&self) -> Result<OrderKind, String> {
        let mut prices = Prices { terms: self, used: Vec::new(), kind: self.chosen() };
        let kind = prices.order_kind()?;
        prices.nothing_left()?;
        Ok(kind)
    }

    fn chosen(&self) -> Kind {
        let trails = self.trail_amount.is_some() || self.trail_percent.is_some();
        self.kind.unwrap_or(match (self.limit, self.stop) {
            _ if trails && self.limit_offset.is_some() => Kind::TrailLimit,
            _ if trails => Kind::Trail,
            _ if self.trigger.is_some() => {
                if self.limit.is_some() {
                    Kind::Lit
                } else {
                    Kind::Mit
                }
            }
            (Some(_), Some(_)) => Kind::StpLmt,
            (Some(_), None) => Kind::Lmt,
            (None, Some(_)) => Kind::Stp,
            (None, None) => Kind::Mkt,
        })
    }
}

struct Prices<'a> {
    terms: &'a Terms,
    used: Vec<&'static str>,
    kind: Kind,
}

impl Prices<'_> {
    fn order_kind(&mut self) -> Result<OrderKind, String> {
        Ok(match self.kind {
            Kind::Mkt => OrderKind::Market,
            Kind::Lmt => OrderKind::Limit { limit: self.limit()? },
            Kind::Stp => OrderKind::Stop { stop: self.stop()? },
            Kind::StpLmt => OrderKind::StopLimit { stop: self.stop()?, limit: self.limit()? },
            Kind::Trail => OrderKind::Trail { by: self.trail()?, stop: self.start() },
            Kind::TrailLimit => {
                let (by, stop) = (self.trail()?, self.start());
                let limit_offset = self.need("--limit-offset", self.terms.limit_offset)?;
                OrderKind::TrailLimit { by, stop, limit_offset }
            }
            Kind::Moc => OrderKind::MarketOnClose,
            Kind::Loc => OrderKind::LimitOnClose { limit: self.limit()? },
            Kind::Moo => OrderKind::MarketOnOpen,
            Kind::Loo => OrderKind::LimitOnOpen { limit: self.limit()? },
            Kind::Mit => OrderKind::MarketIfTouched { trigger: self.trigger()? },
            Kind::Lit => OrderKind::LimitIfTouched { trigger: self.trigger()?, limit: self.limit()? },
        })
    }

    fn need<T>(&mut self, flag: &'static str, value: Option<T>) -> Result<T, String> {
        self.used.push(flag);
        value.ok_or_else(|| format!("an order of type {} needs {flag}", name(self.kind)))
    }

    fn limit(&mut self) -> Result<Price, String> {
        self.need("--limit", self.terms.limit)
    }

    fn stop(&mut self) -> Result<Price, String> {
        self.need("--stop", self.terms.stop)
    }

    fn trigger(&mut self) -> Result<Price, String> {
        self.need("--trigger", self.terms.trigger)
    }

    fn start(&mut self) -> Option<Price> {
        self.used.push("--stop");
        self.terms.stop
    }

    fn trail(&mut self) -> Result<TrailBy, String> {
        self.used.extend(["--trail-amount", "--trail-percent"]);
        match (self.terms.trail_amount, self.terms.trail_percent) {
            (Some(amount), None) => Ok(TrailBy::Amount(amount)),
            (None, Some(percent)) => Ok(TrailBy::Percent(percent)),
            _ => Err(format!("an order of type {} needs --trail-amount or --trail-percent", name(self.kind))),
        }
    }

    fn nothing_left(&self) -> Result<(), String> {
        let terms = self.terms;
        let given = [
            ("--limit", terms.limit.is_some()),
            ("--stop", terms.stop.is_some()),
            ("--trigger", terms.trigger.is_some()),
            ("--trail-amount", terms.trail_amount.is_some()),
            ("--trail-percent", terms.trail_percent.is_some()),
            ("--limit-offset", terms.limit_offset.is_some()),
        ];
        match given.into_iter().find(|(flag, given)| *given && !self.used.contains(flag)) {
            Some((flag, _)) => Err(format!("an order of type {} has no {flag}", name(self.kind))),
            None => Ok(()),
        }
    }
}

fn name(kind: Kind) -> String {
    kind.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests;

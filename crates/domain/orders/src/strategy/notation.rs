//! Strategies as people write them.
//!
//! | strategy | notation |
//! | --- | --- |
//! | vertical | `vertical SPY 2026-12-18 call 600/610` (bought / sold) |
//! | calendar | `calendar SPY call 600 2026-12-18/2027-01-15` (sold / bought) |
//! | diagonal | `diagonal SPY call 2026-12-18@610/2027-01-15@600` (sold / bought) |
//! | straddle | `straddle SPY 2026-12-18 600` |
//! | strangle | `strangle SPY 2026-12-18 580/620` |
//! | butterfly | `butterfly SPY 2026-12-18 put 580/600/620` |
//! | iron condor | `iron-condor SPY 2026-12-18 570/580/620/630` |
//! | iron butterfly | `iron-butterfly SPY 2026-12-18 580/600/620` |
//! | collar | `collar SPY 2026-12-18 580/620` |
//! | covered call | `covered-call SPY 2026-12-18 620` |
//! | custom | `custom SPY buy 1 2026-12-18 call 600, sell 2 2026-12-18 call 610, buy 100 shares` |
//!
//! `short` in front sells it; ` x10` behind is another multiplier than 100, ` in EUR` another currency than US dollars.

use super::{LegOf, MAX_LEGS, NotAStrategy, Shape, Strategy, StrategyKind, StrategyLeg};
use crate::Side;
use std::fmt;
use std::str::FromStr;
use time::Date;
use time::format_description::FormatItem;
use time::macros::format_description;
use tradeport_contracts::Right;
use tradeport_kernel::{Currency, Decimal, Price, Symbol};

const DAY: &[FormatItem<'_>] = format_description!("[year]-[month]-[day]");
/// Longer text is not read.
const MAX_TEXT: usize = 2_048;

/// The text names no strategy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotANotation {
    /// Nothing, or far too much.
    #[error(
        "a strategy is written in 1 to {MAX_TEXT} characters, such as: vertical SPY 2026-12-18 call 600/610"
    )]
    Length,
    /// The first word is no strategy.
    #[error("{0:?} is not a strategy: expected one of {known}", known = known())]
    Kind(String),
    /// Some part is missing or is not what stands there.
    #[error("{given:?} does not fit: {kind} is written such as: {example}")]
    Form {
        /// Which strategy.
        kind: StrategyKind,
        /// What does not fit, shortened.
        given: String,
        /// One that does.
        example: &'static str,
    },
    /// All parts are there, but make no strategy.
    #[error("the parts make no strategy")]
    Strategy(#[from] NotAStrategy),
}

fn known() -> String {
    StrategyKind::ALL.map(StrategyKind::name).join(", ")
}

const fn example(kind: StrategyKind) -> &'static str {
    match kind {
        StrategyKind::Vertical => "vertical SPY 2026-12-18 call 600/610",
        StrategyKind::Calendar => "calendar SPY call 600 2026-12-18/2027-01-15",
        StrategyKind::Diagonal => "diagonal SPY call 2026-12-18@610/2027-01-15@600",
        StrategyKind::Straddle => "straddle SPY 2026-12-18 600",
        StrategyKind::Strangle => "strangle SPY 2026-12-18 580/620",
        StrategyKind::Butterfly => "butterfly SPY 2026-12-18 put 580/600/620",
        StrategyKind::IronCondor => "iron-condor SPY 2026-12-18 570/580/620/630",
        StrategyKind::IronButterfly => "iron-butterfly SPY 2026-12-18 580/600/620",
        StrategyKind::Collar => "collar SPY 2026-12-18 580/620",
        StrategyKind::CoveredCall => "covered-call SPY 2026-12-18 620",
        StrategyKind::Custom => "custom SPY buy 1 2026-12-18 call 600, sell 1 2026-12-18 call 610",
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_reversed() {
            f.write_str("short ")?;
        }
        write!(f, "{} {} {}", self.kind(), self.underlying(), self.shape())?;
        if self.multiplier() != Decimal::ONE_HUNDRED {
            write!(f, " x{}", self.multiplier().normalize())?;
        }
        if self.currency() != Currency::USD {
            write!(f, " in {}", self.currency())?;
        }
        Ok(())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vertical { expiry, right, long, short } => write!(f, "{expiry} {right} {long}/{short}"),
            Self::Calendar { right, strike, near, far } => write!(f, "{right} {strike} {near}/{far}"),
            Self::Diagonal { right, near, near_strike, far, far_strike } => {
                write!(f, "{right} {near}@{near_strike}/{far}@{far_strike}")
            }
            Self::Straddle { expiry, strike } | Self::CoveredCall { expiry, strike } => {
                write!(f, "{expiry} {strike}")
            }
            Self::Strangle { expiry, put, call } | Self::Collar { expiry, put, call } => {
                write!(f, "{expiry} {put}/{call}")
            }
            Self::Butterfly { expiry, right, low, middle, high } => {
                write!(f, "{expiry} {right} {low}/{middle}/{high}")
            }
            Self::IronCondor { expiry, put_long, put_short, call_short, call_long } => {
                write!(f, "{expiry} {put_long}/{put_short}/{call_short}/{call_long}")
            }
            Self::IronButterfly { expiry, low, middle, high } => write!(f, "{expiry} {low}/{middle}/{high}"),
            Self::Custom { legs } => {
                for (index, leg) in legs.iter().enumerate() {
                    write!(f, "{}{leg}", if index == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

impl FromStr for Strategy {
    type Err = NotANotation;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim().is_empty() || text.len() > MAX_TEXT {
            return Err(NotANotation::Length);
        }
        let mut words: Vec<&str> = text.split_whitespace().collect();
        let reversed = words.first() == Some(&"short");
        words.drain(..usize::from(reversed));
        let name = words.first().copied().unwrap_or_default();
        let kind = StrategyKind::ALL.into_iter().find(|kind| kind.name() == name);
        let kind = kind.ok_or_else(|| NotANotation::Kind(shortened(name)))?;
        words.remove(0);
        let misfit = || NotANotation::Form { kind, given: shortened(text), example: example(kind) };
        let currency = suffix(&mut words, |words| match words {
            [.., "in", currency] => currency.parse::<Currency>().ok().map(|currency| (currency, 2)),
            _ => None,
        });
        let multiplier = suffix(&mut words, |words| {
            let text = words.last()?.strip_prefix('x')?;
            Decimal::from_str_exact(text).ok().map(|multiplier| (multiplier, 1))
        });
        let (underlying, shape) = parts(kind, &words).ok_or_else(misfit)?;
        let strategy = Self::new(underlying, shape)?;
        let strategy = match multiplier {
            Some(multiplier) => strategy.with_multiplier(multiplier)?,
            None => strategy,
        };
        let strategy = strategy.in_currency(currency.unwrap_or(Currency::USD));
        Ok(if reversed { strategy.reversed() } else { strategy })
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

/// What stands at the end, taken off if it is there.
fn suffix<T>(words: &mut Vec<&str>, find: impl Fn(&[&str]) -> Option<(T, usize)>) -> Option<T> {
    let (value, length) = find(words)?;
    words.truncate(words.len() - length);
    Some(value)
}

/// The underlying may hold blanks, so what follows it is counted from the end.
fn parts(kind: StrategyKind, words: &[&str]) -> Option<(Symbol, Shape)> {
    let count = match kind {
        StrategyKind::Vertical | StrategyKind::Calendar | StrategyKind::Butterfly => 3,
        StrategyKind::Custom => return custom(words),
        _ => 2,
    };
    let (name, rest) = words.split_at_checked(words.len().checked_sub(count)?)?;
    Some((Symbol::new(&name.join(" ")).ok()?, shape(kind, rest)?))
}

fn shape(kind: StrategyKind, words: &[&str]) -> Option<Shape> {
    Some(match (kind, words) {
        (StrategyKind::Vertical, [expiry, right, strikes]) => {
            let [long, short] = prices(strikes)?;
            Shape::Vertical { expiry: day(expiry)?, right: right.parse().ok()?, long, short }
        }
        (StrategyKind::Calendar, [right, strike, days]) => {
            let (near, far) = days.split_once('/')?;
            let (near, far) = (day(near)?, day(far)?);
            Shape::Calendar { right: right.parse().ok()?, strike: strike.parse().ok()?, near, far }
        }
        (StrategyKind::Diagonal, [right, both]) => {
            let (near, far) = both.split_once('/')?;
            let ((near, near_strike), (far, far_strike)) = (dated(near)?, dated(far)?);
            Shape::Diagonal { right: right.parse().ok()?, near, near_strike, far, far_strike }
        }
        (StrategyKind::Butterfly, [expiry, right, strikes]) => {
            let [low, middle, high] = prices(strikes)?;
            Shape::Butterfly { expiry: day(expiry)?, right: right.parse().ok()?, low, middle, high }
        }
        (_, [expiry, strikes]) => of_one_expiry(kind, day(expiry)?, strikes)?,
        _ => return None,
    })
}

fn of_one_expiry(kind: StrategyKind, expiry: Date, strikes: &str) -> Option<Shape> {
    Some(match kind {
        StrategyKind::Straddle => Shape::Straddle { expiry, strike: strikes.parse().ok()? },
        StrategyKind::CoveredCall => Shape::CoveredCall { expiry, strike: strikes.parse().ok()? },
        StrategyKind::Strangle => {
            let [put, call] = prices(strikes)?;
            Shape::Strangle { expiry, put, call }
        }
        StrategyKind::Collar => {
            let [put, call] = prices(strikes)?;
            Shape::Collar { expiry, put, call }
        }
        StrategyKind::IronCondor => {
            let [put_long, put_short, call_short, call_long] = prices(strikes)?;
            Shape::IronCondor { expiry, put_long, put_short, call_short, call_long }
        }
        StrategyKind::IronButterfly => {
            let [low, middle, high] = prices(strikes)?;
            Shape::IronButterfly { expiry, low, middle, high }
        }
        _ => return None,
    })
}

fn custom(words: &[&str]) -> Option<(Symbol, Shape)> {
    let text = words.join(" ");
    let mut chunks = text.split(',').map(str::trim);
    let first: Vec<&str> = chunks.next()?.split(' ').collect();
    let length = if first.last() == Some(&"shares") { 3 } else { 5 };
    let (name, first) = first.split_at_checked(first.len().checked_sub(length)?)?;
    let mut legs = vec![leg(first)?];
    for chunk in chunks.take(MAX_LEGS) {
        legs.push(leg(&chunk.split(' ').collect::<Vec<_>>())?);
    }
    Some((Symbol::new(&name.join(" ")).ok()?, Shape::Custom { legs }))
}

fn leg(words: &[&str]) -> Option<StrategyLeg> {
    let (side, ratio, of) = match *words {
        [side, ratio, "shares"] => (side, ratio, LegOf::Stock),
        [side, ratio, expiry, right, strike] => {
            let (expiry, right) = (day(expiry)?, right.parse::<Right>().ok()?);
            (side, ratio, LegOf::Option { expiry, right, strike: strike.parse().ok()? })
        }
        _ => return None,
    };
    let side = match side {
        "buy" => Side::Buy,
        "sell" => Side::Sell,
        _ => return None,
    };
    StrategyLeg::new(side, ratio.parse().ok()?, of).ok()
}

fn day(text: &str) -> Option<Date> {
    Date::parse(text, DAY).ok()
}

fn dated(text: &str) -> Option<(Date, Price)> {
    let (expiry, strike) = text.split_once('@')?;
    Some((day(expiry)?, strike.parse().ok()?))
}

fn prices<const N: usize>(text: &str) -> Option<[Price; N]> {
    let prices: Vec<Price> = text.split('/').take(N + 1).map(str::parse).collect::<Result<_, _>>().ok()?;
    prices.try_into().ok()
}

//! Changes of working orders as they are typed: other prices put into the kind that the order has.

use super::Kind;
use super::condition::ConditionArgs;
use super::flag::Flag;
use super::known::Known;
use super::terms::Terms;
use super::time::TifText;
use clap::{Args, ValueEnum};
use tradeport_kernel::{Decimal, OrderKey, Price, Quantity};
use tradeport_orders::{
    Compete, ConditionChange, MidPeg, OrderChange, OrderKind, TrailBy, TrailingLimit, Volatility,
};

/// What is to be different.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct ChangeArgs {
    /// The order's key
    pub key: OrderKey,
    /// The whole quantity, the part that has filled included
    #[arg(long, allow_negative_numbers = true)]
    pub quantity: Option<Quantity>,
    /// How long it stands from now on
    #[arg(long, value_name = "TIF")]
    pub tif: Option<TifText>,
    /// May it trade outside of regular sessions from now on?
    #[arg(long, value_enum, value_name = "YES|NO")]
    pub outside_rth: Option<YesNo>,
    /// It waits for nothing any more
    #[arg(long, conflicts_with_all = ["when", "cancel_when"])]
    pub no_conditions: bool,
    /// Other prices of the kind that it has; or --type mkt
    #[command(flatten)]
    pub terms: Terms,
    /// Other conditions
    #[command(flatten)]
    pub conditions: ConditionArgs,
}

const EXAMPLE: &str = "Such as: tradeport order change monday-1 --limit 188 --quantity 20
The kind of an order stays, but that --type mkt makes it a market order. For anything else cancel it and place another.";

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    /// Yes
    Yes,
    /// No
    No,
}

impl ChangeArgs {
    /// The change, for an order of this kind.
    pub fn change(&self, kind: &OrderKind, known: &Known) -> Result<OrderChange, String> {
        let conditions = self.conditions.conditions(known)?.map(ConditionChange::To);
        Ok(OrderChange {
            quantity: self.quantity,
            kind: self.kind(kind)?,
            time_in_force: self.tif.map(|tif| tif.0),
            outside_sessions: self.outside_rth.map(|it| it == YesNo::Yes),
            conditions: conditions.or(self.no_conditions.then_some(ConditionChange::Remove)),
        })
    }

    fn kind(&self, from: &OrderKind) -> Result<Option<OrderKind>, String> {
        let given = self.terms.given();
        match self.terms.kind {
            Some(Kind::Mkt) if given.is_empty() => return Ok(Some(OrderKind::Market)),
            Some(Kind::Mkt) => return Err(format!("an order of type mkt has no {}", given[0].name())),
            Some(other) => {
                return Err(format!(
                    "an order cannot be changed to {other}: leave out --type, or cancel it and place another"
                ));
            }
            None if given.is_empty() => return Ok(None),
            None => {}
        }
        let mut kind = *from;
        for flag in given {
            if !set(&mut kind, flag, &self.terms)? {
                return Err(format!("a {} order has no {} that can be changed", from.name(), flag.name()));
            }
        }
        Ok(Some(kind))
    }
}

/// Puts a flag's value into a kind. `false`: the kind has nothing of that name.
fn set(kind: &mut OrderKind, flag: Flag, terms: &Terms) -> Result<bool, String> {
    Ok(match flag {
        Flag::Limit => terms.limit.is_some_and(|limit| set_limit(kind, limit)),
        Flag::Stop => terms.stop.is_some_and(|stop| set_stop(kind, stop)),
        Flag::Trigger => terms.trigger.is_some_and(|trigger| set_trigger(kind, trigger)),
        Flag::TrailAmount | Flag::TrailPercent => set_trail(kind, terms.trail_by()?),
        Flag::LimitOffset => terms.limit_offset.is_some_and(|offset| set_limit_offset(kind, offset)),
        Flag::Offset => match (&mut *kind, terms.rare.offset) {
            (OrderKind::Relative { offset, .. }, Some(by)) => {
                *offset = Some(by.by());
                true
            }
            _ => terms.amount()?.is_some_and(|amount| set_offset(kind, amount)),
        },
        Flag::Volatility => match (kind, terms.rare.volatility) {
            (OrderKind::Volatility(Volatility { percent, .. }), Some(volatility)) => {
                *percent = volatility;
                true
            }
            _ => false,
        },
        _ => false,
    })
}

const fn set_limit(kind: &mut OrderKind, to: Price) -> bool {
    match kind {
        OrderKind::Limit { limit }
        | OrderKind::StopLimit { limit, .. }
        | OrderKind::TrailLimitFrom { limit, .. }
        | OrderKind::LimitOnClose { limit }
        | OrderKind::LimitOnOpen { limit }
        | OrderKind::LimitIfTouched { limit, .. }
        | OrderKind::LimitPlusMarket { limit }
        | OrderKind::RelativePlusLimit { limit, .. }
        | OrderKind::TrailLimitIfTouched { limit: TrailingLimit::At(limit), .. }
        | OrderKind::TrailLimitPlusMarket { limit: TrailingLimit::At(limit), .. } => *limit = to,
        OrderKind::MarketToLimit { limit }
        | OrderKind::PegMid { limit, .. }
        | OrderKind::PegBest { limit, .. }
        | OrderKind::FixPegged { limit, .. }
        | OrderKind::Relative { cap: limit, .. }
        | OrderKind::PassiveRelative { cap: limit, .. }
        | OrderKind::PegMarket { cap: limit, .. }
        | OrderKind::PegPrimary { cap: limit, .. }
        | OrderKind::MidPrice { cap: limit } => *limit = Some(to),
        _ => return false,
    }
    true
}

const fn set_stop(kind: &mut OrderKind, to: Price) -> bool {
    match kind {
        OrderKind::Stop { stop } | OrderKind::StopProtected { stop } | OrderKind::StopLimit { stop, .. } => {
            *stop = to;
        }
        OrderKind::Trail { stop, .. }
        | OrderKind::TrailLimit { stop, .. }
        | OrderKind::TrailLimitFrom { stop, .. }
        | OrderKind::TrailLimitPlusMarket { stop, .. }
        | OrderKind::TrailRelativePlusMarket { stop, .. } => *stop = Some(to),
        _ => return false,
    }
    true
}

const fn set_trigger(kind: &mut OrderKind, to: Price) -> bool {
    match kind {
        OrderKind::MarketIfTouched { trigger } | OrderKind::LimitIfTouched { trigger, .. } => *trigger = to,
        OrderKind::TrailMarketIfTouched { trigger, .. } | OrderKind::TrailLimitIfTouched { trigger, .. } => {
            *trigger = Some(to);
        }
        _ => return false,
    }
    true
}

const fn set_trail(kind: &mut OrderKind, to: TrailBy) -> bool {
    match kind {
        OrderKind::Trail { by, .. }
        | OrderKind::TrailLimit { by, .. }
        | OrderKind::TrailLimitFrom { by, .. }
        | OrderKind::TrailMarketIfTouched { by, .. }
        | OrderKind::TrailLimitIfTouched { by, .. }
        | OrderKind::TrailLimitPlusMarket { by, .. }
        | OrderKind::TrailRelativePlusMarket { by, .. } => *by = to,
        _ => return false,
    }
    true
}

const fn set_limit_offset(kind: &mut OrderKind, to: Decimal) -> bool {
    match kind {
        OrderKind::TrailLimit { limit_offset, .. }
        | OrderKind::TrailLimitIfTouched { limit: TrailingLimit::Offset(limit_offset), .. }
        | OrderKind::TrailLimitPlusMarket { limit: TrailingLimit::Offset(limit_offset), .. } => {
            *limit_offset = to;
        }
        _ => return false,
    }
    true
}

const fn set_offset(kind: &mut OrderKind, to: Decimal) -> bool {
    match kind {
        OrderKind::PassiveRelative { offset, .. }
        | OrderKind::PegMarket { offset, .. }
        | OrderKind::PegPrimary { offset, .. }
        | OrderKind::FixPegged { offset, .. }
        | OrderKind::SnapMarket { offset }
        | OrderKind::SnapPrimary { offset }
        | OrderKind::SnapMid { offset }
        | OrderKind::PegVolatility { offset, .. }
        | OrderKind::RelativePlusLimit { offset, .. }
        | OrderKind::RelativePlusMarket { offset } => *offset = Some(to),
        OrderKind::PegMid { by, .. } => *by = MidPeg::Offset(to),
        OrderKind::PegBest { compete, .. } => *compete = Compete::Offset(to),
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command, OrderCommand};
    use clap::Parser;

    fn change(flags: &str, from: OrderKind) -> Result<OrderChange, String> {
        let typed = format!("tradeport order change k {flags}");
        let cli = Cli::try_parse_from(typed.split_whitespace()).map_err(|error| error.to_string())?;
        let Command::Order(command) = cli.command else { panic!("not about orders") };
        let OrderCommand::Change(args) = *command else { panic!("not a change") };
        args.change(&from, &Known::default())
    }

    fn price(text: &str) -> Price {
        text.parse().unwrap()
    }

    #[test]
    fn a_price_goes_into_the_kind_that_the_order_has() {
        let limit = OrderKind::Limit { limit: price("10") };
        assert_eq!(change("--limit 11", limit).unwrap().kind, Some(OrderKind::Limit { limit: price("11") }));
        assert_eq!(change("--quantity 5", limit).unwrap().kind, None);
        assert_eq!(change("--type mkt", limit).unwrap().kind, Some(OrderKind::Market));
        let both = OrderKind::StopLimit { stop: price("9"), limit: price("8") };
        let changed = OrderKind::StopLimit { stop: price("7"), limit: price("8") };
        assert_eq!(change("--stop 7", both).unwrap().kind, Some(changed));
        let by = TrailBy::Percent(Decimal::TWO);
        let trail = OrderKind::Trail { by: TrailBy::Amount(Decimal::ONE), stop: None };
        assert_eq!(
            change("--trail-percent 2", trail).unwrap().kind,
            Some(OrderKind::Trail { by, stop: None })
        );
        let longer = change("--tif gtc --outside-rth yes --no-conditions", limit).unwrap();
        assert_eq!((longer.outside_sessions, longer.conditions), (Some(true), Some(ConditionChange::Remove)));
    }

    #[test]
    fn what_the_kind_has_not_is_refused_by_its_name() {
        let limit = OrderKind::Limit { limit: price("10") };
        for (flags, words) in [
            ("--stop 9", "a LMT order has no --stop"),
            ("--type stp --stop 9", "cannot be changed to stp"),
            ("--type mkt --limit 9", "type mkt has no --limit"),
            ("--delta 1", "a LMT order has no --delta"),
            ("--no-conditions --when SPY<=1", "cannot be used with"),
        ] {
            let said = change(flags, limit).unwrap_err();
            assert!(said.contains(words), "{flags}: {said}");
        }
    }
}

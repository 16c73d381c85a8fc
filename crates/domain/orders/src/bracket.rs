//! Brackets: an entry, and the exits that come alive when it fills.
//!
//! Keys of the children come from the parent's: the first target of `morning-1` is `morning-1.target1`, its second stop
//! `morning-1.stop2`. What one of them fills makes the others of its group smaller. Exits that are for all of it are one group,
//! `morning-1.exits`; where some are for parts, each part is a group, `morning-1.exits1` the first: a stop for all beside two
//! targets for a half each is two stops, one in a group with each of the targets.
//!
//! ```
//! use tradeport_orders::{Bracket, OrderDraft, OrderKind, Side};
//! use tradeport_kernel::Quantity;
//!
//! let hundred: Quantity = "100".parse()?;
//! let limit = OrderKind::Limit { limit: "30".parse()? };
//! let entry = OrderDraft::new("morning-1".parse()?, "DU1".parse()?, "AAPL".parse()?, Side::Buy, hundred, limit);
//! let orders = Bracket::around(entry).target("40".parse()?).stop("20".parse()?).build()?;
//! assert_eq!(orders.len(), 3);
//! assert_eq!(orders[1].key().as_str(), "morning-1.target1");
//! assert_eq!(orders[2].kind().name(), "STP");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Left out: in which order and with which numbers they are sent; that belongs to the gateway.

mod slices;

use crate::{NotAnIntent, OcaEffect, OcaGroup, OrderDraft, OrderIntent, OrderKind, OrderSize, Side};
use slices::Piece;
use tradeport_kernel::{Decimal, NotAnId, OrderKey, Price, Quantity};

/// An entry and its exits, before they are checked.
///
/// **Meaning.** A target takes a profit by a limit order, a stop limits the loss. All exits are on the other side of the entry,
/// and sleep until it has filled. What one of them fills makes the others that are for the same units smaller. They stand for as long as the entry's time
/// in force says: by [`TimeInForce::Day`](crate::TimeInForce::Day), which is the default, to the end of the session, and
/// nothing protects what is held after it; by [`TimeInForce::GoodTillCancelled`](crate::TimeInForce::GoodTillCancelled)
/// until they are cancelled.
///
/// **Units.** Prices are for one unit, as the entry's. An exit without a quantity of its own takes all that the others of its kind
/// leave, and is as many orders as that has parts.
///
/// **Errors.** [`NotABracket`]: no exits; a target that does not gain or a stop that does not limit the loss, with the side
/// of the entry on which it must lie; a stop beyond a target; exits for more than the entry; one for which the others leave nothing.
///
/// ```
/// use tradeport_kernel::Quantity;
/// use tradeport_orders::{Bracket, OrderDraft, OrderKind, Side};
///
/// let entry = || -> Result<OrderDraft, Box<dyn std::error::Error>> {
///     let hundred: Quantity = "100".parse()?;
///     let limit = OrderKind::Limit { limit: "187.25".parse()? };
///     Ok(OrderDraft::new("morning-1".parse()?, "DU1".parse()?, "AAPL".parse()?, Side::Buy, hundred, limit))
/// };
/// let orders = Bracket::around(entry()?).target("195".parse()?).stop("180".parse()?).build()?;
/// let kinds: Vec<_> = orders.iter().map(|order| order.kind().name()).collect();
/// assert_eq!(kinds, ["LMT", "LMT", "STP"]);
/// assert_eq!(orders[2].side(), Side::Sell);
///
/// let losing = Bracket::around(entry()?).target("180".parse()?).build().unwrap_err();
/// assert_eq!(
///     losing.to_string(),
///     "a target of 180 does not gain on an entry at 187.25: to buy there, it must be above it"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a bracket is made by `build`"]
pub struct Bracket {
    entry: OrderDraft,
    exits: Vec<Exit>,
    grouped: bool,
}

#[derive(Clone, Copy, Debug)]
struct Exit {
    kind: OrderKind,
    quantity: Option<Quantity>,
    takes_profit: bool,
}

/// Why a bracket cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotABracket {
    /// No exits.
    #[error("a bracket without a target or a stop is a plain order: give one exit at least")]
    NoExits,
    /// More exits than a broker takes.
    #[error("{0} exits were given: a bracket has at most 20")]
    TooManyExits(usize),
    /// A target that would lose.
    #[error("a target of {exit} does not gain on an entry at {entry}: to {side} there, it must be {must} it")]
    Target {
        /// The target's price.
        exit: Price,
        /// The entry's price.
        entry: Price,
        /// The entry's side.
        side: Side,
        /// Where it must lie.
        must: &'static str,
    },
    /// A stop on the wrong side of the entry.
    #[error(
        "a stop at {exit} does not limit the loss of an entry at {entry}: to {side} there, it must be {must} it"
    )]
    Stop {
        /// The stop's price.
        exit: Price,
        /// The entry's price.
        entry: Price,
        /// The entry's side.
        side: Side,
        /// Where it must lie.
        must: &'static str,
    },
    /// A stop beyond a target.
    #[error("a stop at {stop} lies beyond the target at {target}: both would wake at once")]
    Crossed {
        /// The stop's price.
        stop: Price,
        /// The target's price.
        target: Price,
    },
    /// More is taken out than comes in.
    #[error("the {what} take out {total}, the entry brings in {entry}")]
    TooMuch {
        /// Which exits.
        what: &'static str,
        /// What they add up to.
        total: Decimal,
        /// The entry's quantity.
        entry: Quantity,
    },
    /// Others of its kind take out everything.
    #[error("nothing is left for a {what} that says nothing of a part: the others take all of it")]
    NothingLeft {
        /// Which exit.
        what: &'static str,
    },
    /// Parts of something that is not counted in units.
    #[error("an exit for a part needs an entry that is sized in units")]
    PartOfUnknown,
    /// The parent's key leaves no room for the children's.
    #[error("the key {0} is too long: at most 31 characters, so that the children's keys fit")]
    Key(OrderKey, #[source] NotAnId),
    /// One of the orders contradicts itself.
    #[error("the order {key} would not do")]
    Order {
        /// Which one.
        key: OrderKey,
        /// Why.
        #[source]
        cause: NotAnIntent,
    },
}

impl Bracket {
    /// The most exits.
    pub const MAX_EXITS: usize = 20;

    /// Exits around this entry.
    pub const fn around(entry: OrderDraft) -> Self {
        Self { entry, exits: Vec::new(), grouped: true }
    }

    /// Takes the profit of all of it at this price.
    pub fn target(self, limit: Price) -> Self {
        self.exit(OrderKind::Limit { limit }, None, true)
    }

    /// Takes the profit of a part of it at this price.
    pub fn target_for(self, quantity: Quantity, limit: Price) -> Self {
        self.exit(OrderKind::Limit { limit }, Some(quantity), true)
    }

    /// Ends the loss of all of it at this price.
    pub fn stop(self, stop: Price) -> Self {
        self.exit(OrderKind::Stop { stop }, None, false)
    }

    /// Ends the loss of all of it by this kind of stop: a stop limit, a trailing stop.
    pub fn stop_by(self, kind: OrderKind) -> Self {
        self.exit(kind, None, false)
    }

    /// Ends the loss of a part of it by this kind of stop.
    pub fn stop_for(self, quantity: Quantity, kind: OrderKind) -> Self {
        self.exit(kind, Some(quantity), false)
    }

    /// Children without a group of their own: brokers that tie the children of one parent together need none.
    pub fn ungrouped(mut self) -> Self {
        self.grouped = false;
        self
    }

    fn exit(mut self, kind: OrderKind, quantity: Option<Quantity>, takes_profit: bool) -> Self {
        self.exits.push(Exit { kind, quantity, takes_profit });
        self
    }

    /// The entry, then its exits in the order in which they were given.
    pub fn build(self) -> Result<Vec<OrderIntent>, NotABracket> {
        if self.exits.is_empty() {
            return Err(NotABracket::NoExits);
        }
        if self.exits.len() > Self::MAX_EXITS {
            return Err(NotABracket::TooManyExits(self.exits.len()));
        }
        self.check_prices()?;
        self.check_quantities()?;
        let pieces = slices::pieces(&self.exits, self.entry.size.quantity())?;
        if pieces.len() > Self::MAX_EXITS {
            return Err(NotABracket::TooManyExits(pieces.len()));
        }
        let mut drafts = vec![self.entry.clone()];
        let mut numbers = [0; 2];
        for piece in pieces {
            let exit = self.exits.get(piece.exit).expect("a piece is of an exit");
            let number = &mut numbers[usize::from(exit.takes_profit)];
            *number += 1;
            drafts.push(self.child(exit, piece, *number)?);
        }
        let checked = |draft: OrderDraft| {
            let key = draft.key.clone();
            draft.check().map_err(|cause| NotABracket::Order { key, cause })
        };
        drafts.into_iter().map(checked).collect()
    }

    fn child(&self, exit: &Exit, piece: Piece, number: usize) -> Result<OrderDraft, NotABracket> {
        let word = if exit.takes_profit { "target" } else { "stop" };
        let size = piece.quantity.map_or(self.entry.size, OrderSize::Units);
        let mut child = OrderDraft::new(
            self.derived(&format!("{word}{number}"))?,
            self.entry.account.clone(),
            self.entry.symbol,
            self.entry.side.opposite(),
            size,
            exit.kind,
        )
        .child_of(self.entry.key.clone())
        .with_time_in_force(self.entry.time_in_force);
        child.outside_sessions = self.entry.outside_sessions;
        child.strategy = self.entry.strategy.clone();
        child.instrument = self.entry.instrument.clone();
        child.route = self.entry.route;
        if self.grouped {
            let name = piece.slice.map_or_else(|| "exits".to_owned(), |slice| format!("exits{}", slice + 1));
            let group = OcaGroup::new(self.derived(&name)?);
            child = child.in_group(group.with_effect(OcaEffect::ReduceWithBlock));
        }
        Ok(child)
    }

    fn derived(&self, word: &str) -> Result<OrderKey, NotABracket> {
        let parent = &self.entry.key;
        OrderKey::new(&format!("{parent}.{word}")).map_err(|error| NotABracket::Key(parent.clone(), error))
    }

    fn check_prices(&self) -> Result<(), NotABracket> {
        let side = self.entry.side;
        // Which way the market moves when the entry gains.
        let gains =
            |better: Price, than: Price| if side == Side::Buy { better > than } else { better < than };
        let (beyond, behind) = if side == Side::Buy { ("above", "below") } else { ("below", "above") };
        let entry = self.entry.kind.limit_price().or(self.entry.kind.trigger_price());
        let targets =
            self.exits.iter().filter(|exit| exit.takes_profit).filter_map(|exit| exit.kind.limit_price());
        let stops =
            self.exits.iter().filter(|exit| !exit.takes_profit).filter_map(|exit| exit.kind.trigger_price());
        for exit in targets.clone() {
            if let Some(entry) = entry.filter(|entry| !gains(exit, *entry)) {
                return Err(NotABracket::Target { exit, entry, side, must: beyond });
            }
        }
        for stop in stops {
            if let Some(entry) = entry.filter(|entry| !gains(*entry, stop)) {
                return Err(NotABracket::Stop { exit: stop, entry, side, must: behind });
            }
            if let Some(target) = targets.clone().find(|target| !gains(*target, stop)) {
                return Err(NotABracket::Crossed { stop, target });
            }
        }
        Ok(())
    }

    fn check_quantities(&self) -> Result<(), NotABracket> {
        let Some(entry) = self.entry.size.quantity() else {
            let part = self.exits.iter().any(|exit| exit.quantity.is_some());
            return if part { Err(NotABracket::PartOfUnknown) } else { Ok(()) };
        };
        for (what, takes_profit) in [("targets", true), ("stops", false)] {
            let parts = self.exits.iter().filter(|exit| exit.takes_profit == takes_profit);
            let total: Decimal = parts.filter_map(|exit| exit.quantity).map(Quantity::as_decimal).sum();
            if total > entry.as_decimal() {
                return Err(NotABracket::TooMuch { what, total, entry });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

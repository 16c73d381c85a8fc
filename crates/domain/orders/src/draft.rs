//! An order's fields before they are checked, and short ways to set them.
//!
//! Left out: the rules of venues and instruments (validation), and what brokers call each field (their adapters).

use crate::attributes::check::check_attributes;
use crate::kind::check_kind;
use crate::{
    Algo, Allocation, Attributes, Conditions, DeltaNeutral, EntryTag, Hedge, NotAnIntent, OcaGroup,
    OrderIntent, OrderKind, OrderSize, Scale, Side, StopAdjustment, TimeInForce, TriggerMethod, Venue,
    WhatIf,
};
use serde::{Deserialize, Serialize};
use tradeport_contracts::Instrument;
use tradeport_kernel::{AccountId, Decimal, OrderKey, StrategyId, Symbol, Timestamp};

/// The fields of an intent, before they are checked.
///
/// A plain order takes one call; everything else is said by one more call each, in any order:
///
/// | to say | call |
/// | --- | --- |
/// | how long | [`good_till_cancelled`](Self::good_till_cancelled), [`good_till`](Self::good_till), [`with_time_in_force`](Self::with_time_in_force) |
/// | when | [`good_after`](Self::good_after), [`with_outside_sessions`](Self::with_outside_sessions), [`with_overnight`](Self::with_overnight) |
/// | of what its name does not say | [`of`](Self::of) |
/// | to one exchange | [`routed_to`](Self::routed_to) |
/// | under which conditions | [`under`](Self::under) |
/// | with whom | [`child_of`](Self::child_of), [`in_group`](Self::in_group), [`hedging`](Self::hedging), and [`Bracket`](crate::Bracket) |
/// | how it shows itself and fills | [`showing`](Self::showing), [`hidden`](Self::hidden), [`all_or_none`](Self::all_or_none), [`with_min_quantity`](Self::with_min_quantity), [`post_only`](Self::post_only), [`sweeping`](Self::sweeping) |
/// | how it is worked | [`worked_by`](Self::worked_by), [`scaled`](Self::scaled), [`adjusting`](Self::adjusting), [`hedged_by`](Self::hedged_by) |
/// | whose idea it is | [`by_strategy`](Self::by_strategy) |
/// | for whom | [`allocated`](Self::allocated), [`tagged`](Self::tagged) |
/// | a question only | [`what_if`](Self::what_if) |
/// | anything else | `draft.attributes.` … : the groups of [`OrderAttributes`](crate::OrderAttributes) |
///
/// ```
/// use tradeport_kernel::{Currency, Money, Quantity};
/// use tradeport_orders::{OrderDraft, OrderKind, Side};
///
/// let account = || "DU1234567".parse();
/// let hundred: Quantity = "100".parse()?;
/// let limit = OrderKind::Limit { limit: "187.25".parse()? };
///
/// let plain = OrderDraft::new("a".parse()?, account()?, "AAPL".parse()?, Side::Buy, hundred, limit).check()?;
/// assert!(plain.attributes().is_plain());
///
/// let iceberg = OrderDraft::new("b".parse()?, account()?, "AAPL".parse()?, Side::Buy, hundred, limit)
///     .good_till_cancelled()
///     .with_outside_sessions()
///     .showing(10)
///     .check()?;
/// assert_eq!(iceberg.attributes().handling.display_size, Some(10));
///
/// let money = Money::new("5000".parse()?, Currency::USD);
/// let for_money = OrderDraft::new("c".parse()?, account()?, "AAPL".parse()?, Side::Buy, money, limit).check()?;
/// assert_eq!(for_money.quantity(), None, "how many that is, the broker says");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A stop that trails once the market has moved, as the child of an entry:
///
/// ```
/// # use tradeport_kernel::Quantity;
/// use tradeport_orders::{AdjustedStop, OrderDraft, OrderKind, Side, StopAdjustment, TrailBy};
///
/// # let hundred: Quantity = "100".parse()?;
/// let stop = OrderKind::Stop { stop: "35".parse()? };
/// let trail = AdjustedStop::Trail { stop: "36".parse()?, by: TrailBy::Percent("2".parse()?) };
/// let child = OrderDraft::new("d".parse()?, "DU1".parse()?, "AAPL".parse()?, Side::Sell, hundred, stop)
///     .child_of("a".parse()?)
///     .adjusting(StopAdjustment::once_at("40".parse()?, trail))
///     .check()?;
/// # let _ = child;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What cannot be is refused, with what would be accepted:
///
/// ```
/// # use tradeport_kernel::Quantity;
/// use tradeport_orders::{OrderDraft, OrderKind, Side};
///
/// # let hundred: Quantity = "100".parse()?;
/// let market = OrderDraft::new("e".parse()?, "DU1".parse()?, "AAPL".parse()?, Side::Buy, hundred, OrderKind::Market);
/// let refusal = market.post_only().check().unwrap_err();
/// assert_eq!(refusal.to_string(), "MKT orders cannot have post only: only a kind with a limit can");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderDraft {
    /// Our identity of it.
    pub key: OrderKey,
    /// For whom.
    pub account: AccountId,
    /// Whose idea it is, if anybody's: limits of a strategy count its orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<StrategyId>,
    /// Of what.
    pub symbol: Symbol,
    /// What the symbol stands for, where it cannot be read back: combos and others with long notations have a name with
    /// a digest. The journal keeps it with the order, so that it is known after a restart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instrument: Option<Box<Instrument>>,
    /// The exchange that it goes to, where that is not the one of its instrument. What is held and what limits count is of the
    /// symbol, whichever way it was ordered; a combo says its exchange itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<Venue>,
    /// Which way.
    pub side: Side,
    /// How much. In older documents its name is `quantity`.
    #[serde(alias = "quantity")]
    pub size: OrderSize,
    /// How.
    pub kind: OrderKind,
    /// How long.
    pub time_in_force: TimeInForce,
    /// The order that must fill before this one comes alive; when the parent dies, so does this one.
    pub parent: Option<OrderKey>,
    /// Its group, if filling one is to cancel the others.
    pub oca: Option<OcaGroup>,
    /// May it trade outside of regular sessions?
    pub outside_sessions: bool,
    /// Everything else that it says.
    #[serde(default, skip_serializing_if = "Attributes::is_plain")]
    pub attributes: Attributes,
}

impl OrderDraft {
    /// A day order with nothing unusual about it; `size` is a quantity or an amount of money.
    #[must_use]
    pub fn new(
        key: OrderKey,
        account: AccountId,
        symbol: Symbol,
        side: Side,
        size: impl Into<OrderSize>,
        kind: OrderKind,
    ) -> Self {
        Self {
            key,
            account,
            strategy: None,
            symbol,
            instrument: None,
            route: None,
            side,
            size: size.into(),
            kind,
            time_in_force: TimeInForce::Day,
            parent: None,
            oca: None,
            outside_sessions: false,
            attributes: Attributes::NONE,
        }
    }

    /// Refuses fields that contradict each other.
    pub fn check(mut self) -> Result<OrderIntent, NotAnIntent> {
        check_kind(&self.kind)?;
        self.check_time()?;
        self.check_size()?;
        self.check_instrument()?;
        self.check_route()?;
        if self.parent.as_ref() == Some(&self.key) {
            return Err(NotAnIntent::OwnParent(self.key));
        }
        check_attributes(&self)?;
        self.attributes = self.attributes.normal();
        Ok(OrderIntent::checked(self))
    }

    fn check_time(&self) -> Result<(), NotAnIntent> {
        let (kind, time_in_force) = (self.kind.name(), self.time_in_force.name());
        if self.kind.is_auction() && self.time_in_force != TimeInForce::Day {
            return Err(NotAnIntent::TimeInForce { kind, time_in_force });
        }
        let market_to_limit = matches!(self.kind, OrderKind::MarketToLimit { .. });
        match self.time_in_force {
            TimeInForce::Auction if !market_to_limit => {
                Err(NotAnIntent::TimeInForceOfKind { time_in_force, takes: "MTL", kind })
            }
            TimeInForce::Minutes if !matches!(self.kind, OrderKind::Limit { .. }) => {
                Err(NotAnIntent::TimeInForceOfKind { time_in_force, takes: "LMT", kind })
            }
            TimeInForce::Auction => Ok(()),
            _ if market_to_limit && self.kind.limit_price().is_some() => {
                Err(NotAnIntent::LimitOutsideAuction)
            }
            _ => Ok(()),
        }
    }

    /// What is said of the instrument must be what the symbol names; what the symbol says by itself is left out.
    fn check_instrument(&mut self) -> Result<(), NotAnIntent> {
        let Some(instrument) = self.instrument.take() else { return Ok(()) };
        let (symbol, found) = (self.symbol, instrument.symbol());
        if symbol != found {
            return Err(NotAnIntent::OtherInstrument { symbol, found });
        }
        let read_back = symbol.as_str().parse().is_ok_and(|it: Instrument| it == *instrument);
        self.instrument = (!read_back).then_some(instrument);
        Ok(())
    }

    /// The route that its instrument has already is left out.
    fn check_route(&mut self) -> Result<(), NotAnIntent> {
        let Some(route) = self.route.take() else { return Ok(()) };
        let symbol = self.symbol;
        let refused = |why: String| NotAnIntent::Route { symbol, route, why };
        let named = || symbol.as_str().parse().ok();
        let instrument = self.instrument.as_deref().cloned().or_else(named);
        let instrument = instrument.ok_or_else(|| refused("nothing says what it is".to_owned()))?;
        if !instrument.description().legs.is_empty() {
            return Err(refused("a combo says its exchange itself".to_owned()));
        }
        instrument.routed_to(route.as_str()).map_err(|error| refused(error.to_string()))?;
        self.route =
            Some(route).filter(|it| instrument.description().exchange.as_deref() != Some(it.as_str()));
        Ok(())
    }

    /// A hedge has the size that its parent's fills call for, a percent change that of the positions that it changes.
    fn sized_by_others(&self) -> bool {
        let said = self.attributes.said();
        said.is_some_and(|said| {
            said.hedge.is_some() || said.allocation.as_ref().is_some_and(Allocation::sizes)
        })
    }

    fn check_size(&self) -> Result<(), NotAnIntent> {
        match self.size {
            OrderSize::Cash(cash) if cash.amount() <= Decimal::ZERO => Err(NotAnIntent::Cash(cash)),
            OrderSize::FollowsParent if !self.sized_by_others() => Err(NotAnIntent::FollowsWithoutHedge),
            _ => Ok(()),
        }
    }
}

/// Short ways to set what is often set; everything else is set on `attributes`.
impl OrderDraft {
    /// The same for this instrument, under its name: the way to order a combo, whose name alone does not say what it is.
    ///
    /// ```
    /// # use tradeport_orders::{OrderDraft, OrderKind, Side};
    /// # use tradeport_contracts::Instrument;
    /// # use tradeport_kernel::Quantity;
    /// let spread: Instrument = "combo:IBM;leg=+1x43645865@SMART;leg=-1x43645866@SMART".parse()?;
    /// let (key, account, one): (_, _, Quantity) = ("a".parse()?, "DU1234567".parse()?, "1".parse()?);
    /// let draft = OrderDraft::new(key, account, spread.symbol(), Side::Buy, one, OrderKind::Market);
    /// let intent = draft.of(spread.clone()).check()?;
    /// assert_eq!(intent.instrument(), Some(spread));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(mut self, instrument: Instrument) -> Self {
        self.symbol = instrument.symbol();
        self.instrument = Some(Box::new(instrument));
        self
    }

    /// It goes to this exchange and nowhere else; what is held of it is the same as of any other order of its symbol.
    ///
    /// ```
    /// # use tradeport_orders::{OrderDraft, OrderKind, Side};
    /// # use tradeport_kernel::Quantity;
    /// let (key, account, ten): (_, _, Quantity) = ("a".parse()?, "DU1234567".parse()?, "10".parse()?);
    /// let draft = OrderDraft::new(key, account, "AAPL".parse()?, Side::Buy, ten, OrderKind::Market);
    /// let direct = draft.routed_to("ISLAND".parse()?).check()?;
    /// assert_eq!(direct.symbol().as_str(), "AAPL");
    /// assert_eq!(direct.ordered().unwrap().to_string(), "AAPL@ISLAND");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn routed_to(mut self, exchange: Venue) -> Self {
        self.route = Some(exchange);
        self
    }

    /// It is the idea of this strategy, whose limits count it.
    #[must_use]
    pub fn by_strategy(mut self, strategy: StrategyId) -> Self {
        self.strategy = Some(strategy);
        self
    }

    /// Until it is cancelled.
    #[must_use]
    pub fn good_till_cancelled(self) -> Self {
        self.with_time_in_force(TimeInForce::GoodTillCancelled)
    }

    /// Until a moment.
    #[must_use]
    pub fn good_till(self, end: Timestamp) -> Self {
        self.with_time_in_force(TimeInForce::GoodTillDate(end))
    }

    /// Not before a moment.
    #[must_use]
    pub fn good_after(mut self, start: Timestamp) -> Self {
        self.attributes.timing.good_after = Some(start);
        self
    }

    /// What can be filled at once is; the rest is cancelled.
    #[must_use]
    pub fn immediate_or_cancel(self) -> Self {
        self.with_time_in_force(TimeInForce::ImmediateOrCancel)
    }

    /// For as long as this.
    #[must_use]
    pub fn with_time_in_force(mut self, time_in_force: TimeInForce) -> Self {
        self.time_in_force = time_in_force;
        self
    }

    /// It may trade outside of regular sessions.
    #[must_use]
    pub fn with_outside_sessions(mut self) -> Self {
        self.outside_sessions = true;
        self
    }

    /// It may trade overnight.
    #[must_use]
    pub fn with_overnight(mut self) -> Self {
        self.attributes.timing.overnight = true;
        self
    }

    /// It comes alive when `parent` fills, and dies with it.
    #[must_use]
    pub fn child_of(mut self, parent: OrderKey) -> Self {
        self.parent = Some(parent);
        self
    }

    /// Filling one of the group cancels or shrinks the others.
    #[must_use]
    pub fn in_group(mut self, group: OcaGroup) -> Self {
        self.oca = Some(group);
        self
    }

    /// It comes alive, or is cancelled, when these hold.
    #[must_use]
    pub fn under(mut self, conditions: Conditions) -> Self {
        self.attributes.conditions = Some(conditions);
        self
    }

    /// An algo works it.
    #[must_use]
    pub fn worked_by(mut self, algo: Algo) -> Self {
        self.attributes.algo = Some(algo);
        self
    }

    /// It is worked in steps.
    #[must_use]
    pub fn scaled(mut self, scale: Scale) -> Self {
        self.attributes.scale = Some(scale);
        self
    }

    /// It hedges what its parent fills; its size follows from that.
    #[must_use]
    pub fn hedging(mut self, parent: OrderKey, hedge: Hedge) -> Self {
        self.size = OrderSize::FollowsParent;
        self.attributes.hedge = Some(hedge);
        self.child_of(parent)
    }

    /// Each fill is hedged by an order in the underlying.
    #[must_use]
    pub fn hedged_by(mut self, order: DeltaNeutral) -> Self {
        self.attributes.delta_neutral = Some(order);
        self
    }

    /// Its stop turns into another.
    #[must_use]
    pub fn adjusting(mut self, adjustment: StopAdjustment) -> Self {
        self.attributes.adjustment = Some(adjustment);
        self
    }

    /// It is spread over the accounts of a group.
    #[must_use]
    pub fn allocated(mut self, allocation: Allocation) -> Self {
        self.attributes.allocation = Some(allocation);
        self
    }

    /// It shows so many units at a time.
    #[must_use]
    pub fn showing(mut self, units: u32) -> Self {
        self.attributes.handling.display_size = Some(units);
        self
    }

    /// It shows nothing.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.attributes.handling.hidden = true;
        self
    }

    /// All in one fill, or it waits.
    #[must_use]
    pub fn all_or_none(mut self) -> Self {
        self.attributes.handling.all_or_none = true;
        self
    }

    /// The first fill is of so many units at least.
    #[must_use]
    pub fn with_min_quantity(mut self, units: u32) -> Self {
        self.attributes.handling.min_quantity = Some(units);
        self
    }

    /// It may only add to the book.
    #[must_use]
    pub fn post_only(mut self) -> Self {
        self.attributes.handling.post_only = true;
        self
    }

    /// It takes all venues' best prices at once.
    #[must_use]
    pub fn sweeping(mut self) -> Self {
        self.attributes.handling.sweep_to_fill = true;
        self
    }

    /// The broker is free in when and how to fill it.
    #[must_use]
    pub fn not_held(mut self) -> Self {
        self.attributes.handling.not_held = true;
        self
    }

    /// So far beyond its limit it trades at its discretion.
    #[must_use]
    pub fn with_discretion(mut self, amount: Decimal) -> Self {
        self.attributes.handling.discretionary_amount = Some(amount);
        self
    }

    /// These prices wake it.
    #[must_use]
    pub fn triggered_by(mut self, method: TriggerMethod) -> Self {
        self.attributes.timing.trigger_method = Some(method);
        self
    }

    /// Who entered it and how.
    #[must_use]
    pub fn tagged(mut self, tag: EntryTag) -> Self {
        self.attributes.compliance.tag = tag;
        self
    }

    /// It is a question: what would it cost?
    #[must_use]
    pub fn what_if(mut self, question: WhatIf) -> Self {
        self.attributes.what_if = Some(question);
        self
    }
}

#[cfg(test)]
mod tests;

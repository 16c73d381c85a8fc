//! Every kind of order that can rest far from the market: placed, found among the broker's open orders as it was worded,
//! cancelled, and never traded.

use super::super::scenario::{Halt, Need, Play, Scenario};
use super::super::stage::{Quoted, SHARE, Stage};
use super::words;
use std::time::Duration;
use tradeport_kernel::{Decimal, OrderKey, Timestamp};
use tradeport_orders::{
    BrokerOrder, CancelTag, MidPeg, OffsetBy, OrderDraft, OrderKind, OrderState, Side, TrailBy, TrailingLimit,
};

/// A kind of order, worded so that it rests.
#[derive(Clone, Copy)]
pub struct Resting {
    name: &'static str,
    side: Side,
    /// Its prices around the price of now.
    kind: fn(&Quoted) -> anyhow::Result<OrderKind>,
    /// What else it says.
    more: fn(OrderDraft, &Stage) -> OrderDraft,
    /// Does it stand as it was worded, or does the market move it?
    moves: bool,
}

const fn rests(name: &'static str, side: Side, kind: fn(&Quoted) -> anyhow::Result<OrderKind>) -> Resting {
    Resting { name, side, kind, more: |draft, _| draft, moves: false }
}

const fn moving(name: &'static str, side: Side, kind: fn(&Quoted) -> anyhow::Result<OrderKind>) -> Resting {
    Resting { moves: true, ..rests(name, side, kind) }
}

const fn saying(name: &'static str, more: fn(OrderDraft, &Stage) -> OrderDraft) -> Resting {
    Resting { more, ..rests(name, Side::Buy, far_limit) }
}

fn far_limit(share: &Quoted) -> anyhow::Result<OrderKind> {
    Ok(OrderKind::Limit { limit: share.times(80)? })
}

/// A fifth of the price: nothing moves so far in a moment.
fn fifth(share: &Quoted) -> anyhow::Result<TrailBy> {
    Ok(TrailBy::Amount(share.times(20)?.as_decimal()))
}

/// Each kind that has a place far from the market. Orders that trade at once have none, nor do those at the price of an
/// auction.
pub(super) const KINDS: &[Resting] = &[
    rests("kinds.limit", Side::Buy, far_limit),
    rests("kinds.limit-sell", Side::Sell, |it| Ok(OrderKind::Limit { limit: it.times(125)? })),
    rests("kinds.stop", Side::Buy, |it| Ok(OrderKind::Stop { stop: it.times(125)? })),
    rests("kinds.stop-sell", Side::Sell, |it| Ok(OrderKind::Stop { stop: it.times(80)? })),
    rests("kinds.stop-limit", Side::Buy, |it| {
        Ok(OrderKind::StopLimit { stop: it.times(125)?, limit: it.times(126)? })
    }),
    moving("kinds.trail-amount", Side::Sell, |it| {
        Ok(OrderKind::Trail { by: fifth(it)?, stop: Some(it.times(80)?) })
    }),
    moving("kinds.trail-percent", Side::Sell, |it| {
        Ok(OrderKind::Trail { by: TrailBy::Percent(Decimal::from(20)), stop: Some(it.times(80)?) })
    }),
    moving("kinds.trail-limit", Side::Sell, |it| {
        Ok(OrderKind::TrailLimit {
            by: fifth(it)?,
            stop: Some(it.times(80)?),
            limit_offset: Decimal::new(10, 2),
        })
    }),
    rests("kinds.market-if-touched", Side::Buy, |it| {
        Ok(OrderKind::MarketIfTouched { trigger: it.times(80)? })
    }),
    rests("kinds.limit-if-touched", Side::Buy, |it| {
        Ok(OrderKind::LimitIfTouched { trigger: it.times(80)?, limit: it.times(81)? })
    }),
    moving("kinds.trail-market-if-touched", Side::Sell, |it| {
        Ok(OrderKind::TrailMarketIfTouched { by: fifth(it)?, trigger: Some(it.times(125)?) })
    }),
    moving("kinds.trail-limit-if-touched", Side::Sell, |it| {
        let limit = TrailingLimit::Offset(Decimal::new(10, 2));
        Ok(OrderKind::TrailLimitIfTouched { by: fifth(it)?, trigger: Some(it.times(125)?), limit })
    }),
    rests("kinds.limit-on-close", Side::Buy, |it| Ok(OrderKind::LimitOnClose { limit: it.times(80)? })),
    rests("kinds.limit-on-open", Side::Buy, |it| Ok(OrderKind::LimitOnOpen { limit: it.times(80)? })),
    moving("kinds.relative", Side::Buy, |it| {
        let offset = Some(OffsetBy::Amount(Decimal::new(1, 2)));
        Ok(OrderKind::Relative { offset, cap: Some(it.times(80)?) })
    }),
    moving("kinds.pegged-to-midpoint", Side::Buy, |it| {
        Ok(OrderKind::PegMid { limit: Some(it.times(80)?), by: MidPeg::At })
    }),
    moving("kinds.mid-price", Side::Buy, |it| Ok(OrderKind::MidPrice { cap: Some(it.times(80)?) })),
    saying("kinds.good-till-cancelled", |draft, _| draft.good_till_cancelled()),
    saying("kinds.good-till-date", |draft, stage| {
        // Brokers count in whole seconds here.
        let now = Timestamp::from_seconds(stage.now().nanos() / 1_000_000_000);
        draft.good_till(now.after(Duration::from_secs(3 * 86_400)))
    }),
    saying("kinds.outside-sessions", |draft, _| draft.with_outside_sessions()),
];

impl Resting {
    /// The scenario of this kind.
    pub(super) const fn scenario(&self) -> Scenario {
        Scenario {
            name: self.name,
            needs: &[Need::Trading],
            expected: "it rests as it was worded, and is gone once it is cancelled",
            play: Play::Rests(*self),
        }
    }

    /// Places it, looks at it, cancels it.
    pub(in crate::integration) async fn play(&self, stage: &mut Stage) -> Result<(), Halt> {
        let share = stage.quoted().await?;
        let kind = (self.kind)(&share)?;
        let listed = &share.contract.details().order_kinds;
        if !listed.is_empty() && listed.iter().all(|known| known != kind.name()) {
            return Err(Halt::Skip(format!("the broker takes no {} orders for {SHARE}", kind.name())));
        }
        let draft = (self.more)(stage.draft(share.symbol(), self.side, kind)?, stage);
        let key = draft.key.clone();
        stage.place(draft.clone()).await?;
        let there = [OrderState::Working, OrderState::Held];
        let order = stage.settled(&key, &there).await?;
        stage.check("it rests", order.state(), there.contains(&order.state()));
        let held = open(stage, &key).await?;
        let seen = words::held(held.as_ref());
        let as_worded = held.is_some_and(|it| self.is_worded(&it, &draft));
        let worded = if self.moves { kind.name().to_owned() } else { words::kind(Some(&kind)) };
        let wording = format!("{} {} {worded} {}", draft.side, draft.symbol, draft.time_in_force.name());
        stage.check(format!("the broker holds {wording}"), seen, as_worded);
        stage.desk().cancel(&key, CancelTag::default()).await?;
        let order = stage.settled(&key, &[OrderState::Cancelled]).await?;
        stage.check(
            "it is cancelled, and nothing of it traded",
            format!("{}, {}", order.state(), order.filled()),
            order.state() == OrderState::Cancelled && order.filled().is_zero(),
        );
        let held = open(stage, &key).await?;
        stage.check("it has left the open orders", words::held(held.as_ref()), held.is_none());
        Ok(())
    }

    /// Prices that follow the market are not those that were sent.
    fn is_worded(&self, held: &BrokerOrder, draft: &OrderDraft) -> bool {
        let same =
            |kind: OrderKind| if self.moves { kind.name() == draft.kind.name() } else { kind == draft.kind };
        let kind = held.kind.is_some_and(same);
        let size = draft.size == held.size;
        kind && size
            && held.side == draft.side
            && held.symbol == draft.symbol
            && held.time_in_force == Some(draft.time_in_force)
    }
}

/// The order as the broker holds it, if it is open.
pub(super) async fn open(stage: &Stage, key: &OrderKey) -> Result<Option<BrokerOrder>, Halt> {
    let orders = stage.broker().gateway().open_orders().await?.into_rows();
    Ok(orders.into_iter().find(|order| order.key.as_ref() == Some(key)))
}

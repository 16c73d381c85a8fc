//! Conditions, adjustable stops, the broker's own book, tags, advisers.

use crate::around::key_of;
use crate::hand::{
    buy, dec, euro_dollar_trades, gain_of_15, late_in_january, limit, margin_above_30, one, price, sell,
    volume_below_100, watched,
};
use tradeport_orders::{
    AdjustedStop, Allocation, Compete, Condition, Conditions, EntryTag, MidOffsets, MidPeg, OrderDraft,
    OrderIntent, OrderKind, PresetChildren, StopAdjustment, Threshold, TriggerMethod,
};

type Orders = Vec<OrderIntent>;

fn attached_stop() -> OrderDraft {
    sell("100", OrderKind::Stop { stop: price("35") }).child_of(key_of(1001))
}

pub(crate) fn adjustable_to_stop() -> Orders {
    one(attached_stop()
        .adjusting(StopAdjustment::once_at(price("32"), AdjustedStop::Stop { stop: price("33") })))
}

pub(crate) fn adjustable_to_stop_limit() -> Orders {
    let into = AdjustedStop::StopLimit { stop: price("32"), limit: price("33") };
    one(attached_stop().adjusting(StopAdjustment::once_at(price("33"), into)))
}

fn at_600(contract: i64, side: Threshold, method: Option<TriggerMethod>) -> Condition {
    Condition::Price { watched: watched(contract), side, price: price("600"), method }
}

pub(crate) fn all_six_conditions() -> Orders {
    let conditions = Conditions::when(at_600(208_813_720, Threshold::Below, None))
        .or(euro_dollar_trades())
        .and(margin_above_30())
        .or(gain_of_15())
        .and(late_in_january())
        .or(volume_below_100());
    one(buy("100", OrderKind::Market).under(conditions))
}

pub(crate) fn cancelled_by_price() -> Orders {
    let price = at_600(208_813_720, Threshold::Below, Some(TriggerMethod::Last));
    one(buy("100", limit("20")).under(ending_in_or(price).cancel_order()))
}

/// The samples join a single condition to the next one, which is not there, by *or* or by *and*.
fn ending_in_or(condition: Condition) -> Conditions {
    Conditions::when(condition).then_or()
}

fn at_10_under(conditions: Conditions) -> Orders {
    one(buy("100", limit("10")).under(conditions))
}

pub(crate) fn price_condition() -> Orders {
    at_10_under(ending_in_or(at_600(8314, Threshold::Above, Some(TriggerMethod::BidAsk))))
}

pub(crate) fn execution_condition() -> Orders {
    at_10_under(Conditions::when(euro_dollar_trades()))
}

pub(crate) fn margin_condition() -> Orders {
    at_10_under(ending_in_or(margin_above_30()))
}

pub(crate) fn percent_change_condition() -> Orders {
    at_10_under(Conditions::when(gain_of_15()))
}

pub(crate) fn time_condition() -> Orders {
    at_10_under(ending_in_or(late_in_january()))
}

pub(crate) fn volume_condition() -> Orders {
    at_10_under(Conditions::when(volume_below_100()))
}

pub(crate) fn time_condition_any_session() -> Orders {
    at_10_under(ending_in_or(late_in_january()).outside_sessions())
}

pub(crate) fn own_book_limit() -> Orders {
    one(buy("100", limit("330")).not_held())
}

fn at_111() -> OrderDraft {
    buy("100", limit("111.11"))
}

pub(crate) fn manual_order_time() -> Orders {
    one(at_111().tagged(EntryTag {
        entered_at: Some("2022-03-14T13:00:00Z".parse().unwrap()),
        ..EntryTag::default()
    }))
}

pub(crate) fn peg_best() -> Orders {
    let kind = OrderKind::PegBest { limit: Some(price("111.11")), compete: Compete::Offset(dec("0.03")) };
    let mut draft = buy("100", kind).not_held();
    draft.attributes.handling.min_trade_quantity = Some(100);
    draft.attributes.handling.min_compete_size = Some(200);
    one(draft)
}

pub(crate) fn peg_mid() -> Orders {
    let by = MidPeg::BySpread(MidOffsets { at_whole: dec("0.02"), at_half: dec("0.025") });
    let mut draft = buy("100", OrderKind::PegMid { limit: Some(price("111.11")), by }).not_held();
    draft.attributes.handling.min_trade_quantity = Some(100);
    one(draft)
}

pub(crate) fn customer_account() -> Orders {
    let mut draft = at_111();
    draft.attributes.compliance.customer_account = Some("CustAcct".parse().unwrap());
    one(draft)
}

pub(crate) fn request_for_quotes() -> Orders {
    one(buy("1", OrderKind::Quote).tagged(EntryTag::manual("Ext Operator 1".parse().unwrap())))
}

pub(crate) fn overnight() -> Orders {
    one(at_111().with_overnight())
}

pub(crate) fn tagged_manual() -> Orders {
    one(buy("1", limit("5333")).tagged(EntryTag::manual("ABCD".parse().unwrap())))
}

pub(crate) fn tagged_automated() -> Orders {
    one(buy("1", limit("5444")).tagged(EntryTag::automated("CDEF".parse().unwrap())))
}

pub(crate) fn preset_children() -> Orders {
    let mut draft = buy("100", limit("40"));
    draft.attributes.presets =
        PresetChildren { stop_loss: Some(key_of(1002)), profit_taker: Some(key_of(1003)) };
    one(draft)
}

pub(crate) fn one_account() -> Orders {
    one(OrderDraft { account: "DU119915".parse().unwrap(), ..buy("100", OrderKind::Market) })
}

pub(crate) fn allocated_group() -> Orders {
    one(buy("200", limit("10")).allocated(Allocation::to_group("MyTestProfile1".parse().unwrap())))
}

pub(crate) fn model() -> Orders {
    let mut draft = OrderDraft { account: "DF12345".parse().unwrap(), ..buy("200", limit("100")) };
    draft.attributes.model = Some("Technology".parse().unwrap());
    one(draft)
}

//! Which orders count beside one that is judged, and for how much.

use super::*;
use tradeport_kernel::{Quantity, Timestamp};
use tradeport_orders::{JournalEntry, OcaGroup, OrderChange, OrderDraft, OrderInput, OrderKind};

/// A group of which one fills and the others go.
fn one_fills(group: &str) -> OcaGroup {
    OcaGroup::new(key(group)).with_effect(OcaEffect::CancelWithBlock)
}

fn key(text: &str) -> OrderKey {
    OrderKey::new(text).unwrap()
}

fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

fn symbol(text: &str) -> Symbol {
    Symbol::new(text).unwrap()
}

fn draft(name: &str, side: Side, units: u32) -> OrderDraft {
    let units = Quantity::new(units.into()).unwrap();
    OrderDraft::new(key(name), account(), symbol("AAPL"), side, units, OrderKind::Market)
}

fn of_group(name: &str, group: &str, units: u32) -> OrderIntent {
    draft(name, Side::Sell, units).in_group(one_fills(group)).check().unwrap()
}

fn book_of(orders: &[OrderIntent]) -> DeskState {
    let mut state = DeskState::default();
    for (order, sequence) in orders.iter().zip(1..) {
        state.apply(sequence, &JournalEntry::intended(order.clone(), Timestamp::EPOCH)).unwrap();
    }
    state
}

fn units(buys: u32, sells: u32) -> OpenUnits {
    OpenUnits { buys: Some(buys.into()), sells: Some(sells.into()) }
}

#[test]
fn what_is_supposed_counts_where_it_is_of_the_same_account_and_instrument() {
    let elsewhere = OrderDraft { account: AccountId::new("DU2").unwrap(), ..draft("b", Side::Buy, 50) };
    let other = OrderDraft { symbol: symbol("MSFT"), ..draft("c", Side::Buy, 70) };
    let with = [draft("a", Side::Buy, 3), elsewhere, other].map(|it| it.check().unwrap());
    let supposing = Supposing { without: None, with: &with };
    assert_eq!(book_of(&[]).open(&account(), symbol("AAPL"), supposing), units(3, 0));
}

#[test]
fn of_a_group_the_largest_counts_and_none_beside_one_of_it() {
    let state = book_of(&[of_group("a", "g", 5), of_group("b", "g", 7), of_group("c", "h", 11)]);
    let open = |judged: Option<&OrderIntent>| {
        state.open_where(&account(), symbol("AAPL"), Supposing::default(), judged, |_| true)
    };
    assert_eq!(open(None), units(0, 18));
    assert_eq!(open(Some(&of_group("d", "g", 1))), units(0, 11), "they go when it fills");
    assert_eq!(open(Some(&draft("e", Side::Sell, 1).check().unwrap())), units(0, 18));
}

#[test]
fn of_a_group_that_may_fill_more_than_once_each_counts() {
    let of_all = |name: &str, units| {
        let group = OcaGroup::new(key("g")).with_effect(OcaEffect::ReduceWithoutBlock);
        draft(name, Side::Sell, units).in_group(group).check().unwrap()
    };
    let state = book_of(&[of_all("a", 5), of_all("b", 7)]);
    let open = |judged: Option<&OrderIntent>| {
        state.open_beside(&account(), symbol("AAPL"), Supposing::default(), judged)
    };
    assert_eq!(open(None), units(0, 12));
    assert_eq!(open(Some(&of_all("c", 1))), units(0, 12), "they may fill beside it");
}

/// Only what comes in of the same instrument, on the other side and for the same strategy is its child's to take out.
#[test]
fn a_child_counts_beyond_what_its_parent_brings_in_for_it() {
    let pairs = || "pairs".parse().unwrap();
    let child = |units| draft("child", Side::Sell, units).child_of(key("parent"));
    let cases = [
        (draft("parent", Side::Buy, 10), child(4), units(10, 0)),
        (draft("parent", Side::Buy, 10), child(14), units(10, 4)),
        (draft("parent", Side::Sell, 10), child(4), units(0, 14)),
        (draft("parent", Side::Buy, 10).by_strategy(pairs()), child(4), units(10, 4)),
        (draft("parent", Side::Buy, 10).by_strategy(pairs()), child(4).by_strategy(pairs()), units(10, 0)),
        (OrderDraft { symbol: symbol("MSFT"), ..draft("parent", Side::Buy, 10) }, child(4), units(0, 4)),
    ];
    for (parent, child, expected) in cases {
        let state = book_of(&[parent.clone(), child].map(|it| it.check().unwrap()));
        let open = state.open(&account(), symbol("AAPL"), Supposing::default());
        assert_eq!(open, expected, "beside {parent:?}");
    }
}

#[test]
fn before_a_child_comes_alive_the_position_has_moved_by_its_parents_rest() {
    let (pairs, trend) = ("pairs".parse().unwrap(), "trend".parse().unwrap());
    let moved = |parent: OrderDraft, strategy: Option<&StrategyId>| {
        let child = draft("child", Side::Sell, 4).child_of(key("parent")).check().unwrap();
        let state = book_of(&[parent.check().unwrap()]);
        state.moved_before(&child, Supposing::default(), strategy).unwrap()
    };
    let of_pairs = || draft("parent", Side::Buy, 10).by_strategy("pairs".parse().unwrap());
    assert_eq!(moved(draft("parent", Side::Buy, 10), None), Decimal::TEN);
    assert_eq!(moved(draft("parent", Side::Sell, 10), None), -Decimal::TEN);
    assert_eq!(moved(OrderDraft { symbol: symbol("MSFT"), ..of_pairs() }, None), Decimal::ZERO);
    assert_eq!(moved(OrderDraft { symbol: symbol("MSFT"), ..of_pairs() }, Some(&pairs)), Decimal::ZERO);
    assert_eq!(moved(of_pairs(), None), Decimal::TEN);
    assert_eq!(moved(of_pairs(), Some(&pairs)), Decimal::TEN);
    assert_eq!(moved(of_pairs(), Some(&trend)), Decimal::ZERO);
}

/// Each of them would else take out all that comes in.
#[test]
fn what_a_parent_brings_in_is_taken_out_once_by_all_its_children() {
    let child = |name: &str, units| draft(name, Side::Sell, units).child_of(key("parent"));
    let grouped = |name: &str, units, group: &str| child(name, units).in_group(one_fills(group));
    let cases = [
        (vec![child("a", 10), child("b", 10)], 10, 20),
        (vec![child("a", 4), child("b", 6)], 0, 10),
        (vec![grouped("a", 10, "g"), grouped("b", 8, "g")], 0, 10),
        (vec![grouped("a", 10, "g"), grouped("b", 8, "h"), child("c", 1)], 9, 19),
        (vec![grouped("a", 10, "g"), of_group("b", "g", 4).to_draft()], 10, 10),
    ];
    for (children, beyond, beside_another) in cases {
        let family = [vec![draft("parent", Side::Buy, 10)], children].concat();
        let family: Vec<OrderIntent> = family.into_iter().map(|it| it.check().unwrap()).collect();
        let state = book_of(&family);
        let open = |judged: Option<&OrderIntent>| {
            state.open_beside(&account(), symbol("AAPL"), Supposing::default(), judged)
        };
        assert_eq!(open(None), units(10, beyond), "of {family:?}");
        let another = child("z", 1).check().unwrap();
        assert_eq!(open(Some(&another)), units(0, beside_another), "beside another child of {family:?}");
        let supposed = Supposing { without: None, with: &family };
        assert_eq!(book_of(&[]).open(&account(), symbol("AAPL"), supposed), units(10, beyond));
    }
}

#[test]
fn what_comes_into_another_account_is_no_childs_to_take_out() {
    let elsewhere = OrderDraft { account: AccountId::new("DU2").unwrap(), ..draft("parent", Side::Buy, 10) };
    let child = draft("child", Side::Sell, 4).child_of(key("parent")).check().unwrap();
    let both = [elsewhere.check().unwrap(), child.clone()];
    for (state, with) in [(book_of(&both), &[][..]), (book_of(&[]), &both[..])] {
        let supposing = Supposing { without: None, with };
        assert_eq!(state.open(&account(), symbol("AAPL"), supposing), units(0, 4));
        assert_eq!(state.moved_before(&child, supposing, None), Some(Decimal::ZERO));
    }
}

#[test]
fn the_worst_is_the_larger_of_the_longest_and_the_shortest_position() {
    let cases = [
        (0, 3, 1, 3),
        (0, 1, 3, 3),
        (10, 5, 0, 15),
        (10, 0, 5, 10),
        (10, 0, 25, 15),
        (-10, 0, 5, 15),
        (-10, 5, 0, 10),
        (-10, 25, 0, 15),
    ];
    for (held, buys, sells, worst) in cases {
        assert_eq!(units(buys, sells).worst_of(held.into()), Some(Decimal::from(worst)), "of {held}");
    }
    let unknown = OpenUnits { sells: None, ..OpenUnits::NONE };
    assert_eq!(unknown.worst_of(Decimal::TEN), None);
}

/// A parent for ten that is asked to be for so many, and what it may buy by either wording.
fn changing(to: u32) -> DeskState {
    let parent = draft("parent", Side::Buy, 10);
    let mut state = book_of(&[parent.check().unwrap()]);
    let change = OrderChange::to_quantity(Quantity::new(to.into()).unwrap());
    let accepted = OrderInput::Accepted { perm_id: None, broker_order_id: None };
    for input in [OrderInput::Sent, accepted, OrderInput::ChangeRequested { change }] {
        let entry = JournalEntry::happened(key("parent"), input, Timestamp::EPOCH);
        state.apply(state.last() + 1, &entry).unwrap();
    }
    state
}

/// Nobody knows which of the two holds: what is brought in is counted on for what is sure, and for more where more is worse.
#[test]
fn a_parent_that_is_being_changed_brings_in_the_smaller_of_both_and_may_bring_in_the_larger() {
    for (to, larger, smaller) in [(6, 10, 6), (14, 14, 10)] {
        let mut state = changing(to);
        let child = |name: &str, side, units| draft(name, side, units).child_of(key("parent"));
        let moved = |state: &DeskState, side| {
            let child = child("judged", side, 1).check().unwrap();
            state.moved_before(&child, Supposing::default(), None)
        };
        assert_eq!(moved(&state, Side::Sell), Some(smaller.into()), "an exit takes out of that");
        assert_eq!(moved(&state, Side::Buy), Some(larger.into()), "it comes on top of that");
        let exit = child("exit", Side::Sell, 20).check().unwrap();
        let entry = JournalEntry::intended(exit, Timestamp::EPOCH);
        state.apply(state.last() + 1, &entry).unwrap();
        let open = state.open(&account(), symbol("AAPL"), Supposing::default());
        assert_eq!(open, units(larger, 20 - smaller));
    }
}

#[test]
fn of_several_orders_that_are_supposed_the_parent_is_the_one_of_that_key() {
    let elsewhere = OrderDraft { account: AccountId::new("DU2").unwrap(), ..draft("x", Side::Buy, 50) };
    let child = draft("child", Side::Sell, 20).child_of(key("parent")).check().unwrap();
    for first in [elsewhere, draft("x", Side::Buy, 3)] {
        let with = [first, draft("parent", Side::Buy, 10)].map(|it| it.check().unwrap());
        let supposing = Supposing { without: None, with: &with };
        assert_eq!(book_of(&[]).moved_before(&child, supposing, None), Some(Decimal::TEN));
    }
}

#[test]
fn of_a_group_nobody_knows_the_largest_where_one_is_for_a_sum_of_money() {
    let cash = tradeport_kernel::Money::new(500.into(), tradeport_kernel::Currency::USD);
    let of_cash = OrderDraft { size: cash.into(), ..draft("a", Side::Sell, 1) }.in_group(one_fills("g"));
    let state = book_of(&[of_cash.check().unwrap(), of_group("b", "g", 7)]);
    let open = state.open(&account(), symbol("AAPL"), Supposing::default());
    assert_eq!(open, OpenUnits { sells: None, ..OpenUnits::NONE });
}

//! Every position has the stop that the policy demands, or it is told.

use crate::support::*;
use futures::executor::block_on;
use tradeport_kernel::{Decimal, PermId, SignedQuantity, Timestamp};
use tradeport_orders::{
    BrokerPhase, BrokerStatus, Condition, Conditions, OcaGroup, Order, OrderChange, OrderDraft, OrderInput,
    OrderKind, Side, Threshold,
};
use tradeport_portfolio::{Portfolio, Position};
use tradeport_trading::{CoverGap, ProtectionPolicy, StopDemand, cover_gaps};

fn demanded(stop: StopDemand) -> ProtectionPolicy {
    ProtectionPolicy { stop, ..ProtectionPolicy::default() }
}

fn holding(units: i64) -> Portfolio {
    let quantity = SignedQuantity::new(Decimal::from(units)).unwrap();
    let cash = tradeport_kernel::Money::zero(tradeport_kernel::Currency::USD);
    let position = Position::reported(apple(), quantity, cash, Decimal::ONE, cash);
    Portfolio::reported(account(), cash, vec![position])
}

fn stop_kind() -> OrderKind {
    OrderKind::Stop { stop: "90".parse().unwrap() }
}

fn status(phase: BrokerPhase) -> OrderInput {
    let (filled, perm_id) = (Decimal::ZERO, Some(PermId::new(7)));
    OrderInput::Status { status: BrokerStatus { phase, filled, perm_id, reason: None } }
}

/// A stop to sell, as wanted by `worded`, that the broker holds.
fn stop(name: &str, units: u32, worded: impl Fn(OrderDraft) -> OrderDraft) -> Order {
    let draft = OrderDraft { side: Side::Sell, kind: stop_kind(), ..buy(name, units).to_draft() };
    let mut order = Order::open(worded(draft).check().unwrap(), tradeport_kernel::Timestamp::EPOCH);
    order.apply(&OrderInput::Sent, tradeport_kernel::Timestamp::EPOCH);
    order.apply(&status(BrokerPhase::Held), tradeport_kernel::Timestamp::EPOCH);
    order
}

fn after(mut order: Order, inputs: &[OrderInput]) -> Order {
    for input in inputs {
        order.apply(input, tradeport_kernel::Timestamp::EPOCH);
    }
    order
}

/// How much of 100 is covered, `None` when all of it is.
fn covered(stop: StopDemand, live: &[Order]) -> Option<Decimal> {
    let gaps = cover_gaps(&demanded(stop), &holding(100), live, Timestamp::EPOCH);
    assert!(gaps.len() <= 1);
    gaps.first().map(|gap| gap.covered)
}

fn plain(draft: OrderDraft) -> OrderDraft {
    draft
}

#[test]
fn a_stop_for_all_of_it_covers_and_one_for_a_part_covers_that_part() {
    let some = |units: i64| Some(Decimal::from(units));
    assert_eq!(covered(StopDemand::Market, &[]), some(0));
    assert_eq!(covered(StopDemand::Market, &[stop("a", 40, plain)]), some(40));
    assert_eq!(covered(StopDemand::Market, &[stop("a", 40, plain), stop("b", 60, plain)]), None);
    assert_eq!(covered(StopDemand::Market, &[stop("a", 140, plain)]), some(140), "more than is held");
    assert_eq!(covered(StopDemand::Off, &[]), None, "nothing is demanded");
    let except = ProtectionPolicy { except: [apple()].into(), ..demanded(StopDemand::Any) };
    assert_eq!(cover_gaps(&except, &holding(100), [], Timestamp::EPOCH), []);
    assert_eq!(cover_gaps(&demanded(StopDemand::Any), &holding(0), [], Timestamp::EPOCH), []);
}

#[test]
fn what_may_not_be_there_or_does_not_act_is_no_cover() {
    use StopDemand::{Any, Market};
    let none = Some(Decimal::ZERO);
    let unknown = after(
        Order::open(stop("a", 100, plain).intent().clone(), tradeport_kernel::Timestamp::EPOCH),
        &[OrderInput::Sent, OrderInput::LinkLost],
    );
    assert_eq!(covered(Any, &[unknown]), none, "nobody knows whether it is there");
    let cancel = OrderInput::CancelRequested { tag: Default::default() };
    assert_eq!(covered(Any, &[after(stop("a", 100, plain), &[cancel])]), none, "it is going");
    let limit = |draft: OrderDraft| OrderDraft { kind: limit("120"), ..draft };
    assert_eq!(covered(Any, &[stop("a", 100, limit)]), none, "a limit protects nothing");
    let buys = |draft: OrderDraft| OrderDraft { side: Side::Buy, ..draft };
    assert_eq!(covered(Any, &[stop("a", 100, buys)]), none, "it would make the position larger");
    let child = |draft: OrderDraft| draft.child_of(key("entry"));
    let entry = stop("entry", 100, |draft| OrderDraft { kind: OrderKind::Market, side: Side::Buy, ..draft });
    assert_eq!(covered(Any, &[stop("a", 100, child), entry]), none, "it waits for its parent");
    assert_eq!(covered(Any, &[stop("a", 100, child)]), None, "its parent has filled");
    let late = Condition::Margin { side: Threshold::Below, percent: 30 };
    let waits = |draft: OrderDraft| draft.under(Conditions::when(late.clone()));
    assert_eq!(covered(Any, &[stop("a", 100, waits)]), none, "it waits for something else");
    let price = |text: &str| text.parse().unwrap();
    let limited = |draft: OrderDraft| OrderDraft {
        kind: OrderKind::StopLimit { stop: price("90"), limit: price("89") },
        ..draft
    };
    assert_eq!(covered(Market, &[stop("a", 100, limited)]), none, "the price may jump over it");
    assert_eq!(covered(Any, &[stop("a", 100, limited)]), None);
}

#[test]
fn orders_that_cancel_one_another_and_changes_under_way_count_at_their_least() {
    let some = |units: i64| Some(Decimal::from(units));
    let grouped = |draft: OrderDraft| draft.in_group(OcaGroup::new(key("group")));
    let two = [stop("a", 60, grouped), stop("b", 40, grouped)];
    assert_eq!(covered(StopDemand::Any, &two), some(60));
    let smaller = OrderChange::to_quantity("30".parse().unwrap());
    let larger = OrderChange::to_quantity("300".parse().unwrap());
    for (change, wanted) in [(smaller, some(30)), (larger, None)] {
        let changing = after(stop("a", 100, plain), &[OrderInput::ChangeRequested { change }]);
        assert_eq!(covered(StopDemand::Any, &[changing]), wanted);
    }
}

#[test]
fn a_short_position_is_covered_by_buying() {
    let buys = |draft: OrderDraft| OrderDraft { side: Side::Buy, ..draft };
    let gaps =
        |live: &[Order]| cover_gaps(&demanded(StopDemand::Market), &holding(-100), live, Timestamp::EPOCH);
    assert_eq!(gaps(&[stop("a", 100, buys)]), []);
    let gap = gaps(&[stop("a", 100, plain)]);
    assert!(
        matches!(&gap[..], [CoverGap { held, covered, .. }] if *held == Decimal::from(-100) && covered.is_zero())
    );
    assert!(gap[0].to_string().contains("place one for the rest"));
}

/// The entry fills 40 of 100 and its rest is cancelled: the stop for 100 would sell 60 that are not there.
#[test]
fn scenario_ord_23_a_stop_for_more_than_its_entry_filled_is_told() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("entry", 100)).await.unwrap();
        let draft = OrderDraft { side: Side::Sell, kind: stop_kind(), ..buy("stop", 100).to_draft() };
        desk.submit(draft.check().unwrap()).await.unwrap();
        let news = |name: &str, news| house.broker.say(Some(name), news);
        news("entry", tradeport_orders::BrokerNews::Executed(execution("x", Some("entry"), 40)));
        let gone = BrokerStatus {
            phase: BrokerPhase::Cancelled,
            filled: Decimal::from(40),
            perm_id: None,
            reason: None,
        };
        news("entry", tradeport_orders::BrokerNews::Status(gone));
        desk.pump().await.unwrap();
        let gaps = desk.cover_gaps(&demanded(StopDemand::Market)).await;
        assert_eq!(gaps.len(), 1);
        assert_eq!((gaps[0].held, gaps[0].covered), (Decimal::from(40), Decimal::from(100)));
        assert!(gaps[0].to_string().contains("more than there is to protect"));
        desk.change(&key("stop"), OrderChange::to_quantity(quantity(40))).await.unwrap();
        assert_eq!(desk.cover_gaps(&demanded(StopDemand::Market)).await, []);
        assert_eq!(desk.cover_gaps(&ProtectionPolicy::default()).await, [], "off unless it is demanded");
    });
}

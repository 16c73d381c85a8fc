//! Orders that the broker's lists show no more: they tell of a day or a week, so that is no proof of what became of one.

use crate::support::{House, apple, buy, held_by_broker, key};
use futures::executor::block_on;
use tradeport_kernel::{Currency, Decimal, Money, SignedQuantity};
use tradeport_orders::{
    BrokerNews, BrokerPhase, BrokerStatus, CancelError, CancelTag, OrderDraft, OrderInput, OrderKind,
    OrderState, Side,
};
use tradeport_portfolio::Position;
use tradeport_risk::{PolicyDraft, RiskVerdict};
use tradeport_trading::reconciliation::{Cause, Patience};
use tradeport_trading::{DeskError, OrderDesk, ProtectionPolicy, StopDemand};

/// A desk that holds 10, and whose stop for them has ended while nobody was connected.
async fn without_a_trace() -> (House, OrderDesk) {
    let house = House::new();
    let cash = Money::zero(Currency::USD);
    let ten = SignedQuantity::new(Decimal::TEN).unwrap();
    house.broker.script(|script| {
        script.positions = vec![Position::reported(apple(), ten, cash, Decimal::ONE, cash)];
    });
    let desk = house.desk().await;
    let kind = OrderKind::Stop { stop: "80".parse().unwrap() };
    let stop = OrderDraft { side: Side::Sell, kind, ..buy("s", 10).to_draft() };
    desk.submit(stop.check().unwrap()).await.unwrap();
    desk.resume().await.unwrap();
    desk.reconcile(Some(Patience::NONE)).await.unwrap();
    (house, desk)
}

async fn breaks(desk: &OrderDesk) -> Vec<(Cause, String)> {
    desk.breaks().await.iter().map(|it| (it.cause(), it.id().to_owned())).collect()
}

async fn bare(desk: &OrderDesk) -> Vec<Decimal> {
    let policy = ProtectionPolicy { stop: StopDemand::Market, ..ProtectionPolicy::default() };
    desk.cover_gaps(&policy).await.iter().map(|gap| gap.bare).collect()
}

#[test]
fn what_a_person_knows_to_be_gone_counts_no_more() {
    block_on(async {
        let (house, desk) = without_a_trace().await;
        let found = breaks(&desk).await;
        assert_eq!(found.iter().map(|(cause, _)| *cause).collect::<Vec<_>>(), [Cause::GoneThere]);
        house
            .broker
            .script(|script| script.cancel_answers.push_back(Err(CancelError::NoSuchOrder(key("s")))));
        let cancelled = desk.cancel(&key("s"), CancelTag::default()).await;
        assert!(matches!(cancelled, Err(DeskError::Cancel(_))), "{cancelled:?}");
        assert_eq!((desk.live_orders().await.len(), bare(&desk).await), (1, vec![]), "nobody knows");
        desk.solve_break(&found[0].1, "me", "it expired on Friday").await.unwrap();
        for desk in [desk, house.desk().await] {
            let order = desk.order(&key("s")).await.unwrap();
            let reason = "given up by me: it expired on Friday";
            assert_eq!((order.state(), order.reason()), (OrderState::Cancelled, Some(reason)));
            assert_eq!(desk.live_orders().await.len(), 0);
            assert_eq!(bare(&desk).await, [Decimal::TEN], "nothing protects what is held");
            desk.reconcile(Some(Patience::NONE)).await.unwrap();
            assert_eq!(breaks(&desk).await, []);
        }
        let inputs = house.inputs("s").await;
        assert!(matches!(inputs.last(), Some(OrderInput::GivenUp { by, .. }) if by == "me"), "{inputs:?}");
        // Should it be there after all, the broker's word is stronger: it counts, protects, and can be cancelled.
        let shown =
            tradeport_orders::BrokerOrder { side: Side::Sell, ..held_by_broker("s", BrokerPhase::Working) };
        house.broker.script(|script| script.open = vec![shown]);
        let desk = house.desk().await;
        for desk in [desk, house.desk().await] {
            let live: Vec<_> = desk.live_orders().await.iter().map(|it| it.state()).collect();
            assert_eq!((live, bare(&desk).await), (vec![OrderState::Working], vec![]));
            assert_eq!(breaks(&desk).await, []);
        }
    });
}

/// What it has counted may be bought all the same: no execution has told it, and nobody can say that it is held.
#[test]
fn what_the_broker_has_counted_of_an_order_that_is_given_up_counts_on() {
    block_on(async {
        let house = House::new();
        let limits = PolicyDraft { max_position_quantity: Some(50.into()), ..PolicyDraft::default() };
        let desk = house.desk_under(limits).await;
        desk.submit(buy("a", 40)).await.unwrap();
        desk.resume().await.unwrap();
        let counted = BrokerStatus { filled: 10.into(), ..held_by_broker("a", BrokerPhase::Working).status };
        house.broker.say(Some("a"), BrokerNews::Status(counted));
        desk.pump().await.unwrap();
        desk.reconcile(Some(Patience::NONE)).await.unwrap();
        let found = breaks(&desk).await.into_iter().find(|(cause, _)| *cause == Cause::GoneThere);
        desk.solve_break(&found.unwrap().1, "me", "it was cancelled on Friday").await.unwrap();
        assert_eq!(desk.live_orders().await.len(), 0);
        let may_buy = async |units| {
            let verdict = desk.preview(buy("look", units)).await.unwrap().verdict;
            matches!(verdict, RiskVerdict::Approved { .. })
        };
        assert_eq!((may_buy(40).await, may_buy(41).await), (true, false));
    });
}

#[test]
fn an_order_that_the_broker_has_told_of_since_is_not_given_up() {
    block_on(async {
        let (house, desk) = without_a_trace().await;
        let found = breaks(&desk).await;
        let filled = held_by_broker("s", BrokerPhase::Cancelled).status;
        house.broker.say(Some("s"), tradeport_orders::BrokerNews::Status(filled));
        desk.pump().await.unwrap();
        desk.solve_break(&found[0].1, "me", "gone").await.unwrap();
        assert_eq!(desk.order(&key("s")).await.unwrap().reason(), None, "by the broker's word");
        assert!(desk.solve_break("none", "me", "gone").await.is_err());
    });
}

#[test]
fn a_person_may_be_wrong_and_is_asked_again() {
    block_on(async {
        let (house, desk) = without_a_trace().await;
        let found = breaks(&desk).await;
        desk.solve_break(&found[0].1, "me", "it expired on Friday").await.unwrap();
        // A status comes before any list.
        let works = held_by_broker("s", BrokerPhase::Working).status;
        house.broker.say(Some("s"), tradeport_orders::BrokerNews::Status(works));
        desk.pump().await.unwrap();
        desk.cancel(&key("s"), CancelTag::default()).await.unwrap();
        assert_eq!(house.broker.script(|script| script.cancels.len()), 1, "it can be cancelled");
        // It is in no list again: the word of before does not hold for what has lived since.
        let refused = tradeport_orders::BrokerNews::Status(tradeport_orders::BrokerStatus {
            phase: BrokerPhase::CancelPending,
            ..held_by_broker("s", BrokerPhase::Working).status
        });
        house.broker.say(Some("s"), refused);
        desk.reconcile(Some(Patience::NONE)).await.unwrap();
        let again = breaks(&desk).await;
        assert_eq!(again.iter().map(|(cause, _)| *cause).collect::<Vec<_>>(), [Cause::GoneThere]);
        desk.solve_break(&again[0].1, "me", "it is really gone").await.unwrap();
        desk.reconcile(Some(Patience::NONE)).await.unwrap();
        assert_eq!((desk.live_orders().await.len(), breaks(&desk).await), (0, vec![]));
    });
}

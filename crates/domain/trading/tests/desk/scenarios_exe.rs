//! Executions and orders that are not ours, or not what they seem, at the desk.

use crate::support::*;
use futures::FutureExt;
use futures::channel::oneshot;
use futures::executor::block_on;
use std::time::Duration;
use tradeport_kernel::{BrokerOrderId, Currency, Decimal, Money, PermId, SignedQuantity};
use tradeport_orders::{
    BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, CancelTag, Commission, Execution, ExecutionId,
    GatewayError, OrderState, PlacedBy, Side,
};
use tradeport_portfolio::Position;
use tradeport_risk::Rule;
use tradeport_trading::reconciliation::{Break, Cause, Origin, Patience};
use tradeport_trading::{DeskError, ORDERS_TENDED_EVERY, OrderDesk};

fn held(units: i64) -> Position {
    let nothing = Money::zero(Currency::USD);
    let quantity = SignedQuantity::new(units.into()).unwrap();
    Position::reported(apple(), quantity, nothing, Decimal::ONE, nothing)
}

async fn holds(desk: &OrderDesk) -> Decimal {
    let portfolio = desk.portfolio(&account()).await.unwrap();
    portfolio.position(apple()).map_or(Decimal::ZERO, |it| it.quantity().as_decimal())
}

/// An order of a person at the window of the broker's program, under a durable number and perhaps another.
fn by_hand(perm_id: i64, number: Option<i64>) -> BrokerOrder {
    let status = BrokerStatus {
        phase: BrokerPhase::Working,
        filled: Decimal::ZERO,
        perm_id: Some(PermId::new(perm_id)),
        reason: None,
    };
    BrokerOrder {
        key: None,
        perm_id: Some(PermId::new(perm_id)),
        broker_order_id: number.map(BrokerOrderId::new),
        status,
        placed_by: Some(PlacedBy::Hand),
        ..held_by_broker("nobody", BrokerPhase::Working)
    }
}

#[test]
fn scenario_oid_10_an_order_by_hand_is_known_by_its_durable_number_and_cancelled_by_nobody_here() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        house.broker.script(|script| {
            script.open =
                vec![held_by_broker("a", BrokerPhase::Working), by_hand(20, None), by_hand(21, None)];
        });
        let reconciled = desk.reconcile(Some(Patience::NONE)).await.unwrap();
        let shown: Vec<_> =
            reconciled.others.iter().map(|it| (it.perm_id.unwrap().number(), it.origin)).collect();
        assert_eq!(shown, [(20, Origin::ByHand), (21, Origin::ByHand)], "without numbers, and two of them");
        let answer = desk.cancel(&key("20"), CancelTag::default()).await;
        let by_hand = matches!(&answer, Err(DeskError::NotOurs { origin: Origin::ByHand, .. }));
        assert!(by_hand, "{answer:?}");
        let words = answer.unwrap_err().to_string();
        assert!(
            words.starts_with("20 is an order of others at the broker (by hand: buy 10 AAPL)"),
            "{words}"
        );
        let answer = desk.cancel(&key("22"), CancelTag::default()).await;
        assert!(matches!(&answer, Err(DeskError::UnknownOrder(it)) if *it == key("22")), "{answer:?}");
        let asked = desk.cancel_all(None, CancelTag::default()).await.unwrap();
        assert_eq!(asked.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["a"], "ours alone");
        assert_eq!(house.broker.script(|script| script.cancels.clone()), [key("a")]);
    });
}

#[test]
fn scenario_oid_11_an_order_by_hand_that_gets_a_number_stays_the_same_order() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let mut shown = Vec::new();
        for number in [None, Some(-3), Some(-4)] {
            house.broker.script(|script| script.open = vec![by_hand(20, number)]);
            shown.push(desk.reconcile(Some(Patience::NONE)).await.unwrap().others);
            assert_eq!(desk.breaks().await.iter().map(Break::cause).collect::<Vec<_>>(), []);
        }
        assert!(shown.iter().all(|it| it.len() == 1 && *it == shown[0]), "{shown:?}");
        assert_eq!(desk.orders().await.len(), 0, "and never ours");
    });
}

#[test]
fn scenario_exe_06_an_execution_told_under_four_numbers_is_a_break_and_blocks_the_contract() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        // One trade of 2, told four times; the broker's own count and its position know of one.
        let told: Vec<_> = ["w", "x", "y", "z"].iter().map(|root| execution(root, Some("a"), 2)).collect();
        for it in &told {
            house.broker.say(Some("a"), BrokerNews::Executed(it.clone()));
        }
        desk.pump().await.unwrap();
        let status = BrokerStatus { filled: 2.into(), ..held_by_broker("a", BrokerPhase::Working).status };
        house.broker.script(|script| {
            script.open = vec![BrokerOrder { status, ..held_by_broker("a", BrokerPhase::Working) }];
            script.executions = told.clone();
            script.positions = vec![held(2)];
        });
        desk.reconcile(None).await.unwrap();
        house.clock.advance(Duration::from_secs(61));
        desk.reconcile(None).await.unwrap();
        let causes: Vec<_> = desk.breaks().await.iter().map(Break::cause).collect();
        assert_eq!(causes, [Cause::FilledLessThere, Cause::PositionMoved]);
        assert_eq!(holds(&desk).await, 2.into(), "the account counts as the broker reports it");
        house.quote(&desk);
        let refused = desk.submit(buy("b", 1)).await.unwrap().refusal.unwrap();
        assert_eq!(refused.rule, Rule::UnsolvedBreak, "what is left of the order is not known");
        assert_eq!(sent(&house.broker), 1, "nothing is traded against it");
        // The order trades the rest: the broker's count and ours end up apart, and a person has the break of it.
        let rest = execution("last", Some("a"), 8);
        house.broker.say(Some("a"), BrokerNews::Executed(rest.clone()));
        house.broker.script(|script| {
            script.open.clear();
            script.executions.push(rest);
            script.positions = vec![held(10)];
        });
        desk.reconcile(Some(Patience::NONE)).await.unwrap();
        assert_eq!(holds(&desk).await, 10.into());
        let causes: Vec<_> = desk.breaks().await.iter().map(Break::cause).collect();
        assert!(causes.contains(&Cause::Overfilled), "{causes:?}");
    });
}

/// The broker says that so much of `a` has traded.
fn counted(house: &House, units: u32) {
    let status = BrokerStatus { filled: units.into(), ..held_by_broker("a", BrokerPhase::Working).status };
    house.broker.say(Some("a"), BrokerNews::Status(status));
}

/// A desk whose order `a` of ten units works.
async fn working(house: &House) -> OrderDesk {
    let desk = house.desk().await;
    desk.submit(buy("a", 10)).await.unwrap();
    desk
}

#[test]
fn scenario_exe_06_an_execution_that_is_counted_and_not_told_is_asked_for_within_seconds() {
    block_on(async {
        let house = House::new();
        let desk = working(&house).await;
        counted(&house, 4);
        desk.pump().await.unwrap();
        house.broker.script(|script| script.executions = vec![execution("x", Some("a"), 4)]);
        let opened = house.broker.script(|script| script.readings);
        house.clock.advance(Duration::from_millis(2_900));
        desk.tend().await;
        assert_eq!(house.broker.script(|script| script.readings), opened, "it may still come by itself");
        house.clock.advance(Duration::from_millis(100));
        desk.tend().await;
        assert_eq!(house.broker.script(|script| script.readings), opened + 1);
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), 4.into());
        assert_eq!(holds(&desk).await, 4.into());
        house.clock.advance(Duration::from_secs(600));
        desk.tend().await;
        assert_eq!(house.broker.script(|script| script.readings), opened + 1, "nothing is missing any more");
    });
}

#[test]
fn scenario_exe_06_an_execution_that_follows_its_status_is_not_asked_for() {
    block_on(async {
        let house = House::new();
        let desk = working(&house).await;
        let opened = house.broker.script(|script| script.readings);
        for (units, root) in [(4, "x"), (8, "y")] {
            counted(&house, units);
            desk.pump().await.unwrap();
            house.clock.advance(Duration::from_secs(2));
            house.broker.say(Some("a"), BrokerNews::Executed(execution(root, Some("a"), 4)));
            desk.pump().await.unwrap();
            house.clock.advance(Duration::from_secs(2));
            desk.tend().await;
        }
        assert_eq!(house.broker.script(|script| script.readings), opened);
    });
}

#[test]
fn scenario_exe_06_what_nobody_tells_is_asked_for_a_few_times_and_is_a_break() {
    block_on(async {
        let house = House::new();
        let desk = working(&house).await;
        let opened = house.broker.script(|script| script.readings);
        counted(&house, 4);
        desk.pump().await.unwrap();
        let mut asked_at = Vec::new();
        for second in 1..600 {
            house.clock.advance(Duration::from_secs(1));
            let before = house.broker.script(|script| script.readings);
            desk.tend().await;
            if house.broker.script(|script| script.readings) > before {
                asked_at.push(second);
            }
        }
        assert_eq!(asked_at, [3, 9, 21, 45, 93], "later each time, and no more than that");
        assert_eq!(house.broker.script(|script| script.readings), opened + 5);
        let breaks = desk.breaks().await;
        assert_eq!(breaks.iter().map(Break::cause).collect::<Vec<_>>(), [Cause::ExecutionMissing]);
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), Decimal::ZERO, "nothing is made up");
        // More is lost: that is another loss.
        counted(&house, 6);
        desk.pump().await.unwrap();
        house.broker.script(|script| {
            script.executions = vec![execution("x", Some("a"), 4), execution("y", Some("a"), 2)];
        });
        house.clock.advance(Duration::from_secs(3));
        desk.tend().await;
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), 6.into());
        assert_eq!(desk.breaks().await, [], "it is solved by what came");
    });
}

#[test]
fn scenario_exe_06_a_broker_that_repeats_itself_puts_nothing_off_and_is_asked_no_oftener() {
    block_on(async {
        let house = House::new();
        let desk = working(&house).await;
        let mut asked_at = Vec::new();
        for second in 0..300 {
            // Two at first, four from the second on: what is said of them meanwhile is the same each second.
            counted(&house, if second < 2 { 2 } else { 4 });
            desk.pump().await.unwrap();
            let before = house.broker.script(|script| script.readings);
            desk.tend().await;
            if house.broker.script(|script| script.readings) > before {
                asked_at.push(second);
            }
            house.clock.advance(Duration::from_secs(1));
        }
        assert_eq!(asked_at, [3, 9, 21, 45, 93]);
    });
}

#[test]
fn scenario_exe_06_orders_are_looked_after_all_the_while_until_the_stop() {
    block_on(async {
        let house = House::new();
        let desk = working(&house).await;
        let (stop, stopped) = oneshot::channel::<()>();
        let mut tends = desk.tend_orders(stopped.map(drop)).boxed();
        assert!(futures::poll!(&mut tends).is_pending());
        counted(&house, 4);
        desk.pump().await.unwrap();
        house.broker.script(|script| script.executions = vec![execution("x", Some("a"), 4)]);
        let mut looks = 0;
        while desk.order(&key("a")).await.unwrap().filled().is_zero() {
            house.clock.advance(ORDERS_TENDED_EVERY);
            assert!(futures::poll!(&mut tends).is_pending());
            looks += 1;
            assert!(looks <= 6, "three seconds");
        }
        assert_eq!(looks, 6);
        stop.send(()).unwrap();
        assert!(futures::poll!(&mut tends).is_ready());
    });
}

#[test]
fn scenario_exe_06_while_the_broker_does_not_answer_it_is_asked_again() {
    block_on(async {
        let house = House::new();
        let desk = working(&house).await;
        counted(&house, 10);
        desk.pump().await.unwrap();
        house.broker.script(|script| {
            script.executions = vec![execution("x", Some("a"), 10)];
            script.executions_refused = true;
        });
        house.clock.advance(Duration::from_secs(3));
        desk.tend().await;
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), Decimal::ZERO);
        house.broker.script(|script| script.executions_refused = false);
        house.clock.advance(Duration::from_secs(6));
        desk.tend().await;
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Filled);
    });
}

#[test]
fn scenario_exe_09_a_cost_that_comes_before_an_execution_that_is_asked_for_moves_the_cash_once() {
    block_on(async {
        let house = House::new();
        let desk = working(&house).await;
        let before = desk.portfolio(&account()).await.unwrap().cash();
        let trade = execution("x", Some("a"), 4);
        counted(&house, 4);
        let amount = Money::new("1.25".parse().unwrap(), Currency::USD);
        let cost = tradeport_orders::Commission { execution: trade.id.clone(), amount };
        house.broker.say(Some("a"), BrokerNews::Charged(cost.clone()));
        desk.pump().await.unwrap();
        house.broker.script(|script| script.executions = vec![trade]);
        house.clock.advance(Duration::from_secs(3));
        desk.tend().await;
        house.broker.say(Some("a"), BrokerNews::Charged(cost));
        desk.pump().await.unwrap();
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!(order.commissions().collect::<Vec<_>>(), [amount]);
        let cash = desk.portfolio(&account()).await.unwrap().cash();
        assert_eq!(before.minus(cash).unwrap().amount(), "401.25".parse().unwrap(), "4 at 100, and the cost");
    });
}

#[test]
fn scenario_exe_13_executions_that_are_refused_are_not_none() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        house.broker.say(Some("a"), BrokerNews::Executed(execution("x", Some("a"), 4)));
        desk.pump().await.unwrap();
        let written = house.written("a").await.len();
        house.broker.script(|script| {
            script.executions_refused = true;
            script.open = vec![held_by_broker("a", BrokerPhase::Working)];
        });
        let failed = desk.resume().await.unwrap_err();
        assert!(matches!(failed, DeskError::Gateway(GatewayError::Unavailable(_))), "{failed:?}");
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!((order.state(), order.filled()), (OrderState::Working, 4.into()), "as it was");
        assert_eq!((house.written("a").await.len(), holds(&desk).await), (written, 4.into()));
        drop(desk);
        assert!(house.try_desk().await.is_err(), "a start that was not told of executions is none");
        house.broker.script(|script| script.executions_refused = false);
        assert!(house.try_desk().await.is_ok());
    });
}

#[test]
fn scenario_exe_17_what_others_trade_moves_the_position_and_makes_no_order_of_ours() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        // A person at the window, and another client with its own reference.
        let others = [execution("hand", None, 3), execution("client", Some("theirs"), 5)];
        for it in &others {
            house.broker.say(it.key.as_ref().map(|it| it.as_str()), BrokerNews::Executed(it.clone()));
        }
        desk.pump().await.unwrap();
        assert_eq!(holds(&desk).await, 8.into());
        assert_eq!(desk.orders().await.len(), 1, "ours alone");
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), Decimal::ZERO);
        // Told again by the lists of the next look and of the next process, they count once.
        house.broker.script(|script| {
            script.open = vec![held_by_broker("a", BrokerPhase::Working)];
            script.executions = others.to_vec();
            script.positions = vec![held(8)];
        });
        desk.reconcile(Some(Patience::NONE)).await.unwrap();
        assert_eq!((holds(&desk).await, desk.breaks().await.len()), (8.into(), 0));
        drop(desk);
        let desk = house.desk().await;
        assert_eq!((holds(&desk).await, desk.breaks().await.len()), (8.into(), 0));
        assert_eq!(desk.orders().await.len(), 1);
    });
}

/// The broker of these tests has the same cash, whatever trades.
fn is_of_cash(breaks: &[Break]) -> bool {
    breaks.iter().all(|it| it.cause() == Cause::CashMoved)
}

/// Two programs may use one key; what the broker tells under it moves whatever account it names.
#[test]
fn what_trades_under_a_key_of_ours_on_other_terms_moves_its_account_and_no_order() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        let sold = Execution { side: Side::Sell, ..execution("x", Some("a"), 4) };
        let cost = Money::new(Decimal::ONE, Currency::USD);
        let charged = Commission { execution: sold.id.clone(), amount: cost };
        for _ in 0..2 {
            house.broker.say(Some("a"), BrokerNews::Executed(sold.clone()));
            house.broker.say(Some("a"), BrokerNews::Charged(charged.clone()));
            desk.pump().await.unwrap();
        }
        let corrected = Execution { quantity: quantity(5), id: ExecutionId::new("x", 2), ..sold };
        house.broker.say(Some("a"), BrokerNews::Executed(corrected.clone()));
        desk.pump().await.unwrap();
        assert_eq!(holds(&desk).await, (-5).into());
        let cash = desk.portfolio(&account()).await.unwrap().cash().amount();
        assert_eq!(cash, 100_499.into(), "5 sold at 100, for one");
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), Decimal::ZERO, "it is none of its own");
        house.broker.script(|script| {
            script.open = vec![held_by_broker("a", BrokerPhase::Working)];
            script.executions = vec![corrected];
            script.positions = vec![held(-5)];
        });
        desk.reconcile(Some(Patience::NONE)).await.unwrap();
        assert!(is_of_cash(&desk.breaks().await), "the position was told");
        drop(desk);
        let desk = house.desk().await;
        assert!(holds(&desk).await == (-5).into() && is_of_cash(&desk.breaks().await), "nor after a restart");
    });
}

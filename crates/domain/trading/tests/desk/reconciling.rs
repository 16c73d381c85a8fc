//! Reconciliation by the desk: what is found, what it holds back, and what it leaves alone.

use crate::support::{House, account, apple, buy, execution, held_by_broker, key, quantity, sent, unknown};
use futures::FutureExt;
use futures::executor::block_on;
use std::time::Duration;
use tradeport_conformance::mocks::MockAccountFeed;
use tradeport_kernel::{
    AccountId, Currency, Decimal, Money, PermId, SignedQuantity, Snapshot, Symbol, Timestamp,
};
use tradeport_orders::{
    BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, Commission, Execution, OrderInput, OrderState,
    PlacedBy, Side,
};
use tradeport_portfolio::{AccountFeed, AccountFeedError, Position};
use tradeport_risk::Rule;
use tradeport_trading::reconciliation::{Cause, Origin, Patience};
use tradeport_trading::{DeskPorts, OrderDesk};

fn held_of(symbol: Symbol, units: i64) -> Position {
    let quantity = SignedQuantity::new(units.into()).unwrap();
    let nothing = Money::zero(Currency::USD);
    Position::reported(symbol, quantity, nothing, Decimal::ONE, nothing)
}

fn held(units: i64) -> Position {
    held_of(apple(), units)
}

fn status(phase: BrokerPhase, number: i64, filled: u32) -> BrokerStatus {
    BrokerStatus { phase, filled: filled.into(), perm_id: Some(PermId::new(number)), reason: None }
}

fn shown(name: &str, number: i64) -> BrokerOrder {
    BrokerOrder {
        perm_id: PermId::new(number),
        status: status(BrokerPhase::Working, number, 0),
        ..held_by_broker(name, BrokerPhase::Working)
    }
}

async fn causes(desk: &OrderDesk) -> Vec<Cause> {
    desk.breaks().await.iter().map(tradeport_trading::reconciliation::Break::cause).collect()
}

async fn look(desk: &OrderDesk) -> Vec<Cause> {
    desk.reconcile(Some(Patience::NONE)).await.unwrap();
    causes(desk).await
}

/// An order of 10 that works under number 7, and a broker that says so.
async fn working() -> (House, OrderDesk) {
    let house = House::new();
    let desk = house.desk().await;
    desk.submit(buy("a", 10)).await.unwrap();
    house.broker.say(Some("a"), BrokerNews::Status(status(BrokerPhase::Working, 7, 0)));
    desk.pump().await.unwrap();
    house.broker.script(|script| script.open = vec![shown("a", 7)]);
    (house, desk)
}

#[test]
fn scenario_oid_09_two_live_orders_under_one_number_count_both_until_each_is_proven_dead() {
    block_on(async {
        let (house, desk) = working().await;
        assert_eq!(look(&desk).await, []);
        // A change in bad connectivity left the old one alive beside the new one.
        house.broker.say(Some("a"), BrokerNews::Status(status(BrokerPhase::Working, 8, 0)));
        desk.pump().await.unwrap();
        assert_eq!(causes(&desk).await, [Cause::SeveralOrders], "at once, not at the next look");
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!(order.open_quantity(), Some(20.into()), "both may trade");
        let audited = house.audited().await;
        assert!(
            audited.iter().any(|line| line.starts_with("several orders under one key order a")),
            "{audited:?}"
        );
        let refused = desk.submit(buy("b", 1)).await.unwrap().refusal.unwrap();
        assert_eq!(refused.rule, Rule::UnsolvedBreak, "nothing more of the contract");

        // One of them trades, and the other is cancelled: money of either counts, and an end ends one of them.
        let first = Execution { perm_id: PermId::new(8), ..execution("x", Some("a"), 4) };
        house.broker.say(Some("a"), BrokerNews::Executed(first));
        house.broker.say(Some("a"), BrokerNews::Status(status(BrokerPhase::Cancelled, 7, 0)));
        desk.pump().await.unwrap();
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!((order.state(), order.filled()), (OrderState::Working, 4.into()), "the other one lives");
        assert_eq!((order.perm_id(), order.open_quantity()), (Some(PermId::new(8)), Some(6.into())));
        assert_eq!(causes(&desk).await, [Cause::SeveralOrders], "until a whole answer shows it gone");
        house.broker.script(|script| {
            script.open = vec![shown("a", 8)];
            script.positions = vec![held(4)];
            script.executions = vec![Execution { perm_id: PermId::new(8), ..execution("x", Some("a"), 4) }];
        });
        assert_eq!(look(&desk).await, []);
        assert!(desk.submit(buy("c", 1)).await.unwrap().refusal.is_none());
        let last = Execution { perm_id: PermId::new(8), ..execution("y", Some("a"), 6) };
        house.broker.say(Some("a"), BrokerNews::Executed(last));
        desk.pump().await.unwrap();
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Filled);
    });
}

#[test]
fn scenario_oid_09_the_brokers_list_alone_shows_two_orders_after_a_restart() {
    block_on(async {
        let (house, desk) = working().await;
        drop(desk);
        house.broker.script(|script| script.open.push(shown("a", 8)));
        let desk = house.desk().await;
        assert_eq!(causes(&desk).await, [Cause::SeveralOrders]);
        assert_eq!(desk.order(&key("a")).await.unwrap().open_quantity(), Some(20.into()));
        // One of them is gone from every list by the next epoch: whole snapshots prove it.
        house.broker.script(|script| script.open.retain(|it| it.perm_id == PermId::new(8)));
        desk.resume().await.unwrap();
        assert_eq!(causes(&desk).await, []);
        assert_eq!(desk.order(&key("a")).await.unwrap().open_quantity(), Some(10.into()));
    });
}

#[test]
fn scenario_exe_14_more_than_was_ordered_blocks_the_contract_until_a_person_ends_it() {
    block_on(async {
        let (house, desk) = working().await;
        for (root, units) in [("x", 10), ("y", 1)] {
            house.broker.say(Some("a"), BrokerNews::Executed(execution(root, Some("a"), units)));
        }
        desk.pump().await.unwrap();
        assert_eq!(
            desk.portfolio(&account()).await.unwrap().position(apple()).unwrap().quantity().as_decimal(),
            11.into()
        );
        let refused = desk.submit(buy("b", 1)).await.unwrap().refusal.unwrap();
        assert_eq!(refused.rule, Rule::UnsolvedBreak, "{refused}");
        house.broker.script(|script| {
            script.open.clear();
            script.positions = vec![held(11)];
            script.executions = vec![execution("x", Some("a"), 10), execution("y", Some("a"), 1)];
        });
        assert_eq!(look(&desk).await, [Cause::Overfilled], "no answer of the broker ends it");
        drop(desk);
        let desk = house.desk().await;
        assert_eq!(causes(&desk).await, [Cause::Overfilled], "nor does a restart");
        assert!(desk.submit(buy("c", 1)).await.unwrap().refusal.is_some());

        let name = desk.breaks().await[0].id();
        assert!(desk.solve_break("nobody", "ada", "why not").await.is_err());
        desk.solve_break(&name, "ada", "sold one by hand").await.unwrap();
        assert!(desk.submit(buy("d", 1)).await.unwrap().refusal.is_none());
        let audited = house.audited().await;
        let ended = "break acknowledged order a: more filled than ordered: sold one by hand";
        assert!(audited.iter().any(|line| line == ended), "{audited:?}");
        drop(desk);
        assert_eq!(causes(&house.desk().await).await, [], "her word holds");
    });
}

#[test]
fn scenario_exe_12_a_missing_execution_is_a_break_until_it_comes() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.say(Some("a"), BrokerNews::Status(status(BrokerPhase::Working, 7, 4)));
        desk.pump().await.unwrap();
        desk.reconcile(None).await.unwrap();
        assert_eq!(causes(&desk).await, [], "it may be on its way");
        house.clock.advance(Duration::from_secs(31));
        desk.reconcile(None).await.unwrap();
        assert_eq!(causes(&desk).await, [Cause::ExecutionMissing]);
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), Decimal::ZERO, "nothing is invented");
        house.broker.script(|script| {
            script.executions = vec![execution("x", Some("a"), 4)];
            script.positions = vec![held(4)];
        });
        assert_eq!(look(&desk).await, []);
    });
}

#[test]
fn scenario_pos_01_a_position_in_spite_of_a_refusal_is_a_break_and_nothing_is_traded_against_it() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.say(Some("a"), BrokerNews::Status(status(BrokerPhase::Refused, 7, 0)));
        house.broker.script(|script| {
            script.open.clear();
            script.positions = vec![held(10)];
        });
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        assert_eq!(sent(&house.broker), 1, "nobody trades it away");
        assert_eq!(look(&desk).await, [Cause::PositionMoved], "it stands until it is solved");
        // The execution that explains it comes at last: the numbers fit again by themselves.
        house.broker.script(|script| script.executions = vec![execution("x", Some("a"), 10)]);
        house.clock.advance(Duration::from_secs(1));
        assert_eq!(look(&desk).await, []);
        let audited = house.audited().await;
        assert!(audited.iter().any(|line| line == "break solved DU1 AAPL: position break"), "{audited:?}");
    });
}

#[test]
fn scenario_pos_02_what_is_not_answered_changes_nothing_and_ends_no_break() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.script(|script| script.positions = vec![held(3)]);
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        house.broker.script(|script| {
            script.silent = true;
            script.positions.clear();
        });
        assert!(desk.reconcile(Some(Patience::NONE)).await.is_err());
        assert_eq!(causes(&desk).await, [Cause::PositionMoved]);
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(
            portfolio.position(apple()).unwrap().quantity().as_decimal(),
            3.into(),
            "what was known stands"
        );
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Working);
    });
}

#[test]
fn scenario_pos_03_a_whole_snapshot_without_a_symbol_means_zero_once_it_is_seen_again() {
    block_on(async {
        let house = House::new();
        house
            .broker
            .script(|script| script.positions = vec![held(5), held_of(Symbol::new("IBM").unwrap(), 2)]);
        let desk = house.desk().await;
        house.broker.script(|script| script.positions.truncate(1));
        desk.reconcile(None).await.unwrap();
        assert_eq!(causes(&desk).await, [], "it is looked at again before anybody acts");
        house.clock.advance(Duration::from_secs(31));
        desk.reconcile(None).await.unwrap();
        assert_eq!(causes(&desk).await, [Cause::PositionMoved]);
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert!(
            portfolio.position(Symbol::new("IBM").unwrap()).is_none(),
            "the broker's counts from then on"
        );
    });
}

#[test]
fn scenario_pos_04_positions_that_come_late_are_no_break_within_their_grace() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.say(Some("a"), BrokerNews::Executed(execution("x", Some("a"), 10)));
        desk.pump().await.unwrap();
        house.broker.script(|script| {
            script.open.clear();
            script.executions = vec![execution("x", Some("a"), 10)];
        });
        for _ in 0..3 {
            desk.reconcile(None).await.unwrap();
            assert_eq!(causes(&desk).await, []);
            let portfolio = desk.portfolio(&account()).await.unwrap();
            assert_eq!(
                portfolio.position(apple()).unwrap().quantity().as_decimal(),
                10.into(),
                "money counts"
            );
            house.clock.advance(Duration::from_secs(9));
        }
        house.broker.script(|script| script.positions = vec![held(10)]);
        for _ in 0..3 {
            house.clock.advance(Duration::from_secs(60));
            desk.reconcile(None).await.unwrap();
            assert_eq!(causes(&desk).await, []);
        }
    });
}

#[test]
fn scenario_pos_05_a_position_holds_partial_fills_of_open_orders_already() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        desk.submit(buy("a", 10)).await.unwrap();
        drop(desk);
        house.broker.script(|script| {
            script.open = vec![BrokerOrder { status: status(BrokerPhase::Working, 7, 4), ..shown("a", 7) }];
            script.executions = (0..4).map(|number| execution(&format!("x{number}"), Some("a"), 1)).collect();
            script.positions = vec![held(-1)];
        });
        let desk = house.desk().await;
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.position(apple()).unwrap().quantity().as_decimal(), Decimal::NEGATIVE_ONE);
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), 4.into());
        assert_eq!(look(&desk).await, []);
    });
}

#[test]
fn scenario_pos_06_restarts_make_no_second_break_and_no_order_of_the_same_position() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| script.positions = vec![held(7)]);
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        let name = desk.breaks().await[0].id();
        drop(desk);
        for _ in 0..3 {
            let desk = house.desk().await;
            look(&desk).await;
            let breaks = desk.breaks().await;
            assert_eq!((breaks.len(), breaks[0].id()), (1, name.clone()), "the same fact is the same break");
            assert_eq!(breaks[0].difference(), Some(7.into()));
            assert!(desk.orders().await.is_empty());
        }
        let told = house.audited().await.iter().filter(|line| line.starts_with("position break")).count();
        assert_eq!(told, 1);
    });
}

#[test]
fn scenario_pos_07_a_position_that_is_closed_by_hand_is_noticed_at_the_next_look() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(10)]);
        let desk = house.desk().await;
        // Told among the executions of the day, under nobody's key: it is taken in, and nothing is left unexplained.
        let by_hand = Execution { side: Side::Sell, ..execution("h", None, 10) };
        house.broker.script(|script| {
            script.positions.clear();
            script.executions = vec![by_hand];
        });
        assert_eq!(look(&desk).await, []);
        assert!(desk.portfolio(&account()).await.unwrap().held().next().is_none());
        // Not told at all: a break, and the position is the broker's all the same.
        house.broker.script(|script| script.positions = vec![held(2)]);
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.position(apple()).unwrap().quantity().as_decimal(), 2.into());
    });
}

#[test]
fn scenario_pos_08_positions_of_what_nobody_here_knows_are_kept_and_shown() {
    block_on(async {
        let house = House::new();
        let stranger = Symbol::new("STRANGER").unwrap();
        house.broker.script(|script| script.positions = vec![held_of(stranger, 3)]);
        let desk = house.desk().await;
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.position(stranger).unwrap().quantity().as_decimal(), 3.into());
        assert_eq!(look(&desk).await, []);
    });
}

/// A feed of two accounts, of which each holds its own.
fn two_accounts(house: &House, in_second: i64) -> MockAccountFeed {
    let mut feed = MockAccountFeed::new();
    let second = || AccountId::new("DU2").unwrap();
    let broker = house.broker.clone();
    feed.expect_accounts().returning(move || Ok(vec![account(), second()]));
    feed.expect_summary()
        .returning(move |account| AccountFeed::summary(&*broker, account).now_or_never().unwrap());
    feed.expect_positions().returning(move |account| {
        let rows = if *account == second() { vec![held(in_second)] } else { Vec::new() };
        Ok::<_, AccountFeedError>(Snapshot::complete(crate::support::EPOCH, Timestamp::EPOCH, rows))
    });
    feed
}

#[test]
fn scenario_pos_09_the_same_instrument_in_two_accounts_is_two_positions() {
    block_on(async {
        let house = House::new();
        let feed = |units| -> DeskPorts {
            DeskPorts { accounts: std::sync::Arc::new(two_accounts(&house, units)), ..house.ports() }
        };
        let desk = House::desk_on(feed(5)).await;
        let of =
            async |name: &str| desk.portfolio(&AccountId::new(name).unwrap()).await.unwrap().held().count();
        assert_eq!((of("DU1").await, of("DU2").await), (0, 1));
        assert_eq!(look(&desk).await, []);
        // A break of one account is none of the other.
        house.broker.script(|script| {
            script.executions =
                vec![Execution { account: AccountId::new("DU2").unwrap(), ..execution("x", None, 1) }];
        });
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        assert_eq!(desk.breaks().await[0].subject().to_string(), "DU2 AAPL");
    });
}

#[test]
fn scenario_pos_10_another_average_cost_is_no_break() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(5)]);
        let desk = house.desk().await;
        let cost = |text: &str| Money::new(text.parse().unwrap(), Currency::USD);
        let dearer = Position::reported(
            apple(),
            SignedQuantity::new(5.into()).unwrap(),
            cost("501.37"),
            Decimal::ONE,
            cost("0"),
        );
        house.broker.script(|script| script.positions = vec![dearer]);
        assert_eq!(look(&desk).await, []);
    });
}

#[test]
fn scenario_pos_11_a_split_that_nobody_told_of_is_a_break_of_the_position() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(10)]);
        let desk = house.desk().await;
        house.broker.script(|script| script.positions = vec![held(40)]);
        assert_eq!(look(&desk).await, [Cause::PositionMoved]);
        assert_eq!(desk.breaks().await[0].difference(), Some(30.into()));
    });
}

#[test]
fn scenario_acc_03_accounts_that_are_told_in_part_change_nothing() {
    block_on(async {
        let house = House::new();
        house.broker.script(|script| script.positions = vec![held(10)]);
        let mut feed = MockAccountFeed::new();
        feed.expect_accounts().returning(|| Ok(vec![account()]));
        let (broker, mut asked) = (house.broker.clone(), 0);
        feed.expect_summary().returning(move |account| {
            asked += 1;
            if asked > 1 {
                return Err(AccountFeedError::Unavailable("the end was never told".into()));
            }
            AccountFeed::summary(&*broker, account).now_or_never().unwrap()
        });
        let broker = house.broker.clone();
        feed.expect_positions()
            .returning(move |account| AccountFeed::positions(&*broker, account).now_or_never().unwrap());
        let ports = DeskPorts { accounts: std::sync::Arc::new(feed), ..house.ports() };
        let desk = House::desk_on(ports).await;
        house.broker.script(|script| script.positions.clear());
        assert!(desk.reconcile(Some(Patience::NONE)).await.is_err());
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.position(apple()).unwrap().quantity().as_decimal(), 10.into());
        assert_eq!(causes(&desk).await, []);
    });
}

/// A feed with this cash.
fn with_cash(house: &House, cash: std::sync::Arc<std::sync::Mutex<Decimal>>) -> DeskPorts {
    let mut feed = MockAccountFeed::new();
    feed.expect_accounts().returning(|| Ok(vec![account()]));
    let broker = house.broker.clone();
    feed.expect_summary().returning(move |account| {
        let mut summary = AccountFeed::summary(&*broker, account).now_or_never().unwrap()?;
        summary.cash = Money::new(*cash.lock().unwrap(), Currency::USD);
        Ok(summary)
    });
    let broker = house.broker.clone();
    feed.expect_positions()
        .returning(move |account| AccountFeed::positions(&*broker, account).now_or_never().unwrap());
    DeskPorts { accounts: std::sync::Arc::new(feed), ..house.ports() }
}

#[test]
fn scenario_acc_02_cash_ties_out_to_the_cent_and_may_be_minutes_old() {
    block_on(async {
        let house = House::new();
        let cash = std::sync::Arc::new(std::sync::Mutex::new(Decimal::from(10_000)));
        let desk = House::desk_on(with_cash(&house, cash.clone())).await;
        desk.submit(buy("a", 10)).await.unwrap();
        let traded = execution("x", Some("a"), 10);
        house.broker.say(Some("a"), BrokerNews::Executed(traded.clone()));
        desk.pump().await.unwrap();
        house.broker.script(|script| {
            script.executions = vec![traded.clone()];
            script.positions = vec![held(10)];
        });
        let reconciled = desk.reconcile(Some(Patience::NONE)).await.unwrap();
        assert_eq!(reconciled.open_questions, ["the cash of DU1 waits for what trades have cost"]);
        let amount = Money::new("1.25".parse().unwrap(), Currency::USD);
        house.broker.say(Some("a"), BrokerNews::Charged(Commission { execution: traded.id, amount }));
        // The broker tells it anew every three minutes only.
        for _ in 0..3 {
            desk.reconcile(None).await.unwrap();
            assert_eq!(causes(&desk).await, []);
            house.clock.advance(Duration::from_secs(60));
        }
        *cash.lock().unwrap() = "8998.75".parse().unwrap();
        assert_eq!(look(&desk).await, [], "10000 - 1000 - 1.25");
        // Interest of a cent that nobody has told of.
        *cash.lock().unwrap() = "8998.76".parse().unwrap();
        assert_eq!(look(&desk).await, [Cause::CashMoved]);
        assert_eq!(look(&desk).await, [Cause::CashMoved], "and it stands");
        assert_eq!(desk.breaks().await[0].difference(), Some("0.01".parse().unwrap()));
        let name = desk.breaks().await[0].id();
        desk.solve_break(&name, "ada", "interest, see the statement").await.unwrap();
        assert_eq!(look(&desk).await, [], "what there is counts from then on");
    });
}

#[test]
fn what_a_trade_cost_is_paid_once_where_the_account_is_read_before_it_is_told() {
    block_on(async {
        let house = House::new();
        let cash = std::sync::Arc::new(std::sync::Mutex::new(Decimal::from(10_000)));
        let desk = House::desk_on(with_cash(&house, cash.clone())).await;
        desk.submit(buy("a", 10)).await.unwrap();
        // It trades while the link is down; the account is read with it, and then it is told what it cost.
        let traded = execution("x", Some("a"), 10);
        *cash.lock().unwrap() = "8998.75".parse().unwrap();
        house.broker.script(|script| {
            script.executions = vec![traded.clone()];
            script.positions = vec![held(10)];
        });
        desk.resume().await.unwrap();
        let amount = Money::new("1.25".parse().unwrap(), Currency::USD);
        house.broker.say(Some("a"), BrokerNews::Charged(Commission { execution: traded.id, amount }));
        desk.pump().await.unwrap();
        assert_eq!(look(&desk).await, []);
        assert_eq!(desk.portfolio(&account()).await.unwrap().cash().amount(), "8998.75".parse().unwrap());
        assert_eq!(desk.order(&key("a")).await.unwrap().commissions().next(), Some(amount));
    });
}

#[test]
fn orders_of_others_are_told_apart_and_left_alone() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.script(|script| {
            let other = |number, key: Option<&str>, by| BrokerOrder {
                key: key.map(crate::support::key),
                placed_by: Some(by),
                ..shown("other", number)
            };
            script.open.push(other(20, None, PlacedBy::Hand));
            script.open.push(other(21, Some("theirs"), PlacedBy::OtherClient));
            script.open.push(other(22, Some("lost"), PlacedBy::ThisClient));
        });
        let reconciled = desk.reconcile(Some(Patience::NONE)).await.unwrap();
        let origins: Vec<_> = reconciled.others.iter().map(|it| (it.perm_id.number(), it.origin)).collect();
        assert_eq!(origins, [(20, Origin::ByHand), (21, Origin::OtherClient), (22, Origin::Orphan)]);
        assert_eq!(reconciled.ours, 1);
        assert_eq!(causes(&desk).await, [Cause::OrphanOrder]);
        assert_eq!(desk.orders().await.len(), 1, "none of them becomes ours");
        let (cancels, changes) = house.broker.script(|script| (script.cancels.len(), script.changes.len()));
        assert_eq!((sent(&house.broker), cancels, changes), (1, 0, 0), "nothing is asked about them");
        assert_eq!(desk.last_reconciliation().await, Some(reconciled));
        house.broker.script(|script| script.open.truncate(1));
        assert_eq!(look(&desk).await, []);
    });
}

#[test]
fn a_timer_that_finds_nothing_new_writes_nothing_down() {
    block_on(async {
        let (house, desk) = working().await;
        desk.reconcile(None).await.unwrap();
        let before = (house.written("a").await.len(), house.audited().await.len());
        for _ in 0..5 {
            house.clock.advance(Duration::from_secs(300));
            desk.reconcile(None).await.unwrap();
        }
        assert_eq!((house.written("a").await.len(), house.audited().await.len()), before);
    });
}

#[test]
fn what_the_lists_tell_first_takes_the_usual_way_in() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.script(|script| {
            script.open.clear();
            script.executions = vec![execution("x", Some("a"), 10)];
            script.positions = vec![held(10)];
            script.completed =
                vec![BrokerOrder { status: status(BrokerPhase::Filled, 7, 10), ..shown("a", 7) }];
        });
        assert_eq!(look(&desk).await, []);
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Filled);
        let portfolio = desk.portfolio(&account()).await.unwrap();
        assert_eq!(portfolio.position(apple()).unwrap().quantity().as_decimal(), 10.into(), "with its money");
        let written = house.inputs("a").await;
        assert_eq!(written.iter().filter(|it| matches!(it, OrderInput::Executed { .. })).count(), 1);
    });
}

#[test]
fn an_order_whose_answer_is_out_is_not_ended_by_a_list_without_it() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        desk.submit(buy("a", 10)).await.unwrap();
        assert_eq!(look(&desk).await, []);
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!(
            (order.state(), order.open_quantity()),
            (OrderState::Unknown, Some(quantity(10).as_decimal()))
        );
    });
}

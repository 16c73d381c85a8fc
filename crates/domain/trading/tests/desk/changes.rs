//! Changing orders that the broker holds.

use crate::support::{
    House, apple, audit_with_room, buy, execution, held_by_broker, journal_with_room, key, limit, quantity,
    unknown,
};
use futures::executor::block_on;
use std::error::Error;
use std::sync::Arc;
use tradeport_kernel::{Decimal, OrderKey};
use tradeport_orders::{
    Bracket, BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, ChangeRefusal, Execution, OrderChange,
    OrderDraft, OrderInput, OrderIntent, OrderState, RefusedBy, Side, SubmitError,
};
use tradeport_risk::{Permissions, PolicyDraft, Rule};
use tradeport_trading::{ChangeOutcome, DeskError, DeskPorts, OrderDesk};

fn bid(name: &str, units: u32, price: &str) -> OrderIntent {
    OrderDraft { kind: limit(price), ..buy(name, units).to_draft() }.check().unwrap()
}

/// A house whose broker works a bid for 50 at 99.
async fn working() -> (House, OrderDesk, OrderKey) {
    let house = House::new();
    let desk = house.desk().await;
    desk.submit(bid("a", 50, "99")).await.unwrap();
    (house, desk, key("a"))
}

fn shown(units: u32, price: &str) -> BrokerOrder {
    BrokerOrder {
        size: quantity(units).into(),
        kind: Some(limit(price)),
        ..held_by_broker("a", BrokerPhase::Working)
    }
}

fn to(units: u32) -> OrderChange {
    OrderChange::to_quantity(quantity(units))
}

#[test]
fn a_change_is_in_the_journal_before_the_broker_sees_it_and_after_it_was_taken() {
    block_on(async {
        let (house, desk, a) = working().await;
        let change = OrderChange { quantity: Some(quantity(60)), ..OrderChange::to_kind(limit("98.5")) };
        let changed = desk.change(&a, change.clone()).await.unwrap();
        assert_eq!(changed.outcome, ChangeOutcome::Made);
        assert_eq!((changed.order.quantity(), *changed.order.kind()), (Some(quantity(60)), limit("98.5")));
        let inputs = house.inputs("a").await;
        let [.., asked, verdict, made] = inputs.as_slice() else { panic!("{inputs:?}") };
        assert_eq!(*asked, OrderInput::ChangeRequested { change: change.clone() });
        let OrderInput::RiskApproved { findings } = verdict else { panic!("{verdict:?}") };
        let rules: Vec<&str> = findings.iter().map(|one| &*one.rule).collect();
        assert_eq!(rules, ["max_daily_trades", "price_collar", "max_position_share"], "{findings:?}");
        assert_eq!(*made, OrderInput::Changed { change });
        house.broker.script(|script| script.open.push(shown(60, "98.5")));
        desk.resume().await.unwrap();
        assert_eq!(house.desk().await.order(&a).await, Some(desk.order(&a).await.unwrap()));
    });
}

#[test]
fn the_broker_is_told_what_the_order_says_until_then() {
    block_on(async {
        let (house, desk, a) = working().await;
        let placed = desk.order(&a).await.unwrap().wording().clone();
        desk.change(&a, to(60)).await.unwrap();
        let smaller = desk.order(&a).await.unwrap().wording().clone();
        desk.change(&a, OrderChange::to_kind(limit("98.5"))).await.unwrap();
        assert_ne!(placed, smaller);
        assert_eq!(house.broker.script(|script| script.wordings.clone()), [placed, smaller]);
    });
}

#[test]
fn what_risk_or_validation_stops_leaves_the_order_as_it_was() {
    block_on(async {
        let (house, desk, a) = working().await;
        let before = desk.order(&a).await.unwrap();
        let outcome = desk.change(&a, to(101)).await.unwrap().outcome;
        assert!(matches!(outcome, ChangeOutcome::StoppedByRisk(why) if why.rule == Rule::MaxPositionShare));
        let stopped = house.inputs("a").await.pop().unwrap();
        let verdict = OrderInput::RiskRefused {
            rule: "max_position_share".into(),
            number: "0.101".into(),
            limit: "0.1".into(),
        };
        assert_eq!(stopped, verdict, "which rule, what it saw, what it allows");
        let odd = desk.change(&a, OrderChange::to_kind(limit("98.005"))).await.unwrap();
        assert!(matches!(odd.outcome, ChangeOutcome::Invalid(why) if why.as_slice().len() == 1));
        let after = desk.order(&a).await.unwrap();
        assert_eq!((after.wording(), after.state()), (before.wording(), before.state()));
        assert_eq!(after.pending_change(), None);
        assert!(house.broker.script(|script| script.changes.is_empty()));
        let kept = house.inputs("a").await;
        assert!(matches!(&kept[kept.len() - 1], OrderInput::ChangeRefused { reason, by: RefusedBy::Us }
            if reason == "it was stopped here: price: the limit of 98.005 is not on the price step of 0.01: \
                98 or 98.01 would be accepted"));
        let told = house.audited().await.pop().unwrap();
        assert!(told.starts_with("order change refused a: journal="), "{told}");
        assert!(told.contains("it was stopped here: price: the limit of 98.005"), "{told}");
    });
}

#[test]
fn the_new_terms_are_judged_in_the_place_of_the_old() {
    block_on(async {
        let (_house, desk, a) = working().await;
        // 50 there and 100 wanted are 100, not 150.
        assert_eq!(desk.change(&a, to(100)).await.unwrap().outcome, ChangeOutcome::Made);
        // What has traded of it is part of it.
        let part = Execution { price: "99".parse().unwrap(), ..execution("x", Some("a"), 60) };
        _house.broker.say(Some("a"), BrokerNews::Executed(part));
        desk.pump().await.unwrap();
        assert_eq!(
            desk.portfolio(desk.order(&a).await.unwrap().intent().account())
                .await
                .unwrap()
                .position(apple())
                .unwrap()
                .quantity()
                .as_decimal(),
            Decimal::from(60)
        );
        assert_eq!(desk.change(&a, to(90)).await.unwrap().outcome, ChangeOutcome::Made);
        assert_eq!(desk.change(&a, to(100)).await.unwrap().outcome, ChangeOutcome::Made);
        assert!(matches!(desk.change(&a, to(102)).await.unwrap().outcome, ChangeOutcome::StoppedByRisk(_)));
    });
}

#[test]
fn to_want_less_is_stopped_by_no_limit() {
    block_on(async {
        let (house, desk, a) = working().await;
        house.clock.advance(std::time::Duration::from_secs(3_600));
        let stale = desk.change(&a, OrderChange::to_kind(limit("98"))).await.unwrap().outcome;
        assert!(matches!(stale, ChangeOutcome::StoppedByRisk(why) if why.rule == Rule::KnownInputs));
        assert_eq!(desk.change(&a, to(10)).await.unwrap().outcome, ChangeOutcome::Made);
    });
}

#[test]
fn what_may_not_be_changed_is_told_and_not_kept() {
    block_on(async {
        let (house, desk, a) = working().await;
        let lines = house.written("a").await.len();
        let nothing = desk.change(&a, OrderChange::default()).await;
        assert!(matches!(nothing, Err(DeskError::Change { cause: ChangeRefusal::Nothing, .. })));
        assert!(matches!(desk.change(&key("z"), to(1)).await, Err(DeskError::UnknownOrder(_))));
        house.broker.script(|script| script.answers.push_back(Err(unknown())));
        desk.submit(bid("b", 1, "99")).await.unwrap();
        let unknown = desk.change(&key("b"), to(2)).await;
        assert!(matches!(
            unknown,
            Err(DeskError::Change { cause: ChangeRefusal::NotTaken(OrderState::Unknown), .. })
        ));
        assert_eq!(house.written("a").await.len(), lines);
        assert!(house.broker.script(|script| script.changes.is_empty()));
    });
}

#[test]
fn a_change_that_was_refused_or_never_left_leaves_the_order_as_it_was() {
    block_on(async {
        for (error, outcome) in [
            (
                SubmitError::Refused { reason: "too late".into() },
                ChangeOutcome::Refused { reason: "too late".into() },
            ),
            (SubmitError::NotSent("no link".into()), ChangeOutcome::NotSent { reason: "no link".into() }),
            (
                SubmitError::Unsupported("changes"),
                ChangeOutcome::NotSent { reason: "this gateway does not support changes".into() },
            ),
        ] {
            let (house, desk, a) = working().await;
            house.broker.script(|script| script.change_answers.push_back(Err(error)));
            let changed = desk.change(&a, to(60)).await.unwrap();
            assert_eq!(changed.outcome, outcome);
            assert_eq!(
                (changed.order.quantity(), changed.order.state()),
                (Some(quantity(50)), OrderState::Working)
            );
            assert_eq!(
                desk.change(&a, to(60)).await.unwrap().outcome,
                ChangeOutcome::Made,
                "it may be tried again"
            );
        }
    });
}

/// A house whose broker may or may not have made 80 of 50.
async fn in_doubt() -> (House, OrderDesk, OrderKey) {
    let (house, desk, a) = working().await;
    house.broker.script(|script| script.change_answers.push_back(Err(unknown())));
    let changed = desk.change(&a, to(80)).await.unwrap();
    assert!(matches!(changed.outcome, ChangeOutcome::Unknown { .. }));
    assert!(changed.order.pending_change().unwrap().is_unknown());
    (house, desk, a)
}

#[test]
fn an_unknown_change_counts_as_the_larger_and_is_never_sent_again() {
    block_on(async {
        let (house, desk, a) = in_doubt().await;
        assert_eq!(desk.order(&a).await.unwrap().open_quantity(), Some(Decimal::from(80)));
        let more = desk.submit(buy("b", 30)).await.unwrap();
        assert_eq!(more.refusal.unwrap().rule, Rule::MaxPositionShare);
        let again = desk.change(&a, to(80)).await;
        assert!(matches!(again, Err(DeskError::Change { cause: ChangeRefusal::UnderWay, .. })));
        assert_eq!(house.broker.script(|script| script.changes.len()), 1);
    });
}

/// Which wording holds nobody knows: exits for the larger would sell short what the smaller does not bring in.
#[test]
fn an_entry_whose_growth_is_in_doubt_brings_in_no_more_than_it_did() {
    block_on(async {
        let house = House::new();
        let permissions = Permissions { short_sales: false, ..Permissions::default() };
        let desk = house.desk_under(PolicyDraft { permissions, ..PolicyDraft::default() }).await;
        desk.submit(bid("a", 50, "99")).await.unwrap();
        let exit = |name: &str, units| {
            let draft = OrderDraft { side: Side::Sell, kind: limit("120"), ..buy(name, units).to_draft() };
            OrderDraft { parent: Some(key("a")), ..draft }.check().unwrap()
        };
        assert_eq!(desk.submit(exit("one", 20)).await.unwrap().refusal, None);
        house.broker.script(|script| script.change_answers.push_back(Err(unknown())));
        assert!(matches!(
            desk.change(&key("a"), to(80)).await.unwrap().outcome,
            ChangeOutcome::Unknown { .. }
        ));
        for (name, units, stopped) in [("two", 31, Some(Rule::ShortSales)), ("three", 30, None)] {
            let placed = desk.submit(exit(name, units)).await.unwrap();
            assert_eq!(placed.refusal.map(|why| why.rule), stopped, "{units} more");
        }
        let grown = desk.change(&key("three"), to(60)).await.unwrap().outcome;
        assert!(matches!(grown, ChangeOutcome::StoppedByRisk(why) if why.rule == Rule::ShortSales));
    });
}

#[test]
fn an_unknown_change_is_decided_by_proof_alone() {
    block_on(async {
        for (row, units, pending) in [
            (shown(80, "99"), 80, false),
            (shown(50, "99"), 50, false),
            // Somebody else changed it to something third: that proves neither.
            (shown(70, "99"), 50, true),
        ] {
            let (house, desk, a) = in_doubt().await;
            house.broker.script(|script| script.open.push(row));
            desk.resume().await.unwrap();
            let order = desk.order(&a).await.unwrap();
            assert_eq!(
                (order.quantity(), order.pending_change().is_some()),
                (Some(quantity(units)), pending)
            );
            assert_eq!(house.desk().await.order(&a).await, Some(order), "replay gives the same order");
        }
    });
}

#[test]
fn a_fill_of_the_larger_wording_proves_the_change() {
    block_on(async {
        for (units, whole) in [(80, true), (50, false)] {
            let (house, desk, a) = in_doubt().await;
            house.broker.say(Some("a"), BrokerNews::Executed(execution("x", Some("a"), units)));
            desk.pump().await.unwrap();
            let state = if whole { OrderState::Filled } else { OrderState::Working };
            assert_eq!(desk.order(&a).await.unwrap().state(), state, "{units} have traded");
            let status =
                BrokerStatus { filled: units.into(), ..held_by_broker("a", BrokerPhase::Filled).status };
            house.broker.say(Some("a"), BrokerNews::Status(status));
            desk.pump().await.unwrap();
            let order = desk.order(&a).await.unwrap();
            assert_eq!((order.state(), order.pending_change()), (OrderState::Filled, None));
        }
    });
}

#[test]
fn a_change_that_was_under_way_when_the_desk_stopped_is_unknown() {
    block_on(async {
        let house = House::new();
        let journal = Arc::new(journal_with_room(&house.journal, 3));
        let desk = House::desk_on(DeskPorts { journal, ..house.ports() }).await;
        desk.submit(bid("a", 50, "99")).await.unwrap();
        let lost = desk.change(&key("a"), to(80)).await;
        assert!(matches!(lost, Err(DeskError::AnswerNotKept { .. })));
        house.broker.script(|script| script.open.push(shown(70, "99")));
        let order = house.desk().await.order(&key("a")).await.unwrap();
        assert!(order.pending_change().unwrap().is_unknown());
    });
}

#[test]
fn a_change_that_cannot_be_kept_or_audited_is_not_sent() {
    block_on(async {
        let house = House::new();
        let journal = Arc::new(journal_with_room(&house.journal, 2));
        let desk = House::desk_on(DeskPorts { journal, ..house.ports() }).await;
        desk.submit(bid("a", 50, "99")).await.unwrap();
        assert!(matches!(desk.change(&key("a"), to(60)).await, Err(DeskError::Journal(_))));
        house.broker.script(|script| script.open.push(shown(50, "99")));
        // Its opening takes in what the broker says of the order.
        let desk = House::desk_on(house.ports_telling(audit_with_room(1))).await;
        assert!(matches!(desk.change(&key("a"), to(60)).await, Err(DeskError::Journal(_))));
        let order = desk.order(&key("a")).await.unwrap();
        assert_eq!((order.quantity(), order.pending_change()), (Some(quantity(50)), None));
        assert!(house.broker.script(|script| script.changes.is_empty()));
    });
}

/// An entry's exits were judged by what it would bring in. Made smaller by itself it would leave them to turn the position.
#[test]
fn an_entry_becomes_no_smaller_than_what_its_exits_take_out() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        let entry = OrderDraft { kind: limit("99"), ..buy("a", 100).to_draft() };
        let bracket = Bracket::around(entry).target("120".parse().unwrap()).stop("80".parse().unwrap());
        let family = desk.submit_family(bracket.build().unwrap()).await.unwrap();
        assert_eq!(family.called_off, None);
        let to = async |name: &str, units| {
            desk.change(&key(name), OrderChange::to_quantity(quantity(units))).await
        };
        let dearer = OrderChange { kind: Some(limit("98")), ..OrderChange::to_quantity(quantity(40)) };
        for refused in [to("a", 40).await, desk.change(&key("a"), dearer).await] {
            assert_eq!(
                refused.unwrap_err().source().unwrap().to_string(),
                "its exits may take out 100, and it would bring in 40: make those smaller first: a.target1, a.stop1"
            );
        }
        assert_eq!(desk.order(&key("a")).await.unwrap().quantity(), Some(quantity(100)));
        for name in ["a.target1", "a.stop1", "a"] {
            assert_eq!(to(name, 40).await.unwrap().outcome, ChangeOutcome::Made, "{name}");
        }
        let larger = to("a", 50).await.unwrap();
        assert_eq!(larger.outcome, ChangeOutcome::Made, "exits for less than all of it turn nothing");
        assert_eq!(to("a", 40).await.unwrap().outcome, ChangeOutcome::Made);
    });
}

//! Cases of executions that the exchange corrects or cancels, and of orders that are forgotten.

use super::super::MOST_ENDED;
use super::stage::{Stage, key, limit, number, price, units};
use crate::exchange::{Effect, ExchangeEvent, Input};
use std::time::Duration;
use tradeport_kernel::{Decimal, Timestamp};
use tradeport_orders::{BrokerPhase, OrderKind, Side};

fn bust(stage: &mut Stage, name: &str, left: Option<&str>) {
    stage.input(Input::Bust { key: key(name), left: left.map(units) });
}

/// Executions told since the beginning, as `id quantity@price`.
fn told(stage: &Stage) -> Vec<String> {
    let told = |effect: &Effect| match &effect.event {
        ExchangeEvent::Executed { execution } => {
            let revision = execution.id.revision();
            Some(format!("{revision} {}@{}", execution.quantity, execution.price))
        }
        _ => None,
    };
    stage.said.iter().filter_map(told).collect()
}

#[test]
fn an_execution_that_is_cancelled_was_never_there_but_for_its_cost() {
    let mut stage = Stage::open();
    let cash = stage.cash("RICH");
    stage.order("a", Side::Buy, OrderKind::Market);
    stage.order("b", Side::Buy, OrderKind::Market);
    bust(&mut stage, "a", None);
    assert_eq!((stage.held("RICH"), stage.cash("RICH")), (number("100"), cash - number("10001")));
    assert!(stage.fills("a").is_empty());
    let status = stage.status("a");
    assert_eq!((status.phase, status.filled), (BrokerPhase::Filled, Decimal::ZERO));
    assert_eq!(told(&stage).len(), 2, "no message tells of it");
    let position = stage.said.last().map(|effect| &effect.event);
    assert!(
        matches!(position, Some(ExchangeEvent::Position { position, .. }) if position.quantity().as_decimal() == number("100"))
    );
    bust(&mut stage, "a", None);
    assert!(matches!(stage.said.last().unwrap().event, ExchangeEvent::NoSuchOrder { .. }), "once is enough");
}

#[test]
fn a_part_that_is_cancelled_is_a_revision_with_what_is_left() {
    let mut stage = Stage::open();
    let cash = stage.cash("RICH");
    stage.order("a", Side::Sell, OrderKind::Market);
    for too_much in ["100", "101"] {
        bust(&mut stage, "a", Some(too_much));
        assert_eq!(stage.refusal(), "as much as that did not trade");
    }
    bust(&mut stage, "a", Some("60"));
    assert_eq!(told(&stage), ["1 100@99.99", "2 60@99.99"]);
    assert_eq!((stage.held("RICH"), stage.cash("RICH")), (number("-60"), cash + number("5999.40")));
    assert_eq!(stage.status("a").filled, number("60"));
    stage.input(Input::Correct { key: key("a"), price: price("99.00") });
    assert_eq!(told(&stage).last().unwrap(), "3 60@99.00");
    assert_eq!(stage.cash("RICH"), cash + number("5940"));
}

#[test]
fn what_was_cancelled_of_a_working_order_is_not_traded_again() {
    let mut stage = Stage::open();
    stage.sized("99.99", "1000", "100.01", "70");
    stage.order("a", Side::Buy, limit("100.01"));
    assert_eq!(stage.status("a").filled, number("70"));
    bust(&mut stage, "a", Some("20"));
    let status = stage.status("a");
    assert_eq!((status.phase, status.filled), (BrokerPhase::Working, number("20")));
    stage.sized("99.99", "1000", "100.00", "1000");
    let status = stage.status("a");
    assert_eq!((status.phase, status.filled), (BrokerPhase::Filled, number("50")));
    assert_eq!((stage.held("RICH"), stage.fills("a").len()), (number("50"), 2));
}

/// An order that is cancelled at a moment at which nobody trades.
fn end_one(stage: &mut Stage, name: &str, at: Timestamp) {
    stage.exchange.step(Input::Advance, at, &mut Vec::new());
    stage.order_with(name, Side::Buy, limit("1.00"), |draft| draft.outside_sessions = true);
    stage.cancel(name);
    stage.said.clear();
}

#[test]
fn the_oldest_days_are_forgotten_first_and_whole() {
    let day = |number: u64| Timestamp::from_seconds(110).after(Duration::from_secs(number * 86_400));
    let mut stage = Stage::open();
    stage.order("traded", Side::Buy, OrderKind::Market);
    let (held, cash) = (stage.held("RICH"), stage.cash("RICH"));
    let per_day = MOST_ENDED / 4;
    for number in 1..MOST_ENDED {
        end_one(&mut stage, &format!("k{number}"), day((number / per_day).try_into().unwrap()));
    }
    assert_eq!(stage.exchange.ended_orders().count(), MOST_ENDED, "as many as are remembered");
    assert_eq!(stage.exchange.executions().len(), 1);
    end_one(&mut stage, "extra", day(4));
    let kept: Vec<_> = stage.exchange.ended_orders().map(|(order, _)| order.intent.key().clone()).collect();
    assert_eq!(kept.len(), MOST_ENDED + 1 - 2 * per_day, "two days: the second had been begun");
    assert_eq!((kept.first(), kept.last()), (Some(&key(&format!("k{}", 2 * per_day))), Some(&key("extra"))));
    assert_eq!(stage.exchange.status_of(&key("traded")), None);
    assert!(stage.exchange.executions().is_empty(), "they go with their order");
    assert_eq!((stage.held("RICH"), stage.cash("RICH")), (held, cash), "money stays");
    let text = serde_json::to_string(&stage.exchange).unwrap();
    assert_eq!(serde_json::from_str::<crate::Exchange>(&text).unwrap(), stage.exchange);
    // What is remembered is still known by its key, what is forgotten is new.
    stage.order("k9999", Side::Buy, limit("1.00"));
    assert!(stage.exchange.open_orders().is_empty());
    end_one(&mut stage, "k1", day(4));
    assert_eq!(stage.exchange.ended_orders().last().unwrap().0.intent.key(), &key("k1"));
}

#[test]
fn of_one_day_alone_only_as_much_is_forgotten_as_must() {
    let mut stage = Stage::open();
    for number in 0..=MOST_ENDED {
        end_one(&mut stage, &format!("k{number}"), Timestamp::from_seconds(110));
    }
    let kept: Vec<_> = stage.exchange.ended_orders().map(|(order, _)| order.intent.key().clone()).collect();
    assert_eq!(kept.len(), MOST_ENDED / 4 * 3);
    assert_eq!(kept.last(), Some(&key(&format!("k{MOST_ENDED}"))));
}

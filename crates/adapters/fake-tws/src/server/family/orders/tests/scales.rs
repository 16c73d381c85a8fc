//! Scale orders: one component after the other.

use super::stage::{Stage, cancel, limit, place, words};
use crate::wire::{Answer, proto};

/// A hundred at 425.00, in components of 20 and then 40, half a dollar apart.
fn scale() -> proto::Order {
    proto::Order {
        scale_init_level_size: Some(20),
        scale_subs_level_size: Some(40),
        scale_price_increment: Some(0.5),
        ..limit("BUY", "100", 425.0)
    }
}

/// What the exchange has of it: units at a price.
fn at_exchange(stage: &mut Stage) -> Vec<String> {
    let open = stage.server.world_mut().exchange().open_orders();
    open.iter()
        .map(|(it, _)| format!("{}@{:.2}", it.quantity, it.kind.limit_price().unwrap().as_decimal()))
        .collect()
}

#[test]
fn components_follow_one_another_each_further_on() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let told = words(&stage.ask(1, place(1, scale())));
    assert_eq!(told.last().unwrap(), "status 1 Submitted 0/100");
    assert_eq!(at_exchange(&mut stage), ["20@425.00"]);
    stage.quote("424.85", "424.95");
    assert_eq!(
        words(&stage.told(1))[..3],
        ["exec 1 BOT 20 @425", "open 1 Submitted", "status 1 Submitted 20/80"]
    );
    assert_eq!(at_exchange(&mut stage), ["40@424.50"]);
    stage.quote("424.35", "424.45");
    stage.told(1);
    assert_eq!(at_exchange(&mut stage), ["40@424.00"]);
    stage.quote("423.80", "423.90");
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 1 Filled 100/0".to_owned()), "{told:?}");
    assert!(at_exchange(&mut stage).is_empty());
}

#[test]
fn a_sale_climbs_and_a_cancel_ends_the_whole() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let sale = proto::Order { action: Some("SELL".to_owned()), lmt_price: Some(431.0), ..scale() };
    stage.ask(1, place(1, sale));
    stage.quote("431.10", "431.20");
    stage.told(1);
    assert_eq!(at_exchange(&mut stage), ["40@431.50"]);
    assert_eq!(words(&stage.ask(1, cancel(1)))[0], "status 1 Cancelled 20/80");
    assert!(at_exchange(&mut stage).is_empty());
}

#[test]
fn a_component_that_has_filled_is_closed_with_its_profit() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, proto::Order { scale_profit_offset: Some(0.75), ..scale() }));
    stage.quote("424.85", "424.95");
    let told = stage.told(1);
    let profit = told.iter().find_map(|answer| match answer {
        Answer::OpenOrder(it) if it.order_id == Some(0) => it.order.clone(),
        _ => None,
    });
    let profit = profit.unwrap_or_else(|| panic!("an order that takes the profit: {:?}", words(&told)));
    assert_eq!(
        (profit.action.as_deref(), profit.lmt_price, profit.parent_id),
        (Some("SELL"), Some(425.75), Some(1))
    );
    assert_eq!(profit.total_quantity.as_deref(), Some("20"));
    stage.quote("425.80", "425.90");
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 0 Filled 20/0".to_owned()), "{told:?}");
    assert_eq!(at_exchange(&mut stage), ["40@424.50"], "it is not ordered again");
}

#[test]
fn with_auto_reset_a_component_is_ordered_again_at_its_own_price() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let order = proto::Order { scale_profit_offset: Some(0.75), scale_auto_reset: Some(true), ..scale() };
    stage.ask(1, place(1, order));
    stage.quote("424.85", "424.95");
    stage.quote("425.80", "425.90");
    let told = words(&stage.told(1));
    assert_eq!(at_exchange(&mut stage), ["20@425.00"], "the nearest component goes first: {told:?}");
    assert!(told.contains(&"status 1 Submitted 20/100".to_owned()), "{told:?}");
    stage.quote("424.85", "424.95");
    stage.told(1);
    let mut open = at_exchange(&mut stage);
    open.sort();
    assert_eq!(open, ["20@425.75", "40@424.50"]);
}

#[test]
fn random_sizes_stay_within_their_bounds_and_add_up() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let order = proto::Order {
        scale_init_level_size: Some(100),
        scale_subs_level_size: Some(100),
        scale_price_increment: Some(0.01),
        scale_random_percent: Some(true),
        ..limit("BUY", "1000", 425.0)
    };
    stage.ask(1, place(1, order));
    // Each component trades at once, and is one execution.
    stage.quote("424.00", "424.10");
    let told = words(&stage.told(1));
    let size = |word: &String| word.strip_prefix("exec 1 BOT ")?.split(' ').next()?.parse::<u32>().ok();
    let sizes: Vec<u32> = told.iter().filter_map(size).collect();
    assert_eq!(sizes.iter().sum::<u32>(), 1_000, "{sizes:?}");
    assert!(sizes[..sizes.len() - 1].iter().all(|size| (45..=155).contains(size)), "{sizes:?}");
    assert!(sizes.iter().any(|size| *size != sizes[0]), "{sizes:?}");
}

#[test]
fn a_limit_that_drifts_moves_the_next_component() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let drift = proto::Order {
        scale_price_adjust_value: Some(-0.1),
        scale_price_adjust_interval: Some(60),
        ..scale()
    };
    stage.ask(1, place(1, drift));
    stage.pass(125);
    stage.quote("424.85", "424.95");
    assert_eq!(at_exchange(&mut stage), ["40@424.30"]);
}

#[test]
fn a_scale_by_a_table_rests() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let order = proto::Order { scale_table: Some("100 425 0".to_owned()), ..limit("BUY", "100", 431.0) };
    let told = words(&stage.ask(1, place(1, order)));
    assert_eq!(told.last().unwrap(), "status 1 Submitted 0/100");
    assert!(at_exchange(&mut stage).is_empty());
}

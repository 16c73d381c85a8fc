//! Orders that belong together: brackets, groups, presets.

use super::stage::{Stage, cancel, limit, market, place, stop, words};
use crate::wire::proto;

fn bracket(stage: &mut Stage, entry: f64) -> [Vec<String>; 3] {
    let held = |order: proto::Order| proto::Order { transmit: Some(false), ..order };
    let child = |order: proto::Order| proto::Order { parent_id: Some(1), ..order };
    let orders = [
        held(limit("BUY", "100", entry)),
        held(child(limit("SELL", "100", 450.0))),
        child(stop("SELL", "100", 420.0)),
    ];
    let mut id = 0;
    orders.map(|order| {
        id += 1;
        words(&stage.ask(1, place(id, order)))
    })
}

#[test]
fn a_bracket_goes_out_with_its_last_order() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let [parent, profit, loss] = bracket(&mut stage, 425.0);
    assert_eq!(parent, ["open 1 PendingSubmit", "status 1 PendingSubmit 0/100"]);
    assert_eq!(profit, ["open 2 PendingSubmit", "status 2 PendingSubmit 0/100"]);
    let wanted = [
        "open 1 PreSubmitted",
        "status 1 PreSubmitted 0/100",
        "open 1 Submitted",
        "status 1 Submitted 0/100",
        "open 2 PreSubmitted",
        "status 2 PreSubmitted 0/100",
        "open 3 PreSubmitted",
        "status 3 PreSubmitted 0/100",
    ];
    let mut sorted = loss.clone();
    sorted.sort_by_key(|word| word.split(' ').nth(1).map(str::to_owned));
    assert_eq!(sorted, wanted, "{loss:?}");
}

#[test]
fn the_children_live_when_the_parent_has_filled_and_one_ends_the_other() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    bracket(&mut stage, 425.0);
    stage.quote("424.90", "425.00");
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 1 Filled 100/0".to_owned()), "{told:?}");
    assert!(told.contains(&"status 2 Submitted 0/100".to_owned()), "{told:?}");
    // A living child can be changed.
    let moved = proto::Order { parent_id: Some(1), ..stop("SELL", "100", 422.0) };
    let told = words(&stage.ask(1, place(3, moved)));
    assert_eq!(told, ["open 3 PreSubmitted", "status 3 PreSubmitted 0/100"]);
    stage.quote("450.00", "450.10");
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 2 Filled 100/0".to_owned()), "{told:?}");
    assert!(told.contains(&"status 3 Cancelled 0/100".to_owned()), "{told:?}");
    assert!(told.iter().any(|word| word.starts_with("cost") && word.contains("earned")), "{told:?}");
}

#[test]
fn children_are_told_their_family_and_may_send_it_back() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    bracket(&mut stage, 425.0);
    let told = stage.ask(1, proto::OpenOrdersRequest {});
    let order = |id: i32| {
        let of = told.iter().find_map(|answer| match answer {
            crate::wire::Answer::OpenOrder(it) if it.order_id == Some(id) => it.order.clone(),
            _ => None,
        });
        of.unwrap()
    };
    let (parent, profit, loss) = (order(1), order(2), order(3));
    assert_eq!((parent.oca_group, parent.parent_perm_id), (None, None));
    let number = parent.perm_id.unwrap();
    for child in [&profit, &loss] {
        assert_eq!(child.oca_group, Some(number.to_string()));
        assert_eq!((child.oca_type, child.parent_perm_id), (Some(3), Some(number)));
    }
    // Clients send what they were told, with their changes.
    let moved = proto::Order { lmt_price: Some(451.0), transmit: Some(true), ..profit };
    let told = stage.ask(1, place(2, moved));
    assert_eq!(words(&told), ["open 2 PreSubmitted", "status 2 PreSubmitted 0/100"]);
    let group = told.iter().find_map(|answer| match answer {
        crate::wire::Answer::OpenOrder(it) => it.order.as_ref()?.oca_group.clone(),
        _ => None,
    });
    assert_eq!(group, Some(number.to_string()));
}

#[test]
fn the_children_end_with_their_parent() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    bracket(&mut stage, 425.0);
    let told = words(&stage.ask(1, cancel(1)));
    for id in 1..=3 {
        assert!(told.contains(&format!("status {id} Cancelled 0/100")), "{told:?}");
        assert!(told.contains(&format!("error {id} 202")), "{told:?}");
    }
}

#[test]
fn children_that_were_never_sent_end_with_their_parent_too() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, limit("BUY", "100", 425.0)));
    let child = proto::Order { parent_id: Some(1), transmit: Some(false), ..limit("SELL", "100", 450.0) };
    stage.ask(1, place(2, child));
    let told = words(&stage.ask(1, cancel(1)));
    assert!(told.contains(&"status 2 Cancelled 0/100".to_owned()), "{told:?}");
}

#[test]
fn one_of_a_group_cancels_the_others_wherever_they_are() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let group = |order: proto::Order| proto::Order {
        oca_group: Some("one of us".to_owned()),
        oca_type: Some(1),
        ..order
    };
    stage.ask(1, place(1, group(limit("BUY", "10", 425.0))));
    stage.ask(1, place(2, group(limit("BUY", "10", 424.0))));
    // The exchange does not trade this one.
    let quote = proto::Order { order_type: Some("QUOTE".to_owned()), ..limit("BUY", "10", 426.0) };
    stage.ask(1, place(3, group(quote)));
    stage.quote("424.90", "425.00");
    let told = words(&stage.told(1));
    for wanted in ["status 1 Filled 10/0", "status 2 Cancelled 0/10", "status 3 Cancelled 0/10"] {
        assert!(told.contains(&wanted.to_owned()), "{wanted}: {told:?}");
    }
}

#[test]
fn attached_orders_are_made_from_presets() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let mut request = place(1, limit("BUY", "10", 400.0));
    request.attached_orders = Some(proto::AttachedOrders {
        sl_order_id: Some(2),
        sl_order_type: Some("PRESET".to_owned()),
        pt_order_id: Some(3),
        pt_order_type: Some("PRESET".to_owned()),
    });
    let told = words(&stage.ask(1, request));
    for id in [1, 2, 3] {
        assert!(told.contains(&format!("status {id} PreSubmitted 0/10")), "{told:?}");
    }
    let told = stage.ask(1, proto::IdsRequest { num_ids: Some(1) });
    let [crate::wire::Answer::NextValidId(next)] = told.as_slice() else { panic!("an id: {told:?}") };
    assert_eq!(next.order_id, Some(4), "their numbers are used up, too");
    stage.quote("399.90", "400.00");
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 3 Submitted 0/10".to_owned()), "{told:?}");
    assert_eq!(
        words(&stage.ask(1, place(3, market("SELL", "10")))).last().map(String::as_str),
        Some("error 3 329")
    );
}

/// Protobuf has no word for a flag that is false: clients leave it out.
#[test]
fn an_order_that_does_not_say_to_be_transmitted_is_held() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let told = words(&stage.ask(1, place(1, proto::Order { transmit: None, ..market("BUY", "10") })));
    assert_eq!(told, ["open 1 PendingSubmit", "status 1 PendingSubmit 0/10"]);
}

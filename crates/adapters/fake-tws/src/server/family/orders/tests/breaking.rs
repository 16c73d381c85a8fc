//! What clients do when they are confused, late or many: each in both eras.

use super::stage::{Stage, cancel, error_text, limit, market, place, stop, words};
use crate::server::ServerSettings;
use crate::wire::{Answer, proto};
use tradeport_kernel::Timestamp;

const ERAS: [i32; 2] = [200, 226];

/// One client, in each era.
fn in_both_eras(play: impl Fn(&mut Stage)) {
    for version in ERAS {
        let mut stage = Stage::new();
        stage.connect_as(1, 7, version);
        play(&mut stage);
    }
}

fn last(told: &[Answer]) -> String {
    words(told).pop().unwrap_or_default()
}

#[test]
fn an_order_that_has_filled_is_neither_changed_nor_cancelled_nor_placed_again() {
    in_both_eras(|stage| {
        stage.ask(1, place(1, market("BUY", "10")));
        for order in [limit("BUY", "20", 400.0), market("BUY", "10"), limit("SELL", "10", 440.0)] {
            let told = stage.ask(1, place(1, order));
            assert_eq!(words(&told), ["error 1 104"]);
        }
        let told = stage.ask(1, cancel(1));
        assert_eq!(words(&told), ["error 1 10148"]);
        assert!(error_text(&told).ends_with("state: Filled."), "{}", error_text(&told));
    });
}

#[test]
fn a_cancel_is_done_once() {
    in_both_eras(|stage| {
        stage.ask(1, place(1, limit("BUY", "10", 400.0)));
        assert_eq!(words(&stage.ask(1, cancel(1)))[0], "status 1 Cancelled 0/10");
        for _ in 0..2 {
            let told = stage.ask(1, cancel(1));
            assert_eq!(words(&told), ["error 1 10148"]);
            assert!(error_text(&told).ends_with("state: Cancelled."), "{}", error_text(&told));
        }
        assert_eq!(words(&stage.ask(1, place(1, limit("BUY", "10", 400.0)))), ["error 1 103"]);
    });
}

#[test]
fn a_part_of_one_order_shrinks_its_group_and_the_rest_cancels_it() {
    in_both_eras(|stage| {
        let group = |order: proto::Order| proto::Order {
            oca_group: Some("G".to_owned()),
            oca_type: Some(3),
            ..order
        };
        stage.ask(1, place(1, group(limit("BUY", "100", 425.0))));
        stage.ask(1, place(2, group(limit("BUY", "100", 424.0))));
        stage.quote_of("AAPL", "424.80", "424.90", "40");
        let told = words(&stage.told(1));
        assert!(told.contains(&"status 1 Submitted 40/60".to_owned()), "{told:?}");
        assert!(told.contains(&"status 2 Submitted 0/60".to_owned()), "{told:?}");
        stage.quote_of("AAPL", "424.80", "424.90", "1000");
        let told = words(&stage.told(1));
        assert!(told.contains(&"status 1 Filled 100/0".to_owned()), "{told:?}");
        assert!(told.contains(&"status 2 Cancelled 0/60".to_owned()), "{told:?}");
    });
}

#[test]
fn a_parent_lives_on_when_its_children_are_cancelled() {
    in_both_eras(|stage| {
        let held = |order: proto::Order| proto::Order { transmit: Some(false), ..order };
        let child = |order: proto::Order| proto::Order { parent_id: Some(1), ..order };
        stage.ask(1, place(1, held(limit("BUY", "100", 425.0))));
        stage.ask(1, place(2, held(child(limit("SELL", "100", 450.0)))));
        stage.ask(1, place(3, child(stop("SELL", "100", 420.0))));
        for id in [2, 3] {
            let told = words(&stage.ask(1, cancel(id)));
            assert_eq!(told, [format!("status {id} Cancelled 0/100"), format!("error {id} 202")]);
        }
        stage.quote("424.80", "424.90");
        let told = words(&stage.told(1));
        assert!(told.contains(&"status 1 Filled 100/0".to_owned()), "{told:?}");
        assert!(!told.iter().any(|word| word.contains(" 2 ") || word.contains(" 3 ")), "{told:?}");
        // One more child of a parent that has filled works at once; of one that was cancelled, never.
        assert_eq!(
            last(&stage.ask(1, place(4, child(limit("SELL", "100", 450.0))))),
            "status 4 Submitted 0/100"
        );
        stage.ask(1, place(5, limit("BUY", "10", 400.0)));
        stage.ask(1, cancel(5));
        let orphan = proto::Order { parent_id: Some(5), ..limit("SELL", "10", 450.0) };
        assert_eq!(words(&stage.ask(1, place(6, orphan))), ["error 6 201"]);
    });
}

#[test]
fn a_child_that_says_so_takes_its_parent_along() {
    in_both_eras(|stage| {
        for (first, takes, wanted) in [(1, true, 2), (11, false, 1)] {
            stage.ask(1, place(first, limit("BUY", "100", 400.0)));
            let child = proto::Order {
                parent_id: Some(first),
                auto_cancel_parent: Some(takes),
                ..limit("SELL", "100", 450.0)
            };
            stage.ask(1, place(first + 1, child));
            let told = words(&stage.ask(1, cancel(first + 1)));
            assert_eq!(told.iter().filter(|word| word.ends_with(" 202")).count(), wanted, "{told:?}");
        }
    });
}

#[test]
fn an_order_is_nobodys_parent_before_it_is_there_nor_its_own() {
    in_both_eras(|stage| {
        for parent in [1, 2, -5] {
            let order = proto::Order { parent_id: Some(parent), ..limit("BUY", "10", 400.0) };
            assert_eq!(words(&stage.ask(1, place(1, order))), ["error 1 10006"], "parent {parent}");
        }
    });
}

#[test]
fn a_question_may_have_the_number_of_the_order_that_follows_or_of_one_that_lives() {
    in_both_eras(|stage| {
        let question = |order: proto::Order| proto::Order { what_if: Some(true), ..order };
        for _ in 0..2 {
            let told = stage.ask(1, place(1, question(limit("BUY", "10", 400.0))));
            assert_eq!(words(&told), ["open 1 PreSubmitted"]);
        }
        assert_eq!(last(&stage.ask(1, place(1, limit("BUY", "10", 400.0)))), "status 1 Submitted 0/10");
        let told = stage.ask(1, place(1, question(limit("BUY", "20", 400.0))));
        assert_eq!(words(&told), ["open 1 PreSubmitted"]);
        let open = words(&stage.ask(1, proto::OpenOrdersRequest {}));
        assert_eq!(open, ["open 1 Submitted", "status 1 Submitted 0/10", "OPEN_ORDER_END"]);
    });
}

#[test]
fn a_global_cancel_reaches_everybody_and_each_hears_of_his_own() {
    for version in ERAS {
        let mut stage = Stage::new();
        for (session, client) in [(1, 7), (2, 8), (3, 0)] {
            stage.connect_as(session, client, version);
        }
        stage.ask(1, place(1, limit("BUY", "10", 400.0)));
        stage.ask(1, place(2, proto::Order { transmit: Some(false), ..limit("BUY", "10", 400.0) }));
        stage.ask(2, place(1, stop("BUY", "10", 450.0)));
        stage.ask(3, place(1, limit("BUY", "10", 400.0)));
        let told = words(&stage.ask(2, proto::GlobalCancelRequest::default()));
        assert_eq!(told, ["status 1 Cancelled 0/10", "error 1 202"]);
        let mut told = words(&stage.told(1));
        told.sort_by_key(|word| word.split(' ').nth(1).map(str::to_owned));
        let wanted = ["status 1 Cancelled 0/10", "error 1 202", "status 2 Cancelled 0/10", "error 2 202"];
        assert_eq!(told, wanted, "{version}");
        assert_eq!(words(&stage.told(3)), ["status 1 Cancelled 0/10", "error 1 202"]);
        assert_eq!(words(&stage.ask(1, proto::AllOpenOrdersRequest {})), ["OPEN_ORDER_END"]);
        // With nothing left it does nothing.
        assert!(stage.ask(1, proto::GlobalCancelRequest::default()).is_empty());
    }
}

#[test]
fn nobody_cancels_or_changes_the_order_of_another() {
    for version in ERAS {
        let settings = ServerSettings { master_client_id: Some(9), ..ServerSettings::default() };
        let mut stage = Stage::with(settings);
        for (session, client) in [(1, 7), (2, 8), (3, 9)] {
            stage.connect_as(session, client, version);
        }
        stage.ask(1, place(5, limit("BUY", "10", 400.0)));
        assert!(words(&stage.told(3)).contains(&"status 5 Submitted 0/10".to_owned()), "the master hears");
        for session in [2, 3] {
            assert_eq!(words(&stage.ask(session, cancel(5))), ["error 5 10147"], "session {session}");
        }
        // The same number is another order.
        assert_eq!(last(&stage.ask(2, place(5, limit("BUY", "20", 399.0)))), "status 5 Submitted 0/20");
        let open = words(&stage.ask(1, proto::OpenOrdersRequest {}));
        assert_eq!(open, ["open 5 Submitted", "status 5 Submitted 0/10", "OPEN_ORDER_END"]);
    }
}

#[test]
fn an_order_that_was_held_back_is_changed_sent_and_cancelled_like_any_other() {
    in_both_eras(|stage| {
        let held = |order: proto::Order| proto::Order { transmit: Some(false), ..order };
        stage.ask(1, place(1, held(limit("BUY", "10", 400.0))));
        let told = words(&stage.ask(1, place(1, held(limit("BUY", "20", 401.0)))));
        assert_eq!(told, ["open 1 PendingSubmit", "status 1 PendingSubmit 0/20"]);
        assert_eq!(last(&stage.ask(1, place(1, limit("BUY", "20", 401.0)))), "status 1 Submitted 0/20");
        stage.ask(1, place(2, held(market("BUY", "10"))));
        assert_eq!(words(&stage.ask(1, cancel(2))), ["status 2 Cancelled 0/10", "error 2 202"]);
    });
}

#[test]
fn what_has_ended_is_told_today_and_forgotten_tomorrow() {
    // A minute before midnight in New York.
    let late = Timestamp::from_seconds(1_767_416_340);
    for version in ERAS {
        let mut stage = Stage::at(ServerSettings::default(), late);
        stage.connect_as(1, 7, version);
        stage.ask(1, place(1, market("BUY", "10")));
        stage.ask(1, place(2, limit("BUY", "10", 400.0)));
        stage.ask(1, cancel(2));
        let count = |stage: &mut Stage| {
            let told = words(&stage.ask(1, proto::CompletedOrdersRequest { api_only: Some(false) }));
            assert_eq!(told.last().map(String::as_str), Some("COMPLETED_ORDERS_END"), "{told:?}");
            told.len() - 1
        };
        assert_eq!(count(&mut stage), 2);
        stage.pass(120);
        assert_eq!(count(&mut stage), 0);
        stage.ask(1, place(3, market("BUY", "10")));
        assert_eq!(count(&mut stage), 1);
    }
}

#[test]
fn numbers_that_are_none_are_refused_and_the_last_one_is_taken() {
    in_both_eras(|stage| {
        for id in [0, -1, i32::MIN, i32::MAX - 1, 1_500_000_000] {
            assert_eq!(
                words(&stage.ask(1, place(id, limit("BUY", "1", 400.0)))),
                [format!("error {id} 321")]
            );
        }
        let told = stage.ask(1, place(1_499_999_999, limit("BUY", "1", 400.0)));
        assert_eq!(last(&told), "status 1499999999 Submitted 0/1");
    });
}

#[test]
fn odd_sizes_are_refused_and_kill_nobody() {
    in_both_eras(|stage| {
        for (quantity, code) in
            [("0", 434), ("-5", 321), ("1e400", 321), ("NaN", 321), ("ten", 321), ("", 321)]
        {
            let told = words(&stage.ask(1, place(1, limit("BUY", quantity, 400.0))));
            assert!(
                told == [format!("error 1 {code}")] || told == ["error 1 320"] || told == ["error 1 434"],
                "{quantity}: {told:?}"
            );
        }
        for price in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300] {
            let told = words(&stage.ask(1, place(1, limit("BUY", "1", price))));
            assert!(told.last().is_some_and(|word| word.starts_with("error 1 ")), "{price}: {told:?}");
        }
        let vast = "79228162514264337593543950335";
        let told = words(&stage.ask(1, place(2, limit("BUY", vast, 400.0))));
        assert!(told.last().is_some_and(|word| word.starts_with("error 2 ")), "{told:?}");
        assert_eq!(last(&stage.ask(1, place(3, limit("BUY", "1", 400.0)))), "status 3 Submitted 0/1");
    });
}

#[test]
fn an_event_contract_is_bought_at_its_prices_and_never_sold() {
    in_both_eras(|stage| {
        let event = |right: &str| proto::Contract {
            symbol: Some("CPIY".to_owned()),
            sec_type: Some("OPT".to_owned()),
            exchange: Some("FORECASTX".to_owned()),
            currency: Some("USD".to_owned()),
            last_trade_date_or_contract_month: Some("20351231".to_owned()),
            strike: Some(0.0),
            right: Some(right.to_owned()),
            ..proto::Contract::default()
        };
        let order = |id: i32, right: &str, order: proto::Order| proto::PlaceOrderRequest {
            contract: Some(event(right)),
            ..place(id, order)
        };
        let told = words(&stage.ask(1, order(1, "C", limit("BUY", "10", 0.99))));
        assert!(told.contains(&"status 1 Filled 10/0".to_owned()), "{told:?}");
        assert_eq!(words(&stage.ask(1, order(2, "C", limit("SELL", "10", 0.5)))), ["error 2 10343"]);
        assert_eq!(words(&stage.ask(1, order(2, "P", limit("BUY", "10", 0.01)))), ["error 2 10344"]);
        let told = stage.ask(1, order(2, "P", limit("BUY", "10", 0.02)));
        assert_eq!(last(&told), "status 2 Submitted 0/10");
        let Answer::OpenOrder(open) = &told[0] else { panic!("an order") };
        let contract = open.contract.as_ref().unwrap();
        assert_eq!((contract.sec_type.as_deref(), contract.right.as_deref()), (Some("OPT"), Some("P")));
    });
}

/// What is kept of a day of a busy client is bounded, whatever the number of its orders.
#[test]
fn orders_that_come_and_go_leave_a_bounded_trace() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let mut kept = Vec::new();
    for id in 1..=13_000 {
        stage.ask(1, place(id, limit("BUY", "1", 400.0)));
        stage.ask(1, cancel(id));
        if matches!(id, 11_000 | 13_000) {
            kept.push(stage.server.kept_of_orders());
        }
    }
    assert_eq!(kept[0], kept[1]);
    let [live, ids, keys, ended, ranges, ..] = kept[1];
    assert_eq!((live, ids, keys, ended, ranges), (0, 0, 0, 10_000, 1));
    let exchange = stage.server.world_mut().exchange();
    assert!(exchange.ended_orders().count() <= tradeport_fake_broker::exchange::MOST_ENDED);
}

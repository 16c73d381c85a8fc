//! What is done to orders.

use super::play::{ERAS, Play, cancel, limit, market, place};
use crate::server::{Input, SessionId};
use crate::wire::Answer;
use crate::wire::proto::{AllOpenOrdersRequest, ExecutionRequest, OpenOrdersRequest};

#[test]
fn a_cancel_comes_too_late() {
    for version in ERAS {
        let mut play =
            Play::of(version, "[[rule]]\non = \"received\"\nmessage = \"cancelOrder\"\ndo = [\"fill\"]\n");
        play.connect(1);
        play.ask(1, place(1, limit("BUY", "10", 400.0)));
        let heard = play.ask(1, cancel(1));
        let place_of = |wanted: &str| heard.iter().position(|word| word == wanted).unwrap();
        assert!(place_of("exec 1 BOT 10 @400") < place_of("error 1 10148"), "{heard:?}");
        assert!(heard.contains(&"status 1 Filled 10/0".to_owned()));
    }
}

#[test]
fn a_cancel_is_answered_with_each_of_its_errors_while_the_order_works() {
    for code in [161, 10_147] {
        let document = format!(
            "[[rule]]\non = \"received\"\nmessage = \"cancelOrder\"\ndo = [{{ refuse = {{ code = {code} }} }}]\n\
             [[rule]]\non = \"received\"\nmessage = \"cancelOrder\"\nafter = \"1s\"\ndo = [\"fill\"]\n"
        );
        let mut play = Play::of(226, &document);
        play.connect(1);
        play.ask(1, place(1, limit("BUY", "10", 400.0)));
        assert_eq!(play.ask(1, cancel(1)), [format!("error 1 {code}")]);
        play.pass(1_000);
        assert!(play.heard(1).contains(&"status 1 Filled 10/0".to_owned()));
    }
}

#[test]
fn an_order_is_said_to_be_cancelled_and_fills() {
    for version in ERAS {
        let document = "[[rule]]\non = \"received\"\nmessage = \"cancelOrder\"\ndo = [{ pretend = \"Cancelled\" }, \"ignore\"]\n\
                        [[rule]]\non = \"sending\"\ncode = 202\nafter = \"2s\"\ndo = [\"fill\"]\n\
                        [[rule]]\non = \"received\"\nmessage = \"cancelOrder\"\nafter = \"2s\"\ndo = [\"fill\"]\n";
        let mut play = Play::of(version, document);
        play.connect(1);
        play.ask(1, place(1, limit("BUY", "10", 400.0)));
        assert_eq!(play.ask(1, cancel(1)), ["status 1 Cancelled 0/10", "error 1 202"]);
        play.pass(2_000);
        assert_eq!(play.heard(1)[0], "exec 1 BOT 10 @400");
    }
}

#[test]
fn an_execution_is_corrected_with_the_next_revision_of_its_id() {
    for version in ERAS {
        let document = "[[rule]]\non = \"execution\"\nafter = \"3s\"\ndo = [{ correct = { by = -0.05 } }]\n";
        let mut play = Play::of(version, document);
        play.connect(1);
        play.ask(1, place(1, market("BUY", "10")));
        play.pass(3_000);
        let again = play.answers(1);
        let ids: Vec<_> = again
            .iter()
            .filter_map(|answer| match answer {
                Answer::ExecutionDetails(it) => it.execution.clone(),
                _ => None,
            })
            .map(|it| (it.exec_id.unwrap(), it.price.unwrap()))
            .collect();
        let [(id, price)] = ids.as_slice() else { panic!("{ids:?}") };
        assert!(id.ends_with(".01.02"), "{id}");
        assert!((price - 430.05).abs() < 1e-9, "{price}");
        let listed = play.ask(1, ExecutionRequest { req_id: Some(3), execution_filter: None });
        assert_eq!(listed[0], "exec 1 BOT 10 @430.05");
    }
}

#[test]
fn an_execution_counts_in_part_or_is_told_again() {
    let document = "[[rule]]\non = \"execution\"\nafter = \"1s\"\ndo = [{ bust = { left = 4 } }]\n\
                    [[rule]]\non = \"execution\"\nafter = \"2s\"\ndo = [\"repeat\"]\n";
    let mut play = Play::of(226, document);
    play.connect(1);
    play.ask(1, place(1, market("BUY", "10")));
    play.pass(1_000);
    assert_eq!(play.heard(1)[0], "exec 1 BOT 4 @430.1");
    play.pass(1_000);
    assert_eq!(play.heard(1), ["exec 1 BOT 4 @430.1"]);
}

#[test]
fn a_status_sets_a_rule_off_once_for_each_order_that_comes_to_it() {
    let document = "[[rule]]\non = \"order\"\nstatus = \"Submitted\"\ntimes = \"always\"\ndo = [\"fill\"]\n";
    let mut play = Play::of(226, document);
    play.connect(1);
    for id in 1..=3 {
        let heard = play.ask(1, place(id, limit("BUY", "10", 400.0)));
        assert!(heard.contains(&format!("status {id} Filled 10/0")), "{heard:?}");
    }
}

#[test]
fn a_person_trades_beside_the_clients() {
    let document = "[[rule]]\nat = \"5s\"\ndo = [{ enter_by_hand = { symbol = \"AAPL\", side = \"sell\", quantity = 30, limit = 500 } }]\n\
                    [[rule]]\nat = \"5s\"\ndo = [{ enter_by_hand = { symbol = \"NOSUCH\", side = \"buy\", quantity = 1 } }]\n";
    let mut play = Play::of(226, document);
    play.connect(1);
    play.pass(5_000);
    play.heard(1);
    let open = play.ask(1, AllOpenOrdersRequest {});
    assert_eq!(open[..2], ["open 0 Submitted", "status 0 Submitted 0/30"]);
}

#[test]
fn what_sets_itself_off_comes_to_an_end() {
    let document = "[[rule]]\non = \"order\"\nstatus = \"Submitted\"\ntimes = \"always\"\n\
                    do = [{ enter_by_hand = { symbol = \"AAPL\", side = \"buy\", quantity = 1, limit = 1 } }]\n";
    let mut play = Play::of(226, document);
    play.connect(1);
    play.ask(1, place(1, limit("BUY", "10", 400.0)));
    let open = play.ask(1, AllOpenOrdersRequest {});
    assert!(open.len() < 200, "{}", open.len());
}

#[test]
fn one_change_becomes_two_live_orders_with_two_permanent_ids() {
    for version in ERAS {
        let document = "[[rule]]\non = \"received\"\nmessage = \"placeOrder\"\nnth = 2\ndo = [\"double\"]\n";
        let mut play = Play::of(version, document);
        play.connect(1);
        play.ask(1, place(1, limit("BUY", "10", 400.0)));
        let heard = play.ask(1, place(1, limit("BUY", "10", 401.0)));
        assert!(heard.contains(&"status 1 Submitted 0/10".to_owned()), "{heard:?}");
        let bytes = play.bytes_of(OpenOrdersRequest {});
        play.step(Input::Received(SessionId(1), &bytes));
        let open: Vec<_> = play
            .answers(1)
            .into_iter()
            .filter_map(|answer| match answer {
                Answer::OpenOrder(it) => it.order.clone(),
                _ => None,
            })
            .map(|order| (order.perm_id.unwrap(), order.lmt_price.unwrap().to_string()))
            .collect();
        let [(first, old), (second, new)] = open.as_slice() else { panic!("{open:?}") };
        assert_ne!(first, second);
        assert_eq!((old.as_str(), new.as_str()), ("400", "401"));
        // One ends; the other can still be cancelled by the id.
        assert!(play.ask(1, cancel(1)).contains(&"status 1 Cancelled 0/10".to_owned()));
    }
}

#[test]
fn what_was_done_before_a_restart_is_told_after_it_and_numbers_go_back() {
    use crate::wire::proto::CompletedOrdersRequest;
    for version in ERAS {
        let document = "[[rule]]\nat = \"60s\"\ndo = [{ restart = { down = \"5s\", roll_back = 2 } }]\n";
        let mut play = Play::of(version, document);
        play.connect(1);
        play.ask(1, place(1, market("BUY", "10")));
        play.ask(1, place(2, limit("BUY", "10", 400.0)));
        play.ask(1, cancel(2));
        play.ask(1, place(3, limit("BUY", "10", 399.0)));
        play.pass(70_000);
        let heard = play.connect(1);
        assert!(heard.contains(&"open 3 Submitted".to_owned()), "{version}: {heard:?}");
        let heard = play.ask(1, CompletedOrdersRequest { api_only: Some(true) });
        assert_eq!(heard, ["COMPLETED_ORDER", "COMPLETED_ORDER", "COMPLETED_ORDERS_END"], "{version}");
        let heard = play.ask(1, ExecutionRequest::default());
        assert_eq!(heard, ["exec 1 BOT 10 @430.1", "cost 1", "EXECUTION_DATA_END"], "{version}");
        // The second number is free again, the third is that of an order which lives: it is changed.
        let heard = play.ask(1, place(2, limit("BUY", "5", 398.0)));
        assert!(heard.contains(&"status 2 Submitted 0/5".to_owned()), "{version}: {heard:?}");
        let heard = play.ask(1, place(3, limit("BUY", "7", 399.0)));
        assert!(heard.contains(&"status 3 Submitted 0/7".to_owned()), "{version}: {heard:?}");
        assert_eq!(play.ask(1, place(1, limit("BUY", "7", 399.0))), ["error 1 104"], "{version}");
    }
}

//! What becomes of requests.

use super::play::{ERAS, Play, limit, market, place};
use crate::server::chaos::asking::number_of;
use crate::wire::Request;
use crate::wire::proto::{
    AccountDataRequest, ContractDataRequest, CurrentTimeRequest, OpenOrdersRequest, PlaceOrderRequest,
};

fn rule(lines: &str, act: &str) -> String {
    format!("[[rule]]\non = \"received\"\n{lines}\ndo = [{act}]\n")
}

#[test]
fn a_placement_gets_no_answer_at_all_while_its_siblings_fill() {
    for version in ERAS {
        let mut play = Play::of(version, &rule("message = \"placeOrder\"\nnth = 2", "\"ignore\""));
        play.connect(1);
        assert!(!play.ask(1, place(1, market("BUY", "10"))).is_empty());
        assert!(play.ask(1, place(2, market("BUY", "10"))).is_empty());
        assert!(!play.ask(1, place(3, market("BUY", "10"))).is_empty());
        assert_eq!(play.ask(1, OpenOrdersRequest {}), ["OPEN_ORDER_END"]);
    }
}

#[test]
fn a_slow_server_answers_late() {
    for version in ERAS {
        let mut play = Play::of(version, &rule("message = \"any\"\ntimes = \"always\"", "{ hold = \"2s\" }"));
        assert!(play.connect(1).is_empty());
        play.pass(2_000);
        assert_eq!(play.heard(1).len(), 5);
        assert!(play.ask(1, CurrentTimeRequest {}).is_empty());
        play.pass(2_000);
        assert_eq!(play.heard(1), ["CURRENT_TIME"]);
    }
}

#[test]
fn a_request_is_refused_with_any_code_under_its_own_number() {
    for version in ERAS {
        let mut play = Play::of(
            version,
            &rule("message = \"placeOrder\"\ntimes = \"always\"", "{ refuse = { code = 321 } }"),
        );
        play.connect(1);
        assert_eq!(play.ask(1, place(7, limit("BUY", "10", 400.0))), ["error 7 321"]);
        let mut play = Play::of(
            version,
            &rule("message = \"reqContractDetails\"", "{ refuse = { code = 200, text = \"so\" } }"),
        );
        play.connect(1);
        let request = ContractDataRequest { req_id: Some(9), contract: Some(super::play::apple()) };
        assert_eq!(play.ask(1, request.clone()), ["error 9 200"]);
        assert!(play.ask(1, request).contains(&"CONTRACT_DATA_END".to_owned()));
    }
}

#[test]
fn a_request_that_cuts_its_own_connection_is_done_all_the_same() {
    for version in ERAS {
        let mut play = Play::of(version, &rule("message = \"placeOrder\"", "\"cut\""));
        play.connect(1);
        assert!(play.ask(1, place(1, limit("BUY", "10", 400.0))).is_empty());
        assert!(play.is_closed(1));
        play.open(2);
        play.start(2, 1);
        assert_eq!(play.ask(2, OpenOrdersRequest {})[0], "open 1 Submitted");
    }
}

#[test]
fn the_number_of_a_request_is_the_one_its_client_gave() {
    let order = PlaceOrderRequest { order_id: Some(-3), ..PlaceOrderRequest::default() };
    assert_eq!(number_of(&order.into()), Some(-3));
    let details = ContractDataRequest { req_id: Some(70_000), contract: None };
    assert_eq!(number_of(&details.into()), Some(70_000));
    let account = AccountDataRequest { subscribe: Some(true), acct_code: None };
    assert_eq!(number_of(&account.into()), None);
    for (id, name) in Request::ALL {
        let empty = Request::empty(*id).unwrap();
        assert_eq!(number_of(&empty), None, "{name}");
    }
}

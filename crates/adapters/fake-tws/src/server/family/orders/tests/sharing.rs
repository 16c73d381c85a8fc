//! Several clients, one broker: whose orders are whose, and who hears of them.

use super::stage::{Stage, apple, cancel, limit, market, place, words};
use crate::server::ServerSettings;
use crate::wire::{Answer, proto};

#[test]
fn each_client_has_its_own_numbers_and_hears_of_its_own_orders() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.connect(2, 8);
    stage.ask(1, place(1, limit("BUY", "10", 400.0)));
    stage.ask(2, place(1, limit("BUY", "20", 400.0)));
    assert!(stage.told(1).is_empty());
    assert_eq!(words(&stage.ask(2, proto::OpenOrdersRequest {})).len(), 3);
    let all = stage.ask(2, proto::AllOpenOrdersRequest {});
    let clients: Vec<_> = all
        .iter()
        .filter_map(|answer| match answer {
            Answer::OpenOrder(it) => it.order.as_ref().and_then(|it| it.client_id),
            _ => None,
        })
        .collect();
    assert_eq!(clients, [7, 8]);
    assert_eq!(words(&stage.ask(2, cancel(1)))[0], "status 1 Cancelled 0/20");
    assert!(stage.told(1).is_empty());
}

#[test]
fn the_master_hears_of_all() {
    let settings = ServerSettings { master_client_id: Some(9), ..ServerSettings::default() };
    let mut stage = Stage::with(settings);
    stage.connect(1, 7);
    stage.connect(2, 9);
    stage.told(2);
    stage.ask(1, place(1, market("BUY", "10")));
    let heard = words(&stage.told(2));
    assert!(heard.contains(&"exec 1 BOT 10 @430.1".to_owned()), "{heard:?}");
    assert!(heard.contains(&"status 1 Filled 10/0".to_owned()), "{heard:?}");
}

#[test]
fn who_comes_back_finds_its_orders() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, limit("BUY", "10", 425.0)));
    stage.ask(1, place(2, limit("BUY", "10", 400.0)));
    stage.disconnect(1);
    stage.quote("424.90", "425.00");
    stage.connect(2, 7);
    let open = words(&stage.ask(2, proto::OpenOrdersRequest {}));
    assert_eq!(open[0], "open 2 Submitted");
    let done = words(&stage.ask(2, proto::ExecutionRequest { req_id: Some(4), execution_filter: None }));
    assert_eq!(done, ["exec 1 BOT 10 @425", "cost 1", "EXECUTION_DATA_END"]);
    assert_eq!(words(&stage.ask(2, cancel(2)))[0], "status 2 Cancelled 0/10");
}

#[test]
fn client_zero_binds_what_a_person_enters() {
    let mut stage = Stage::new();
    stage.connect(1, 0);
    stage.connect(2, 7);
    let mut out = Vec::new();
    let perm_id =
        stage.server.enter_by_hand(&apple(), &limit("BUY", "10", 400.0), stage.now, &mut out).unwrap();
    stage.hear(out);
    assert_eq!(words(&stage.told(1))[0], "open 0 PreSubmitted");
    assert!(stage.told(2).is_empty());
    assert_eq!(
        words(&stage.ask(2, proto::AutoOpenOrdersRequest { auto_bind: Some(true) })),
        ["error -1 327"]
    );
    let told = stage.ask(1, proto::OpenOrdersRequest {});
    let Answer::OrderBound(bound) = &told[0] else { panic!("bound first: {told:?}") };
    assert_eq!((bound.perm_id, bound.client_id, bound.order_id), (Some(perm_id), Some(0), Some(-1)));
    assert_eq!(words(&told[1..2]), ["open -1 Submitted"]);
    let told = words(&stage.ask(1, place(-1, limit("BUY", "12", 401.0))));
    assert_eq!(told, ["open -1 Submitted", "status -1 Submitted 0/12"]);
    assert_eq!(words(&stage.ask(1, cancel(-1)))[0], "status -1 Cancelled 0/12");
    stage.ask(1, proto::AutoOpenOrdersRequest { auto_bind: Some(true) });
    let mut out = Vec::new();
    stage.server.enter_by_hand(&apple(), &market("BUY", "10"), stage.now, &mut out).unwrap();
    stage.hear(out);
    let told = words(&stage.told(1));
    assert_eq!(told[..2], ["ORDER_BOUND", "open -2 PreSubmitted"]);
    assert!(told.contains(&"exec -2 BOT 10 @430.1".to_owned()), "{told:?}");
}

#[test]
fn executions_are_told_by_their_filter() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.connect(2, 8);
    stage.ask(1, place(1, market("BUY", "10")));
    stage.pass(60);
    stage.ask(2, place(1, market("SELL", "4")));
    let count = |stage: &mut Stage, filter: proto::ExecutionFilter| {
        let request = proto::ExecutionRequest { req_id: Some(3), execution_filter: Some(filter) };
        let told = words(&stage.ask(1, request));
        assert_eq!(told.last().map(String::as_str), Some("EXECUTION_DATA_END"), "{told:?}");
        told.iter().filter(|word| word.starts_with("exec")).count()
    };
    let none = proto::ExecutionFilter::default;
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(count(&mut stage, none()), 2);
    let cases = [
        (1, proto::ExecutionFilter { client_id: Some(8), ..none() }),
        (2, proto::ExecutionFilter { client_id: Some(0), ..none() }),
        (1, proto::ExecutionFilter { side: text("SELL"), ..none() }),
        (1, proto::ExecutionFilter { side: text("BUY"), ..none() }),
        (0, proto::ExecutionFilter { symbol: text("IBM"), ..none() }),
        (2, proto::ExecutionFilter { symbol: text("AAPL"), sec_type: text("STK"), ..none() }),
        (0, proto::ExecutionFilter { sec_type: text("OPT"), ..none() }),
        (2, proto::ExecutionFilter { exchange: text("SMART"), ..none() }),
        (0, proto::ExecutionFilter { exchange: text("LSE"), ..none() }),
        (2, proto::ExecutionFilter { acct_code: text("DU1234567"), ..none() }),
        (0, proto::ExecutionFilter { acct_code: text("DU7"), ..none() }),
        (1, proto::ExecutionFilter { time: text("20260102-15:04:30"), ..none() }),
        (2, proto::ExecutionFilter { last_n_days: Some(2), ..none() }),
        (0, proto::ExecutionFilter { specific_dates: vec![20_260_101], ..none() }),
        (2, proto::ExecutionFilter { specific_dates: vec![20_260_102], ..none() }),
    ];
    for (at, (wanted, filter)) in cases.into_iter().enumerate() {
        assert_eq!(count(&mut stage, filter), wanted, "case {at}");
    }
    let bad = proto::ExecutionFilter { side: text("HOLD"), ..none() };
    let request = proto::ExecutionRequest { req_id: Some(3), execution_filter: Some(bad) };
    assert_eq!(words(&stage.ask(1, request)), ["error 3 321"]);
}

//! What is refused because there is too much of it.

use crate::server::desk::{Desk, apple, error, of_number};
use crate::server::{Limits, ServerSettings};
use crate::wire::proto::{MarketDataRequest, MarketDepthRequest, RealTimeBarsRequest, TickByTickRequest};

fn with(market_data_lines: usize) -> Desk {
    let limits = Limits { market_data_lines, ..Limits::default() };
    Desk::new(ServerSettings { limits, ..ServerSettings::default() })
}

fn line(id: i32) -> MarketDataRequest {
    MarketDataRequest { req_id: Some(id), contract: apple(), ..MarketDataRequest::default() }
}

fn bars(id: i32) -> RealTimeBarsRequest {
    RealTimeBarsRequest {
        req_id: Some(id),
        contract: apple(),
        bar_size: Some(5),
        what_to_show: Some("TRADES".to_owned()),
        use_rth: Some(false),
        ..RealTimeBarsRequest::default()
    }
}

fn ticks(id: i32, contract: i32) -> TickByTickRequest {
    TickByTickRequest {
        req_id: Some(id),
        contract: of_number(contract, "SMART"),
        tick_type: Some("Last".to_owned()),
        ..TickByTickRequest::default()
    }
}

#[test]
fn quotes_and_bars_share_the_lines_of_all_clients() {
    let mut desk = with(4);
    desk.connect(2, "v213..226");
    desk.ask(line(1));
    desk.ask(line(2));
    desk.ask_as(2, line(1));
    assert!(desk.ask(bars(1)).is_empty());
    assert_eq!(error(&desk.ask(line(3))).1, 101);
    assert_eq!(error(&desk.ask_as(2, bars(1))).1, 101);
    assert_eq!(error(&desk.ask(line(1))).1, 322, "an id that is in use");
}

#[test]
fn tick_by_tick_has_a_twentieth_of_the_lines_and_one_contract_every_quarter_of_a_minute() {
    let mut desk = with(60);
    for number in 0..3 {
        assert!(desk.ask(ticks(number, 1_001 + number)).is_empty());
    }
    assert_eq!(error(&desk.ask(ticks(3, 1_004))).1, 10_190);
    let mut desk = with(100);
    assert!(desk.ask(ticks(1, 1_001)).is_empty());
    assert_eq!(error(&desk.ask(ticks(2, 1_001))).1, 10_190, "too soon");
    let others = TickByTickRequest { tick_type: Some("BidAsk".to_owned()), ..ticks(3, 1_001) };
    assert!(desk.ask(others).is_empty(), "of another kind");
    desk.wait(15_000);
    assert!(desk.ask(ticks(2, 1_001)).is_empty());
}

#[test]
fn what_has_no_ticks_is_told_of_which_kind() {
    let mut desk = with(100);
    let index = TickByTickRequest { contract: of_number(3_001, "CBOE"), ..ticks(1, 1_001) };
    let (_, code, text) = error(&desk.ask(index));
    assert_eq!(code, 10_189);
    assert!(text.ends_with("Last tick-by-tick data is not available for IND"), "{text}");
}

#[test]
fn three_books_are_open_at_once() {
    let mut desk = with(100);
    let book = |id| MarketDepthRequest {
        req_id: Some(id),
        contract: apple(),
        num_rows: Some(5),
        ..MarketDepthRequest::default()
    };
    for id in 1..=3 {
        assert!(desk.ask(book(id)).len() == 10);
    }
    assert_eq!(error(&desk.ask(book(4))).1, 309);
}

#[test]
fn sixty_requests_for_bars_fit_ten_minutes() {
    let mut desk = with(1_000);
    let contract = |number: i32| of_number(1_001 + number % 29, "SMART");
    for id in 0..60 {
        let request = RealTimeBarsRequest { contract: contract(id), ..bars(id) };
        assert!(desk.ask(request).is_empty(), "{id}");
        desk.wait(1_000);
    }
    let (_, code, text) = error(
        &desk
            .ask(RealTimeBarsRequest { contract: contract(60), ..bars(60) })
            .into_iter()
            .filter(|it| it.name() == "ERR_MSG")
            .collect::<Vec<_>>(),
    );
    assert_eq!(code, 420);
    assert!(text.contains("pacing violation"), "{text}");
}

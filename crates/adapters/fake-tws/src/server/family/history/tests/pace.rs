//! How fast history may be asked for.

use super::bars_of;
use crate::server::desk::{Desk, error, names, of_number};
use crate::server::{Permissions, ServerSettings};
use crate::wire::proto::{HistoricalDataRequest, HistoricalTicksRequest};
use std::collections::BTreeSet;

fn small(end: i32) -> HistoricalDataRequest {
    HistoricalDataRequest {
        end_date_time: Some(format!("20261119-15:{end:02}:00")),
        ..bars_of("60 S", "5 secs")
    }
}

const SERVED: [&str; 2] = ["HISTORICAL_DATA", "HISTORICAL_DATA_END"];

#[test]
fn the_very_same_request_waits_a_quarter_of_a_minute() {
    let mut desk = Desk::new(ServerSettings::default());
    assert_eq!(names(&desk.ask(small(0))), SERVED);
    desk.wait(14_999);
    let (id, code, text) = error(&desk.ask(small(0)));
    assert_eq!((id, code), (3, 162));
    assert_eq!(text, "Historical Market Data Service error message:Historical data request pacing violation");
    desk.wait(1);
    assert_eq!(names(&desk.ask(small(0))), SERVED);
}

#[test]
fn no_more_than_five_of_a_kind_fit_two_seconds_and_bid_and_ask_count_twice() {
    let mut desk = Desk::new(ServerSettings::default());
    for end in 0..5 {
        assert_eq!(names(&desk.ask(small(end))), SERVED);
    }
    assert_eq!(error(&desk.ask(small(5))).1, 162);
    let both = |end| HistoricalDataRequest { what_to_show: Some("BID_ASK".to_owned()), ..small(end) };
    assert_eq!(names(&desk.ask(both(0))), SERVED, "of another kind");
    assert_eq!(names(&desk.ask(both(1))), SERVED);
    assert_eq!(error(&desk.ask(both(2))).1, 162);
    desk.wait(2_000);
    assert_eq!(names(&desk.ask(small(5))), SERVED);
}

#[test]
fn sixty_in_ten_minutes_are_the_most_and_larger_bars_are_free() {
    let mut desk = Desk::new(ServerSettings::default());
    for number in 0..60 {
        let request =
            HistoricalDataRequest { contract: of_number(1_001 + number % 25, "SMART"), ..small(number) };
        assert_eq!(names(&desk.ask(request)), SERVED);
        desk.wait(500);
    }
    let request = HistoricalDataRequest { contract: of_number(2_001, "SMART"), ..small(1) };
    assert_eq!(error(&desk.ask(request.clone())).1, 162);
    for _ in 0..10 {
        assert_eq!(names(&desk.ask(bars_of("1 D", "1 min"))), SERVED);
    }
    desk.wait(600_000);
    assert_eq!(names(&desk.ask(request)), SERVED);
}

#[test]
fn ticks_that_come_too_fast_have_an_error_of_their_own() {
    let mut desk = Desk::new(ServerSettings::default());
    let request = HistoricalTicksRequest {
        req_id: Some(6),
        contract: of_number(1_001, "SMART"),
        end_date_time: Some("20261119 15:00:00 UTC".to_owned()),
        number_of_ticks: Some(10),
        what_to_show: Some("TRADES".to_owned()),
        ..HistoricalTicksRequest::default()
    };
    desk.ask(request.clone());
    assert_eq!(error(&desk.ask(request)).1, 420);
}

#[test]
fn fifty_are_kept_up_to_date_at_once() {
    let mut desk = Desk::new(ServerSettings::default());
    let request = |id| HistoricalDataRequest {
        req_id: Some(id),
        keep_up_to_date: Some(true),
        ..bars_of("3600 S", "30 mins")
    };
    for id in 0..50 {
        assert_eq!(names(&desk.ask(request(id))), SERVED);
    }
    assert_eq!(error(&desk.ask(request(50))).1, 322);
}

#[test]
fn what_may_not_be_seen_has_no_history() {
    let permissions = Permissions::Only(BTreeSet::from(["NYSE".to_owned()]));
    let mut desk = Desk::new(ServerSettings { permissions, ..ServerSettings::default() });
    let (_, code, text) = error(&desk.ask(bars_of("1 D", "1 hour")));
    assert_eq!(code, 162);
    assert!(text.ends_with("No market data permissions for NASDAQ STK"), "{text}");
}

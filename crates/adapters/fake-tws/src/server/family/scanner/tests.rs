//! Scans: what they find, how often, and what can be asked.

use super::codes::{CODES, LOCATIONS};
use super::parameters;
use crate::server::testing::{Client, names, refused};
use crate::translate::xml::Element;
use crate::wire::Answer;
use crate::wire::proto::{
    CancelScannerSubscription, ScannerData, ScannerParametersRequest, ScannerSubscription,
    ScannerSubscriptionRequest, TagValue,
};

fn scan(instrument: &str, place: &str, code: &str) -> ScannerSubscription {
    ScannerSubscription {
        number_of_rows: Some(-1),
        instrument: Some(instrument.to_owned()),
        location_code: Some(place.to_owned()),
        scan_code: Some(code.to_owned()),
        ..ScannerSubscription::default()
    }
}

fn ask(client: &mut Client, id: i32, wanted: &ScannerSubscription) -> Vec<Answer> {
    client.ask(ScannerSubscriptionRequest { req_id: Some(id), scanner_subscription: Some(wanted.clone()) })
}

fn data(answers: &[Answer]) -> ScannerData {
    let [Answer::ScannerData(data)] = answers else { panic!("{answers:?}") };
    data.as_ref().clone()
}

fn symbols(data: &ScannerData) -> Vec<String> {
    let rows = &data.scanner_data_element;
    assert!((0..).zip(rows).all(|(rank, row)| row.rank == Some(rank)), "ranks count up from zero");
    rows.iter().map(|row| row.contract.as_ref().unwrap().symbol.clone().unwrap()).collect()
}

fn found(wanted: &ScannerSubscription) -> Vec<String> {
    symbols(&data(&ask(&mut Client::new(), 1, wanted)))
}

#[test]
fn gainers_and_losers_are_different_and_in_order() {
    let gainers = found(&scan("STK", "STK.US.MAJOR", "TOP_PERC_GAIN"));
    let losers = found(&scan("STK", "STK.US.MAJOR", "TOP_PERC_LOSE"));
    assert!(gainers.len() + losers.len() > 40, "{gainers:?} {losers:?}");
    assert!(gainers.iter().all(|symbol| !losers.contains(symbol)));
    let few = ScannerSubscription { number_of_rows: Some(3), ..scan("STK", "STK.US.MAJOR", "TOP_PERC_GAIN") };
    assert_eq!(found(&few), gainers[..3.min(gainers.len())]);
}

#[test]
fn places_and_filters_leave_out_what_is_elsewhere() {
    let nasdaq = found(&scan("STK", "STK.NASDAQ", "MOST_ACTIVE"));
    assert!(nasdaq.contains(&"AAPL".to_owned()) && !nasdaq.contains(&"IBM".to_owned()), "{nasdaq:?}");
    let german = found(&scan("STOCK.EU", "STK.EU.IBIS", "MOST_ACTIVE"));
    assert!(german.contains(&"BMW".to_owned()) && german.len() == 2, "{german:?}");
    let eurex = found(&scan("FUT.EU", "FUT.EU.EUREX", "MOST_ACTIVE"));
    assert!(eurex.contains(&"GBL".to_owned()), "{eurex:?}");
    let all = scan("STK", "STK.US", "MOST_ACTIVE");
    let dear = found(&ScannerSubscription { above_price: Some(200.0), ..all.clone() });
    assert!(dear.contains(&"GOOG".to_owned()) && !dear.contains(&"BAC".to_owned()), "{dear:?}");
    let cheap = found(&ScannerSubscription { below_price: Some(30.0), ..all.clone() });
    assert!(cheap.contains(&"BAC".to_owned()) && !cheap.contains(&"GOOG".to_owned()), "{cheap:?}");
    let tag = TagValue { key: Some("priceAbove".to_owned()), value: Some("200".to_owned()) };
    let by_tag = ScannerSubscription { scanner_subscription_filter_options: vec![tag], ..all.clone() };
    assert_eq!(found(&by_tag), dear);
    let funds = found(&ScannerSubscription { stock_type_filter: Some("ETF".to_owned()), ..all });
    assert!(funds.contains(&"SPY".to_owned()) && !funds.contains(&"AAPL".to_owned()), "{funds:?}");
}

#[test]
fn a_scan_comes_again_until_it_is_cancelled() {
    let mut client = Client::new();
    let wanted = scan("STK", "STK.US.MAJOR", "HOT_BY_VOLUME");
    let first = data(&ask(&mut client, 7, &wanted));
    assert_eq!(first.req_id, Some(7));
    assert_eq!(client.wait(29), []);
    assert_eq!(names(&client.wait(1)), ["SCANNER_DATA"]);
    assert_eq!(names(&client.wait(60)), ["SCANNER_DATA"; 2]);
    assert_eq!(refused(&ask(&mut client, 7, &wanted)), (7, 385));
    assert_eq!(refused(&client.ask(CancelScannerSubscription { req_id: Some(7) })), (7, 162));
    assert_eq!(client.wait(60), []);
    assert_eq!(refused(&client.ask(CancelScannerSubscription { req_id: Some(7) })), (7, 365));
}

#[test]
fn ten_scans_are_enough() {
    let mut client = Client::new();
    let wanted = scan("IND.US", "IND.US", "HIGH_OPT_VOLUME_PUT_CALL_RATIO");
    for id in 1..=10 {
        assert!(!symbols(&data(&ask(&mut client, id, &wanted))).is_empty());
    }
    assert_eq!(refused(&ask(&mut client, 11, &wanted)), (11, 162));
}

#[test]
fn what_is_not_in_the_document_is_refused() {
    let mut client = Client::new();
    for wanted in [
        scan("STONES", "STK.US", "MOST_ACTIVE"),
        scan("STK", "STK.MOON", "MOST_ACTIVE"),
        scan("STK", "FUT.US", "MOST_ACTIVE"),
        scan("STK", "STK.US", "MOST_BEAUTIFUL"),
        ScannerSubscription::default(),
    ] {
        assert_eq!(refused(&ask(&mut client, 3, &wanted)), (3, 162), "{wanted:?}");
    }
}

fn all<'a>(element: &'a Element, name: &str, found: &mut Vec<&'a str>) {
    for child in &element.children {
        if child.name == name {
            found.push(&child.text);
        }
        all(child, name, found);
    }
}

#[test]
fn the_document_is_well_formed_and_everything_in_it_is_served() {
    let answers = Client::new().ask(ScannerParametersRequest {});
    let [Answer::ScannerParameters(told)] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!(told.xml.as_deref(), Some(parameters::document().as_str()));
    let root = Element::parse(told.xml.as_ref().unwrap()).unwrap();
    let list = |name| {
        let mut found = Vec::new();
        all(&root, name, &mut found);
        found
    };
    assert_eq!(list("scanCode").len(), CODES.len());
    assert_eq!(list("locationCode").len(), LOCATIONS.len());
    let mut client = Client::new();
    let mut is_served = |instrument: &str, place: &str, code: &str| {
        // No more than a server takes in a second.
        client.wait(1);
        let answers = ask(&mut client, 1, &scan(instrument, place, code));
        assert_eq!(names(&answers), ["SCANNER_DATA"], "{code} in {place}");
        client.ask(CancelScannerSubscription { req_id: Some(1) });
    };
    for place in LOCATIONS {
        is_served(place.instrument, place.code, "MOST_ACTIVE");
    }
    for code in list("scanCode") {
        is_served("FUT.HK", "FUT.HK", code);
    }
}

//! That nothing is kept of who has gone, and of what was cancelled.

use super::testing::Client;
use super::{Limits, ServerSettings};
use crate::wire::proto::{
    AccountSummaryRequest, CancelMarketData, CancelMarketDepth, CancelPositions, CancelRealTimeBars,
    CancelTickByTick, Contract, HistoricalDataRequest, MarketDataRequest, MarketDepthRequest,
    NewsBulletinsRequest, PnLRequest, PositionsRequest, RealTimeBarsRequest, ScannerSubscription,
    ScannerSubscriptionRequest, TickByTickRequest,
};

const LINES: i32 = 30;

fn share(number: i32) -> Option<Contract> {
    Some(Contract { con_id: Some(1_001 + number), exchange: Some("SMART".into()), ..Contract::default() })
}

/// A client that asks for everything that goes on until it is ended.
fn come(client: &mut Client, round: i32) -> usize {
    let number = client.connect();
    for id in 0..LINES - 2 {
        let generic = (id % 3 == 0).then(|| "233,292,293".to_owned());
        let (req_id, contract) = (Some(id), share(id));
        let lines = MarketDataRequest { req_id, contract, generic_tick_list: generic, ..Default::default() };
        client.ask_on(number, lines);
    }
    let (req_id, contract) = (Some(0), share(round % 20));
    let depth =
        MarketDepthRequest { req_id, contract: contract.clone(), num_rows: Some(5), ..Default::default() };
    client.ask_on(number, depth);
    let tick_type = Some("BidAsk".to_owned());
    let ticks = TickByTickRequest { req_id, contract: contract.clone(), tick_type, ..Default::default() };
    client.ask_on(number, ticks);
    let what_to_show = Some("TRADES".to_owned());
    let bars = RealTimeBarsRequest {
        req_id,
        contract: contract.clone(),
        bar_size: Some(5),
        what_to_show: what_to_show.clone(),
        ..Default::default()
    };
    client.ask_on(number, bars);
    let history = HistoricalDataRequest {
        req_id: Some(900),
        contract,
        bar_size_setting: Some("5 mins".to_owned()),
        duration: Some("1 D".to_owned()),
        what_to_show,
        keep_up_to_date: Some(true),
        ..Default::default()
    };
    client.ask_on(number, history);
    client.ask_on(
        number,
        PnLRequest { req_id: Some(901), account: Some("DU1234567".into()), ..Default::default() },
    );
    let (group, tags) = (Some("All".to_owned()), Some("NetLiquidation".to_owned()));
    client.ask_on(number, AccountSummaryRequest { req_id: Some(902), group, tags });
    client.ask_on(number, PositionsRequest::default());
    client.ask_on(number, NewsBulletinsRequest { all_messages: Some(true) });
    let scan = ScannerSubscription {
        instrument: Some("STK".into()),
        location_code: Some("STK.US.MAJOR".into()),
        scan_code: Some("TOP_PERC_GAIN".into()),
        ..Default::default()
    };
    let scan = ScannerSubscriptionRequest { req_id: Some(903), scanner_subscription: Some(scan) };
    client.ask_on(number, scan);
    number
}

fn cancel_streams(client: &mut Client, number: usize) {
    for id in 0..LINES - 2 {
        client.ask_on(number, CancelMarketData { req_id: Some(id) });
    }
    client.ask_on(number, CancelMarketDepth { req_id: Some(0), is_smart_depth: None });
    client.ask_on(number, CancelTickByTick { req_id: Some(0) });
    client.ask_on(number, CancelRealTimeBars { req_id: Some(0) });
    client.ask_on(number, CancelPositions {});
}

#[test]
fn clients_that_come_and_go_leave_nothing_behind() {
    let limits = Limits { market_data_lines: 40, ..Limits::default() };
    let mut client = Client::of(ServerSettings { limits, ..ServerSettings::default() });
    // Everything that the server holds shows in its debugging text.
    let mut lengths = Vec::new();
    for round in 0..120 {
        let number = come(&mut client, round);
        assert!(client.server.is_streaming(), "round {round}");
        client.wait(2);
        if round % 2 == 0 {
            cancel_streams(&mut client, number);
            assert!(!client.server.is_streaming(), "round {round}: all streams were cancelled");
        }
        client.close(number);
        assert_eq!(client.server.connections(), 1);
        client.wait(18);
        assert!(!client.server.is_streaming());
        // What was asked in the last ten minutes is kept for the pace of history, so twenty minutes pass first.
        if round % 60 == 59 {
            lengths.push(format!("{:?}", client.server).len());
        }
    }
    let (early, late) = (lengths[0], lengths[1]);
    assert!(late < early + early / 100, "{early} bytes after 60 clients, {late} after 120");
}

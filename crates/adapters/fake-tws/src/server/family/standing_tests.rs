//! Lists, display groups, events of companies, and what is refused to everybody.

use crate::server::testing::{Client, error, names, refused};
use crate::wire::Answer;
use crate::wire::proto::*;

#[test]
fn lists_are_told_in_one_answer() {
    let mut client = Client::new();
    assert_eq!(names(&client.ask(MarketDepthExchangesRequest {})), ["MKT_DEPTH_EXCHANGES"]);
    assert_eq!(names(&client.ask(FamilyCodesRequest {})), ["FAMILY_CODES"]);
    assert_eq!(names(&client.ask(SoftDollarTiersRequest { req_id: Some(1) })), ["SOFT_DOLLAR_TIERS"]);
    let answers = client.ask(UserInfoRequest { req_id: Some(2) });
    let [Answer::UserInfo(told)] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!((told.req_id, told.white_branding_id.as_deref()), (Some(2), Some("")));
    let answers = client.ask(FamilyCodesRequest {});
    let [Answer::FamilyCodes(told)] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!(told.family_codes[0].account_id.as_deref(), Some("DU1234567"));
}

#[test]
fn depth_is_shown_where_contracts_are_listed() {
    let mut client = Client::new();
    let answers = client.ask(MarketDepthExchangesRequest {});
    let [Answer::MarketDepthExchanges(told)] = answers.as_slice() else { panic!("{answers:?}") };
    let shown = |exchange: &str, kind: &str| {
        told.depth_market_data_descriptions
            .iter()
            .any(|it| it.exchange.as_deref() == Some(exchange) && it.sec_type.as_deref() == Some(kind))
    };
    let catalog = client.server.world_mut().catalog();
    for contract in catalog.quoted() {
        let it = contract.instrument().description();
        let kind = crate::translate::contract::security_type(it.kind.unwrap()).unwrap_or("OPT");
        let exchange = it.exchange.as_deref().filter(|exchange| *exchange != "SMART");
        let exchange = exchange.or(contract.details().primary_exchange.as_deref()).unwrap_or_default();
        // Indices have no depth, bonds no exchange, and the others have a house or an issuer that makes their prices.
        let has_none = !matches!(kind, "STK" | "FUT" | "CASH" | "CRYPTO");
        assert!(has_none || shown(exchange, kind), "{kind} at {exchange}");
    }
}

#[test]
fn programs_are_not_verified_and_fundamentals_not_given() {
    let mut client = Client::new();
    assert_eq!(refused(&client.ask(VerifyRequest::default())), (-1, 321));
    assert_eq!(refused(&client.ask(VerifyMessageRequest::default())), (-1, 321));
    assert_eq!(refused(&client.ask(VerifyAndAuthRequest::default())), (-1, 321));
    assert_eq!(refused(&client.ask(VerifyAndAuthMessage::default())), (-1, 321));
    let contract =
        Contract { con_id: Some(265_598), exchange: Some("SMART".to_owned()), ..Contract::default() };
    let request = FundamentalsDataRequest {
        req_id: Some(5),
        contract: Some(contract),
        report_type: Some("ReportSnapshot".to_owned()),
        fundamentals_data_options: Vec::new(),
    };
    assert_eq!(refused(&client.ask(request.clone())), (5, 10_358));
    let unknown = FundamentalsDataRequest { contract: None, ..request };
    assert_eq!(refused(&client.ask(unknown)), (5, 321));
    assert_eq!(client.ask(CancelFundamentalsData { req_id: Some(5) }), []);
}

fn shows(answers: &[Answer]) -> Vec<(i32, &str)> {
    let told = answers.iter().map(|answer| match answer {
        Answer::DisplayGroupUpdated(it) => (it.req_id.unwrap(), it.contract_info.as_deref().unwrap()),
        other => panic!("{other:?}"),
    });
    told.collect()
}

#[test]
fn all_who_watch_a_group_hear_of_it() {
    let mut client = Client::new();
    let other = client.connect();
    let answers = client.ask(QueryDisplayGroupsRequest { req_id: Some(1) });
    assert!(
        matches!(answers.as_slice(), [Answer::DisplayGroupList(it)] if it.groups.as_deref() == Some("1|2|3|4|5|6|7"))
    );
    let watch =
        |req_id, group_id| SubscribeToGroupEventsRequest { req_id: Some(req_id), group_id: Some(group_id) };
    assert_eq!(shows(&client.ask(watch(2, 1))), [(2, "none")]);
    assert_eq!(shows(&client.ask_on(other, watch(9, 1))), [(9, "none")]);
    let show = |req_id, info: &str| UpdateDisplayGroupRequest {
        req_id: Some(req_id),
        contract_info: Some(info.to_owned()),
    };
    assert_eq!(shows(&client.ask(show(2, "1001@SMART"))), [(2, "1001@SMART")]);
    assert_eq!(shows(&client.heard(other)), [(9, "1001@SMART")]);
    assert_eq!(shows(&client.ask(watch(3, 1))), [(3, "1001@SMART")]);
    assert_eq!(client.ask(UnsubscribeFromGroupEventsRequest { req_id: Some(3) }), []);
    assert_eq!(shows(&client.ask(show(2, "none"))), [(2, "none")]);
    assert_eq!(refused(&client.ask(show(2, "nonsense"))), (2, 321));
    assert_eq!(refused(&client.ask(show(3, "none"))), (3, 321));
    assert_eq!(refused(&client.ask(watch(4, 8))), (4, 321));
}

fn events(client: &mut Client, request: WshEventDataRequest) -> serde_json::Value {
    let answers = client.ask(WshEventDataRequest { req_id: Some(6), ..request });
    let [Answer::WshEventData(told)] = answers.as_slice() else { panic!("{answers:?}") };
    serde_json::from_str(told.data_json.as_ref().unwrap()).unwrap()
}

#[test]
fn events_are_told_to_who_has_asked_for_their_kinds() {
    let mut client = Client::new();
    let apple =
        WshEventDataRequest { req_id: Some(6), con_id: Some(265_598), ..WshEventDataRequest::default() };
    assert_eq!(refused(&client.ask(apple.clone())), (6, 10_282));
    let answers = client.ask(WshMetaDataRequest { req_id: Some(1) });
    let [Answer::WshMetaData(meta)] = answers.as_slice() else { panic!("{answers:?}") };
    let meta: serde_json::Value = serde_json::from_str(meta.data_json.as_ref().unwrap()).unwrap();
    let kinds = meta["meta_data"]["event_types"].as_array().unwrap();
    assert!(kinds.iter().any(|kind| kind["tag"] == "wshe_ed"));
    let all = events(&mut client, apple.clone());
    let all = all.as_array().unwrap();
    assert!(all.len() > 20 && all.iter().all(|event| event["conids"][0] == "265598"));
    let days: Vec<_> = all.iter().map(|event| event["index_date"].as_str().unwrap().to_owned()).collect();
    assert!(days.is_sorted());
    let ahead = WshEventDataRequest {
        start_date: Some("20261201".to_owned()),
        end_date: Some("20270301".to_owned()),
        total_limit: Some(3),
        ..apple
    };
    let some = events(&mut client, ahead);
    assert!(some.as_array().unwrap().len() <= 3);
    assert!(some.as_array().unwrap().iter().all(|event| event["index_date"].as_str().unwrap() >= "20261201"));
    assert_eq!(client.ask(CancelWshEventData { req_id: Some(6) }), []);
    assert_eq!(client.ask(CancelWshMetaData { req_id: Some(1) }), []);
}

#[test]
fn a_filter_names_companies_and_kinds() {
    let mut client = Client::new();
    client.ask(WshMetaDataRequest { req_id: Some(1) });
    let filtered = |filter: &str| WshEventDataRequest {
        req_id: Some(6),
        filter: Some(filter.to_owned()),
        ..WshEventDataRequest::default()
    };
    let some =
        events(&mut client, filtered(r#"{"wshe_ed":"true","watchlist":["265598","8314"],"country":"All"}"#));
    let some = some.as_array().unwrap();
    assert!(!some.is_empty() && some.iter().all(|event| event["event_type"] == "wshe_ed"));
    let all = events(&mut client, filtered(r#"{"country":"All","watchlist":true}"#));
    let about: std::collections::BTreeSet<_> =
        all.as_array().unwrap().iter().map(|event| event["conids"][0].as_str().unwrap()).collect();
    assert!(about.len() > 20, "a filter that names no company is about all of them: {about:?}");
    for bad in ["{", "[]", r#"{"watchlist":["77"]}"#] {
        let answers = client.ask(filtered(bad));
        assert_eq!(refused(&answers), (6, 10_309), "{bad}: {}", error(&answers).error_msg.unwrap());
    }
    let both = WshEventDataRequest { con_id: Some(265_598), ..filtered("{\"watchlist\":[\"265598\"]}") };
    assert_eq!(refused(&client.ask(both)), (6, 10_309));
}

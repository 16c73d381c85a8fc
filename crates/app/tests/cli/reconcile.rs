//! `reconcile`, without a service and beside one, against the broker and against statements.

use crate::json_keys::told;
use crate::serve::{Served, command};
use crate::support::{Place, Ran};
use crate::wire::{served, stopped};
use serde_json::{Value, json};
use std::fs;

/// What a statement of today would say of a place where one share was bought.
struct Bought {
    place: Place,
    account: String,
    cash: String,
    contract: i64,
    execution: Value,
}

impl Bought {
    fn one_share() -> Self {
        let place = Place::new();
        let bought = place.json("order buy AAPL 1 --key k");
        let execution = bought["order"]["executions"][0].clone();
        let account = place.json("account");
        let contract = place.json("contract show AAPL")["id"].as_i64().unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned();
        let (name, cash) = (text(&account["account"]), text(&account["cash"]["amount"]));
        Self { account: name, cash, contract, execution, place }
    }

    fn statement(&self, cash: &str, held: &str) -> String {
        let today = self.execution["at"].as_str().unwrap().get(..10).unwrap();
        let (account, contract) = (&self.account, self.contract);
        let of = |name: &str| match &self.execution[name] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let (id, quantity, price) = (of("id"), of("quantity"), of("price"));
        format!(
            "<FlexQueryResponse queryName=\"q\" type=\"AF\"><FlexStatements count=\"1\">\n\
             <FlexStatement accountId=\"{account}\" fromDate=\"{today}\" toDate=\"{today}\">\n\
             <Trades><Trade ibExecID=\"{id}\" conid=\"{contract}\" symbol=\"AAPL\" buySell=\"BUY\" \
             quantity=\"{quantity}\" tradePrice=\"{price}\"/></Trades>\n\
             <OpenPositions><OpenPosition conid=\"{contract}\" symbol=\"AAPL\" position=\"{held}\"/></OpenPositions>\n\
             <CashReport><CashReportCurrency currency=\"BASE_SUMMARY\" endingCash=\"{cash}\"/></CashReport>\n\
             </FlexStatement></FlexStatements></FlexQueryResponse>\n"
        )
    }

    fn reconciled(&self, statement: &str) -> Ran {
        self.typed("--json reconcile --flex", statement)
    }

    fn typed(&self, typed: &str, statement: &str) -> Ran {
        let path = self.place.path().join("statement.xml");
        fs::write(&path, statement).unwrap();
        Ran::of(self.place.command(typed).arg(&path))
    }

    /// Refused, in words.
    fn refused(&self, statement: &str, words: &[&str]) {
        self.typed("reconcile --flex", statement).fails(2, words);
    }
}

fn causes(report: &Value) -> Vec<&str> {
    report["breaks"].as_array().unwrap().iter().map(|it| it["cause"].as_str().unwrap()).collect()
}

#[test]
fn everything_fits_after_a_trade_to_the_cent() {
    let place = Place::new();
    place.json("order buy AAPL 3 --key a");
    place.json("order sell AAPL 1 --key b");
    let low = place.price("AAPL", 0.8);
    place.json(&format!("order buy AAPL 1 --limit {low} --tif gtc --key rests"));
    let report = place.json("reconcile");
    told("`reconcile`", &report);
    assert_eq!((causes(&report), &report["ours"], &report["others"]), (vec![], &json!(1), &json!([])));
    assert_eq!(report["open_questions"], json!([]), "cash, too");
    let shown = place.run("reconcile");
    assert_eq!(shown.code, Some(0));
    assert!(shown.out.contains("none: everything fits"), "{}", shown.out);
}

#[test]
fn a_statement_ties_out_and_each_difference_from_it_is_a_break_until_somebody_ends_it() {
    let bought = Bought::one_share();
    let ran = bought.reconciled(&bought.statement(&bought.cash, "1"));
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    let report = ran.json();
    let row = &report["statements"][0];
    told("each of its `statements`", row);
    assert_eq!((&row["trades"], &row["positions"]), (&json!(1), &json!(1)));
    assert_eq!(row["cash"][0]["amount"].as_str().unwrap(), bought.cash);

    let ran = bought.reconciled(&bought.statement("12.34", "2"));
    ran.fails_with(
        1,
        &[
            "\"exit_code\":1",
            "something does not fit: position of the statement",
            "and 1 more",
            "--solve NAME",
        ],
    );
    let report = ran.json();
    assert_eq!(causes(&report), ["stated_position", "stated_cash"]);
    told("each of its `breaks`", &report["breaks"][0]);
    // They stand, whoever looks, until a statement shows them gone or a person ends them.
    let again = bought.place.run("--json reconcile");
    assert_eq!((again.code, causes(&again.json()).len()), (Some(1), 2));
    let name = report["breaks"][0]["name"].as_str().unwrap();
    let ended =
        Ran::of(bought.place.command("--json reconcile --solve").args([name, "--reason", "a transfer"]));
    assert_eq!(causes(&ended.json()), ["stated_cash"], "{}", ended.err);
    bought
        .place
        .run("reconcile --solve nobody --reason none")
        .fails(2, &["no break that stands is called nobody"]);
    let ran = bought.reconciled(&bought.statement(&bought.cash, "1"));
    assert_eq!((ran.code, causes(&ran.json())), (Some(0), vec![]));
}

#[test]
fn a_statement_of_other_days_or_of_nothing_does_not_tie_out_without_a_word() {
    let bought = Bought::one_share();
    let whole = bought.statement(&bought.cash, "1");
    let today = bought.execution["at"].as_str().unwrap().get(..10).unwrap().to_owned();
    let of_days = |from: &str, to: &str| {
        whole
            .replace(&format!("fromDate=\"{today}\""), &format!("fromDate=\"{from}\""))
            .replace(&format!("toDate=\"{today}\""), &format!("toDate=\"{to}\""))
    };
    bought.refused(
        &of_days(&today, "2999-12-31"),
        &["ends on 2999-12-31, and today is", "nothing was compared"],
    );
    bought.refused(&of_days("2999-12-30", "2999-12-31"), &["ends on 2999-12-31"]);
    let section = |text: &str, name: &str| {
        let (begin, end) =
            (text.find(&format!("<{name}>")).unwrap(), text.find(&format!("</{name}>")).unwrap());
        format!("{}{}", &text[..begin], &text[end + name.len() + 3..])
    };
    let without = |names: &[&str]| names.iter().fold(whole.clone(), |text, name| section(&text, name));
    let sections = ["Trades", "OpenPositions", "CashReport"];
    bought.refused(&without(&sections), &["says nothing of trades, positions or cash"]);
    assert_eq!(causes(&bought.place.json("reconcile")), Vec::<&str>::new(), "none of it was compared");
    // What was long over when the first order was placed.
    let older = section(&section(&of_days("2019-03-04", "2019-03-08"), "OpenPositions"), "CashReport");
    let trade = older.find("<Trade ").unwrap()..older.find("</Trades>").unwrap();
    let older = format!("{}{}", &older[..trade.start], &older[trade.end..]);
    let report = bought.reconciled(&older).json();
    let asked = report["open_questions"].to_string();
    assert!(asked.contains("no trade was compared with the statement of 2019-03-04"), "{asked}");
    assert!(asked.contains("1 trade since the statement of 2019-03-04 to 2019-03-08"), "{asked}");
}

#[test]
fn what_is_no_statement_is_told_with_its_line_and_changes_nothing() {
    let bought = Bought::one_share();
    let broken = bought.statement("much", "1");
    bought.refused(&broken, &["statement.xml", "line 5", "endingCash", "much"]);
    bought.refused("AAPL,1\n", &["there is no XML in it"]);
    let gone = bought.place.run("reconcile --flex nowhere.xml");
    gone.fails(2, &["nowhere.xml"]);
    bought.place.run("reconcile --solve 12345678").fails(2, &["--reason"]);
    assert_eq!(causes(&bought.place.json("reconcile")), Vec::<&str>::new());
}

#[test]
fn a_service_is_asked_and_answers() {
    let bought = Bought::one_share();
    let service = Served::start(&bought.place, "", None);
    service.until(&bought.place, "a reconciliation", |status| {
        status["service"]["reconciliation"]["epoch"].is_u64()
    });
    let ran = bought.reconciled(&bought.statement("12.34", "1"));
    assert_eq!((ran.code, causes(&ran.json())), (Some(1), vec!["stated_cash"]), "{}", ran.err);
    let status = service.until(&bought.place, "the break", |status| {
        status["service"]["breaks"].as_array().is_some_and(|breaks| breaks.len() == 1)
    });
    told("its `reconciliation`", &status["service"]["reconciliation"]);
    told("each of its `breaks`", &status["service"]["breaks"][0]);
    let name = status["service"]["breaks"][0]["name"].as_str().unwrap();
    let ended = Ran::of(bought.place.command("--json reconcile --solve").args([name, "--reason", "seen"]));
    assert_eq!((ended.code, causes(&ended.json())), (Some(0), vec![]), "{}", ended.err);
    let broken = bought.statement("much", "1");
    bought.refused(&broken, &["line 5", "endingCash"]);
}

#[test]
fn orders_of_another_client_of_tws_are_told_apart_and_left_alone() {
    let (house, ours, theirs) = (Place::new(), Place::new(), Place::new());
    let (tws, port) = served(&house, "fake-tws --port 0");
    let run = |place: &Place, client: &str, typed: &str| {
        Ran::of(command(place, &format!("--json {typed}"), Some(port)).env("IB_CLIENT_ID", client))
    };
    let low = house.price("AAPL", 0.8);
    let rests = |key: &str| format!("order buy AAPL 1 --limit {low} --tif gtc --key {key}");
    for (place, client, key) in [(&ours, "1", "ours"), (&theirs, "50", "theirs")] {
        let ran = run(place, client, &rests(key));
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    let ran = run(&ours, "1", "order buy IBM 2 --key filled");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = run(&ours, "1", "reconcile");
    let report = ran.json();
    assert_eq!((ran.code, causes(&report)), (Some(0), vec![]), "{report:#} {}", ran.err);
    assert_eq!((&report["ours"], report["others"].as_array().unwrap().len()), (&json!(1), 1));
    let other = &report["others"][0];
    told("each of its `others`", other);
    assert_eq!((&other["origin"], &other["key"]), (&json!("other_client"), &json!("theirs")));
    let theirs = run(&theirs, "50", "order show theirs").json();
    assert_eq!(theirs["state"], "working", "nobody has touched it");
    assert_eq!(stopped(tws).code, Some(130));
}

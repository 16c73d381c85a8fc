//! Answers that are lost: what is unknown is said to be, kept as such, and settled by the broker's records alone.

use crate::support::{Place, Ran};
use std::io::Read;
use std::process::Stdio;

impl Place {
    /// A run in which every answer of the broker, or every request to it, is lost together with the link.
    fn losing(&self, what: &str, typed: &str) -> Ran {
        let file = self.file("losing.toml", &format!("[fake]\nlost_{what} = 1\n"));
        self.run(&format!("--config {} {typed}", file.display()))
    }

    /// A run whose standard output nobody reads.
    fn unread(&self, typed: &str) -> Ran {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut child = self.command(typed).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        Ran { code: child.wait().unwrap().code(), out: String::new(), err }
    }

    fn state_of(&self, key: &str) -> String {
        self.json(&format!("order show {key}"))["state"].as_str().unwrap().to_owned()
    }
}

#[test]
fn an_order_whose_answer_is_lost_is_unknown_until_the_brokers_records_are_read() {
    let place = Place::new();
    let lost = place.losing("answers", "order buy AAPL 10 --key lost");
    lost.fails(
        4,
        &["may or may not hold buy 10 AAPL", "order show lost", "do not send it under another key"],
    );
    assert!(lost.out.contains("unknown"), "{}", lost.out);

    // While another process has the database, the journal is shown as it stands.
    let held = place.hold();
    let listed = place.json("order list");
    assert_eq!((listed[0]["key"].as_str(), listed[0]["state"].as_str()), (Some("lost"), Some("unknown")));
    assert!(place.run("order list").out.contains("unknown"));
    place.let_go(held);

    // The next run asks the broker, which had got the order.
    let listed = place.json("order list --all");
    assert_eq!((listed[0]["state"].as_str(), listed[0]["filled"].as_str()), (Some("filled"), Some("10")));
    assert_eq!(place.json("positions")[0]["quantity"], "10");
    let again = place.json("order buy AAPL 10 --key lost");
    assert_eq!((again["repeat"].as_bool(), again["order"]["state"].as_str()), (Some(true), Some("filled")));
    assert_eq!(place.json("positions")[0]["quantity"], "10", "it was not sent again");
}

#[test]
fn an_order_that_was_lost_on_the_way_is_proven_absent() {
    let place = Place::new();
    let ran = place.losing("requests", "--json order buy AAPL 10 --key lost");
    assert_eq!((ran.code, ran.json()["order"]["state"].as_str()), (Some(4), Some("unknown")), "{}", ran.err);
    let error: serde_json::Value = serde_json::from_str(ran.err.trim()).unwrap();
    assert_eq!(error["error"]["exit_code"], 4);
    assert_eq!(place.state_of("lost"), "not_sent");
    assert_eq!(place.json("positions"), serde_json::json!([]));
}

#[test]
fn a_cancel_whose_answer_is_lost_is_unknown_too() {
    let place = Place::new();
    let limit = place.price("AAPL", 0.8);
    for (what, state) in [("requests", "working"), ("answers", "cancelled")] {
        place.json(&format!("order buy AAPL 5 --limit {limit} --tif gtc --key {what}"));
        let lost = place.losing(what, &format!("order cancel {what}"));
        lost.fails(4, &["may or may not have got the cancel", &format!("order show {what}")]);
        assert_eq!(place.state_of(what), state);
    }
    assert_eq!(place.json("order cancel requests")["order"]["state"], "cancelled");
}

#[test]
fn the_same_order_may_get_through_at_another_moment() {
    let place = Place::new();
    let file = place.file("some.toml", "[fake]\nlost_answers = 0.5\n");
    let runs = (0..40).map(|number| {
        place.run(&format!("--config {} order buy MSFT 1 --key k{number}", file.display())).code.unwrap()
    });
    let codes: std::collections::BTreeSet<i32> = runs.collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), [0, 4]);
    assert_eq!(place.json("positions")[0]["quantity"], "40", "every one of them had arrived");
    place.file("tradeport.toml", "[fake]\nlost_answers = 2\n");
    place.run("account").fails(2, &["2 is not a share", "0.25 for a quarter"]);
}

#[test]
fn what_nobody_reads_ends_as_it_ends() {
    let place = Place::new();
    let file = place.file("losing.toml", "[fake]\nlost_answers = 1\n");
    for json in ["", "--json "] {
        assert_eq!(place.unread(&format!("{json}order list --all")).code, Some(0));
        let large = place.unread(&format!("{json}order buy AAPL 1000000"));
        large.fails_with(3, &["max_position_share"]);
        let lost = place.unread(&format!("{json}--config {} order buy AAPL 10", file.display()));
        lost.fails_with(4, &["may or may not hold buy 10 AAPL"]);
    }
    let limit = place.price("AAPL", 0.8);
    place.json(&format!("order buy AAPL 5 --limit {limit} --tif gtc --key rests"));
    place.unread(&format!("--config {} order cancel-all", file.display())).fails_with(4, &["rests"]);
    place.json(&format!("order buy AAPL 5 --limit {limit} --tif gtc --key again"));
    let json = place.run(&format!("--json --config {} order cancel-all", file.display()));
    assert_eq!(json.json()["failed"][0]["key"], "again");
    json.fails_with(4, &["1 of 1 orders were not cancelled", "cancel of again", "\"exit_code\":4"]);
    place.json("risk kill");
    place
        .run("--json status")
        .fails_with(1, &["not all is well: the kill switch is killed", "\"exit_code\":1"]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_printed_does_not_hide_what_became_of_an_order() {
    let place = Place::new();
    let full = || std::fs::File::create("/dev/full").unwrap();
    let run = |typed: &str| Ran::of(place.command(typed).stdout(full()));
    let file = place.file("losing.toml", "[fake]\nlost_answers = 1\n");
    run("order buy AAPL 1 --key sent").fails_with(1, &["could not be printed", "what was done is kept"]);
    run("order buy AAPL 1000000").fails_with(3, &["max_position_share"]);
    run(&format!("--config {} order buy AAPL 10", file.display())).fails_with(4, &["may or may not hold"]);
    let limit = place.price("AAPL", 0.8);
    for key in ["one", "all"] {
        place.json(&format!("order buy AAPL 5 --limit {limit} --tif gtc --key {key}"));
    }
    run(&format!("--config {} order cancel one", file.display())).fails_with(4, &["cancel of one"]);
    run(&format!("--config {} order cancel-all", file.display())).fails_with(4, &["all"]);
    let changed = format!("--config {} order buy MSFT 1 --preview --limit 0.001", file.display());
    run(&changed).fails_with(2, &["price step"]);
}

//! The audit log of everything that commands did: whole, found out when it is not, and nowhere else.

use crate::json_keys::told;
use crate::support::Place;

/// Bought, rested, changed, cancelled, stopped by risk and by validation, and a family.
fn busy(place: &Place) {
    let low = place.price("IBM", 0.8);
    let lower = place.price("IBM", 0.75);
    for (typed, code) in [
        ("order buy AAPL 7 --key bought".to_owned(), 0),
        (format!("order buy IBM 3 --limit {low} --tif gtc --key rests"), 0),
        (format!("order change rests --limit {lower}"), 0),
        ("order cancel rests".to_owned(), 0),
        ("order buy AAPL 900000 --key much".to_owned(), 3),
        (format!("order bracket buy IBM 1 --limit {low} --trail 5% --key family"), 0),
        ("order sell AAPL 2 --key sold".to_owned(), 0),
    ] {
        let ran = place.run(&typed);
        assert_eq!(ran.code, Some(code), "{typed}: {}", ran.err);
    }
    assert_eq!(place.run("account").code, Some(0));
}

/// Changes a database behind the program's back.
pub(crate) fn meddle(place: &Place, sql: &str) {
    let file = rusqlite::Connection::open(place.data().join("orders.db")).unwrap();
    for trigger in
        ["audit_keeps_what_it_says", "audit_keeps_all", "journal_keeps_what_it_says", "journal_keeps_all"]
    {
        file.execute_batch(&format!("DROP TRIGGER IF EXISTS {trigger}")).unwrap();
    }
    file.execute_batch(sql).unwrap();
}

#[test]
fn the_log_of_a_busy_day_is_whole_and_comes_to_what_journal_and_portfolio_say() {
    let place = Place::new();
    place.run("audit verify").fails(1, &["there is no audit log yet"]);
    busy(&place);
    let verified = place.json("audit verify");
    told("`audit verify`", &verified);
    assert_eq!(verified["whole"], true);
    assert!(
        verified["orders"].as_u64().unwrap() >= 6 && verified["verdicts"].as_u64().unwrap() > 6,
        "{verified}"
    );
    assert!(verified["accounts"].as_u64().unwrap() >= 1);
    let head = verified["head"].as_str().unwrap().to_owned();
    assert_eq!(place.run("order buy AAPL 1").code, Some(0));
    let later = place.json(&format!("audit verify --head {head}"));
    assert_eq!(later["kept_head"], verified["records"]);
    assert!(later["records"].as_u64() > verified["records"].as_u64());
    let human = place.run("audit verify");
    assert!(human.out.contains("head") && human.out.contains("orders rebuilt"), "{}", human.out);
    let other = format!("audit verify --head {}", "ab".repeat(32));
    place.run(&other).fails(1, &["told anew"]);
    assert_eq!(place.run("audit verify --head ab").code, Some(2));
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}

#[test]
fn whoever_changes_the_log_the_journal_or_the_portfolio_is_found() {
    let day = Place::new();
    busy(&day);
    day.json("audit verify");
    let bought = "SELECT sequence FROM audit WHERE action = 'order executed' LIMIT 1";
    for (sql, words) in [
        (format!("UPDATE audit SET detail = replace(detail, 'quantity=7', 'quantity=8') WHERE sequence = ({bought})"), "does not say what it said"),
        (format!("DELETE FROM audit WHERE sequence = ({bought})"), "were removed"),
        ("DELETE FROM audit WHERE sequence > 5".to_owned(), "cut off"),
        ("UPDATE journal SET payload = replace(payload, '\"quantity\":\"7\"', '\"quantity\":\"6\"')".to_owned(), "differ: bought"),
        ("UPDATE journal SET at = at + 1 WHERE sequence = 2".to_owned(), "journal record 2: what it says"),
        ("INSERT INTO journal SELECT 1 + max(sequence), at, key, event, '{\"event\":\"happened\",\"input\":{\"input\":\"link_lost\"}}' FROM journal".to_owned(), "last record"),
        ("UPDATE snapshots SET payload = replace(payload, '\"quantity\":\"5\"', '\"quantity\":\"4\"')".to_owned(), "positions"),
    ] {
        let place = Place::new();
        copy(&day.data(), &place.data());
        meddle(&place, &sql);
        place.run("audit verify").fails(1, &[words]);
        let json = place.run("--json audit verify");
        assert_eq!((json.code, &json.json()["whole"]), (Some(1), &serde_json::json!(false)), "{sql}");
    }
}

#[test]
fn the_records_of_an_order_are_shown_with_all_details() {
    let place = Place::new();
    busy(&place);
    let records = place.json("audit show --order bought");
    let actions: Vec<_> =
        records.as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
    assert_eq!(actions[..3], ["order intended", "order approved", "order sent"]);
    assert!(actions.contains(&"order executed") && actions.contains(&"order charged"), "{actions:?}");
    assert!(records.as_array().unwrap().iter().all(|it| it["subject"] == "bought"));
    assert_eq!(records[0]["facts"]["size"][0], "7");
    assert_eq!(place.json("audit show --limit 3").as_array().unwrap().len(), 3);
    assert_eq!(place.json("audit show --since 2199-01-01"), serde_json::json!([]));
    let human = place.run("audit show --order bought").out;
    assert!(human.contains("order intended bought") && human.contains("size=7"), "{human}");
}

/// What is private stays out of the log for operators, however an order ends; even with more of it asked for.
#[test]
fn ordinary_logs_tell_nothing_of_what_orders_want() {
    let place = Place::new();
    place.json("quote AAPL");
    let config = place.file("tradeport.toml", "log_level = \"info\"\n");
    let low = place.price("IBM", 0.8);
    for typed in [
        "order buy AAPL 7321 --key a".to_owned(),
        format!("order buy IBM 7321 --limit {low} --key b"),
        "order change b --quantity 7321".to_owned(),
        "order cancel b".to_owned(),
        "order sell AAPL 7321 --key c".to_owned(),
        "order buy AAPL 73210000 --key d".to_owned(),
    ] {
        let ran = place.run(&format!("--json --config {} {typed}", config.display()));
        let log: Vec<_> = ran.err.lines().filter(|line| !line.starts_with("{\"error\"")).collect();
        let told =
            log.iter().any(|line| line.contains("7321") || line.contains(&low) || line.contains("AAPL"));
        assert!(!told, "{typed}: {log:#?}");
    }
}

#[test]
fn the_life_of_an_order_is_drawn() {
    let place = Place::new();
    busy(&place);
    let shown = place.json("order show rests");
    let timeline = shown["timeline"].as_array().unwrap();
    let what: Vec<_> = timeline.iter().map(|it| it["what"].as_str().unwrap()).collect();
    assert_eq!(what[..4], ["wanted", "approved", "sent", "accepted"]);
    for word in ["change asked", "changed", "cancel asked"] {
        assert!(what.contains(&word), "{word} in {what:?}");
    }
    assert_eq!(timeline.last().unwrap()["to"].as_str().or(shown["state"].as_str()), Some("cancelled"));
    let states: Vec<_> = timeline.iter().filter_map(|it| it["to"].as_str()).collect();
    assert_eq!(states, ["recorded", "sent", "working", "cancel_pending", "cancelled"]);

    let human = place.run("order show bought").out;
    assert!(human.lines().all(|line| line.chars().count() <= 120), "{human}");
    assert!(
        human.contains("working -> filled") && human.contains("traded") && human.contains("USD"),
        "{human}"
    );
    assert!(!human.contains('\u{1b}'), "colour is for terminals");
}

#[test]
fn whoever_changes_what_analysts_read_or_the_schema_is_found_and_it_is_made_anew() {
    let day = Place::new();
    busy(&day);
    for (sql, words) in [
        (
            "UPDATE order_states SET status = 'cancelled' WHERE key = 'bought'",
            "bought in the table of orders: status",
        ),
        (
            "UPDATE order_states SET filled_quantity = '8' WHERE key = 'bought'",
            "filled_quantity is 7 by the log, and 8",
        ),
        ("UPDATE order_states SET commission = NULL WHERE key = 'bought'", "commission"),
        ("DELETE FROM order_states WHERE key = 'sold'", "sold in the table of orders: row is there"),
        (
            "INSERT INTO order_states SELECT 'x', sequence, account, symbol, order_type, action, quantity, limit_price, \
          stop_price, status, filled_quantity, avg_fill_price, commission, created_at, updated_at, cash_quantity, \
          cash_currency FROM order_states LIMIT 1",
            "x in the table of orders: row is missing",
        ),
        ("DROP TRIGGER journal_keeps_all", "the trigger journal_keeps_all is gone"),
        ("DROP TRIGGER audit_keeps_what_it_says", "the trigger audit_keeps_what_it_says is gone"),
        ("DROP INDEX journal_one_intent", "the index journal_one_intent is gone"),
        (
            "DROP INDEX journal_one_intent; CREATE INDEX journal_one_intent ON journal (key)",
            "journal_one_intent was changed",
        ),
        ("DROP VIEW orders; CREATE VIEW orders AS SELECT 1", "the view orders was changed"),
    ] {
        let place = Place::new();
        copy(&day.data(), &place.data());
        rusqlite::Connection::open(place.data().join("orders.db")).unwrap().execute_batch(sql).unwrap();
        place.run("audit verify").fails(1, &[words, "tradeport audit rebuild"]);
        let json = place.run("--json audit verify").json();
        assert_eq!(json["whole"], false, "{sql}");
        assert!(
            json["schema"].as_array().unwrap().len() + json["differences"].as_array().unwrap().len() == 1,
            "{json}"
        );
        told("`audit rebuild`", &place.json("audit rebuild"));
        let verified = place.json("audit verify");
        assert_eq!(verified["whole"], true);
        assert_eq!(place.json("audit show --limit 1")[0]["action"], "tables rebuilt");
    }
    for (sql, words) in [
        ("CREATE TABLE mine (it TEXT)", "a table mine is none of tradeport's"),
        ("ALTER TABLE snapshots ADD COLUMN mine TEXT", "the table snapshots was changed"),
        ("DROP TABLE performance", "the table performance is gone"),
    ] {
        let place = Place::new();
        copy(&day.data(), &place.data());
        rusqlite::Connection::open(place.data().join("orders.db")).unwrap().execute_batch(sql).unwrap();
        place.run("audit verify").fails(1, &[words, "restore a backup"]);
    }
}

#[test]
fn what_the_log_does_not_agree_with_is_not_made_anew() {
    let place = Place::new();
    busy(&place);
    meddle(
        &place,
        "UPDATE journal SET payload = replace(payload, '\"quantity\":\"7\"', '\"quantity\":\"6\"')",
    );
    place.run("audit rebuild").fails(1, &["differ: bought"]);
    meddle(&place, "UPDATE journal SET event = 'happened' WHERE key = 'rests' AND event = 'intended'");
    assert!(place.run("audit verify").out.contains("event is intended by the log, and happened otherwise"));
}

#[test]
fn a_log_that_was_told_anew_is_found_by_the_high_water_mark() {
    let place = Place::new();
    busy(&place);
    let log = "SELECT sequence FROM audit ORDER BY sequence DESC LIMIT 1 OFFSET 2";
    let cut = format!(
        "UPDATE audit_head SET sequence = ({log}), hash = (SELECT hash FROM audit WHERE sequence = ({log}));
         DELETE FROM audit WHERE sequence > (SELECT sequence FROM audit_head)"
    );
    meddle(&place, &cut);
    place
        .run("audit verify")
        .fails(1, &["the audit log is not what it was: it ends at record", "high-water mark"]);
}

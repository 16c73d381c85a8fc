//! What the documents say of the server is what the server says of itself.

use tradeport_fake_tws::chaos::{Scenario, words_table};
use tradeport_fake_tws::server::{SERVED, served_table, terms_table};
use tradeport_fake_tws::wire::Request;

const DOCUMENT: &str = include_str!("../../../../docs/fake-tws.md");

#[test]
fn the_table_of_the_document_is_the_servers_own() {
    let (_, rest) = DOCUMENT.split_once("<!-- served:begin -->\n\n").unwrap();
    let (table, _) = rest.split_once("\n<!-- served:end -->").unwrap();
    assert_eq!(
        table,
        served_table(),
        "put this in its place: cargo run -p tradeport-fake-tws --example served_table"
    );
}

#[test]
fn what_orders_say_is_told_as_the_server_carries_it_out() {
    let (_, rest) = DOCUMENT.split_once("<!-- terms:begin -->\n\n").unwrap();
    let (table, _) = rest.split_once("\n<!-- terms:end -->").unwrap();
    assert_eq!(
        table,
        terms_table(),
        "put this in its place: cargo run -p tradeport-fake-tws --example order_terms"
    );
}

#[test]
fn no_request_is_missing() {
    let told: Vec<i32> = SERVED.iter().map(|row| row.request).collect();
    let all: Vec<i32> = Request::ALL.iter().map(|(number, _)| *number).collect();
    assert_eq!(told, all);
}

#[test]
fn the_vocabulary_of_scenarios_is_the_servers_own() {
    let (_, rest) = DOCUMENT.split_once("<!-- words:begin -->\n\n").unwrap();
    let (table, _) = rest.split_once("\n<!-- words:end -->").unwrap();
    assert_eq!(
        table,
        words_table(),
        "put this in its place: cargo run -p tradeport-fake-tws --example scenario_words"
    );
}

#[test]
fn scenarios_of_the_document_can_be_played() {
    let blocks: Vec<&str> =
        DOCUMENT.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        block.parse::<Scenario>().unwrap();
    }
}

#[test]
fn every_scenario_that_comes_along_is_named_and_can_be_played() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(DOCUMENT.contains(&format!("`{name}`")), "{name}");
        std::fs::read_to_string(&path).unwrap().parse::<Scenario>().unwrap();
        count += 1;
    }
    assert_eq!(count, 5);
}

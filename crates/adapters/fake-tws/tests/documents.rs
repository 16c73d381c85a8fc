//! What the documents say of the server is what the server says of itself.

use tradeport_fake_tws::server::{SERVED, served_table};
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
fn no_request_is_missing() {
    let told: Vec<i32> = SERVED.iter().map(|row| row.request).collect();
    let all: Vec<i32> = Request::ALL.iter().map(|(number, _)| *number).collect();
    assert_eq!(told, all);
}

//! The document about the life of an order says what the state machine does.

mod table;

const DOCUMENT: &str = include_str!("../../../../../docs/order-life.md");

#[test]
fn the_document_has_the_table_of_the_state_machine() {
    let kept = DOCUMENT
        .split_once("<!-- life:begin -->\n")
        .and_then(|(_, rest)| rest.split_once("<!-- life:end -->"));
    let (kept, _) = kept.expect("the document marks its table");
    let made = table::table();
    assert!(
        kept.trim() == made.trim(),
        "print it anew: cargo run -p tradeport-orders --example order_life_table\n{made}"
    );
}

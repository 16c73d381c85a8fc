//! What a caller reads when a journal contradicts itself, or a receipt is for another order.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod support;

use support::{intent, key};
use tradeport_contracts::CorporateAction;
use tradeport_kernel::Timestamp;
use tradeport_orders::{
    ClearedCancel, ClearedChange, ClearedOrder, JournalEntry, OrderBook, OrderChange, OrderInput, OrderKind,
};

#[test]
fn an_order_begins_with_its_intent_and_has_one() {
    let mut book = OrderBook::default();
    let sent = JournalEntry::happened(key("a"), OrderInput::Sent, Timestamp::EPOCH);
    assert_eq!(book.apply(&sent).unwrap_err().to_string(), "the journal speaks of order a before its intent");
    let intended = JournalEntry::intended(intent("a"), Timestamp::EPOCH);
    book.apply(&intended).unwrap();
    book.apply(&sent).unwrap();
    assert_eq!(
        book.apply(&intended).unwrap_err().to_string(),
        "the journal holds the intent of order a twice"
    );
    assert_eq!(book.len(), 1);
}

#[test]
fn a_split_changes_no_order_whatever_key_it_has() {
    let split = CorporateAction::split("AAPL".parse().unwrap(), Timestamp::EPOCH, 4, 1).unwrap();
    let split = JournalEntry::split(split, Timestamp::EPOCH);
    assert_eq!(split.key, key(JournalEntry::SPLIT_KEY));
    let mut book = OrderBook::default();
    book.apply(&split).unwrap();
    assert!(book.is_empty());
    book.apply(&JournalEntry::intended(intent("split"), Timestamp::EPOCH)).unwrap();
    let before = book.clone();
    book.apply(&split).unwrap();
    assert_eq!(book, before);
    let written = serde_json::to_string(&split).unwrap();
    assert_eq!(serde_json::from_str::<JournalEntry>(&written).unwrap(), split, "{written}");
}

#[test]
fn only_its_own_receipt_clears_an_order() {
    let receipt = JournalEntry::intended(intent("a"), Timestamp::EPOCH).kept_at(1);
    let words = "the journal's receipt is for order a, not for b";
    assert_eq!(ClearedOrder::by_desk(intent("b"), &receipt).unwrap_err().to_string(), words);
    assert_eq!(ClearedCancel::by_desk(key("b"), None, None, &receipt).unwrap_err().to_string(), words);
    let change = OrderChange::to_kind(OrderKind::Market);
    assert_eq!(ClearedChange::by_desk(key("b"), change, &receipt).unwrap_err().to_string(), words);
    assert!(ClearedOrder::by_desk(intent("a"), &receipt).is_ok());
}

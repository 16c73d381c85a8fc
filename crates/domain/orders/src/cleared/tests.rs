//! Nothing leaves without the journal's receipt for that very order.

use super::*;
use crate::{JournalEntry, OrderDraft, OrderInput, OrderKind, Side};
use tradeport_kernel::{AccountId, Quantity, Symbol, Timestamp};

fn key(text: &str) -> OrderKey {
    OrderKey::new(text).unwrap()
}

fn receipt_of(text: &str) -> JournalReceipt {
    JournalEntry::happened(key(text), OrderInput::Sent, Timestamp::EPOCH).kept_at(9)
}

fn intent(text: &str) -> OrderIntent {
    let (account, symbol) = (AccountId::new("DU1").unwrap(), Symbol::new("AAPL").unwrap());
    let quantity = Quantity::new(10.into()).unwrap();
    OrderDraft::new(key(text), account, symbol, Side::Buy, quantity, OrderKind::Market).check().unwrap()
}

#[test]
fn the_receipt_of_another_order_clears_nothing() {
    let other = receipt_of("b");
    let words = "the journal's receipt is for order b, not for a";
    let change = OrderChange::to_kind(OrderKind::Market);
    let refusals = [
        ClearedOrder::by_desk(intent("a"), &other).unwrap_err(),
        ClearedCancel::by_desk(key("a"), None, None, &other).unwrap_err(),
        ClearedChange::by_desk(key("a"), change, &other).unwrap_err(),
    ];
    assert!(refusals.iter().all(|refusal| refusal.to_string() == words), "{refusals:?}");
}

#[test]
fn what_is_cleared_is_what_was_asked_for() {
    let receipt = receipt_of("a");
    assert_eq!((receipt.key(), receipt.sequence()), (&key("a"), 9));
    let order = ClearedOrder::by_desk(intent("a"), &receipt).unwrap();
    assert_eq!((order.intent(), order.is_held_back()), (&intent("a"), false));
    assert!(order.held_back().is_held_back(), "only where that was asked for");
    let (perm_id, id) = (Some(PermId::new(7)), Some(BrokerOrderId::new(3)));
    let tag = CancelTag { operator: Some("desk-7".parse().unwrap()), ..CancelTag::default() };
    let cancel = ClearedCancel::by_desk(key("a"), perm_id, id, &receipt).unwrap().tagged(tag.clone());
    assert_eq!((cancel.key(), cancel.tag()), (&key("a"), &tag));
    assert_eq!((cancel.perm_id(), cancel.broker_order_id()), (perm_id, id));
    let change = OrderChange::to_kind(OrderKind::Market);
    let cleared = ClearedChange::by_desk(key("a"), change.clone(), &receipt).unwrap();
    assert_eq!(cleared.wording(), None);
    assert_eq!((cleared.key(), cleared.change()), (&key("a"), &change));
    assert_eq!(cleared.clone().of(intent("a")).wording(), Some(&intent("a")));
    assert_eq!(cleared.of(intent("b")).wording(), None, "another order's is none of its own");
}

//! What a checkpoint says of brackets is all that there is.

use super::*;
use tradeport_kernel::Quantity;
use tradeport_orders::{OrderDraft, OrderKind};

/// A stop beside each of these entries, in its instrument.
fn begun(entries: &[(&str, &str)]) -> Brackets {
    let (mut book, mut brackets) = (OrderBook::default(), Brackets::default());
    for (entry, symbol) in entries {
        let (name, ten) = (format!("{entry}.stop1"), Quantity::new(Decimal::TEN).unwrap());
        let kind = OrderKind::Stop { stop: "80".parse().unwrap() };
        let names = (name.parse().unwrap(), "DU1".parse().unwrap(), symbol.parse().unwrap());
        let draft = OrderDraft::new(names.0, names.1, names.2, Side::Sell, ten, kind);
        let intent = draft.child_of(entry.parse().unwrap()).check().unwrap();
        book.apply(&JournalEntry::intended(intent.clone(), Timestamp::EPOCH)).unwrap();
        brackets.begin(&book, &intent, Timestamp::EPOCH);
    }
    brackets
}

/// Of orders that were read back for another reason there may be brackets that were forgotten before it was made.
#[test]
fn brackets_that_a_checkpoint_does_not_name_are_none() {
    let made = begun(&[("a", "AAPL")]);
    let mut read_back = begun(&[("a", "AAPL"), ("b", "AAPL"), ("c", "MSFT")]);
    assert_ne!(read_back, made);
    read_back.restore(&made.kept());
    assert_eq!(read_back, made);
}

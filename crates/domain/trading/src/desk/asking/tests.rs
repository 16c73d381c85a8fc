//! What an answer counts for, and for how long.

use super::*;
use tradeport_kernel::{AccountId, Quantity, Symbol};
use tradeport_orders::{OrderBook, OrderDraft, OrderKind, OrderSize, Side};

fn intent(size: impl Into<OrderSize>) -> OrderIntent {
    let (account, symbol) = (AccountId::new("DU1").unwrap(), Symbol::new("AAPL").unwrap());
    let key = OrderKey::new("a").unwrap();
    OrderDraft::new(key, account, symbol, Side::Buy, size, OrderKind::Market).check().unwrap()
}

fn units(number: u32) -> Quantity {
    Quantity::new(number.into()).unwrap()
}

#[test]
fn an_answer_counts_as_long_as_whoever_asked_waits_for_the_verdict() {
    let (previews, intent) = (Previews::default(), intent(units(10)));
    let answer = Ok(OrderPreview::default());
    previews.note(Said { intent: intent.clone(), at: Timestamp::EPOCH, trades: 0, answer });
    let told = Told { previews: previews.clone(), keys: vec![intent.key().clone()] };
    assert_eq!(previews.all().len(), 1);
    drop(told);
    assert_eq!(previews.all().len(), 0);
}

#[test]
fn a_change_that_makes_no_order_larger_stands_without_a_preview() {
    let changed = |before: OrderIntent, wanted: OrderIntent| {
        let mut book = OrderBook::default();
        let key = before.key().clone();
        book.apply(&tradeport_orders::JournalEntry::intended(before, Timestamp::EPOCH)).unwrap();
        of_change(book.get(&key).unwrap(), &wanted) == Preview::Stands
    };
    let cash = |amount: u32| Money::new(amount.into(), Currency::USD);
    assert!(changed(intent(units(10)), intent(units(10))));
    assert!(changed(intent(units(10)), intent(units(9))));
    assert!(!changed(intent(units(10)), intent(units(11))));
    assert!(changed(intent(cash(500)), intent(cash(500))), "its price alone is another");
    assert!(!changed(intent(cash(500)), intent(cash(501))));
}

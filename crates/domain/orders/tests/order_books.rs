//! Books of orders, and what a journal remembers of them: which are there, in which order, and which are let go.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod support;

use support::{intent, key};
use tradeport_kernel::Timestamp;
use tradeport_orders::{JournalEntry, Order, OrderBook, OrderInput, OrderMemory, OrderState};

/// So many orders are remembered before those that have ended are let go.
const REMEMBERED: u32 = 10_000;

fn intended(name: &str, second: i64) -> JournalEntry {
    JournalEntry::intended(intent(name), Timestamp::from_seconds(second))
}

fn names(book: &OrderBook) -> Vec<&str> {
    book.iter().map(|order| order.intent().key().as_str()).collect()
}

#[test]
fn what_is_recalled_stands_where_its_intent_came() {
    let mut book = OrderBook::default();
    assert_eq!((book.is_empty(), book.len()), (true, 0));
    for (name, second) in [("a", 1), ("c", 3), ("d", 3)] {
        book.apply(&intended(name, second)).unwrap();
    }
    for (name, second) in [("b", 2), ("first", 0), ("e", 3)] {
        book.recall(Order::open(intent(name), Timestamp::from_seconds(second)));
    }
    assert_eq!(names(&book), ["first", "a", "b", "c", "d", "e"]);
    assert_eq!((book.is_empty(), book.len()), (false, 6));
}

#[test]
fn what_is_there_is_not_recalled() {
    let mut book = OrderBook::default();
    book.apply(&intended("a", 1)).unwrap();
    let sent = JournalEntry::happened(key("a"), OrderInput::Sent, Timestamp::from_seconds(1));
    book.apply(&sent).unwrap();
    book.recall(Order::open(intent("a"), Timestamp::from_seconds(1)));
    assert_eq!(book.get(&key("a")).unwrap().state(), OrderState::Sent);
    assert_eq!(names(&book), ["a"]);
}

#[test]
fn the_last_intent_alone_is_taken_back() {
    let mut book = OrderBook::default();
    for name in ["a", "b"] {
        book.apply(&intended(name, 1)).unwrap();
    }
    let before = book.clone();
    assert_eq!(book.take_back(&key("a")), None);
    assert_eq!(book, before);
    assert_eq!(book.take_back(&key("b")), Some(Order::open(intent("b"), Timestamp::from_seconds(1))));
    assert_eq!(names(&book), ["a"]);
}

#[test]
fn a_full_memory_lets_go_of_what_has_ended_and_of_nothing_else() {
    let mut memory = OrderMemory::default();
    let happened = |name: &str, input| JournalEntry::happened(key(name), input, Timestamp::EPOCH);
    for number in 0..REMEMBERED {
        let name = format!("order-{number}");
        memory.take_in(&intended(&name, 0)).unwrap();
        let refused = OrderInput::Refused { reason: "no such route".to_owned() };
        let input = if number % 2 == 0 { OrderInput::Sent } else { refused };
        // The last word about the last order is where room is made.
        if number + 1 < REMEMBERED {
            memory.take_in(&happened(&name, input)).unwrap();
        }
    }
    assert!(memory.knows(&key("order-1")), "there is room until it is full");
    assert_eq!(memory.order(&key("order-1")).unwrap().state(), OrderState::Refused);
    memory.take_in(&intended("one-more", 0)).unwrap();
    assert!(!memory.knows(&key("order-1")));
    assert_eq!(memory.order(&key("order-1")), None);
    assert_eq!(memory.order(&key("order-0")).unwrap().state(), OrderState::Sent);
    assert!((0..REMEMBERED).step_by(2).all(|number| memory.knows(&key(&format!("order-{number}")))));
    assert!(memory.knows(&key("one-more")));
}

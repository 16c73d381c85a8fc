//! What was sent lately is counted for as long as it counts, and what was not sent after all never was.

use super::*;
use tradeport_kernel::Quantity;
use tradeport_orders::{OrderDraft, OrderKind, Side};

fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

fn key(text: &str) -> OrderKey {
    OrderKey::new(text).unwrap()
}

fn order(name: &str, symbol: &str) -> OrderIntent {
    let (symbol, ten) = (Symbol::new(symbol).unwrap(), Quantity::new(10.into()).unwrap());
    OrderDraft::new(key(name), account(), symbol, Side::Buy, ten, OrderKind::Market).check().unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn of_minute(recent: &Recent, seconds: i64, without: Option<&str>) -> u32 {
    recent.of_minute(&account(), at(seconds), without.map(key).as_ref())
}

fn keys(recent: &Recent) -> Vec<&str> {
    recent.iter().map(|(_, intent)| intent.key().as_str()).collect()
}

fn seconds_since_alike(recent: &Recent, intent: &OrderIntent, now: i64) -> Option<u64> {
    recent.alike(intent, at(now)).map(|since| since.as_secs())
}

#[test]
fn an_order_counts_for_a_minute_and_not_when_it_is_the_one_that_is_judged() {
    let mut recent = Recent::default();
    recent.note(&order("a", "AAPL"), at(100));
    recent.note(&order("b", "MSFT"), at(130));
    assert_eq!(of_minute(&recent, 130, None), 2);
    assert_eq!(of_minute(&recent, 159, None), 2);
    assert_eq!(of_minute(&recent, 160, None), 1, "a minute after the first");
    assert_eq!(of_minute(&recent, 159, Some("a")), 1);
    assert_eq!(of_minute(&recent, 160, Some("a")), 1, "it counts no more by itself");
    assert_eq!(of_minute(&recent, 159, Some("c")), 2, "one that was never sent");
}

#[test]
fn an_order_is_no_repetition_of_itself() {
    let mut recent = Recent::default();
    recent.note(&order("a", "AAPL"), at(100));
    assert_eq!(seconds_since_alike(&recent, &order("a", "AAPL"), 110), None);
    assert_eq!(seconds_since_alike(&recent, &order("b", "AAPL"), 110), Some(10));
    assert_eq!(seconds_since_alike(&recent, &order("b", "MSFT"), 110), None);
}

#[test]
fn an_order_that_wants_anything_else_is_no_repetition() {
    let mut recent = Recent::default();
    recent.note(&order("a", "AAPL"), at(100));
    type Change = fn(&mut OrderDraft);
    let others: [Change; 4] = [
        |it| it.side = Side::Sell,
        |it| it.size = Quantity::new(11.into()).unwrap().into(),
        |it| it.kind = OrderKind::Limit { limit: "100".parse().unwrap() },
        |it| it.account = AccountId::new("DU2").unwrap(),
    ];
    for (number, change) in others.into_iter().enumerate() {
        let mut draft = order("b", "AAPL").to_draft();
        change(&mut draft);
        assert_eq!(seconds_since_alike(&recent, &draft.check().unwrap(), 110), None, "change {number}");
    }
}

#[test]
fn repetitions_are_known_for_exactly_an_hour() {
    let mut recent = Recent::default();
    recent.note(&order("a", "AAPL"), at(100));
    recent.note(&order("b", "MSFT"), at(3_700));
    assert_eq!(seconds_since_alike(&recent, &order("c", "AAPL"), 3_700), Some(3_600));
    assert_eq!(seconds_since_alike(&recent, &order("c", "AAPL"), 3_701), None);
    recent.note(&order("d", "MSFT"), at(3_701));
    assert_eq!(keys(&recent), ["b", "d"], "no policy looks back further");
}

/// Who sends all day long needs no more memory for it than for an hour.
#[test]
fn what_no_policy_looks_back_to_is_forgotten() {
    let mut sent = SentLately::default();
    for second in 0..=3 * 3_600 {
        sent.note(&key(&format!("k{second}")), at(second));
    }
    assert_eq!(sent.0.len(), 3_601, "an hour, with both of its ends");
}

#[test]
fn a_clock_that_is_put_back_makes_no_order_earlier() {
    let mut recent = Recent::default();
    recent.note(&order("a", "AAPL"), at(1_000));
    recent.note(&order("b", "AAPL"), at(10));
    assert_eq!(of_minute(&recent, 1_030, None), 2);
    assert_eq!(seconds_since_alike(&recent, &order("c", "AAPL"), 1_030), Some(30));
}

#[test]
fn the_last_order_is_taken_back_as_if_it_had_never_been_sent() {
    let mut recent = Recent::default();
    recent.note(&order("a", "AAPL"), at(100));
    recent.note(&order("b", "MSFT"), at(101));
    assert!(recent.take_back(&order("b", "MSFT")));
    assert_eq!(keys(&recent), ["a"]);
    assert_eq!(of_minute(&recent, 101, None), 1);
    assert_eq!(seconds_since_alike(&recent, &order("c", "MSFT"), 101), None);
    recent.note(&order("d", "AAPL"), at(102));
    assert!(recent.take_back(&order("d", "AAPL")));
    assert_eq!(seconds_since_alike(&recent, &order("e", "AAPL"), 102), Some(2), "the one before it stays");
}

#[test]
fn what_was_not_sent_last_is_not_taken_back() {
    let mut recent = Recent::default();
    recent.note(&order("a", "AAPL"), at(100));
    for other in [order("b", "AAPL"), order("a", "MSFT")] {
        assert!(!recent.take_back(&other));
        assert_eq!((keys(&recent), of_minute(&recent, 100, None)), (vec!["a"], 1));
    }
    let mut sent = SentLately::default();
    sent.note(&key("a"), at(100));
    sent.take_back(&key("b"));
    assert_eq!(sent.of_minute(at(100), None), 1);
    sent.take_back(&key("a"));
    assert_eq!(sent.of_minute(at(100), None), 0);
}

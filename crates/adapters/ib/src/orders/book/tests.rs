mod changes;

use super::*;
use crate::notices::NoticeTable;
use proptest::prelude::*;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, PermId, Quantity};
use tradeport_orders::{ExecutedPart, OrderDraft, OrderKind, Side};

fn key(text: &str) -> OrderKey {
    OrderKey::new(text).unwrap()
}

fn intent(name: &str) -> OrderIntent {
    let limit = OrderKind::Limit { limit: "50".parse().unwrap() };
    let (account, symbol) = (AccountId::new("DU1").unwrap(), "AAPL".parse().unwrap());
    let ten: Quantity = "10".parse().unwrap();
    OrderDraft::new(key(name), account, symbol, Side::Buy, ten, limit).check().unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_seconds(second)
}

fn status(phase: BrokerPhase, filled: i64) -> BrokerStatus {
    BrokerStatus { phase, filled: Decimal::from(filled), perm_id: Some(PermId::new(9)), reason: None }
}

fn execution(name: &str, number: u32, second: i64) -> Execution {
    Execution {
        id: ExecutionId::new(&format!("x{number}"), 1),
        key: Some(key(name)),
        perm_id: PermId::new(9),
        account: AccountId::new("DU1").unwrap(),
        symbol: "AAPL".parse().unwrap(),
        side: Side::Buy,
        quantity: "1".parse().unwrap(),
        price: "50".parse().unwrap(),
        at: at(second),
        part: ExecutedPart::Whole,
    }
}

fn cost(number: u32) -> Commission {
    let execution = ExecutionId::new(&format!("x{number}"), 1);
    Commission { execution, amount: Money::new(Decimal::ONE, Currency::USD) }
}

fn said(code: i32) -> Said {
    NoticeTable::default().said(code, "in some words")
}

fn answers(effects: &[Effect]) -> Vec<Answer> {
    let answer = |effect: &Effect| match effect {
        Effect::Answer(_, answer) => Some(answer.clone()),
        Effect::Tell { .. } => None,
    };
    effects.iter().filter_map(answer).collect()
}

fn news(effects: &[Effect]) -> Vec<BrokerNews> {
    let news = |effect: &Effect| match effect {
        Effect::Tell { news, .. } => Some(news.clone()),
        Effect::Answer(..) => None,
    };
    effects.iter().filter_map(news).collect()
}

/// A book with one order that was taken.
fn taken() -> (Book, i32) {
    let mut book = Book::default();
    book.begin_at(40);
    let number = book.enter(&intent("a")).unwrap();
    let mut out = Vec::new();
    book.wish(number, Wish::Submit);
    book.stands(number, None, status(BrokerPhase::Working, 0), at(1), &mut out);
    assert_eq!(answers(&out), [Answer::Taken]);
    (book, number)
}

#[test]
fn a_key_is_sent_once_and_numbers_only_grow() {
    let (mut book, first) = taken();
    assert_eq!(first, 40);
    assert_eq!(book.enter(&intent("a")), None, "it was sent");
    book.listed(Some(70), &key("b"));
    assert_eq!(book.enter(&intent("b")), None, "TWS lists it");
    book.listed(None, &key("c"));
    assert_eq!(book.enter(&intent("c")), None, "TWS lists it under no number of ours");
    book.begin_at(3);
    let next = book.enter(&intent("d")).unwrap();
    assert_eq!(next, 71, "above all that was seen");
    book.withdraw(next);
    assert_eq!(book.enter(&intent("d")), Some(72), "what never left may be sent, under another number");
}

#[test]
fn a_refusal_answers_whoever_waits_for_it() {
    for code in [201, 110, 200, 321, 10_052] {
        let mut book = Book::default();
        let number = book.enter(&intent("a")).unwrap();
        let mut out = Vec::new();
        book.wish(number, Wish::Submit);
        book.said(number, &said(code), at(1), &mut out);
        assert!(matches!(&answers(&out)[..], [Answer::Refused(_)]), "{code}");
        assert_eq!(book.find(&key("a")), Some((number, true)), "it has ended");
        out.clear();
        book.stands(number, None, status(BrokerPhase::Working, 0), at(2), &mut out);
        assert_eq!(news(&out), [], "a late word does not bring it back");
    }
}

#[test]
fn warnings_and_unknown_codes_change_nothing() {
    let mut book = Book::default();
    let number = book.enter(&intent("a")).unwrap();
    let mut out = Vec::new();
    book.wish(number, Wish::Submit);
    for code in [399, 404, 2_109, 77_777] {
        book.said(number, &said(code), at(1), &mut out);
    }
    assert!(out.is_empty(), "{out:?}");
    assert_eq!(book.find(&key("a")), Some((number, false)));
}

fn terms(limit: &str) -> Terms {
    let order = ibapi::orders::Order {
        order_type: "LMT".to_owned(),
        limit_price: Some(limit.parse().unwrap()),
        total_quantity: 10.0,
        ..Default::default()
    };
    Terms::from(crate::translate::terms_from_ib(&order).unwrap())
}

#[test]
fn a_cancel_ends_in_one_of_three_ways() {
    let ended = |phase| {
        let (mut book, number) = taken();
        book.wish(number, Wish::Cancel);
        let mut out = Vec::new();
        book.stands(number, None, status(phase, 0), at(2), &mut out);
        answers(&out)
    };
    assert_eq!(ended(BrokerPhase::CancelPending), [Answer::Taken]);
    assert_eq!(ended(BrokerPhase::Cancelled), [Answer::Taken]);
    assert_eq!(ended(BrokerPhase::Filled), [Answer::NoSuchOrder], "it filled first");
    assert_eq!(ended(BrokerPhase::Working), []);
    let refused = |code| {
        let (mut book, number) = taken();
        book.wish(number, Wish::Cancel);
        let mut out = Vec::new();
        book.said(number, &said(code), at(2), &mut out);
        answers(&out)
    };
    assert_eq!(refused(202), [Answer::Taken]);
    assert_eq!(refused(10_147), [Answer::NoSuchOrder]);
    assert!(matches!(&refused(161)[..], [Answer::Refused(_)]), "a live order is never answered so");
    assert_eq!(refused(201), [], "not about the cancel");
}

/// A cancel may take its time: whoever asks again meanwhile is told by TWS that it cannot be cancelled in this state.
#[test]
fn a_second_cancel_of_what_is_being_cancelled_is_under_way_as_the_first_is() {
    let again = |code, told: &dyn Fn(&mut Book, i32)| {
        let (mut book, number) = taken();
        told(&mut book, number);
        book.wish(number, Wish::Cancel);
        let mut out = Vec::new();
        book.said(number, &said(code), at(3), &mut out);
        answers(&out)
    };
    let stands = |phase| {
        move |book: &mut Book, number| book.stands(number, None, status(phase, 0), at(2), &mut Vec::new())
    };
    for code in [161, 10_148] {
        assert_eq!(again(code, &stands(BrokerPhase::CancelPending)), [Answer::Taken], "{code}");
        assert_eq!(again(code, &stands(BrokerPhase::Cancelled)), [Answer::NoSuchOrder], "{code}");
        let listed = |book: &mut Book, number| book.is_being_cancelled(number);
        assert_eq!(
            again(code, &listed),
            [Answer::Taken],
            "a list shows it so, to whoever connects later: {code}"
        );
        let works_again = |book: &mut Book, number| {
            listed(book, number);
            stands(BrokerPhase::Working)(book, number);
        };
        let answer = again(code, &works_again);
        // The exchange has refused the first one.
        assert!(matches!(&answer[..], [Answer::Refused(_)]), "{code}: {answer:?}");
    }
}

#[test]
fn a_lost_connection_answers_everybody_and_forgets_nothing() {
    let (mut book, number) = taken();
    book.wish(number, Wish::Cancel);
    let mut out = Vec::new();
    book.lose(&mut out);
    assert_eq!(answers(&out), [Answer::Lost]);
    assert_eq!(book.find(&key("a")), Some((number, false)));
    assert_eq!(book.enter(&intent("a")), None);
}

#[test]
fn a_number_of_another_session_names_nobody() {
    let (mut book, number) = taken();
    let mut out = Vec::new();
    let foreign = BrokerStatus { perm_id: Some(PermId::new(77)), ..status(BrokerPhase::Filled, 10) };
    book.stands(number, None, foreign, at(2), &mut out);
    assert!(matches!(&out[..], [Effect::Tell { key: None, .. }]), "{out:?}");
    assert_eq!(book.find(&key("a")), Some((number, false)), "ours is alive");
    out.clear();
    let id = book.wish(number, Wish::Submit);
    book.executed(number, execution("b", 1, 3), &mut out);
    assert!(matches!(&out[..], [Effect::Tell { key: Some(of), .. }] if *of == key("b")), "{id:?} {out:?}");
}

#[derive(Clone, Copy, Debug)]
enum Word {
    Executed(u32, i64),
    Charged(u32),
    Saw(u32),
    Stands(BrokerPhase, i64),
    Lose,
}

fn word() -> impl Strategy<Value = Word> {
    let phase = prop::sample::select(vec![
        BrokerPhase::Held,
        BrokerPhase::Working,
        BrokerPhase::CancelPending,
        BrokerPhase::Filled,
        BrokerPhase::Cancelled,
        BrokerPhase::Refused,
    ]);
    prop_oneof![
        4 => (0..6_u32, 0..50_i64).prop_map(|(number, second)| Word::Executed(number, second)),
        4 => (0..6_u32).prop_map(Word::Charged),
        1 => (0..6_u32).prop_map(Word::Saw),
        3 => (phase, 0..4_i64).prop_map(|(phase, filled)| Word::Stands(phase, filled)),
        1 => Just(Word::Lose),
    ]
}

proptest! {
    /// Whatever a gateway says, in whatever order and how often: money is told once, its cost once and after it (or after
    /// it was seen), no status twice in a row, nothing alive after an end, moments never go back.
    #[test]
    fn lies_do_not_get_through(words in prop::collection::vec(word(), 0..60)) {
        let (mut book, number) = taken();
        let mut out = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for (word, second) in words.into_iter().zip(2..) {
            match word {
                Word::Executed(which, second) => book.executed(number, execution("a", which, second), &mut out),
                Word::Charged(which) => book.charged(cost(which), at(second), &mut out),
                Word::Saw(which) => {
                    seen.insert(execution("a", which, 0).id);
                    book.saw(&execution("a", which, 0));
                }
                Word::Stands(phase, filled) => {
                    book.stands(number, None, status(phase, filled), at(second), &mut out);
                }
                Word::Lose => book.lose(&mut out),
            }
        }
        let (mut executed, mut charged) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
        let (mut last_status, mut last_at, mut ended) = (None, Timestamp::MIN, false);
        for effect in &out {
            let Effect::Tell { key: whose, at, news } = effect else { continue };
            prop_assert_eq!(whose, &Some(key("a")));
            prop_assert!(*at >= last_at, "moments go back");
            last_at = *at;
            match news {
                BrokerNews::Executed(it) => prop_assert!(executed.insert(it.id.clone()), "twice"),
                BrokerNews::Charged(it) => {
                    let known = executed.contains(&it.execution) || seen.contains(&it.execution);
                    prop_assert!(known && charged.insert(it.execution.clone()), "{:?}", it);
                }
                BrokerNews::Status(it) => {
                    prop_assert!(last_status.as_ref() != Some(it), "the same again");
                    prop_assert!(!ended || is_final(it.phase), "alive again");
                    // Inactive without a word why is the one end that may be taken back.
                    ended |= is_final(it.phase) && (it.phase != BrokerPhase::Refused || it.reason.is_some());
                    last_status = Some(it.clone());
                }
            }
        }
    }
}

/// A book with a parent that is held back, somebody who waits for its answer, and what has come of it.
fn held() -> (Book, i32, Vec<Effect>) {
    let mut book = Book::default();
    let number = book.enter(&intent("parent")).unwrap();
    book.hold(&[number]);
    book.wish(number, Wish::Submit);
    (book, number, Vec::new())
}

#[test]
fn what_is_held_back_and_called_inactive_is_neither_taken_nor_refused_yet() {
    let (mut book, number, mut out) = held();
    book.stands(number, None, status(BrokerPhase::Refused, 0), at(1), &mut out);
    assert_eq!((answers(&out), news(&out)), (vec![], vec![BrokerNews::Status(status(BrokerPhase::Held, 0))]));
    // The words of a refusal may come before or after.
    book.said(number, &said(201), at(2), &mut out);
    assert!(matches!(&answers(&out)[..], [Answer::Refused(_)]), "{out:?}");
    assert!(matches!(book.find(&key("parent")), Some((_, true))));
    out.clear();
    book.stands(number, None, status(BrokerPhase::Refused, 0), at(3), &mut out);
    assert!(out.is_empty(), "{out:?}");
}

#[test]
fn the_last_of_a_family_lets_all_of_it_go() {
    let (mut book, number, mut out) = held();
    book.stands(number, None, status(BrokerPhase::Working, 0), at(1), &mut out);
    assert_eq!(answers(&out), [Answer::Taken]);
    assert_eq!(news(&out), [BrokerNews::Status(status(BrokerPhase::Held, 0))]);
    let stranger = book.enter(&intent("stranger")).unwrap();
    book.hold(&[stranger]);
    let child = OrderDraft { parent: Some(key("parent")), ..intent("child").to_draft() };
    let last = book.enter(&child.check().unwrap()).unwrap();
    assert_eq!(book.release(last), [number]);
    assert!(!book.is_held(number) && book.is_held(stranger));
    out.clear();
    book.stands(number, None, status(BrokerPhase::Working, 0), at(2), &mut out);
    assert_eq!(news(&out), [BrokerNews::Status(status(BrokerPhase::Working, 0))]);
}

#[test]
fn scenario_ord_06_an_inactive_order_without_a_word_is_neither_refused_nor_lost() {
    let mut book = Book::default();
    let number = book.enter(&intent("a")).unwrap();
    book.wish(number, Wish::Submit);
    let mut out = Vec::new();
    let inactive = || status(BrokerPhase::Refused, 0);
    book.stands(number, None, inactive(), at(1), &mut out);
    assert_eq!((answers(&out), news(&out)), (vec![], vec![BrokerNews::Status(inactive())]));
    assert!(book.is_inactive(number));
    assert_eq!(book.find(&key("a")), Some((number, false)), "it may be cancelled");
    // It comes alive.
    out.clear();
    let working = status(BrokerPhase::Working, 0);
    book.stands(number, None, working.clone(), at(2), &mut out);
    assert_eq!((answers(&out), news(&out)), (vec![Answer::Taken], vec![BrokerNews::Status(working.clone())]));
    // The words of a refusal follow: it is dead for certain, and stays so.
    out.clear();
    book.stands(number, None, inactive(), at(3), &mut out);
    book.said(number, &said(201), at(4), &mut out);
    let told = news(&out);
    assert!(matches!(&told[..], [_, BrokerNews::Status(it)] if it.reason.is_some()), "{told:?}");
    assert_eq!((book.is_inactive(number), book.find(&key("a"))), (false, Some((number, true))));
    out.clear();
    book.stands(number, None, working, at(5), &mut out);
    assert!(out.is_empty(), "{out:?}");
}

#[test]
fn scenario_ord_06_the_words_of_a_refusal_that_follow_answer_who_waits() {
    let mut book = Book::default();
    let number = book.enter(&intent("a")).unwrap();
    book.wish(number, Wish::Submit);
    let mut out = Vec::new();
    book.stands(number, None, status(BrokerPhase::Refused, 0), at(1), &mut out);
    book.said(number, &said(201), at(2), &mut out);
    assert!(
        matches!(&answers(&out)[..], [Answer::Refused(words)] if words.contains("in some words")),
        "{out:?}"
    );
}

#[test]
fn scenario_ord_10_that_an_order_waits_for_the_exchange_is_no_end_and_no_reason_for_one() {
    let (mut book, number) = taken();
    let mut out = Vec::new();
    book.said(number, &said(399), at(2), &mut out);
    assert!(out.is_empty(), "{out:?}");
    assert_eq!(book.find(&key("a")), Some((number, false)));
    book.stands(number, None, status(BrokerPhase::Cancelled, 0), at(3), &mut out);
    assert!(matches!(&news(&out)[..], [BrokerNews::Status(it)] if it.reason.is_none()), "{out:?}");
}

#[test]
fn scenario_oid_08_an_execution_belongs_to_the_order_whose_key_it_bears_whatever_its_number() {
    let (mut book, number) = taken();
    for (other, which) in [(0, 1), (number + 1_000, 2), (-7, 3)] {
        let mut out = Vec::new();
        book.executed(other, execution("a", which, 2), &mut out);
        assert!(
            matches!(&out[..], [Effect::Tell { key: Some(it), news: BrokerNews::Executed(_), .. }] if *it == key("a")),
            "{other}: {out:?}"
        );
    }
    assert_eq!(book.find(&key("a")), Some((number, false)));
}

#[test]
fn scenario_oid_12_a_change_that_came_too_early_is_refused_and_the_order_lives() {
    let (mut book, number) = taken();
    book.wish(number, Wish::Change(Box::new(terms("51"))));
    let mut out = Vec::new();
    book.said(number, &said(103), at(2), &mut out);
    assert!(matches!(&answers(&out)[..], [Answer::Refused(_)]), "{out:?}");
    assert_eq!((news(&out), book.find(&key("a"))), (vec![], Some((number, false))));
}

#[test]
fn scenario_exe_09_a_cost_that_comes_before_its_execution_waits_for_it() {
    let (mut book, number) = taken();
    let mut out = Vec::new();
    book.charged(cost(1), at(2), &mut out);
    assert!(out.is_empty(), "{out:?}");
    book.executed(number, execution("a", 1, 3), &mut out);
    book.charged(cost(1), at(4), &mut out);
    let told = news(&out);
    assert!(matches!(&told[..], [BrokerNews::Executed(_), BrokerNews::Charged(_)]), "once each: {told:?}");
    // However many of executions that never come: those who wait are bounded.
    for which in 0..u32::try_from(MOST_EARLY).unwrap() + 50 {
        book.charged(cost(1_000 + which), at(5), &mut out);
    }
    assert_eq!((book.early.len(), out.len()), (MOST_EARLY, told.len()));
}

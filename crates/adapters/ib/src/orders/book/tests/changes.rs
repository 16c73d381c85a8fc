//! How changes are answered, and what a refusal is about.

use super::*;

#[test]
fn a_refused_change_leaves_the_order_alive() {
    for code in [201, 110, 105, 321] {
        let (mut book, number) = taken();
        let terms = terms("50");
        book.wish(number, Wish::Change(Box::new(terms)));
        let mut out = Vec::new();
        book.said(number, &said(code), at(2), &mut out);
        assert!(matches!(&answers(&out)[..], [Answer::Refused(_)]), "{code}");
        assert_eq!(news(&out), [], "{code}");
        assert_eq!(book.find(&key("a")), Some((number, false)));
    }
}

#[test]
fn a_change_is_taken_when_tws_describes_it_and_not_before() {
    let (mut book, number) = taken();
    book.wish(number, Wish::Change(Box::new(terms("51"))));
    let mut out = Vec::new();
    let describe = |book: &mut Book, terms: &Terms, out: &mut Vec<Effect>| {
        let phase = Some(BrokerPhase::Working);
        book.described(Described { number, key: None, phase, terms: Some(terms), what_if: None }, out);
    };
    describe(&mut book, &terms("50"), &mut out);
    assert!(out.is_empty(), "these are the old terms");
    describe(&mut book, &terms("51"), &mut out);
    assert_eq!(answers(&out), [Answer::Taken]);
}

/// TWS tells of a trailing order where its stop stands by now.
#[test]
fn a_change_of_a_trailing_order_is_taken_wherever_its_stop_stands() {
    let trailing = |amount: f64, stop| {
        let (order_type, total_quantity) = ("TRAIL".to_owned(), 10.0);
        let aux_price = Some(amount);
        let order = ibapi::orders::Order {
            order_type,
            aux_price,
            trail_stop_price: stop,
            total_quantity,
            ..Default::default()
        };
        Terms::from(crate::translate::terms_from_ib(&order).unwrap())
    };
    assert!(trailing(2.0, None).are_met_by(&trailing(2.0, Some(98.5))));
    assert!(!trailing(2.0, None).are_met_by(&trailing(1.0, Some(99.5))), "these are the old terms");
}

#[test]
fn a_refusal_after_a_time_out_belongs_to_the_change_not_to_the_order() {
    let (mut book, number) = taken();
    let id = book.wish(number, Wish::Change(Box::new(terms("51"))));
    book.give_up(number, id);
    let mut out = Vec::new();
    book.said(number, &said(201), at(2), &mut out);
    assert!(out.is_empty(), "{out:?}");
    book.said(number, &said(201), at(3), &mut out);
    assert!(matches!(&news(&out)[..], [BrokerNews::Status(it)] if it.phase == BrokerPhase::Refused));
}

/// TWS describes what it was sent, and its server refuses it a moment later: the order stands as it was.
#[test]
fn a_refusal_after_a_change_was_granted_belongs_to_the_change_not_to_the_order() {
    for phase in [BrokerPhase::Working, BrokerPhase::Held] {
        let (mut book, number) = taken();
        let mut out = Vec::new();
        book.stands(number, None, status(phase, 0), at(2), &mut out);
        book.wish(number, Wish::Change(Box::new(terms("51"))));
        let is = terms("51");
        book.described(
            Described { number, key: None, phase: Some(phase), terms: Some(&is), what_if: None },
            &mut out,
        );
        assert_eq!(answers(&out), [Answer::Taken]);
        out.clear();
        book.said(number, &said(201), at(3), &mut out);
        assert!(out.is_empty(), "{out:?}");
        assert_eq!(book.find(&key("a")), Some((number, false)), "it can be cancelled");
        // Where it does end the order, its state says so, and in these words.
        book.stands(number, None, status(BrokerPhase::Refused, 0), at(4), &mut out);
        assert!(matches!(&news(&out)[..], [BrokerNews::Status(it)] if it.reason.is_some()), "{out:?}");
        assert_eq!(book.find(&key("a")), Some((number, true)));
    }
}

#[test]
fn words_on_an_order_that_was_changed_and_is_inactive_are_of_its_end() {
    let (mut book, number) = taken();
    let mut out = Vec::new();
    book.wish(number, Wish::Change(Box::new(terms("51"))));
    let (is, phase) = (terms("51"), Some(BrokerPhase::Working));
    book.described(Described { number, key: None, phase, terms: Some(&is), what_if: None }, &mut out);
    book.stands(number, None, status(BrokerPhase::Refused, 0), at(2), &mut out);
    book.said(number, &said(201), at(3), &mut out);
    assert_eq!(book.find(&key("a")), Some((number, true)));
}

/// A change that leaves nothing to trade fills the order.
#[test]
fn a_change_to_what_has_traded_is_made_by_the_word_that_it_has_filled() {
    for (filled, limit, taken_by) in [(10, "50", true), (12, "50", false), (9, "50", false)] {
        let mut book = Book::default();
        let draft = OrderDraft { size: Quantity::new(12.into()).unwrap().into(), ..intent("a").to_draft() };
        let number = book.enter(&draft.check().unwrap()).unwrap();
        book.wish(number, Wish::Change(Box::new(terms(limit))));
        let mut out = Vec::new();
        book.stands(number, None, status(BrokerPhase::Filled, filled), at(2), &mut out);
        assert_eq!(answers(&out) == [Answer::Taken], taken_by, "{filled}: {out:?}");
    }
}

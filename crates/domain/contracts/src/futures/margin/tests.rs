use super::*;
use tradeport_kernel::Currency;

const NOON: Timestamp = Timestamp::from_seconds(1_700_000_000);

fn draft(initial: i64, maintenance: i64) -> MarginDraft {
    let usd = |amount: i64| Money::new(amount.into(), Currency::USD);
    MarginDraft {
        initial: usd(initial),
        maintenance: usd(maintenance),
        as_of: NOON,
        source: "what-if".to_owned(),
    }
}

#[test]
fn what_is_no_margin_is_refused() {
    let refused = |draft: MarginDraft| draft.check().unwrap_err().to_string();
    assert_eq!(
        refused(draft(-1, 0)),
        "the initial margin of -1.00 USD is below zero: a position that frees margin says nothing of one contract"
    );
    assert!(refused(draft(1, -1)).starts_with("the maintenance margin of -1.00 USD"));
    let euros = Money::zero("EUR".parse().unwrap());
    assert_eq!(
        refused(MarginDraft { maintenance: euros, ..draft(1, 1) }),
        "the initial margin of 1.00 USD and the maintenance margin of 0.00 EUR must be in one currency"
    );
    for source in ["", "  ", "two\nlines", &"x".repeat(81)] {
        assert!(
            refused(MarginDraft { source: source.to_owned(), ..draft(1, 1) }).contains("is not a source")
        );
    }
}

#[test]
fn an_answer_for_many_contracts_is_shared_among_them() {
    let margin = MarginRequirement::from_what_if(draft(50_000, 45_000), "3".parse().unwrap()).unwrap();
    assert_eq!(margin.initial().to_string(), "16666.67 USD");
    assert_eq!(margin.maintenance().to_string(), "15000.00 USD");
    assert_eq!((margin.as_of(), margin.source()), (NOON, "what-if"));
    let closing = MarginRequirement::from_what_if(draft(-50_000, -45_000), "3".parse().unwrap());
    assert!(
        matches!(closing, Err(NotAMargin::Negative { .. })),
        "a trade that frees margin is no requirement"
    );
    let huge = MarginDraft { initial: Money::new(Decimal::MAX, Currency::USD), ..draft(1, 1) };
    let tiny = MarginRequirement::from_what_if(huge, "0.001".parse().unwrap()).unwrap_err();
    assert_eq!(tiny.to_string(), "the margin of one contract cannot be computed");
}

#[test]
fn answers_that_arrive_out_of_order_do_not_make_it_older() {
    let es: Symbol = "ESZ6".parse().unwrap();
    let minute = Duration::from_secs(60);
    let mut book = MarginBook::default();
    assert_eq!(book.fresh_within(es, Duration::MAX, NOON), MarginAge::Unknown);
    assert_eq!(book.age(es, NOON), None);
    let newer = MarginDraft { as_of: NOON.after(minute), ..draft(2, 2) }.check().unwrap();
    book.update(es, newer.clone());
    book.update(es, draft(1, 1).check().unwrap());
    assert_eq!(book.last(es), Some(&newer));
    let same_moment = MarginDraft { as_of: NOON.after(minute), ..draft(3, 3) }.check().unwrap();
    book.update(es, same_moment.clone());
    assert_eq!(book.last(es), Some(&same_moment), "of one moment, what was said last counts");
    book.update(es, newer.clone());

    let later = NOON.after(3 * minute);
    assert_eq!(book.age(es, later), Some(2 * minute));
    assert_eq!(
        book.fresh_within(es, 2 * minute, later),
        MarginAge::Fresh(&newer),
        "the limit itself is young enough"
    );
    assert_eq!(book.fresh_within(es, minute, later), MarginAge::Stale { last: &newer, age: 2 * minute });
    assert_eq!(book.age(es, NOON), Some(Duration::ZERO), "clocks that differ make nothing older");
}

#[test]
fn a_book_comes_back_from_its_document_and_is_checked() {
    let mut book = MarginBook::default();
    book.update("ESZ6".parse().unwrap(), draft(2, 1).check().unwrap());
    let text = serde_json::to_string(&book).unwrap();
    assert_eq!(serde_json::from_str::<MarginBook>(&text).unwrap(), book);
    let bad = text.replace("\"amount\":\"2\"", "\"amount\":\"-2\"");
    assert_ne!(bad, text);
    assert!(serde_json::from_str::<MarginBook>(&bad).is_err());
}

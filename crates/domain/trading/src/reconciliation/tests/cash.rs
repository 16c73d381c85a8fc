//! Cash of several currencies.

use super::*;

fn euros(text: &str) -> Money {
    Money::new(text.parse().unwrap(), "EUR".parse().unwrap())
}

fn balances(all: &[Money]) -> Balances {
    all.iter().copied().collect()
}

/// What is known of an account's cash, and what the broker says of it.
fn held_against(book: CashBook, told: Option<&[Money]>) -> Findings {
    let figures = AccountSummary { balances: told.map(balances), ..figures(money("1234.56")) };
    let portfolio = Portfolio::new(account(), money("1234.56"));
    let holdings = Holdings::default().with_account(&portfolio, book);
    let view = BrokerView::of(EPOCH).with_account(account(), Some(figures), Some(whole(Vec::new())));
    reconcile(&Books::of(&OrderBook::default(), holdings), &view)
}

fn known(all: &[Money]) -> CashBook {
    CashBook::of(Cash::ByCurrency(balances(all)))
}

fn asked(findings: &Findings) -> Vec<&str> {
    findings.open_questions().filter(|it| it.contains("cash")).collect()
}

#[test]
fn each_currency_is_compared_by_itself_to_the_cent() {
    let ours = [euros("10.004"), money("7")];
    let same = held_against(known(&ours), Some(&[euros("10"), money("7.001")]));
    assert_eq!((same.found(), asked(&same)), (&[][..], vec![]));
    let other = held_against(known(&ours), Some(&[euros("9.99"), money("7")]));
    let found: Vec<_> = other.found().iter().map(|it| (it.subject.to_string(), it.difference)).collect();
    assert_eq!(found, [("DU1 cash in EUR".to_owned(), Some("-0.014".parse().unwrap()))]);
    assert_eq!((other.found()[0].cause, other.found()[0].ours.as_str()), (Cause::CashMoved, "10.00 EUR"));
}

#[test]
fn a_currency_that_one_side_does_not_list_has_nothing_in_it_there() {
    let both = held_against(known(&[money("7")]), Some(&[euros("3"), money("7")]));
    assert_eq!(both.found().len(), 1, "{both:?}");
    let both = held_against(known(&[euros("3"), money("7")]), Some(&[money("7")]));
    assert_eq!(both.found()[0].difference, Some(Decimal::from(-3)));
    assert_eq!(held_against(known(&[euros("0"), money("7")]), Some(&[money("7")])).found(), []);
}

#[test]
fn a_break_in_a_currency_ends_once_nobody_has_anything_in_it_and_by_no_other_currency() {
    let mut register = BreakRegister::default();
    register.take(
        &held_against(known(&[money("7")]), Some(&[euros("3"), money("7")])),
        at(0),
        Patience::NONE,
    );
    assert_eq!(register.standing().count(), 1);
    let in_one_sum = held_against(CashBook::of(Cash::InAll(money("1234.56"))), None);
    assert_eq!(in_one_sum.found(), []);
    assert_eq!(register.take(&in_one_sum, at(1), Patience::NONE), [], "dollars say nothing of euros");
    let gone = held_against(known(&[money("7")]), Some(&[money("7")]));
    assert!(matches!(&register.take(&gone, at(2), Patience::NONE)[..], [BreakChange::Solved(_)]));
}

#[test]
fn where_something_is_held_on_margin_a_difference_is_asked_and_no_break() {
    let on_margin = || known(&[euros("3"), money("7")]).margined_in([Currency::USD]);
    let findings = held_against(on_margin(), Some(&[euros("3"), money("212.50")]));
    assert_eq!(findings.found(), []);
    let moves = "the cash of DU1 in USD moves with what futures and contracts for difference gain in it";
    assert_eq!(asked(&findings), [moves]);
    assert!(findings.looked().at(&Scope::Cash(account(), Some(euros("3").currency()))));
    assert!(!findings.looked().at(&Scope::Cash(account(), Some(Currency::USD))), "a break of it stands");
    let same = held_against(on_margin(), Some(&[euros("3"), money("7")]));
    assert_eq!(asked(&same), Vec::<&str>::new(), "it may fit all the same");
    let other = held_against(on_margin(), Some(&[euros("4"), money("7")]));
    assert_eq!(other.found().len(), 1, "what is not held on margin moves by what is told alone");
}

#[test]
fn one_sum_and_several_currencies_are_not_held_against_each_other() {
    let findings = held_against(known(&[money("7")]), None);
    let sides = "the cash of DU1 is by currency on one side alone, and in one sum on the other";
    assert_eq!((findings.found(), asked(&findings)), (&[][..], vec![sides]));
    let figures = AccountSummary {
        rates: [(euros("0").currency(), Decimal::ONE)].into_iter().collect(),
        ..figures(money("5"))
    };
    let portfolio = Portfolio::new(account(), money("7"));
    let book = CashBook::of_portfolio(&portfolio);
    let holdings = Holdings::default().with_account(&portfolio, book);
    let view = BrokerView::of(EPOCH).with_account(account(), Some(figures), Some(whole(Vec::new())));
    let findings = reconcile(&Books::of(&OrderBook::default(), holdings), &view);
    let moves = "the cash of DU1 is in several currencies and told in one sum, which moves with their rates";
    assert_eq!((findings.found(), asked(&findings)), (&[][..], vec![moves]));
}

#[test]
fn what_was_taken_over_unexplained_is_not_in_what_was_told() {
    let mut register = BreakRegister::default();
    let told = [euros("13"), money("7")];
    register.take(&held_against(known(&[euros("10"), money("7")]), Some(&told)), at(0), Patience::NONE);
    register.taken_over(&[account()].into_iter().collect());
    let portfolio = Portfolio::new(account(), money("20")).with_balances(Some(balances(&told)));
    let holdings = Holdings::default().with_account(&portfolio, CashBook::of_portfolio(&portfolio));
    let holdings = holdings.without_unexplained(register.unexplained());
    assert_eq!(holdings.cash_of(&account()).unwrap(), &known(&[euros("10"), money("7")]));
}

#[test]
fn a_currency_is_seen_in_cash_by_currency_and_in_one_sum_of_it() {
    let euro = euros("1").currency();
    let in_all = CashBook::of(Cash::InAll(money("7")));
    assert_eq!((in_all.counts(Currency::USD), in_all.counts(euro)), (true, false));
    let by_currency = known(&[money("7")]);
    assert_eq!((by_currency.counts(Currency::USD), by_currency.counts(euro)), (true, true));
    assert!(!CashBook::of(Cash::Unknown(Awaited::Cost)).counts(Currency::USD));
}

#[test]
fn what_one_sum_cannot_take_in_leaves_nobody_able_to_say_what_there_is() {
    let moved = |amount: Money| {
        let mut book = CashBook::of(Cash::InAll(money("7")));
        book.move_by(amount);
        book.cash().clone()
    };
    assert_eq!(moved(money("-3")), Cash::InAll(money("4")));
    assert_eq!(moved(euros("0")), Cash::InAll(money("7")), "nothing is nothing in any currency");
    assert_eq!(moved(euros("1")), Cash::Unknown(Awaited::Rate));
    assert_eq!(moved(Money::new(Decimal::MAX, Currency::USD)), Cash::Unknown(Awaited::Reading));
}

#[test]
fn what_was_waited_for_first_is_waited_for_still() {
    let mut book = CashBook::of(Cash::InAll(money("7")));
    book.lose(Awaited::Reading);
    book.lose(Awaited::Cost);
    assert_eq!(book.cash(), &Cash::Unknown(Awaited::Reading));
}

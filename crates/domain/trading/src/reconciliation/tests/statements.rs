//! Statements, held against what is known.

use super::*;
use std::collections::BTreeMap;
use time::macros::date;
use tradeport_contracts::ContractId;
use tradeport_portfolio::{Payment, StatedCash, StatedPosition, StatedTrade, Statement, TradeTerms};

const APPLE: i64 = 265_598;

fn named(id: ContractId) -> Option<Symbol> {
    (id == ContractId::new(APPLE)).then(|| symbol("AAPL"))
}

/// A Monday in January, at an hour of New York.
fn on_monday(hour: i64) -> Timestamp {
    cut_of(date!(2026 - 01 - 05))
        .before(Duration::from_secs(20 * 3_600))
        .after(Duration::from_secs(u64::try_from(hour).unwrap() * 3_600))
}

fn dollars() -> TradeTerms {
    TradeTerms::paid_in(Currency::USD, Decimal::ONE)
}

fn booked(root: &str, quantity: i64, at: Timestamp) -> BookedTrade {
    let execution = Execution { at, ..execution(root, 1, quantity) };
    BookedTrade { execution, terms: Some(dollars()), commission: Some(money("1")) }
}

fn stated(root: &str, quantity: i64) -> StatedTrade {
    StatedTrade {
        execution: Some(ExecutionId::new(root, 1)),
        trade_id: "1".into(),
        key: None,
        contract: Some(ContractId::new(APPLE)),
        name: "AAPL".into(),
        side: Side::Buy,
        quantity: quantity.into(),
        price: "100".parse().unwrap(),
        commission: Some(money("1")),
    }
}

/// On Monday 10 were bought at noon; on Tuesday 5 more. The statement is Monday's.
fn tuesday() -> (AccountBooks, Statement) {
    let books = AccountBooks {
        account: account(),
        positions: BTreeMap::from([(symbol("AAPL"), Decimal::from(15))]),
        cash: CashBook::of(Cash::InAll(money("8498"))),
        trades: vec![booked("mon", 10, on_monday(12)), booked("tue", 5, on_monday(36))],
    };
    let held = StatedPosition {
        contract: Some(ContractId::new(APPLE)),
        name: "AAPL".into(),
        quantity: Decimal::TEN,
    };
    let statement = Statement {
        account: account(),
        from: date!(2026 - 01 - 05),
        to: date!(2026 - 01 - 05),
        trades: Some(vec![stated("mon", 10)]),
        positions: Some(vec![held]),
        cash: Some(StatedCash { total: Some("8999".parse().unwrap()), own: None, by_currency: Vec::new() }),
    };
    (books, statement)
}

fn causes(books: &AccountBooks, statement: &Statement) -> Vec<Cause> {
    tie_out(books, statement, named).findings.found().iter().map(|it| it.cause).collect()
}

#[test]
fn a_statement_of_yesterday_ties_out_to_the_cent_whatever_traded_since() {
    let (books, statement) = tuesday();
    let tie = tie_out(&books, &statement, named);
    assert_eq!(tie.findings.found(), []);
    assert_eq!((tie.trades, tie.positions, tie.cash), (1, 1, vec![money("8999")]));
    let asked: Vec<_> = tie.findings.open_questions().collect();
    assert_eq!(
        asked,
        [
            "1 trade since the statement of 2026-01-05 to 2026-01-05, the first at 2026-01-06T17:00:00Z: a later one tells of \
          it"
        ]
    );
    let (mut books, statement) = tuesday();
    books.trades.pop();
    books.positions = BTreeMap::from([(symbol("AAPL"), Decimal::TEN)]);
    books.cash = CashBook::of(Cash::InAll(money("8999")));
    assert_eq!(tie_out(&books, &statement, named).findings.open_questions().count(), 0, "all of it");
}

#[test]
fn a_statement_that_has_nothing_to_do_with_what_is_known_says_so() {
    let (books, statement) = tuesday();
    let (from, to) = (date!(2019 - 03 - 04), date!(2019 - 03 - 08));
    let other = Statement { from, to, trades: Some(Vec::new()), positions: None, cash: None, ..statement };
    let tie = tie_out(&books, &other, named);
    assert_eq!((tie.findings.found(), tie.trades), (&[][..], 0));
    let asked: Vec<_> = tie.findings.open_questions().collect();
    assert!(asked.iter().any(|it| it.starts_with("2 trades since the statement of 2019-03-04")), "{asked:?}");
    let nothing = "no trade was compared with the statement of 2019-03-04 to 2019-03-08: it holds none, and what is known \
                   here begins at 2026-01-05T17:00:00Z";
    assert!(asked.contains(&nothing), "{asked:?}");
    let books = AccountBooks { trades: Vec::new(), ..books };
    let tie = tie_out(&books, &other, named);
    assert!(tie.findings.open_questions().any(|it| it.ends_with("it holds none, and none is known here")));
}

#[test]
fn each_difference_from_a_statement_is_its_break() {
    type Change = fn(&mut AccountBooks, &mut Statement);
    let changes: [(&[Cause], Change); 8] = [
        (&[Cause::TradeNotHere], |_, it| it.trades.as_mut().unwrap().push(stated("other", 1))),
        (&[Cause::OtherTrade], |_, it| it.trades.as_mut().unwrap()[0].price = "101".parse().unwrap()),
        (&[Cause::OtherTrade], |_, it| it.trades.as_mut().unwrap()[0].commission = Some(money("1.01"))),
        (&[Cause::TradeNotStated], |_, it| it.trades.as_mut().unwrap().clear()),
        (&[Cause::StatedPosition], |_, it| it.positions.as_mut().unwrap()[0].quantity = Decimal::ONE),
        (&[Cause::UnknownInstrument, Cause::StatedPosition], |_, it| {
            it.positions.as_mut().unwrap()[0].contract = Some(ContractId::new(7));
        }),
        (&[Cause::StatedCash], |_, it| {
            it.cash.as_mut().unwrap().total = Some("8999.01".parse().unwrap());
        }),
        (&[Cause::StatedCash], |books, _| books.cash = CashBook::of(Cash::InAll(money("8498.01")))),
    ];
    for (number, (wanted, change)) in changes.into_iter().enumerate() {
        let (mut books, mut statement) = tuesday();
        change(&mut books, &mut statement);
        assert_eq!(causes(&books, &statement), wanted, "change {number}");
    }
}

#[test]
fn a_trade_of_which_the_statement_says_anything_else_is_another() {
    type Change = fn(&mut StatedTrade);
    let ibm = ContractId::new(8_314);
    let both = |id: ContractId| named(id).or_else(|| (id == ibm).then(|| symbol("IBM")));
    let with = |change: Change| {
        let (books, mut statement) = tuesday();
        change(&mut statement.trades.as_mut().unwrap()[0]);
        let tie = tie_out(&books, &statement, both);
        tie.findings.found().iter().map(|it| it.cause).collect::<Vec<_>>()
    };
    let otherwise: [(&str, Change); 5] = [
        ("instrument", |it| it.contract = Some(ContractId::new(8_314))),
        ("side", |it| it.side = Side::Sell),
        ("quantity", |it| it.quantity = 9.into()),
        ("price", |it| it.price = "100.01".parse().unwrap()),
        ("currency of what it cost", |it| {
            it.commission = Some(Money::new(Decimal::ONE, "EUR".parse().unwrap()));
        }),
    ];
    for (what, change) in otherwise {
        assert_eq!(with(change), [Cause::OtherTrade], "{what}");
    }
    assert_eq!(
        with(|it| (it.contract, it.commission) = (None, None)),
        [],
        "what it does not say is no difference"
    );
}

#[test]
fn what_a_statement_says_and_nobody_can_compare_is_asked_and_no_break() {
    let asked = |change: fn(&mut AccountBooks, &mut Statement)| {
        let (mut books, mut statement) = tuesday();
        change(&mut books, &mut statement);
        let tie = tie_out(&books, &statement, named);
        assert_eq!(tie.findings.found(), []);
        // The trade of Tuesday is for the next one.
        let of_its_days = |it: &&str| !it.starts_with("1 trade since the statement");
        tie.findings.open_questions().filter(of_its_days).map(str::to_owned).collect::<Vec<_>>()
    };
    let nameless = asked(|_, it| {
        it.trades.as_mut().unwrap().push(StatedTrade {
            execution: None,
            trade_id: "7".into(),
            ..stated("", 1)
        });
    });
    assert_eq!(nameless, ["trade 7 of the statement names no execution"]);
    let in_euros = asked(|_, it| it.cash.as_mut().unwrap().own = Some("EUR".parse().unwrap()));
    assert_eq!(in_euros, ["the statement does not add the cash up in USD"]);
}

#[test]
fn what_a_statement_leaves_out_is_unknown_and_not_empty() {
    let (books, statement) = tuesday();
    let silent = Statement { trades: None, positions: None, cash: None, ..statement };
    let tie = tie_out(&books, &silent, named);
    assert_eq!(tie.findings.found(), []);
    assert_eq!(tie.findings.open_questions().filter(|it| it.contains("says nothing of")).count(), 3);
    assert!(!tie.findings.looked().at(&Scope::StatedPositions(account(), StatedDays::of(&silent))));
}

#[test]
fn a_trade_of_the_evening_is_in_the_next_statement() {
    let (mut books, statement) = tuesday();
    books.trades[1] = booked("evening", 5, on_monday(21));
    assert_eq!(causes(&books, &statement), []);
    let mut next = statement;
    next.trades.as_mut().unwrap().push(stated("evening", 5));
    next.positions.as_mut().unwrap()[0].quantity = 15.into();
    next.cash.as_mut().unwrap().total = Some("8498".parse().unwrap());
    assert_eq!(causes(&books, &next), [], "unless the statement says it has it");
}

#[test]
fn cash_waits_for_what_later_trades_have_cost() {
    let (mut books, statement) = tuesday();
    books.trades[1].commission = None;
    let tie = tie_out(&books, &statement, named);
    assert_eq!((tie.findings.found(), tie.cash), (&[][..], Vec::new()));
    let asked: Vec<_> = tie.findings.open_questions().collect();
    assert!(asked.contains(&"the cash of DU1 waits for what trades have cost"), "{asked:?}");
}

#[test]
fn a_break_with_a_statement_says_both_sides() {
    let (books, mut statement) = tuesday();
    statement.trades.as_mut().unwrap()[0].price = "101".parse().unwrap();
    statement.positions.as_mut().unwrap()[0].quantity = 13.into();
    let tie = tie_out(&books, &statement, named);
    let said: Vec<_> =
        tie.findings.found().iter().map(|it| (it.ours.as_str(), it.broker.as_str(), it.difference)).collect();
    let trade = ("buy 10 AAPL at 100, for 1.00 USD", "buy 10 AAPL at 101, for 1.00 USD", None);
    assert!(said.contains(&trade), "{said:?}");
    assert!(said.contains(&("10", "13", Some(Decimal::from(3)))), "{said:?}");
}

#[test]
fn the_moment_at_which_a_statement_begins_belongs_to_the_one_before() {
    let (mut books, statement) = tuesday();
    books.trades.push(booked("sun", 1, begin_of(statement.from)));
    assert_eq!(causes(&books, &statement), []);
    let first = begin_of(statement.from).after(Duration::from_nanos(1));
    books.trades.push(booked("first", 1, first));
    assert_eq!(causes(&books, &statement), [Cause::TradeNotStated]);
}

#[test]
fn a_break_with_one_statement_is_not_solved_by_another() {
    let (books, mut statement) = tuesday();
    statement.trades.as_mut().unwrap().push(stated("other", 1));
    let mut register = BreakRegister::default();
    register.take(&tie_out(&books, &statement, named).findings, at(0), Patience::NONE);
    let mut register = BreakRegister::of(register.to_keep());
    statement.trades.as_mut().unwrap().pop();
    let (from, to) = (date!(2025 - 12 - 01), date!(2025 - 12 - 02));
    let older =
        Statement { from, to, trades: Some(Vec::new()), positions: None, cash: None, ..statement.clone() };
    assert_eq!(register.take(&tie_out(&books, &older, named).findings, at(1), Patience::NONE), []);
    let changes = register.take(&tie_out(&books, &statement, named).findings, at(2), Patience::NONE);
    assert!(matches!(&changes[..], [BreakChange::Solved(_)]), "{changes:?}");
}

fn euro() -> Currency {
    "EUR".parse().unwrap()
}

fn euros(text: &str) -> Money {
    Money::new(text.parse().unwrap(), euro())
}

/// On Tuesday 5 were bought for euros and 1,000 euros exchanged for dollars; the statement is Monday's.
fn of_two_currencies() -> (AccountBooks, Statement) {
    let (mut books, mut statement) = tuesday();
    let pair = TradeTerms { payment: Payment::Exchange(euro()), ..dollars() };
    let sold = Execution { side: Side::Sell, price: "1.2".parse().unwrap(), ..execution("fx", 1, 1_000) };
    books.trades[1].terms = Some(TradeTerms::paid_in(euro(), Decimal::ONE));
    books.trades[1].commission = Some(euros("2.5"));
    books.trades.push(BookedTrade {
        execution: Execution { symbol: symbol("EUR.USD"), at: on_monday(37), ..sold },
        terms: Some(pair),
        commission: Some(money("2")),
    });
    books.positions.insert(symbol("EUR.USD"), Decimal::from(-1_000));
    let balances: Balances = [money("10197"), euros("3497.50")].into_iter().collect();
    books.cash = CashBook::of(Cash::ByCurrency(balances));
    statement.cash =
        Some(StatedCash { total: None, own: None, by_currency: vec![euros("5000"), money("8999")] });
    (books, statement)
}

#[test]
fn a_statement_ties_out_to_the_cent_in_each_currency_whatever_was_exchanged_since() {
    let (books, statement) = of_two_currencies();
    let tie = tie_out(&books, &statement, named);
    assert_eq!(tie.findings.found(), []);
    assert_eq!(tie.cash, [euros("5000"), money("8999")]);
    let (books, mut statement) = of_two_currencies();
    statement.cash.as_mut().unwrap().by_currency[0] = euros("5000.01");
    let tie = tie_out(&books, &statement, named);
    let found: Vec<_> = tie.findings.found().iter().map(|it| it.subject.to_string()).collect();
    assert_eq!(found, ["DU1 cash in EUR"]);
    assert_eq!(tie.cash, [money("8999")], "the other one fits");
}

#[test]
fn a_currency_that_a_statement_does_not_list_has_nothing_in_it_there() {
    let (books, mut statement) = of_two_currencies();
    statement.cash.as_mut().unwrap().by_currency.remove(0);
    let tie = tie_out(&books, &statement, named);
    assert_eq!(tie.findings.found()[0].difference, Some(Decimal::from(-5_000)));
    statement.cash = Some(StatedCash { total: Some(Decimal::ONE), own: None, by_currency: Vec::new() });
    let tie = tie_out(&books, &statement, named);
    assert_eq!(tie.findings.found(), [], "a sum of two currencies is no number of either");
    assert!(tie.findings.open_questions().any(|it| it == "the statement does not tell the cash by currency"));
}

#[test]
fn what_later_trades_on_margin_earned_is_not_made_up() {
    let (mut books, mut statement) = of_two_currencies();
    books.trades[1].terms = Some(TradeTerms { payment: Payment::Margin, ..dollars() });
    books.trades[1].commission = Some(money("2.5"));
    statement.cash.as_mut().unwrap().by_currency[0] = euros("4497.50");
    let asked = |books: &AccountBooks| {
        let tie = tie_out(books, &statement, named);
        assert_eq!((tie.findings.found(), &tie.cash[..]), (&[][..], &[euros("4497.50")][..]));
        tie.findings.open_questions().map(str::to_owned).collect::<Vec<_>>()
    };
    let moves = "the cash of DU1 in USD moves with what futures and contracts for difference gain in it";
    assert!(asked(&books).contains(&moves.to_owned()));
    for unsaid in [None, Some(TradeTerms { payment: Payment::PriceAndInterest, ..dollars() })] {
        books.trades[1].terms = unsaid;
        let tie = tie_out(&books, &statement, named);
        assert!(tie.findings.open_questions().any(|it| it.contains("the broker alone knows")), "{unsaid:?}");
    }
}

/// Monday's statement with another position and other cash than are known here: two breaks of Tuesday's, and Monday's as it is.
fn of_monday_and_tuesday() -> (AccountBooks, Statement, Statement) {
    let (books, monday) = tuesday();
    let mut later = monday.clone();
    (later.from, later.to) = (date!(2026 - 01 - 06), date!(2026 - 01 - 06));
    later.trades = Some(vec![stated("tue", 5)]);
    later.positions.as_mut().unwrap()[0].quantity = 13.into();
    later.cash.as_mut().unwrap().total = Some("8500".parse().unwrap());
    (books, monday, later)
}

fn take(
    register: &mut BreakRegister,
    books: &AccountBooks,
    statement: &Statement,
    now: i64,
) -> Vec<BreakChange> {
    register.take(&tie_out(books, statement, named).findings, at(now), Patience::NONE)
}

#[test]
fn an_older_statement_neither_ends_nor_rewrites_what_a_newer_one_found() {
    let (books, monday, tuesday) = of_monday_and_tuesday();
    let mut register = BreakRegister::default();
    assert_eq!(take(&mut register, &books, &tuesday, 0).len(), 2);
    assert_eq!(take(&mut register, &books, &monday, 1), [], "it ties, and is of the day before");
    let mut otherwise = monday;
    otherwise.positions.as_mut().unwrap()[0].quantity = 11.into();
    assert_eq!(take(&mut register, &books, &otherwise, 2), [], "what the newer one says counts");
    let mut register = BreakRegister::of(register.to_keep());
    assert_eq!(
        register.standing().map(Break::difference).collect::<Vec<_>>(),
        [Some(Decimal::from(-2)), Some(Decimal::from(2)),]
    );
    assert_eq!(take(&mut register, &books, &otherwise, 3), [], "a restart forgets no day");
    let mut again = tuesday;
    again.positions.as_mut().unwrap()[0].quantity = 15.into();
    again.cash.as_mut().unwrap().total = Some("8498".parse().unwrap());
    let changes = take(&mut register, &books, &again, 4);
    assert!(matches!(&changes[..], [BreakChange::Solved(_), BreakChange::Solved(_)]), "{changes:?}");
}

#[test]
fn a_later_statement_ends_what_was_held_before_and_only_one_that_covers_them_the_trades_of_its_days() {
    let (books, monday, tuesday) = of_monday_and_tuesday();
    let mut register = BreakRegister::default();
    let mut wrong = monday.clone();
    wrong.trades.as_mut().unwrap().push(stated("other", 1));
    wrong.positions.as_mut().unwrap()[0].quantity = 12.into();
    assert_eq!(take(&mut register, &books, &wrong, 0).len(), 2);
    let fits = |mut statement: Statement| {
        statement.positions.as_mut().unwrap()[0].quantity = 15.into();
        statement.cash.as_mut().unwrap().total = Some("8498".parse().unwrap());
        statement
    };
    let tuesday = fits(tuesday);
    let changes = take(&mut register, &books, &tuesday, 1);
    assert!(
        matches!(&changes[..], [BreakChange::Solved(it)] if it.cause() == Cause::StatedPosition),
        "{changes:?}"
    );
    assert_eq!(register.standing().map(Break::cause).collect::<Vec<_>>(), [Cause::TradeNotHere]);
    let mut both = fits(tuesday);
    both.from = monday.from;
    both.trades = Some(vec![stated("mon", 10), stated("tue", 5), stated("other", 1)]);
    let name = register.standing().next().unwrap().id();
    assert_eq!(
        take(&mut register, &books, &both, 2),
        [],
        "the same trade is the same break, in whatever statement"
    );
    assert_eq!(register.standing().map(Break::id).collect::<Vec<_>>(), [name]);
    both.trades.as_mut().unwrap().pop();
    assert_eq!(take(&mut register, &books, &monday, 3), [], "those two days found it last");
    assert!(matches!(&take(&mut register, &books, &both, 4)[..], [BreakChange::Solved(_)]));
}

/// Breaks of an earlier version have no days of their own: those of a trade are in its words, and of the rest nobody knows.
#[test]
fn breaks_that_were_kept_without_days_end_as_they_did() {
    let (books, monday, tuesday) = of_monday_and_tuesday();
    let mut wrong = monday.clone();
    wrong.trades.as_mut().unwrap().push(stated("other", 1));
    wrong.positions.as_mut().unwrap()[0].quantity = 12.into();
    let mut register = BreakRegister::default();
    take(&mut register, &books, &wrong, 0);
    let without: Vec<Break> = register.to_keep().into_iter().map(|it| Break { days: None, ..it }).collect();
    let mut register = BreakRegister::of(without);
    let mut later = tuesday;
    (later.positions, later.cash) = (None, None);
    assert_eq!(take(&mut register, &books, &later, 1), [], "it says nothing of Monday's trades");
    let changes = take(&mut register, &books, &monday, 2);
    assert!(matches!(&changes[..], [BreakChange::Solved(_), BreakChange::Solved(_)]), "{changes:?}");
}

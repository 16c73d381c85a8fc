//! The laws of reconciliation.

mod cash;
mod laws;
mod rules;
mod statements;

use super::*;
use std::time::Duration;
use tradeport_kernel::{
    AccountId, ConnectionEpoch, Currency, Decimal, Money, OrderKey, PermId, Quantity, SignedQuantity,
    Snapshot, Symbol, Timestamp,
};
use tradeport_orders::{
    BrokerOrder, BrokerPhase, BrokerStatus, ExecutedPart, Execution, ExecutionId, JournalEntry, OrderBook,
    OrderDraft, OrderInput, OrderKind, PlacedBy, Side, TimeInForce,
};
use tradeport_portfolio::{AccountSummary, Balances, Portfolio, Position};

const EPOCH: ConnectionEpoch = ConnectionEpoch::new(3);

fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

fn symbol(name: &str) -> Symbol {
    Symbol::new(name).unwrap()
}

fn key(name: &str) -> OrderKey {
    OrderKey::new(name).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn units(number: i64) -> Quantity {
    Quantity::new(number.into()).unwrap()
}

fn money(text: &str) -> Money {
    Money::new(text.parse().unwrap(), Currency::USD)
}

fn position(name: &str, quantity: i64) -> Position {
    let quantity = SignedQuantity::new(quantity.into()).unwrap();
    Position::reported(symbol(name), quantity, money("0"), Decimal::ONE, money("0"))
}

fn status(phase: BrokerPhase, filled: i64, number: i64) -> BrokerStatus {
    BrokerStatus { phase, filled: filled.into(), perm_id: Some(PermId::new(number)), reason: None }
}

fn execution(root: &str, number: i64, quantity: i64) -> Execution {
    Execution {
        id: ExecutionId::new(root, 1),
        key: None,
        perm_id: PermId::new(number),
        account: account(),
        symbol: symbol("AAPL"),
        side: Side::Buy,
        quantity: units(quantity),
        price: "100".parse().unwrap(),
        at: at(0),
        part: ExecutedPart::Whole,
    }
}

/// An order of 10 AAPL to buy, and what happened to it.
fn lived(book: &mut OrderBook, name: &str, inputs: &[OrderInput]) {
    let draft =
        OrderDraft::new(key(name), account(), symbol("AAPL"), Side::Buy, units(10), OrderKind::Market);
    book.apply(&JournalEntry::intended(draft.check().unwrap(), at(0))).unwrap();
    for input in inputs {
        book.apply(&JournalEntry::happened(key(name), input.clone(), at(0))).unwrap();
    }
}

/// One that works under this number, of which so much has traded.
fn works(book: &mut OrderBook, name: &str, number: i64, filled: i64) {
    let mut inputs = vec![OrderInput::Sent];
    inputs.push(OrderInput::Status { status: status(BrokerPhase::Working, filled, number) });
    if filled > 0 {
        inputs.push(OrderInput::Executed { execution: execution(&format!("x-{name}"), number, filled) });
    }
    lived(book, name, &inputs);
}

fn row(name: Option<&str>, number: i64, placed_by: PlacedBy) -> BrokerOrder {
    BrokerOrder {
        key: name.map(key),
        perm_id: Some(PermId::new(number)),
        broker_order_id: None,
        account: account(),
        symbol: symbol("AAPL"),
        side: Side::Buy,
        size: units(10).into(),
        kind: Some(OrderKind::Market),
        time_in_force: Some(TimeInForce::Day),
        parent: None,
        group: None,
        status: status(BrokerPhase::Working, 0, number),
        placed_by: Some(placed_by),
    }
}

fn whole<T>(rows: Vec<T>) -> Snapshot<T> {
    Snapshot::complete(EPOCH, at(0), rows)
}

/// The figures of an account that has this in cash and nothing else.
fn figures(cash: Money) -> AccountSummary {
    let nothing = Money::zero(cash.currency());
    AccountSummary {
        account: account(),
        at: at(0),
        net_liquidation: cash,
        cash,
        positions_value: nothing,
        buying_power: cash,
        maintenance_margin: nothing,
        realized_pnl: nothing,
        unrealized_pnl: nothing,
        rates: Default::default(),
        balances: None,
    }
}

/// Two orders, one of them filled in part; 4 AAPL, 7 short of IBM and some cash; and a broker that says the same.
struct World {
    book: OrderBook,
    holdings: Holdings,
    open: Vec<BrokerOrder>,
    positions: Vec<Position>,
    cash: Money,
}

impl World {
    fn agreed() -> Self {
        let mut book = OrderBook::default();
        works(&mut book, "a", 1, 0);
        works(&mut book, "b", 2, 4);
        let positions = vec![position("AAPL", 4), position("IBM", -7)];
        let cash = money("1234.56");
        let portfolio = Portfolio::reported(account(), cash, positions.clone());
        let holdings = Holdings::default().with_account(&portfolio, CashBook::of_portfolio(&portfolio));
        let open = [("a", 1), ("b", 2)].map(|(name, number)| row(Some(name), number, PlacedBy::ThisClient));
        Self { book, holdings, open: open.to_vec(), positions, cash }
    }

    fn view(&self) -> BrokerView {
        let (open, positions) = (whole(self.open.clone()), whole(self.positions.clone()));
        BrokerView::of(EPOCH).and(open, whole(Vec::new()), whole(Vec::new())).with_account(
            account(),
            Some(figures(self.cash)),
            Some(positions),
        )
    }

    fn findings(&self) -> Findings {
        reconcile(&Books::of(&self.book, self.holdings.clone()), &self.view())
    }

    fn causes(&self) -> Vec<Cause> {
        self.findings().found().iter().map(|it| it.cause).collect()
    }
}

#[test]
fn equal_states_have_no_break_and_nothing_left_to_ask() {
    let findings = World::agreed().findings();
    assert_eq!(findings.found(), []);
    assert_eq!(findings.open_questions().count(), 0);
}

#[test]
fn each_single_difference_is_exactly_its_break() {
    type Change = fn(&mut World);
    let changes: [(Cause, Change); 10] = [
        (Cause::OrphanOrder, |it| it.open.push(row(Some("nobody-knows"), 9, PlacedBy::ThisClient))),
        (Cause::OrphanOrder, |it| it.open.push(row(None, 9, PlacedBy::ThisClient))),
        (Cause::SeveralOrders, |it| it.open.push(row(Some("a"), 9, PlacedBy::ThisClient))),
        (Cause::GoneThere, |it| drop(it.open.remove(0))),
        (Cause::OtherTerms, |it| it.open[0].size = units(11).into()),
        (Cause::ExecutionMissing, |it| {
            let told = OrderInput::Status { status: status(BrokerPhase::Working, 6, 2) };
            it.book.apply(&JournalEntry::happened(key("b"), told, at(0))).unwrap();
        }),
        (Cause::FilledLessThere, |it| it.open[1].status.filled = 3.into()),
        (Cause::EndedHere, |it| {
            let ended = OrderInput::Status { status: status(BrokerPhase::Cancelled, 0, 1) };
            it.book.apply(&JournalEntry::happened(key("a"), ended, at(0))).unwrap();
        }),
        (Cause::PositionMoved, |it| it.positions[1] = position("IBM", -6)),
        (Cause::CashMoved, |it| it.cash = money("1234.57")),
    ];
    for (cause, change) in changes {
        let mut world = World::agreed();
        change(&mut world);
        assert_eq!(world.causes(), [cause]);
        assert_eq!(world.findings(), world.findings(), "the same again");
    }
}

#[test]
fn more_filled_than_ordered_is_a_break_whatever_the_broker_says() {
    let mut world = World::agreed();
    let more = OrderInput::Executed { execution: execution("y", 2, 7) };
    world.book.apply(&JournalEntry::happened(key("b"), more, at(0))).unwrap();
    world.open.pop();
    assert_eq!(world.causes(), [Cause::Overfilled]);
    let alone = reconcile(&Books::of(&world.book, Holdings::default()), &BrokerView::default());
    assert_eq!(alone.found().len(), 1, "not even where it says nothing");
}

#[test]
fn whose_an_order_is_is_told_by_the_journal_and_by_who_placed_it() {
    let world = World::agreed();
    let origin = |name, by| Origin::of(&row(name, 9, by), &world.book);
    for by in [PlacedBy::ThisClient, PlacedBy::OtherClient, PlacedBy::Hand] {
        assert_eq!(origin(Some("a"), by), Origin::Ours);
    }
    assert_eq!(origin(None, PlacedBy::Hand), Origin::ByHand);
    assert_eq!(origin(Some("theirs"), PlacedBy::OtherClient), Origin::OtherClient);
    assert_eq!(origin(None, PlacedBy::OtherClient), Origin::OtherClient);
    assert_eq!(origin(Some("lost"), PlacedBy::ThisClient), Origin::Orphan);
    let untold = |name: Option<&str>| BrokerOrder { placed_by: None, ..row(name, 9, PlacedBy::Hand) };
    assert_eq!(Origin::of(&untold(Some("lost")), &world.book), Origin::Orphan);
    assert_eq!(Origin::of(&untold(None), &world.book), Origin::Unknown);
}

#[test]
fn orders_of_others_are_no_break() {
    let mut world = World::agreed();
    world.open.push(row(None, 9, PlacedBy::Hand));
    world.open.push(row(Some("theirs"), 10, PlacedBy::OtherClient));
    assert_eq!(world.causes(), []);
}

#[test]
fn cash_is_compared_to_the_cent() {
    for (told, differs) in [("1234.56", false), ("1234.565", false), ("1234.57", true), ("1234.55", true)] {
        let world = World { cash: money(told), ..World::agreed() };
        assert_eq!(!world.causes().is_empty(), differs, "{told}");
    }
}

#[test]
fn what_was_told_in_another_epoch_or_not_at_all_makes_no_break_and_is_asked_for() {
    let world = World::agreed();
    let books = Books::of(&world.book, world.holdings.clone());
    let old = |rows| Snapshot::complete(ConnectionEpoch::new(2), at(0), rows);
    let earlier = BrokerView::of(EPOCH)
        .and(old(Vec::new()), whole(Vec::new()), whole(Vec::new()))
        .with_account(account(), None, None);
    for view in [earlier, BrokerView::of(EPOCH)] {
        let findings = reconcile(&books, &view);
        assert_eq!(findings.found(), []);
        assert!(findings.open_questions().count() > 0);
        assert!(!findings.looked().at(&Scope::Orders));
    }
}

#[test]
fn cash_of_which_a_part_is_not_known_is_not_compared() {
    let mut world = World { cash: money("1"), ..World::agreed() };
    world.holdings.lose_cash(&account());
    let findings = world.findings();
    assert_eq!(findings.found(), []);
    assert_eq!(
        findings.open_questions().collect::<Vec<_>>(),
        ["the cash of DU1 waits for what trades have cost"]
    );
}

/// Moved by so much.
fn moved(world: &mut World, to: i64) {
    world.positions[1] = position("IBM", to);
}

#[test]
fn a_difference_is_a_break_once_it_has_stood_for_long_enough() {
    let mut world = World::agreed();
    moved(&mut world, -6);
    let mut register = BreakRegister::default();
    let patience = Patience { positions: Duration::from_secs(30), ..Patience::NONE };
    assert_eq!(register.take(&world.findings(), at(0), patience), []);
    assert_eq!(register.take(&world.findings(), at(29), patience), []);
    let changes = register.take(&world.findings(), at(30), patience);
    assert!(matches!(&changes[..], [BreakChange::Found(it)] if it.first_seen() == at(0)), "{changes:?}");
    assert_eq!(register.take(&world.findings(), at(60), patience), [], "it is told once");
    // Another difference begins anew.
    let mut other = BreakRegister::default();
    other.take(&world.findings(), at(0), patience);
    moved(&mut world, -5);
    assert_eq!(other.take(&world.findings(), at(30), patience), []);
    assert_eq!(other.take(&World::agreed().findings(), at(40), patience), []);
    assert_eq!(other.unexplained().count(), 0, "what came late is forgotten");
}

#[test]
fn a_break_leaves_only_when_a_whole_answer_shows_it_gone() {
    let mut world = World::agreed();
    moved(&mut world, -6);
    let mut register = BreakRegister::default();
    register.take(&world.findings(), at(0), Patience::NONE);
    let untold = BrokerView::of(EPOCH).with_account(account(), Some(figures(world.cash)), None);
    let findings = reconcile(&Books::of(&world.book, world.holdings.clone()), &untold);
    assert_eq!(register.take(&findings, at(10), Patience::NONE), [], "positions were not told");
    assert_eq!(register.standing().count(), 1);
    let changes = register.take(&World::agreed().findings(), at(20), Patience::NONE);
    assert!(matches!(&changes[..], [BreakChange::Solved(it)] if it.solved() == Some(at(20))));
    assert_eq!(register.standing().count(), 0);
    assert_eq!(BreakRegister::of(register.to_keep()).standing().count(), 0, "and stays so");
}

#[test]
fn what_a_person_ends_comes_back_only_when_it_says_something_else() {
    let mut world = World::agreed();
    let more = |root| OrderInput::Executed { execution: execution(root, 2, 7) };
    world.book.apply(&JournalEntry::happened(key("b"), more("y"), at(0))).unwrap();
    world.open.pop();
    let mut register = BreakRegister::default();
    register.take(&world.findings(), at(0), Patience::NONE);
    let name = register.blocking(&account(), symbol("AAPL")).expect("it blocks the contract").id();
    assert!(register.blocking(&account(), symbol("IBM")).is_none(), "and no other");
    assert_eq!(
        register.take(&world.findings(), at(1), Patience::NONE),
        [],
        "no answer of the broker ends it"
    );
    let word = |at| Acknowledgement { by: "ada".into(), at, reason: "sold the rest by hand".into() };
    assert_eq!(register.acknowledge("nobody", word(at(2))), Err(NoSuchBreak("nobody".into())));
    register.acknowledge(&name, word(at(2))).unwrap();
    assert!(register.blocking(&account(), symbol("AAPL")).is_none());
    let mut register = BreakRegister::of(register.to_keep());
    assert_eq!(register.take(&world.findings(), at(3), Patience::NONE), [], "her word holds after a restart");
    world.book.apply(&JournalEntry::happened(key("b"), more("z"), at(4))).unwrap();
    let again = register.take(&world.findings(), at(4), Patience::NONE);
    assert!(matches!(&again[..], [BreakChange::Found(_)]), "more than she has seen: {again:?}");
}

#[test]
fn the_name_of_a_break_is_that_of_its_fact() {
    let mut world = World::agreed();
    moved(&mut world, -6);
    let name = |world: &World, now| {
        let mut register = BreakRegister::default();
        register.take(&world.findings(), now, Patience::NONE);
        let names: Vec<String> = register.standing().map(Break::id).collect();
        names
    };
    let first = name(&world, at(0));
    moved(&mut world, 12);
    assert_eq!(first, name(&world, at(99)), "whenever it is found, and whatever it says");
}

//! What a break says, how long it stands, and whom it stops.

use super::*;
use std::collections::BTreeSet;
use tradeport_orders::TrailBy;

fn taken(register: &mut BreakRegister, world: &World, now: i64) -> Vec<BreakChange> {
    register.take(&world.findings(), at(now), Patience::NONE)
}

fn happened(world: &mut World, name: &str, input: OrderInput) {
    world.book.apply(&JournalEntry::happened(key(name), input, at(0))).unwrap();
}

fn told(phase: BrokerPhase, filled: i64, number: i64) -> OrderInput {
    OrderInput::Status { status: status(phase, filled, number) }
}

#[test]
fn a_break_says_both_sides_and_how_far_they_are_apart() {
    type Change = fn(&mut World);
    let moved: [(Change, [&str; 2], Option<&str>); 4] = [
        (|it| moved(it, -6), ["-7", "-6"], Some("1")),
        (|it| it.cash = money("1234.57"), ["1234.56 USD", "1234.57 USD"], Some("0.01")),
        (|it| happened(it, "b", told(BrokerPhase::Working, 6, 2)), ["4", "6"], Some("2")),
        (
            |it| happened(it, "a", told(BrokerPhase::Cancelled, 0, 1)),
            ["cancelled", "open under number 1"],
            None,
        ),
    ];
    for (change, [ours, broker], difference) in moved {
        let mut world = World::agreed();
        change(&mut world);
        let mut register = BreakRegister::default();
        taken(&mut register, &world, 0);
        let it = register.standing().next().unwrap();
        assert_eq!((it.ours(), it.broker()), (ours, broker));
        assert_eq!(it.difference(), difference.map(|text| text.parse().unwrap()));
        assert_eq!((it.id().len(), it.taken_over()), (8, None));
    }
}

#[test]
fn each_fact_has_a_name_of_its_own() {
    let mut world = World { cash: money("1"), ..World::agreed() };
    world.positions = vec![position("AAPL", 5), position("IBM", -6)];
    let mut register = BreakRegister::default();
    taken(&mut register, &world, 0);
    let names: BTreeSet<String> = register.standing().map(Break::id).collect();
    assert_eq!(names.len(), 3);
}

#[test]
fn what_is_told_in_words_changes_when_either_side_does() {
    let mut world = World::agreed();
    world.open[0].size = units(11).into();
    let mut register = BreakRegister::default();
    taken(&mut register, &world, 0);
    assert_eq!(taken(&mut register, &world, 1), [], "the same again");
    world.open[0].size = units(12).into();
    let changes = taken(&mut register, &world, 2);
    assert!(matches!(&changes[..], [BreakChange::Changed(it)] if it.changed_at() == at(2)), "{changes:?}");
}

#[test]
fn only_what_may_have_been_bought_twice_stops_orders_and_only_those_of_its_account() {
    let mut world = World::agreed();
    moved(&mut world, -6);
    let mut register = BreakRegister::default();
    taken(&mut register, &world, 0);
    assert!(register.blocking(&account(), symbol("IBM")).is_none(), "a position that moved stops nothing");
    world.open.push(row(Some("a"), 9, PlacedBy::ThisClient));
    taken(&mut register, &world, 1);
    assert!(register.blocking(&account(), symbol("AAPL")).is_some());
    assert!(register.blocking(&AccountId::new("DU2").unwrap(), symbol("AAPL")).is_none());
}

#[test]
fn what_a_list_shows_as_ended_is_not_open() {
    let mut world = World::agreed();
    for (name, number) in [(Some("nobody-knows"), 9), (Some("a"), 10)] {
        let ended = BrokerOrder {
            status: status(BrokerPhase::Cancelled, 0, number),
            ..row(name, number, PlacedBy::ThisClient)
        };
        world.open.push(ended);
    }
    assert_eq!(world.causes(), []);
}

#[test]
fn an_order_that_the_broker_has_not_numbered_yet_is_there_all_the_same() {
    let unnumbered = |name| BrokerOrder { perm_id: None, ..row(name, 0, PlacedBy::ThisClient) };
    let mut world = World::agreed();
    world.open[0] = unnumbered(Some("a"));
    assert_eq!(world.causes(), [], "it is ours, and one of it");
    world.open.push(unnumbered(None));
    let findings = world.findings();
    assert_eq!(findings.found(), [], "nothing to tell it from another by");
    let asked: Vec<&str> = findings.open_questions().collect();
    assert_eq!(
        asked,
        ["an order that is not known here has no number of the broker yet: buy 10 AAPL, without a key"]
    );
}

#[test]
fn nobody_can_say_which_wording_is_shown_while_there_may_be_two() {
    let change = tradeport_orders::OrderChange::to_quantity(units(25));
    let mut world = World::agreed();
    happened(&mut world, "a", OrderInput::ChangeRequested { change });
    world.open[0].size = units(25).into();
    assert_eq!(world.causes(), [], "a change is under way");
    let mut world = World::agreed();
    happened(&mut world, "a", told(BrokerPhase::Working, 0, 9));
    happened(&mut world, "a", told(BrokerPhase::Cancelled, 0, 9));
    world.open[0].size = units(25).into();
    assert_eq!(world.causes(), [], "there was another under its key");
}

#[test]
fn accounts_are_taken_over_for_breaks_that_are_in_them_and_for_no_others() {
    let mut world = World::agreed();
    moved(&mut world, -6);
    let patience = Patience { positions: Duration::from_secs(30), ..Patience::NONE };
    let mut register = BreakRegister::default();
    register.take(&world.findings(), at(0), patience);
    register.take(&World::agreed().findings(), at(10), patience);
    assert!(!register.is_take_over_due(), "it came late, and nothing of it was taken over");
    register.take(&world.findings(), at(20), patience);
    register.taken_over(&BTreeSet::from([AccountId::new("DU2").unwrap()]));
    assert!(register.unexplained().all(|it| it.taken_over().is_none()), "that is another account");
    register.taken_over(&BTreeSet::from([account()]));
    assert!(register.unexplained().all(|it| it.taken_over() == Some(Decimal::ONE)));
    register.take(&World::agreed().findings(), at(30), patience);
    assert!(register.is_take_over_due(), "it is in the account, and was told after all");
}

#[test]
fn what_a_person_has_to_end_no_answer_of_the_broker_ends() {
    let mut world = World::agreed();
    let more = OrderInput::Executed { execution: execution("y", 2, 7) };
    world.book.apply(&JournalEntry::happened(key("b"), more, at(0))).unwrap();
    world.open.pop();
    let mut register = BreakRegister::default();
    register.take(&world.findings(), at(0), Patience::NONE);
    assert_eq!(register.take(&World::agreed().findings(), at(1), Patience::NONE), []);
    assert_eq!(register.standing().map(Break::cause).collect::<Vec<_>>(), [Cause::Overfilled]);
}

#[test]
fn cash_in_another_currency_is_neither_right_nor_wrong() {
    let mut world = World::agreed();
    world.cash = Money::new(world.cash.amount(), "EUR".parse().unwrap());
    let findings = world.findings();
    assert_eq!(findings.found(), []);
    assert!(!findings.looked().at(&Scope::Cash(account(), Some(Currency::USD))), "a break of it stands");
    let asked: Vec<_> = findings.open_questions().collect();
    assert!(asked.contains(&"the cash of DU1 is told in EUR, and is known in USD"), "{asked:?}");
}

/// A break is of its first suspicion on, and what it says is of the moment at which it was found last.
#[test]
fn what_a_break_says_is_of_the_moment_it_was_found_last() {
    let mut world = World::agreed();
    moved(&mut world, -6);
    let patience = Patience { positions: Duration::from_secs(30), ..Patience::NONE };
    let mut register = BreakRegister::default();
    let times = |register: &BreakRegister| {
        register.standing().map(|it| (it.first_seen(), it.changed_at(), it.found_at())).collect::<Vec<_>>()
    };
    for (now, stands) in [(0, None), (40, Some((0, 0, 40))), (50, Some((0, 0, 50)))] {
        register.take(&world.findings(), at(now), patience);
        let stands: Vec<_> = stands.map(|(a, b, c)| (at(a), at(b), at(c))).into_iter().collect();
        assert_eq!(times(&register), stands);
    }
    moved(&mut world, -5);
    register.take(&world.findings(), at(60), patience);
    assert_eq!(times(&register), [(at(0), at(60), at(60))]);
}

#[test]
fn taking_accounts_over_says_nothing_of_orders() {
    let mut world = World::agreed();
    happened(&mut world, "b", OrderInput::Executed { execution: execution("y", 2, 7) });
    world.open.pop();
    let mut register = BreakRegister::default();
    taken(&mut register, &world, 0);
    register.taken_over(&BTreeSet::from([account()]));
    assert!(register.standing().all(|it| it.taken_over().is_none()));
}

#[test]
fn of_what_was_solved_each_fact_is_remembered_once_and_the_latest_are() {
    let mut register = BreakRegister::default();
    let mut world = World::agreed();
    for now in 0..3 {
        moved(&mut world, -6);
        world.cash = money("1");
        taken(&mut register, &world, 2 * now);
        taken(&mut register, &World::agreed(), 2 * now + 1);
    }
    let kept: Vec<_> = register.to_keep().iter().map(|it| (it.cause(), it.solved())).collect();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(kept.iter().all(|(_, solved)| *solved == Some(at(5))), "{kept:?}");
    moved(&mut world, -7);
    (world.cash, world.positions) = (World::agreed().cash, vec![position("AAPL", 5), position("IBM", -6)]);
    taken(&mut register, &world, 8);
    taken(&mut register, &World::agreed(), 9);
    assert_eq!(register.to_keep().len(), 3, "two positions are two facts");
}

#[test]
fn a_persons_word_on_too_many_fills_outlasts_a_hundred_other_breaks() {
    let mut world = World::agreed();
    happened(&mut world, "b", OrderInput::Executed { execution: execution("y", 2, 7) });
    world.open.pop();
    let mut register = BreakRegister::default();
    taken(&mut register, &world, 0);
    let name = register.standing().next().unwrap().id();
    let word = Acknowledgement { by: "ada".into(), at: at(1), reason: "sold the rest".into() };
    register.acknowledge(&name, word).unwrap();
    let agreed = world.positions.clone();
    world.positions.extend((0..150).map(|number| position(&format!("S{number}"), 1)));
    taken(&mut register, &world, 2);
    world.positions = agreed;
    taken(&mut register, &world, 3);
    register.told();
    let kept = register.to_keep();
    assert_eq!(kept.len(), 101, "a hundred, and what she has said");
    assert_eq!(kept.iter().filter(|it| it.cause() == Cause::Overfilled).count(), 1);
    assert_eq!(taken(&mut BreakRegister::of(kept), &world, 4), [], "she has said so");
}

/// Breaks of so many positions that nobody was told of, and that have gone.
fn gone_again(positions: usize) -> BreakRegister {
    let mut register = BreakRegister::default();
    let mut world = World::agreed();
    world.positions.extend((0..positions).map(|number| position(&format!("S{number}"), 1)));
    taken(&mut register, &world, 0);
    taken(&mut register, &World::agreed(), 1);
    register
}

#[test]
fn a_hundred_are_remembered_once_the_log_has_them_and_the_latest_are() {
    let mut register = gone_again(100);
    register.told();
    assert_eq!(register.to_keep().len(), 100);
    let mut register = gone_again(150);
    assert_eq!((register.to_keep().len(), register.untold().len()), (150, 150), "nothing is dropped unheard");
    let mut register_again = BreakRegister::of(register.to_keep());
    assert_eq!(register_again.untold(), register.untold(), "nor by a restart");
    register.told();
    assert_eq!((register.to_keep().len(), register.untold().len()), (100, 0));
    register_again.told();
    let kept = register_again.to_keep();
    assert_eq!(kept, register.to_keep());
    assert!(kept[99].subject().to_string().contains("S99"), "{}", kept[99].subject());
}

#[test]
fn what_stands_is_never_dropped_however_much_there_is() {
    let mut register = BreakRegister::default();
    let mut world = World::agreed();
    world.positions.extend((0..500).map(|number| position(&format!("S{number}"), 1)));
    taken(&mut register, &world, 0);
    register.told();
    assert_eq!(BreakRegister::of(register.to_keep()).standing().count(), 500);
}

/// Orders that a person has looked at and let be: they do not come back as breaks.
#[test]
fn what_a_person_has_let_be_is_remembered_however_many_there_are() {
    let mut world = World::agreed();
    let orphan = |number: i64| row(Some(&format!("o{number}")), 1_000 + number, PlacedBy::ThisClient);
    world.open.extend((0..150).map(orphan));
    let mut register = BreakRegister::default();
    taken(&mut register, &world, 0);
    let names: Vec<String> = register.standing().map(Break::id).collect();
    assert_eq!(names.len(), 150);
    for name in &names {
        let word = Acknowledgement { by: "ada".into(), at: at(1), reason: "mine".into() };
        register.acknowledge(name, word).unwrap();
    }
    register.told();
    let mut register = BreakRegister::of(register.to_keep());
    assert_eq!(taken(&mut register, &world, 2), []);
}

#[test]
fn people_read_whose_an_order_is() {
    let origins = [Origin::Ours, Origin::ByHand, Origin::OtherClient, Origin::Orphan, Origin::Unknown];
    let words: Vec<String> = origins.iter().map(ToString::to_string).collect();
    assert_eq!(words, ["ours", "by hand", "another client", "orphan", "unknown"]);
}

#[test]
fn what_was_told_of_ended_orders_can_be_asked_for() {
    let ended = row(Some("a"), 1, PlacedBy::ThisClient);
    let view = BrokerView::of(EPOCH).with_completed(whole(vec![ended.clone()]));
    assert_eq!((view.epoch(), view.completed()), (EPOCH, Some(&[ended][..])));
}

#[test]
fn a_login_of_other_accounts_finds_and_ends_no_break_of_an_order() {
    let mut world = World::agreed();
    world.open.remove(0);
    world.open.push(row(Some("nobody-knows"), 9, PlacedBy::ThisClient));
    let mut register = BreakRegister::default();
    register.take(&world.findings(), at(0), Patience::NONE);
    let causes = |register: &BreakRegister| register.standing().map(Break::cause).collect::<Vec<_>>();
    assert_eq!(causes(&register), [Cause::GoneThere, Cause::OrphanOrder]);
    let login = BrokerView::of(EPOCH).and(whole(Vec::new()), whole(Vec::new()), whole(Vec::new()));
    let login = login.of_login([AccountId::new("DU2").unwrap()].into());
    let findings = reconcile(&Books::of(&world.book, world.holdings.clone()), &login);
    assert_eq!(findings.found(), [], "a and b are not gone");
    let asked: Vec<_> = findings.open_questions().collect();
    assert_eq!(asked, ["DU1 is no account of this login: nothing tells what became of 2 orders of it"]);
    assert_eq!(register.take(&findings, at(1), Patience::NONE), [], "nor is what stands");
    let both = login.of_login([account()].into());
    let findings = reconcile(&Books::of(&world.book, world.holdings.clone()), &both);
    let changes = register.take(&findings, at(2), Patience::NONE);
    assert_eq!(changes.iter().filter(|it| matches!(it, BreakChange::Solved(_))).count(), 1, "the orphan is");
    assert_eq!(causes(&register), [Cause::GoneThere; 2], "a, and now b");
}

/// A change that was refused after it had been granted, or made by hand: what a person thinks to be a stop there is none.
#[test]
fn an_order_at_another_price_is_of_other_terms() {
    let stop = |price: &str| OrderKind::Stop { stop: price.parse().unwrap() };
    let limited = |stop: &str, limit: &str| OrderKind::StopLimit {
        stop: stop.parse().unwrap(),
        limit: limit.parse().unwrap(),
    };
    let trail = |stop: &str| OrderKind::Trail { by: TrailBy::Amount(Decimal::ONE), stop: stop.parse().ok() };
    for (ours, shown, words) in [
        (stop("80"), Some(stop("85")), Some(("buy 10 AAPL at 80 of DU1", "buy 10 AAPL at 85 of DU1"))),
        (
            limited("80", "79"),
            Some(limited("80", "78")),
            Some((
                "buy 10 AAPL at 80 with a limit of 79 of DU1",
                "buy 10 AAPL at 80 with a limit of 78 of DU1",
            )),
        ),
        (stop("80"), Some(stop("80.0")), None),
        (stop("80"), None, None),
        (stop("80"), Some(OrderKind::Market), None),
        (trail("80"), Some(trail("85")), None),
    ] {
        let mut world = World::agreed();
        let draft = OrderDraft { kind: ours, ..world.book.get(&key("a")).unwrap().intent().to_draft() };
        world.book = OrderBook::default();
        world.book.apply(&JournalEntry::intended(draft.check().unwrap(), at(0))).unwrap();
        happened(&mut world, "a", told(BrokerPhase::Working, 0, 1));
        world.open = vec![BrokerOrder { kind: shown, ..row(Some("a"), 1, PlacedBy::ThisClient) }];
        let findings = world.findings();
        let found = findings.found().iter().find(|it| it.cause == Cause::OtherTerms);
        assert_eq!(found.map(|it| (&*it.ours, &*it.broker)), words, "{ours:?}, told as {shown:?}");
    }
}

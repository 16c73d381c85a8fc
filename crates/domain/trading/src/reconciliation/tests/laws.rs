//! Laws under random differences.

use super::*;
use proptest::prelude::*;

/// Something in which the broker differs from what is known.
#[derive(Clone, Debug)]
enum Difference {
    Orphan(i64),
    Hand(i64),
    Other(i64),
    Twin,
    Gone,
    Position(usize, i64),
    NewPosition(i64),
    Cash(i64),
}

fn difference() -> impl Strategy<Value = Difference> {
    prop_oneof![
        (20..30_i64).prop_map(Difference::Orphan),
        (30..40_i64).prop_map(Difference::Hand),
        (40..50_i64).prop_map(Difference::Other),
        Just(Difference::Twin),
        Just(Difference::Gone),
        (0..2_usize, -9..9_i64).prop_map(|(at, quantity)| Difference::Position(at, quantity)),
        (1..9_i64).prop_map(Difference::NewPosition),
        (-500..500_i64).prop_map(Difference::Cash),
    ]
}

fn differing(differences: &[Difference]) -> World {
    let mut world = World::agreed();
    for it in differences {
        match it {
            Difference::Orphan(number) => world.open.push(row(None, *number, PlacedBy::ThisClient)),
            Difference::Hand(number) => world.open.push(row(None, *number, PlacedBy::Hand)),
            Difference::Other(number) => {
                world.open.push(row(Some("theirs"), *number, PlacedBy::OtherClient));
            }
            Difference::Twin => world.open.push(row(Some("a"), 99, PlacedBy::ThisClient)),
            Difference::Gone => world.open.retain(|it| it.key != Some(key("b"))),
            Difference::Position(at, quantity) => {
                world.positions[*at] = position(["AAPL", "IBM"][*at], *quantity);
            }
            Difference::NewPosition(quantity) => world.positions.push(position("MSFT", *quantity)),
            Difference::Cash(cents) => {
                world.cash = Money::new(Decimal::new(123_456 + cents, 2), Currency::USD)
            }
        }
    }
    world
}

/// Exactly these, each once: what the differences come to, counted another way.
fn expected(world: &World) -> usize {
    let agreed = World::agreed();
    let mut orphans: Vec<_> = world
        .open
        .iter()
        .filter(|it| it.key.is_none() && it.placed_by == Some(PlacedBy::ThisClient))
        .filter_map(|it| it.perm_id)
        .collect();
    orphans.sort();
    orphans.dedup();
    let twin = world.open.iter().any(|it| it.perm_id == Some(PermId::new(99)));
    let gone = !world.open.iter().any(|it| it.key == Some(key("b")));
    let held = |world: &World, name: &str| {
        let its = world.positions.iter().rev().find(|it| it.symbol() == symbol(name));
        its.map_or(Decimal::ZERO, |it| it.quantity().as_decimal())
    };
    let moved =
        ["AAPL", "IBM", "MSFT"].iter().filter(|name| held(world, name) != held(&agreed, name)).count();
    orphans.len() + usize::from(twin) + usize::from(gone) + moved + usize::from(world.cash != agreed.cash)
}

proptest! {
    #[test]
    fn every_difference_is_found_and_nothing_else(all in prop::collection::vec(difference(), 0..8)) {
        let world = differing(&all);
        let findings = world.findings();
        prop_assert_eq!(findings.found().len(), expected(&world), "{:?}: {:?}", all, findings);
        prop_assert_eq!(world.findings(), findings, "the same again");
    }

    #[test]
    fn the_order_of_the_brokers_rows_says_nothing(all in prop::collection::vec(difference(), 0..8)) {
        let mut world = differing(&all);
        let findings = world.findings();
        world.open.reverse();
        let reversed = world.findings();
        prop_assert_eq!(reversed.found(), findings.found());
    }

    #[test]
    fn breaks_are_what_was_found_last_and_taking_it_again_changes_nothing(
        rounds in prop::collection::vec(prop::collection::vec(difference(), 0..5), 1..6),
    ) {
        let mut register = BreakRegister::default();
        for (round, all) in rounds.iter().enumerate() {
            let now = at(i64::try_from(round).unwrap());
            let findings = differing(all).findings();
            register.take(&findings, now, Patience::NONE);
            prop_assert_eq!(register.standing().count(), findings.found().len());
            let before = register.clone();
            prop_assert_eq!(register.take(&findings, now, Patience::NONE), vec![]);
            prop_assert_eq!(&register, &before);
            let kept: Vec<_> = BreakRegister::of(register.to_keep()).standing().cloned().collect();
            let standing: Vec<_> = register.standing().cloned().collect();
            prop_assert_eq!(kept, standing, "a restart forgets nothing");
        }
    }

    #[test]
    fn an_answer_that_is_not_whole_ends_nothing(all in prop::collection::vec(difference(), 0..8)) {
        let world = differing(&all);
        let mut register = BreakRegister::default();
        register.take(&world.findings(), at(0), Patience::NONE);
        let before: Vec<_> = register.standing().cloned().collect();
        let silent = reconcile(&Books::of(&world.book, world.holdings.clone()), &BrokerView::of(EPOCH));
        register.take(&silent, at(1), Patience::NONE);
        prop_assert_eq!(register.standing().cloned().collect::<Vec<_>>(), before);
    }
}

//! What is written reads back; whatever is not whole is refused, and never half taken.

use super::*;
use proptest::prelude::*;
use tradeport_orders::{JournalEntry, OrderInput};

fn key(text: &str) -> OrderKey {
    OrderKey::new(text).unwrap()
}

fn record(sequence: u64, name: &str) -> JournalRecord {
    let entry = JournalEntry::happened(key(name), OrderInput::Sent, Timestamp::from_seconds(7));
    JournalRecord { sequence, entry }
}

fn keys() -> impl Strategy<Value = Vec<OrderKey>> {
    prop::collection::vec("[a-z0-9.:_-]{1,12}".prop_map(|text| key(&text)), 0..6)
}

fn count() -> impl Strategy<Value = DayCount> {
    (any::<i64>(), any::<u32>()).prop_map(|(day, orders)| DayCount::new(day, orders))
}

fn checkpoints() -> impl Strategy<Value = Checkpoint> {
    let days = prop::collection::btree_map("[A-Z0-9]{1,8}", count(), 0..4);
    let sent = prop::collection::vec((any::<i64>(), "[a-z]{1,5}"), 0..6);
    let name = || ("[A-Z0-9]{1,8}", "[a-z0-9_-]{1,8}");
    let of = |(account, strategy): (String, String)| (account.parse().unwrap(), strategy.parse().unwrap());
    let counted = prop::collection::btree_map(name(), count(), 0..4);
    let traded = prop::collection::btree_map((name(), "[A-Z]{1,4}( [A-Z0-9.]{1,6})?"), any::<i64>(), 0..4);
    let strategies = (counted, traded).prop_map(move |(counted, traded)| {
        let traded = traded.into_iter().map(|((name, symbol), sum)| {
            let (account, strategy) = of(name);
            ((account, strategy, symbol.parse().unwrap()), Decimal::new(sum, 3))
        });
        (counted.into_iter().map(|(name, day)| (of(name), day)).collect(), traded.collect())
    });
    let units = || (0..1_000_000i64).prop_map(|units| Decimal::new(units, 2));
    let group = ("[A-Z0-9]{1,8}", "[A-Z]{1,4}( [A-Z0-9.]{1,6})?");
    let sides = move || (units(), units()).prop_map(|(bought, sold)| Sides { bought, sold });
    let shares = (sides(), sides()).prop_map(|(beside, theirs)| Shares { beside, theirs });
    let brackets = prop::collection::btree_map(group, (shares, keys()), 0..4);
    let brackets = brackets.prop_map(|groups| {
        let of = |((account, symbol), kept): ((String, String), _)| {
            ((account.parse().unwrap(), symbol.parse().unwrap()), kept)
        };
        groups.into_iter().map(of).collect()
    });
    let forgotten = prop::option::of(any::<i64>());
    (1..u64::MAX / 2, forgotten, days, strategies, sent, keys(), keys(), brackets).prop_map(
        |(sequence, forgotten, days, (counted, traded), sent, live, ended, brackets)| Checkpoint {
            brackets,
            sequence,
            days: counted,
            traded,
            forgotten: forgotten.map(Timestamp::from_nanos),
            orders_of_day: days.into_iter().map(|(id, day)| (AccountId::new(&id).unwrap(), day)).collect(),
            recent: sent.into_iter().map(|(at, name)| (Timestamp::from_nanos(at), key(&name))).collect(),
            live,
            ended,
        },
    )
}

proptest! {
    #[test]
    fn what_is_sealed_reads_back(checkpoint in checkpoints()) {
        let last = record(checkpoint.sequence, "a");
        let kept = checkpoint.sealed(&last);
        prop_assert_eq!(Checkpoint::unsealed(&kept, Some(&last)), Ok(checkpoint));
    }

    #[test]
    fn any_byte_that_is_flipped_shows(checkpoint in checkpoints(), place in any::<prop::sample::Index>(), bit in 0..7u8) {
        let last = record(checkpoint.sequence, "a");
        let mut kept = checkpoint.sealed(&last);
        let mut bytes = kept.document.into_bytes();
        let at = place.index(bytes.len());
        bytes[at] ^= 1 << bit;
        kept.document = String::from_utf8(bytes).unwrap();
        prop_assert!(Checkpoint::unsealed(&kept, Some(&last)).is_err());
    }

    #[test]
    fn what_is_cut_off_shows(checkpoint in checkpoints(), place in any::<prop::sample::Index>()) {
        let last = record(checkpoint.sequence, "a");
        let mut kept = checkpoint.sealed(&last);
        kept.document.truncate(place.index(kept.document.len()));
        prop_assert!(Checkpoint::unsealed(&kept, Some(&last)).is_err());
    }
}

#[test]
fn a_checkpoint_of_another_journal_does_not_fit() {
    let checkpoint = Checkpoint { sequence: 9, ..Checkpoint::default() };
    let kept = checkpoint.sealed(&record(9, "a"));
    for last in [None, Some(record(9, "b")), Some(record(8, "a"))] {
        assert_eq!(Checkpoint::unsealed(&kept, last.as_ref()), Err(Misfit::OtherJournal(9)));
    }
    let moved = JournalCheckpoint { sequence: 8, ..kept };
    assert_eq!(Checkpoint::unsealed(&moved, Some(&record(9, "a"))), Err(Misfit::OtherJournal(8)));
}

#[test]
fn another_version_is_said_to_be_one() {
    let last = record(1, "a");
    let kept = Checkpoint { sequence: 1, ..Checkpoint::default() }.sealed(&last);
    let other = kept.document.replacen("checkpoint 4", "checkpoint 5", 1);
    let refused = Checkpoint::unsealed(&JournalCheckpoint { document: other, ..kept }, Some(&last));
    assert!(matches!(refused, Err(Misfit::Version(found)) if found.starts_with("journal checkpoint 5")));
}

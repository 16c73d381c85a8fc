use super::*;
use crate::{Backoff, BackoffSettings};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::Duration;
use tradeport_kernel::Timestamp;

fn ids() -> ClientIds {
    ClientIds::new(ClientPlan::from_base(1).unwrap(), Backoff::new(BackoffSettings::default(), 5))
}

#[test]
fn ranges_that_overlap_or_are_too_many_are_refused() {
    let range = |first, count| IdRange::new(first, count).unwrap();
    let overlap = ClientPlan::new([range(1, 1), range(5, 4), range(8, 2), range(20, 4), range(40, 2)]);
    assert_eq!(overlap.unwrap_err(), NotAPlan::Overlap { one: Purpose::Recorder, other: Purpose::GapFiller });
    let many = ClientPlan::new([range(1, 1), range(5, 20), range(30, 10), range(50, 4), range(60, 1)]);
    assert_eq!(many.unwrap_err(), NotAPlan::TooMany { wanted: 36, most: 32 });
    assert!(
        IdRange::new(-1, 1).is_err() && IdRange::new(0, 0).is_err() && IdRange::new(i32::MAX, 2).is_err()
    );
    assert!(ClientPlan::from_base(i32::MAX).is_err());
}

#[test]
fn a_command_never_has_the_services_id() {
    let mut ids = ids();
    let service = ids.lease(Purpose::Interactive, Timestamp::EPOCH).unwrap();
    let command = ids.lease(Purpose::CommandLine, Timestamp::EPOCH).unwrap();
    assert_eq!((service.id(), command.id()), (1, 31));
    let second = ids.lease(Purpose::Interactive, Timestamp::EPOCH);
    assert_eq!(second.unwrap_err(), NoLease::InUse { purpose: Purpose::Interactive, count: 1 });
}

#[test]
fn a_taken_id_is_waited_for() {
    let mut ids = ids();
    let now = Timestamp::EPOCH;
    let lease = ids.lease(Purpose::Interactive, now).unwrap();
    let retry_at = ids.taken(lease, now);
    assert!(retry_at > now);
    let waits = NoLease::Taken { purpose: Purpose::Interactive, retry_at };
    assert_eq!(ids.lease(Purpose::Interactive, now).unwrap_err(), waits, "no other id is tried");
    let again = ids.lease(Purpose::Interactive, retry_at).unwrap();
    assert_eq!(again.id(), 1, "the same id as before");
    let longer = ids.taken(again, retry_at);
    assert!(longer.since(retry_at) > Duration::from_secs(3), "and each time longer");
}

proptest! {
    #[test]
    fn no_id_is_ever_leased_twice_and_every_purpose_stays_in_its_range(
        calls in prop::collection::vec((0usize..4, 0u8..3, 0u64..100), 1..200),
    ) {
        let plan = ClientPlan::from_base(100).unwrap();
        let mut ids = ids();
        ids = ClientIds::new(plan, Backoff::new(BackoffSettings::default(), ids.leased() as u64));
        let mut held: Vec<Lease> = Vec::new();
        let mut now = Timestamp::EPOCH;
        for (purpose, what, wait) in calls {
            now = now.after(Duration::from_secs(wait));
            let purpose = Purpose::ALL[purpose];
            match what {
                0 if !held.is_empty() => ids.release(held.swap_remove(0)),
                1 if !held.is_empty() => {
                    let retry_at = ids.taken(held.swap_remove(0), now);
                    prop_assert!(retry_at > now);
                }
                _ => held.extend(ids.lease(purpose, now).ok()),
            }
            let distinct: BTreeSet<i32> = held.iter().map(Lease::id).collect();
            prop_assert_eq!(distinct.len(), held.len());
            prop_assert_eq!(ids.leased(), held.len());
            for lease in &held {
                prop_assert!(plan.range(lease.purpose()).ids().any(|id| id == lease.id()));
            }
        }
    }
}

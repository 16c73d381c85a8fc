//! The order ids that a client has used, as ranges: clients count upwards, so that a day of orders is one range.
//!
//! A client that leaves gaps makes more ranges. Past [`MOST_RANGES`] the lowest gap is closed: what it left out counts as
//! used. A TWS refuses such ids long before.

use std::collections::BTreeMap;

/// So many ranges are kept of one client.
const MOST_RANGES: usize = 1_000;

/// Used ids: the first of each range, with its last. Ranges neither meet nor touch.
#[derive(Clone, Debug, Default)]
pub(super) struct Ids(BTreeMap<i32, i32>);

impl Ids {
    pub(super) fn contains(&self, id: i32) -> bool {
        self.0.range(..=id).next_back().is_some_and(|(_, last)| id <= *last)
    }

    pub(super) fn insert(&mut self, id: i32) {
        if self.contains(id) {
            return;
        }
        let below = self.0.range(..id).next_back().map(|(first, last)| (*first, *last));
        let first = below.filter(|(_, last)| last.checked_add(1) == Some(id)).map_or(id, |(first, _)| first);
        let above = id.checked_add(1).and_then(|next| self.0.remove(&next));
        self.0.insert(first, above.unwrap_or(id));
        if self.0.len() > MOST_RANGES {
            self.close_lowest_gap();
        }
    }

    fn close_lowest_gap(&mut self) {
        if let (Some((first, _)), Some((_, last))) = (self.0.pop_first(), self.0.pop_first()) {
            self.0.insert(first, last);
        }
    }

    /// Forgets all ids from this one on.
    pub(super) fn forget(&mut self, from: i32) {
        drop(self.0.split_off(&from));
        let Some(mut highest) = self.0.last_entry() else { return };
        *highest.get_mut() = (*highest.get()).min(from.saturating_sub(1));
    }

    #[cfg(test)]
    pub(super) fn ranges(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Ids, MOST_RANGES};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_that_grow_are_one_range() {
        let mut ids = Ids::default();
        (1..=100_000).for_each(|id| ids.insert(id));
        assert_eq!(ids.0.len(), 1);
        assert!(ids.contains(1) && ids.contains(100_000) && !ids.contains(0) && !ids.contains(100_001));
    }

    #[test]
    fn gaps_without_end_are_closed_from_below() {
        let mut ids = Ids::default();
        (1..=100_000).for_each(|id| ids.insert(2 * id));
        assert_eq!(ids.0.len(), MOST_RANGES);
        assert!(ids.contains(3), "an old gap counts as used");
        assert!(!ids.contains(199_999) && ids.contains(200_000), "a young one does not");
    }

    #[test]
    fn the_ends_of_the_numbers_are_ids_too() {
        let mut ids = Ids::default();
        for id in [i32::MAX, i32::MIN, i32::MAX - 1] {
            ids.insert(id);
            assert!(ids.contains(id));
        }
        ids.forget(i32::MIN);
        assert!(ids.is_empty());
    }

    proptest! {
        #[test]
        fn they_are_a_set(acts in proptest::collection::vec((0..4_u8, -40..40_i32), 0..200)) {
            let (mut ids, mut set) = (Ids::default(), BTreeSet::new());
            for (act, id) in acts {
                if act == 0 {
                    ids.forget(id);
                    set.retain(|known| *known < id);
                } else {
                    ids.insert(id);
                    set.insert(id);
                }
                prop_assert!((-42..42).all(|id| ids.contains(id) == set.contains(&id)), "{:?} {:?}", ids, set);
            }
        }
    }
}

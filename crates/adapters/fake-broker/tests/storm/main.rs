//! Storms over families: brackets and groups in front of an exchange, with everything that can happen between it and a
//! desk, in any order, and at the end the truth.
//!
//! What the storms of the desk's own tests do with plain orders, this does where exits depend on entries and on each other:
//! parts that trade, executions that are corrected, answers and requests that are lost, links that go, and new starts.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod act;
mod found;
mod house;
mod judge;
mod line;

use act::{Act, act};
use house::House;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_any_storm_over_families_the_desk_believes_what_is_so(acts in prop::collection::vec(act(), 1..80)) {
        let mut house = House::new();
        for (place, act) in acts.iter().enumerate() {
            house.act(*act);
            prop_assert_eq!(house.faults(), Vec::<String>::new(), "after act {} of {:?}", place, acts);
        }
        house.calm();
        prop_assert_eq!(house.judge(), Vec::<String>::new());
        house.act(Act::Restart { at_checkpoint: false });
        prop_assert_eq!(house.judge(), Vec::<String>::new(), "after a new start");
        house.act(Act::Restart { at_checkpoint: true });
        prop_assert_eq!(house.judge(), Vec::<String>::new(), "after a new start at a checkpoint");
    }
}

//! The law of the wire: what this adapter sends over a socket is read by the simulated TWS as the same value of the domain,
//! and what that sends is read here as the same value. The simulated TWS decodes with code of its own.
//!
//! Ten thousand cases of each kind of thing: contracts, orders, conditions, algos, combos, cancels, and of each kind of
//! contract and of order for itself (`cargo xtask ci --only laws`, an optimised build). Every other build tries a thousand
//! of each thing; what the library has no words for stands in one table (`unsaid`).
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is how a test fails, and its figures are read"
)]

#[path = "../support/contract_kinds.rs"]
#[macro_use]
mod contract_kinds;
mod contracts;
mod line;
#[path = "../support/order_kinds.rs"]
#[macro_use]
mod order_kinds;
mod orders;
mod tell;
mod told;
mod unsaid;

use line::Line;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{TestCaseError, TestCaseResult, TestRunner};

/// Of each kind of thing.
const CASES: usize = if cfg!(debug_assertions) { 1_000 } else { 10_000 };
/// So often it is tried to make a failure smaller.
const MOST_STEPS: usize = 100;

/// Tries a law with values of a strategy until it has held for so many, a round over the wire at a time. `good` takes those
/// that can be; values that break the law are made as small as they get.
fn holds_for<D: std::fmt::Debug + Clone, V>(
    cases: usize,
    what: &str,
    values: impl Strategy<Value = D>,
    good: impl Fn(&D) -> Option<V>,
    law: impl Fn(&mut Line, &[V]) -> TestCaseResult,
) {
    let mut line = Line::new();
    let mut done = 0;
    let values = prop::collection::vec(values, line::ROUND);
    // Its own way of running copies its source of chance each time, which costs more than a round.
    let mut runner = TestRunner::default();
    while done < cases {
        let mut tree = values.new_tree(&mut runner).unwrap();
        let mut held = |round: Vec<D>| {
            let round: Vec<V> = round.iter().filter_map(&good).collect();
            law(&mut line, &round).map(|()| round.len())
        };
        match held(tree.current()) {
            Ok(tried) => {
                assert!(tried > 0, "{what}: none of a round can be");
                done += tried;
            }
            Err(error) => {
                let (least, error) = least(&mut tree, error, held);
                panic!("{what}: {error}\nof {least:?}");
            }
        }
    }
}

/// The least values that break a law, and how.
fn least<T: ValueTree>(
    tree: &mut T,
    mut error: TestCaseError,
    mut held: impl FnMut(T::Value) -> Result<usize, TestCaseError>,
) -> (T::Value, TestCaseError) {
    let mut least = tree.current();
    let mut can_go_on = tree.simplify();
    for _ in 0..MOST_STEPS {
        if !can_go_on {
            break;
        }
        can_go_on = match held(tree.current()) {
            Ok(_) => tree.complicate(),
            Err(smaller) => {
                (least, error) = (tree.current(), smaller);
                tree.simplify()
            }
        };
    }
    (least, error)
}

//! Values of the whole vocabulary at random, for laws that every adapter must keep: what goes out comes back as it was.
//!
//! Each function is a proptest strategy; numbers have at most the digits that a broker's floats hold. One adapter's
//! tests and another's draw from the same strategies, so a word that is added here is demanded of all of them.
//!
//! ```
//! use proptest::strategy::{Strategy, ValueTree};
//! use proptest::test_runner::TestRunner;
//! use tradeport_conformance::generate;
//! use tradeport_contracts::InstrumentKind;
//!
//! let mut runner = TestRunner::deterministic();
//! let option = generate::instrument(InstrumentKind::Option).new_tree(&mut runner).unwrap().current();
//! assert_eq!(option.kind(), Some(InstrumentKind::Option));
//! assert_eq!(option.to_string().parse(), Ok(option));
//! ```
//!
//! Left out: foreign values, which only the adapter knows that must withstand them.

mod algos;
mod attributes;
mod instruments;
mod kinds;
mod numbers;
mod orders;

pub use algos::algo;
pub use attributes::{AttributeGroup, attributes, conditions};
pub use instruments::{instrument, numbered_instrument};
pub use kinds::{KINDS, kind};
pub use numbers::{above_zero, count, moment, number, percent, price, quantity, words};
pub use orders::draft;

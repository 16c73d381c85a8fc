//! Reconciliation: what we know, held against what the broker tells, as pure values.
//!
//! [`reconcile`] compares [`Books`] (orders by the journal, positions and cash by everything that was told) with a
//! [`BrokerView`] and gives every difference as a [`Finding`]. The [`BreakRegister`] turns findings into [`Break`]s that
//! stay until the broker's next whole answer shows them gone, or until a person ends them. [`tie_out`] does the same with
//! a statement.
//!
//! What the broker did not answer is unknown, and unknown is not empty: it neither makes a break nor ends one. Left out:
//! asking the broker and keeping the breaks (the desk), and making numbers fit, which nobody does.

mod accounts;
mod breaks;
mod cash;
mod finding;
mod orders;
mod origin;
mod register;
mod scope;
mod tie_out;
mod view;

pub use breaks::{Acknowledgement, Break, BreakChange};
pub use cash::{Awaited, Cash, CashBook};
pub use finding::{Cause, Finding, Findings, List, Subject};
pub use origin::Origin;
pub use register::{BreakRegister, NoSuchBreak, Patience};
pub use scope::{Looked, Scope, StatedDays};
pub use tie_out::{AccountBooks, BookedTrade, TieOut, begin_of, cut_of, tie_out};
pub use view::{AccountView, Books, BrokerView, Holdings};

/// Every difference between what we know and what the broker tells, in the order of their subjects, and what was looked at.
///
/// It is a function of its arguments alone: the same again gives the same findings.
#[must_use]
pub fn reconcile(books: &Books<'_>, broker: &BrokerView) -> Findings {
    let mut findings = Findings::default();
    orders::look(books, broker, &mut findings);
    accounts::look(books, broker, &mut findings);
    findings.sort();
    findings
}

#[cfg(test)]
mod tests;

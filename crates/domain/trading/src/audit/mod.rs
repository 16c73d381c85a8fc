//! The audit log: what it says of orders, how its records hang together, and what can be rebuilt from it alone.
//!
//! Every record carries the hash of itself and of all before it ([`ChainHash`]): whoever flips a bit of one, takes one
//! away, puts one in or changes their order breaks the chain, and [`ChainWalk`] says where. Whoever cuts off the end leaves
//! a chain that is whole but ends before its head, which is kept beside it. Whoever can rewrite all records *and* the head
//! can still tell another story: against that only a copy of the hash helps that is kept elsewhere, such as a printout, and
//! held against the log later.
//!
//! What happens to an order is told by the journal as it keeps it ([`line_of`], [`AuditedJournal`]), so there is nothing
//! that could happen to an order and not be in the log. [`Rebuilt`] makes orders, verdicts and positions from the log
//! alone, with none of the code that made them the first time; [`compare`] holds both against each other.
//!
//! Left out: where records are kept (stores), and what is read of ordinary logs, where no order's details belong.

mod chain;
mod compare;
mod facts;
mod journal;
mod lines;
mod rebuild;
mod said;
mod witness;

pub use chain::{AuditHead, ChainBreak, ChainHash, ChainWalk, NotAHash};
pub use compare::{Difference, compare};
pub use facts::{FactLine, Facts, NotFacts};
pub use journal::AuditedJournal;
pub use lines::{
    ACCOUNT_READ, FOREIGN_EXECUTION, LOG_BEGUN, SHARES_SPLIT, account_line, foreign_line, line_of, split_line,
};
pub use rebuild::{Rebuilt, RebuiltExecution, RebuiltOrder, Unreadable, Verdict};
pub use witness::JournalWitness;

//! The text codec: fields in a fixed order that depends on the version, each ended by a zero byte.
//!
//! A message's [`Layout`] is written once and serves both ways: a [`Cursor`] that reads fills the fields in, a cursor that
//! writes puts them out. So what is written can be read, and no version's order is told twice.
//!
//! What text knows and the schema does not (obsolete flags, versions within messages) is written as official clients
//! and servers write it, and read past.

mod account;
mod adviser;
mod analysis;
mod completed_order;
mod conditions;
mod contract;
mod cursor;
mod depth;
mod details;
mod escape;
mod history;
mod market_data;
mod news;
mod open_order;
mod order;
mod order_state;
mod place_order;
mod protobuf_only;
mod reader;
mod reference;
mod scanner;
mod session;
mod shared;
mod ticks;
mod trading;
mod writer;

pub use cursor::{Cursor, Layout, TextError, Way};
pub use details::BondDetails;
pub use reader::Reader;
pub use writer::Writer;

#[cfg(test)]
pub(crate) mod tests;

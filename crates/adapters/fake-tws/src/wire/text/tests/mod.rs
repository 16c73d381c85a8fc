//! Layouts against what official clients count, and against themselves.

mod counts;
mod lost;
mod probe;
mod round_trip;
mod table;

pub(crate) use round_trip::filled;

//! Interactive Brokers, spoken through the `ibapi` client library: the only crate that names it.
//!
//! [`translate`] turns values of the domain into the library's objects and back, purely and totally: no sockets, no
//! clock. What the library cannot tell apart, or what the domain has no word for, is an error that names the field and
//! its value; nothing is guessed.
//!
//! Left out so far: the connection, and every port.

pub mod translate;

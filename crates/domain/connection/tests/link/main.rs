//! The link's supervisor in its scenarios, each a row of the families CON, RST, NET and FRM, and the laws that hold
//! whatever happens.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod con;
mod frm;
mod laws;
mod net;
mod rst;
mod stage;
mod year;

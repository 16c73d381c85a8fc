//! The link that heals itself, whole: supervisor, driver, gate and streams in front of this broker, in virtual time. Each
//! scenario is a row of the families CON, RST, NET and FRM.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod con;
mod doubts;
mod frm;
mod handshake;
mod house;
mod maintenance;
mod net;
mod rst;
mod streams;
mod year;
